"""What both kinds of store promise of their results, and what they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Protocol

from reportminer.errors import StoreError
from reportminer.store import schema
from reportminer.store.projects import now
from reportminer.store.records import RunChange
from reportminer.store.rows import Results, Row

TABLES = {t.name: t for t in schema.RESULTS}


@dataclass(frozen=True)
class Answer:
    """What a query gives: names of the columns and the rows. ``cut``: there were more rows than asked for."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    cut: bool = False


class ResultTables(Protocol):
    """Results of projects: published as a whole, read by anybody at any time."""

    def publish(self, project: int, results: Results, who: str) -> int:
        """Replace the results of a project at once; returns the id of the run. Who reads at that moment sees the old or the new ones."""
        ...

    def rows(
        self,
        project: int,
        table: str,
        where: Mapping[str, Any] | None = None,
        *,
        order: Sequence[str] = ("position",),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Row]:
        """Rows of a result table as dictionaries by column. ``where``: column → value or list of values; ``order``: columns, ``-`` in front of one
        turns it round. Raises StoreError for a table or column that does not exist."""
        ...

    def count(self, project: int, table: str, where: Mapping[str, Any] | None = None) -> int:
        """How many rows ``rows`` would give without limit."""
        ...

    def query(self, sql: str, *, limit: int | None = None, seconds: float = 300) -> Answer:
        """One SELECT over all tables of the store but the secret ones; nothing can be changed by it. Raises StoreError."""
        ...

    def batches(self, table: str) -> Iterator[list[Row]]:
        """All rows of a table (results or what people do), in pieces."""
        ...


def column(table: str, name: str) -> str:
    """The quoted name of a column that exists. Raises StoreError."""
    if table not in TABLES or name not in TABLES[table].c:
        raise StoreError(f"数据仓里没有 {table}.{name}。", f"可用的表：{'、'.join(TABLES)}。")
    return f'"{name}"'


def conditions(
    project: int, table: str, where: Mapping[str, Any] | None, mark: str
) -> tuple[str, dict[str, Any]]:
    """The WHERE of ``rows`` with named parameters, each written ``mark`` + name."""
    parts, values = [f"project_id = {mark}project"], {"project": project}
    for n, (name, wanted) in enumerate((where or {}).items()):
        quoted = column(table, name)
        if wanted is None:
            parts.append(f"{quoted} IS NULL")
            continue
        several = list(wanted) if isinstance(wanted, list | tuple | set | frozenset) else [wanted]
        marks = []
        for k, value in enumerate(several):
            values[f"p{n}_{k}"] = value
            marks.append(f"{mark}p{n}_{k}")
        parts.append(f"{quoted} IN ({', '.join(marks)})" if marks else "1 = 0")
    return " AND ".join(parts), values


def selection(
    project: int, table: str, where: Mapping[str, Any] | None, order: Sequence[str], limit: int | None, offset: int, mark: str
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """The SELECT of ``rows``."""
    names = [c.name for c in TABLES[table].c] if table in TABLES else []
    columns = ", ".join(column(table, n) for n in names) or column(table, "*")
    condition, values = conditions(project, table, where, mark)
    wanted = [o for o in order if o.lstrip("-") in names or o != "position"]
    by = ", ".join(column(table, o.lstrip("-")) + (" DESC" if o.startswith("-") else "") for o in wanted)
    sql = f"SELECT {columns} FROM {table} WHERE {condition}" + (f" ORDER BY {by}" if by else "")
    if limit is not None:
        sql += f" LIMIT {int(limit)}"
    return sql + (f" OFFSET {int(offset)}" if offset else ""), values


def run_values(results: Results, documents: int, observations: int, who: str) -> dict[str, Any]:
    """The row of table ``runs`` without its project."""
    severities = [f.severity for f in results.checked.findings]
    return {
        "who": who, "started_at": results.started_at, "finished_at": now(), "program": version("reportminer"), "extractor": results.extractor,
        "documents": documents, "observations": observations, "failures": len(results.failures), "reused": results.reused,
        "errors": severities.count("error"), "warnings": severities.count("warning"), "notes": severities.count("info"),
    }  # fmt: skip


def changes(what: Any, before: Iterable[str], after: Iterable[str]) -> list[RunChange]:
    """What came and what went, in order."""
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    came = [RunChange(what, key, "new") for key in new if key not in old]
    return came + [RunChange(what, key, "gone") for key in old if key not in new]
