"""Page-chunk markers of document sites: `完成率⏎⏎4、100%`, `缺6⏎⏎8、00万`. They cut sentences, words and numbers.

A chunk marker looks like a list number but stands in the middle of a sentence, and the markers of a file rise by one through it.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import defaultdict

from reportminer.restore.edit import Draft, Edit

_CANDIDATE = re.compile(r"\n[ \t]*([0-9]{1,3})、")
_OPENING = re.compile(r"[ \t]*([0-9]{1,3})、")
_INLINE = re.compile(r" ?[-—–] ?([0-9]{1,3}) ?[-—–] ?(?![0-9]{1,2} ?[-—–])")
_DASH = re.compile(r"[-—–](?= ?[0-9])")  # what it opens with, perhaps behind a blank
_ENDS = "。！？；：:!?;”」』）)】》…"
_LONG = 45  # chunks are pages: a shorter line before the number is a list item or a heading
_LONGEST_CHAIN = 400
# the rest of a number that a marker has cut: 缺6⏎⏎8、00万元
_GOES_ON = re.compile(
    r"[0-9]{1,6}(?:\.[0-9]+)?(?:[多余]?[万亿]|元|平方|亩|吨|公里|米|个|所|名|人|台|套|册|间|户|%)"
)
_HEADING = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]+[章节部])"
)


def drop_markers(draft: Draft) -> bool:
    """Removes the markers with the line breaks before them, so that what they cut is whole again. True when there were any."""
    inline = _drop_inline(draft)
    return _drop_chunks(draft) or inline


def _drop_inline(draft: Draft) -> bool:
    """Page numbers between dashes inside a text without line breaks: 在校生 9 - 3 - 52人. They rise by one from page to page."""
    text, found, end = draft.text, [], 0
    for dash in _DASH.finditer(text):
        at = dash.start()
        if at >= end and (m := _INLINE.match(text, at - (at > end and text[at - 1] == " "))) is not None:
            found.append(m)
            end = m.end()
    run = [m for m, n in itertools.pairwise(found) if int(n[1]) == int(m[1]) + 1]
    if len(run) < 2:
        return False
    first = int(found[0][1])
    pages = [m for k, m in enumerate(found) if int(m[1]) == first + k]
    edits = []
    for m in pages:
        cut = draft.text[m.start() - 1 : m.start()].isdigit() and draft.text[m.end() : m.end() + 1].isdigit()
        edits.append(Edit(m.start(), m.end(), "" if cut else " "))
    return draft.apply(edits)


def _drop_chunks(draft: Draft) -> bool:
    text = draft.text
    places: dict[int, list[tuple[int, int]]] = defaultdict(
        list
    )  # number → (end of the line before, end of the marker)
    opening = _OPENING.match(text)
    for m in (*([opening] if opening else ()), *_CANDIDATE.finditer(text)):
        end = m.start()
        while end and text[end - 1].isspace():
            end -= 1
        places[int(m[1])].append((end, m.end()))
    alone = [
        (start, end)
        for here in places.values()
        for start, end in here
        if _cuts_number(text, start, end) and _GOES_ON.match(text, end)
    ]
    if 2 not in places:
        return draft.apply(Edit(*span) for span in sorted(alone))
    chain: list[tuple[int, int, bool]] = []
    at = 0
    for number in range(2, _LONGEST_CHAIN):
        here = places.get(number, [])
        # a page may happen to end with a sentence: such a marker counts only where no cutting one of that number follows
        cut = whole = None
        for start, end in here[bisect_left(here, (at, 0)) :]:
            if _line_before(text, start) < _LONG and not _cuts_number(text, start, end):
                continue
            if text[start - 1] not in _ENDS:
                cut = (start, end)
                break
            whole = whole or (start, end)
        pick = cut or whole
        if pick is None:
            break
        chain.append((*pick, cut is not None))
        at = pick[1]
    while chain and not chain[-1][2]:  # trailing ones that cut nothing may be a real list
        chain.pop()
    if not chain or sum(c for *_, c in chain) * 2 < len(chain):
        return draft.apply(Edit(*span) for span in sorted(alone))
    spans = {(start, end) for start, end, _ in chain} | set(alone)
    edits = [Edit(*span) for span in sorted(spans)]
    first = _first_marker(text, places.get(1, []), chain[0][0])
    if first is not None:
        edits.insert(0, first)
    return draft.apply(edits)


def _cuts_number(text: str, start: int, end: int) -> bool:
    """Digits stand on both sides of the marker (29⏎⏎6、15万元, 15.⏎⏎5、8万): no list number follows a figure without a unit."""
    before = text[start - 2 : start].rstrip(".．")
    return before[-1:].isdigit() and text[end : end + 1].isdigit()


def _first_marker(text: str, ones: list[tuple[int, int]], before: int) -> Edit | None:
    """The `1、` that opens the first page; a real list number follows a sentence or a heading."""
    for start, end in reversed(ones):
        if end > before:
            continue
        line = text[text.rfind("\n", 0, start) + 1 : start]
        if (start and text[start - 1] in _ENDS) or _HEADING.match(line):
            return None
        return Edit(text.rfind("\n", 0, end) + 1, end)
    return None


def _line_before(text: str, end: int) -> int:
    """Length of the line that ends at ``end``."""
    return end - text.rfind("\n", 0, end) - 1
