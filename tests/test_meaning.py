"""What each figure is about: 句子 → 指标、类别、状态（每个数字一项，按出现先后）。句子都是为本项目写的。"""

from __future__ import annotations

import importlib
import re
from decimal import Decimal
from typing import Any

import pytest

from reportminer.core import RawDocument, ReportText, Segment, Span, TextMap
from reportminer.extract import extract
from reportminer.lexicon import default_lexicon
from reportminer.records import status_words
from reportminer.records.draft import Draft
from reportminer.records.meaning import assign_meaning
from reportminer.records.vocabulary import vocabulary

LEXICON = default_lexicon()


def report_of(text: str, title: str, year: int) -> ReportText:
    """An undamaged report of one article."""
    ends = [m.end() for m in re.finditer(r"[。！？；\n]+", text)]
    starts = [0, *ends]
    sentences = tuple(Span(a, b) for a, b in zip(starts, [*ends, len(text)], strict=True) if a < b)
    segment = Segment(0, 0, len(text), title, "某县", None, year, "summary")
    raw = RawDocument("报告.txt", "0" * 64, "txt", text)
    return ReportText(raw, text, TextMap(range(len(text))), sentences, (segment,), segment)


def drafts_of(text: str, title: str = "某县2020年教育工作总结") -> list[Draft]:
    report = report_of(text, title, 2020)
    drafts = [Draft(m, m.quantity) for m in extract(report).mentions]
    assign_meaning(report, drafts, LEXICON)
    return drafts


# 句子 → 每个数字的指标
INDICATORS = [
    ("全县现有小学86所、初中22所、教学点53个。", "schools_total schools_total teaching_points"),
    ("在校学生7.2万人，其中小学4.8万人、初中2.4万人。", "pupils pupils pupils"),
    ("专任教师4100人，其中小学2600人、初中1500人。", "teachers teachers teachers"),
    ("新建学校3所，改扩建学校5所，撤并学校4所。", "schools_built schools_built schools_closed"),
    ("新建校舍8600平方米，维修校舍4300平方米，硬化操场2100平方米。", "area_built area_renovated area_paved"),
    ("学校占地面积72亩，建筑面积21000平方米。", "area_land area_built"),
    ("投入资金280万元新建教学楼2栋、功能室14间。", "fund_investment buildings rooms"),
    ("争取上级补助资金900万元，多方筹措160万元，资金缺口仍达320万元。", "fund_transfer fund_raised fund_gap"),
    ("社会各界捐资54万元，发放助学金210万元。", "fund_raised fund_student_aid"),
    ("小学生均公用经费650元，班主任津贴每月300元。", "fund_per_pupil fund_pay"),
    ("招聘教师215名，含特岗教师124名、公开考录91名。", "teachers_recruited teachers_recruited teachers_recruited"),
    ("交流轮岗教师210人，培训教师960人次，评选骨干教师45名。", "teachers_exchanged teachers_trained teachers_titled"),
    ("新购图书41万册，添置计算机320台、课桌椅2400套。", "books computers equipment_sets"),
    ("生机比达到12.5:1，小学生师比为19.6:1。", "ratio_pupil_computer ratio_pupil_teacher"),
    ("小学入学率99.9%，九年巩固率98.3%，高考本科上线率62%。", "rate_enrolment rate_retention rate_promotion"),
    ("班班通覆盖率91.7%，群众满意率98%，体质健康达标率96.8%。", "rate_coverage rate_satisfaction rate_qualified"),
    ("全县缺教师268名、缺教室112间，尚缺资金930万元。", "shortage shortage fund_gap"),
    ("仍有3所学校未达标，薄弱学校21所。", "schools_deficient schools_deficient"),
    ("为全县92所学校配备多媒体设备336套。", "schools_covered equipment_sets"),
    ("召开专题会议6次，开展督查五轮，编发简报8期。", "activities activities activities"),
    ("学生获奖500多次，发表论文40多篇。", "awards research_projects"),
    ("实施重点项目132个，完成投资118亿元，占年度计划的109%。", "projects_total fund_investment rate_completion"),
    ("项目18个，其中开工12个，竣工6个。", "projects_total projects_started projects_completed"),
    ("实现地区生产总值268亿元，增长8.1%，规上工业增加值增长9.2%。", "gdp gdp value_added"),
    ("财政总收入14亿元，增长4.3%；一般公共预算支出34亿元。", "fiscal_revenue fiscal_revenue fiscal_expenditure"),
    ("固定资产投资增长12.6%，社会消费品零售总额92亿元。", "fixed_investment retail_sales"),
    ("城镇和农村居民人均可支配收入分别达34200元、17300元。", "income_urban income_rural"),
    ("城镇和农村居民人均可支配收入分别增长8%、8.5%。", "income_urban income_rural"),
    ("接待游客652万人次，实现旅游总收入61亿元，分别增长24%和27%。", "visitors revenue_other visitors revenue_other"),
    ("辖19个乡镇、246个行政村，总面积2100平方公里，总人口63.5万人。", "admin_units admin_units area_admin population"),
    ("粮食播种面积25万亩，总产10.4万吨。", "area_farm output_quantity"),
    ("全年新增城镇就业3350人，登记失业率2.9%。", "jobs_new rate_unemployment"),
    ("建档立卡贫困户3126户9854人全部脱贫，贫困发生率降至1.2%。", "poverty poverty poverty"),
    ("城乡居民养老保险参保21万人，农村低保标准每人每年6600元。", "social_insurance benefit_standard"),
    ("年末各项存款余额86亿元，贷款余额54亿元。", "deposits_loans deposits_loans"),
    ("新建农村公路120公里，改造危桥11座。", "length_built other"),
    ("新增规上工业企业21家，带动农户1.8万户。", "organizations households"),
    ("农村危房改造1200户，新增公交车60辆。", "housing_units vehicles_lines"),
    ("惠及学生4.2万人次，资助贫困学生3600人。", "pupils_aided pupils_aided"),
    ("新增学位3000个，城区大班额减少到47个。", "places classes"),
    ("三次产业结构调整为12.1:45.3:42.6。", "share_other"),
    ("投资5800万元，其中中央2000万元、省级1800万元、县级2000万元。", "fund_investment " * 4),
    ("筹措资金3亿元，其中中央1亿元、社会捐赠2亿元。", "fund_raised fund_raised fund_raised"),
    ("达标学校140所，占82%。", "schools_qualified rate_qualified"),
    ("施工工期180天。", "duration"),
]  # fmt: skip

# 形近而不同：左边的词不能把数字带偏
NOT_MISLED = [
    ("中心校从公用经费中列支18000元用于维修。", "fund_investment"),
    ("全县398所学校开学。", "schools_total"),
    ("教师用计算机2000台。", "computers"),
    ("学生宿舍39栋。", "buildings"),
    ("入园率为65%，比项目实施前提高5个百分点。", "rate_enrolment rate_enrolment"),
    ("生均图书20册。", "books"),
    ("辖区学校12所。", "schools_total"),
    ("教学楼建筑面积2800平方米，总面积3600平方米。", "area_built area_built"),
]

KINDS = [
    ("比上年增加300万元，增长33.3%。", "change growth"),
    ("覆盖率提高到98%，比上年提高3个百分点。", "share change"),
    ("补助标准由每人500元提高到600元。", "price price"),
    ("新增学位3000个，新增就业3120人，新增绿化面积1800平方米。", "change level level"),
    ("新建学校3所，新购图书4万册。", "level level"),
    ("农民人均纯收入9800元，居全省第12位。", "price rank"),
    ("每年召开会议2次，每年安排500万元。", "level level"),
    ("产值是2015年的2.6倍。", "growth"),
    ("生师比19.6:1，小学综合差异系数0.52。", "ratio ratio"),
    ("完成率96%，占总投资的77%。", "share share"),
    ("生均校舍面积3.7平方米，每所学校配备教师2名。", "price price"),
    ("巩固率达98%，比上年提高0.4%。", "share change"),
    ("比计划多3所。", "change"),
    ("生均面积不足的学校有8所。", "level"),
    ("城区大班额由39个减少到10个。", "level level"),
]

SIGNS = [
    ("一般公共预算支出同比下降3.2%。", "-3.2"),
    ("贫困人口比上年减少1650人。", "-1650"),
    ("三公经费压减5%以上。", "-5"),
    ("压减一般性支出1200万元。", "-12000000"),
    ("失业率比上年降低0.3个百分点。", "-0.3"),
    ("财政收入增长4.3%。", "4.3"),
    ("大班额减少到47个。", "47"),
    ("降幅控制在3%以内。", "-3"),
    ("贫困发生率下降到1.2%。", "1.2"),
    ("减免学费85万元。", "850000"),
]

STATUSES = [
    ("2021年计划投资5800万元，新建校舍2万平方米。", "planned planned"),
    ("目前已完成投资3000万元。", "actual"),
    ("将投入6000万元，届时生机比将达到10:1。", "planned planned"),
    ("将26所学校纳入联系点。", "actual"),
    ("力争新增学位3000个。", "planned"),
    ("为确保工期，投入机械120台。", "actual"),
    ("特岗计划招聘教师60名。", "actual"),
    ("按照规划，到2025年建成学校33所。", "planned"),
    ("预计全年实现地区生产总值268亿元。", "actual"),
    ("小学综合差异系数0.52，均在国家规定的0.65以内。", "actual required"),
    ("债务余额38亿元，控制在核定限额39亿元以内。", "actual required"),
    ("收入完成2.6亿元，为预算2.5亿元的104%，增长9%。", "actual planned actual actual"),
    ("规划建设12000平方米，投资2000万元。", "planned planned"),
    ("超额完成全年目标任务，培训教师1200人。", "actual"),
    ("建议每年安排养护资金300万元。", "planned"),
]

SECTIONS = (
    "一、工作回顾\n全年新建校舍8600平方米，招聘教师120名。\n"
    "二、2021年工作安排\n新建校舍9000平方米，招聘教师150名。今年已到位资金300万元。\n",
    "actual actual planned planned actual",
)


def show(drafts: list[Draft]) -> str:
    return "；".join(f"{d.quantity.text}={d.indicator}/{d.kind}/{d.status}（{d.rule}）" for d in drafts)


@pytest.mark.parametrize(("sentence", "expected"), INDICATORS + NOT_MISLED, ids=lambda x: x[:24])
def test_indicator(sentence: str, expected: str) -> None:
    drafts = drafts_of(sentence)
    assert [d.indicator for d in drafts] == expected.split(), show(drafts)


@pytest.mark.parametrize(("sentence", "expected"), KINDS, ids=lambda x: x[:24])
def test_kind(sentence: str, expected: str) -> None:
    drafts = drafts_of(sentence)
    assert [d.kind for d in drafts] == expected.split(), show(drafts)


@pytest.mark.parametrize(("sentence", "value"), SIGNS, ids=lambda x: x[:24])
def test_decrease_is_negative_and_keeps_its_interval(sentence: str, value: str) -> None:
    (d,) = drafts_of(sentence)
    q = d.quantity
    assert q.value == Decimal(value), show([d])
    assert q.low is None or q.high is None or q.low <= q.high
    assert q.low is None or q.low <= q.value
    assert q.high is None or q.value <= q.high


@pytest.mark.parametrize(("sentence", "expected"), STATUSES, ids=lambda x: x[:24])
def test_status(sentence: str, expected: str) -> None:
    drafts = drafts_of(sentence)
    assert [d.status for d in drafts] == expected.split(), show(drafts)


def test_section_headings_set_the_default_status() -> None:
    text, expected = SECTIONS
    drafts = drafts_of(text)
    assert [d.status for d in drafts] == expected.split(), show(drafts)


def test_label_and_scope_come_from_the_text() -> None:
    whole, primary, junior = drafts_of("在校学生7.2万人，其中农村小学4.8万人、初中2.4万人。")
    assert (whole.label, primary.label, junior.label) == ("在校学生", "农村小学", "初中")
    assert whole.scope == {}
    assert primary.scope == {"stage": "小学", "residence": "农村"}
    assert junior.scope == {"stage": "初中"}


def test_confidence_is_higher_for_named_figures_than_for_guesses() -> None:
    named, guessed = drafts_of("地区生产总值268亿元。"), drafts_of("共计268个。")
    assert 0 < guessed[0].confidence < named[0].confidence <= 1


EXAMPLES = [(row["id"], row["example"]) for row in LEXICON.table("indicators") if row["example"]]


@pytest.mark.parametrize(("indicator", "example"), EXAMPLES, ids=[i for i, _ in EXAMPLES])
def test_example_of_the_indicator_table(indicator: str, example: str) -> None:
    drafts = drafts_of(example)
    assert indicator in [d.indicator for d in drafts], show(drafts)


CUES = [(row["tag"], row["example"]) for row in LEXICON.table("indicator_cues")]


@pytest.mark.parametrize(("tag", "example"), CUES, ids=[t for t, _ in CUES])
def test_example_of_the_cue_table_holds_its_cue(tag: str, example: str) -> None:
    hits = vocabulary(LEXICON).find(example).within(0, len(example))
    assert tag in {t for h in hits for t in h.word.tags}


@pytest.mark.parametrize(
    "word",
    [
        "数学教师",
        "达标学校",
        "的士",
        "一般公共预算",
        "公共教育",
        "共青团员",
        "数字化",
        "其他支出",
        "总工会",
        "师生比",
        "到位率",
        "到位资金",
        "及格率",
        "达标率",
        "从业人员",
    ],
)
def test_words_are_not_cut_in_names(word: str) -> None:
    from reportminer.names import core
    from reportminer.records.labels import _trim

    assert core(word) == word
    assert _trim(word) == word


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("累计建成标准化学校", "标准化学校"),
        ("在校生总数", "在校生"),
        ("共有教师", "教师"),
        ("入学率由2020年", "入学率"),
        ("在校生比2022年", "在校生"),
        ("全县达到标准的学校数", "标准的学校"),
    ],
)
def test_whole_words_at_the_ends_of_names_are_dropped(label: str, name: str) -> None:
    from reportminer.names import core

    assert core(label) == name


def test_label_ends_before_the_year_of_comparison() -> None:
    from reportminer.records.labels import _trim

    assert _trim("入学率由2020年的") == "入学率"
    assert _trim("在校生比2022年增加") == "在校生"
    assert _trim("大班额由上年底的") == "大班额"


def test_phrases_that_plan_nothing_begin_with_one_of_the_characters_that_are_looked_for() -> None:
    firsts: set[str] = set()
    _first_characters(importlib.import_module("re._parser").parse(status_words.NO_PLAN.pattern), firsts)
    assert firsts == set(status_words.NO_PLAN_OPENS)


def _first_characters(items: Any, out: set[str]) -> bool:
    """Collect what a parsed pattern may begin with; whether it must hold a character at all."""
    for op, value in items:
        match str(op):
            case "LITERAL":
                out.add(chr(value))
                return True
            case "IN":
                assert all(str(kind) == "LITERAL" for kind, _ in value)
                out.update(chr(c) for _, c in value)
                return True
            case "BRANCH":
                sure = [_first_characters(branch, out) for branch in value[1]]
                if all(sure):
                    return True
            case "SUBPATTERN":
                if _first_characters(value[3], out):
                    return True
            case "MAX_REPEAT":
                if _first_characters(value[2], out) and value[0]:
                    return True
            case other:
                raise AssertionError(other)
    return False
