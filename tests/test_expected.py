"""What is known about the five seed documents (``../shared/bench/seeds/EXPECTED.md``), row by row.

Status of a row: ``found`` the software reports it · ``explained`` it reports it and says why, or keeps quiet for a stated reason ·
``verified`` it checks the relation and finds it to hold · ``quiet`` it reads the figures and accuses nobody · ``read`` it reads the
damaged or masked figure so. Figures are named by their digits in the raw
text (``59#1`` is the second 59). Skipped where the seeds are not at hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from reportminer import checks
from reportminer.core import CheckResult, Observation, Report

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "bench" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="seed documents are not part of the distribution")

Test = Callable[[], None]


@cache
def seed(name: str) -> tuple[str, Report, CheckResult]:
    """Raw text, report and findings of one seed document, through the real pipeline."""
    from reportminer.pipeline import read_file

    path = SEEDS / f"{name}.txt"
    report = read_file(path, path.name)
    return report.text.raw.text, report, checks.run([report])


def place(name: str, digits: str) -> int:
    """Raw offset of the n-th occurrence of a number (``59#1``: the second)."""
    number, _, n = digits.partition("#")
    hits = [m.start() for m in re.finditer(rf"(?<![\d.]){re.escape(number)}(?![\d.])", seed(name)[0])]
    return hits[int(n or 0)]


def at(name: str, digits: str) -> Observation:
    """The observation that covers a number of the raw text."""
    offset = place(name, digits)
    found = [o for o in seed(name)[1].observations if o.start <= offset < o.end]
    assert found, f"{name}: nothing was read at {digits}"
    return found[0]


def found(
    name: str, kind: str, *digits: str, severities: Sequence[str] = ("error", "warning"), says: str = ""
) -> Test:
    def test() -> None:
        want = {at(name, d).id for d in digits}
        hits = [
            f
            for f in seed(name)[2].findings
            if f.type == kind and f.severity in severities and want <= set(f.members)
        ]
        assert hits, [f.message for f in seed(name)[2].findings if f.severity != "info"]
        assert not says or any(says in f.message + "".join(f.explanations) for f in hits), [
            f.message for f in hits
        ]

    return test


def silent(name: str, check: str) -> Test:
    """A check that ran over the document and says nothing."""

    def test() -> None:
        assert [f.message for f in seed(name)[2].findings if f.check == check] == []

    return test


def noted(name: str, check: str, says: str = "") -> Test:
    """A finding or note of a check whose message says so, whatever figure it hangs on."""

    def test() -> None:
        hits = [f.message + "".join(f.explanations) for f in seed(name)[2].findings if f.check == check]
        assert any(says in h for h in hits), hits or [
            (f.check, f.message) for f in seed(name)[2].findings if f.check != "T3"
        ]

    return test


def holds(name: str, check: str, *digits: str) -> Test:
    def test() -> None:
        want = {at(name, d).id for d in digits}
        assert any(v.check == check and want <= set(v.members) for v in seed(name)[2].verified), [
            at(name, d).text for d in digits
        ]
        assert not any(
            len(want & set(f.members)) > 1 for f in seed(name)[2].findings if f.severity == "error"
        )

    return test


def quiet(name: str, *digits: str) -> Test:
    def test() -> None:
        ids = {at(name, d).id for d in digits}
        assert [
            f.message for f in seed(name)[2].findings if f.severity != "info" and ids & set(f.members)
        ] == []

    return test


def read(name: str, digits: str, value: str | None = None, **fields: object) -> Test:
    def test() -> None:
        o = at(name, digits)
        assert o.value == (None if value is None else Decimal(value))
        assert {k: getattr(o, k) for k in fields} == fields

    return test


def nothing(name: str, pattern: str) -> Test:
    """No observation lies inside what the pattern matches in the raw text (page furniture, dates, names)."""

    def test() -> None:
        spans = [m.span() for m in re.finditer(pattern, seed(name)[0])]
        assert spans
        inside = [o.text for o in seed(name)[1].observations for a, b in spans if a <= o.start and o.end <= b]
        assert inside == []

    return test


def masked(name: str, least: int, unit: str | None = None) -> Test:
    def test() -> None:
        _, report, result = seed(name)
        hidden = [o for o in report.observations if o.masked and (unit is None or o.unit == unit)]
        assert len(hidden) >= least
        assert all(o.value is None for o in hidden)
        notes = {m for f in result.findings if f.type == "masked" for m in f.members}
        assert {o.id for o in hidden} <= notes

    return test


def says_nothing(name: str, check: str, *quoted: str) -> Test:
    """A check that speaks of other things in the document, not of these words (or of the same words elsewhere)."""

    def test() -> None:
        told = [f.message for f in seed(name)[2].findings if f.check == check]
        assert told
        assert [m for m in told for q in quoted if q in m] == []

    return test


@cache
def together(names: tuple[str, ...]) -> CheckResult:
    return checks.run([seed(n)[1] for n in names])


def across(names: tuple[str, ...], check: str, says: str) -> Test:
    """A finding of a check across documents, with a figure of each."""

    def test() -> None:
        hits = [f for f in together(names).findings if f.check == check and says in f.message]
        assert hits
        assert {s for f in hits for s in f.sources} == {f"{n}.txt" for n in names}

    return test


def apart(names: tuple[str, ...], *figures: tuple[str, str]) -> Test:
    """Figures of several documents that no finding sets against each other."""

    def test() -> None:
        ids = {at(n, d).id for n, d in figures}
        assert [f.message for f in together(names).findings if ids <= set(f.members)] == []

    return test


def no_data(name: str, segment: int) -> Test:
    """An article from which no figure was read."""

    def test() -> None:
        report = seed(name)[1]
        span = report.text.segments[segment]
        assert "生产管理" in report.text.clean[span.start : span.end]
        assert [o.text for o in report.observations if o.segment == segment] == []

    return test


def year(name: str, expected: int | None) -> Test:
    def test() -> None:
        assert seed(name)[1].year == expected

    return test


def segments(name: str, n: int) -> Test:
    def test() -> None:
        assert len(seed(name)[1].text.segments) == n

    return test


def every(*tests: Test) -> Test:
    def test() -> None:
        for one in tests:
            one()

    return test


@dataclass(frozen=True)
class Row:
    id: str
    status: str
    what: str
    test: Test


ROWS = [
    # ---- 000
    Row("0-1", "found", "三项之和多出的正是高中人数", found("000", "sum", "46506", "7894", "21265", "25241", severities=("error",), says="7894")),
    Row("0-2", "found", "2021年既是今年又不是今年", found("000", "date", "9")),
    Row("0-3", "explained", "文号的年份被遮盖，无从核对；正文年份的替换已由 D3 指出", every(noted("000", "D3", "年份可能经过替换"), silent("000", "D5n"))),
    Row("0-4", "read", "吞掉一位数字的总人口不作3万", read("000", "?3", None, masked=True, unit="人")),
    Row("0-5", "verified", "3+12+55=70；同名类别提示", every(holds("000", "S1", "70", "12", "55"), noted("000", "S5", "学校"))),
    Row("0-6", "found", "280万元占两笔资金的大半，口径待核", noted("000", "P3", "280")),
    Row("0-7", "found", "同为4所，一份说全区，一份说省", across(("000", "002"), "X1a", "级别不同")),
    Row("0-8", "found", "文末残缺", noted("000", "D6", "加强紧缺科")),
    Row("0-9", "quiet", "师生比两种口径都说得通", quiet("000", "3089")),
    Row("0-10", "found", "会议2次归属不明", every(read("000", "2#3", "2", unit="次"), noted("000", "E2", "2次"))),
    Row("0-11", "quiet", "乡镇街道与成校数", quiet("000", "230", "7#1")),
    Row("0-12", "quiet", "括号内其中只是一部分", quiet("000", "58", "51")),
    Row("0-13", "quiet", "9所四次提到", every(quiet("000", "9#1", "9#2"), read("000", "8", "8", unit="期"))),
    Row("T0-a", "read", "页码标记不是数字", nothing("000", r"\n(?:[2-9]|10)、")),
    Row("T0-b", "read", "文号不是数字", nothing("000", r"湘發\S{0,6}XX年18號")),
    Row("T0-c", "read", "站点残留不是数字", nothing("000", r"345mb")),
    Row("T0-d", "read", "乱码后的9所", read("000", "9#2", "9", unit="所")),
    # ---- 001
    Row("1-1", "found", "缺口差26万元，5100为约数则成立", found("001", "sum", "33806", "5113", "5100", "23567", severities=("warning",), says="5100")),
    Row("1-2", "found", "上级资金与使用资金相差41万元", noted("001", "X3", "相差41万元（0.8%）")),
    Row("1-3", "found", "重点工程大于总需，除去高中为8300万元", noted("001", "P1w", "除去后为8300万元")),
    Row("1-4", "found", "单价倒挂，含运动场", noted("001", "U4", "279.6元")),
    Row("1-5", "verified", "各工程单价在常见范围", every(*(holds("001", "U3", *d) for d in (("1234", "7880"), ("4000", "22400"), ("7221", "1500"), ("800", "4950"), ("12000", "2000")) ))),
    Row("1-6", "found", "师机比隐含的教师偏少", noted("001", "C4n", "平均每校8.5人")),
    Row("1-7", "verified", "700多万元、近2000台，单价在常见范围", every(read("001", "700", "7000000", bound="ge"), read("001", "2000#1", "2000", bound="le"), holds("001", "U3", "700", "2000#1"))),
    Row("1-8", "found", "一月报告中的今年指上一年", noted("001", "D2", "今年")),
    Row("1-9", "found", "96000平方米四个月主体完工", noted("001", "P5", "4个月")),
    Row("1-10", "read", "届时的数是计划数", every(read("001", "10#1", "10", status="planned"), read("001", "100#3", "100", status="planned"))),
    Row("1-11", "found", "模式数1234", noted("001", "V6", "1234")),
    Row("1-12", "found", "改薄与改簿", noted("001", "E4", "改簿")),
    Row("1-13", "verified", "14+11+2+29=56", holds("001", "S1", "56", "14", "11", "29")),
    Row("1-14", "verified", "11+7=18", holds("001", "S1", "18", "11#1", "7")),
    Row("1-15", "verified", "1500+600+1000=3100，先接回被页码切开的600", holds("001", "S1", "3100", "1500#1", "6#2", "1000")),
    Row("1-16", "quiet", "特别是：只是一部分", quiet("001", "2715")),
    Row("1-17", "quiet", "受益学校少于项目", quiet("001", "140", "92", "37")),
    Row("1-18", "quiet", "缺口小于投资", quiet("001", "4000", "1500", "2000")),
    Row("1-19", "quiet", "完小与教学点减少", quiet("001", "134", "110", "176", "125")),
    Row("1-20", "quiet", "列举数目相符，没有提示", silent("001", "S6")),
    Row("T1-a", "read", "页码标记", nothing("001", r"10\n\n3、個方面")),
    Row("T1-b", "read", "被页码切开的600万", read("001", "6#2", "6000000", unit="元")),
    Row("T1-c", "read", "页码旁的100%与4950", every(read("001", "100", "100", unit="%"), read("001", "4950", "4950"))),
    Row("T1-d", "read", "年份区间不是数字", nothing("001", r"20XX2022年")),
    Row("T1-e", "read", "丢了%的70以上", read("001", "70", "70", bound="ge", unit="%")),
    Row("T1-f", "read", "日期不是小数", nothing("001", r"2月下旬-3\.5之間|5\.25-6\.10")),
    Row("T1-g", "read", "全文没有年份", year("001", None)),
    # ---- 002
    Row("2-1", "found", "同一完工事项两个日期", noted("002", "D4", "9月25日，后作8月25日")),
    Row("2-2", "found", "着手晚于首次招标", noted("002", "D4o", "5月13日")),
    Row("2-3", "found", "1000名疑漏一个零", noted("002", "U2", "若1000名应为10000名，则为120元")),
    Row("2-4", "found", "家具老于校舍", noted("002", "D4a", "2018年")),
    Row("2-5", "found", "五个环节只见其二", noted("002", "S6", "五个环节")),
    Row("2-6", "found", "三项举措只见其二", noted("002", "S6", "三项举措")),
    Row("2-7", "found", "两篇雷同，提示只计一次", noted("002", "N1", "第1篇与第2篇")),
    Row("2-8", "found", "我镇与全县混用", noted("002", "E1", "我镇")),
    Row("2-9", "read", "一个文件五篇", segments("002", 5)),
    Row("2-10", "quiet", "30万元可能在60万元之内，不相加", quiet("002", "60", "30")),
    Row("2-11", "quiet", "没有总数的分项", quiet("002", "30#1", "15")),
    Row("2-12", "quiet", "42所与70所口径不同，不作矛盾", apart(("000", "002"), ("002", "42"), ("000", "70"))),
    Row("2-13", "quiet", "获奖多而无上限", quiet("002", "500", "40")),
    Row("2-14", "quiet", "列举数目相符的没有提示", says_nothing("002", "S6", "四个到位", "三个方面", "四个方面")),
    Row("2-15", "read", "与000相同的2所、9所", every(read("002", "2#7", "2", unit="所"), read("002", "9", "9", unit="所"))),
    Row("2-16", "verified", "26所两次相同", holds("002", "R1", "26", "26#1")),
    Row("2-17", "quiet", "七块、35块、70盒", quiet("002", "35", "70")),
    Row("T2-a", "read", "丢了数字的单位", masked("002", 6)),
    Row("T2-b", "read", "xx多万元", masked("002", 3, "元")),
    Row("T2-c", "read", "8000m2", every(read("002", "8000", "8000", unit="平方米"), read("002", "1800", "1800", unit="平方米"))),
    Row("T2-d", "read", "站点残留", nothing("002", r"6dgww")),
    Row("T2-e", "read", "附件序号不是数字", nothing("002", r"见附件\n+二、附件三")),
    # ---- 003
    Row("3-1", "found", "题名2021年而以十一五为当期规划", noted("003", "D1", "十一五")),
    Row("3-2", "explained", "政策年代旁证并入 3-1", noted("003", "D1", "2006—2010")),
    Row("3-3", "found", "占位数由列举得1、2、3", every(noted("003", "M1", "列出了1项（XX八中）"), noted("003", "M1", "列出了2项（双塔初中、城南初中）"), noted("003", "M1", "列出了3项（滨江中学"))),
    Row("3-4", "found", "XX乡、XX镇、XX乡为3个", noted("003", "M1", "列出了3项（XX乡、XX镇、XX乡）")),
    Row("3-5", "found", "三位占位的比率只能是100%", every(masked("003", 4, "%"), *(noted("003", "M2", f"“{n}”占位三位数") for n in ("项目峻工目标", "乡镇中心幼儿园建成率", "办理满意率")))),
    Row("3-6", "found", "X. XX万平方米小于10万平方米", every(masked("003", 1, "平方米"), noted("003", "M2", "“X.XX万平方米”小于10万平方米；“xxxx.X万元”在1000至9999.9万元之间"))),
    Row("3-7", "found", "留下的镇名可还原；哪一县须查乡镇名录，输出仍遮盖", noted("003", "E5", "峡口镇、石门镇、贺村镇")),
    Row("3-8", "found", "文末残缺", noted("003", "D6", "XXX")),
    Row("3-9", "read", "人次与人不混", masked("003", 1, "人次")),
    Row("3-10", "quiet", "列举数目相符，没有提示", silent("003", "S6")),
    Row("T3-a", "read", "页码标记", nothing("003", r"\n\n\d{1,2}、(?=[^人])")),
    Row("T3-b", "read", "各种占位符", masked("003", 70)),
    # ---- 004
    Row("4-1", "found", "8+11+2=21，比24少3", found("004", "sum", "24", "8#2", "11", "2#21", says="少3")),
    Row("4-2", "explained", "加上另有的84个教学点恰为173，提示而不作矛盾", every(quiet("004", "173", "82"), noted("004", "S1", "教学点84个恰好相等"))),
    Row("4-3", "found", "近10%以上", found("004", "range", "10#2", severities=("error", "warning"))),
    Row("4-4", "quiet", "率的增长是百分点还是百分比（G2 留待）", quiet("004", "5.28", "12.7")),
    Row("4-5", "found", "同比误用", noted("004", "G3", "同比")),
    Row("4-6", "found", "巩固率明显低于完学率之积", noted("004", "V3", "79.3")),
    Row("4-7", "found", "竣工多于净增", noted("004", "F1", "77748.79平方米")),
    Row("4-8", "quiet", "采购任务可超过100%", quiet("004", "107")),
    Row("4-9", "quiet", "同一数字两种口径（R1 口径留待）", quiet("004", "677.53", "677.53#1")),
    Row("4-10", "explained", "“做好建设工作”不等于没有建成，不作矛盾", every(silent("004", "R1s"), quiet("004", "13#1"))),
    Row("4-11", "found", "可还原为一个市，至2010年的区划；名称仍遮盖", noted("004", "E5", "同属一个市（至2010年的区划）")),
    Row("4-12", "read", "网页日期不作数据年份", nothing("004", r"2023-03-22")),
    Row("4-13", "explained", "是否离题要靠人判断；该篇没有一个数进入数据", no_data("004", 7)),
    Row("4-14", "found", "改薄与薄改", noted("004", "E4", "全面薄改")),
    Row("4-15", "read", "183.76万余册", read("004", "183.76", "1837600", bound="ge", unit="册")),
    Row("4-16", "verified", "51+173=224，2+49=51", every(holds("004", "S1", "224", "51#1", "173"), holds("004", "S1", "51#1", "49"))),
    Row("4-17", "verified", "31/224=13.8%", holds("004", "C1", "31", "224", "13.8")),
    Row("4-18", "verified", "71+110=181；59924+74361=134285", every(holds("004", "S1", "181", "71#1", "110#1"), holds("004", "S1", "134#1", "59#2", "74#1"))),
    Row("4-19", "quiet", "75%与72%同基（C2 留待）", quiet("004", "75", "72")),
    Row("4-20", "quiet", "校舍总面积与增加数", quiet("004", "509", "50#4")),
    Row("4-21", "verified", "71个、59924、677.53重复相同", holds("004", "R1", "59#1", "59#2")),
    Row("4-22", "quiet", "总比例在各区之间", quiet("004", "23.04", "58.90", "40.79", "17.39")),
    Row("4-23", "quiet", "多项选择之和超过100", quiet("004", "78.0", "80.8", "59.4")),
    Row("4-24", "quiet", "均低于90%", quiet("004", "87.7", "82.5")),
    Row("4-25", "quiet", "13所两次", quiet("004", "13", "13#1")),
    Row("4-26", "quiet", "列举数目相符，没有提示", silent("004", "S6")),
    Row("4-27", "quiet", "时间先后相符", silent("004", "D4")),
    Row("4-28", "quiet", "学生102人、教师9人", quiet("004", "102")),
    Row("4-29", "quiet", "生机比与台数", every(quiet("004", "6#1", "8"), read("004", "13#2", "13134", unit="台"))),
    Row("T4-a", "read", "空格千分位", every(
        read("004", "18", "18704"), read("004", "19", "193738900"), read("004", "59#1", "59924"), read("004", "74", "74361"),
        read("004", "128", "128195"), read("004", "1#31", "11903000"), read("004", "509", "509223.21"), read("004", "50#4", "50446.21"))),
    Row("T4-b", "read", "粘连的序号不是数字", nothing("004", r"职责11、|\n[2-7]1[、.]")),
    Row("T4-c", "read", "网页残留不是数字", nothing("004", r"\?a\nhref=[^\n]{0,40}")),
    Row("T4-d", "read", "占位的年份不是数字", nothing("004", r"\*\*年|20xx年")),
    Row("T4-e", "found", "篇6从“二、”开始", noted("004", "D6s", "“二、”")),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r.id} {r.status}")
def test_row(row: Row) -> None:
    row.test()


def test_every_row_is_answered_once() -> None:
    text = (SEEDS / "EXPECTED.md").read_text(encoding="utf-8")
    wanted = re.findall(r"^\| (T?\d-\w+) \|", text, re.MULTILINE)
    assert [r.id for r in ROWS] == wanted


def test_the_counts_by_status_are_told() -> None:
    """Kept in step with the manual: a row that moves to another status changes this line."""
    assert Counter(r.status for r in ROWS) == COUNTS


COUNTS = {"found": 38, "explained": 5, "read": 29, "verified": 11, "quiet": 29}
