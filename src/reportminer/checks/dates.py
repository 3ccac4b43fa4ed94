"""D1 results dated after the report, D3 one year in two roles, D5 plan periods with wrong years."""

from __future__ import annotations

import re

from reportminer.checks.common import View, finding
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

#: first year of each five-year plan
PLANS = {
    "八五": 1991,
    "九五": 1996,
    "十五": 2001,
    "十一五": 2006,
    "十二五": 2011,
    "十三五": 2016,
    "十四五": 2021,
    "十五五": 2026,
}
_PLAN = re.compile(
    r"[“\"「]?(十[一二三四五]五|[八九]五)[”\"」]?(?:期间|时期|规划|计划|五年)*[（(]\s*((?:19|20)\d\d)\s*年?\s*[-—－–~～至到]+\s*((?:19|20)\d\d)\s*年?"
)
_UNTIL = re.compile(r"截至|截止|到目前|止|底|末")
_THIS_IS_NOT = re.compile(r"(?<!\d)((?:19|20)\d\d)年[^。；]{0,80}?[。；，]\s*今年[又再还也]")
_THIS_IS = re.compile(
    r"今年(?:\d{1,2}月|[一二三四五六七八九十]+月|[年上下]?半年|[初底末])?[^。；]{0,60}?(?<!\d)((?:19|20)\d\d)年[^。，；]{0,6}(?:度|全|动员|工作|为民|实事|计划)"
)


def after_report(view: View, words: Words) -> CheckResult:
    """D1 晚于报告日期: a result, stated as done, of a date after the day the report carries (／ is a line break).

    Fires: 2020年教育工作汇报／（2021年1月26日）／截至2021年12月底，全县自来水普及率达99.2%。
    Quiet: 2020年教育工作汇报／（2021年1月26日）／截至2020年12月底，全县自来水普及率达99.2%。
    """
    result = CheckResult()
    late: dict[int, list[Observation]] = {}
    for o in view.items:
        if o.status != "actual" or not o.period or "-" not in o.period.split("/")[-1]:
            continue
        segment = (
            view.report.text.segments[o.segment]
            if o.segment < len(view.report.text.segments)
            else view.report.text.document
        )
        date = segment.date or view.report.text.document.date
        if not date or len(date) < 7:
            continue
        end = o.period.split("/")[-1]
        known = min(len(end), len(date))
        if end[:known] > date[:known]:
            late.setdefault(o.sentence, []).append(o)
    for sentence, members in late.items():
        span = view.report.text.sentences[sentence]
        text = re.sub(r"\s", "", view.clean[span.start : span.end])
        end = (members[0].period or "").split("/")[-1]
        printed = f"{end[:4]}年{int(end[5:7])}月"
        if printed not in text:
            continue
        document = view.report.text.document
        date = view.report.text.segments[members[0].segment].date or document.date
        message = f"报告日期为{date}，却已给出{printed}的结果（{members[0].label}{view.text(members[0])}），年份可能应为{int(end[:4]) - 1}年。"
        severity: Severity = "error" if _UNTIL.search(text) else "warning"
        result.findings.append(finding("D1", "date", severity, [view], members, message))
    return result


def plan_period(view: View, words: Words) -> CheckResult:
    """D5 规划期年份: a five-year plan named with years that are not its own.

    Fires: “十三五”期间（2015—2019年），全县新建校舍8万平方米。
    Quiet: “十三五”期间（2016—2020年），全县新建校舍8万平方米。
    """
    result = CheckResult()
    for m in _PLAN.finditer(view.clean):
        start = PLANS.get(m.group(1))
        if (
            start is None
            or (int(m.group(2)), int(m.group(3))) == (start, start + 4)
            or (int(m.group(2)) in (start, start - 1) and int(m.group(3)) == start + 4)
        ):
            continue
        sentence = view.report.text.sentence_at(m.start())
        members = [o for o in view.by_sentence.get(sentence, ()) if o.clean_start > m.start()]
        members = members or [o for o in view.items if o.clean_start > m.start()][:1]
        if members:
            message = f"“{m.group(1)}”应为{start}—{start + 4}年，文中写作{m.group(2)}—{m.group(3)}年。"
            result.findings.append(finding("D5", "date", "error", [view], members, message))
    return result


def two_roles(view: View, words: Words) -> CheckResult:
    """D3 同一年份两种身份: one printed year is told as past (…年…，今年又…) and as this year (今年召开…年动员大会).

    Fires: 2021年规划了2所学校，均已验收。今年又规划了9所学校，其中4所列入2021年为民办实事项目。今年3月召开了2021年动员大会。
    Quiet: 2020年规划了2所学校，均已验收。今年又规划了9所学校。今年3月召开了2021年动员大会。
    """
    result = CheckResult()
    for segment in view.report.text.segments:
        text = view.clean[segment.start : segment.end]
        if "今年" not in text:
            continue
        this_year = {m.group(1) for m in _THIS_IS.finditer(text)}
        for m in _THIS_IS_NOT.finditer(text):
            year = m.group(1)
            if year not in this_year:
                continue
            at = segment.start + m.start()
            last = view.report.text.sentence_at(segment.start + m.end() - 1)
            members = [o for o in view.items if o.clean_start >= at and o.sentence <= last]
            if members:
                message = (
                    f"{year}年既被说成今年之前的一年，又被当作今年，两者不能同时成立，年份可能经过替换。"
                )
                result.findings.append(finding("D3", "date", "warning", [view], members, message))
    return result
