"""``stale`` on runs and results: a person was removed from the data that they were made from."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Nothing older is stale."""
    for table in ("runs", "results"):
        op.add_column(table, sa.Column("stale", sa.Boolean(), nullable=False, server_default=sa.false()))
