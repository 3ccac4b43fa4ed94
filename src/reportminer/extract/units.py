"""Units and bound words, indexed from ``lexicons/units.tsv`` and ``lexicons/bounds.tsv``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import cast

from reportminer.core import Bound
from reportminer.lexicon import Lexicon, default_lexicon

DIMENSIONS = frozenset(
    [
        "money",
        "area",
        "length",
        "mass",
        "volume",
        "energy",
        "power",
        "data",
        "percent",
        "points",
        "ratio",
        "multiple",
        "time",
        "count",
        "age",
        "temperature",
        "density",
        "number",
    ]
)
SCALES = {
    "万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8,
    "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 10**3, "百": 10**2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A printed unit: canonical unit, factor (canonical = printed × factor), dimension and flags."""

    word: str
    unit: str
    factor: Decimal
    dimension: str
    flags: str
    ascii: bool = False  # ends in a letter: km is no unit in kmh


# A measure word that begins a word with the next character: 3部门, 2016首次, 12种植户
_WORD_TAILS = {
    "部": "门署委属分件", "首": "次批个先届创", "种": "植子养粮苗", "批": "准复发示", "队": "伍员长", "组": "织建成团合", "集": "中体镇聚贸团",
    "车": "间站辆位库", "管": "理网道护控委", "场": "地所馆镇景", "期": "间末望", "本": "级地县市区年次届轮月校", "座": "谈", "起": "草步诉",
    "对": "照口全于外策接", "双": "向减语创拥方", "支": "持付出撑农", "处": "于理置级罚", "包": "括含装村保干", "节": "约能水日俭", "层": "面级",
    "位": "于列居", "张": "家贴", "台": "账阶风湾州", "根": "据本治", "封": "闭顶山", "门": "诊槛类", "名": "列单称", "人": "均民", "个": "性别",
    "所": "有属需得辖示", "条": "件例", "次": "性年日级序", "具": "有体备", "把": "握关手控", "挂": "牌钩职", "面": "向积临对貌", "版": "权",
    "款": "项", "则": "是为", "道": "路德", "类": "似", "份": "额", "例": "如行会", "轮": "训岗换流车椅", "片": "区", "口": "径岸述",
    "户": "籍均型", "分": "担别布为工管析配段级类享流开散层离校期批局钟之", "元": "旦素", "圆": "满形桌柱心周规", "注": "册重意入资射", "米": "粮", "里": "程", "克": "服扎", "升": "级学至到为", "方": "案面法式向针便",
    "担": "任当保负", "束": "缚", "串": "联", "粒": "度", "个工": "作程业人厂地会种序艺商匠龄资伤", "镇": "村区中政域长级街上", "乡": "村道土愁亲贤间政里镇贯俗", "味": "道", "贴": "息近", "帖": "子", "峰": "会", "席": "位", "剂": "量", "杆": "菌", "穴": "位",
    "辑": "录", "度": "假", "块": "状", "件": "均", "眼": "光科", "孔": "子", "头": "部", "箱": "包", "尊": "重", "字": "样", "页": "面", "卷": "烟",
    "架": "构", "间": "接隔距作", "家": "长庭园里具电属禽", "天": "然津", "成": "立员为本果功长品熟绩效都套交",
}  # fmt: skip


class UnitTable:
    """Longest-match lookup of units and bound words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.units: dict[str, Unit] = {}
        for row in lexicon.table("units"):
            try:
                factor = Decimal(row["factor"])
            except InvalidOperation as e:
                raise row.fail(f"factor 列应为数字，实为“{row['factor']}”") from e
            if row["dimension"] not in DIMENSIONS:
                raise row.fail(f"dimension 列的“{row['dimension']}”不是已知的量纲")
            self.units[row["word"]] = Unit(
                row["word"],
                row["unit"],
                factor,
                row["dimension"],
                row["flags"],
                row["word"][-1].isascii() and row["word"][-1].isalpha(),
            )
        lengths: dict[str, set[int]] = {}
        for word in self.units:
            lengths.setdefault(word[0], set()).add(len(word))
        self.lengths = {c: sorted(sizes, reverse=True) for c, sizes in lengths.items()}
        # what may stand behind a Chinese numeral that is a figure: a unit or the beginning of one, the rest of the number, a range
        self.goes_on = frozenset({*lengths, *" 点多余来几个瓦克伏卡帕赫分-—–－―~～至到(（"})
        before: dict[str, Bound] = {}
        after: dict[str, Bound] = {}
        for row in lexicon.table("bounds"):
            if row["bound"] not in ("ge", "le", "approx") or row["side"] not in ("before", "after"):
                raise row.fail("side 应为 before/after，bound 应为 ge/le/approx")
            (before if row["side"] == "before" else after)[row["word"]] = cast(Bound, row["bound"])
        self.before, self.after = before, after
        alternatives = "|".join(sorted(map(re.escape, before), key=len, reverse=True))
        self.before_end = re.compile(rf"(?:{alternatives})(?:达到|达)? ?$")
        self.before_last = frozenset({w[-1] for w in before} | set("达到 过破"))
        alternatives = "|".join(sorted(map(re.escape, after), key=len, reverse=True))
        self.after_start = re.compile(rf" ?({alternatives})")

    def at(self, text: str, i: int) -> Unit | None:
        """The longest unit that begins at ``text[i]``."""
        if i >= len(text) or text[i] not in self.lengths:
            return None
        for n in self.lengths[text[i]]:
            unit = self.units.get(text[i : i + n])
            if unit is not None:
                after = text[i + n : i + n + 1]
                if unit.ascii and after.isascii() and after.isalnum():
                    continue
                if n <= 2 and after and after in _WORD_TAILS.get(unit.word, ""):
                    continue
                return unit
        return None


_SPREAD_POINTS = re.compile(r" {0,4}个? {0,2}百 {0,2}分 {0,2}点")


def unit_at(text: str, i: int, table: UnitTable) -> tuple[Unit | None, int]:
    """The unit after a number (one blank allowed) and its end."""
    unit = table.at(text, i)
    if unit is None and i < len(text) and text[i] == " ":
        unit = table.at(text, i + 1)
        if (unit is None or unit.word == "个") and (points := _SPREAD_POINTS.match(text, i)):
            return table.units["百分点"], points.end()
        i += 1
    elif (
        unit is not None
        and unit.word == "个"
        and (text.startswith(" ", i + 1) or text.startswith("百", i + 1))
    ):
        points = _SPREAD_POINTS.match(text, i)
        if points:
            return table.units["百分点"], points.end()
    return (unit, i + len(unit.word)) if unit else (None, i)


@cache
def unit_table(lexicon: Lexicon | None = None) -> UnitTable:
    """The unit table of a lexicon (the bundled one by default)."""
    return UnitTable(lexicon or default_lexicon())


_SCALE = re.compile("|".join(sorted(SCALES, key=len, reverse=True)))
# 千 and 百 are parts of these units or words, never a scale: 110千伏, 3千米, 5百分点
_NOT_SCALE = re.compile(r"千(?:瓦|米|克|卡|伏|分|帕|赫|焦)|百(?:分|帕)|万(?:能|众|象|向)")


def not_scale(text: str, i: int) -> bool:
    """Whether the scale character at ``text[i]`` belongs to the unit or word after it (千瓦, 百分点)."""
    return _NOT_SCALE.match(text, i) is not None


def scale_at(text: str, i: int) -> tuple[int, int] | None:
    """A scale word at ``text[i]`` as (factor, end), or None."""
    if i >= len(text) or text[i] not in "万亿千百十":
        return None
    if _NOT_SCALE.match(text, i):
        return None
    m = _SCALE.match(text, i)
    if m is None:
        return None
    end = m.end()
    if _NOT_SCALE.match(text, end - 1) and len(m.group()) > 1:  # 万千瓦: only 万 is the scale
        return SCALES[m.group()[:-1]], end - 1
    return SCALES[m.group()], end
