"""What people say of findings and observations. Rows are only added; of each thing the highest version holds, so that nobody's work is
overwritten unseen: who writes says which version they saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, and_, func, insert, select
from sqlalchemy.exc import IntegrityError

from reportminer.errors import NoSuchThing, StoreConflict, StoreError
from reportminer.store.database import reading, transaction
from reportminer.store.log import write
from reportminer.store.projects import now
from reportminer.store.records import Action, Correction, Decision, Verdict
from reportminer.store.schema import corrections, decisions


class Reviews:
    """Decisions on findings and corrections of observations of a store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def decide(
        self, project: int, seen: Mapping[str, int], verdict: Verdict, reason: str, who: str
    ) -> list[Decision]:
        """Decide findings, all or none. ``seen``: id of each finding → version of the decision that the person saw (0: none yet).

        ``verdict`` is confirmed (属实), false_alarm (误报), explained (已说明) or open (withdrawn). Raises StoreError for an empty reason and
        StoreConflict when somebody has decided one of them in the meantime.
        """
        reason = reason.strip()
        if not reason:
            raise StoreError("没有写理由。", "请写明为什么这样判断。")
        try:
            with transaction(self._engine) as c:
                return [self._decide(c, project, f, v, verdict, reason, who) for f, v in seen.items()]
        except IntegrityError as e:
            raise _conflict() from e

    def _decide(
        self, c: Connection, project: int, finding: str, seen: int, verdict: Verdict, reason: str, who: str
    ) -> Decision:
        mine = and_(decisions.c.project_id == project, decisions.c.finding == finding)
        last = _last(c, decisions, mine, seen)
        before = None if last is None else {"verdict": last["verdict"], "reason": last["reason"]}
        after = {"verdict": verdict, "reason": reason}
        values = {
            "project_id": project, "finding": finding, "version": seen + 1, "verdict": verdict, "reason": reason, "who": who, "at": now(),
            "before": before, "after": after,
        }  # fmt: skip
        made = c.execute(insert(decisions).values(**values).returning(decisions.c.id)).scalar_one()
        write(c, who, "finding.decide", f"finding:{finding}", project, before, after)
        return Decision(**c.execute(select(decisions).where(decisions.c.id == made)).mappings().one())

    def decisions(self, project: int, *, withdrawn: bool = False) -> dict[str, Decision]:
        """The decision that holds of each finding, by its id; withdrawn ones only when asked for."""
        rows = self._current(decisions, project, (decisions.c.finding,))
        return {r["finding"]: Decision(**r) for r in rows if withdrawn or r["verdict"] != "open"}

    def history_of_finding(self, project: int, finding: str) -> list[Decision]:
        """All decisions on a finding, the first first."""
        mine = and_(decisions.c.project_id == project, decisions.c.finding == finding)
        with reading(self._engine) as c:
            rows = c.execute(select(decisions).where(mine).order_by(decisions.c.version)).mappings()
            return [Decision(**r) for r in rows]

    def correct(
        self, project: int, place: tuple[str, int, int], seen: int, action: Action, after: Any, who: str,
        *, source: str, observation: str | None = None, before: Any = None, reason: str = "",
    ) -> Correction:  # fmt: skip
        """Change, accept, add or delete the observation at ``place`` (sha256 of the content, raw start and end). ``seen``: version of the
        correction that the person saw (0: none yet). Numbers in ``before`` and ``after`` are exact texts ("2740.5"). Raises StoreConflict."""
        sha256, start, end = place
        values = {
            "project_id": project, "sha256": sha256, "source": source, "start_at": start, "end_at": end, "version": seen + 1,
            "observation": observation, "action": action, "reason": reason.strip(), "who": who, "at": now(), "before": before, "after": after,
        }  # fmt: skip
        try:
            with transaction(self._engine) as c:
                _last(c, corrections, _at(project, place), seen)
                made = c.execute(
                    insert(corrections).values(**values).returning(corrections.c.id)
                ).scalar_one()
                name = f"characters:{sha256}:{start}-{end}"
                write(c, who, f"observation.{action}", name, project, before, after)
                found = c.execute(select(corrections).where(corrections.c.id == made)).mappings().one()
                return Correction(**found)
        except IntegrityError as e:
            raise _conflict() from e

    def undo(self, project: int, place: tuple[str, int, int], seen: int, who: str) -> Correction:
        """Bring back what stood at ``place`` before its last correction (undoing an undo does it again). Raises NoSuchThing, StoreConflict."""
        with transaction(self._engine) as c:
            last = _last(c, corrections, _at(project, place), seen)
        if last is None:
            raise NoSuchThing("这里没有可以撤销的修改。", "请刷新页面。")
        return self.correct(
            project, place, seen, "undo", last["before"], who,
            source=last["source"], observation=last["observation"], before=last["after"],
        )  # fmt: skip

    def corrections(self, project: int, sha256: str | None = None) -> list[Correction]:
        """The correction that holds at each place, in the order of contents and places; of one content when asked for."""
        key = (corrections.c.sha256, corrections.c.start_at, corrections.c.end_at)
        only = () if sha256 is None else (corrections.c.sha256 == sha256,)
        return [Correction(**r) for r in self._current(corrections, project, key, *only)]

    def history_of_place(self, project: int, place: tuple[str, int, int]) -> list[Correction]:
        """All corrections at a place, the first first."""
        wanted = select(corrections).where(_at(project, place)).order_by(corrections.c.version)
        with reading(self._engine) as c:
            return [Correction(**r) for r in c.execute(wanted).mappings()]

    def _current(self, table: Table, project: int, key: Sequence[Any], *only: Any) -> list[Any]:
        mine = (table.c.project_id == project, *only)
        last = select(func.max(table.c.id)).where(*mine).group_by(*key)
        with reading(self._engine) as c:
            return list(c.execute(select(table).where(table.c.id.in_(last)).order_by(*key)).mappings())


def _at(project: int, place: tuple[str, int, int]) -> Any:
    sha256, start, end = place
    c = corrections.c
    return and_(c.project_id == project, c.sha256 == sha256, c.start_at == start, c.end_at == end)


def _last(c: Connection, table: Table, mine: Any, seen: int) -> Any:
    """The last version, which must be the one that was seen."""
    last = c.execute(select(table).where(mine).order_by(table.c.version.desc()).limit(1)).mappings().first()
    if (last["version"] if last else 0) != seen:
        raise _conflict()
    return last


def _conflict() -> StoreConflict:
    return StoreConflict("别人刚刚改过同一处，您的修改没有写入。", "请看过新的内容后再改。")
