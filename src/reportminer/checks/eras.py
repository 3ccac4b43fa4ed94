"""Notes on time told by words: D2 this year in a January report, D4o order of tender and work, D4a age against the year built, D5n year of issue and
document number, D5p policies before their time."""

from __future__ import annotations

import re
from itertools import combinations

from reportminer.checks.common import View, finding
from reportminer.checks.passages import bare, month_of, near, passages, small_number
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Severity

_THIS_YEAR = re.compile(
    r"今年(?!以来|元旦|春节|1月|一月|初|将|要|计划|拟|开始|是|的)[^。；]{0,90}?(?:已|均|全部|如期|顺利|提前)(?:已|全部|全面|按期|如期)*(?:完工|竣工|建成|落成|交付使用|投入使用|验收合格|通过验收|完成招聘)"
)
_AHEAD = re.compile(r"将|计划|力争|确保|拟|预计|争取|目标|要在|年内|年底前")
_DAY = re.compile(r"(?:((?:19|20)\d\d|[xX*×]{2,4}|20[xX]{2})年)?(?<!\d)(\d{1,2})月(\d{1,2})[日号]")
_EVENTS = (  # what is told right behind a date
    (
        "prepare",
        re.compile(
            r"(?:起|开始)[^。；，\d]{0,8}?(?:着手|参与|筹备|筹划|准备|启动)(?![^。；，]{0,5}(?:施工|建设|安装|装修|改造|采购|项目|工程))"
        ),
    ),
    ("begin", re.compile(r"[，,]?[^。；\d]{0,16}?(?:正式)?(?:开工|动工|破土动工|进场施工)")),
    ("tender", re.compile(r"[，,]?[^。；\d]{0,22}?(?:招标|议标|投标|开标|中标|招投标)")),
    ("finish", re.compile(r"[，,]?[^。；\d]{0,16}?(?:竣工|完工|落成)")),
)
_TOLD = {"prepare": "着手", "begin": "开工", "tender": "招标", "finish": "竣工"}
#: the first must not come after the second; the last two only when both print the same year, for works run over the turn of a year
_WRONG = (("prepare", "tender"), ("tender", "begin"), ("tender", "finish"), ("begin", "finish"))
_WORK = re.compile(
    r"(?:(?![日号月年的])[一-龥]){0,6}(?:工程|项目|教学楼|综合楼|宿舍楼|食堂|校舍|大桥|公路|水库|幼儿园)"
)
_BUILT_CUE = re.compile(r"于(?:19|20)\d\d年|年(?:修建|建造|始建|建成|兴建)的")
_BUILT = re.compile(
    r"([一-龥]{2,12}?)(?:始?建[造成]?|修建|建成|落成|兴建|创办|创建)于((?:19|20)\d\d)年|((?:19|20)\d\d)年(?:修建|建造|始建|建成|兴建)的([一-龥]{2,8})"
)
_AGE = re.compile(
    r"([一-龥]{0,14}?)(?:已|均|都|至今|距今|迄今)*(?:使用|用|服役|运行|居住|沿用|经历|走过)了?(?:已?有|过)?(?:近|约|将近|超过)?(\d{2,3}|[二两三四五六七八九]?十[一二三四五六七八九]?)(?:多|余|几)?个?年"
)
_INSIDE = re.compile(r"课桌|桌椅|床铺|床|门窗|线路|电路|设备|家具|器材")
_HOUSE = re.compile(r"食堂|宿舍|校舍|教学楼|宿舍|楼|房|学校|校|馆|站|厂|桥|水库|渠")
_NUMBERED = re.compile(r"[〔\[（(【]\s*((?:19|20)\d\d)\s*[〕\]）)】]\s*第?\s*\d+\s*号")
_ISSUED = re.compile(
    r"(?<!\d)((?:19|20)\d\d)年(?!度|代|前|以[前来])([^。；]{0,70}?)(?:印发|下发|出台|颁布|发布|制定|颁发|制发|发出)([^。；]{0,60})$"
)
_BASED = re.compile(
    r"根据|按照|依据|贯彻|落实|执行|遵照|转发|修订|废止|补充|对照|结合|参照|依照|继续|以来|重申|原"
)


def january(view: View, words: Words) -> CheckResult:
    """D2 一月报告中的今年: a report of January tells of work finished 今年, which must be the year before. A note.

    Fires: 某县工作情况汇报／（2020年1月）／今年安排资金2740万元用于37所学校，已全部完工。
    Quiet: 某县工作情况汇报／（2020年12月）／今年安排资金2740万元用于37所学校，已全部完工。
    Quiet: 某县工作情况汇报／（2020年1月）／今年计划安排资金2740万元，确保37所学校全部完工。
    """
    result = CheckResult()
    for p in passages(view, re.compile(r"今\s*年")):
        m = _THIS_YEAR.search(p.text)
        if not m or _AHEAD.search(m.group()) or month_of(view, p.segment) != 1:
            continue
        members = p.figures(m.start(), m.end()) or near(view, p.origin[m.start()])
        said = m.group() if len(m.group()) < 30 else m.group()[:12] + "……" + m.group()[-8:]
        message = f"报告写于1月，却说“{said}”，“今年”应指上一年，引用时请核对年份。"
        result.findings.append(finding("D2", "date", "info", [view], members, message))
    return result


def order(view: View, words: Words) -> CheckResult:
    """D4o 时间先后: getting ready after the tender, work begun before its tender, a tender after completion. A note.

    Fires: 全体成员从6月25日起着手参与工作，投入资金30万元。5月13日，桌椅床铺招标达成。
    Fires: 综合楼工程3月2日正式开工，投资300万元。4月20日综合楼工程招标。
    Quiet: 全体成员从4月25日起着手参与工作，投入资金30万元。5月13日，桌椅床铺招标达成。
    Quiet: 综合楼工程3月2日正式开工，投资300万元。4月20日食堂工程招标。
    """
    result = CheckResult()
    if not re.search(r"标|竣工|完工", view.clean):
        return result
    for segment in view.report.text.segments:
        events = []
        for d in _DAY.finditer(view.clean, segment.start, segment.end):
            month, day = int(d.group(2)), int(d.group(3))
            for kind, pattern in _EVENTS if 1 <= month <= 12 and 1 <= day <= 31 else ():
                m = pattern.match(view.clean, d.end(), segment.end)
                if m:
                    start = view.report.text.sentences[view.report.text.sentence_at(d.start())].start
                    said = bare(view.clean[start : m.end() + 12])
                    events.append((kind, d.group(1) or "", (month, day), d.start(), said))
        told: set[tuple[str, str]] = set()
        for a, b in combinations(events, 2):
            first, second = (a, b) if (a[0], b[0]) in _WRONG else (b, a)
            pair = (first[0], second[0])
            if pair not in _WRONG or pair in told or first[2] <= second[2]:
                continue
            if not _one_year(first[1], second[1]) or (pair[1] == "finish" and not first[1].isdigit()):
                continue
            if pair != ("prepare", "tender") and not _one_work(first[4], second[4]):
                continue
            told.add(pair)
            message = f"{_TOLD[pair[0]]}为{first[2][0]}月{first[2][1]}日，{_TOLD[pair[1]]}却在{second[2][0]}月{second[2][1]}日，先后不合常理，请核对日期。"
            members = near(view, first[3]) + near(view, second[3])
            result.findings.append(finding("D4o", "date", "info", [view], members, message))
    return result


def _one_year(a: str, b: str) -> bool:
    return a == b or (not (a.isdigit() and b.isdigit()) and (not a.isdigit() and not b.isdigit()))


def _one_work(a: str, b: str) -> bool:
    return bool({m.group() for m in _WORK.finditer(a)} & {m.group() for m in _WORK.finditer(b)})


def age(view: View, words: Words) -> CheckResult:
    """D4a 使用年限: the year built and the years in use lead beyond the year of the report; or furniture is older than its house. A note.

    Fires: 2010年学校建设总结／教学楼建造于1978年。课桌椅均已用了40多年，投资7万余元更换。
    Fires: 合格学校建设总结／教学楼建造于1978年。课桌椅均已用了40多年，投资7万余元更换。
    Quiet: 2020年学校建设总结／教学楼建造于1978年。课桌椅均已用了40多年，投资7万余元更换。
    Quiet: 2010年学校建设总结／教学楼建造于1978年，已使用了30多年，投资7万余元维修。
    """
    result = CheckResult()
    for segment in view.report.text.segments if _BUILT_CUE.search(view.clean) else ():
        built = [
            (m.group(1) or m.group(4), int(m.group(2) or m.group(3)), m.start())
            for m in _BUILT.finditer(view.clean, segment.start, segment.end)
        ]
        if not built:
            continue
        year = segment.year or view.report.text.document.year
        for m in _AGE.finditer(view.clean, segment.start, segment.end):
            n = small_number(m.group(2))
            what, since, at = min(built, key=lambda b: abs(b[2] - m.start()))
            if n and re.search(r"近|约", m.group()):
                n -= -(-n // 10)  # 近40年 may be thirty-six
            inside = bool(_INSIDE.search(m.group(1)))
            subject = bare(m.group(1))
            same = 0 < m.start() - at < 60 and (not subject or subject in what or what.endswith(subject))
            if (
                not n
                or n < 10
                or not _HOUSE.search(what)
                or not (inside or same)
                or abs(m.start() - at) > 900
            ):
                continue
            if (year is None and inside) or (year is not None and since + n > year + 1):
                end = f"晚于报告的{year}年" if year is not None else f"若成文早于{since + n}年则不合理"
                message = f"“{what}”建于{since}年，“{bare(m.group())}”，{since} + {n} = {since + n}年，{end}，请核对。"
                members = near(view, at) + near(view, m.start())
                result.findings.append(finding("D4a", "date", "info", [view], members, message))
                break
    return result


def document_number(view: View, words: Words) -> CheckResult:
    """D5n 文号年份: a document said to have been issued in a year that its number does not bear. A warning when it is years off (a paper of December may be numbered in January); a masked number
    says nothing, and a year that only bases itself on an older document is none.

    Fires: 2021年，省政府印发《关于建设教育强省的决定》（湘政发〔2007〕18号），投入资金300万元。
    Quiet: 2007年，省政府印发《关于建设教育强省的决定》（湘政发〔2007〕18号），投入资金300万元。
    Quiet: 2021年，根据省政府印发的《关于建设教育强省的决定》（湘政发〔2007〕18号），投入资金300万元。
    Quiet: 2021年，省政府印发《关于建设教育强省的决定》（湘政发〔XX〕18号），投入资金300万元。
    """
    result = CheckResult()
    for p in passages(view, _NUMBERED):
        for m in _NUMBERED.finditer(p.text):
            issued = _ISSUED.search(p.text, 0, m.start())
            if not issued or _BASED.search(issued.group()) or len(_NUMBERED.findall(issued.group())):
                continue
            told, numbered = int(issued.group(1)), int(m.group(1))
            if abs(told - numbered) <= 1 or re.search(r"(?:19|20)\d\d年", issued.group(2) + issued.group(3)):
                continue
            severity: Severity = "warning"
            message = f"文中说{told}年印发，文号却是{numbered}年的“{m.group()}”，年份可能经过改动。"
            result.findings.append(
                finding("D5n", "date", severity, [view], near(view, p.origin[m.start()]), message)
            )
    return result


def before_its_time(view: View, words: Words) -> CheckResult:
    """D5p 政策早于出台: a policy named in a report of years before it existed (table policies). A note.

    Fires: 2009年某县教育工作总结／全县认真落实“双减”政策，投入资金300万元。
    Quiet: 2022年某县教育工作总结／全县认真落实“双减”政策，投入资金300万元。
    """
    result = CheckResult()
    segments = [(s, s.year or view.report.text.document.year) for s in view.report.text.segments]
    for pattern, first in words.policies:
        if not any(year and year < first - 1 for _, year in segments):
            continue
        for segment, year in segments:
            m = pattern.search(view.clean, segment.start, segment.end) if year and year < first - 1 else None
            if m:
                message = f"报告年份为{year}年，却提到“{m.group()}”（{first}年起才有），年份可能经过改动。"
                result.findings.append(finding("D5p", "date", "info", [view], near(view, m.start()), message))
    return result
