"""Characters of one page of a pdf with their boxes, turned so that their lines are upright."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportminer.core import Sheet
from reportminer.ingest.pages.glyphs import Glyphs, codes, no_glyphs
from reportminer.ingest.pdfium_calls import boxes as char_boxes

_GARBLED = 0.3  # share of characters without a meaning from which the text of a page is useless
_SAMPLE = 60  # characters asked whether their font says what they mean
_TURNED = 0.1  # radians from upright at which a character belongs to another direction
_ALL = 0x110000  # code points
_BLANK = np.zeros(_ALL, bool)
_BLANK[
    [*range(0x21), 0x7F, 0x85, 0xA0, 0xAD, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF, 0xFFFE, 0xFFFF]
] = True  # fmt: skip
_MEANINGLESS = np.zeros(_ALL, bool)
for _low, _high in (
    (0x01, 0x08),
    (0x0E, 0x1F),
    (0x80, 0x9F),
    (0xE000, 0xF8FF),
    (0xFFFD, 0xFFFD),
    (0xF0000, 0x10FFFF),
):
    _MEANINGLESS[_low : _high + 1] = True


class Place:
    """From the coordinates of the file to those of the page as it is shown, and to upright lines on it (y down)."""

    def __init__(self, page: Any) -> None:
        self.box: tuple[float, float, float, float] = page.get_cropbox()
        left, bottom, right, top = self.box
        self.rotation = page.get_rotation() % 360
        self.turn = 0  # of the lines on the shown page, in degrees clockwise
        across, down = right - left, top - bottom
        self.width, self.height = (down, across) if self.rotation in (90, 270) else (across, down)

    def shown(self, x: Any, y: Any) -> tuple[Any, Any]:
        """A point of the file on the page as it is shown."""
        left, bottom, right, top = self.box
        if self.rotation == 90:
            return y - bottom, x - left
        if self.rotation == 180:
            return right - x, y - bottom
        if self.rotation == 270:
            return top - y, right - x
        return x - left, top - y

    def to_lines(self, x: Any, y: Any) -> tuple[Any, Any]:
        """A point of the file in coordinates of upright lines."""
        x, y = self.shown(x, y)
        if self.turn == 90:
            return y, self.width - x
        if self.turn == 180:
            return self.width - x, self.height - y
        if self.turn == 270:
            return self.height - y, x
        return x, y

    def sheet(self) -> Sheet:
        """The page with the way back from upright lines."""
        w, h = float(self.width), float(self.height)
        if self.turn == 90:
            return Sheet(w, h, (0.0, 1.0, -1.0, 0.0, w, 0.0))
        if self.turn == 180:
            return Sheet(w, h, (-1.0, 0.0, 0.0, -1.0, w, h))
        if self.turn == 270:
            return Sheet(w, h, (0.0, -1.0, 1.0, 0.0, 0.0, h))
        return Sheet(w, h)


class PageText:
    """The visible characters of one page. Call ``count`` first (it is cheap), then ``load``."""

    def __init__(self, page: Any) -> None:
        self.place = Place(page)
        self._textpage = page.get_textpage()
        self.text = ""
        self._boxes = np.zeros((0, 4), np.float32)  # left, top, right, bottom in coordinates of the file
        self._index: NDArray[np.int64] = np.zeros(0, np.int64)  # of each kept character in pdfium's text
        self._blank: NDArray[np.bool_] = np.zeros(0, bool)  # typed before each kept character
        self._hidden_marks = 0  # characters of no meaning that have no box

    def count(self) -> int:
        """How many characters pdfium finds, blanks and line ends included."""
        return max(0, int(self._textpage.count_chars()))

    def load(self) -> None:
        """Reads characters and boxes; blanks and what stands outside of the page are left out."""
        import pypdfium2.raw as c

        count = self.count()
        if count == 0:
            return
        handle = self._textpage.raw
        text: str = self._textpage.get_text_range(0, count)
        if (
            len(text) != count
        ):  # characters beyond the basic plane or without a code: one call each keeps the boxes right
            text = "".join(_character(c.FPDFText_GetUnicode(handle, i)) for i in range(count))
        # the loose box is as high as the font: the tight one of 一 or “ would be a line of its own
        boxes = char_boxes(handle, count)
        left, top, right, bottom = boxes.T
        x0, y0, x1, y1 = self.place.box
        x, y = (left + right) / 2, (top + bottom) / 2
        keep = (right > left) & (top > bottom) & (x > x0) & (x < x1) & (y > y0) & (y < y1)
        code = codes(text)
        self._hidden_marks = int(np.count_nonzero(code == 0))
        keep &= ~_BLANK[code] | _MEANINGLESS[code]
        self._index = np.flatnonzero(keep)
        self.text = code[keep].tobytes().decode("utf-32-le", "surrogatepass")
        self._boxes = boxes[self._index]
        typed = [
            i for i in np.flatnonzero((code == 0x20) | (code == 0x3000)).tolist()
            if c.FPDFText_IsGenerated(handle, i) == 0
        ]  # fmt: skip
        self._blank = np.zeros(len(self._index), bool)
        after = np.searchsorted(self._index, np.array(typed, np.int64))
        self._blank[after[after < len(self._index)]] = True

    def is_garbled(self) -> bool:
        """Have so many characters no meaning that the text is useless? (Fonts without a map to Unicode.)"""
        import pypdfium2.raw as c

        n = len(self.text)
        if n == 0:
            return self._hidden_marks > 20
        meaningless = int(np.count_nonzero(_MEANINGLESS[codes(self.text)]))
        if meaningless + self._hidden_marks > _GARBLED * n:
            return True
        sample = self._index[:: 1 + n // _SAMPLE].tolist()
        handle = self._textpage.raw
        unknown = sum(1 for i in sample if c.FPDFText_HasUnicodeMapError(handle, i) == 1)
        return unknown > _GARBLED * len(sample)

    def upright(self) -> tuple[Glyphs, str]:
        """The characters of the direction that most have, in upright lines, and the text of the others (watermarks, stamps)."""
        if not self.text:
            return no_glyphs(), ""
        aside, text, boxes, blank = "", self.text, self._boxes, self._blank
        if self.place.rotation or self._climbs():
            angles = self._angles()
            quarter = np.rint(angles / (np.pi / 2)).astype(np.int64)
            kinds = np.where(np.abs(angles - quarter * (np.pi / 2)) < _TURNED, quarter % 4, -1)
            if (kinds >= 0).any():
                most = int(np.bincount(kinds[kinds >= 0], minlength=4).argmax())
                self.place.turn = (most * 90 + self.place.rotation) % 360
                keep = np.flatnonzero(kinds == most)
                aside = "".join([text[i] for i in np.flatnonzero(kinds != most).tolist()])
                text = "".join([text[i] for i in keep.tolist()])
                boxes, blank = boxes[keep], blank[keep]
        left, top, right, bottom = boxes.T
        xs, ys = self.place.to_lines(np.stack((left, right)), np.stack((top, bottom)))
        glyphs = Glyphs(text, xs.min(axis=0), ys.min(axis=0), xs.max(axis=0), ys.max(axis=0), None, blank)
        return glyphs, aside

    def _climbs(self) -> bool:
        """Do some characters stand above their neighbours and not beside them? Then it is worth asking for angles."""
        left, top, _right, bottom = self._boxes.T
        if len(left) < 2:
            return False
        high = np.minimum(top[1:], top[:-1]) - np.maximum(bottom[1:], bottom[:-1])
        beside = high > 0.6 * np.minimum(top[1:] - bottom[1:], top[:-1] - bottom[:-1])
        breaks = np.flatnonzero(~beside)
        return bool(np.count_nonzero(np.diff(breaks) == 1) >= 2)  # two characters that are lines of their own

    def _angles(self) -> NDArray[np.float64]:
        import pypdfium2.raw as c

        handle = self._textpage.raw
        return np.array([c.FPDFText_GetCharAngle(handle, i) for i in self._index.tolist()], np.float64)


def _character(code: int) -> str:
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\x00"
