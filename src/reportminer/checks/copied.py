"""N1 passages that are the same, figures included, in reports of different areas or years, or twice in one file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportminer.checks.common import View, finding
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

RUN = 3  # this many different figures in a row must agree
_LETTERS = 60  # and this much text around them
_ALIKE = 85.0  # how alike the texts must be, per cent
_CONTAINED = 0.6  # share of the eight-character runs of one article that stand in another
COMMON = 4  # a run of figures in more reports than this is a standard
_LAW = re.compile(
    r"《[^》]{2,40}》|国务院|国家|中央|全国|省委|省政府|标准|规定|要求|不低于|不得|免费义务教育|两免一补|生均公用经费"
)
_NAMES = re.compile(r"(?:19|20)\d\d年|[一-龥]{2,4}(?:县|区|市|镇|乡)|今年|去年|上年|\s")
Run = tuple[View, list[Observation]]


def copied(views: Sequence[View], words: Words) -> CheckResult:
    """N1 雷同: a long passage with at least three figures stands in two reports of different areas or years, figure for figure.

    Candidates share three figures in a row (linear in the figures); the texts around them are then compared. Standards and laws, figures
    of what is required, and a series that one report quotes from the year before are no copies.

    Fires: (甲县、乙县报告)全年开展校园安全排查6轮，整改隐患328处，投入资金465万元，为87所学校配备保安214名，其中36所学校安装了一键报警装置，群众安全感明显增强。
    Quiet: (甲县报告)全年开展排查6轮，整改隐患328处，投入资金465万元。(乙县报告)全年开展排查5轮，整改隐患214处，投入资金360万元。
    """
    result = CheckResult()
    runs: dict[tuple[str, ...], list[tuple[View, int]]] = {}
    for view in views:
        figures = [figure(view, o) for o in view.items]
        for n in range(len(figures) - RUN + 1):
            row = tuple(figures[n : n + RUN])
            if "" in row or len(set(row)) < RUN or sum(len(re.sub(r"\D", "", f).strip("0")) for f in row) < 5:
                continue
            runs.setdefault(row, []).append((view, n))
    pairs: dict[tuple[str, str, int], tuple[View, View, list[tuple[int, int]]]] = {}
    for places in runs.values():
        if not 1 < len(places) <= COMMON:
            continue
        for k, (v, n) in enumerate(places):
            for w, m in places[k + 1 :]:
                if _distinct(v, n, w, m):
                    pairs.setdefault((v.source, w.source, m - n), (v, w, []))[2].append((n, m))
    for v, w, places_ in pairs.values():
        _judge(v, w, sorted(places_), result)
    return result


def figure(view: View, o: Observation) -> str:
    """A figure as it is compared between passages; empty for what proves no copying."""
    if o.value is None or o.masked or o.status == "required":
        return ""
    return f"{o.value.normalize():f}{o.unit}{o.bound}"


def _distinct(v: View, n: int, w: View, m: int) -> bool:
    """Whether the two places belong to reports that ought to differ: another area, another year, or another article of one file."""
    if v is w:
        a, b = v.items[n], w.items[m]
        return a.segment != b.segment
    a_, b_ = v.report.text.document, w.report.text.document
    return (
        (v.report.area, v.report.year) != (w.report.area, w.report.year) or a_.area is None or b_.area is None
    )


def _judge(v: View, w: View, places: list[tuple[int, int]], result: CheckResult) -> None:
    """Join overlapping runs of figures into passages and compare their texts."""
    from rapidfuzz.fuzz import ratio

    start = 0
    while start < len(places):
        end = start
        while end + 1 < len(places) and places[end + 1][0] - places[end][0] <= RUN:
            end += 1
        (n, m), (n2, m2) = places[start], places[end]
        start = end + 1
        a, b = v.items[n : n2 + RUN], w.items[m : m2 + RUN]
        left, right = _passage(v, a), _passage(w, b)
        if min(len(left), len(right)) < _LETTERS or ratio(left, right) < _ALIKE:
            continue
        if len(_LAW.findall(left)) * 12 > len(left) / 4 or _one_area_series(v, w, a):
            continue
        where = f"{v.source}与{w.source}" if v is not w else f"{v.source}的两篇文章"
        message = f"{where}有一段文字连同{len(a)}个数字完全相同：“{_quote(v, a)}”"
        reasons = ["照抄", "同一文章重复收录" if v is w else "同一单位沿用上年文字"]
        severity: Severity = "info" if v is w else "warning"
        result.findings.append(
            finding("N1", "copied", severity, [v, w], [*a, *b], message + "。", None, reasons)
        )


def _passage(view: View, items: Sequence[Observation]) -> str:
    sentences = view.report.text.sentences
    text = view.clean[sentences[items[0].sentence].start : sentences[items[-1].sentence].end]
    return _NAMES.sub("", text)


def _one_area_series(v: View, w: View, items: Sequence[Observation]) -> bool:
    """Whether both reports are of one area and speak of years before the earlier one: history told again."""
    if v.report.area != w.report.area or v.report.year is None or w.report.year is None:
        return False
    first = min(v.report.year, w.report.year)
    return all((o.period or "9999")[:4] < str(first) for o in items)


def _quote(view: View, items: Sequence[Observation]) -> str:
    sentences = view.report.text.sentences
    text = view.clean[sentences[items[0].sentence].start : sentences[items[-1].sentence].end]
    text = re.sub(r"\s", "", text)
    return text if len(text) <= 80 else text[:77] + "……"


def repeated_articles(view: View, words: Words) -> CheckResult:
    """N1 一个文件里的重复文章: most of one article of a file stands in another; it must be counted once. A note.

    Quiet: 全年组织校园安全大排查6轮，整改各类隐患328处，投入安保资金465万元。
    """
    result = CheckResult()
    segments = view.report.text.segments
    if len(segments) < 2:
        return result
    grams = [_grams(re.sub(r"\s", "", view.clean[s.start : s.end])) for s in segments]
    for n, a in enumerate(grams):
        for m in range(n + 1, len(grams)):
            b = grams[m]
            least = min(len(a), len(b))
            if least < _LETTERS or len(a & b) < _CONTAINED * least:
                continue
            at = [o for o in view.items if o.segment == m][:1]
            share = round(100 * len(a & b) / least)
            message = f"文件中第{n + 1}篇与第{m + 1}篇有{share}%的文字相同，比较时只应计一次。"
            result.findings.append(finding("N1", "copied", "info", [view], at, message))
    return result


def _grams(text: str, size: int = 8) -> frozenset[str]:
    return frozenset(text[i : i + size] for i in range(len(text) - size + 1))
