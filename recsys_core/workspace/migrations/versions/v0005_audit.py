"""Who submitted a job, and the audit, which the database itself keeps from being changed. Older jobs were the
owner's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ONLY_ADDED = "The audit is only ever added to."
GUARDS = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_no_{act} BEFORE {act} ON audit BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED}'); END"
        for act in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE FUNCTION audit_only_added() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{ONLY_ADDED}'; END $$",
        "CREATE TRIGGER audit_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added()",
    ),
}


def upgrade() -> None:
    """Add the columns, make the table and guard it."""
    owner = sa.Column("actor", sa.Text(), nullable=False, server_default="owner of this machine")
    op.add_column("jobs", owner)
    op.add_column("jobs", sa.Column("role", sa.String(16), nullable=False, server_default="admin"))
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_of_a_target", "audit", ["target", "what", "id"])
    for guard in GUARDS[op.get_bind().dialect.name]:
        op.execute(guard)
