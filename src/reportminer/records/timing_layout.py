"""Reads a report as a stream of marks for the timing step: clause, sentence and paragraph ends, brackets, headings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from reportminer.core import ReportText, Segment

CLAUSE, SEMICOLON, SENTENCE, PARAGRAPH, OPEN, CLOSE, HEADING = range(7)

_MARK = re.compile(r"[，,；;。！？：:（）()《》〔〕\n]")
_KINDS = {
    **dict.fromkeys("，,：:", CLAUSE),
    **dict.fromkeys("；;", SEMICOLON),
    **dict.fromkeys("。！？", SENTENCE),
    **dict.fromkeys("（(《〔", OPEN),
    **dict.fromkeys("）)》〕", CLOSE),
    "\n": PARAGRAPH,
}
_CN = "一二三四五六七八九十"
_HEAD = re.compile(
    rf"(?:^|(?<=[\n。；;！\s]))[ \t　#*]*(?:(?P<part>第[{_CN}\d]{{1,3}}[章节部篇])|(?P<one>[{_CN}]{{1,3}}、)|(?P<two>[（(][{_CN}]{{1,3}}[）)])"
    r"|(?P<three>\d{1,2}[、.．](?!\d)))",
    re.M,
)
# the same without what stands before: begins with a set of characters, which is found fast
_MARKER = re.compile(
    rf"[第{_CN}（(\d](?<![^\n。；;！\s#*].)(?:(?P<part>(?<=第)[{_CN}\d]{{1,3}}[章节部篇])|(?P<one>(?<=[{_CN}])[{_CN}]{{0,2}}、)"
    rf"|(?P<two>(?<=[（(])[{_CN}]{{1,3}}[）)])|(?P<three>(?<=\d)\d?[、.．](?!\d)))"
)
_HEAD_END = re.compile(r"[\n。：:；;]|(?<=[^\s\d])[ 　]+(?=\S)")
_LEVELS = {"part": 0, "one": 1, "two": 2, "three": 3}
_SHORT = 40  # characters that are not worth a look ahead
CONTINUES = re.compile(
    r"[\s\u3000]*(?:其中|含|包括|分别|上述|占)"
)  # a sentence that goes on with the one before
ITEM = re.compile(rf"[\s\u3000]*(?:[{_CN}]是|[{_CN}]要|第[{_CN}][，,、])")
_BEARS = re.compile(
    rf"[（()）《》〔〕。！？；;\n](?:(?<=[（()）《》〔〕])|(?={ITEM.pattern}))"
)  # what later sentences do not undo
_PLAIN_HEAD = re.compile(r"[ \t　#*]*(?P<t>[^\n，,。；;：:！？|]{4,28})[ \t]*(?=\n|$)")
_NEXT_LINE = re.compile(r"\n" + _PLAIN_HEAD.pattern)


class Mark(NamedTuple):
    """One mark of the stream. For a heading ``level`` is its depth (0 = part) and ``[start, end)`` its words."""

    kind: int
    start: int
    end: int
    level: int = 0
    char: str = ""


def _head_start(text: str, low: int, marker: int) -> int | None:
    """Where the heading with this marker begins, blanks and signs before it included; None when no sentence may start there."""
    at = marker
    while at > low and text[at - 1] in " \t\u3000#*":
        at -= 1
    while at and text[at - 1] not in "\n。；;！" and not text[at - 1].isspace():
        if at == marker:
            return None
        at += 1
    return at


def _headings(
    report: ReportText, segment: Segment, starts: Sequence[int], tells: Callable[[int, int], bool]
) -> list[Mark]:
    """Headings: numbered ones anywhere a sentence may start, unnumbered ones on lines of their own without figures where ``tells``
    says that the words bear on time (others, such as 项目建设, leave the section open). ``starts`` are the sorted starts of all mentions; words that hold a figure are no heading, only a new paragraph."""
    text, end = report.clean, segment.end
    out: list[Mark] = []
    low = segment.start
    for m in _MARKER.finditer(text, segment.start, end):
        begin = _head_start(text, low, m.start())
        if begin is None:
            continue
        low = m.end()
        stop = _HEAD_END.search(text, m.end(), min(end, m.end() + 48))
        last = stop.start() if stop else m.end()
        at = bisect_left(starts, m.end())
        if (at < len(starts) and starts[at] < last) or stop is None:
            out.append(Mark(PARAGRAPH, begin, m.end()))
        else:
            out.append(Mark(HEADING, m.end(), last, _LEVELS[m.lastgroup or "one"]))
    opens_line = segment.start == 0 or text[segment.start - 1] == "\n"
    first = _PLAIN_HEAD.match(text, segment.start, end) if opens_line else None
    for m in (*([first] if first else ()), *_NEXT_LINE.finditer(text, segment.start, end)):
        a, b = m.span("t")
        at = bisect_left(starts, a)
        begin = m.start() + (m is not first)
        if (at < len(starts) and starts[at] < b) or not tells(a, b) or _HEAD.match(text, begin, b):
            continue
        out.append(Mark(HEADING, a, b, 1))
    return out


def marks(
    report: ReportText,
    segment: Segment,
    starts: Sequence[int],
    exprs: Sequence[int],
    tells: Callable[[int, int], bool],
    ends: Collection[int],
) -> Iterator[Mark]:
    """The marks of a segment in order of position; ``starts`` and ``tells`` as for ``_headings``, ``exprs``: sorted starts of the
    time expressions, ``ends``: of all sentences of the report. Marks that later ones undo before the next figure or expression are left out.
    """
    heads = sorted(_headings(report, segment, starts, tells), key=lambda m: (m.start, m.end))
    at = segment.start
    h = 0
    for event in (*sorted([*starts, *exprs]), segment.end):
        while h < len(heads) and heads[h].start <= event:
            yield from _between(report, ends, at, heads[h].start)
            yield heads[h]
            at = heads[h].start
            h += 1
        yield from _between(report, ends, at, event)
        at = event
    yield from heads[h:]


def _between(report: ReportText, ends: Collection[int], start: int, end: int) -> Iterator[Mark]:
    """The marks of a stretch without figure, expression or heading that count where it ends."""
    if end - start > _SHORT:
        for m in _BEARS.finditer(report.clean, start, end):
            yield from _sentences(report, ends, start, m.start())
            start = m.end()
            yield from _each(report, ends, m.start(), start)
    yield from _sentences(report, ends, start, end)


def _sentences(report: ReportText, ends: Collection[int], start: int, end: int) -> Iterator[Mark]:
    """The marks of a stretch without brackets and items: of its whole sentences only the end of the last and of the last paragraph
    count, unless the next goes on with them (其中)."""
    text = report.clean
    if end - start > _SHORT:
        line = text.rfind("\n", start, end)
        last = max(
            line, text.rfind("。", start, end), text.rfind("！", start, end), text.rfind("？", start, end)
        )
        ended = line < 0 or line + 1 in ends or _ends_paragraph(report, line)
        if last >= 0 and ended and not CONTINUES.match(text, last + 1):
            if line >= 0:
                yield Mark(PARAGRAPH, line, line + 1)
            if line < last:
                yield Mark(SENTENCE, last, last + 1)
            start = last + 1
    yield from _each(report, ends, start, end)


def _each(report: ReportText, ends: Collection[int], start: int, end: int) -> Iterator[Mark]:
    """All marks of a stretch, except commas that later ones undo."""
    text = report.clean
    comma = -1  # not told yet
    for m in _MARK.finditer(text, start, end):
        at = m.start()
        c = text[at]
        kind = _KINDS[c]
        if kind == CLAUSE:
            if c == "，" or not (text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()):
                comma = at  # no comma in 26,914, no colon in 19.6:1
            continue
        if kind == PARAGRAPH and at + 1 not in ends and not _ends_paragraph(report, at):
            continue
        if comma >= 0:
            yield Mark(CLAUSE, comma, comma + 1)
            comma = -1
        yield Mark(kind, at, at + 1, 0, c if kind in (OPEN, CLOSE) else "")
    if comma >= 0:
        yield Mark(CLAUSE, comma, comma + 1)


def _ends_paragraph(report: ReportText, at: int) -> bool:
    """Whether the line break at ``at`` ends a sentence; one inside a sentence is only a line of the page."""
    span = report.sentences[report.sentence_at(at)]
    return not report.clean[at : span.end].strip()
