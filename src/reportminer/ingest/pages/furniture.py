"""Headers, footers and page numbers: lines at the edges of pages."""

from __future__ import annotations

import re
from collections import Counter

from reportminer.ingest.pages.columns import Line, usual_size

_N = "[0-9一二三四五六七八九十百]{1,5}"
_PAGE_NUMBER = re.compile(
    rf"第{_N}页(?:[/／,，]?共{_N}页)?|共{_N}页[/／,，]?第{_N}页|[-—–－·]+[0-9]{{1,4}}[-—–－·]+|[0-9]{{1,4}}[/／][0-9]{{1,4}}"
)
_DIGITS = re.compile(r"[0-9]+")
_PROSE = re.compile("[，。；]")
_EDGE = 2  # lines at the top and at the bottom of a page that may be header or footer
_LONGEST = 60
_FEWEST = 3  # pages that must agree; both of two where the line is in the margin
_SHARE = 0.4  # of the pages: left and right pages may have different headers
_MOST_PIECES = 2  # a line of more pieces is a row of a table whose head is repeated


_MARGIN = 0.075  # of the height of a page: above and below it there is no text of the report
_SMALLER = 0.9  # of the usual size: headers are printed smaller


def find_furniture(pages: list[list[Line]], heights: list[float]) -> set[int]:
    """The ``id`` of each line that is a page number, that stands at the same edge of many pages, or that is small and in the margin.

    ``heights`` of the pages. A bare number at an edge is a page number only when numbers there go up with the pages: it may be a figure otherwise.
    """
    edges: list[tuple[int, int, str, Line]] = []  # page, place (negative from below), text, line
    for p, page in enumerate(pages):
        ordered = sorted(page, key=lambda x: x.top)
        count = len(ordered)
        for n in sorted({*range(min(_EDGE, count)), *range(max(0, count - _EDGE), count)}):
            place = n if n < count - n else n - count
            edges.append((p, place, re.sub(r"\s", "", ordered[n].text), ordered[n]))
    alike = Counter((_DIGITS.sub("0", body), place) for _, place, body, _ in edges)
    shifts = Counter(
        s for _, s in {(p, int(body) - p) for p, _, body, _ in edges if body.isdecimal() and len(body) <= 4}
    )
    usual = usual_size(x for page in pages for x in page)
    out = set()
    for p, place, body, line in edges:
        if body.isdecimal():
            found = len(body) <= 4 and (shifts[int(body) - p] >= 2 or int(body) == p + 1 == len(pages))
        else:
            margin = _MARGIN * heights[p]
            outer = line.bottom < margin or line.top > heights[p] - margin
            same = alike[_DIGITS.sub("0", body), place]
            often = same >= max(_FEWEST, _SHARE * len(pages)) or (outer and same == len(pages) == 2)
            often &= outer or _PROSE.search(body) is None  # reports repeat sentences with other figures
            aside = outer and line.em < _SMALLER * usual
            found = _PAGE_NUMBER.fullmatch(body) is not None or (
                (often or aside) and len(body) < _LONGEST and len(line.runs) <= _MOST_PIECES
            )
        if found:
            out.add(id(line))
    return out
