"""Calls of pdfium that are made for each character or object of a page, and the fonts it uses.

pypdfium2 declares pointers and types, which are made and checked anew for each call; the same functions called with plain addresses take half the
time. They are too short to let other threads run meanwhile.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def _plain(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    import pypdfium2.raw as c

    address = ctypes.cast(getattr(c, name), ctypes.c_void_p).value
    if address is None:
        raise AssertionError(f"pdfium has no {name}")
    function: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *arguments)(address)
    return function


def address(handle: Any) -> int:
    """Where the thing behind a handle of pypdfium2 lies."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


@cache
def _box() -> Callable[..., Any]:
    return _plain("FPDFText_GetLooseCharBox", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


def boxes(textpage: Any, count: int) -> NDArray[np.float32]:
    """Left, top, right and bottom of the first ``count`` characters, as high as their font; zeros where there is no box."""
    out = np.zeros((count, 4), np.float32)
    get, handle = _box(), address(textpage)
    for i, place in enumerate(range(out.ctypes.data, out.ctypes.data + 16 * count, 16)):
        get(handle, i, place)
    return out


@cache
def _objects() -> tuple[Callable[..., Any], Callable[..., Any]]:
    return (
        _plain("FPDFPage_GetObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
        _plain("FPDFPageObj_GetType", ctypes.c_int, ctypes.c_void_p),
    )


def object_types(page: Any, count: int) -> list[int]:
    """The type of each of the first ``count`` objects of a page."""
    get, type_of = _objects()
    handle = address(page)
    return [type_of(get(handle, i)) for i in range(count)]


@cache
def _box_font() -> Any:
    """What pdfium asks for fonts that a file does not bring along: it always gets ``box.ttf``."""
    import pypdfium2.raw as c

    data = Path(__file__).with_name("box.ttf").read_bytes()
    kept = ctypes.create_string_buffer(data, len(data))  # pdfium may read from it at any time
    info = c.FPDF_SYSFONTINFO()
    kinds: dict[str, Any] = dict(c.FPDF_SYSFONTINFO._fields_)

    def font_data(_: Any, __: Any, table: int, buffer: Any, size: int) -> int:
        if table:
            return 0  # no collection of fonts
        if size >= len(data):
            ctypes.memmove(buffer, kept, len(data))
        return len(data)

    answers: dict[str, Callable[..., Any]] = {
        "Release": lambda _: None,
        "EnumFonts": lambda *_: None,
        "MapFont": lambda *_: 1,
        "GetFont": lambda *_: None,
        "GetFontData": font_data,
        "GetFaceName": lambda *_: 0,
        "GetFontCharset": lambda *_: 0,
        "DeleteFont": lambda *_: None,
    }
    info.version = 1
    for name, answer in answers.items():
        setattr(info, name, kinds[name](answer))
    return info


@contextmanager
def without_system_fonts() -> Iterator[None]:
    """Characters of fonts that a file does not bring along are placed by the widths in the file alone and not measured in a font of this machine: in
    a quarter of the time, and the same everywhere. Documents opened inside keep that; they are not to be drawn."""
    import pypdfium2.raw as c

    c.FPDF_SetSystemFontInfo(_box_font())
    try:
        yield
    finally:
        _restore()


@contextmanager
def with_system_fonts() -> Iterator[None]:
    """Inside of the other: for pages that are drawn."""
    import pypdfium2.raw as c

    _restore()
    try:
        yield
    finally:
        c.FPDF_SetSystemFontInfo(_box_font())


def _restore() -> None:
    import pypdfium2.raw as c

    c.FPDF_SetSystemFontInfo(c.FPDF_GetDefaultSystemFontInfo())
