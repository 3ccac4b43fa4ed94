"""Narrowings of figures in a row: 小学、初中生均经费分别为A和B gives the first figure to 小学 and the second to 初中."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportminer.records.context import Context
from reportminer.records.kinds import last_match
from reportminer.records.labels import Narrowings

_TOTAL = re.compile(r"[，,、\s]*(?:共|合计|总计|一共|共计|总共)(?:有|为|达|约)?\s*")
_NEXT = re.compile(r"\s*(?:[、，,和与及]|以及)\s*")


def spread(around: Sequence[Context], table: Narrowings) -> None:
    """Give every figure of a row the narrowing that stands at its place in the list before the row.

    ``around``: the contexts of all figures in text order, their drafts with scopes that still hold for the row as a whole.
    """
    i = 0
    while i < len(around):
        run = [around[i]]
        while i + len(run) < len(around) and _follows(run[-1], around[i + len(run)]):
            run.append(around[i + len(run)])
        # a figure alone without narrowings has none to lose
        listed = _listed(run[0].full_clause, table) if len(run) > 1 or run[0].draft.scope else []
        if len(run) > 1 and len(listed) == len(run):
            for c, (key, value) in zip(run, listed, strict=True):
                c.draft.scope = {**c.draft.scope, key: value}
        elif len(run) == 1 and listed:
            keys = {key for key, _ in listed}  # 小学和初中在校生4200人: both, so neither alone
            run[0].draft.scope = {k: v for k, v in run[0].draft.scope.items() if k not in keys}
        i += len(run)


#: what a school has: told right behind the number of schools of one stage it is theirs
_OF_SCHOOLS = frozenset(
    [
        "pupils", "pupils_new", "teachers", "teachers_titled", "classes", "places", "area_school_total", "area_land", "area_sports", "books",
        "computers", "equip_value", "rooms", "equipment_sets", "ratio_pupil_teacher", "ratio_pupil_computer",
    ]
)  # fmt: skip
_SCHOOLS = frozenset(["schools_total", "kindergartens", "teaching_points"])
_NEW_STRETCH = re.compile(r"[。；;\n]")
_ALL_OF_THEM = re.compile(r"全[县市区镇乡州旗]|中小学|师生|合计|共计|总计|共有")


def carry_stage(around: Sequence[Context]) -> None:
    """小学98所，在校生31246人，专任教师1752人；初中24所，…: pupils and teachers are those of the schools that open their stretch."""
    head: Context | None = None
    opens = True
    for c in around:
        if c.prev is None or _NEW_STRETCH.search(c.text, c.prev.end, c.start) or c.heads:
            head, opens = None, True
        stage = c.draft.scope.get("stage")
        if c.draft.indicator in _SCHOOLS and c.draft.kind == "level":
            head = (
                c if opens and stage and not c.heads else None
            )  # a second kind of schools: nobody knows whose
        elif (
            head is not None
            and not stage
            and c.draft.indicator in _OF_SCHOOLS
            and not _ALL_OF_THEM.search(c.clause_text)
        ):
            c.draft.scope = {**c.draft.scope, "stage": head.draft.scope["stage"]}
        opens = False


def is_total(c: Context, table: Narrowings) -> bool:
    """小学82所、高中4所，共117所: the figure adds up those before it and has not the narrowing of the last of them."""
    words = c.clause_text
    return _TOTAL.fullmatch(words) is not None and not table.any_word.search(words)


def _follows(a: Context, b: Context) -> bool:
    """Whether ``b`` is the next figure of the row of ``a``: nothing but a comma, 、 or 和 stands between."""
    return (
        b.prev is a
        and a.draft.quantity.dimension == b.draft.quantity.dimension
        and a.draft.kind == b.draft.kind
        and _NEXT.fullmatch(b.left_text) is not None
    )


def _listed(clause: str, table: Narrowings) -> list[tuple[str, str]]:
    """Key and value of every member of the last list of narrowings in a clause (小学、初中和高中), [] when there is none."""
    if not _JOINS.search(clause) or (found := last_match(table.listed, clause)) is None:
        return []
    members = [table.by_word[w] for w in table.any_word.findall(found.group())]
    return members if len({key for key, _ in members}) == 1 else []


_JOINS = re.compile(r"[、和与及]")
