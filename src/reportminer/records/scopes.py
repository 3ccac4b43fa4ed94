"""Narrowings of figures in a row: 小学、初中生均经费分别为A和B gives the first figure to 小学 and the second to 初中."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

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
        listed = _listed(run[0].full_clause, table)
        if len(run) > 1 and len(listed) == len(run):
            for c, (key, value) in zip(run, listed, strict=True):
                c.draft.scope = {**c.draft.scope, key: value}
        elif len(run) == 1 and listed:
            keys = {key for key, _ in listed}  # 小学和初中在校生4200人: both, so neither alone
            run[0].draft.scope = {k: v for k, v in run[0].draft.scope.items() if k not in keys}
        i += len(run)


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
    found = last_match(_list_pattern(table), clause)
    if found is None:
        return []
    values = {n.word: (n.key, n.value) for n in reversed(table.rows)}
    members = [values[w] for w in table.any_word.findall(found.group())]
    return members if len({key for key, _ in members}) == 1 else []


@cache
def _list_pattern(table: Narrowings) -> re.Pattern[str]:
    word = f"(?:{table.any_word.pattern})"
    return re.compile(rf"{word}(?:[\u4e00-\u9fff]{{0,2}}[、和与及]{word})+")
