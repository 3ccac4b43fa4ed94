"""What a person does to the figures of a report: accept, correct, delete, add, undo. Each is kept; the results follow with the next reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportminer.errors import NoSuchThing
from reportminer.store.records import Correction
from reportminer.store.store import Store
from reportminer.workbench.corrections import fields_of, proposal, validated
from reportminer.workbench.documents import Document
from reportminer.workbench.reading import wanted


def review(
    store: Store, project: int, document: Document, observation: str, action: str, seen: int, fields: Mapping[str, Any] | None, reason: str, who: str
) -> Correction:  # fmt: skip
    """Accept, correct or delete an observation. Raises NoSuchThing, StoreConflict, BadOption."""
    report = document.report
    o = next((o for o in report.observations if o.id == observation), None)
    if o is None:
        raise NoSuchThing("这个数已不在报告里。", "请刷新页面。")
    before = fields_of(o)
    if action == "correct":
        after: Any = validated({**before, **(fields or {})}, report)
    else:
        after = None if action == "delete" else before
    place = (report.text.raw.sha256, o.start, o.end)
    done = store.reviews.correct(
        project, place, seen, "accept" if action == "accept" else "delete" if action == "delete" else "correct", after, who,
        source=report.source, observation=observation, before=before, reason=reason,
    )  # fmt: skip
    if action != "accept":
        wanted(store, project, who)
    return done


def add(
    store: Store, project: int, document: Document, start: int, end: int, seen: int, fields: Mapping[str, Any], reason: str, who: str
) -> Correction:  # fmt: skip
    """Mark some characters (offsets in the file) as a figure. Raises BadOption, StoreConflict."""
    report = document.report
    offered = proposal(report, start, end)
    after = validated({**fields_of(offered), **fields}, report)
    place = (report.text.raw.sha256, start, end)
    done = store.reviews.correct(
        project,
        place,
        seen,
        "add",
        after,
        who,
        source=report.source,
        observation=offered.id,
        before=None,
        reason=reason,
    )
    wanted(store, project, who)
    return done


def undo(store: Store, project: int, document: Document, observation: str, seen: int, who: str) -> Correction:
    """Take back the last correction of an observation. Raises NoSuchThing, StoreConflict."""
    correction = document.corrected.get(observation)
    if correction is None:
        raise NoSuchThing("这里没有可以撤销的修改。", "请刷新页面。")
    place = (correction.sha256, correction.start_at, correction.end_at)
    done = store.reviews.undo(project, place, seen, who)
    wanted(store, project, who)
    return done


def seen_version(document: Document, start: int, end: int) -> int:
    """The version of the correction at a place, 0 for none: a deleted figure may be added again."""
    for c in document.corrected.values():
        if (c.start_at, c.end_at) == (start, end):
            return c.version
    return 0
