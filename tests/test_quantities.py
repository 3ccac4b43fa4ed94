"""数量表达式：tests/tables/quantities.tsv 每行一例。"""

from decimal import Decimal
from pathlib import Path

import pytest

import reportminer
from reportminer.extract.intervals import interval
from reportminer.extract.numerals import parse

TABLE = Path(__file__).parent / "tables" / "quantities.tsv"


def rows():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def shown(q):
    if q.masked:
        value = "掩码"
    elif q.value is None:
        value = "无值"
    else:
        value = format(q.value.normalize(), "f")
        if q.value2 is not None:
            value += "—" + format(q.value2.normalize(), "f")
    return f"{q.text}={value} {q.unit or '-'} {q.bound}"


@pytest.mark.parametrize(("text", "expected"), rows())
def test_quantity(text, expected):
    got = " | ".join(shown(q) for q in reportminer.quantities(text)) or "无"
    assert got == expected


@pytest.mark.parametrize(("text", "expected"), rows())
def test_span_is_exact_inside_a_sentence(text, expected):
    """前后加上文字，读数不变，偏移仍然准确。"""
    whole = f"据统计，{text}，较好地完成了任务。"
    found = reportminer.quantities(whole)
    assert all(whole[q.start : q.end] == q.text for q in found)
    if not text.startswith(("上传", "完成主体")):
        assert " | ".join(shown(q) for q in found) == (expected if expected != "无" else "")


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("十二", 12), ("二十八", 28), ("一百零五", 105), ("三千二百", 3200), ("两千四百五", 2450), ("一万二", 12000), ("二〇一九", 2019),
     ("一千二百万", 12_000_000), ("三亿零五十万", 300_500_000), ("廿三", 23), ("七万五千四百", 75_400)],
)  # fmt: skip
def test_chinese_numeral(text, value):
    assert parse(text).value == value


@pytest.mark.parametrize("text", ["", "一八", "十十", "三五"])
def test_no_numeral(text):
    assert parse(text) is None


D = Decimal


@pytest.mark.parametrize(
    ("value", "bound", "step", "word", "low", "high"),
    [
        ("120000000", "eq", "10000000", "", "115000000", "125000000"),  # 1.2亿元
        ("70", "eq", "0", "", "70", "70"),  # 70所：整数计数是准确的
        ("1600000", "ge", "10000", "多", "1600000", "1700000"),  # 160多万
        ("700", "ge", "1", "多", "700", "800"),  # 700多
        ("2000", "le", "1", "近", "1600", "2000"),  # 近2000：至多两成
        ("90", "ge", "1", "以上", "90", None),
        ("10", "le", "1", "不超过", None, "10"),
        ("13.8", "eq", "0.1", "", "13.75", "13.85"),
    ],
)
def test_interval(value, bound, step, word, low, high):
    got = interval(D(value), None, bound, D(step), word)
    assert got == (D(low) if low else None, D(high) if high else None)
