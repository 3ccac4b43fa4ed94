"""Decides which quantity expressions measure something (`spec/observations.md` §1) and why the others do not."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from reportminer.core import PeriodExpr, Quantity, Span
from reportminer.extract.modifiers import closes
from reportminer.lexicon import Lexicon, default_lexicon

Stretch = Span | PeriodExpr

# A count class, not a claim: `10亿元以上项目41个`, `60岁以上老年人`, `规模2000万元以上企业`
_CLASS_NOUN = re.compile(
    r"的?(?:[^，。；、0-9]{0,4})(?:项目|企业|工业|固定资产|[行自]?政?然?村|农户|贫困户|社区|乡镇|病床|床位|锅炉|大班额|班额|班级|老年人|老人|人口|(?<!适龄)儿童|群众|公路|道路|水库|商户|单位|医院|学校|教师|人员|人群|超市|大户|住户|家庭|车辆|机组|锅炉|用户|投资者|产业)"
)
_NEXT_IS_COUNT = re.compile(
    r"的(?:[^，。；、0-9]{0,4}?)(?:[0-9]+|[一二两三四五六七八九十百]+)[户家个人名所村项位条件处座辆]"
)
_SPEC = re.compile(r"(?:及以上|以上|以下)?(?:线路|变电站|变电所|输变电|输电|电网|配网|配电|高压|主变|变压器)")
_HELD = re.compile(r"(?:召开|开|举行|举办|组织|主持召开)了$")
_SETTLED = re.compile(
    r"[^，。；、]{0,6}?(?:全部|均|都|已)[^，。；]{0,6}(?:整改|办结|销号|解决|化解|完成|认定)|(?:品牌|产品)(?:被|获)[^，。；]{0,8}(?:认定|评)"
)
_LIFE = re.compile(r"寿命[^，。；]*$")
_ENTRANCE = re.compile(r"(?:及?以上)?(?:上线|院校|录取|批次|线|率|大学|[、和及])")
_PAGE = re.compile(r"[第共](?:(?<=第) ?[0-9]+ ?页|(?<=共) ?[0-9]+ ?页(?! ?[、，和]?[0-9万]))")
_AGE_AFTER = re.compile(r"(?:以上|以下|以内|及以上|—|-|至|到|儿童|少年|老人|老年|人口|的|适龄|幼儿)")
_QUOTED = re.compile(
    r"“([^“”]{1,14})”|「([^「」]{1,14})」|‘([^‘’]{1,14})’|《([^《》]{1,40})》|〈([^〈〉]{1,40})〉|『([^『』]{1,14})』"
)
_DOC_NUMBER = re.compile(
    r"[〔\[［(（第](?:(?<=第) ?[0-9]+ ?号|(?<!第)[0-9xX×*]{4}[〕\]］)）] ?(?:第 ?)?[0-9xX×]+ ?号)"
)


@cache
def stop_patterns(
    lexicon: Lexicon | None = None,
) -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None, str], ...]:
    """``(after, before, reason)`` of every row of ``lexicons/stop.tsv``, split at the figure «N»."""
    out = []
    for row in (lexicon or default_lexicon()).table("stop"):
        left, mark, right = row["pattern"].partition("«N»")
        if not mark:
            continue
        try:
            before = re.compile(f"(?:{left})$") if left else None
            out.append((re.compile(right), before, row["reason"]))
        except re.error as e:
            raise row.fail(f"pattern 不是合法的正则表达式（{e}）") from e
    return tuple(out)


@cache
def _some_stop(
    lexicon: Lexicon | None,
) -> tuple[re.Pattern[str], list[tuple[re.Pattern[str], re.Pattern[str] | None, str]]]:
    """A pattern of all that may stand behind a figure that is no claim, and the rows that ask for nothing behind it."""
    rows = stop_patterns(lexicon)
    behind = "|".join(f"(?:{after.pattern})" for after, *_ in rows if after.pattern)
    return re.compile(behind or r"(?!)"), [r for r in rows if not r[0].pattern]


def quoted_spans(text: str) -> list[Span]:
    """Short quoted names and titles (“五统一”, 《……》): figures inside them measure nothing."""
    return [Span(m.start(), m.end()) for m in _QUOTED.finditer(text)]


class ClaimFilter:
    """Answers, for one clean text, why a quantity expression is no claim (None: it is one)."""

    def __init__(self, text: str, periods: Sequence[Stretch], lexicon: Lexicon | None = None) -> None:
        """``periods``: time expressions, which are never claims."""
        self.text = text
        self.periods = _Stretches(periods)
        self.quotes = _Stretches(quoted_spans(text))
        self.numbers = _Stretches([Span(m.start(), m.end()) for m in _DOC_NUMBER.finditer(text)])
        pages = _PAGE.finditer(text) if "页" in text else ()
        self.pages = _Stretches([Span(m.start(), m.end()) for m in pages])
        self.stops = stop_patterns(lexicon)
        self.some_stop, self.stops_before = _some_stop(lexicon)

    def reason(self, q: Quantity) -> str | None:
        """The reason to skip ``q``, in Chinese, or None when it is a claim."""
        text, start, end = self.text, q.start, q.end
        inside = self.periods.holder(start, end)
        if inside is not None and q.dimension in ("time", "count") and inside.end >= end - 1:
            return "日期与时间"
        if self.numbers.holder(start, end):
            return "文号"
        if q.unit == "页" and self.pages.holder(start, end):
            return "页码"
        if q.unit in ("千伏", "伏") and _SPEC.match(text, end):
            return "规格"
        if q.unit == "本" and _chinese_only(q) and _ENTRANCE.match(text, end):
            return "名称与口号"  # 二本以上上线
        quote = self.quotes.holder(start, end)
        if quote is not None and (
            text[quote.start] in "《〈"
            or _chinese_only(q)
            or (quote.end - quote.start <= 9 and q.dimension == "count")
        ):
            return "名称与口号"
        if q.dimension == "age":
            lead = text[max(0, start - 8) : start]
            if _LIFE.search(text, max(0, start - 24), start):
                return None
            if text[end - 2 : end] in ("以下", "以上", "以内"):
                return "年龄界限"
            if not ("平均" in lead or "年龄" in lead or "寿命" in lead) or _AGE_AFTER.match(text, end):
                return "年龄界限"
        if (
            q.bound in ("ge", "le")
            and (
                text[end - 2 : end] in ("以上", "以下", "以内", "之上")
                or (
                    text.startswith("的", end)
                    and q.text.startswith(("不足", "少于", "超", "过", "不满", "低于", "高于"))
                )
            )
            and q.unit not in ("%",)
        ) and _threshold(text, q):
            return "分组阈值"
        if q.bound == "range" and _NEXT_IS_COUNT.match(text, end) and q.dimension not in ("percent", "rank"):
            return "分组阈值"
        if (
            q.value == 1
            and _chinese_only(q)
            and q.unit not in ("次", "栋", "%", "倍")
            and text[start - 1 : start] != "各"
            and q.bound == "eq"
            and q.dimension != "rank"
            and not closes(text, start, end)
        ):
            return "泛指的一"
        lead = text[max(0, start - 6) : start]
        if q.masked and q.text.endswith(("镇", "乡", "村", "街道")) and "个" not in q.text:
            return "名称与口号"  # x镇是山区小镇
        if q.dimension == "count" or q.unit in ("次",):
            for after, before, reason in self.stops if self.some_stop.match(text, end) else self.stops_before:
                if reason == "会议届次" and _HELD.search(lead):
                    continue  # 先后召开了十二次会议
                if reason == "修辞计数" and _SETTLED.match(text, end):
                    continue  # 150个问题全部完成整改
                if (
                    after.match(text, end)
                    and (before is None or before.search(lead))
                    and (
                        _chinese_only(q)
                        or reason in ("分组阈值", "会议届次", "序次")
                        or (q.unit == "个" and reason == "修辞计数" and after.match(text, end))
                    )
                ):
                    return reason
        return None


def _chinese_only(q: Quantity) -> bool:
    return not any(c.isdigit() or c in "xX×*＊○□?" for c in q.text)


def _threshold(text: str, q: Quantity) -> bool:
    """The figure with 以上/以下 only names a class: a noun of a class follows and is itself counted or described."""
    if _NEXT_IS_COUNT.match(text, q.end):
        return True
    noun = _CLASS_NOUN.match(text, q.end)
    if noun is None:
        return False
    if text.startswith("的", q.end):  # 10万元以上的工程一律招标 states a norm
        return bool(re.match(r"的[^，。；、]{0,8}?(?:[0-9]|有|占|达)", text[q.end : q.end + 14]))
    return True


class _Stretches:
    """Stretches of text, ordered and disjoint."""

    def __init__(self, spans: Sequence[Stretch]) -> None:
        self._spans = spans
        self._starts = [s.start for s in spans]

    def holder(self, start: int, end: int) -> Stretch | None:
        """The one that overlaps ``[start, end)``, or None."""
        i = bisect_right(self._starts, start)
        if i and start < self._spans[i - 1].end:
            return self._spans[i - 1]
        return self._spans[i] if i < len(self._spans) and self._starts[i] < end else None
