"""Numbers, datasets, runs and results, as the first Driftmap had them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(sa.String(), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "counters",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    _make_datasets()
    _make_runs()
    _make_results()


def _make_datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("n_users", COUNT, nullable=False),
        sa.Column("n_items", COUNT, nullable=False),
        sa.Column("n_events", COUNT, nullable=False),
        sa.Column("domains", DOCUMENT, nullable=False),
        sa.Column("first", sa.DateTime(), nullable=False),
        sa.Column("last", sa.DateTime(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("manifest", DOCUMENT, nullable=False),
        sa.UniqueConstraint("name", "version"),
    )


def _make_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("dataset", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("finished", sa.DateTime()),
        sa.Column("options", DOCUMENT, nullable=False),
        sa.Column("metrics", DOCUMENT, nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("number"),
    )
    op.create_index("runs_by_dataset", "runs", ["dataset", "version"])


def _make_results() -> None:
    op.create_table(
        "results",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("dataset", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(32)),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
    )
    op.create_index("results_by_dataset", "results", ["dataset", "version", "kind"])
