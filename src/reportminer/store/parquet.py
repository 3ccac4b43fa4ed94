"""One table of results as a Parquet file: written piece by piece, and the wanted rows of it read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import sqlalchemy as sa

from reportminer.store import schema
from reportminer.store.results import TABLES, column
from reportminer.store.rows import Row

PIECE = 20_000  # rows that are in memory at once
_CODECS = "zstd"


def arrow_schema(table: sa.Table) -> pa.Schema:
    """The Parquet columns of a table; JSON is text."""
    return pa.schema([pa.field(c.name, _arrow_type(c.type), nullable=bool(c.nullable)) for c in table.c])


def _arrow_type(kind: Any) -> pa.DataType:
    if isinstance(kind, sa.Float):
        return pa.float64()
    if isinstance(kind, sa.Numeric):
        return pa.decimal128(schema.PRECISION, schema.SCALE)
    if isinstance(kind, sa.Boolean):
        return pa.bool_()
    if isinstance(kind, sa.Integer):
        return pa.int64()
    return pa.timestamp("us", tz="UTC") if isinstance(kind, schema.UtcTime) else pa.string()


def json_columns(table: sa.Table) -> list[str]:
    """Columns that hold JSON, in Parquet as text."""
    return [c.name for c in table.c if isinstance(c.type, sa.JSON)]


def write_parquet(path: Path, table: sa.Table, rows: Iterator[Row]) -> int:
    """One table as a Parquet file on the disk; returns how many rows it has. Rows are taken piece by piece."""
    columns, texts, count = arrow_schema(table), json_columns(table), 0
    with path.open("wb") as f:
        with pq.ParquetWriter(f, columns, compression=_CODECS) as writer:
            while piece := list(islice(rows, PIECE)):
                for row in piece:
                    for name in texts:
                        if row[name] is not None:
                            row[name] = json.dumps(row[name], ensure_ascii=False, default=str)
                writer.write_table(pa.Table.from_pylist(piece, columns))
                count += len(piece)
        f.flush()
        os.fsync(f.fileno())
    return count


def read_rows(
    file: Path, table: str, where: Mapping[str, Any] | None, order: Sequence[str], limit: int | None, offset: int
) -> list[Row]:  # fmt: skip
    """The rows of ``ResultTables.rows``. Reading the file itself takes a few milliseconds; a DuckDB for each question took twenty."""
    wanted = [o for o in order if o != "position" or "position" in TABLES[table].c]
    by = [(column(table, o.lstrip("-"))[1:-1], "descending" if o[0] == "-" else "ascending") for o in wanted]
    found = _dataset(file, table).to_table(filter=_filter(table, where))
    if by and found.num_rows > 1:
        found = found.sort_by(by)
    rows = found.slice(offset, limit).to_pylist()
    return [decoded(TABLES[table], r) for r in rows]


def count_rows(file: Path, table: str, where: Mapping[str, Any] | None) -> int:
    """The number of ``ResultTables.count``."""
    return int(_dataset(file, table).count_rows(filter=_filter(table, where)))


def _dataset(file: Path, table: str) -> Any:
    if table not in TABLES:
        column(table, "*")  # raises: no such table
    kind = arrow_schema(TABLES[table])
    if not file.exists():  # a run of a version that did not have this table
        return ds.dataset(kind.empty_table())
    return ds.dataset(file, schema=kind)  # a file of an older version lacks columns: they are null


def _filter(table: str, where: Mapping[str, Any] | None) -> Any:
    out = pc.scalar(True)
    kind = arrow_schema(TABLES[table])
    for name, value in (where or {}).items():
        column(table, name)
        if value is None:
            out = out & pc.field(name).is_null()
        else:
            several = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
            out = out & pc.field(name).isin(pa.array(several, kind.field(name).type))
    return out


def decoded(table: sa.Table, row: Row) -> Row:
    """The row with its JSON read, in place."""
    for name in json_columns(table):
        if isinstance(row.get(name), str):
            row[name] = json.loads(row[name])
    return row
