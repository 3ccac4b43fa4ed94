"""Page-chunk markers of document sites: `完成率⏎⏎4、100%`, `缺6⏎⏎8、00万`. They cut sentences, words and numbers.

A chunk marker looks like a list number but stands in the middle of a sentence, and the markers of a file rise by one through it.
"""

from __future__ import annotations

import re

from reportminer.core import Span
from reportminer.restore.edit import Draft

_CANDIDATE = re.compile(r"(?:^|\s*\n)[ \t]*([0-9]{1,3})、", re.M)
_ENDS = "。！？；：:!?;”」』）)】》…"
_LONG = 60  # chunks are pages: a shorter line before the number is a list item or a heading


def drop_markers(draft: Draft) -> bool:
    """Removes the markers with the line breaks before them, so that what they cut is whole again."""
    text = draft.text
    found = [(m.start(), m.end(), int(m.group(1))) for m in _CANDIDATE.finditer(text)]
    if not any(n == 2 for _, _, n in found):
        return False
    chain: list[tuple[int, int, bool]] = []
    at, expected = 0, 2
    while True:
        here = [(s, e) for s, e, n in found if n == expected and s >= at]
        cut = next(((s, e) for s, e in here if _cuts(text, s)), None)
        whole = next(((s, e) for s, e in here if _line_before(text, s) >= _LONG), None)
        # a page may happen to end with a sentence: such a marker counts only where no cutting one of that number follows
        pick = cut or whole
        if pick is None:
            break
        chain.append((*pick, cut is not None))
        at, expected = pick[1], expected + 1
    while chain and not chain[-1][2]:  # trailing ones that cut nothing may be a real list
        chain.pop()
    if not chain or sum(c for *_, c in chain) * 2 < len(chain):
        return False
    first = next(((s, e) for s, e, n in reversed(found) if n == 1 and e <= chain[0][0] and not text[:s].strip(" \n").endswith(tuple("。；"))), None)
    spans = [Span(s, e) for s, e, _ in chain]
    if first is not None and not _heading_before(text, first[0]):
        start = first[0] + len(text[first[0] : first[1]]) - len(text[first[0] : first[1]].lstrip())
        spans.insert(0, Span(start, first[1]))
    draft.drop(spans)
    return True


def _line_before(text: str, start: int) -> int:
    """Length of the line that ends at ``start``."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return len(line.strip())


def _cuts(text: str, start: int) -> bool:
    """The marker stands in the middle of a sentence: a long line before it does not end."""
    before = text[:start].rstrip()[-1:]
    return bool(before) and before not in _ENDS and _line_before(text, start) >= _LONG


def _heading_before(text: str, start: int) -> bool:
    """A heading (一、…) directly before: then `1、` is a real list number."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return bool(re.match(r"\s*[一二三四五六七八九十]+、", line))
