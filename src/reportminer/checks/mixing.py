"""Notes on what a text is about: E1 levels mixed in one article, E5 a masked place that other names give away, D6s excerpts, R1s a work that is
both finished and not, C4n teachers implied by a ratio, X1a one thing with two levels in two reports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from reportminer.checks.common import View, finding, number
from reportminer.checks.passages import bare, near, passages
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation
from reportminer.restore.gazetteer import Region, gazetteer
from reportminer.restore.places import find_places

_OWN = re.compile(r"(?:我|本)([镇乡县区])(?![级长委域外])")
_LARGER = re.compile(r"成立(?:了)?全([县市区])[^。；，]{0,20}?(?:领导小组|指挥部|工作组|专班|委员会)")
_AUTONOMOUS = ("45", "64", "15", "65", "54")
_HIDDEN = re.compile(r"(?<![\dXxＸ×*＊])(?:[XxＸ×*＊]{1,3}|某)([省市县区镇乡])(?![Xx×*])")
_TOWN = re.compile(r"(?<=[，。、；：:（(“\s在县市区])([一-龥]{2,3}(?:镇|乡|街道))(?![村区域级镇])")
_COMMON = re.compile(
    r"各|全|我|本|该|每|有|和|及|的|为|等|城|乡镇|村镇|集镇|建制|中心|小城|特色|重点|强|名|百|千|几|多|一|二|三|四|五|六|七|八|九|十|第|某|到|由|向|跨|农村|近|远|边|偏|下|送|外|回|进|异|他|街道|办"
)
#: names that stand for other places than the report's own
_ABROAD = re.compile(
    r"赴|考察|学习|对口|支援|帮扶|借鉴|参观|来自|援助|兄弟|周边|毗邻|相邻|接壤|与|东|南|西|北"
)
_HEADING = re.compile(r"(?:^|[\n。：:])\s*([一二三四五六七八九十])、")
_ORDER = "一二三四五六七八九十"
_FINISHED = re.compile(
    r"([一-龥“”（）()]{4,16}?)(?:已经?|均已|现已|已全部|全部|全面)(?:全部|全面|如期|按期)*(?:建成|完工|竣工|完成|投入使用|交付使用)(?=[，。；、]|并)"
)
_UNFINISHED = r"(?:尚未|还未|仍未|没有|未能)(?:动工|开工|启动|完工|竣工|建成|完成)|(?:正在|仍在|还在)(?:加紧|抓紧|有序|紧张)?(?:施工|建设|修建)|(?:即将|有待|待)(?:开工|动工|建设)"
_BARE_WORK = re.compile(r"(?:工程|项目|建设|任务|工作|改造|学校|校舍|主体|土建|前期)+")
_RATIO = re.compile(r"师机比")
_FEW = Decimal(10)
#: so many things are on the yearly list of a government; its lists of other honours (示范校) hold other things of the same number
_TITLES = re.compile(
    r"(?<!\d)(\d{1,3}|[两二三四五六七八九十])(所|个|家|条|项)(?:(?!\d|[。；]).){0,14}?全?(省级?|市级?|[县区]级?)(?:委|政府|人民政府)*(?:\d{4}年|当年|年度|今年)?度?的?(?:十件|十大)?(?:重点)?(为?民办(?:实事|事实)|民生实事)"
)
_RANK = {"省": "省", "市": "市", "县": "县区", "区": "县区"}


def levels(view: View, words: Words) -> CheckResult:
    """E1 范围混用: one article calls two levels or kinds of area its own: 我镇 and a body of 全县 it set up itself, 我县 and 我区. A note.

    Fires: 推进我镇合格学校建设，投入资金30万元。成立全县合格学校建设领导小组。
    Fires: 我县新建学校3所。我区教师不足，缺教师20人。
    Quiet: 推进我镇合格学校建设，投入资金30万元。成立全镇合格学校建设领导小组。
    Quiet: 推进我镇合格学校建设，投入资金30万元，全县共有26所。
    """
    result = CheckResult()
    if not _OWN.search(view.clean):
        return result
    for segment in view.report.text.segments:
        own = [(m.group(1), m.start()) for m in _OWN.finditer(view.clean, segment.start, segment.end)]
        names = {c for c, _ in own}
        larger = next(
            (m for m in _LARGER.finditer(view.clean, segment.start, segment.end) if _by_itself(view, m)), None
        )
        code = segment.area_code or view.report.text.document.area_code or ""
        if names & {"镇", "乡"} and larger and not names & set(larger.group(1)):
            town = next(c for c, _ in own if c in "镇乡")
            message = f"文中以“我{town}”自称，又说“{bare(larger.group())}”，范围混用，文字可能抄自别处。"
            at = larger.start()
        elif (
            {"县", "区"} <= names
            and code[:2] not in _AUTONOMOUS
            and not re.search(
                r"撤县|设区|改区|自治区|开发区|新区|管理区|高新区|库区|山区|灾区|景区|园区",
                view.clean[segment.start : segment.end],
            )
        ):
            counts = Counter(c for c, _ in own)
            message = f"文中既称“我县”（{counts['县']}处），又称“我区”（{counts['区']}处），范围混用，文字可能抄自别处。"
            rare = min("县区", key=lambda c: counts[c])
            at = next(a for c, a in own if c == rare)
        else:
            continue
        result.findings.append(finding("E1", "repeat", "info", [view], near(view, at), message))
    return result


def _by_itself(view: View, m: re.Match[str]) -> bool:
    """Whether no other is named that set the body up (县里成立, 县政府成立)."""
    before = re.split(r"[。；\n]", view.clean[max(0, m.start() - 24) : m.start()])[-1]
    return not re.search(r"[县市区省](?:里|委|政府|人民|教育|局|级|直)|上级", before)


def place_left(view: View, words: Words) -> CheckResult:
    """E5 匿名可还原: the area is masked and names of its parts are left, so that it can be found out, and sometimes the years too. A note;
    the output keeps the mask.

    Fires: **市城区包括襄城区、樊城区、襄阳区，**市现有薄弱学校24所。
    Fires: XX市教育局认定，石门镇、贺村镇、峡口镇的3所成校为省一级。XX市投入资金30万元。
    Quiet: 襄樊市城区包括襄城区、樊城区、襄阳区，现有薄弱学校24所。
    Quiet: XX市现有薄弱学校24所，各镇中心学校12所。
    """
    result = CheckResult()
    if not _HIDDEN.search(view.clean):
        return result
    for segment in view.report.text.segments:
        text = view.clean[segment.start : segment.end]
        hidden = [m.group(1) for m in _HIDDEN.finditer(text) if m.group(1) in "市县区"]
        level = Counter(hidden).most_common(1)[0][0] if len(hidden) > 1 else ""
        if not level or (segment.area or "").endswith(level):
            continue
        counties = {
            p.last
            for p in find_places(text)
            if p.level == "county"
            and len(p.last) > 2
            and not _ABROAD.search(text[max(0, p.start - 14) : p.start])
        }
        towns = {m.group(1) for m in _TOWN.finditer(text) if not _COMMON.search(m.group(1)[:-1])}
        found = _parent(counties) if level == "市" else None
        if found:
            _, era = found  # the name itself is not printed: whoever masked it had a reason
            message = f"地名被遮盖，但文中留有{'、'.join(sorted(counties))}，同属一个市{era}，可以还原；输出仍保留遮盖。"
        elif len(towns) >= 3 and len(counties) < 2:
            message = (
                f"地名被遮盖，但文中留有{'、'.join(sorted(towns)[:5])}等地名，可据以还原；输出仍保留遮盖。"
            )
        else:
            continue
        result.findings.append(finding("E5", "masked", "info", [view], near(view, segment.start), message))
    return result


def _parent(names: set[str]) -> tuple[str, str] | None:
    """The one prefecture in which all of these counties lay, and the years in which all of them existed."""
    g = gazetteer()
    candidates = [[r for r in g.by_name.get(n, ()) if r.parent] for n in sorted(names)]
    if len(candidates) < 2 or not all(candidates):
        return None
    parents = set.intersection(*({r.parent for r in rs} for rs in candidates))
    parents = {p for p in parents if not p.endswith("0000")}
    if len(parents) != 1:
        return None
    code = parents.pop()
    inside: list[Region] = [next(r for r in rs if r.parent == code) for rs in candidates]
    until = min((r.until for r in inside if r.until), default=None)
    since = max((r.since for r in inside if r.since), default=None)
    named = [
        r.name
        for r in g.by_code.get(code, ())
        if not (until and r.since and r.since > until) and not (since and r.until and r.until < since)
    ]
    if not named:
        return None
    era = (
        f"（{f'{since}年起' if since else ''}{f'至{until}年' if until else ''}的区划）"
        if since or until
        else ""
    )
    return "、".join(dict.fromkeys(named)), era


def excerpt(view: View, words: Words) -> CheckResult:
    """D6s 节选: the numbered headings of an article begin behind the first: its beginning is missing. A note.

    Fires: 二、把握标准，认定薄弱学校24所。／三、坚持原则，落实资金300万元。
    Quiet: 一、基本情况，现有学校30所。／二、把握标准，认定薄弱学校24所。／三、坚持原则，落实资金300万元。
    """
    result = CheckResult()
    for segment in view.report.text.segments:
        found = [m.group(1) for m in _HEADING.finditer(view.clean, segment.start, segment.end)]
        if (
            len(found) < 2
            or "一、" in view.clean[segment.start : segment.end]
            or found[1] != _ORDER[(_ORDER.index(found[0]) + 1) % 10]
        ):
            continue
        if re.search(
            r"[（(]一[）)]|一是|第一|[一二](?:个|项|大)?(?:部分|方面)",
            view.clean[segment.start : segment.start + 400],
        ):
            continue
        inside = [o for o in view.items if segment.start <= o.clean_start < segment.end][:1]
        if inside:
            message = f"标题从“{found[0]}、”开始，没有“一、”，开头可能残缺，缺少某个数不说明没有。"
            result.findings.append(finding("D6s", "date", "info", [view], inside, message))
    return result


def finished_and_not(view: View, words: Words) -> CheckResult:
    """R1s 完成与未完成: one work is told to be finished and, elsewhere, not to be. A note.

    Fires: 明德小学教学楼已全部竣工，投资300万元。由于资金不足，明德小学教学楼尚未完工。
    Quiet: 明德小学教学楼已全部竣工，投资300万元。由于资金不足，城南小学教学楼尚未完工。
    """
    result = CheckResult()
    if not re.search(_UNFINISHED, view.clean):
        return result
    for p in passages(view, re.compile(r"已|全部|全面")):
        for m in _FINISHED.finditer(p.text):
            name = re.sub(
                r"^(?:目前|现在|截至目前|全县|全区|全市|全镇|我[县市区镇]|其中|所有|的|和|及|是)+",
                "",
                m.group(1),
            )
            if len(name) < 4 or _BARE_WORK.fullmatch(name):
                continue
            segment = p.segment
            other = re.compile(rf"{re.escape(name)}[^，。；\n]{{0,6}}?(?:{_UNFINISHED})")
            hit = other.search(view.clean, segment.start, segment.end)
            if hit and not re.search(
                r"[二三四]期|原|去年|上年|以前|此前|当时",
                hit.group() + view.clean[max(0, hit.start() - 12) : hit.start()],
            ):
                members = near(view, p.origin[m.start()]) + near(view, hit.start())
                message = f"“{m.group()}”与“{bare(hit.group())}”不能同时成立，可能写于不同时间。"
                result.findings.append(finding("R1s", "repeat", "info", [view], members, message))
                break
    return result


def implied_teachers(view: View, words: Words) -> CheckResult:
    """C4n 隐含教师数: teachers' computers and the ratio of teachers to computers imply a number of teachers that is far from the one told, or under
    ten a school. A note.

    Fires: 全县有完小110所、教学点125个。采购教师用计算机近2000台，师机比达到1:1。
    Fires: 全县有专任教师5200人。采购教师用计算机2000台，师机比达到1:1。
    Quiet: 全县有专任教师2010人。采购教师用计算机2000台，师机比达到1:1。
    """
    result = CheckResult()
    for m in _RATIO.finditer(view.clean):
        at = view.report.text.sentence_at(m.start())
        items = view.by_sentence.get(at, [])
        rate = next(
            (
                o
                for o in items
                if o.unit == "比" and o.clean_start >= m.start() and o.value and o.status == "actual"
            ),
            None,
        )
        machines = [
            o
            for o in items
            if o.unit == "台"
            and o.value
            and o.kind == "level"
            and o.status == "actual"
            and o.clean_start < m.start()
        ]
        if (
            rate is None
            or len(machines) != 1
            or not machines[0].value
            or not rate.value
            or "学生" in view.lead(machines[0], 14)
        ):
            continue
        implied = machines[0].value * rate.value
        same = [
            o
            for o in view.items
            if o.segment == machines[0].segment
            and o.kind == "level"
            and o.value
            and o.status == "actual"
            and not o.masked
        ]
        stated = [o for o in same if o.indicator == "teachers" and not o.part_of and not o.scope]
        sites = _sites(view, same, m.start())
        shown = f"{view.text(machines[0])}与师机比{view.text(rate)}合看，教师约{number(implied, 0)}人"
        if stated and stated[0].value and not implied / 2 < stated[0].value < implied * 2:
            message = f"{shown}，与所述教师{view.text(stated[0])}相差较大，请核对。"
            members = [machines[0], rate, stated[0]]
        elif not stated and sites and implied / _sum(sites) < _FEW:
            told = "、".join(view.text(o) for o in sites)
            message = f"{shown}，学校{told}，平均每校{number(implied / _sum(sites), 1)}人，偏少，可能没有计入原有的计算机。"
            members = [machines[0], rate, *sites]
        else:
            continue
        result.findings.append(finding("C4n", "average", "info", [view], members, message))
    return result


def _sites(view: View, same: list[Observation], before: int) -> list[Observation]:
    """The latest number told of each sort of school."""
    sorts: dict[str, Observation] = {}
    name = ""
    for o in same:
        lead = view.lead(o, 24)
        m = re.search(r"教学点|完小|完全小学|小学|初中|中学", lead)
        if not (name and re.fullmatch(r"(?:调整|减少|增加|合并|压缩|撤并|发展)*[到至为成]", lead)):
            name = m.group() if m else ""
        if (
            name
            and o.unit in ("所", "个")
            and o.indicator in ("schools_total", "teaching_points")
            and o.value
            and o.value >= 20
        ):
            sorts[name] = o
    return list(sorts.values())


def _sum(items: Sequence[Observation]) -> Decimal:
    return sum((o.value for o in items if o.value), Decimal(0))


_LISTS = re.compile(r"民办|民生实事")


def listed(view: View) -> frozenset[str]:
    """The areas whose lists of the year a report speaks of: ``two_levels`` compares reports that share one."""
    if not _LISTS.search(view.clean):
        return frozenset()
    own = {segment.area or view.report.area for segment in view.report.text.segments}
    return frozenset(area for area in own if area)


def two_levels(views: Sequence[View], words: Words, areas: frozenset[str] | None = None) -> CheckResult:
    """X1a 级别不一: as many things are, in two reports of one area, on the province's list of the year in one and on the county's in the other. A note.

    Fires: （甲县2020年总结）其中4所列入全县为民办实事项目。（甲县2020年汇报）包括4所省为民办实事项目校。
    Quiet: （甲县2020年总结）其中4所列入全省为民办实事项目。（甲县2020年汇报）包括4所省为民办实事项目校。
    """
    result = CheckResult()  # of ``areas`` only, where they are given
    told: dict[tuple[str, str, str], list[tuple[View, str, int, int | None, str]]] = {}
    for view in views:
        for p in passages(view, _LISTS):
            segment = p.segment
            area = segment.area or view.report.area
            if areas is not None and area not in areas:
                continue
            for m in _TITLES.finditer(p.text) if area else ():
                said = (
                    view,
                    _RANK[m.group(3)[0]],
                    p.origin[m.start()],
                    segment.year or view.report.year,
                    m.group(),
                )
                told.setdefault((area or "", m.group(1), m.group(2)), []).append(said)
    for (area, _, _), places in told.items():
        for view, level, at, year, words_there in places:
            other = next(
                (
                    x
                    for x in places
                    if x[0] is not view and x[1] != level and (not year or not x[3] or x[3] == year)
                ),
                None,
            )
            mixed = len({x[1] for x in places if x[0] is view}) > 1
            if other is None or mixed or view.source > other[0].source:
                continue
            message = f"{area}：一份报告说“{words_there}”，另一份说“{other[4]}”，数目相同而级别不同（{level}、{other[1]}），请核对。"
            members = near(view, at)[:3] + near(other[0], other[2])[:3]
            result.findings.append(finding("X1a", "repeat", "info", [view, other[0]], members, message))
            break
    return result
