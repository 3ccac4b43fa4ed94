"""Numbers that were deleted before their unit: `投入资金达万元`, `已有所学校`. They are masked figures, never zero."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reportminer.core import Bound, Quantity

# The unit stands directly after a word that calls for a number, and the number is not there.
_CALLS = r"(?:达到?|[^本]资金|投入|投资|经费|校舍|面积|共计?|合计|约|筹措|拨付|拨款|补助|贷款|绿化|绿地|操场|运动场|安排|总额|捐资|到位|支出|收入|价值|新建|改建|扩建|维修|硬化|粉刷)"
# begins with a set of characters; what stands before them is looked at only there
_BARE = re.compile(
    r"(?P<unit>[多余亿万平㎡m](?<=[\u4e00-\u9fff 　].)(?:(?<=[多余])(?:亿元|万元|万平方米|平方米|㎡|m2)"
    r"|(?<=亿)元|(?<=万)(?:元|平方米)|(?<=平)方米|(?<=㎡)|(?<=m)2))(?![户GgＧ生产地工增单/／级]|以上|以下)"
)
_LEAD = re.compile(rf"{_CALLS} ?$")
_SCHOOLS = re.compile(
    r"(?P<unit>所)(?<=(?:已有|现有|共有|建成|新增|改造)所)(?=学校|中学|小学|中小学|幼儿园|合格|完小|初中)"
)
_EMPTY = re.compile(
    r"[（(] {0,6}[)）](?P<unit>[所个名人栋间台套册户处座项](?![\u4e00-\u9fff]))"
)  # 在校生（ ）人
_FORMS = {
    "亿元": ("元", "money"),
    "万元": ("元", "money"),
    "万平方米": ("平方米", "area"),
    "平方米": ("平方米", "area"),
    "㎡": ("平方米", "area"),
    "m2": ("平方米", "area"),
}


def find_dropped(text: str) -> Iterator[Quantity]:
    """Units whose number is missing, as masked quantities."""
    for m in _BARE.finditer(text):
        start = m.start("unit")
        if _LEAD.search(text[max(0, start - 6) : start]):
            unit, dimension = _FORMS[m.group("unit").lstrip("多余")]
            yield _masked(
                m.group("unit"), start, unit, dimension, "ge" if m.group("unit")[0] in "多余" else "eq"
            )
    for m in _EMPTY.finditer(text):
        yield _masked(m[0], m.start(), m["unit"].replace("名", "人"), "count", "eq")
    for m in _SCHOOLS.finditer(text):
        yield _masked("所", m.start("unit"), "所", "count", "eq")


def _masked(text: str, start: int, unit: str, dimension: str, bound: Bound) -> Quantity:
    return Quantity(
        text,
        start,
        start + len(text),
        None,
        None,
        unit,
        bound,
        masked=True,
        step=Decimal(0),
        dimension=dimension,
        rule="缺数",
    )
