"""Words that tell which of the times around a figure is the figure's own (roles of ``lexicons/periods.tsv``)."""

from __future__ import annotations

import re
from functools import cache

from reportminer.lexicon import Lexicon

STATE, FLOW = "state", "flow"
ROLES: tuple[str, ...] = (
    "relative",
    "plan",
    "plan_name",
    "name_after",
    "stock",
    "flow",
    "stock_weak",
    "done",
    "prospective",
)
ROLES += ("this_year_word", "plan_heading", "review_heading")

_COMPARE = re.compile(r"(?:比|较|同|与|跟|和|相比|相较|超过|高于|低于|多于|少于|优于|超)(?:于|之)?\s?$")
_BASIS = re.compile(r"的?(?:基础上|基数|水平)?(?:相比|相较|基础上|基数)")
_BASIS_OF = re.compile(r"[^，,；;。：\n]{0,16}?的?基础上")
_FROM_BEFORE = re.compile(r"(?:由|从)[^由从到至，。；]{0,18}$")
_FROM_AFTER = re.compile(
    r"[^，,；;。：\n]{0,14}?(?:提高|增加|增长|扩大|上升|上调|提升|下降|降低|减少|缩小|调整|压减|压缩|缩短|发展|攀升|回落|扩充|改善|优化|增|升|降|减|涨|扩|变|改|压|达|跃|调|移|跨|迈|挪|攀|冲|拓|翻|补)[了]?[为到至成]"
)


class Cues:
    """Compiled cue words of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        words: dict[str, list[str]] = {}
        for row in lexicon.table("periods"):
            if row["role"] not in ROLES:
                raise row.fail(f"不认识的类别“{row['role']}”，可用：{'、'.join(ROLES)}")
            words.setdefault(row["role"], []).append(row["word"])

        def any_of(role: str) -> str:
            return "|".join(sorted(map(re.escape, words.get(role, [])), key=len, reverse=True)) or r"(?!)"

        self.nature = re.compile(
            rf"(?P<state>{any_of('stock')})|(?P<flow>{any_of('flow')})|(?P<weak>{any_of('stock_weak')})"
        )
        self.done = re.compile(rf"[^，,；;。\n]{{0,12}}?(?:{any_of('done')})")
        self.prospective = re.compile(any_of("prospective"))
        self.within_year = re.compile(any_of("this_year_word"))
        self.plan_heading = re.compile(any_of("plan_heading"))
        self.review_heading = re.compile(any_of("review_heading"))
        self.name_after = re.compile(rf"\s?(?:{any_of('name_after')})")
        self.indicator_nature: dict[str, str] = {}
        if "indicators" in lexicon.names():
            for row in lexicon.table("indicators"):
                if nature := row.fields.get("nature"):
                    self.indicator_nature[row.fields.get("id", "")] = nature

    def clause_nature(self, text: str, start: int, at: int, end: int) -> str | None:
        """What the words of the clause before (and right after) a figure make of it: a state, a flow, or None when they do not say.

        ``text[start:at]`` is the clause up to the figure, which ends at ``end``. The last strong word decides; 达到 and 为 only when
        there is no other (新建校舍总面积达 stays a flow).
        """
        found: str | None = None
        weak = False
        for m in self.nature.finditer(text, start, at):
            if m.lastgroup == "weak":
                weak = True
            else:
                found = m.lastgroup
        if found:
            return found
        if self.done.match(text, end):
            return FLOW
        return STATE if weak else None


@cache
def cues_of(lexicon: Lexicon) -> Cues:
    """The cues of a lexicon, compiled once."""
    return Cues(lexicon)


def is_compared(text: str, start: int, end: int) -> bool:
    """Whether the expression at ``[start, end)`` is what something is compared with (比上年, 较2015年, 在2015年基础上)."""
    return (
        _COMPARE.search(text, max(0, start - 4), start) is not None
        or _BASIS.match(text, end) is not None
        or is_basis(text, start, end)
    )


def is_basis(text: str, start: int, end: int) -> bool:
    """Whether the expression dates the figure that something starts from (在去年52.3%的基础上提高2个百分点)."""
    return text[start - 1 : start] == "在" and _BASIS_OF.match(text, end) is not None


def is_from_value(text: str, clause: int, start: int, end: int) -> bool:
    """Whether the figure at ``[start, end)`` is the first of 由A增加到B; ``clause`` is where its clause starts."""
    return (
        _FROM_BEFORE.search(text, max(clause, start - 24), start) is not None
        and _FROM_AFTER.match(text, end) is not None
    )
