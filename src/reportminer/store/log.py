"""The audit log: who did what and when, before and after. Rows are only added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from reportminer.store.database import transaction
from reportminer.store.records import LogEntry
from reportminer.store.schema import audit_log


def write(
    c: Connection,
    who: str,
    action: str,
    object: str,
    project: int | None = None,
    before: Any = None,
    after: Any = None,
    address: str | None = None,
) -> None:
    """One entry, inside the transaction that makes the change. ``object`` is like ``finding:f12``, ``address`` where the request came from."""
    values = {
        "project_id": project, "who": who, "at": datetime.now(UTC), "action": action, "object": object, "before": before, "after": after,
        "address": address,
    }  # fmt: skip
    c.execute(insert(audit_log).values(**values))


def write_many(
    c: Connection, who: str, action: str, changed: Sequence[tuple[str, Any, Any]], project: int | None = None
) -> None:
    """An entry for each of the things that one act changed: (object, before, after)."""
    moment = datetime.now(UTC)
    rows = [
        {
            "project_id": project, "who": who, "at": moment, "action": action, "object": object, "before": before, "after": after, "address": None,
        }
        for object, before, after in changed
    ]  # fmt: skip
    c.execute(insert(audit_log), rows)


class Log:
    """The audit log of a store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(
        self, who: str, action: str, object: str, project: int | None = None, address: str | None = None
    ) -> None:
        """An entry for what changes nothing in the store (signing in, a download)."""
        with transaction(self._engine) as c:
            write(c, who, action, object, project, address=address)

    def entries(
        self, project: int | None = None, *, before: int | None = None, limit: int = 100
    ) -> list[LogEntry]:
        """Entries, the newest first; ``before``: only those with a smaller id (the next page)."""
        wanted = select(audit_log).order_by(audit_log.c.id.desc()).limit(limit)
        if project is not None:
            wanted = wanted.where(audit_log.c.project_id == project)
        if before is not None:
            wanted = wanted.where(audit_log.c.id < before)
        with transaction(self._engine) as c:
            return [LogEntry(**r) for r in c.execute(wanted).mappings()]
