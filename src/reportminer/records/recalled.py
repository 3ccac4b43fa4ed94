"""Targets that are only recalled: named beside a result that is held against them (超过年初确定的12所, 与年初提出的8%有差距)."""

from __future__ import annotations

import re

_ONCE = r"(?:年初|年前|年度|全年|原先?|既定|预定|先前|上年|去年|会议)"
_SET = r"(?:计划|规划|预期|目标|任务|预算|盘子|指标|确定|提出|批准|下达|[排敲]?定|安排|承诺)"
# a word of ``_ONCE`` or ``_SET``, without which no target is told
_TOLD = re.compile(
    "年初|年前|年度|全年|原|既定|预定|先前|上年|去年|会议|计划|规划|预期|目标|任务|预算|盘子|指标|确定|提出|批准|下达|定|安排|承诺"
)
_AGAINST = re.compile(
    rf"(?:超过|超出|超|超额完成了?|高于|高出|低于|低|少于|多于|不及|未达到?|没有达到|突破|比|较|与|同|和){_ONCE}?(?:的)?{_SET}(?:数|值)?(?:的|是|为)[^，。；、0-9]{{0,8}}$"
    rf"|(?:超过|超出|超额完成了?|高于|低于|少于|多于|不及|未达到?){_ONCE}$"
)
_WAS = re.compile(rf"(?:^|[，。；、]){_ONCE}(?:就)?{_SET}(?:的|数)?[^，。；、0-9]{{0,10}}(?:是|为)$")
_SET_THEN = re.compile(rf"(?:^|[，。；、]){_ONCE}{_SET}的?[^，。；、0-9]{{0,10}}$")
_FAILED = re.compile(
    r"[^，。；、0-9]{0,10}?(?:没有|没能|未能?|尚未)(?:全部|全面|如期)?(?:实现|完成|达到|达成|落实)"
)
_BESIDE = re.compile(
    r"(?:超过|超出|超额完成了?|超|高于|低于|少于|多于|不及|未达到?|没有达到|离|距|与|比|较)(?![^，。；0-9]{0,3}[省市县国部区]定)[^，。；0-9]{0,8}$"
)
_TARGET = re.compile(
    rf"(?:左右|以上|以内)?的(?:{_ONCE})?(?:预期|预定|既定|计划|规划)?(?:目标|任务|预期|计划|盘子|预算)(?!责任|体系)"
)


def is_recalled(text: str, start: int, end: int, clause: int) -> bool:
    """Whether the figure at ``[start, end)`` of ``text`` is a target set before, which its clause (from ``clause``) holds a result against."""
    left = text[max(clause, start - 30) : start]
    if not _TOLD.search(left):
        return _TARGET.match(text, end) is not None and _BESIDE.search(left) is not None
    if _AGAINST.search(left) or _WAS.search(left):
        return True
    if _SET_THEN.search(left) and _FAILED.match(text, end):
        return True
    return _TARGET.match(text, end) is not None and _BESIDE.search(left) is not None
