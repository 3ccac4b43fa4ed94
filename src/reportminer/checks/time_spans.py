"""D8 days that the calendar does not have; D7 ends before beginnings, lengths that two dates do not have."""

from __future__ import annotations

import calendar
import re

from reportminer.checks.common import View, finding
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_DAY = re.compile(r"(?:(?<!\d)((?:19|20)\d\d)年)?(?<!\d)(\d{1,2})月(\d{1,2})日")
_MOON = re.compile(r"农历|阴历|旧历|古历|夏历|正月|腊月|闰")
_Y = r"(?<!\d)((?:19|20)\d\d)年(\d{1,2})月(?:\d{1,2}日|[上中下]旬|初|底|份)?"
_BEGUN_ENDED = re.compile(
    rf"{_Y}[^，。；\d]{{0,10}}(?:开工|动工|启动|开始|奠基|破土)[^。；]{{0,12}}?{_Y}[^，。；\d]{{0,8}}(?:竣工|完工|建成|交付|投入使用|通车|验收|结束|封顶)"
)
_ENDED_BEGUN = re.compile(
    rf"{_Y}[^，。；\d]{{0,8}}(?:竣工|完工|建成|交付使用)[^。；，]{{0,4}}[，（(]{_Y}[^，。；\d]{{0,8}}(?:开工|动工|破土)"
)
_LENGTH = re.compile(r"^[^。；]{0,16}?(?:工期|历时|用时|耗时)(?:共|为|约)?(\d{1,3})个?月")
_OTHER = re.compile(r"计划|合同|预计|二期|另|续建|拟|将|提前|原定")
_YEARS = re.compile(
    r"[从自]?(?<!\d)((?:19|20)\d\d)年?(?:[-—－–~～]+|至|到)((?:19|20)\d\d)年?(?:底|末)?[，,（(]?(?:的|这|整整)?([两二三四五六七八九十]|\d{1,2})年(?:间|来|时间|期间|内)"
)
_YEARS_BEFORE = re.compile(
    r"(?<![第\d〇○零一二三四五六七八九十])([两二三四五六七八九十])年(?:来|间|期间|时间)?[（(]((?:19|20)\d\d)年?(?:[-—－–~～]+|至|到)((?:19|20)\d\d)年?[）)]"
)
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


def calendar_days(view: View, words: Words) -> CheckResult:
    """D8 不存在的日期: a day that its month does not have.

    Fires: 2019年2月30日，我县召开教育大会，表彰先进个人126名。
    Fires: 11月31日前完成整改126处。
    Quiet: 2020年2月29日，我县召开教育大会，表彰先进个人126名。
    Quiet: 农历2月30日，全县举办庙会，接待游客1.2万人次。
    """
    result = CheckResult()
    for m in _DAY.finditer(view.clean):
        month, day = int(m.group(2)), int(m.group(3))
        if _MOON.search(view.clean[max(0, m.start() - 6) : m.start()]):
            continue
        year = int(m.group(1)) if m.group(1) else 2000  # a leap year
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            continue
        message = f"没有{m.group()}这一天。"
        result.findings.append(finding("D8", "date", "error", [view], _around(view, m), message))
    return result


def time_spans(view: View, words: Words) -> CheckResult:
    """D7 起止与时长: an end before its beginning, a duration or a count of years that the two dates do not have.

    Fires: 工程于2013年8月开工，2012年3月竣工，投资2680万元。
    Fires: 工程于2012年3月开工，2013年8月竣工，工期27个月。
    Fires: 从2011年到2013年五年间，累计建成学校36所。
    Quiet: 工程于2012年3月开工，2013年8月竣工，工期17个月，投资2680万元。
    Quiet: 从2011年到2015年五年间，累计建成学校36所。
    Quiet: 工程于2012年3月开工，2013年8月竣工，比合同工期24个月提前。
    """
    result = CheckResult()
    for m in _BEGUN_ENDED.finditer(view.clean):
        begun, ended = _month(m.group(1), m.group(2)), _month(m.group(3), m.group(4))
        if _OTHER.search(m.group()):
            continue
        if ended < begun:
            _tell(
                view, m, f"{m.group(3)}年{m.group(4)}月的完成早于{m.group(1)}年{m.group(2)}月的开始。", result
            )
            continue
        tail = re.sub(r"\s", "", view.clean[m.end() : m.end() + 30])
        length = _LENGTH.match(tail)
        if length and not _OTHER.search(tail[: length.end()]):
            told, real = int(length.group(1)), ended - begun
            if not real - 1 <= told <= real + 1:
                _tell(view, m, f"起止相距{real}个月，不是{told}个月。", result, "warning")
    for m in _ENDED_BEGUN.finditer(view.clean):
        if _month(m.group(1), m.group(2)) < _month(m.group(3), m.group(4)) and not _OTHER.search(m.group()):
            _tell(
                view, m, f"{m.group(1)}年{m.group(2)}月的完成早于{m.group(3)}年{m.group(4)}月的开始。", result
            )
    for form, order in ((_YEARS, (1, 2, 3)), (_YEARS_BEFORE, (2, 3, 1))):
        for m in form.finditer(view.clean):
            first, last, count = (m.group(k) for k in order)
            n = int(count) if count.isdigit() else _DIGITS[count]
            d = int(last) - int(first)
            if d > 0 and n not in (d, d + 1):
                _tell(view, m, f"{first}年至{last}年是{d + 1}年，不是{n}年。", result)
    return result


def _month(year: str, month: str) -> int:
    return int(year) * 12 + int(month)


def _around(view: View, m: re.Match[str]) -> list[Observation]:
    """The figures of the sentence, else the next one of the report."""
    here = view.by_sentence.get(view.report.text.sentence_at(m.start()), [])
    behind = [o for o in here if o.clean_start >= m.start()] or here
    return behind or [o for o in view.items if o.clean_start > m.start()][:1]


def _tell(view: View, m: re.Match[str], message: str, result: CheckResult, severity: str = "error") -> None:
    result.findings.append(
        finding(
            "D7", "date", "error" if severity == "error" else "warning", [view], _around(view, m), message
        )
    )
