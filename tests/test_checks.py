"""Checks on small reports. A line of a table is a sentence with its figures marked, and what must be found.

A figure is written ⟦text|indicator⟧ with optional words behind: a name (``a``) to be referred to, ``<a`` its whole, a kind (level, change,
growth, share, ratio, price), a status, a year or span of years, ``label=…``. Blank indicator: other.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from reportminer import checks
from reportminer.checks.explain import slip
from reportminer.checks.intervals import Interval, interval, printed
from reportminer.core import (
    CheckResult,
    Coverage,
    Observation,
    RawDocument,
    Report,
    ReportText,
    Segment,
    Span,
    TextMap,
)
from reportminer.lexicon import Lexicon, default_lexicon

KINDS = ("level", "change", "growth", "share", "ratio", "rank", "price")
STATUSES = ("actual", "planned", "required")
SCALES = {"亿": Decimal(10**8), "万": Decimal(10**4), "千": Decimal(1000), "": Decimal(1)}
UNITS = {"亩": Decimal("666.6667"), "公里": Decimal(1000), "公斤": Decimal("0.001")}
CANONICAL = {"亩": "平方米", "公里": "米", "名": "人", "公斤": "吨", "位": "人"}
DIMENSIONS = {
    "元": "money",
    "平方米": "area",
    "米": "length",
    "%": "percent",
    "百分点": "points",
    "比": "ratio",
    "倍": "multiple",
    "吨": "mass",
}
FIGURE = re.compile(r"⟦([^|⟧]*)(?:\|([^⟧]*))?⟧")
NUMBER = re.compile(r"(-?[\d.]+)(?:多|余|来)?(亿|万|千)?(?:多|余|来|以上)?([^\d多余以左]*)")


def observe(text: str, n: int, start: int, words: list[str], sentence: int) -> tuple[Observation, str, str]:
    """One marked figure as an observation, its name and the name of its whole."""
    indicator, kind, status, name, whole, period, label, area = (
        (words[0] if words else ""),
        "level",
        "actual",
        "",
        "",
        "2020",
        "",
        "甲县",
    )
    for w in words[1:]:
        if w in KINDS:
            kind = w
        elif w in STATUSES:
            status = w
        elif w.startswith("<"):
            whole = w[1:]
        elif w.startswith("label="):
            label = w[6:]
        elif w.startswith("area="):
            area = w[5:]
        elif re.fullmatch(r"\d{4}[\d/-]*", w):
            period = w
        else:
            name = w
    m = NUMBER.search(text)
    value = value2 = None
    unit = ""
    masked = "x" in text
    if re.fullmatch(r"[\d.]+(?::[\d.]+)+", text):
        parts = [Decimal(x) for x in text.split(":")]
        value, unit = (parts[0] / parts[1] if len(parts) == 2 else None), "比"
    elif m:
        unit = m.group(3)
        value = Decimal(m.group(1)) * SCALES[m.group(2) or ""] * UNITS.get(unit, Decimal(1))
        unit = "百分点" if "百分点" in unit else CANONICAL.get(unit, unit)
    bound = (
        "ge"
        if re.search("多|余|以上|超", text)
        else "le"
        if re.search("近|不足|以内", text)
        else "approx"
        if "左右" in text
        else "eq"
    )
    if kind in ("change", "growth") and "减" in label and value:
        value = -value
    o = Observation(
        id=f"o{n}", source="test.txt", segment=0, start=start, end=start + len(text), text=text, page=None, value=value, value2=value2,
        value_text=text if unit == "比" else None, unit=unit or None, bound=bound, masked=masked, indicator=indicator or "other", label=label,
        kind=kind, status=status, period=period, area=area, area_code=None, scope={}, part_of=None, confidence=1, rule="test",
        dimension=DIMENSIONS.get(unit, "count"), sentence=sentence, clean_start=start, clean_end=start + len(text),
    )  # fmt: skip
    return o, name, whole


def make(marked: str, *, date: str | None = None, source: str = "test.txt", year: int = 2020) -> Report:
    """A report from marked text."""
    from dataclasses import replace

    clean, drafts, last = "", [], 0
    for m in FIGURE.finditer(marked):
        clean += marked[last : m.start()]
        drafts.append((m.group(1), len(clean), (m.group(2) or "").split(" ") if m.group(2) else []))
        clean += m.group(1)
        last = m.end()
    clean += marked[last:]
    ends = [m.end() for m in re.finditer(r"[。；！？\n]", clean)]
    cuts = [0, *ends, *([len(clean)] if not ends or ends[-1] < len(clean) else [])]
    sentences = tuple(Span(a, b) for a, b in pairwise(cuts))
    segment = Segment(0, 0, len(clean), "测试", "甲县", None, year, "summary", date)
    text = ReportText(
        RawDocument(source, "0", "txt", clean),
        clean,
        TextMap(range(len(clean))),
        sentences,
        (segment,),
        segment,
    )
    made = [
        observe(t, n, start, words, text.sentence_at(start)) for n, (t, start, words) in enumerate(drafts)
    ]
    ids = {name: o.id for o, name, _ in made if name}
    items = tuple(replace(o, source=source, part_of=ids[whole] if whole else None) for o, _, whole in made)
    return Report(text, items, Coverage(0, 0, {}))


def check(marked: str, **kw: str) -> CheckResult:
    return checks.run([make(marked, **kw)])  # type: ignore[arg-type]


def brief(result: CheckResult) -> list[str]:
    """What was found, without notes on masked figures: check and severity."""
    return [f"{f.check} {f.severity}" for f in result.findings if f.severity != "info"]


# (what it shows, marked text, findings)
CASES: list[tuple[str, str, list[str]]] = [
    # ---- S1 sums
    ("具体是：分项多于总数", "投入资金⟦900万元|fund_investment a⟧，具体是：校舍⟦500万元|fund_investment <a⟧、设备⟦300万元|fund_investment <a⟧、培训⟦200万元|fund_investment <a⟧。", ["S1 error"]),
    ("具体是：分项相符", "投入资金⟦1000万元|fund_investment a⟧，具体是：校舍⟦500万元|fund_investment <a⟧、设备⟦300万元|fund_investment <a⟧、培训⟦200万元|fund_investment <a⟧。", []),
    ("从年龄看：少20人", "从年龄看，⟦3862名|teachers a⟧教职工中，35岁以下的⟦1276人|teachers <a⟧，36至45岁的⟦1318人|teachers <a⟧，46岁以上的⟦1248人|teachers <a⟧。", ["S1 error"]),
    ("其中：只是选择", "投入资金⟦900万元|fund_investment a⟧，其中校舍⟦500万元|fund_investment <a⟧、设备⟦300万元|fund_investment <a⟧。", []),
    ("其中：有重叠的类别", "全县有教师⟦500人|teachers a⟧，其中女教师⟦300人|teachers <a⟧，党员⟦200人|teachers <a⟧，骨干教师⟦150人|teachers <a⟧。", []),
    ("其中：逐级包含的类别", "签约项目⟦57个|projects_total a⟧，其中亿元以上项目⟦41个|projects_total <a⟧、10亿元以上项目⟦24个|projects_total <a⟧。", []),
    ("其中：学历以上互相包含", "教师⟦118人|teachers a⟧，其中大专以上⟦112人|teachers <a⟧、本科⟦49人|teachers <a⟧。", []),
    ("其中：互斥的学段之和超过总数", "在校学生⟦9000人|pupils a⟧，其中小学⟦6000人|pupils <a⟧、初中⟦3500人|pupils <a⟧。", ["S1 error"]),
    ("其中：去掉一项恰好相等", "在校学生⟦46506人|pupils a⟧，其中高中⟦7894人|pupils <a⟧，学校⟦21265人|pupils <a⟧，学校⟦25241人|pupils <a⟧。", ["S1 error"]),
    ("其中：几项资金来源少一点", "投资⟦685.6万元|fund_investment a⟧，其中中央⟦301.3万元|fund_investment <a⟧、省级⟦198.6万元|fund_investment <a⟧、市级⟦43.2万元|fund_investment <a⟧、县级⟦128.5万元|fund_investment <a⟧。", ["S1 warning"]),
    ("等：列举未尽", "投资⟦900万元|fund_investment a⟧，具体是：校舍⟦500万元|fund_investment <a⟧、设备⟦300万元|fund_investment <a⟧等。", []),
    ("括号：相符", "⟦56个|projects_total a⟧项目（教学楼⟦14个|projects_total <a⟧、厕所⟦11个|projects_total <a⟧、宿舍⟦2个|projects_total <a⟧、运动场⟦29个|projects_total <a⟧）。", []),
    ("括号：多一个", "⟦56个|projects_total a⟧项目（教学楼⟦14个|projects_total <a⟧、厕所⟦11个|projects_total <a⟧、宿舍⟦3个|projects_total <a⟧、运动场⟦29个|projects_total <a⟧）。", ["S1 error"]),
    ("括号其中：部分", "幼儿园⟦58所|kindergartens a⟧（其中民办幼儿园⟦51所|kindergartens <a⟧）。", []),
    ("括号后另有：只记一笔", "小学⟦173所|schools_total a⟧（城区⟦7所|schools_total <a⟧、农村完小⟦82所|schools_total <a⟧），另有教学点⟦84个|teaching_points⟧。", []),
    ("余：在范围内", "筹资⟦860余万元|fund_raised a⟧，其中市级⟦420万元|fund_raised <a⟧、镇⟦85万元|fund_raised <a⟧、捐资⟦355.6万元|fund_raised <a⟧。", []),
    ("修约：1.2亿元", "投入⟦1.2亿元|fund_investment a⟧，具体是：校舍⟦7000万元|fund_investment <a⟧、设备⟦5300万元|fund_investment <a⟧。", []),
    ("两种分法都相符", "筹资⟦3亿元|fund_raised a⟧，其中2013年⟦1亿元|fund_raised <a⟧、2014年⟦2亿元|fund_raised <a⟧。从来源看，中央⟦1.8亿元|fund_raised <a⟧，县级⟦1.2亿元|fund_raised <a⟧。", []),
    ("两种分法一种不符", "公路⟦900公里|length_built a⟧。按行政等级分，县道⟦200公里|length_built <a⟧、乡道⟦300公里|length_built <a⟧、村道⟦400公里|length_built <a⟧；按路面分，水泥路⟦700公里|length_built <a⟧、砂石路⟦150公里|length_built <a⟧。", ["S1 warning"]),
    ("部分大于整体", "完成投资⟦500万元|fund_investment a⟧，其中校舍⟦5200万元|fund_investment <a⟧。", ["S3 error"]),
    ("上述四项合计不符", "支出⟦9000万元|fiscal_expenditure a⟧，其中教育⟦2000万元|fiscal_expenditure <a⟧，卫生⟦1000万元|fiscal_expenditure <a⟧，农林⟦1500万元|fiscal_expenditure <a⟧，社保⟦1800万元|fiscal_expenditure <a⟧，上述四项合计⟦6400万元|fiscal_expenditure <a⟧。", ["S1 error"]),
    ("占比之和超过100：有重叠", "在园幼儿⟦12054人|pupils a⟧，其中公办园⟦6780人|pupils <a⟧，占⟦56.2%|share_other share⟧，普惠园⟦10716人|pupils <a⟧，占⟦88.9%|share_other share⟧。", []),
    ("顿号接着列：不因恰好凑足而中断", "学校⟦165所|schools_total a⟧，其中小学⟦112所|schools_total <a⟧、初中⟦24所|schools_total <a⟧、一贯制⟦29所|schools_total <a⟧、村完小⟦68所|schools_total <a⟧。", ["S1 warning"]),
    ("逗号后另说一事", "项目⟦18个|projects_total a⟧，其中续建⟦10个|projects_total <a⟧、新开工⟦8个|projects_total <a⟧，已竣工⟦5个|projects_total <a⟧。", []),
    ("漏读的一项：不作矛盾", "项目⟦56个|projects_total a⟧（教学楼⟦14个|projects_total <a⟧、厕所11个、宿舍⟦2个|projects_total <a⟧、运动场⟦29个|projects_total <a⟧）。", []),
    ("未标为分项的一项：仍相符", "项目⟦56个|projects_total a⟧（教学楼⟦14个|projects_total <a⟧、厕所⟦11个|projects_total⟧、宿舍⟦2个|projects_total <a⟧、运动场⟦29个|projects_total <a⟧）。", []),
    ("其他若干人收尾：列全", "从学段看，⟦3862名|teachers a⟧教职工中，小学⟦1645人|teachers <a⟧，初中⟦1412人|teachers <a⟧，高中⟦668人|teachers <a⟧，其他⟦117人|teachers <a⟧。", ["S1 error"]),
    # ---- S4 balance
    ("缺口不符", "共需建设资金⟦3000万元|fund_required⟧，已到位⟦1200万元|fund_transfer⟧，预计再下达⟦800万元|fund_transfer⟧，资金缺口仍达⟦1100万元|fund_gap⟧。", ["S4 warning"]),
    ("缺口相符", "共需建设资金⟦3000万元|fund_required⟧，已到位⟦1200万元|fund_transfer⟧，预计再下达⟦800万元|fund_transfer⟧，资金缺口⟦1000万元|fund_gap⟧。", []),
    ("缺口与别的数无关", "完成投资⟦3000万元|fund_investment⟧，新建校舍⟦2万平方米|area_built⟧，尚缺教师⟦20人|shortage⟧。", []),
    ("剩余项目", "计划实施项目⟦120个|projects_total planned⟧，已完成⟦85个|projects_completed⟧，剩余⟦25个|projects_total⟧正在实施。", ["S4 warning"]),
    # ---- C1 shares
    ("占比不符", "现有教师⟦118人|teachers a⟧，其中大专以上学历⟦112人|teachers <a⟧，占⟦97.6%|share_other share⟧。", ["C1 error"]),
    ("占比相符", "现有教师⟦118人|teachers a⟧，其中大专以上学历⟦112人|teachers <a⟧，占⟦94.9%|share_other share⟧。", []),
    ("占比截尾也算相符", "现有教师⟦118人|teachers a⟧，其中大专以上学历⟦112人|teachers <a⟧，占⟦94.91%|share_other share⟧。", []),
    ("为预算的", "全年收入⟦26914万元|fiscal_revenue⟧，为预算⟦25800万元|fiscal_revenue planned⟧的⟦114.32%|rate_completion share⟧。", ["C1 error"]),
    ("占别处的总数：不算", "镇中心小学教师⟦60人|teachers a⟧，其中高级⟦12人|teachers <a⟧，占全县高级教师总数的⟦3%|share_other share⟧。", []),
    ("几项合占", "学校⟦100所|schools_total a⟧，其中优秀⟦20所|schools_total <a⟧、良好⟦50所|schools_total <a⟧，占⟦70%|share_other share⟧。", []),
    ("占计划的，分母不在文中", "完成投资⟦1.05亿元|fund_investment⟧，占计划的⟦82.7%|rate_completion share⟧。", []),
    ("分母由上文推得", "各级学校⟦254所|schools_total a⟧，其中义务教育学校⟦224所|schools_total b <a⟧。达标学校⟦31所|schools_total⟧，占义务教育学校的⟦13.8%|rate_qualified share⟧。", []),
    ("回收率不符", "发放问卷⟦400份|other⟧，回收⟦386份|other⟧，回收率⟦95.6%|rate_completion share⟧。", ["C6 error"]),
    ("率的分子不是前面的数", "完全小学⟦80所|schools_total⟧，达标率⟦95%|rate_qualified share⟧。", []),
    ("过半", "教师⟦118人|teachers a⟧，其中党员⟦60人|teachers <a⟧，占⟦50%以上|share_other share⟧。", []),
    # ---- G4 growth
    ("增幅不符", "本科上线⟦4218人|pupils_exam⟧，比上年的⟦3896人|pupils_exam 2019⟧增加⟦322人|pupils_exam change⟧，增长⟦13.2%|pupils_exam growth⟧。", ["G4 error"]),
    ("增幅相符", "本科上线⟦4218人|pupils_exam⟧，比上年的⟦3896人|pupils_exam 2019⟧增加⟦322人|pupils_exam change⟧，增长⟦8.3%|pupils_exam growth⟧。", []),
    ("增收与增幅不符", "完成⟦28402万元|fiscal_revenue⟧，同比增长⟦13.4%|fiscal_revenue growth⟧，增收⟦3881万元|fiscal_revenue change⟧。", ["G4 error"]),
    ("同口径增长：不算", "完成⟦28402万元|fiscal_revenue⟧，同口径增长⟦13.4%|fiscal_revenue growth⟧，增收⟦3881万元|fiscal_revenue change⟧。", []),
    ("由…减少到…，差数不符", "完小由⟦134所|schools_total 2015⟧减少到⟦110所|schools_total⟧，减少⟦42所|schools_total change label=减⟧。", ["G4 error"]),
    ("百分点相符", "巩固率由⟦81.3%|rate_retention share 2015⟧上升到⟦90.6%|rate_retention share⟧，提高⟦9.3个百分点|rate_retention change⟧。", []),
    ("百分点不符", "巩固率由⟦81.3%|rate_retention share 2015⟧上升到⟦90.6%|rate_retention share⟧，提高⟦8.3个百分点|rate_retention change⟧。", ["G4 error"]),
    ("生产总值按不变价：不算", "生产总值由⟦39.5亿元|gdp 2015⟧增加到⟦61.5亿元|gdp⟧，增长⟦40%|gdp growth⟧。", []),
    ("两个指标不相混", "生产总值⟦61.5亿元|gdp⟧，增长⟦8.1%|gdp growth⟧；财政收入⟦3.9亿元|fiscal_revenue⟧，增收⟦0.2亿元|fiscal_revenue change⟧。", []),
    ("与计划相比的多少：不算", "招聘教师⟦120人|teachers_recruited⟧，比计划多⟦20人|teachers_recruited change⟧，增长⟦50%|teachers_recruited growth⟧。", []),
    ("两个比较基期：不算", "在校生⟦5000人|pupils⟧，比2015年增加⟦800人|pupils change⟧，同比增长⟦2%|pupils growth⟧。", []),
    ("分别：不算", "收入⟦500万元|revenue_other⟧、接待⟦30万人次|visitors⟧，分别增长⟦20%|revenue_other growth⟧和⟦10%|visitors growth⟧。", []),
    ("下降", "在园幼儿⟦12054人|pupils⟧，比上学年减少⟦1310人|pupils change label=减⟧，下降⟦9.8%|pupils growth label=减⟧。", []),
    ("增长倍数", "设备由⟦1960台|computers 2015⟧增加到⟦4230台|computers⟧，增长⟦1.16倍|computers growth⟧。", []),
    # ---- S7 composition
    ("三次产业比不为100", "三次产业比调整为⟦15.2:44.6:41.2|share_other ratio⟧。", ["S7 error"]),
    ("三次产业比", "三次产业比调整为⟦15.2:44.6:40.2|share_other ratio⟧。", []),
    ("分别占之和101", "小学、初中、高中分别占⟦45.2%|share_other share⟧、⟦31.7%|share_other share⟧和⟦24.1%|share_other share⟧。", ["S7 warning"]),
    ("分别占只列一部分", "小学、初中、高中分别占⟦25.2%|share_other share⟧、⟦31.7%|share_other share⟧和⟦14.1%|share_other share⟧。", []),
    # ---- C4 averages
    ("生均不符", "现有校舍⟦8640平方米|area_school_total label=校舍⟧，在校生⟦2316人|pupils⟧，生均校舍面积⟦5.2平方米|area_school_total price label=校舍⟧。", ["C4 warning"]),
    ("生均相符", "现有校舍⟦8640平方米|area_school_total label=校舍⟧，在校生⟦2316人|pupils⟧，生均校舍面积⟦3.7平方米|area_school_total price label=校舍⟧。", []),
    ("标准不是平均数", "拨款⟦80万元|fund_per_pupil⟧，在校生⟦2316人|pupils⟧，生均公用经费标准⟦650元|fund_per_pupil price⟧。", []),
    # ---- R1 repeats
    ("前后颠倒", "四年累计投入合格学校建设资金⟦4512万元|fund_investment 2017/2020 label=合格学校建设资金⟧。四年投入的⟦4152万元|fund_investment 2017/2020 label=合格学校建设资金⟧已全部到位。", ["R1 error"]),
    ("粗略重述", "累计投入合格学校建设资金⟦4512万元|fund_investment label=合格学校建设资金⟧。投入⟦4500多万元|fund_investment label=合格学校建设资金⟧。", []),
    ("两处不同的事", "县城新建幼儿园⟦3所|kindergartens label=新建幼儿园⟧。乡镇新建幼儿园⟦8所|kindergartens label=新建幼儿园⟧。", []),
    ("总数前后不一", "全县现有小学⟦86所|schools_total label=小学⟧。全县小学共⟦76所|schools_total label=小学⟧，布局合理。", ["R1 warning"]),
    ("总数与部分", "全县现有小学⟦86所|schools_total label=小学⟧。农村小学⟦76所|schools_total label=小学⟧，布局合理。", []),
    ("不同年份", "2015年全县有小学⟦86所|schools_total label=小学 2015⟧。全县小学共⟦76所|schools_total label=小学⟧。", []),
    # ---- V ranges
    ("净入学率", "学龄儿童净入学率达⟦100.6%|rate_enrolment share⟧。", ["V2 error"]),
    ("毛入学率", "初中毛入学率⟦101.9%|rate_enrolment share⟧。", []),
    ("完成计划", "占总规划采购任务的⟦107%|rate_completion share⟧。", []),
    ("覆盖率", "班班通覆盖率⟦108%|rate_coverage share⟧。", ["V2 error"]),
    ("半所学校", "全县新建学校⟦2.5所|schools_built⟧。", ["V1 error"]),
    ("平均有小数", "平均每村有教师⟦2.5人|teachers⟧。", []),
    ("近…以上", "仍有⟦近10%以上|share_other share⟧的学校不能开课。", ["V4 warning"]),
    ("近", "仍有⟦近10%|share_other share⟧的学校不能开课。", []),
    # ---- U1 units
    ("漏写万", "县文体局拨给专项资金⟦12元|fund_transfer⟧，新建球场；水利局捐助⟦3.5万元|fund_raised⟧，维修食堂；中心校列支⟦1.8万元|fund_investment⟧。", ["U1 warning"]),
    ("津贴", "班主任津贴每月⟦12元|fund_pay⟧，全年发放津贴⟦35万元|fund_pay⟧。", []),
    ("面积多写万", "投资⟦620万元|fund_investment⟧新建综合楼⟦4200万平方米|area_built⟧，已交付使用。", ["U1 warning"]),
    ("面积", "投资⟦620万元|fund_investment⟧新建综合楼⟦4200平方米|area_built⟧，已交付使用。", []),
    # ---- D dates
    ("规划期年份", "“十三五”期间（2015—2019年），新建校舍⟦8万平方米|area_built⟧。", ["D5 error"]),
    ("规划期年份相符", "“十三五”期间（2016—2020年），新建校舍⟦8万平方米|area_built⟧。", []),
    ("同年两种身份", "2021年规划了⟦2所|schools_qualified⟧学校，均已验收。今年又规划了⟦9所|schools_qualified⟧学校。今年3月召开了2021年动员大会。", ["D3 warning"]),
    ("不同年份", "2020年规划了⟦2所|schools_qualified⟧学校，均已验收。今年又规划了⟦9所|schools_qualified⟧学校。今年3月召开了2021年动员大会。", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "text", "expected"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)]
)
def test_sentence(what: str, text: str, expected: list[str]) -> None:
    result = check(text)
    assert brief(result) == expected, [f.message for f in result.findings]


def test_result_after_the_report() -> None:
    text = "截至2020年12月底，自来水普及率达⟦99.2%|rate_coverage share 2020-12⟧。"
    assert brief(check(text, date="2020-01-26")) == ["D1 error"]
    assert brief(check(text, date="2021-01-26")) == []
    assert brief(check(text)) == []


def test_masked_is_a_note_and_enters_no_sum() -> None:
    result = check(
        "投入资金⟦xx多万元|fund_investment a⟧，具体是：校舍⟦500万元|fund_investment <a⟧、设备⟦300万元|fund_investment <a⟧。"
    )
    assert [(f.check, f.type, f.severity) for f in result.findings] == [("T3", "masked", "info")]


def test_the_subset_is_named_in_the_message() -> None:
    result = check(
        "在校中学生⟦46506人|pupils a⟧，其中高中⟦7894人|pupils <a label=高中⟧，学校⟦21265人|pupils <a⟧，学校⟦25241人|pupils <a⟧。"
    )
    (found,) = result.findings
    assert "54400人 ≠ 46506人，多7894人" in found.message
    assert "总数可能不含高中7894人" in found.message
    assert found.arithmetic and found.arithmetic.difference == 7894
    assert found.members == ("o0", "o1", "o2", "o3")


def test_the_round_figure_is_named_in_the_message() -> None:
    text = "总需资金⟦33806万元|fund_required⟧，上级下达⟦5113万元|fund_transfer⟧，预计再下达⟦5100万元|fund_transfer⟧，资金缺口仍达⟦23567万元|fund_gap⟧。"
    (found,) = check(text).findings
    assert "相差26万元（0.11%）" in found.message
    assert "若5100万元为约数则成立，隐含值5126万元" in found.message


def test_swapped_digits_are_explained() -> None:
    (found,) = check(
        "教师⟦400人|teachers a⟧，其中小学⟦183人|teachers <a⟧、初中⟦262人|teachers <a⟧。"
    ).findings
    assert found.severity == "error"
    (found,) = check(
        "具体是教师⟦1000人|teachers a⟧，分别是：小学⟦683人|teachers <a⟧、初中⟦371人|teachers <a⟧。"
    ).findings
    assert any("数字颠倒" in e or "错一位" in e for e in found.explanations)


def test_what_holds_is_verified() -> None:
    text = "学校⟦165所|schools_total a⟧，其中初中⟦22所|schools_total <a⟧、小学⟦143所|schools_total <a⟧；达标⟦99所|schools_total <a⟧，占⟦60%|share_other share⟧。"
    kinds = {(v.check, v.type) for v in check(text).verified}
    assert ("S1", "sum") in kinds
    assert ("C1", "share") in kinds


def test_ids_are_stable_and_order_is_deterministic() -> None:
    text = CASES[0][1] + CASES[25][1]
    first, second = check(text), check(text)
    assert first == second
    assert len({f.id for f in first.findings}) == len(first.findings)
    assert all(re.fullmatch(r"f[0-9a-f]{12}", f.id) for f in first.findings)


def test_restated_in_a_later_report() -> None:
    a = make("教育支出⟦5.62亿元|fund_expenditure 2020 label=教育支出⟧。", source="a.txt", year=2020)
    b = make("上年教育支出⟦5.26亿元|fund_expenditure 2020 label=教育支出⟧。", source="b.txt", year=2021)
    (found,) = checks.run([a, b]).findings
    assert (found.check, found.type, found.severity, found.sources) == (
        "G7",
        "restated",
        "warning",
        ("a.txt", "b.txt"),
    )
    same = make("上年教育支出⟦5.6亿元|fund_expenditure 2020 label=教育支出⟧。", source="b.txt", year=2021)
    assert not checks.run([a, same]).findings


def test_a_cumulative_total_must_not_fall() -> None:
    def told(n: int, year: int) -> Report:
        return make(
            f"累计建成标准化学校⟦{n}所|schools_qualified {year} label=累计建成标准化学校⟧。",
            source=f"{year}.txt",
            year=year,
        )

    (found,) = checks.run([told(138, 2020), told(128, 2021)]).findings
    assert (found.check, found.type, found.severity) == ("G6", "trend", "warning")
    assert not checks.run([told(128, 2020), told(138, 2021)]).findings


# ------------------------------------------------------------------ intervals
INTERVALS = [
    ("70所", "", "70", "70"),
    ("1.2亿元", "", "115000000", "125000000"),
    ("2414万元", "", "24135000", "24145000"),
    ("13.8%", "", "13.75", "13.85"),
    ("76%", "", "75.5", "76.5"),
    ("160多万元", "", "1600000", "1700000"),
    ("700多万元", "", "7000000", "8000000"),
    ("近2000台", "", "1600", "2000"),
    ("4500余万元", "", "45000000", "46000000"),
    ("90%以上", "", "90", None),
    ("10%以内", "", None, "10"),
    ("3000万元左右", "", "24000000", "36000000"),
    ("86亩", "", "57000.00285", "57666.66955"),
]


@pytest.mark.parametrize(("text", "before", "low", "high"), INTERVALS)
def test_interval_of_a_print(text: str, before: str, low: str | None, high: str | None) -> None:
    o, _, _ = observe(text, 0, 0, [], 0)
    i = interval(o, text, before)
    assert i is not None
    assert (i.low, i.high) == (Decimal(low) if low else None, Decimal(high) if high else None)


def test_interval_arithmetic() -> None:
    a, b = Interval(Decimal(1), Decimal(2)), Interval(Decimal(4), None)
    assert a + b == Interval(Decimal(5), None)
    assert b - a == Interval(Decimal(2), None)
    assert a * Interval(Decimal(2), Decimal(3)) == Interval(Decimal(2), Decimal(6))
    assert Interval(Decimal(4), Decimal(6)).over(a) == Interval(Decimal(2), Decimal(6))
    assert not a.meets(b) and b.above(a) and a.meets(Interval(Decimal(2), Decimal(3)))


def test_the_given_ends_are_used_only_when_they_hold_the_value() -> None:
    from dataclasses import replace

    o, _, _ = observe("70所", 0, 0, [], 0)
    assert interval(replace(o, low=Decimal(60), high=Decimal(80))) == Interval(Decimal(60), Decimal(80))
    assert interval(replace(o, low=Decimal(90), high=Decimal(99))) == Interval(Decimal(70), Decimal(70))


SLIPS = [
    ("4512", "4152", 0, "数字颠倒"),
    ("69.3", "59.3", 1, "错一位数字"),
    ("120", "1200", 0, "少一个零"),
    ("12", "120000", 0, "漏写“万”"),
    ("13.2", "8.3", 1, None),
    ("100", "1234", 0, None),
]


@pytest.mark.parametrize(("stated", "right", "decimals", "what"), SLIPS)
def test_slip(stated: str, right: str, decimals: int, what: str | None) -> None:
    assert slip(Decimal(stated), Decimal(right), decimals) == what


def test_printed_in_the_reports_own_unit() -> None:
    o, _, _ = observe("186.42万元", 0, 0, [], 0)
    p = printed(o, "186.42万元")
    assert (p.number, p.factor, p.decimals, p.label) == (Decimal("186.42"), Decimal(10000), 2, "万元")


# ------------------------------------------------------------------ manual and lexicon
def examples(function: Callable[..., CheckResult], word: str) -> list[str]:
    return re.findall(rf"^\s*{word}:\s*(.+)$", function.__doc__ or "", re.MULTILINE)


@pytest.mark.parametrize("check_id", [*checks.CHECKS, *checks.ACROSS])
def test_every_check_is_told_with_examples(check_id: str) -> None:
    function = {**checks.CHECKS, **checks.ACROSS}[check_id]
    assert examples(function, "Quiet")
    assert examples(function, "Fires") or check_id in ("C4r", "N1a")


EXAMPLES = [
    (check_id, word, text)
    for check_id, function in checks.CHECKS.items()
    for word in ("Fires", "Quiet")
    for text in examples(function, word)
]


@pytest.mark.parametrize(
    ("check_id", "word", "text"), EXAMPLES, ids=[f"{c}-{w}-{n}" for n, (c, w, _) in enumerate(EXAMPLES)]
)
def test_example_of_the_manual_through_the_pipeline(check_id: str, word: str, text: str) -> None:
    pipeline = pytest.importorskip("reportminer.pipeline", reason="the pipeline is not complete yet")
    raw = RawDocument("例.txt", "0", "txt", text.replace("／", "\n"))
    view = checks.View(pipeline.read_raw(raw))
    result = checks.CHECKS[check_id](view, checks.load(default_lexicon()))
    told = [f.message for f in result.findings if f.severity != "info" or check_id in checks.NOTES]
    assert bool(told) == (word == "Fires"), (
        told,
        [(o.text, o.kind, o.indicator, o.part_of) for o in view.items],
    )


def test_families_and_rates_of_the_lexicon() -> None:
    from reportminer.checks.words import load

    words = load(default_lexicon())
    assert words.partition(["其中小学", "、初中"]) == "学段"
    assert words.partition(["其中小学", "、农村小学"]) is None
    assert words.partition(["其中女教师", "，党员"]) is None
    for row in Lexicon().table("checks"):
        assert any(w in row["example"] for w in row.list("word")) or row["word"] in row["example"], row.line


def test_every_check_has_a_name_and_a_sentence() -> None:
    named = checks.manual()
    assert set(checks.CHECKS) | set(checks.ACROSS) <= set(named)
    assert {"S3", "V2", "RF"} <= set(named)


def test_the_manual_is_what_the_docstrings_say() -> None:
    root = Path(__file__).resolve().parents[1]
    spec = importlib.util.spec_from_file_location(
        "build_check_manual", root / "tools" / "build_check_manual.py"
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.manual()
    assert (root / "docs" / "checks.md").read_text(encoding="utf-8") == made, (
        "python tools/build_check_manual.py"
    )
