"""The words that a person chooses from."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from reportminer.comparison.layout import indicator_names
from reportminer.export import number
from reportminer.names import BOUNDS, KINDS, SCOPES, STATUSES

SEVERITIES = {"error": "错误", "warning": "待核", "info": "提示"}
VERDICTS = {"open": "未定", "confirmed": "属实", "false_alarm": "误报", "explained": "已说明"}
#: what people call the tables of words, those that are changed most often first
TABLES = {
    "units": "计量单位和量词", "indicators": "指标和它的各种叫法", "indicator_cues": "指标的线索词", "scopes": "范围：学段、口径、城乡等", "periods": "时间用词",
    "cues": "增减、计划、完成等用词", "bounds": "约数和界限词", "part_cues": "部分与整体的用词", "areas": "机构和地方的用词", "regions": "行政区划",
    "stop": "不是数据的写法", "table_heads": "表头的单位", "furniture": "页眉页脚等非正文", "checks": "核查用词", "check_names": "检查的名称",
    "base_breaks": "口径和区划的变化", "unit_costs": "单价的合理范围", "policies": "政策首次出现的年份", "programmes": "工程和政策的名称",
    "mojibake": "乱码还原用词", "pinyin": "拼音还原用字",
}  # fmt: skip
# what a rule goes by, in words
_BASIS = {
    "cue": "前后文的线索词", "unit": "计量单位", "model": "统计模型的判断", "part": "它所属的整体", "from-to": "增减前后的另一个数", "of-level": "相比的水平数",
    "compared": "相比的另一个数", "other-side": "相比的另一个数", "share": "占比的写法", "share-qualified": "达标占比的写法", "list": "并列的数", "total-of": "并列各数的合计",
    "of-plan": "完成计划的写法", "rate": "比率的写法", "per-head": "人均的写法", "unit-price": "单价的写法", "topic": "本段的话题", "topic-qualified": "本段的话题",
    "ranking": "位次的写法", "times": "次数的写法", "time": "时间的写法", "done": "完成情况的写法", "done-share": "完成占比的写法", "covered": "覆盖面的写法",
    "meets-norm": "达标的写法", "paid-each": "人均补助的写法", "paid-to": "发放对象", "pupil-aid": "资助的写法", "before": "前面的数", "none": "没有找到依据",
}  # fmt: skip
_NEAR = {"邻": "（取自相邻的数）", "远": "（取自较远的词）"}


def basis(rule: str) -> str:
    """What a figure's reading rests on, in words: “教育经费支出”这个叫法."""
    if rule == "person":
        return "人工改定"
    form, _, told = rule.partition(";")
    if not told.startswith("indicator:"):
        return rule
    kind, *rest = told.removeprefix("indicator:").split(":")
    near = _NEAR.get(rest[-1], "") if rest else ""
    if kind == "alias" and rest:
        return f"“{rest[0]}”这个叫法{near}"
    if "+" in kind:
        return (
            f"“{kind.partition('+')[2]}”和它前后的线索词"
            if kind.partition("+")[2] >= "\u4e00"
            else f"线索词{near}"
        )
    return f"{_BASIS.get(kind, kind)}{near}" + ("，在表格里" if form == "表格" else "")


def grouped(x: Decimal) -> str:
    """A number with its digits in threes: 1,204,000,000."""
    whole, dot, rest = number(x).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{dot}{rest}"


def in_short(x: Decimal, unit: str) -> str:
    """A large number as one says it, 12.04亿元; empty for one that needs no help."""
    for size, word in ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")):
        if abs(x) >= size * 10 or (abs(x) >= size and word == "亿"):
            return f"{number(x / size)}{word}{unit}"
    return ""


@cache
def choices() -> dict[str, Any]:
    """Chinese names by id of all that can be chosen."""
    return {
        "indicator": indicator_names(),
        "kind": KINDS,
        "status": STATUSES,
        "bound": BOUNDS,
        "scope": SCOPES,
    }
