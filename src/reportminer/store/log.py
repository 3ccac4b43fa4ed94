"""The audit log: who did what and when, before and after. Rows are only added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Text, cast, insert, or_, select

from reportminer.store.database import reading, transaction
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are wanted; an empty field wants all. ``kind`` is the first part of an action (account, project …), ``about`` any part of what it
    was done to, ``until`` the first moment that is not wanted any more."""

    who: str = ""
    kind: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Log:
    """The audit log of a store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(
        self, who: str, action: str, object: str, project: int | None = None, address: str | None = None, after: Any = None
    ) -> None:  # fmt: skip
        """An entry for what changes nothing in the store (signing in, a download)."""
        with transaction(self._engine) as c:
            write(c, who, action, object, project, after=after, address=address)

    def entries(
        self, project: int | None = None, wanted: Wanted | None = None, *, before: int | None = None, limit: int = 100
    ) -> list[LogEntry]:  # fmt: skip
        """Entries, the newest first; ``before``: only those with a smaller id (the next page)."""
        w = wanted or Wanted()
        t = audit_log.c
        chosen = select(audit_log).order_by(t.id.desc()).limit(limit)
        if project is not None:
            chosen = chosen.where(t.project_id == project)
        if before is not None:
            chosen = chosen.where(t.id < before)
        if w.who:
            chosen = chosen.where(t.who == w.who)
        if w.kind:
            chosen = chosen.where(t.action.startswith(f"{w.kind}.", autoescape=True))
        if w.about:
            parts = (t.object, t.before, t.after)
            chosen = chosen.where(or_(*(cast(x, Text).contains(w.about, autoescape=True) for x in parts)))
        if w.since:
            chosen = chosen.where(t.at >= w.since)
        if w.until:
            chosen = chosen.where(t.at < w.until)
        with reading(self._engine) as c:
            return [LogEntry(**r) for r in c.execute(chosen).mappings()]

    def people(self) -> list[str]:
        """Everybody who did something, by name."""
        with reading(self._engine) as c:
            return sorted(c.execute(select(audit_log.c.who).distinct()).scalars())
