"""Jobs, their events and feedback, which were made when they were first needed, and the mark of the folder.

Until here the number of the schema stood among the counters. It stays there as 3, by which an older Driftmap
knows that this is a newer one's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

DOCUMENT = sa.JSON().with_variant(sa.String(), "postgresql")
SECONDS = sa.Float(53)


def upgrade() -> None:
    """Make those that are not there."""
    op.create_table("folders", sa.Column("mark", sa.String(32), primary_key=True))
    _make_jobs()
    _make_events()
    _make_feedback()
    op.execute("DELETE FROM counters WHERE name = 'schema'")
    op.execute("INSERT INTO counters (name, last) VALUES ('schema', 3)")


def _make_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("params", DOCUMENT, nullable=False),
        sa.Column("dataset", sa.String(200), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created", SECONDS, nullable=False),
        sa.Column("queued", SECONDS, nullable=False),
        sa.Column("started", SECONDS),
        sa.Column("finished", SECONDS),
        sa.Column("pid", sa.Integer()),
        sa.Column("pid_started", SECONDS),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("heartbeat", SECONDS),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("done", SECONDS, nullable=False),
        sa.Column("total", SECONDS, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("result", DOCUMENT, nullable=False),
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("waits_for", sa.Integer()),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )


def _make_events() -> None:
    op.create_table(
        "job_events",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("job_id", sa.Integer(), sa.ForeignKey("jobs.id"), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer()),
        sa.Column("value", SECONDS),
        sa.Column("message", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_index("job_events_of_a_job", "job_events", ["job_id", "id"], if_not_exists=True)


def _make_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("dataset", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("likes", sa.Boolean()),
        sa.Column("timestamp", sa.DateTime(), nullable=False),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_index("feedback_of_a_person", "feedback", ["dataset", "person"], if_not_exists=True)
