"""What a figure is called, without the words that only date, introduce or total it: the same thing under the same name."""

from __future__ import annotations

import re

_BLANK = re.compile(r"\s+")
_FILLERS = re.compile(
    r"^(?:虽然?|但是?|而|其|共|总计?|已|将|约|全年|全[县市区镇乡州省]|我[县市区镇乡州省]|今年|去年|上年|当年|本年|年内|目前|现有|累计|一共|"
    r"由?[比较在至到]?(?:19|20)\d\d年|达到?|为|实现|完成了?|对|的|了|[，,。；;、：:])+"
)
_TAILS = re.compile(
    r"(?:由?(?:19|20)\d\d年|预计|预计完成|决算数?|预算数?|快报数?|初步数|由|从|比|累计|共|已|约|达到?|为|的|了|是|[，,、：:])+$"
)


def plain_name(label: str) -> str:
    """What a figure is called, without the words that only date or introduce it (虽新建校舍 → 新建校舍)."""
    return _TAILS.sub("", _FILLERS.sub("", _BLANK.sub("", label)))


_VERBS = re.compile(
    r"累计|当年|年末|年底|建成|建设|完成|达到|达|实现|全部|共|总数|总量|数量|人数|总额|额|数|全[县市区镇乡]|年度|本级|的|了|以来|合计|总"
)


def core(label: str) -> str:
    """A name without verbs, dates and words of totality: 累计建成标准化学校 → 标准化学校."""
    return _VERBS.sub("", plain_name(label))
