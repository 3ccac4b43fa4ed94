"""时间表达：找得到、解得对、不该找的不找。"""

from __future__ import annotations

import datetime
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportminer import ingest
from reportminer.core import PeriodExpr
from reportminer.extract.period_grammar import grammar
from reportminer.extract.periods import find_periods, periods, resolve
from reportminer.lexicon import default_lexicon

# 文字 → 单看文字就能定的时间
ABSOLUTE = [
    ("2021年", "2021"),
    ("2021 年", "2021"),
    ("２０２１年", "2021"),
    ("二〇一九年", "2019"),
    ("二○一九年", "2019"),
    ("一九九八年", "1998"),
    ("2009年度", "2009"),
    ("2016—2018年", "2016/2018"),
    ("2013至2015年", "2013/2015"),
    ("2013年到2015年", "2013/2015"),
    ("2013～15年", "2013/2015"),
    ("2016年12月30日", "2016-12-30"),
    ("2016年12月底", "2016-12"),
    ("2016年5月份", "2016-05"),
    ("2019年底", "2019-12"),
    ("2019年年末", "2019-12"),
    ("2019年初", "2019-01"),
    ("2022年上半年", "2022-01/2022-06"),
    ("2022年前三季度", "2022-01/2022-09"),
    ("2022年第三季度", "2022-07/2022-09"),
    ("2019年1—9月", "2019-01/2019-09"),
    ("2018年9月至2019年6月", "2018-09/2019-06"),
    ("2010年5月6日至14日", "2010-05"),
    ("2010年5月6日至6月3日", "2010-05/2010-06"),
    ("2024—2025学年", "2024"),
    ("2020-2021学年第一学期", "2020"),
    ("2013-2014年度", "2013/2014"),
    ("2021年秋季", "2021"),
    ("2012-12-20", "2012-12-20"),
    ("2012.3.5", "2012-03-05"),
    ("“十一五”期间", "2006/2010"),
    ("十二五时期", "2011/2015"),
    ("“十三五”末", "2020"),
    ("“十四五”初期", "2021"),
    ("十五五", "2026/2030"),
]


@pytest.mark.parametrize(("text", "period"), ABSOLUTE)
def test_absolute(text: str, period: str) -> None:
    (found,) = find_periods(f"县里{text}，投入资金。")
    assert (found.period, found.text, found.relative) == (period, text, None)


# 文字 → 以2022年6月15日为准的时间
RELATIVE = [
    ("今年", "2022"),
    ("本年度", "2022"),
    ("今年以来", "2022"),
    ("去年", "2021"),
    ("去年5月", "2021-05"),
    ("去年同期", "2021"),
    ("前年", "2020"),
    ("明年", "2023"),
    ("明年春季", "2023"),
    ("后年", "2024"),
    ("今年3月", "2022-03"),
    ("今年1至5月", "2022-01/2022-05"),
    ("今年底", "2022-12"),
    ("上半年", "2022-01/2022-06"),
    ("一季度", "2022-01/2022-03"),
    ("12月底", "2022-12"),
    ("9月初", "2022-09"),
    ("1-9月", "2022-01/2022-09"),
    ("年底", "2022-12"),
    ("年初", "2022-01"),
    ("近三年", "2020/2022"),
    ("最近3年", "2020/2022"),
    ("三年来", "2020/2022"),
    ("五年来", "2018/2022"),
    ("过去五年", "2018/2022"),
    ("十年间", "2013/2022"),
    ("今后三年", "2023/2025"),
    ("未来五年", "2023/2027"),
    ("三年内", "2023/2025"),
    ("四年前", "2018"),
    ("2016年以来", "2016/2022"),
    ("去年以来", "2021/2022"),
    ("“十四五”以来", "2021/2022"),
    ("2015年至今", "2015/2022"),
    ("2009年6月启动以来", "2009-06/2022-06"),
    ("今明两年", "2022/2023"),
    ("今冬明春", "2022/2023"),
    ("目前", "2022"),
    ("截至目前", "2022"),
    ("到目前为止", "2022"),
]


@pytest.mark.parametrize(("text", "period"), RELATIVE)
def test_relative(text: str, period: str) -> None:
    (found,) = periods(f"我县自{text}，投入资金。", datetime.date(2022, 6, 15))
    assert (found.period, found.text) == (period, text)
    (unresolved,) = periods(f"我县自{text}，投入资金。")
    assert unresolved.period is None and unresolved.relative


TABLE = Path(__file__).parent / "tables" / "periods.tsv"
ROWS = [
    line.split("\t")
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_table(row: list[str]) -> None:
    if row[1] == "无":
        assert find_periods(f"县里{row[0]}，投入资金。") == []
        return
    (found,) = periods(f"我县自{row[0]}，投入资金。", datetime.date(2022, 6, 15))
    assert (found.text, found.period) == (row[1], row[2])


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_no_time_zone_and_no_clock(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """机器的时区与当天日期不影响读数。"""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    text = "今年1—9月投入3亿元，去年同期2亿元，近三年累计8亿元。年底完工，上个月验收。"
    got = [p.period for p in periods(text, datetime.date(2022, 1, 1))]
    assert got == ["2022-01/2022-09", "2021", "2020/2022", "2022-12", "2021-12"]
    assert [p.period for p in periods(text)] == [None] * 5
    monkeypatch.undo()
    time.tzset()


def test_next_year_follows_the_year_before_it() -> None:
    assert [p.period for p in periods("2018年9月开工，次年6月完工。")] == ["2018-09", "2019-06"]


# 不是时间，或不指哪一年
NOTHING = [
    "每年安排资金500万元",
    "近年来成绩显著",
    "近几年变化很大",
    "连续三年居全市首位",
    "连续x年获奖",
    "学前三年毛入园率",
    "初中三年巩固率",
    "学前教育三年行动计划",
    "小学六年级",
    "九年一贯制学校",
    "建校60周年",
    "教龄30年以上",
    "工期3个月",
    "每月发放一次",
    "“十三五”规划纲要",
    "“十二五”重点课题",
    "共有2021名学生",
    "面积2016平方米",
    "两年一次",
    "秋季开学",
    "第512609360号",
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text: str) -> None:
    assert find_periods(text) == []


@pytest.mark.parametrize("text", ["20XX年", "xx年", "**年", "201×年", "２０xx年度", "XXXX-XXXX年"])
def test_masked_years_are_masked(text: str) -> None:
    (found,) = find_periods(f"全县{text}投入资金")
    assert found.masked and found.period is None
    assert resolve(found, 2019) is None


def test_kept_apart_from_the_next_word() -> None:
    """“今年初中”是今年的初中，不是年初。"""
    assert [p.text for p in find_periods("今年初中毕业生增加，2019年初级职称")] == ["今年", "2019年"]


def test_list_of_years() -> None:
    assert [p.period for p in find_periods("2013、2014和2015年")] == ["2013", "2014", "2015"]


def test_month_follows_the_year_before_it() -> None:
    found = periods("2019年开工，12月底完工。8月验收。", datetime.date(2022, 6, 15))
    assert [p.period for p in found] == ["2019", "2019-12", "2022-08"]


def test_offsets_of_a_part() -> None:
    text = "2018年以前。2019年新建，2020年完工。"
    found = find_periods(text, 8, 16)
    assert [(p.start, p.end, text[p.start : p.end]) for p in found] == [(8, 13, "2019年")]


@pytest.mark.parametrize(
    ("relative", "number", "year", "date", "period"),
    [
        ("last_n", 1, 2020, None, "2020"),
        ("since@2009-06", None, 2012, None, "2009/2012"),  # 没有日期只能写到年
        ("since@2009-06", None, 2012, "2012-07-05", "2009-06/2012-07"),
        ("since@2009-06", None, 2012, "2013-01", "2009/2012"),  # 次年一月才印的报告
        ("since@2025", None, 2020, None, "2025"),
        ("same_period", None, 2020, None, None),
        ("this_year", None, None, None, None),
    ],
)
def test_resolve(
    relative: str, number: int | None, year: int | None, date: str | None, period: str | None
) -> None:
    assert resolve(PeriodExpr(0, 1, "", None, relative, number), year, date) == period


@pytest.mark.parametrize(
    "row", [r for r in default_lexicon().table("periods") if r["example"]], ids=lambda r: r["word"]
)
def test_lexicon_example(row) -> None:  # type: ignore[no-untyped-def]
    found = find_periods(row["example"])
    if row["role"] == "relative":
        assert any(
            p.relative and p.relative.startswith(row["value"]) and row["word"] in p.text for p in found
        )
    elif row["role"] == "plan":
        first, last = row["value"].split("/")
        assert any(p.period in (row["value"], first, last) for p in found)
    elif row["role"] == "plan_name":
        assert found == []


def test_every_time_word_has_an_example() -> None:
    rows = default_lexicon().table("periods")
    assert [
        r["word"] for r in rows if r["role"] in ("relative", "plan", "plan_name") and not r["example"]
    ] == []


PIECES = st.sampled_from(
    [
        "2019",
        "20xx",
        "年",
        "月",
        "日",
        "底",
        "初",
        "12",
        "3",
        "三",
        "十",
        "二〇一九",
        "至",
        "-",
        "、",
        "和",
        "今",
        "去",
        "近",
        "五",
        "十三五",
        "“",
        "”",
        "以来",
        "起",
        "自",
        "学年",
        "度",
        "上半",
        "季度",
        "第",
        "前",
        "内",
        "用",
        "时间",
        "目前",
        "截至",
        "，",
        "期间",
        "末",
    ]
)
ISO = re.compile(r"\d{4}(-\d\d){0,2}|\d{4}/\d{4}|\d{4}-\d\d/\d{4}-\d\d")


@given(st.lists(PIECES, max_size=14).map("".join))
def test_any_text_gives_ordered_expressions_with_iso_periods(text: str) -> None:
    found = find_periods(text)
    at = 0
    for p in found:
        assert at <= p.start < p.end <= len(text) and p.text == text[p.start : p.end]
        at = p.end
        period = resolve(p, 2019, "2019-06")
        assert period is None or ISO.fullmatch(period), period


def _misses_nothing(text: str) -> None:
    g = grammar(default_lexicon())
    plain = [
        m.span()
        for m in g.pattern.finditer(text)
        if m.lastgroup != "part" or m[0][0] not in "春秋夏冬寒暑底末终初"  # alone they name no period
    ]
    assert [m.span() for m in g.expressions(text, 0, len(text))] == plain


@given(st.lists(PIECES, max_size=14).map("".join))
def test_looking_for_first_characters_misses_no_expression(text: str) -> None:
    _misses_nothing(text)


def test_looking_for_first_characters_misses_no_expression_of_the_reports() -> None:
    for path in sorted((Path(__file__).parents[1] / "corpora" / "train").glob("*.txt")):
        _misses_nothing(ingest.read_path(path, path.name).text)


@pytest.mark.slow
def test_speed() -> None:
    text = (
        "全县现有学校165所，其中初中22所；2019年投入3亿元，新建校舍12万平方米，近三年招聘教师586名。" * 2000
    )
    find_periods(text[:100])  # 先把词表读好
    start = time.process_time()
    find_periods(text)
    assert len(text) / (time.process_time() - start) > 1_200_000  # 实测350万字/秒，机器繁忙时仍应远高于此
