"""Which lines go on in the next: told by the edges of their column, not by their words."""

from __future__ import annotations

import re

from reportminer.ingest.pages.columns import Line, usual_size

_ENDS = "。！？；：!?;:"
_STARTS = re.compile(  # how a heading or a list item begins
    r"[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[、.．)）](?![0-9])|第[一二三四五六七八九十0-9]{1,3}[章节篇条部]|[①-⑳●■◆▲★□·•]|附[件表：:]|[备]?注[：:]|表[0-9]|图[0-9]"
)
_TOKEN = re.compile(r"[!-~]+|.")  # Latin letters and digits are not broken
_CLOSING = "，。、；：！？”’）》】〕%％"
_LARGER = 1.1  # than the usual size: a title
_ALONE = 10  # characters; shorter lines do not tell where a column ends


class Margins:
    """The column edges of a document, whether its paragraphs are indented, and the usual size of its characters."""

    def __init__(self, lines: list[tuple[float, Line]]) -> None:
        """``lines``: width of the page and the line, furniture and tables left out."""
        self._edges: dict[tuple[int, int, int], tuple[float, float] | None] = {}
        groups: dict[tuple[int, int, int], list[tuple[float, Line]]] = {}
        for width, line in lines:
            groups.setdefault(self._key(width, line), []).append((width, line))
        indented = 0
        for key, group in groups.items():
            edges = self._edges[key] = _edges(group)
            if edges is not None:
                indented += sum(1 for _, x in group if 1.4 * x.em < x.left - edges[0] < 3.2 * x.em)
        self.indented = indented > 0
        self.em = usual_size(x for _, x in lines)

    @staticmethod
    def _key(width: float, line: Line) -> tuple[int, int, int]:
        """Columns of one place and width on pages of one size are one; a column over more than half of a page is the page's own."""
        left, right = line.margins
        if right - left > 0.55 * width:
            return (round(width), 0, 0)
        return (round(width), round((left + right) / 2 / (0.12 * width)), 1)

    def edges(self, width: float, line: Line) -> tuple[float, float] | None:
        """Left and right edge of the column of a line, None where too few lines tell."""
        return self._edges.get(self._key(width, line))


def _edges(group: list[tuple[float, Line]]) -> tuple[float, float] | None:
    long = [x for _, x in group if len(x.text) >= _ALONE]
    if not long:
        return None
    lefts = sorted(x.left for x in long)
    rights = sorted(x.right for x in long)
    left, right = lefts[len(lefts) // 10], rights[(len(rights) * 9) // 10]
    em = sorted(x.em for x in long)[len(long) // 2]
    reached = sum(1 for r in rights if abs(r - right) < 1.5 * em)
    width = group[0][0]
    symmetric = abs(width - left - right) < 3 * em
    return (left, right) if reached >= 3 or (symmetric and reached) else None


def goes_on(before: Line, after: Line, widths: tuple[float, float], near: bool, margins: Margins) -> bool:
    """Does line ``after`` continue the paragraph of line ``before``? ``widths``: of their pages; ``near``: they stand in one column of one page."""
    if len(before.runs) != 1 or len(after.runs) != 1:
        return False
    a, b = before.runs[0], after.runs[0]  # the edges of a line are those of its only run
    text = b.text
    ours, theirs = margins.edges(widths[0], before), margins.edges(widths[1], after)
    if ours is None or theirs is None or abs(a.em - b.em) > 0.15 * max(a.em, b.em):
        return False
    if abs((ours[1] - ours[0]) - (theirs[1] - theirs[0])) > 2.5 * a.em:
        return False
    if near and b.top - a.bottom > 1.3 * (a.bottom - a.top):
        return False
    first = _TOKEN.match(text)
    size = len(first[0]) if first else 1
    while size < len(text) and text[size] in _CLOSING:
        size += 1
    token = min(b.rights[size - 1] - b.left, 0.6 * (ours[1] - ours[0]))
    title = a.em > _LARGER * margins.em
    room = ours[1] - a.right + (a.left - ours[0] if title and _centred(before, ours) else 0.0)
    if token <= room - 0.1 * a.em:
        return False  # there was room for more
    ended = a.text[-1] in _ENDS
    if title and _centred(after, theirs):
        return not ended
    if b.left - theirs[0] >= 0.8 * b.em:  # indented: a new paragraph, unless the whole paragraph is
        return not ended and abs((b.left - theirs[0]) - (a.left - ours[0])) < 0.5 * b.em and margins.indented
    return not (ended and (not margins.indented or _STARTS.match(text)))


def _centred(line: Line, edges: tuple[float, float]) -> bool:
    return abs(line.left + line.right - edges[0] - edges[1]) < 1.2 * line.em
