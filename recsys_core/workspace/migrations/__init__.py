"""How the catalogue came to the tables that it has: one file for each step, carried out by Alembic.

To add or change a table:

1. Describe it where it belongs, on ``Base.metadata`` (``workspace/tables.py``, ``jobs/tables.py``, …), with
   the types of ``workspace/column_types.py``.
2. Add ``versions/vNNNN_what_is_new.py`` with the next number, as ``revision = "NNNN"``, the one before it as
   ``down_revision``, and an ``upgrade`` of plain ``op.create_table`` and ``op.add_column``. It must not
   import the tables: they go on changing, it never does.
3. That is all. The highest number is what a workspace must have to be used (``workspace/schema.py``), and
   ``tests/workspace/test_schema.py`` compares what the steps make with the tables, in both databases.

A column that is added to a table with rows takes a ``server_default``. There is no way back: before an older
catalogue in SQLite is changed, a copy is put beside it.
"""
