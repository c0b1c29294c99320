"""What was published with differential privacy, and what it cost."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("dataset", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data_hash", sa.String(64), nullable=False),
        sa.Column("run_id", sa.String(32)),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("epsilon_thousandths", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("releases_of_a_dataset", "releases", ["dataset"])
    op.create_index("releases_of_content", "releases", ["data_hash"])
