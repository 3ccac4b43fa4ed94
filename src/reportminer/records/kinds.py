"""What kind of figure it is (level, change, growth, share, ratio, rank, price) and its sign (``observations.md`` §3, §4)."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from reportminer.core import Kind, Quantity
from reportminer.records.context import Context
from reportminer.records.cues import Cues
from reportminer.records.recalled import is_recalled

_TO = r"(?:到|至|为|成|达|达到|突破|超过)"


@cache
def kind_reader(cues: Cues) -> KindReader:
    """The reader of a lexicon's cues, compiled once."""
    return KindReader(cues)


class KindReader:
    """Reads kinds with the words of one lexicon."""

    def __init__(self, cues: Cues) -> None:
        up, down, rate = cues.any_of("increase"), cues.any_of("decrease"), cues.any_of("rate_noun")
        # 幅度、增幅 nouns may have 达/为 after them; a bare verb must not be followed by 到/至/为 (提高到 is a level).
        change_noun = cues.any_of("change_noun")
        opens = re.escape(cues.opens("increase") + cues.opens("decrease")) or r"\s\S"  # where one can begin
        self._by = re.compile(
            rf"(?=[{opens}])(?:(?P<up>{up})|(?P<down>{down}))了?(?:分别(?:为|达到?|是))?{_FILL}$"
        )
        self._by_noun = re.compile(
            rf"(?:{change_noun})(?:{_FILL}|[^，。；、]{{0,8}}?(?:在|达|为|达到|控制在))$"
        )
        self._to = re.compile(
            rf"(?:{up}|{down}|控制|保持|稳定|维持|恢复|提标|扩面|扩容){_TO}[^，。；、]{{0,6}}$"
        )
        self._after = re.compile(
            rf"(?:的|左右的|以上的)?(?:速度|幅度)?(?:的)?(?:{change_noun}|递增|增长|增速|速度增长|下降)(?![到至为]|了?[到至])"
        )
        self._new = re.compile(rf"(?:{cues.any_of('newly')})(?!到|至|为|了?到|了?至)")
        self._rate = re.compile(rf"(?:{rate})")
        self._price = re.compile(rf"(?:{cues.any_of('per')})")
        self._down = re.compile(rf"(?:{down})")
        self._down_object = re.compile(
            rf"^\s*(?:{_SUBJECT})?(?:{cues.any_of('reduce')})了?(?![^到至为，。；]*贫困)[^到至为，。；]{{2,14}}$"
        )
        self._less = re.compile(rf"(?:{cues.any_of('less')})了?{_FILL}$")
        self._more = re.compile(rf"(?:{cues.any_of('more')})了?{_FILL}$")

    def before_indicator(self, c: Context, previous: Kind | None) -> Kind:
        """The kind as far as the words alone tell; ``finish`` needs the indicator."""
        q = c.draft.quantity
        dim = q.dimension
        left = c.clause_text.rstrip()
        if dim == "rank":
            return "rank"
        if dim == "ratio":
            return "ratio"
        if dim == "multiple":
            return "growth"
        if dim == "points":
            return "change"
        if dim == "percent":
            return self._percent(c, left, previous)
        if dim == "number" and _COEFFICIENT.search(c.left_text):
            return "ratio"
        return self._amount(c, left, previous)

    def _percent(self, c: Context, left: str, previous: Kind | None) -> Kind:
        if c.heads:
            heads = "".join(c.text[s.start : s.end] for s in c.heads)
            return "growth" if _GROWTH_HEAD.search(heads) else "share"
        if self._to.search(left):
            head = left
            return "growth" if _GROWTH_NOUN_TO.search(head) else "share"
        m = self._by.search(left) or self._less.search(left) or self._more.search(left)
        if m is not None and not _HIGHEST.search(left):
            subject = left[: m.start()]
            before = c.prev
            if (
                before is not None
                and before.draft.kind == "share"
                and _COMPARED.fullmatch(subject)
                and _RATE_WORD.search(before.clause_text)
            ):
                return "change"  # 入园率为65%，比上年增长5.28%
            if _RATE_END.search(subject) and not _GROWTH_ADVERB.search(subject):
                return "change"
            return "growth"
        if self._by_noun.search(left) or _OF_LAST_YEAR.search(left):
            return "growth"
        if self._after.match(c.right_text):
            return "growth"
        if _LIST.fullmatch(left) and previous in ("growth", "change", "share"):
            return previous
        if previous == "growth" and _AGAINST.search(left) and _GOAL_AFTER.match(c.right_text):
            return "growth"  # 增长1.4%，低于年初6%的目标
        if previous == "growth" and is_recalled(c.text, c.start, c.end, c.clause):
            return "growth"
        return "share"

    def _amount(self, c: Context, left: str, previous: Kind | None) -> Kind:
        if c.heads:
            heads = "".join(c.text[s.start : s.end] for s in c.heads)
            return "price" if self._price.search(heads) else "level"
        if self._to.search(left):
            same = c.prev is not None and c.prev.draft.quantity.unit == c.draft.quantity.unit
            if same and previous == "price" and len(left) <= 10:
                return "price"
            return "price" if self._is_price(c) else "level"
        if _STANDS_NOW.search(left) or _SCHOOL_KIND.search(left):
            return "price" if self._is_price(c) else "level"
        by = self._by.search(left) or self._less.search(left) or self._more.search(left)
        if by is not None and not _HIGHEST.search(left):
            return "change"
        if c.draft.quantity.text.endswith(("位", "名次")) and _MOVES.search(left):
            return "change"  # 名列第三，比去年前移两位
        if _APART.search(left) or _MORE_DONE.search(left):
            return "change"
        if _FREED.search(left) or _MORE_MONEY.search(left) or _OFF_PLAN.search(left):
            return "change"
        if _LIST.fullmatch(left) and previous == "change" and c.prev is not None:
            same = c.prev.draft.quantity.unit == c.draft.quantity.unit
            if same:
                return "change"
        if self._down_object.match(left):
            return "change"
        if self._is_price(c):
            return "price"
        return "level"

    def _is_price(self, c: Context) -> bool:
        q = c.draft.quantity
        if q.dimension == "age":
            return False
        if q.unit and "/" in q.unit:
            return not q.unit.startswith(("微克", "毫克", "克", "公斤"))  # a concentration is no price
        if _PER_AFTER.match(c.text, c.end):
            return True
        piece = c.clause_text
        if q.dimension == "money" and (_MONTHLY.search(piece) or _EACH_PLACE.search(piece)):
            return True
        p = c.prev
        if (
            p is not None
            and p.draft.kind == "price"
            and p.draft.quantity.unit == q.unit
            and _ITEM.fullmatch(c.left_text)
        ):
            return True  # 县道每公里7000元、乡道3500元
        if (
            p is not None
            and p.draft.kind == "price"
            and p.draft.quantity.unit == q.unit
            and len(piece) <= 18
            and _AGAINST.search(piece)
        ):
            return True  # 生均3.7平方米，低于规定的4.5平方米
        if (
            not self._price.search(piece)
            and c.prev is not None
            and len(piece) <= 1
            and not piece.strip("、，")
        ):
            return False
        m = self._price.search(piece)
        if m is None:
            # 每人每月发给津贴，由原来的200元提高到350元: the clause before says what one gets
            before = c.text[max(c.sentence, c.clause - 40, c.left) : c.clause]
            return (
                q.dimension == "money"
                and _FROM.fullmatch(piece) is not None
                and self._price.search(before) is not None
            )
        return q.dimension != "count" or "的" not in piece[m.end() :]  # 生均面积不足的学校8所 counts schools

    def finish(self, c: Context, kind: Kind, indicator: str, nature: str, whole: Kind | None) -> Kind:
        """The kind once the indicator is known: 新增 of a stock is a change, money per head a price."""
        if kind == "level":
            if indicator in _PER_HEAD and c.draft.quantity.dimension == "money":
                v = c.draft.quantity.value
                return "level" if v is not None and v > _LARGEST_RATE else "price"
            if (
                c.heads
                and nature == "stock"
                and any(_NEW_HEAD.search(c.text, s.start, s.end) for s in c.heads)
            ):
                return "change"
            if _STANDS_NOW.search(c.clause_text):
                return kind
            if whole in ("change", "price") and c.draft.quantity.dimension != "percent":
                return whole
            if _NEW_CAPACITY.search(c.clause_text):
                return "change"
            if nature == "stock" and self._new.search(c.clause_text) and not _INTO.search(c.clause_text):
                return "change"
            p = c.prev
            if (
                nature == "stock"
                and p is not None
                and p.draft.kind == "change"
                and c.left_text.startswith("、")
            ):
                return "change"
            if indicator == "cv_balance":
                return "ratio"
        return kind

    def signed(self, c: Context, kind: Kind, quantity: Quantity) -> Quantity:
        """``quantity`` negated when a decrease governs it; low and high keep their order."""
        if kind not in ("change", "growth") or quantity.value is None:
            return quantity
        left = c.clause_text.rstrip()
        down = self._by.search(left)
        falls = (down is not None and down.group("down") is not None) or self._less.search(left) is not None
        if not falls and down is None:
            done = _MORE_DONE.search(left)
            if (
                (done is not None and done["sign"] == "少")
                or _FALL_NOUN.search(left)
                or _FALL_AFTER.match(c.right_text)
            ):
                falls = True
            elif _LIST.fullmatch(left) and c.prev is not None and c.prev.draft.kind == kind:
                falls = c.prev.draft.quantity.value is not None and c.prev.draft.quantity.value < 0
            elif self._down_object.match(left) or (kind == "growth" and self._less_in(left)):
                falls = True
        if not falls or quantity.value < 0 or quantity.dimension == "multiple":
            return quantity
        return negate(quantity)

    def _less_in(self, left: str) -> bool:
        m = last_match(self._down, left)
        return m is not None and len(left) - m.end() <= 4 and not _TO_END.search(left)


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last match of ``pattern`` in ``text``."""
    found = None
    for m in pattern.finditer(text):
        found = m
    return found


def negate(q: Quantity) -> Quantity:
    """The same quantity with the other sign; ``value`` stays the one printed first."""
    return replace(
        q,
        value=None if q.value is None else -q.value,
        value2=None if q.value2 is None else -q.value2,
        low=None if q.high is None else -q.high,
        high=None if q.low is None else -q.low,
    )


_HIGHEST = re.compile(r"(?:最高|最多|最低(?!标准|生活|工资|收入)|最少|最大|[高多]达)[^，。；]{0,4}$")
_AGAINST = re.compile(
    r"(?:我[县市区镇乡校省们]|[才仅]|实际|规定|标准|要求|省定|国定|国家|应|低于|高于|超过|达到|优于|年初|目标|平均)[^，。；]{0,8}$"
)
_GOAL_AFTER = re.compile(r"的?(?:年度|年初|预期)?(?:目标|计划|任务|要求|水平)")
_NEW_CAPACITY = re.compile(r"新增(?:了)?[^，。；]{0,10}(?:里程|装机|装机容量|容量|产能)$")
_FILL = r"(?:约|近|将近|超|超过|逾|达|达到|仅|共|就|又|均|都|整整|大约|至少|不低于|不少于|不超过|不到|接近|幅度达|幅度为|分别|\s)*"
_COEFFICIENT = re.compile(r"系数|之比|收入比|比值")
_GROWTH_HEAD = re.compile(r"增长|增速|增幅|涨幅|降幅|同比|±%|比上年")
_GROWTH_NOUN_TO = re.compile(r"增速|增幅|涨幅|降幅|涨跌幅|增长速度|增长率")
_RATE_END = re.compile(
    r"(?:率|比例|占比|比重|覆盖面|满意度)(?:比|较|同比|由|从|又|也|还|[^，。；]{0,6}(?:年|期))?[^，。；]{0,4}$"
)
_GROWTH_ADVERB = re.compile(r"同比增长|环比增长")
_SUBJECT = r"(?:全[县区市年]|共|累计|再|继续|大力|确保|力争|计划|实现|要)*"
_ITEM = re.compile(r"\s*[、和]\s*[^，。；、\d]{0,8}")
_MORE_MONEY = re.compile(r"增加(?:投入|投资|经费|资金|支出|收入)$")
_OF_LAST_YEAR = re.compile(r"(?:为|是|相当于)(?:上年|去年)(?:同期)?的$")  # 为上年的71.6%
_STANDS_NOW = re.compile(r"在建|缺口|现有|尚缺|还缺")
_SCHOOL_KIND = re.compile(r"(?:普|职|综|中|初|完)高$")  # 普高3所 is not higher by three
_FREED = re.compile(r"(?:腾出[^，。；、\d]{0,4}编制|多完成|消化大班额)$")
_EACH_PLACE = re.compile(r"(?:每|单)[座处间栋][^，。；\d]{0,8}$")
_NEW_HEAD = re.compile(r"新增|净增")
_OFF_PLAN = re.compile(
    r"(?:超出?|超过|超额完成|多于|少于|低于|高于)(?:年初|年度|全年|原)?(?:计划|目标|任务|预算)(?:数)?$"
)
_MONTHLY = re.compile(r"每月|每学年|每学期|每[天日](?!制)")
_COMPARED = re.compile(r"(?:比|较|同比|与)?[^，。；]{0,16}(?:同比|相比)?")
_RATE_WORD = re.compile(r"率(?:已?达到?|为|是)?[^，。；]{0,3}$")
_LIST = re.compile(r"\s*(?:[、和与及，,]|以及|和|分别)?\s*")
_PER_AFTER = re.compile(
    r"\s*(?:[/／每]\s?(?:人|生|年|月|户|亩|公里|平方米|平米|吨|公斤|斤|册|套|天|台|次|㎡|m2)|(?:一|每)?个?人一)"
)
_PER_HEAD = frozenset(
    {"income_urban", "income_rural", "gdp_per_capita", "benefit_standard", "fund_per_pupil"}
)
_MORE_DONE = re.compile(
    r"[比较][^，。；、\d]{1,8}?(?<!最)(?P<sign>[多少])[投建招修种卖收产用花拨挣赚][\u4e00-\u9fff]?了?$"
)
_APART = re.compile(r"(?:高出|多出|低出|少出)[^，。；、\d的]{1,8}$")
_FROM = re.compile(r"\s*[由从][^，。；]{0,6}")
_MOVES = re.compile(r"(?:前移|后移|前进|上升|跃升|提升|下降|退后|后退)了?$")
_LARGEST_RATE = 300_000  # 元 per head; more is a total
_INTO = re.compile(r"新增[^，。；]{0,12}(?:投资|资金|经费|投入|到)")
_FALL_NOUN = re.compile(r"(?:降幅|跌幅|减幅|降低率|下降率|减少率|负增长|下降幅度)[^，。；、]{0,6}$")
_FALL_AFTER = re.compile(r"(?:的)?(?:降幅|跌幅|减幅|下降|负增长)")
_TO_END = re.compile(r"(?:到|至|为)$")
