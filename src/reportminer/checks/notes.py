"""Notes for the reader, never accusations: S6 announced counts of headings, V6 patterned digits, D6 texts that break off, D1 years of title and body."""

from __future__ import annotations

import re

from reportminer.checks.common import View, chinese, finding
from reportminer.checks.dates import PLANS
from reportminer.checks.words import Words
from reportminer.core import CheckResult

_ANNOUNCED = re.compile(
    r"(?<![一二三四五六七八九十百\d这等])([两三四五六七八九十])(?:个|项|大|条|种)(方面|环节|举措|措施|重点|问题|阶段|步骤|原因|特点|做法|机制|抓手|到位)(?![^。；]{0,8}等)"
)
_FORMS = tuple(
    re.compile(p)
    for p in (
        r"([一二三四五六七八九十])是",
        r"(?:^|[。：:\s])([一二三四五六七八九十])、",
        r"第([一二三四五六七八九十])[，、是]",
        r"[（(]([一二三四五六七八九十])[）)]",
        r"([一二三四五六七八九十])要",
        r"(?:^|[。；：:\s])([1-9])[、.．](?!\d)",
    )
)
_VALUES = (
    {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2} | {str(n): n for n in range(1, 10)}
)
_REACH = 3000
_PATTERN = re.compile(r"^(?:1234\d*|(\d)\1{3,}|9999|12345\d*)$")
_WHOLE = re.compile(r"[。！？!?）)”\"』」》…:：;；|]\s*$")
_PLAN = re.compile(r"[“\"「『]?(十[一二三四]五|[九]五)[”\"」』]?(?:期间|时期|规划|计划)")


def enumeration(view: View, words: Words) -> CheckResult:
    """S6 列举数目: a text announces a number of headings (五个环节) and numbers fewer or more of them. Always a note: the numbering may be
    damaged.

    Fires: 我们主要抓好了五个环节：一是宣传发动。二是制定方案。三是组织实施。四是督查考核。
    Quiet: 我们主要抓好了三个环节：一是宣传发动。二是制定方案。三是组织实施。
    Quiet: 具体体现在四个方面：／1、强化认识。／2、突出重点。一是优先基础。二是优先意识。三是优先辐射。／3、典型引路。／4、规范办学。
    """
    result = CheckResult()
    for m in _ANNOUNCED.finditer(view.clean):
        told = _VALUES[m.group(1)]
        segment = view.report.text.segments
        end = next((s.end for s in segment if s.start <= m.start() < s.end), len(view.clean))
        tail = view.clean[m.end() : min(end, m.end() + _REACH)]
        clause = re.split(r"[，。；：:\n]", view.clean[max(0, m.start() - 60) : m.start()])[-1]
        clause = re.sub(r"^\s*[（(]?[一二三四五六七八九十\d]+[）)、]", "", clause)
        if "、" in clause or not re.match(r"[^。；]{0,20}[：:。]", tail):
            continue  # what was counted stands in front: 水电、火电和核电三个方面
        runs = [_numbered(tail, form) for form in _FORMS]
        if any(run == list(range(1, told + 1)) for run in runs):
            continue
        whole = view.clean[m.end() : end]
        if len(whole) > len(tail) and any(
            _numbered(whole, form)[:told] == list(range(1, told + 1)) for form in _FORMS
        ):
            continue  # long chapters
        seen = max((run for run in runs if run and max(run) <= told), key=len, default=[])
        every = {_VALUES[x.group(1)] for form in _FORMS for x in form.finditer(tail)}
        if len(seen) < 2 or set(range(1, told + 1)) <= every:
            continue  # the missing numbers stand there in another form
        message = f"文中说“{m.group()}”，其后编号的有{chinese(len(seen))}项（{'、'.join('二' if n == 2 else chinese(n) for n in seen)}），数目不符或编号残缺。"
        at = [o for o in view.items if o.clean_start >= m.start()][:1]
        result.findings.append(finding("S6", "sum", "info", [view], at, message))
    return result


def _numbered(text: str, form: re.Pattern[str]) -> list[int]:
    """The numbers of one form in rising order, up to where they begin anew."""
    run: list[int] = []
    for m in form.finditer(text):
        n = _VALUES[m.group(1)]
        if run and n <= run[-1]:
            break
        if run or n <= 2:
            run.append(n)
    return run


def patterned(view: View, words: Words) -> CheckResult:
    """V6 模式数: digits that look like a placeholder (1234, 9999, 11111). A note.

    Fires: 下达学前教育工程资金1234万元。
    Quiet: 下达学前教育工程资金1243万元。
    """
    result = CheckResult()
    for o in view.items:
        if o.value is None or o.masked or o.bound != "eq":
            continue
        digits = re.sub(r"\D", "", view.text(o).partition(".")[0])
        if _PATTERN.match(digits):
            message = f"{o.label or '该数'}{view.text(o)}的数字排列有规律，可能是占位数。"
            result.findings.append(finding("V6", "range", "info", [view], [o], message))
    return result


def truncated(view: View, words: Words) -> CheckResult:
    """D6 残缺: the last article breaks off in the middle of a sentence: what is missing there proves nothing. A note.

    Fires: 全县新建学校3所。下一步，我们将加强紧缺科
    Quiet: 全县新建学校3所。下一步，我们将加强紧缺学科教师培养。
    """
    result = CheckResult()
    text = view.clean.rstrip()
    last = text.rsplit("\n", 1)[-1]
    if (
        view.items
        and len(last) > 12
        and "，" in last
        and not _WHOLE.search(last)
        and not re.search(r"[日月年]$", last)
    ):
        message = f"文末“{last[-12:]}”没有写完，文件可能残缺，缺少某个数不说明没有。"
        result.findings.append(finding("D6", "date", "info", [view], [view.items[-1]], message))
    return result


def title_year(view: View, words: Words) -> CheckResult:
    """D1 题名与正文年份: the only five-year plan that the text works on ended years before the year of the title.

    Fires: 2021年某市教育局工作总结／今年，我们优化并确定“十一五”期间学校布局，投入资金300万元。
    Quiet: 2021年某市教育局工作总结／今年，我们编制“十四五”规划，“十一五”期间投入资金300万元。
    """
    result = CheckResult()
    document = view.report.text.document
    year = document.year
    if (
        year is None
        or str(year) not in (document.title or "")
        or not view.items
        or len(view.report.text.segments) > 1
    ):
        return result
    named = {m.group(1): m for m in _PLAN.finditer(view.clean)}
    ends = {name: PLANS[name] + 4 for name in named if name in PLANS}
    if not ends or max(ends.values()) >= year - 2:
        return result
    name = max(ends, key=lambda n: ends[n])
    start = named[name].start()
    sentence = view.report.text.sentence_at(start)
    members = (
        view.by_sentence.get(sentence)
        or [o for o in view.items if o.clean_start > start][:1]
        or view.items[:1]
    )
    lead, around = view.clean[max(0, start - 24) : start], view.clean[max(0, start - 40) : start + 24]
    current = re.search(r"(?:确定|制定|编制|实施|启动|优化)[^。；]{0,16}$", lead)
    if not current or re.search(rf"{ends[name] - 4}|{ends[name]}|回顾|以来|过去", around):
        return result
    message = f"题名为{year}年，正文却以“{name}”（{ends[name] - 4}—{ends[name]}年）为当期规划，题名年份可能经过改动。"
    result.findings.append(finding("D1", "date", "warning", [view], members, message))
    return result
