"""Notes on funds and floor space that overlap: P3 one item takes nearly all of a fund, P1w works beyond the need, X3 funds from above and their
use, F1 completed area and net increase."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, number
from reportminer.checks.intervals import Interval, total
from reportminer.checks.passages import Passage, bare, passages
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_NEARLY_ALL = Decimal("0.85")
_AND_OTHERS = re.compile(
    r"(?:对|给|向|为|用于|用在|支持|改造|建设|扶持)([一-龥A-Za-z、]{2,30}?)等(?:$|(?=[\d一二三四五六七八九十]))"
)
_ALSO = re.compile(r"^(?:另一方面|同时|此外|另外|与此同时|二是|其次)")
_SCHOOL = re.compile(
    r"([一-龥]{1,8}?(?:小学|中学|初中|完小|中心校|幼儿园|学校|[一二三四五六七八九十]+[中小]))$"
)
_OF_WHICH = re.compile(
    r"其中[，,]?([一-龥]{0,10}?(?:小学|中学|初中|完小|中心校|幼儿园|学校|[一二三四五六七八九十]+[中小]|村|乡|镇|医院|公司))(?:一[校所家园个])?(?:投资|投入|安排|使用|获得|分得|得到|占用|资金)"
)
_WORKS = re.compile(r"重点(?:建设)?(?:工程|项目)")
_NEED = re.compile(r"总?共?需|需要|概算|总投资需求")
_OUTSIDE = re.compile(r"一中|二中|三中|高中|高级中学|职高|职中|职教|中职|中专|职业学校|学院|大学")
_FROM_ABOVE = re.compile(
    r"(?:上级|中央|省里?|省级|市级)[^，。；]{0,6}(?:下达|下拨|拨付|拨入|安排|补助)(?:我[县市区州旗镇乡])?([一-龥]{2,10}?)(?:及|和|与|、)([一-龥]{2,10}?)(?:专项)?(?:资金|经费|补助)$"
)
_SENT = re.compile(r"下达|下拨|拨付|拨入|补助")
_CLOSE = Decimal("0.1")
_BEYOND = Decimal("1.05")  # investments are often printed in round figures (3亿元)
_COMPLETED = re.compile(r"竣工|完工|建成")
_LOST = re.compile(r"拆除|拆旧|撤并|划出|报废|置换|移交|封存|退出|危房")
_RISE = re.compile(r"增加|新增|净增|增长")


def _spent(o: Observation) -> bool:
    return o.unit == "元" and o.kind == "level" and bool(o.value) and not o.masked and o.status == "actual"


def fund_overlap(view: View, words: Words) -> CheckResult:
    """P3 资金重叠: one of several that share a fund is told to have cost nearly all of it, or more. A note: the funds may not be the same.

    Fires: 多方筹措资金160多万元用于学校建设。另一方面，集中附加费140余万元，对城南五小等9所学校加大建设力度。五小投资280万元新建教学楼一栋。
    Fires: 投入资金300万元改造5所学校，其中城南小学投入280万元。
    Quiet: 集中附加费140余万元，对城南五小等9所学校加大建设力度。五小投资28万元新建厕所一座。
    Quiet: 投入资金300万元改造5所学校，其中城南小学投入90万元。
    """
    result = CheckResult()
    for p in passages(view, re.compile(r"等[\s\d一二三四五六七八九十]|其中")):
        items = p.figures()
        counts = [
            o for o in items if o.unit in ("所", "个", "家") and o.value and o.value >= 3 and not o.part_of
        ]
        sums = [o for o in items if _spent(o)]
        if counts and sums:
            _named(view, p, sums, counts, result)
            _largest(view, p, sums, counts, result)
    return result


def _named(
    view: View, p: Passage, sums: list[Observation], counts: list[Observation], result: CheckResult
) -> None:
    """A fund for X等N所, and what X alone cost, elsewhere in the article."""
    for count in counts:
        start = p.place(count)[0]
        m = _AND_OTHERS.search(p.text[max(0, start - 34) : start])
        funds = [o for o in sums if o.clean_end <= count.clean_start]
        if not m or len(funds) != 1:
            continue
        if _ALSO.match(p.text) and p.sentence:
            earlier = [o for o in view.by_sentence.get(p.sentence - 1, []) if _spent(o)]
            funds = earlier[-1:] + funds if len(earlier) == 1 else funds
        known = [i for i in map(view.interval, funds) if i]
        named = [s.group(1) for n in m.group(1).split("、") if (s := _SCHOOL.search(n))]
        for item in view.items:
            if (
                not _spent(item)
                or item in funds
                or item.segment != count.segment
                or item.sentence == p.sentence
                or item.part_of
            ):
                continue
            lead = re.split(r"[。；，]", view.lead(item, 16))[-1]
            who = re.match(r"([一-龥]{2,10}?)(?:总?投资|投入|筹资|使用资金|投入资金)", lead)
            if not who or not any(n.endswith(who.group(1)) or who.group(1).endswith(n) for n in named):
                continue
            _tell(view, item, funds, total(known), count, result)


def _largest(
    view: View, p: Passage, sums: list[Observation], counts: list[Observation], result: CheckResult
) -> None:
    """A fund for N of them of which one of them took nearly all, in one sentence."""
    m = _OF_WHICH.search(p.text)
    if not m:
        return
    at = p.origin[m.start()]
    funds, inside = [o for o in sums if o.clean_end <= at], [o for o in sums if o.clean_start > at]
    several = [o for o in counts if o.clean_end <= at]
    if len(funds) == 1 and inside and several and p.place(inside[0])[0] - m.end() < 6:
        i = view.interval(funds[0])
        if i and funds[0].value and inside[0].value and inside[0].value <= funds[0].value:
            _tell(view, inside[0], funds, i, several[-1], result)


def _tell(
    view: View,
    item: Observation,
    funds: list[Observation],
    whole: Interval,
    count: Observation,
    result: CheckResult,
) -> None:
    i = view.interval(item)
    if i is None or i.low is None or whole.low is None or not count.value or i.low < whole.low * _NEARLY_ALL:
        return
    rest = whole - i
    names = " + ".join(view.text(o) for o in funds)
    left = (
        f"其余{number(count.value - 1)}{count.unit}只剩{_span(view, rest, item)}"
        if rest.high and rest.high > 0
        else "已超过该项资金"
    )
    message = f"{view.text(count)}共用的资金为{names}，其中一项就用去{view.text(item)}，{left}，两处资金的口径可能不同，不宜相加。"
    how = arithmetic(view.text(item), names, i, whole, None, "元")
    result.findings.append(finding("P3", "sum", "info", [view], [item, *funds, count], message, how))


def _span(view: View, i: Interval, like: Observation) -> str:
    low = max(i.low or Decimal(0), Decimal(0))
    high = i.high if i.high is not None else low
    return view.show(low, like) if low == high else f"{view.show(low, like)}至{view.show(high, like)}"


def beyond_need(view: View, words: Words) -> CheckResult:
    """P1w 工程大于需要: the investments of the listed key works exceed the total that is said to be needed. A note, with what may lie outside it.

    Fires: 教育重点工程。新一中总投资3亿元，建设面积96000平方米。明德小学投资6500万元，已竣工。衡南小学投资800万元，已完工。／我县总需建设资金33806万元，缺口23567万元。
    Quiet: 教育重点工程。新一中总投资1亿元，建设面积96000平方米。明德小学投资4500万元，已竣工。衡南小学投资800万元，已完工。／我县总需建设资金33806万元，缺口23567万元。
    """
    result = CheckResult()
    needs = [
        o
        for o in view.items
        if o.indicator == "fund_required"
        and o.value
        and o.kind == "level"
        and not o.part_of
        and _NEED.search(view.lead(o, 14))
    ]
    for need in needs if _WORKS.search(view.clean) else []:
        limit = view.interval(need)
        segment = view.report.text.segments[need.segment]
        for m in _WORKS.finditer(view.clean, segment.start, segment.end):
            works = _listed(view, m.end(), segment.end)
            known = [i for i in map(view.interval, works) if i]
            sum_ = sum((o.value for o in works if o.value), Decimal(0))
            if (
                len(works) < 3
                or need in works
                or limit is None
                or not need.value
                or sum_ <= need.value * _BEYOND
            ):
                continue
            parts = " + ".join(view.say(o) for o in works)
            left = f"{parts} = {view.show(sum_, need)}"
            message = f"所列{m.group()}投资合计{view.show(sum_, need)}，大于总需资金{view.say(need)}。"
            reasons = []
            outside = [o for o in works if _OUTSIDE.search(_clause(view, o)) and o.value]
            if outside:
                rest = sum_ - sum((o.value for o in outside if o.value), Decimal(0))
                reasons = [
                    f"其中{'、'.join((o.area or '') + view.say(o) for o in outside)}属高中或职校，可能不在总需资金的口径之内；除去后为{view.show(rest, need)}"
                ]
            reasons.append("总需资金可能只是尚需的部分")
            how = arithmetic(left, view.say(need), total(known), limit, sum_ - (need.value or 0), "元")
            result.findings.append(
                finding("P1w", "sum", "info", [view], [need, *works], message, how, reasons)
            )
            break
    return result


def _listed(view: View, start: int, end: int) -> list[Observation]:
    """One investment a sentence, in a run of sentences behind a heading."""
    text = view.report.text
    first = text.sentence_at(start)
    works: list[Observation] = []
    for n in range(first, min(first + 12, len(text.sentences))):
        span = text.sentences[n]
        if span.start >= end or (
            n > first
            and re.match(
                r"\s*(?:[一二三四五六七八九十]+[是、]|\d+[、.．])", view.clean[span.start : span.end]
            )
        ):
            break
        sums = [
            o
            for o in view.by_sentence.get(n, [])
            if o.unit == "元" and o.kind == "level" and o.value and o.clean_start >= start
        ]
        if (
            len(sums) == 1
            and re.search(r"投资", view.lead(sums[0], 8))
            and not re.search(r"完成投资|其中|累计", view.lead(sums[0], 14))
        ):
            works.append(sums[0])
        elif works and n - first > 1 and not sums and len(works) >= 3:
            break
    return works


def _clause(view: View, o: Observation) -> str:
    return view.before(o, 40)


def funds_from_above(view: View, words: Words) -> CheckResult:
    """X3 上级资金与使用: what came from above for two works, and what the two works are told to have used, differ by little. A note.

    Fires: 校舍维修改造项目140个，投入2414万元。全面改薄工程安排资金2740万元，已完工。上级下达我县改薄及维修改造资金5113万元。
    Quiet: 校舍维修改造项目140个，投入2414万元。全面改薄工程安排资金2699万元，已完工。上级下达我县改薄及维修改造资金5113万元。
    """
    result = CheckResult()
    for o in view.items if _SENT.search(view.clean) else []:
        m = _FROM_ABOVE.search(view.before(o, 40)) if _spent(o) else None
        told = view.interval(o) if m else None
        if not m or told is None or not o.value or re.search(r"估算|预计|测算", view.before(o, 60)):
            continue
        names = [_same_name(words, re.sub(r"(?:建设|工程|项目)$", "", n)) for n in m.groups()]
        used: list[Observation] = []
        for name in names:
            other = next((x for x in view.items if _uses(view, words, x, name, o) and x not in used), None)
            used += [other] if other else []
        known = [i for i in map(view.interval, used) if i]
        if len(used) != 2 or len(known) != 2 or total(known).meets(told):
            continue
        sum_ = sum((x.value for x in used if x.value), Decimal(0))
        off = sum_ - o.value
        if abs(off) > o.value * _CLOSE:
            continue
        left = f"{view.say(used[0])} + {view.say(used[1])} = {view.show(sum_, o)}"
        message = f"{left}，与上级下达的{view.say(o)}相差{view.show(abs(off), o)}（{number(abs(off) / o.value * 100)}%），可能含本级资金或结转资金。"
        how = arithmetic(left, view.say(o), total(known), told, off, "元")
        result.findings.append(finding("X3", "sum", "info", [view], [o, *used], message, how))
    return result


def _same_name(words: Words, name: str) -> str:
    """A name with confusable characters as the programmes of the lexicon write them (改簿: 改薄)."""
    for n, c in enumerate(name):
        other = words.confusable.get(c)
        spelled = name[:n] + other + name[n + 1 :] if other else ""
        if spelled and any(spelled in p or p in spelled for p in words.programmes):
            return spelled
    return name


def _uses(view: View, words: Words, x: Observation, name: str, o: Observation) -> bool:
    if not _spent(x) or x is o or x.part_of or x.segment != o.segment or x.sentence == o.sentence:
        return False
    start = view.report.text.sentences[max(0, x.sentence - 1)].start
    before = bare(view.clean[start : x.clean_start])
    return name in _same_name(words, before[-70:]) and bool(
        re.search(r"投入|安排|使用|投资|支出", view.lead(x, 12))
    )


def completed_and_net(view: View, words: Words) -> CheckResult:
    """F1 竣工与净增: more floor space was completed than the whole is told to have grown by, and nothing is told to have gone. A note.

    Fires: 实际竣工校舍面积128195平方米。全县校舍总面积达509223平方米，比实施项目前增加50446平方米。
    Quiet: 实际竣工校舍面积48195平方米。全县校舍总面积达509223平方米，比实施项目前增加50446平方米。
    Quiet: 实际竣工校舍面积128195平方米，拆除危房77749平方米。全县校舍总面积达509223平方米，比实施项目前增加50446平方米。
    """
    result = CheckResult()
    areas = [
        o for o in view.items if o.unit == "平方米" and o.value and o.status == "actual" and not o.masked
    ]
    for rise in areas:
        if (
            rise.kind != "change"
            or not _RISE.search(view.lead(rise, 20))
            or rise.value is None
            or rise.value <= 0
        ):
            continue
        before = re.sub(
            r"\s", "", view.clean[view.report.text.sentences[rise.sentence].start : rise.clean_start]
        )
        if "校舍" not in before or re.search(r"生均|运动|占地|竣工", before[-30:]):
            continue
        grown = view.interval(rise)
        for done in areas:
            lead = re.split(r"[，。；：:]", view.lead(done, 16))[-1]
            if (
                done.kind != "level"
                or done.segment != rise.segment
                or not (_COMPLETED.search(lead) and "校舍" in lead)
                or done.part_of
            ):
                continue
            made = view.interval(done)
            segment = view.report.text.segments[rise.segment]
            if (
                made is None
                or grown is None
                or not made.above(grown)
                or done.value is None
                or _LOST.search(view.clean, segment.start, segment.end)
            ):
                continue
            off = done.value - rise.value
            message = f"竣工校舍{view.text(done)}，校舍总面积只增加{view.text(rise)}，相差{view.show(off, rise)}，可能有旧校舍拆除或尚未计入。"
            how = arithmetic(view.say(done), view.say(rise), made, grown, off, "平方米")
            result.findings.append(finding("F1", "sum", "info", [view], [done, rise], message, how))
            return result
    return result
