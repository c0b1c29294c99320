"""Run by Alembic for each upgrade, on the connection that ``workspace/schema.py`` has locked."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
