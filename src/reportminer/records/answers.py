"""The answer to what a figure measures, and what the words right around it still change of it: whom money is paid to, whose staff a list
tells, whether schools meet a norm."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportminer.core import Kind
from reportminer.records.context import Context
from reportminer.records.wholes import Wholes

_PAID_EACH = re.compile(r"补助|补贴|奖补|补偿|救助")
_PUPIL_AID = re.compile(r"助学金|国家助学|资助标准|助学贷款|学生资助")
_PAID_TO = {"pupils": "fund_student_aid", "pupils_aided": "fund_student_aid", "teachers": "fund_pay"}
_TIMES = frozenset({"次", "场", "期", "趟", "轮", "场次"})
_MEETS_NORM = re.compile(r"(?:达到|符合)[^，。；]{0,14}(?:标准|指标|要求|规定)的(?:有|共)?$")
_FAILS_NORM = re.compile(r"学?校?[^，。；]{0,4}(?:未|不|没有)(?:达标|达到|合格|符合)")
_MEETS_NORM_SHARE = re.compile(r"(?:达到|符合)[^，。；]{0,12}标准的?[^，。；]{0,10}(?:比例|占比|占|比重)")
_COVERED_SHARE = re.compile(r"(?:覆盖|供餐|开设|配备|安装|接入|普及|享受)[^，。；]{0,14}(?:比例|比重)")
_WHOSE = re.compile(
    r"(?P<urban>城镇|城市)(?:常住)?居民[^，。；农乡]{0,8}$|(?:农村|农民|农牧民)[^，。；城]{0,8}$"
)
_EDUCATION = re.compile(r"[，、；：:]?教育(?:方面|类|事业|支出)?(?:支出|投入)?")
_TERRITORY = re.compile(r"平方(?:公里|千米)|km")
_FROM_ABOVE = re.compile(r"上级|中央|省[级里财]|国家")
_WORKS_TOWARD = re.compile(r"建成|规划了?|完成|通过|达到|创建|验收")
_LARGEST_RATE = 300_000  # 元 per head; more is a sum paid out
_LARGEST_PER_PUPIL = 20_000  # 元
_STRUCTURE = re.compile(
    r"\d{2}岁|周岁|学历|研究生|硕士|博士|本科|专科|大专|中专|高中(?:及|以下|$)|[高中初]级|职称|在编|代课"
)
_STAFF_REACH = 14  # figures back to the number of teachers
_PER_PUPIL = re.compile(r"公用经费|教育经费|教育事业费")
_NEEDY = re.compile(r"(?:补助|资助|救助)[^，。；]{0,6}(?:寄宿生|贫困生|困难学生|贫困学生)")
_AIDED_AFTER = re.compile(
    r"[^，。；]{0,14}?(?:办理|办好|发放|享受|领取|获得|得到)了?[^，。；]{0,10}(?:助学贷款|助学金|资助|生活补助|生源地)"
)
_OPERATING = re.compile(r"(?:下达|拨付|下拨|拨入)[^，。；]{0,14}公用经费$")
_AMONG_EDUCATION = re.compile(r"教育(?:经费|事业)?(?:支出|投入|经费)(?:之|当)?中[，,：:][^。；]*$")
_OF_TEACHERS = re.compile(r"教师[^，。；]{0,8}本科(?:及以上)?(?:学历)?率?[^。；]*$")
_RELIEVED = re.compile(r"[^，。；、]{0,8}(?:人口|群众|居民|人)的?(?:饮水|吃水|出行|用电|住房|安全饮水)")
_NO_PLACES = frozenset({"projects_total", "other", "schools_covered", "schools_total", "equipment_sets"})
_SCHOOL_OF_PLACE = tuple("小级办完幼")  # 34个村小
_PLACES_AFTER = re.compile(
    r"(?:项目|贫困|试点|样本|脱贫|山区|民族|革命老区)?(?:县(?![级长城域委直里际外内])|乡镇(?!中心|学校|[小中]学|卫生|[幼寄文综敬])|市(?=[，,、选已完均])|管理处|街道)"
)
_PLACES_COUNTED = ("村", "镇", "乡", "街道", "社区")
_REACHED = re.compile(
    r"的(?:乡镇?|镇|行政村|建制村|自然村|村|学校|农户|教学点)[^，。；]{0,4}(?:通了?|实现了?|接通|开通|用上|建有|配备|接入)"
)
_OF_PLAN = re.compile(
    r"占[^，。；占]{0,4}(?:规划|计划|任务)[^，。；占]{0,14}(?:总面积|面积|采购资金总额|采购总额|采购资金|任务|总任务|任务数)的?[为达约]*$"
)
_PAIRS = {"income_urban": 1, "income_rural": 1, "income_other": 1}
_BOTH = re.compile(
    r"(城镇|城市|城|农村|农民|乡村)(?:常住)?(?:居民)?(?:人均可支配收入)?[、和与及](城镇|城市|乡|农村|农民|乡村|农牧)"
)
_FIGURE = re.compile(r"\d[\d.,]*(?:元|%|万|、|和)")


@dataclass(slots=True)
class Answer:
    """The answer for one figure: indicator, how sure (0–1), which rule, and the figure it depends on (None: none)."""

    indicator: str
    confidence: float
    rule: str
    source: Context | None = None
    right_noun: bool = False


def settle(finding: Answer, c: Context, kind: Kind, wholes: Wholes, topic_qualified: bool) -> Answer:
    """The answer as the words right around the figure leave it; ``topic_qualified``: the article is about making schools meet a standard."""
    finding = _respective(c, finding)
    _of_payments(finding, c, kind)
    _of_accounts(finding, c, wholes)
    _of_norms(finding, c, kind)
    if (
        kind == "price"
        and finding.indicator in ("fund_transfer", "other")
        and _PAID_EACH.search(c.clause_text)
        and not _FROM_ABOVE.search(c.clause_text)
    ):
        finding.indicator, finding.rule = "benefit_standard", "indicator:paid-each"
    if wholes.get(c) is None and finding.indicator in ("schools_total", "schools_built") and topic_qualified:
        around = c.clause_text + c.right_text[:6]
        if c.draft.quantity.unit == "所" and _WORKS_TOWARD.search(around):
            finding.indicator, finding.rule = "schools_qualified", "indicator:topic-qualified"
    return finding


def _of_payments(finding: Answer, c: Context, kind: Kind) -> None:
    """Aid, staff, money per pupil: to whom or of whom."""
    q = c.draft.quantity
    if finding.indicator == "benefit_standard":
        if _PUPIL_AID.search(c.text, max(c.sentence, c.start - 40), c.start):
            finding.indicator, finding.rule = "fund_student_aid", "indicator:pupil-aid"
        elif kind == "level" and q.value is not None and q.value > _LARGEST_RATE:
            finding.indicator = "fund_transfer"  # a sum paid out, not a rate
    if finding.indicator == "people_other" and q.unit == "人" and (whose := _of_staff(c)) is not None:
        finding.indicator, finding.rule, finding.source = "teachers", "indicator:structure", whose
    small = kind == "price" or (kind == "level" and q.value is not None and q.value <= _LARGEST_PER_PUPIL)
    if small and finding.indicator == "fund_expenditure" and _PER_PUPIL.search(c.full_clause):
        finding.indicator, finding.rule = "fund_per_pupil", "indicator:per-pupil"
    if kind == "change" and q.text.endswith("位") and q.unit == "人" and finding.rule.endswith("unit"):
        finding.indicator, finding.rule = "other", "indicator:ranking"
    if finding.indicator == "fund_transfer" and "补助" in c.clause_text and c.prev is not None:
        # 寄宿贫困生480人，发放生活补助19.2万元: whom it is paid to stands before
        aided = _PAID_TO.get(c.prev.draft.indicator)
        if aided is not None and c.prev.start >= c.sentence and not _FROM_ABOVE.search(c.clause_text):
            finding.indicator, finding.rule = aided, "indicator:paid-to"
    if (
        finding.indicator == "fund_transfer"
        and _NEEDY.search(c.clause_text)
        and not _FROM_ABOVE.search(c.clause_text)
    ):
        finding.indicator, finding.rule = "fund_student_aid", "indicator:paid-to"
    if finding.indicator == "deposits_loans" and "助学" in c.text[c.sentence : c.start]:
        finding.indicator, finding.rule = "fund_student_aid", "indicator:paid-to"
    if finding.indicator == "pupils" and q.unit in ("人", "人次") and _AIDED_AFTER.match(c.text, c.end):
        finding.indicator, finding.rule = "pupils_aided", "indicator:aided"
    if finding.indicator == "other" and q.unit in _TIMES and kind == "level":
        finding.indicator, finding.rule = "activities", "indicator:times"


def _of_accounts(finding: Answer, c: Context, wholes: Wholes) -> None:
    """Public money, incomes, territory: whose."""
    q = c.draft.quantity
    if finding.indicator == "fund_expenditure" and _OPERATING.search(c.clause_text):
        finding.indicator, finding.rule = "fund_transfer", "indicator:transferred"
    if finding.indicator == "population" and q.unit == "户":
        finding.indicator, finding.rule = "households", "indicator:households"
    if finding.indicator == "income_other" and (whose_income := _WHOSE.search(c.clause_text)) is not None:
        finding.indicator = "income_urban" if whose_income["urban"] else "income_rural"
    if finding.indicator == "fiscal_expenditure" and _AMONG_EDUCATION.search(c.text, c.sentence, c.start):
        finding.indicator, finding.rule = "fund_expenditure", "indicator:education"
    if finding.indicator == "fiscal_expenditure" and _EDUCATION.fullmatch(c.clause_text):
        finding.indicator, finding.rule = "fund_expenditure", "indicator:education"
    if finding.indicator == "area_built" and finding.rule.endswith("unit") and _TERRITORY.search(q.text):
        finding.indicator, finding.rule = "area_admin", "indicator:territory"
    if finding.indicator == "fund_expenditure" and c.clause_text.endswith("公用经费"):
        budget = wholes.get(c)
        if budget is not None and budget.draft.indicator == "fiscal_expenditure":
            finding.indicator, finding.rule = "fiscal_expenditure", "indicator:part"


def _of_norms(finding: Answer, c: Context, kind: Kind) -> None:
    """Schools that meet or fail a norm, rates of those reached."""
    q = c.draft.quantity
    if q.unit == "所" and _MEETS_NORM.search(c.full_clause):
        finding.indicator, finding.rule = "schools_qualified", "indicator:meets-norm"
    if q.unit == "所" and finding.indicator == "schools_total" and _FAILS_NORM.match(c.text, c.end):
        finding.indicator, finding.rule = "schools_deficient", "indicator:fails-norm"
    if finding.indicator == "rate_promotion" and _OF_TEACHERS.search(c.text, c.sentence, c.start):
        finding.indicator, finding.rule = "share_other", "indicator:of-teachers"
    if finding.indicator == "population" and _RELIEVED.match(c.text, c.end):
        finding.indicator, finding.rule = "people_other", "indicator:relieved"
    if finding.indicator in _NO_PLACES and (
        (q.text.endswith(_PLACES_COUNTED) and c.text[c.end : c.end + 1] not in _SCHOOL_OF_PLACE)
        or (q.text.endswith("个") and _PLACES_AFTER.match(c.text, c.end))
    ):
        finding.indicator, finding.rule = "admin_units", "indicator:places"
    if q.dimension == "percent" and kind == "share" and finding.indicator == "share_other":
        if _REACHED.match(c.text, c.end):
            finding.indicator, finding.rule = "rate_coverage", "indicator:reached"
        if _MEETS_NORM_SHARE.search(c.full_clause):
            finding.indicator, finding.rule = "rate_qualified", "indicator:meets-norm"
        elif _OF_PLAN.search(c.clause_text):
            finding.indicator, finding.rule = "rate_completion", "indicator:of-plan"
        elif _COVERED_SHARE.search(c.full_clause):
            finding.indicator, finding.rule = "rate_coverage", "indicator:covered"


def _respective(c: Context, finding: Answer) -> Answer:
    """城镇、农村居民收入分别为A和B: the first figure is the first of the two."""
    pair = _PAIRS.get(finding.indicator)
    if pair is None:
        return finding
    at = c.full_clause
    cut = at.find("分别")
    m = _BOTH.search(at[:cut] if cut >= 0 else at) or (
        re.search("(城)(乡)(?:常住)?居民", at[:cut] if cut >= 0 else at)
    )
    if m is None or (
        cut < 0 and not re.match(r"\s*[、和与及]\s*\d", c.text[c.end :]) and not _FIGURE.search(at[m.end() :])
    ):
        return finding
    k = 1 if _FIGURE.search(at[max(cut, m.end()) :]) else 0
    first = "income_urban" if m.group(1) in ("城镇", "城市", "城") else "income_rural"
    finding.indicator = (first, "income_rural" if first == "income_urban" else "income_urban")[k]
    return finding


def _of_staff(c: Context) -> Context | None:
    """The teachers whose structure a list tells: 学历结构：硕士3名、本科1126名; 35岁以下679人."""
    if not _STRUCTURE.search(c.full_clause):
        return None
    at = c.before
    for _ in range(_STAFF_REACH):
        if at is None or c.start - at.end > 400:
            return None
        if at.draft.indicator in ("teachers", "teachers_titled") and at.draft.quantity.unit == "人":
            return at
        if at.draft.indicator in ("pupils", "population", "households"):
            return None
        at = at.before
    return None
