"""Who is in the team of a workspace. Nobody was until here, so the roles in the settings go on counting."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "members",
        sa.Column("person", sa.String(320), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
    )
