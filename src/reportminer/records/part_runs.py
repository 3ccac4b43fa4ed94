"""Breakdowns that stand away from their whole and add up to it: a list of items, a sentence on its sources or years."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

from reportminer.records.part_figures import Figure
from reportminer.records.part_frames import equal, total_of

_FAR = 40  # figures that a sentence of parts may lie after its whole
_NEAR = 4  # figures between a whole and the first of its items
_BALANCE = re.compile(r"结余|结存|差额|收支|缺口|相抵|净增")
_MANY = 100  # sums of three figures below it agree by chance


def _plain(f: Figure) -> bool:
    """An exact amount; sums of about-figures (5万余元) agree by chance, and a balance is no sum of parts (收入…支出…结余…)."""
    exact = f.draft.quantity.bound == "eq"
    return f.unit is not None and f.value is not None and exact and not f.compared and f.draft.kind == "level"


def item_sums(figures: list[Figure], found: dict[int, int]) -> None:
    """投入6128万元。具体是：（一）学前412万元…（二）义务教育2386万元…: the first figures of the items add up to the whole."""
    for i, whole in enumerate(figures):
        if not _plain(whole):
            continue
        parts = _first_of_items(figures, i)
        total = total_of(parts)
        few = len(parts) == 2 and all(p.value is not None and p.value >= _MANY for p in parts)
        if (
            (len(parts) < 3 and not few)
            or total is None
            or whole.value is None
            or not equal(total, whole.value)
        ):
            continue
        if all(p.index not in found for p in parts):
            found.update({p.index: whole.index for p in parts})


def _first_of_items(figures: list[Figure], i: int) -> list[Figure]:
    whole = figures[i]
    parts: list[Figure] = []
    rank: int | None = None
    item: int | None = None
    for n, f in enumerate(figures[i + 1 :]):
        if f.paragraph == whole.paragraph and f.item == whole.item:
            continue
        if f.rank is not None and (rank is None or f.rank < rank):
            if rank is not None or n > _NEAR or (whole.rank is not None and f.rank <= whole.rank):
                break
            rank = f.rank
        if rank is None:
            break
        if f.rank == rank and f.item != item:
            item, taken = f.item, False
        if item is not None and not taken and _plain(f) and f.depth == 0 and f.adds_to(whole):
            parts.append(f)
            taken = True
    return parts


def sentence_sums(figures: list[Figure], found: dict[int, int]) -> None:
    """Three or more figures in a row of one sentence that add up to an earlier figure: 资金来源为：中央…省级…市级…"""
    sentences: dict[int, list[int]] = defaultdict(list)
    for k, f in enumerate(figures):
        sentences[f.sentence].append(k)
    for indices in sentences.values():
        by_unit: dict[tuple[str | None, int], list[int]] = defaultdict(list)
        for k in indices:
            if _plain(figures[k]):
                by_unit[figures[k].unit, figures[k].depth].append(k)
        for run in by_unit.values():
            _assign_run(figures, found, run)


def _assign_run(figures: list[Figure], found: dict[int, int], run: list[int]) -> None:
    if len(run) < 3:
        return
    before = [_before(figures, k) for k in run]
    if not any(before):
        return
    # running sums: the total of a stretch is a difference, however long it is
    sums = [Decimal(0)]
    for k in run:
        sums.append(sums[-1] + (figures[k].value or 0))
    for length in range(len(run), 2, -1):
        for start in range(len(run) - length + 1):
            end = start + length
            total = sums[end] - sums[start]
            if total < _MANY or (whole := _whole(before[start], total)) is None:
                continue
            parts = [figures[k] for k in run[start:end]]
            if len({p.draft.status for p in (*parts, whole)}) > 2:
                continue
            wholes = {found.get(p.index) for p in parts}
            if None in wholes:
                found.update({p.index: whole.index for p in parts})
                return


def _before(figures: list[Figure], first: int) -> list[tuple[Figure, Decimal]]:
    """The amounts of earlier sentences that figures from ``first`` on may add up to, nearest first."""
    own = figures[first]
    return [
        (w, v)
        for w in reversed(figures[max(0, first - _FAR) : first])
        if w.sentence != own.sentence and w.unit == own.unit and _plain(w) and (v := w.value) is not None
    ]


def _whole(before: list[tuple[Figure, Decimal]], total: Decimal) -> Figure | None:
    return next((w for w, v in before if equal(total, v)), None)


def adjacent_sums(figures: list[Figure], found: dict[int, int]) -> None:
    """教职工374名，镇中学128名、小学246名: figures right after a figure that make it up, whatever they are called."""
    for i, whole in enumerate(figures):
        if not _plain(whole) or whole.value is None or whole.value < 50:
            continue
        rest: Decimal = whole.value
        parts: list[Figure] = []
        for f in figures[i + 1 :]:
            if (
                f.sentence != whole.sentence
                or f.depth != whole.depth
                or not f.adds_to(whole)
                or not _plain(f)
            ):
                break
            if (
                f.draft.status != whole.draft.status
                or any(e.name == "semi" for e in f.events)
                or f.value is None
            ):
                break
            if _BALANCE.search(f.left):
                break
            parts.append(f)
            rest -= f.value
            if rest <= 0:
                break
        if rest == 0 and len(parts) > 1 and all(p.index not in found for p in parts):
            found.update({p.index: whole.index for p in parts})
