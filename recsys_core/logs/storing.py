"""Clean rows on their way into a Parquet file, and the hash of their values."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from recsys_core.columns import DOMAIN, EVENT, SESSION_ID
from recsys_core.logs.batches import stored_schema
from recsys_core.logs.value_hash import ValueHash


class CleanFile:
    """Close it in any case; it is complete where all went well."""

    def __init__(self, path: Path, sessions: bool) -> None:
        """``sessions``: whether there is a column ``session_id``."""
        self._schema = stored_schema(sessions)
        self._writer = pq.ParquetWriter(
            path,
            self._schema,
            compression="lz4",
            use_dictionary=[DOMAIN, EVENT],
            write_statistics=False,
            store_schema=False,
        )
        self._values = ValueHash()

    def add(self, rows: pa.Table) -> None:
        """Write the next rows."""
        if SESSION_ID in self._schema.names and SESSION_ID not in rows.column_names:
            rows = rows.append_column(SESSION_ID, pa.nulls(len(rows), pa.string()))
        rows = rows.select(self._schema.names).cast(self._schema)
        self._writer.write_table(rows)
        for batch in rows.to_batches():
            self._values.update(batch)

    def hexdigest(self) -> str:
        """The hash of all rows."""
        return self._values.hexdigest()

    def close(self) -> None:
        """Complete the file."""
        self._writer.close()
