"""Which indicator a figure measures: evidence of the words around it, then of the figure it depends on, then of its unit."""

from __future__ import annotations

import re

from reportminer.core import Kind
from reportminer.records.answers import Answer, settle
from reportminer.records.context import Context
from reportminer.records.evidence import Best, Evidence
from reportminer.records.named_lists import own_name
from reportminer.records.neighbours import REACH, level_before, parallel
from reportminer.records.vocabulary import Vocabulary
from reportminer.records.wholes import LISTED, Wholes

DEFAULTS = {
    "money": "fund_investment", "area": "area_built", "length": "length_built", "mass": "output_quantity", "energy": "output_quantity",
    "time": "duration", "percent": "share_other", "volume": "other", "ratio": "other", "rank": "other", "multiple": "other",
    "points": "share_other", "number": "other",
}  # fmt: skip
UNIT_DEFAULTS = {
    "所": "schools_total", "人": "people_other", "人次": "people_other", "栋": "buildings", "间": "rooms", "台": "equipment_sets",
    "册": "books", "套": "equipment_sets", "户": "households", "家": "organizations", "次": "activities", "场": "activities",
    "期": "activities", "轮": "activities", "辆": "vehicles_lines", "篇": "research_projects", "头": "output_quantity",
    "只": "output_quantity", "羽": "output_quantity", "株": "output_quantity", "批次": "activities", "场次": "activities",
    "班": "classes", "张": "equipment_sets", "节": "activities", "亩次": "area_farm",
}  # fmt: skip
_CHAIN = 4.4
_NAMED = 3.6  # a name of a list that says what it is
_TURNED_SCHOOLS = frozenset(
    {"schools_built", "schools_closed", "schools_covered", "schools_deficient", "schools_qualified"}
)
# a source named among the parts of a fund (群众自筹, 上级补助) is a part of that fund
_FUNDS = frozenset(
    {"fund_investment", "fund_raised", "fund_transfer", "fund_required", "fund_gap", "fiscal_revenue"}
)
_TOTALS = re.compile(r"[，,]?\s*(?:合计|共计|总计|两项合计|三项合计|合起来)(?:为|达|约|共)?")
_SO_FAR = re.compile(r"[，,]\s*(?:目前|至此)?(?:已|共)?累计(?:已|共)?(?:建成|达到?|完成|通过|创建|有|为)*")
_PER_PERSON = re.compile(r"(?:^|[，,])人均(?:为|达到?|约|突破|超过)?$")
_SHARE_DONE = re.compile(
    r"(?:占|为|完成)(?:年初|调整|全年|年度)(?:预算|计划|任务)(?:数)?(?:的)?$|完成(?:总投资|投资|工程量|总工程量|任务|计划|主体)?(?:的|达到?|了|已达)?$"
)
_SHARE_COVERED = re.compile(r"(?:覆盖|惠及|普及)(?:到|了|率?达到?|面达)?$")
_PLACES = frozenset({"schools_total", "kindergartens", "teaching_points"})
_FROM_TO = re.compile(
    r"^\s*(?:提高|增加|增长|上升|提升|扩大|调整|下降|降低|减少|缩小|压缩|压减|缩短|发展|攀升|回落|扩充|增|升|降|减|涨|扩|变|改|跃升|优化|扩建|扩容|调减|提质|猛增)了?(?:到|至|为|成)?(?:目前|现在|今年|当前|\d{4}年|去年|年底)?的?[^，。；、]{0,4}$"
)
_PER_THING = re.compile(
    r"每(?:块|平方米|平米|斤|公斤|吨|册|套|台|度|立方米|㎡|株|头|只|箱|桶|瓶|张|件)|单价|均价"
)
_RELATIVE = frozenset({"percent", "points", "multiple", "rank"})
_ADJACENT_PRICE = re.compile(
    r"[，,、（(]?\s*(?:平均)?(?:每人次?|每生|每户|(?:人次|[人户生校班亩村次])均|[人户]平)\w{0,6}"
)
_SOME_RATE = re.compile(
    r"[^比利汇税费频功效速概斜胜][率](?:已|也|均|都|分别|[^，。；占]{0,4}的)?(?:达到|达|为|到|至|是|保持在|稳定在|提高到|超过|在)?[约近]?$|面(?:达到|达|为)$"
)
_PLACED = re.compile(
    r"^\s*(?:在[^，。；]{2,12}?|[^，。；]{0,6}?)(?:并|也|均|都|分别|连续\S{1,3}年|总量|增速|增幅)*(?:列|居|位|排|名|稳|跃|进)"
)
_PLANNED_AMOUNT = re.compile(r"(?:计划|预算|目标|任务|规划)数?$")
_COMPARED = re.compile(
    r"[，,（(]?\s*(?:比|较|优于|低于|高于|超出|超过|上年|去年|上一年|同期|为年度|为年初|占年初|占年度|占全年|占调整|为调整|完成调整|完成年度|完成年初|完成计划|为计划)[^，。；、]{0,8}"
)
_DONE_THINGS = frozenset(
    [
        "fund_investment",
        "projects_completed",
        "projects_started",
        "projects_total",
        "area_built",
        "area_renovated",
        "length_built",
        "deposits_loans",
    ]
)


class IndicatorReader:
    """Reads indicators with one vocabulary. Figures must be given in text order and their drafts filled before the next."""

    def __init__(self, vocabulary: Vocabulary, wholes: Wholes) -> None:
        self._v = vocabulary
        self._evidence = Evidence(vocabulary)
        self._wholes = wholes

    def read(self, c: Context, kind: Kind, topic_qualified: bool) -> Answer:
        """The indicator of one figure of the given kind; ``topic_qualified``: the article is about making schools meet a standard."""
        return settle(self._read(c, kind), c, kind, self._wholes, topic_qualified)

    def _read(self, c: Context, kind: Kind) -> Answer:
        q = c.draft.quantity
        if q.dimension == "time":
            if "优良天数" in c.clause_text or "空气质量" in c.clause_text:
                return Answer("emission_energy", 0.8, "indicator:air")
            return Answer("duration", 0.8, "indicator:time")
        relative = (kind in ("growth", "change") and q.dimension in _RELATIVE) or q.dimension == "rank"
        self._wholes.link(c)
        if (span := own_name(c)) is not None:
            named = self._evidence.of_name(c, *span, kind, relative)
            if named.score >= _NAMED:
                return Answer(named.indicator, named.sure, f"{named.rule}:分别")
        best = self._evidence.own(c, kind, relative)
        if (
            kind == "price"
            and q.dimension == "money"
            and best.score < 5.6
            and _PER_THING.search(c.clause_text)
        ):
            return Answer("other", 0.8, "indicator:unit-price")
        depends = self._depends(c, kind, relative, best)
        if depends is not None:
            return depends
        if best.score >= 2.0:
            return Answer(best.indicator, best.sure, best.rule, None, best.right)
        if c.prev is not None and _adjacent(c):
            again = self._evidence.of_neighbour(c, c.prev, kind, relative)
            if again.score >= 2.0:
                return Answer(again.indicator, again.sure * 0.9, f"{again.rule}:邻", c.prev)
        if c.draft.quantity.dimension == "area" and any(
            h.word.names for h in c.hits.within(c.clause, c.start)
        ):
            return _best_or(best, Answer(DEFAULTS["area"], 0.3, "indicator:unit"))
        far = self._evidence.of_sentence(c, kind, relative)
        if far.score >= 1.2 and far.score > best.score:
            return Answer(far.indicator, 0.4, f"{far.rule}:远")
        if best.score >= 1.0:
            return Answer(best.indicator, 0.4, best.rule, None, best.right)
        return self._default(c, kind, relative)

    def _depends(self, c: Context, kind: Kind, relative: bool, best: Best) -> Answer | None:
        p = c.prev
        q = c.draft.quantity
        if p is not None and (near := self._beside(c, p, kind, best)) is not None:
            return near
        if q.dimension == "percent" and kind == "share" and best.score < 5:
            if _SHARE_DONE.search(c.clause_text):
                return Answer("rate_completion", 0.75, "indicator:done")
            if _SHARE_COVERED.search(c.clause_text):
                return Answer("rate_coverage", 0.7, "indicator:covered")
        if self._of_done(c, kind):
            return Answer("rate_completion", 0.7, "indicator:done-share", p)
        if p is not None and q.dimension in _RELATIVE and (relative or kind == "growth"):
            if best.score >= 3.0:
                return None
            listed = p.draft.quantity.dimension == "rank" and LISTED.fullmatch(c.left_text) is not None
            if q.dimension == "rank" and not listed and not _PLACED.search(c.clause_text):
                return Answer("other", 0.6, "indicator:ranking")
            at = (
                parallel(c)
                or (p if q.dimension == "rank" or (kind == "growth" and _same_list(c, p)) else None)
                or level_before(c)
            )
            if at is not None:
                return Answer(at.draft.indicator, 0.8, "indicator:of-level", at)
        if p is not None and kind == "change" and best.score < 4.2:
            at = p
            for _ in range(REACH):
                if at is None:
                    break
                if at.draft.quantity.dimension == q.dimension and at.draft.quantity.unit == q.unit:
                    return Answer(at.draft.indicator, 0.75, "indicator:of-level", at)
                at = at.prev
        if (
            kind == "price"
            and p is not None
            and p.draft.quantity.unit == q.unit == "元"
            and best.score < 3.3
            and _ADJACENT_PRICE.fullmatch(c.left_text)
        ):
            return Answer(p.draft.indicator, 0.7, "indicator:per-head", p)
        if (
            p is not None
            and p.draft.quantity.unit == q.unit
            and _FROM_TO.match(c.left_text)
            and best.score < 4.6
        ):
            return Answer(p.draft.indicator, 0.85, "indicator:from-to", p)
        if (
            p is not None
            and kind == "share"
            and c.left_text.strip() == "的"
            and _PLANNED_AMOUNT.search(p.clause_text)
        ):
            return Answer("rate_completion", 0.85, "indicator:of-plan")
        if (
            p is not None
            and kind == "share"
            and p.draft.indicator == "schools_qualified"
            and re.search(r"(?:^|[，,])\s*占", c.left_text) is not None
        ):
            return Answer("rate_qualified", 0.8, "indicator:share-qualified", p)
        if (
            p is not None
            and p.draft.quantity.unit == q.unit
            and kind in ("level", "price", "ratio", "change")
            and best.score < 4.5
            and _COMPARED.fullmatch(c.left_text)
        ):
            return Answer(p.draft.indicator, 0.8, "indicator:compared", p)
        whole = self._wholes.get(c)
        if whole is not None:
            same = whole.draft.quantity.unit == q.unit
            place = same and q.unit not in ("所", None) and best.indicator in _PLACES
            base = (best.indicator, whole.draft.indicator) in self._v.turned
            item = (
                same
                and best.indicator not in ("projects_started", "projects_completed")
                and q.unit in ("个", "项", "处")
                and whole.draft.indicator == "projects_total"
                and not best.right
            )
            named = (
                whole.draft.indicator == "fund_required" and best.score >= 3.4
            )  # 需2.9亿元，拟争取上级补助1.6亿元
            base = base or (
                same and whole.draft.indicator in _FUNDS and best.indicator in _FUNDS and not named
            )
            base = base or (whole.draft.indicator in _TURNED_SCHOOLS and best.indicator in _PLACES and same)
            base = base or (whole.draft.indicator == "teachers_recruited" and best.indicator == "jobs_new")
            stage = best.indicator in ("projects_started", "projects_completed") and best.score >= 1.8
            if (
                not stage
                and not named
                and (best.score < _CHAIN or place or item or base)
                and kind not in ("share", "growth")
            ):
                return Answer(whole.draft.indicator, 0.8, "indicator:part", whole)
        elif (
            p is not None
            and best.score < 3.6
            and p.draft.quantity.unit == q.unit
            and kind in ("level", "ratio", "share", "price")
            and LISTED.fullmatch(c.left_text)
            and not (best.indicator in ("projects_started", "projects_completed") and best.score >= 1.8)
        ):
            return Answer(p.draft.indicator, 0.75, "indicator:list", p)
        return None

    def _beside(self, c: Context, p: Context, kind: Kind, best: Best) -> Answer | None:
        """What a figure is by its place beside the figure before: a sum of it, the next of a list, the same per head."""
        q, before = c.draft.quantity, p.draft
        same = before.quantity.unit == q.unit
        if same and kind == before.kind and _TOTALS.fullmatch(c.left_text):
            return Answer(before.indicator, 0.8, "indicator:total-of", p)
        if same and before.kind == kind == "level" and _SO_FAR.fullmatch(c.left_text):
            return Answer(before.indicator, 0.8, "indicator:so-far", p)  # 新建合格学校14所，累计建成106所
        whole = self._wholes.get(c)
        if (
            same
            and whole is not None
            and self._wholes.get(p) is whole
            and before.indicator != whole.draft.indicator
            and re.fullmatch(r"\s*[、和与及]\s*", c.left_text)
        ):
            return Answer(before.indicator, 0.8, "indicator:list", p)  # 三产业增加值分别为A、B和C
        if before.indicator == "gdp" and q.unit == "元" and _PER_PERSON.search(c.clause_text):
            return Answer("gdp_per_capita", 0.8, "indicator:per-head", p)
        if (
            q.unit == "元"
            and c.clause_text.strip() == "支出"
            and any(x is not None and x.draft.indicator == "fiscal_revenue" for x in (p, p.prev))
        ):
            return Answer("fiscal_expenditure", 0.85, "indicator:other-side", None)
        if same and q.unit == "所" and before.indicator == "kindergartens" and best.rule.endswith("unit"):
            return Answer("kindergartens", 0.75, "indicator:list", p)
        return None

    def _of_done(self, c: Context, kind: Kind) -> bool:
        """完成投资1.05亿元，占82.7%: the share of what is done."""
        p = c.prev
        return (
            kind == "share"
            and p is not None
            and p.draft.kind == "level"
            and p.draft.indicator in _DONE_THINGS
            and re.fullmatch(
                r"[，,]?\s*(?:占比?)\s*(?:总投资|计划投资|概算总?投资|年度计划投资)?(?:为|达|的)*",
                c.left_text,
            )
            is not None
            and re.search(
                r"(?:已|累计|目前|共)(?:经|完成|竣工|完工|开工|建成|到位|拨付)|完成投资", p.left_text
            )
            is not None
        )

    def _default(self, c: Context, kind: Kind, relative: bool) -> Answer:
        q = c.draft.quantity
        if q.dimension == "count":
            return Answer(UNIT_DEFAULTS.get(q.unit or "", "other"), 0.3, "indicator:unit")
        if relative and c.prev is not None:
            return Answer(c.prev.draft.indicator, 0.4, "indicator:before", c.prev)
        if (
            q.dimension == "percent"
            and kind == "share"
            and _SOME_RATE.search(c.clause_text)
            and "减" not in c.clause_text
        ):
            return Answer("rate_coverage", 0.35, "indicator:rate")
        if q.dimension == "percent" and kind == "growth":
            return Answer("other", 0.2, "indicator:none")
        if q.dimension == "money" and kind == "level":
            at = c.before
            for _ in range(12):
                if at is None or "\n" in c.text[at.end : c.start]:
                    break
                if (
                    at.draft.quantity.dimension == "money"
                    and at.draft.kind in ("level", "price")
                    and self._wholes.get(at) is None
                ):
                    return Answer(at.draft.indicator, 0.35, "indicator:topic", None)
                at = at.before
        return Answer(DEFAULTS.get(q.dimension, "other"), 0.3, "indicator:unit")


def _same_list(c: Context, p: Context) -> bool:
    """Whether a growth is the next of a list of growths that one name opens: 城乡居民收入分别增长7.5%和8%."""
    return p.draft.kind == "growth" and LISTED.fullmatch(c.left_text) is not None and "分别" in c.full_clause


def _best_or(best: Best, otherwise: Answer) -> Answer:
    """What the words say, however weakly, else ``otherwise``."""
    return Answer(best.indicator, 0.4, best.rule, None, best.right) if best.score >= 1.0 else otherwise


def _adjacent(c: Context) -> bool:
    gap = c.left_text.strip()
    return len(gap) <= 8 and not re.search(r"[；;。]", gap)
