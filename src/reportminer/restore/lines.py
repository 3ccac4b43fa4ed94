"""Hard line breaks inside sentences, words and numbers are joined; paragraph ends, headings, lists and tables stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from reportminer.restore.edit import Draft, Edit

_N = "一二三四五六七八九十"
_STARTS = re.compile(  # how a heading, a list item, a note or a table row begins
    rf"(?:[{_N}]{{1,3}}[、.．](?![0-9])|[(（][{_N}0-9]{{1,3}}[)）]|[0-9]{{1,2}}[、.．)）](?![0-9])|第[{_N}0-9]{{1,3}}[章节篇条部]|[⑴-⒇①-⑳●■◆▲★※□·•]"
    rf"|篇[0-9{_N}]|[|｜]|——|附[件表：:]|备?注[：:]|[{_N}]是|[{_N}]要|其[{_N}]|各位|表[0-9{_N}]|图[0-9{_N}]|#|[-*+] )"
)
_NUMBERED = re.compile(r"[0-9]{1,3}、")  # never the rest of a number
_ENDS = "。！？；：:!?;|…"  # a line that ends so was not cut
_CLOSED = "”」』）)】》>"  # may or may not end a sentence
_UNIT = re.compile(
    r"(?:[万亿千百]?(?:元|人|平方|亩|吨|公里|公顷|米|个|所|名|台|套|册|间|户|家|头|张|座|条|件|项|次|辆|栋|幢|%|‰)|[万亿]|分点|百分点|余|多)"
)
_NUMBER_END = re.compile(r"[0-9][0-9,.]*$")
_CUT_NUMBER = re.compile(r"[0-9xX×*＊][多余万亿]{1,2}$")
_RUN = re.compile(r"[0-9][0-9.,]*%?|[xX×*＊]{1,4}")  # a line that is one number
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_BEFORE_YEAR = re.compile(r"[到至在从于比自较由和与及截对为（(、0-9]$")
_RUN_GOES_ON = re.compile(rf"{_UNIT.pattern}|㎡|m2|M2|本|处|度|[年月日号%]|学年|万|亿|后[，。]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_COUNT = re.compile(rf"[0-9][0-9.]*[多余]?(?:{_UNIT.pattern})")
_PROSE = re.compile(r"[，。；,]")


@dataclass(frozen=True, slots=True)
class _Layout:
    """``wrap``: the width at which the text is wrapped by ``measure`` (columns or characters), None when it is not; ``double``: every line is
    followed by an empty one; ``runs``: every number of the prose stands on a line of its own, as scrapers leave text of several fonts."""

    wrap: int | None
    double: bool
    measure: Callable[[str], int] = len
    runs: bool = False


def join_lines(draft: Draft) -> bool:
    """Joins lines that were broken by a fixed width or a page end, and numbers that were cut. True when any were joined."""
    text = draft.text
    if "\n" not in text:
        return False
    lines = []  # (start, end) of the lines that hold something
    blanks = []  # empty lines between a line and its predecessor
    at = empty = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            lines.append((at, at + len(line)))
            blanks.append(empty)
            empty = 0
        else:
            empty += 1
        at += len(line) + 1
    if len(lines) < 2:
        return False
    layout = _layout([text[s:e] for s, e in lines], blanks)
    if _in_runs([text[s:e].strip() for s, e in lines]):
        layout = replace(layout, runs=True)
    edits = []
    for i in range(len(lines) - 1):
        (start, end), (start2, end2) = lines[i], lines[i + 1]
        if _broken(text[start:end], text[start2:end2], blanks[i + 1], layout):
            tail = start + len(text[start:end].rstrip())
            head = start2 + (end2 - start2) - len(text[start2:end2].lstrip())
            edits.append(Edit(tail, head))
    return draft.apply(edits)


def _in_runs(lines: list[str]) -> bool:
    """Whether numbers stand alone on their lines in the middle of sentences: the line before breaks off and the one behind goes on."""
    alone = [i for i in range(1, len(lines) - 1) if _RUN.fullmatch(lines[i])]
    if len(alone) < 3:
        return False
    prose = [i for i in alone if _RUN_GOES_ON.match(lines[i + 1]) and lines[i - 1][-1] not in _ENDS]
    going_on = sum(1 for i in prose if _PROSE.search(lines[i + 1]) or len(lines[i + 1]) > 6)
    return len(prose) >= 0.6 * len(alone) and going_on >= 0.3 * len(prose)


def _width(line: str) -> int:
    return len(line.encode("gbk", "replace"))


def _layout(lines: list[str], blanks: list[int]) -> _Layout:
    double = len(lines) >= 8 and sum(1 for b in blanks[1:] if b == 1) >= 0.9 * (len(lines) - 1)
    plain = [x.rstrip() for x in lines if "\t" not in x and "|" not in x]
    if len(plain) < 6:
        return _Layout(None, double)
    # programs wrap by columns or by characters: what fits more lines is right
    found = [
        w
        for m, low, high in ((_width, 36, 130), (len, 18, 65))
        if (w := _wrap(plain, m, low, high)) is not None
    ]
    if not found:
        return _Layout(None, double)
    _, width, measure = max(found, key=lambda w: w[0])
    return _Layout(width, double, measure)


def _wrap(
    plain: list[str], measure: Callable[[str], int], low: int, high: int
) -> tuple[int, int, Callable[[str], int]] | None:
    """How many lines are full, the width, and the measure; None when the text is not wrapped by this measure."""
    if sorted(map(len, plain))[-1 - len(plain) // 20] > high:
        return None  # no line is narrower than it has characters
    widths = sorted(map(measure, plain), reverse=True)
    width = widths[len(widths) // 20]  # a few lines may stick out
    if not low <= width <= high or widths[0] > 1.6 * width:
        return None
    full = [x for x in plain if measure(x) >= 0.85 * width]
    cut = sum(1 for x in full if x[-1] not in _ENDS)
    wrapped = len(full) >= 5 and len(full) >= 0.35 * len(widths) and cut >= 0.5 * len(full)
    return (len(full), width, measure) if wrapped else None


def _broken(line: str, following: str, blank: int, layout: _Layout) -> bool:
    """Was this line broken in the middle of a sentence?"""
    body, nxt = line.rstrip(), following.lstrip()
    if body[-1] in _ENDS or "\t" in line or "\t" in following or "|" in line:
        return False
    if blank > 2 or _STARTS.match(nxt) or _NUMBERED.match(nxt):
        return False
    if layout.runs and not blank:
        if _YEAR.fullmatch(nxt.rstrip()) and not _PROSE.search(body) and not _BEFORE_YEAR.search(body):
            return False  # a heading, and a paragraph that begins with its year
        if _RUN.fullmatch(body) or _RUN.fullmatch(nxt.rstrip()):
            return True
        listed = _PROSE.search(line + following) or "、" in line + following
        goes_on = _HAN.match(nxt) or (_COUNT.match(nxt) and _HAN.match(body[-1]))
        return len(body) >= 4 and goes_on is not None and bool(listed)
    blank_counts = blank > (1 if layout.double else 0)
    full = layout.wrap is not None and layout.measure(body) >= 0.85 * layout.wrap
    if full and not blank_counts:
        # an indented line begins a paragraph, unless it is all one indent
        indented = following[0] in " \u3000" and line[0] not in " \u3000" and len(following) - len(nxt) >= 2
        return not indented or body[-1] not in _CLOSED
    if _CUT_NUMBER.search(body) and _UNIT.match(nxt):
        return True
    long = len(body) >= 30 and _PROSE.search(body) is not None
    if long and _NUMBER_END.search(body) and (_UNIT.match(nxt) or (nxt[0].isdigit() and _PROSE.search(nxt))):
        return True
    if long and body[-1] in "千百xX*＊" and _UNIT.match(nxt):
        return True
    if not blank and _PROSE.search(nxt) and len(body) >= 6 and _HAN.search(body):
        # lines too few to tell their width: 教育投入合计 9127 | 万元，其中… and 现有教职工 | 46人，其中…
        if _NUMBER_END.search(body) and _UNIT.match(nxt):
            return True
        if _COUNT.match(nxt) and _HAN.match(body[-1]) and not _STARTS.match(body) and _PROSE.search(body):
            return True
    if layout.wrap is not None or not long or len(body) < 40:
        return False
    # a page end in the middle of a sentence: both sides are prose
    return (
        ("\u4e00" <= body[-1] <= "\u9fff" or body[-1] in "，、,")
        and "\u4e00" <= nxt[0] <= "\u9fff"
        and (body[-1] in "，、," or _PROSE.search(nxt) is not None)
        and not following[0].isspace()
    )
