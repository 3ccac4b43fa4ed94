"""Results in PostgreSQL, for several people who write at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reportminer.errors import StoreError
from reportminer.store import schema
from reportminer.store.database import transaction
from reportminer.store.projects import record_run
from reportminer.store.results import TABLES, Answer, changes, conditions, run_values, selection
from reportminer.store.rows import Results, Row, rows_of

_PIECE = 5_000


class PostgresResults:
    """The result tables of a database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def publish(self, project: int, results: Results, who: str) -> int:
        """See ResultTables: one transaction, so that readers see the old results until it ends."""
        with transaction(self._engine) as c:
            mine = sa.select(schema.projects.c.id).where(schema.projects.c.id == project)
            c.execute(mine.with_for_update())  # two who publish to one project come one after the other
            watched = {"documents": "source", "findings": "id"}
            before = {t: self._keys(c, project, t, key) for t, key in watched.items()}
            counts = {}
            for name, table in TABLES.items():
                c.execute(sa.delete(table).where(table.c.project_id == project))
                counts[name] = _copy(c, table, project, rows_of(name, results))
            told = []
            for what, name in (("document", "documents"), ("finding", "findings")):
                told += changes(what, before[name], self._keys(c, project, name, watched[name]))
            values = run_values(results, counts["documents"], counts["observations"], who)
            return record_run(c, project, values, told)

    def _keys(self, c: sa.Connection, project: int, name: str, key: str) -> list[str]:
        table = TABLES[name]
        wanted = sa.select(table.c[key]).where(table.c.project_id == project).order_by(table.c.position)
        return list(c.execute(wanted).scalars())

    def rows(
        self, project: int, table: str, where: Mapping[str, Any] | None = None, *, order: Sequence[str] = ("position",), limit: int | None = None, offset: int = 0
    ) -> list[Row]:  # fmt: skip
        """See ResultTables."""
        sql, values = selection(project, table, where, order, limit, offset, ":")
        with transaction(self._engine) as c:
            return [dict(r) for r in c.execute(sa.text(sql), values).mappings()]

    def count(self, project: int, table: str, where: Mapping[str, Any] | None = None) -> int:
        """See ResultTables."""
        condition, values = conditions(project, table, where, ":")
        with transaction(self._engine) as c:
            return int(
                c.execute(sa.text(f"SELECT count(*) FROM {table} WHERE {condition}"), values).scalar_one()
            )

    def query(self, sql: str, *, limit: int | None = None, seconds: float = 300) -> Answer:
        """See ResultTables."""
        tables = [t for t in schema.SECRET if t in sql.lower()]
        if tables:
            raise StoreError(f"不能查询 {'、'.join(tables)}。", "其中是账号和会话。")
        try:
            with self._engine.connect() as c:
                c.exec_driver_sql("SET TRANSACTION READ ONLY")
                c.exec_driver_sql(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
                # the extended protocol takes one statement only, so that no second one can end the transaction
                cursor = c.connection.cursor()
                cursor.execute(sql.strip().rstrip(";"), prepare=True)  # type: ignore[call-arg]
                if cursor.description is None:
                    raise StoreError(
                        "只能查询（一条 SELECT 语句）。", "查询不会改动数据；修改请用程序的其他命令。"
                    )
                columns = tuple(d[0] for d in cursor.description)
                rows = [
                    tuple(r) for r in (cursor.fetchall() if limit is None else cursor.fetchmany(limit + 1))
                ]
                c.rollback()
        except sa.exc.DBAPIError as e:
            raise _wrong(e.orig) from e
        except StoreError:
            raise
        except Exception as e:
            if not _from_driver(e):
                raise
            raise _wrong(e) from e
        cut = limit is not None and len(rows) > limit
        return Answer(columns, rows[:limit] if cut else rows, cut)

    def batches(self, table: str) -> Iterator[list[Row]]:
        """See ResultTables."""
        wanted = schema.metadata.tables[table]
        order = list(wanted.primary_key) or [
            wanted.c.project_id,
            *(c for c in wanted.c if c.name == "position"),
        ]
        with self._engine.connect() as c:
            found = (
                c.execution_options(stream_results=True)
                .execute(sa.select(wanted).order_by(*order))
                .mappings()
            )
            while piece := found.fetchmany(_PIECE):
                yield [dict(r) for r in piece]


def _from_driver(e: Exception) -> bool:
    import psycopg

    return isinstance(e, psycopg.Error)


def _wrong(e: object) -> StoreError:
    lines = str(e).strip().splitlines()
    return StoreError(
        f"查询有误：{lines[0] if lines else type(e).__name__}。", f"可用的表：{'、'.join(TABLES)}。"
    )


def _copy(c: sa.Connection, table: sa.Table, project: int, rows: Iterator[Row]) -> int:
    """Rows by COPY, many times faster than INSERT."""
    names = [x.name for x in table.c if x.name != "project_id"]
    texts = {x.name for x in table.c if isinstance(x.type, sa.JSON)}
    columns = ", ".join(f'"{n}"' for n in ["project_id", *names])
    count = 0
    driver: Any = c.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            values = [
                json.dumps(row[n], ensure_ascii=False) if n in texts and row[n] is not None else row[n]
                for n in names
            ]
            # PostgreSQL holds no NUL in text; no text of a report needs one
            copy.write_row([project, *(v.replace("\0", "") if isinstance(v, str) else v for v in values)])
            count += 1
    return count
