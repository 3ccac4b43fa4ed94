"""Straight lines and pictures of a page of a pdf: the rules of tables, and how much of a page is a scan."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

from reportminer.ingest.pages.glyphs import Rule
from reportminer.ingest.pdfium_calls import object_types

MAX_OBJECTS = 50_000  # objects of one page that are looked at: more are a drawing
MAX_SEGMENTS = 2_000  # of one path
MAX_DEPTH = 8  # of forms inside of forms
_THIN = 3.0  # points: a longer box so thin is a line
_LEVEL = 1.0  # points that the ends of a level line may differ

Matrix = tuple[float, float, float, float, float, float]
_ONE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def find_rules(page: Any, place: Callable[[float, float], tuple[float, float]]) -> list[Rule]:
    """The level and the upright lines of a page (also sides of boxes), each (left, top, right, bottom) in the coordinates of ``place``."""
    import pypdfium2.raw as c

    out: list[Rule] = []
    for obj, matrix in _objects(page, c.FPDF_PAGEOBJ_PATH):
        for x0, y0, x1, y1 in _segments(obj, matrix):
            (ax, ay), (bx, by) = place(x0, y0), place(x1, y1)
            out.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
    return out


def picture_share(page: Any, box: tuple[float, float, float, float]) -> float:
    """The share of the page that its largest picture or all its pictures one below the other cover (a scan may be cut into strips), at most 1."""
    import pypdfium2.raw as c

    left, bottom, right, top = box
    whole = max(1.0, (right - left) * (top - bottom))
    area = 0.0
    for obj, matrix in _objects(page, c.FPDF_PAGEOBJ_IMAGE):
        x0, y0, x1, y1 = _bounds(obj, matrix)
        area += max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom))
    return min(1.0, area / whole)


def _objects(page: Any, kind: int) -> Iterator[tuple[Any, Matrix]]:
    """The objects of a kind with what puts them on the page; those inside of forms too."""
    import pypdfium2.raw as c

    budget = MAX_OBJECTS
    # forms hold objects in their own coordinates
    todo: list[tuple[Any, Matrix, int]] = []
    count = min(c.FPDFPage_CountObjects(page.raw), budget)
    budget -= count
    for i, type_ in enumerate(object_types(page.raw, count)):  # nearly all are text
        if type_ == kind:
            yield c.FPDFPage_GetObject(page.raw, i), _ONE
        elif type_ == c.FPDF_PAGEOBJ_FORM:
            todo.append((c.FPDFPage_GetObject(page.raw, i), _ONE, 1))
    while todo and budget > 0:
        form, outer, depth = todo.pop()
        matrix = _times(_matrix(form), outer)
        for i in range(min(c.FPDFFormObj_CountObjects(form), budget)):
            obj = c.FPDFFormObj_GetObject(form, i)
            budget -= 1
            type_ = c.FPDFPageObj_GetType(obj)
            if type_ == kind:
                yield obj, matrix
            elif type_ == c.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                todo.append((obj, matrix, depth + 1))


def _segments(obj: Any, matrix: Matrix) -> Iterator[tuple[float, float, float, float]]:
    """The straight level and upright pieces of a path, in the coordinates of the page."""
    import pypdfium2.raw as c

    count = c.FPDFPath_CountSegments(obj)
    if not 2 <= count <= MAX_SEGMENTS:
        return
    left, bottom, right, top = _bounds(obj, matrix)
    if right - left <= _THIN or top - bottom <= _THIN:  # a line, or a box that is one
        if max(right - left, top - bottom) > _THIN:
            if right - left >= top - bottom:
                y = (top + bottom) / 2
                yield left, y, right, y
            else:
                x = (left + right) / 2
                yield x, bottom, x, top
        return
    if not _is_seen(obj):
        return
    inner = _times(_matrix(obj), matrix)
    px, py = ctypes.c_float(), ctypes.c_float()
    start: tuple[float, float] | None = None
    before: tuple[float, float] | None = None
    for i in range(count):
        segment = c.FPDFPath_GetPathSegment(obj, i)
        kind = c.FPDFPathSegment_GetType(segment)
        if not c.FPDFPathSegment_GetPoint(segment, px, py):
            continue
        point = _point(inner, px.value, py.value)
        if kind == c.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == c.FPDF_SEGMENT_LINETO and before is not None and _level(before, point):
            yield (*before, *point)
        before = point
        if start is not None and c.FPDFPathSegment_GetClose(segment) and _level(point, start):
            yield (*point, *start)


def _level(a: tuple[float, float], b: tuple[float, float]) -> bool:
    dx, dy = abs(a[0] - b[0]), abs(a[1] - b[1])
    return (dx <= _LEVEL) != (dy <= _LEVEL)


def _is_seen(obj: Any) -> bool:
    """Is the path drawn at all? (A path that only clips is not.) White areas hide and are no rules."""
    import pypdfium2.raw as c

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not c.FPDFPath_GetDrawMode(obj, fill, stroke):
        return True
    if stroke.value:
        return True
    if not fill.value:
        return False
    r, g, b, a = (ctypes.c_uint() for _ in range(4))
    if not c.FPDFPageObj_GetFillColor(obj, r, g, b, a):
        return True
    return bool(a.value) and min(r.value, g.value, b.value) < 250


def _bounds(obj: Any, matrix: Matrix) -> tuple[float, float, float, float]:
    import pypdfium2.raw as c

    le, b, r, t = (ctypes.c_float() for _ in range(4))
    if not c.FPDFPageObj_GetBounds(obj, le, b, r, t):
        return 0.0, 0.0, 0.0, 0.0
    if matrix == _ONE:
        return le.value, b.value, r.value, t.value
    points = [_point(matrix, x, y) for x in (le.value, r.value) for y in (b.value, t.value)]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _matrix(obj: Any) -> Matrix:
    import pypdfium2.raw as c

    m = c.FS_MATRIX()
    if not c.FPDFPageObj_GetMatrix(obj, m):
        return _ONE
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(a: Matrix, b: Matrix) -> Matrix:
    """First ``a``, then ``b``."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _point(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
