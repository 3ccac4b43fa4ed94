"""Results in a folder: one Parquet file per table and run; rows of a project are read from its file, SELECTs of people run in DuckDB."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from reportminer.errors import StoreError
from reportminer.store import schema
from reportminer.store.database import reading, transaction
from reportminer.store.parquet import (
    PIECE,
    arrow_schema,
    count_rows,
    decoded,
    json_columns,
    read_rows,
    write_parquet,
)
from reportminer.store.projects import record_run
from reportminer.store.results import TABLES, Answer, changes, run_values
from reportminer.store.rows import Results, Row, rows_of


class FolderResults:
    """The result tables below ``root/projects``; which run of a project is shown is told by the database."""

    def __init__(self, root: Path, engine: sa.Engine) -> None:
        self._root = root
        self._engine = engine

    def publish(self, project: int, results: Results, who: str) -> int:
        """See ResultTables."""
        place = self._root / "projects" / str(project) / "results"
        try:
            place.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(prefix=".new-", dir=place))
            try:
                counts = {}
                for name, table in TABLES.items():
                    numbered = ({"project_id": project, **row} for row in rows_of(name, results))
                    counts[name] = write_parquet(work / f"{name}.parquet", table, numbered)
                run = self._switch(project, place, work, counts, results, who)
            finally:
                shutil.rmtree(work, ignore_errors=True)
            kept = {str(run), *sorted((p.name for p in _numbered(place)), key=int)[-2:]}
            for old in _numbered(place):  # the run before stays for who still reads it
                if old.name not in kept:
                    shutil.rmtree(old, ignore_errors=True)
        except OSError as e:
            raise StoreError(
                f"写入数据仓“{self._root}”失败（{e.strerror or e}）。",
                "请检查磁盘空间和写权限后重试；原有结果没有改动。",
            ) from e
        return run

    def _switch(
        self, project: int, place: Path, work: Path, counts: Mapping[str, int], results: Results, who: str
    ) -> int:
        """Give the new files their place and make them what is shown, in one transaction."""
        with transaction(self._engine) as c:
            before = self._current(c, project)
            told = []
            for what, table, key in (("document", "documents", "source"), ("finding", "findings", "id")):
                old = _values(before / f"{table}.parquet", key) if before else []
                told += changes(what, old, _values(work / f"{table}.parquet", key))
            run = record_run(
                c, project, run_values(results, counts["documents"], counts["observations"], who), told
            )
            final = place / str(run)
            shutil.rmtree(final, ignore_errors=True)  # of a run that was cut off before it was committed
            work.rename(final)
            folder = os.open(place, os.O_RDONLY) if os.name == "posix" else None
            if folder is not None:
                os.fsync(folder)
                os.close(folder)
            return run

    def _current(self, c: sa.Connection, project: int) -> Path | None:
        wanted = sa.select(schema.projects.c.current_run).where(schema.projects.c.id == project)
        run = c.execute(wanted).scalar()
        return None if run is None else self._root / "projects" / str(project) / "results" / str(run)

    def _files(self, table: str) -> list[Path]:
        with reading(self._engine) as c:
            projects = (
                c.execute(sa.select(schema.projects.c.id).order_by(schema.projects.c.id)).scalars().all()
            )
            folders = [f for p in projects if (f := self._current(c, p))]
        return [f for folder in folders if (f := folder / f"{table}.parquet").exists()]

    def rows(
        self, project: int, table: str, where: Mapping[str, Any] | None = None, *, order: Sequence[str] = ("position",), limit: int | None = None, offset: int = 0
    ) -> list[Row]:  # fmt: skip
        """See ResultTables."""
        with reading(self._engine) as c:
            run = self._current(c, project)
        return [] if run is None else read_rows(run / f"{table}.parquet", table, where, order, limit, offset)

    def count(self, project: int, table: str, where: Mapping[str, Any] | None = None) -> int:
        """See ResultTables."""
        with reading(self._engine) as c:
            run = self._current(c, project)
        return 0 if run is None else count_rows(run / f"{table}.parquet", table, where)

    def query(self, sql: str, *, limit: int | None = None, seconds: float = 300) -> Answer:
        """See ResultTables."""
        named = [t.name for t in (*schema.RESULTS, *schema.WORKFLOW) if t.name in sql.lower()]
        with self._connection([n for n in named if n not in schema.SECRET]) as connection:
            try:
                statements = connection.extract_statements(sql)
                allowed = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
                if len(statements) != 1 or statements[0].type not in allowed:
                    raise StoreError(
                        "只能查询（一条 SELECT 语句）。", "查询不会改动数据；修改请用程序的其他命令。"
                    )
                timer = Timer(seconds, connection.interrupt)
                timer.start()
                try:
                    found = connection.execute(statements[0])
                    columns = tuple(d[0] for d in found.description or ())
                    rows = found.fetchall() if limit is None else found.fetchmany(limit + 1)
                finally:
                    timer.cancel()
            except duckdb.InterruptException as e:
                raise StoreError(f"查询超过 {seconds:g} 秒，已停止。", "请缩小范围，或加上 LIMIT。") from e
            except duckdb.Error as e:
                raise StoreError(
                    f"查询有误：{str(e).splitlines()[0]}。", f"可用的表：{'、'.join(TABLES)}。"
                ) from e
        cut = limit is not None and len(rows) > limit
        return Answer(columns, rows[:limit] if cut else rows, cut)

    def batches(self, table: str) -> Iterator[list[Row]]:
        """See ResultTables."""
        if table in TABLES:
            for file in self._files(table):
                for batch in pq.ParquetFile(file).iter_batches(PIECE):
                    yield [decoded(TABLES[table], r) for r in batch.to_pylist()]
        else:
            yield self._workflow(schema.metadata.tables[table])

    def _workflow(self, table: sa.Table) -> list[Row]:
        with reading(self._engine) as c:
            return [dict(r) for r in c.execute(sa.select(table).order_by(*table.primary_key)).mappings()]

    def _connection(self, tables: Sequence[str]) -> duckdb.DuckDBPyConnection:
        """A DuckDB in memory that sees the wanted tables and nothing else of the machine."""
        connection = duckdb.connect(":memory:", config={"threads": max(1, os.cpu_count() or 1)})
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET TimeZone = 'UTC'")
        for name in tables:
            if name in TABLES:
                connection.register(f"_{name}", arrow_schema(TABLES[name]).empty_table())
                files = ", ".join("'" + str(f).replace("'", "''") + "'" for f in self._files(name))
                # a file of an older version lacks columns: they are null
                read = (
                    f"SELECT * FROM read_parquet([{files}], union_by_name = true) UNION ALL BY NAME "
                    if files
                    else ""
                )
                connection.execute(f"CREATE VIEW {name} AS {read}SELECT * FROM _{name}")
            else:
                connection.register(name, self._workflow_arrow(schema.metadata.tables[name]))
        connection.execute(
            f"SET allowed_directories = ['{str(self._root / 'projects').replace(chr(39), chr(39) * 2)}']"
        )
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection

    def _workflow_arrow(self, table: sa.Table) -> pa.Table:
        rows = self._workflow(table)
        for row in rows:
            for name in json_columns(table):
                row[name] = None if row[name] is None else json.dumps(row[name], ensure_ascii=False)
        return pa.Table.from_pylist(rows, arrow_schema(table))


def _numbered(place: Path) -> list[Path]:
    return [p for p in place.iterdir() if p.name.isdigit()]


def _values(file: Path, column: str) -> list[str]:
    if not file.exists():
        return []
    values: list[str] = pq.read_table(file, columns=[column]).column(column).to_pylist()
    return values
