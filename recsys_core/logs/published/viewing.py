"""Rows of a published format as events, on the sample of a file; the whole file is done by the importer."""

import duckdb
import pandas as pd

from recsys_core.logs.published.published import SOURCE_ROW


def viewed(sample: pd.DataFrame, view: str) -> pd.DataFrame:
    """What ``view`` makes of the ``sample``, every column as text; the sample itself where there is none."""
    if not view:
        return sample
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = sample.assign(**{SOURCE_ROW: range(len(sample))})
        connection.register("source", rows)
        made = connection.sql(f"SELECT * FROM ({view.format(source='source')}) ORDER BY {SOURCE_ROW}")
        frame: pd.DataFrame = made.to_arrow_table().to_pandas()
    return frame.drop(columns=SOURCE_ROW).fillna("").astype("str")
