"""What people say of findings and observations. Rows are only added; of each thing the highest version holds, so that nobody's work is
overwritten unseen: who writes says which version they saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, and_, func, insert, select
from sqlalchemy.exc import IntegrityError

from reportminer.errors import NoSuchThing, StoreConflict, StoreError
from reportminer.store.database import reading, transaction
from reportminer.store.log import write, write_many
from reportminer.store.projects import now
from reportminer.store.records import Action, Correction, Decision, Verdict
from reportminer.store.schema import corrections, decisions

_PIECE = 500  # findings in one statement


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
                found = sorted(seen)
                pieces = [found[n : n + _PIECE] for n in range(0, len(found), _PIECE)]
                return [
                    d for piece in pieces for d in self._decide(c, project, piece, seen, verdict, reason, who)
                ]
        except IntegrityError as e:
            raise _conflict() from e

    def _decide(
        self, c: Connection, project: int, found: Sequence[str], seen: Mapping[str, int], verdict: Verdict, reason: str, who: str
    ) -> list[Decision]:  # fmt: skip
        """Some findings in a few statements: a batch of many thousand must not keep everybody else from writing."""
        of = decisions.c.finding.in_(found)
        before = {r["finding"]: r for r in self._holding(c, decisions, project, (decisions.c.finding,), of)}
        if any((before[f]["version"] if f in before else 0) != seen[f] for f in found):
            raise _conflict()
        moment = now()
        after = {"verdict": verdict, "reason": reason}
        rows = [
            {
                "project_id": project, "finding": f, "version": seen[f] + 1, "verdict": verdict, "reason": reason, "who": who, "at": moment,
                "before": {"verdict": before[f]["verdict"], "reason": before[f]["reason"]} if f in before else None, "after": after,
            }
            for f in found
        ]  # fmt: skip
        c.execute(insert(decisions), rows)
        write_many(
            c, who, "finding.decide", [(f"finding:{r['finding']}", r["before"], after) for r in rows], project
        )
        made = self._holding(c, decisions, project, (decisions.c.finding,), of)
        return [Decision(**r) for r in made]

    def decisions(
        self, project: int, *, withdrawn: bool = False, of: Sequence[str] | None = None
    ) -> dict[str, Decision]:
        """The decision that holds of each finding (``of``: of some), by its id; withdrawn ones only when asked for."""
        if of is not None and not of:
            return {}
        only = () if of is None or len(of) > _PIECE else (decisions.c.finding.in_(of),)
        rows = self._current(decisions, project, (decisions.c.finding,), *only)
        return {r["finding"]: Decision(**r) for r in rows if withdrawn or r["verdict"] != "open"}

    def standing(self, project: int) -> dict[str, tuple[str, int]]:
        """Verdict and version of the decision that holds of each finding: quick, however many there are."""
        d = decisions.c
        last = select(func.max(d.id)).where(d.project_id == project).group_by(d.finding)
        with reading(self._engine) as c:
            rows = c.execute(select(d.finding, d.verdict, d.version).where(d.id.in_(last))).all()
        return {finding: (verdict, version) for finding, verdict, version in rows}

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
        with reading(self._engine) as c:
            return self._holding(c, table, project, key, *only)

    def _holding(
        self, c: Connection, table: Table, project: int, key: Sequence[Any], *only: Any
    ) -> list[Any]:
        mine = (table.c.project_id == project, *only)
        last = select(func.max(table.c.id)).where(*mine).group_by(*key)
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
