"""How few bits a stored column needs, as the statistics in its Parquet file say: fewer bytes out of DuckDB, which casts on its way.

Statistics that are wrong make DuckDB refuse the cast; the run then reads the column as it is stored.
"""

from __future__ import annotations

import duckdb

from ..intervals import Interval
from ..sql.query import Table
from ..sql.values import quote
from .values import fitting

_BITS = {2: "SMALLINT", 4: "INTEGER"}


def narrower(db: duckdb.DuckDBPyConnection, table: Table, column: str, stored: str) -> str:
    """The type of fewer bits for the whole numbers of a column, or of the lists in it; "" where none is known to do."""
    found = _extent(db, table, column) if stored == "BIGINT" else None
    return _BITS.get(fitting(found).itemsize, "") if found is not None else ""


def _extent(db: duckdb.DuckDBPyConnection, table: Table, column: str) -> Interval | None:
    """The least and the greatest value of all row groups; None where one does not say."""
    if table.file is None:
        return None
    row = db.execute(
        "SELECT min(low), max(high), bool_and(coalesce(stats_null_count = num_values OR low <= high, FALSE)) FROM (SELECT *,"
        " try_cast(stats_min_value AS BIGINT) AS low, try_cast(stats_max_value AS BIGINT) AS high"
        f" FROM parquet_metadata({quote(str(table.file))}) WHERE path_in_schema = $1 OR starts_with(path_in_schema, $1 || ', '))",
        [column],
    ).fetchone()
    if row is None or row[0] is None or not row[2]:
        return None
    return Interval(row[0], row[1])


__all__ = ["narrower"]
