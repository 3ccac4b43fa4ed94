"""Which figure another one is a part of, as far as its meaning goes: 其中, brackets, their siblings, and exact sums."""

from __future__ import annotations

import re

from reportminer.records.context import Context

_PART = re.compile(
    r"其中|[，,]分别(?=[^，。增提下减上降达为]{2,8}$)|(?<!不)包括|分别是|分别为|(?<!不)含|具体是|即|从.{1,6}看|按.{1,8}分"
)
_OPEN = re.compile(r"[（(][^）)]*$")
_CROSS = re.compile(r"\s*(?:其中|从.{1,8}看|按.{1,10}(?:分|划分)|包括|具体|分别)")
_FRESH = re.compile(r"现有|共有|目前|年末|总数|全[县区市镇乡校][^，。；]{2}|[；;][^，。；]{9,}$")
_ADDABLE = frozenset({"money", "area", "length", "count", "mass", "volume"})
_REACH = 6  # figures that a list may go back for its whole


LISTED = re.compile(r"\s*[、和及与或至到]\s*\w{0,3}")


class Wholes:
    """The wholes of one report's figures, found in text order; ``draft.rule`` of earlier figures must be set."""

    def __init__(self, all_contexts: list[Context]) -> None:
        self._parents: dict[int, Context] = {}
        self._sums: dict[int, Context] = {}
        self._add_up(all_contexts)

    def get(self, c: Context) -> Context | None:
        """The whole of a figure for which ``link`` was called, None when it is no part."""
        return self._parents.get(c.index)

    def link(self, c: Context) -> None:
        """Find the whole of ``c``."""
        if c.heads:
            return
        self._link(c)
        if c.index in self._sums:
            self._parents.setdefault(c.index, self._sums[c.index])

    def _add_up(self, all_contexts: list[Context]) -> None:
        """Note parts that a sum gives away: figures of one unit that follow a figure and add up to it exactly."""
        for i, c in enumerate(all_contexts):
            total = c.draft.quantity.value
            if not total or c.draft.quantity.dimension not in _ADDABLE:
                continue
            rest = total
            members: list[Context] = []
            for d in all_contexts[i + 1 : i + 14]:
                if d.sentence != c.sentence or len(members) == 8:
                    break
                q = d.draft.quantity
                if q.unit != c.draft.quantity.unit or q.value is None:
                    continue
                rest -= q.value
                members.append(d)
                if rest <= 0:
                    break
            if rest == 0 and len(members) >= 2:
                for d in members:
                    self._sums.setdefault(d.index, c)

    def _link(self, c: Context) -> None:
        """Note the whole of a part: of a figure after 其中 or in brackets, and of what continues such a list."""
        p = c.prev
        left = c.left_text
        if p is None:
            if c.before is not None and _CROSS.match(left) and "\n" not in c.text[c.before.end : c.start]:
                whole = self._whole_before(c, c.before, same_sentence=False)
                if whole is not None:
                    self._parents[c.index] = whole
            return
        if _PART.search(left) or _OPEN.search(left):
            whole = self._whole_before(c, p, same_sentence=True)
            if whole is not None:
                self._parents[c.index] = whole
            return
        if (
            p.index not in self._parents
            and LISTED.fullmatch(left)
            and p.draft.quantity.unit == c.draft.quantity.unit
        ):
            return
        if _FRESH.search(left):
            return
        at: Context | None = p
        unit, dim = c.draft.quantity.unit, c.draft.quantity.dimension
        for _ in range(_REACH):
            if at is None:
                return
            whole = self._parents.get(at.index)
            if whole is not None and closes(c.text[at.end : c.start]):
                whole = self._parents.get(whole.index)  # the bracket that held the parts is over
                if whole is None:
                    return
            if whole is not None:
                wq = whole.draft.quantity
                if wq.dimension == dim and wq.unit == unit:
                    self._parents[c.index] = whole
                    return
                if at is p and len(left.strip()) <= 2:
                    twin = self._twin(c, whole)
                    if twin is not None:
                        self._parents[c.index] = twin
                        return
            at = at.prev

    @staticmethod
    def _twin(c: Context, whole: Context) -> Context | None:
        """资金3800万元，惠及4.2万人次，其中学前218万元、3644人次: the whole of the second is the figure after the first whole."""
        at = c.prev
        while at is not None and at.index > whole.index:
            if at.index <= whole.index + 2 and at.draft.quantity.unit == c.draft.quantity.unit:
                return at
            at = at.prev
        return None

    def _whole_before(self, c: Context, start: Context, same_sentence: bool) -> Context | None:
        unit, dim = c.draft.quantity.unit, c.draft.quantity.dimension
        at: Context | None = start
        for _ in range(8):
            if at is None or (not same_sentence and "\n" in c.text[at.end : c.start]):
                return None
            aq = at.draft.quantity
            if (
                aq.dimension == dim
                and (aq.unit == unit or dim != "count")
                and at.draft.kind in ("level", "change", "price")
            ):
                difference = at.draft.kind == "change" and at.draft.rule == "indicator:of-level"
                difference = (
                    difference or at.draft.rule == "indicator:compared"
                )  # 招聘238名，比计划的230名多8名，其中…
                if not difference and (same_sentence or at.index not in self._parents):
                    return at
            at = at.prev if same_sentence else at.before
        return None


def closes(text: str) -> bool:
    """Whether a bracket opened before ``text`` closes in it."""
    if "）" not in text and ")" not in text:
        return False
    depth = 0
    for ch in text:
        if ch in "（(":
            depth += 1
        elif ch in "）)":
            depth -= 1
            if depth < 0:
                return True
    return False
