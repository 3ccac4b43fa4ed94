"""What a figure is called, without the words that only date, introduce or total it: the same thing under the same name."""

from __future__ import annotations

import re
from functools import lru_cache

KINDS = {"level": "水平", "change": "增减量", "growth": "增速", "share": "占比", "ratio": "比值", "rank": "位次", "price": "单位水平"}  # fmt: skip
STATUSES = {"actual": "实际", "planned": "计划", "required": "标准"}
BOUNDS = {"eq": "等于", "ge": "至少", "le": "至多", "approx": "约", "range": "区间"}
GENRES = {"work_report": "政府工作报告", "progress_report": "汇报", "summary": "总结", "plan": "方案", "news": "新闻", "analysis": "调研", "compilation": "合集"}  # fmt: skip
SCOPES = {"stage": "学段", "basis": "口径", "residence": "城乡", "source": "来源", "object": "对象", "sector": "领域", "subject": "名称"}  # fmt: skip

_BLANK = re.compile(r"\s+")
# a short word is dropped only where it is no part of a longer one: 共建成…, but not 共青团员; 达到…, but not 达标学校
_FILLERS = re.compile(
    r"^(?:虽然?|但是?|而|该(?=工程|项目|[县市区镇乡]|学?校)|上述|其中|其(?![他它余中])|共有(?!产权)|共(?![青产享同用])|总计|总(?![工部理书队站校体结量值])|已(?!婚)|将(?!军)|约(?![束定谈])|"
    r"全年|全[县市区镇乡州省]|我[县市区镇乡州省]|今年|去年|上年|当年|本年|年内|目前|现有|累计|一共|"
    r"由?[比较在至到]?(?:19|20)\d\d年|达到(?!率)|达(?![标到产成])|为|实现(?!率)|完成了?(?!率)|对(?![口外比象])|的(?!士)|了(?!解)|[，,。；;、：:])+"
)
_TAILS = re.compile(
    r"(?:[由比较从至]?(?:19|20)\d\d年[底末初]?|[由比较从](?:上年|去年|年初)[底末初]?|预计|预计完成|决算数?|预算数|(?<!公共)(?<!财政)预算|快报数?|初步数|(?<![自理])由|(?<!服)从|(?<!师生)(?<!生师)(?<!班师)(?<!生机)比|"
    r"累计|(?<!公)共|已|(?<![节制合])约|达到|(?<![发到])达|(?<![行作])为|(?<![目标])的|了|是|[，,、：:])+$"
)


def plain_name(label: str) -> str:
    """What a figure is called, without the words that only date or introduce it (虽新建校舍 → 新建校舍)."""
    return _TAILS.sub("", _FILLERS.sub("", _BLANK.sub("", label)))


_WORDS = r"累计|当年|年末|年底|建成(?!区)|建设|完成(?!率)|达到(?!率)|实现(?!率)|全部|全[县市区镇乡]|年度|本级|以来|合计"
_BEFORE = re.compile(
    rf"^(?:{_WORDS}|达(?![标到产成])|共(?![青产享同用])|的(?!士)|了(?!解)|总(?![工部理书队站校体结量值])|总数|总量|数量(?!$))+"
)
_AFTER = re.compile(
    rf"(?:{_WORDS}|总数|总量|数量|人数|总额|(?<![名限配定差班金])额|(?<![基指系参倍])数|(?<![发到])达|(?<!公)共|(?<![目标])的|了|总)+$"
)


@lru_cache(1 << 16)  # a batch names the same few thousand things again and again
def core(label: str) -> str:
    """A name without the verbs, dates and words of totality at its ends: 累计建成标准化学校 → 标准化学校.

    Only whole words go: 数学教师, 达标学校 and 一般公共预算 stay as they are.
    """
    name = plain_name(label)
    before = None
    while before != name:
        before = name
        name = _AFTER.sub("", _BEFORE.sub("", name))
    return name
