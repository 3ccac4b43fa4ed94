"""Characters of a page and the runs they make: pieces of one line without a wide gap. Coordinates: x to the right, y down, lines upright."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportminer.core import Sheet

Floats = NDArray[np.float32]
Rule = tuple[float, float, float, float]  # left, top, right, bottom of a straight line

CELL_GAP = 1.4  # a blank wider than so many characters separates two cells
FIGURE_GAP = 0.6  # ... two figures
_WORD_GAP = 0.2  # between two words in Latin letters
_BLANK = 0.7  # between two Chinese characters: a blank that was typed
_TYPED = 0.1  # where the file has a blank
_SPACED = 0.15  # a run whose usual gap is wider is spaced out, its gaps are no blanks
_EM_OF_HEIGHT = 0.85  # where no Chinese character tells the size of the font

# characters that fonts without a good map give in place of the ordinary ones: radicals, compatibility forms, ligatures
_RADICALS = dict(
    zip(
        "⺝⺟⺠⺩⺬⺼⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "月母民王示月虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
_ODD = re.compile(f"[{''.join(_RADICALS)}\u2f00-\u2fd5\uf900-\ufaff]")
_LIGATURE = re.compile("[\ufb00-\ufb06]")


@dataclass(slots=True)
class Glyphs:
    """The characters of one page in the order of the file, without blanks; ``certainty`` in percent for recognised ones, ``blank``: a blank
    stands in the file before the character."""

    text: str
    left: Floats
    top: Floats
    right: Floats
    bottom: Floats
    certainty: NDArray[np.uint8] | None = None
    blank: NDArray[np.bool_] | None = None

    def take(self, keep: NDArray[Any]) -> Glyphs:
        """The characters at the indices ``keep``."""
        text = "".join([self.text[i] for i in keep.tolist()])
        return Glyphs(
            text, self.left[keep], self.top[keep], self.right[keep], self.bottom[keep],
            None if self.certainty is None else self.certainty[keep], None if self.blank is None else self.blank[keep],
        )  # fmt: skip


@dataclass(slots=True)
class PageContent:
    """What stands on one page. ``aside``: text across the lines (watermarks, stamps), kept out of the reading."""

    sheet: Sheet
    glyphs: Glyphs
    rules: list[Rule] = field(default_factory=list)
    aside: str = ""


@dataclass(slots=True)
class Run:
    """Characters of one line without a wide gap between them; ``blanks``: indices before which a blank was typed."""

    text: str
    lefts: list[float]
    rights: list[float]
    top: float
    bottom: float
    em: float  # width of one Chinese character
    certainty: bytes | None = None
    blanks: list[int] = field(default_factory=list)
    cell: int = -1  # of a ruled table on the page

    @property
    def left(self) -> float:
        """Left edge of the first character."""
        return self.lefts[0]

    @property
    def right(self) -> float:
        """Right edge of the last character."""
        return self.rights[-1]

    @property
    def middle(self) -> float:
        """Half its height."""
        return (self.top + self.bottom) / 2


def no_glyphs() -> Glyphs:
    """A page without characters."""
    none = np.empty(0, np.float32)
    return Glyphs("", none, none, none, none)


def ordinary(text: str) -> str:
    """The text with radicals and compatibility forms of Chinese characters as ordinary characters, one for one."""
    return text if text.isascii() else _ODD.sub(lambda m: _ordinary(m[0]), text)


def _ordinary(c: str) -> str:
    return _RADICALS.get(c) or unicodedata.normalize("NFKC", c)


def has_ligature(text: str) -> bool:
    """Does one of the characters stand for several letters?"""
    return not text.isascii() and _LIGATURE.search(text) is not None


def spelled_out(c: str) -> str:
    """The letters of a ligature (ﬁ), any other character as it is."""
    return unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\ufb06" else c


def codes(text: str) -> NDArray[np.uint32]:
    """The code point of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def em_of_height(g: Glyphs) -> float:
    """How wide a Chinese character is for the height of its box, on this page."""
    wide = codes(g.text) >= 0x2E80
    if np.count_nonzero(wide) < 3:
        return _EM_OF_HEIGHT
    return float(np.median((g.right - g.left)[wide] / (g.bottom - g.top)[wide]))


def without_doubles(g: Glyphs) -> Glyphs:
    """Without characters printed twice in nearly one place to look bold or shadowed."""
    n = len(g.text)
    if n < 2:
        return g
    code = codes(g.text)
    width, height = g.right - g.left, g.bottom - g.top
    size = float(np.median(height))
    doubled = np.zeros(n, bool)
    for shift in (0.0, 0.5):  # characters on both sides of a step of the grid meet in the other grid
        step = np.floor(g.top / (0.3 * size) + shift).astype(np.int64)
        order = np.lexsort((g.left, step * 0x110000 + code))
        a, b = order[:-1], order[1:]
        near = (
            (code[a] == code[b])
            & (step[a] == step[b])
            & (np.abs(g.left[b] - g.left[a]) < 0.25 * width[a])
            & (np.abs(height[b] - height[a]) < 0.2 * height[a])
        )
        doubled[np.maximum(a, b)[near]] = True
    return g.take(np.flatnonzero(~doubled)) if doubled.any() else g


def make_runs(g: Glyphs, cell: NDArray[np.int32] | None = None) -> list[Run]:
    """The runs of a page in the order of the file. ``cell``: for each character the cell of a ruled table it lies in, -1 for none."""
    n = len(g.text)
    if n == 0:
        return []
    height = g.bottom - g.top
    em = height * em_of_height(g)
    gap = g.left[1:] - g.right[:-1]
    least = np.minimum(em[1:], em[:-1])
    overlap = np.minimum(g.bottom[1:], g.bottom[:-1]) - np.maximum(g.top[1:], g.top[:-1])
    same = (
        (overlap > 0.5 * np.minimum(height[1:], height[:-1]))
        & (gap < CELL_GAP * least)
        & (gap > -0.6 * least)
        & (np.maximum(em[1:], em[:-1]) < 1.9 * least)
    )
    if cell is not None:
        same &= cell[1:] == cell[:-1]
    code = codes(g.text)
    ascii_, digit = code < 0x80, (code >= 0x30) & (code <= 0x39)
    same &= ~(digit[1:] & digit[:-1] & (gap > FIGURE_GAP * least))
    blank = gap > np.where(ascii_[1:] & ascii_[:-1], _WORD_GAP, _BLANK) * least
    if g.blank is not None:
        blank |= g.blank[1:] & (gap > _TYPED * least)
    blank &= same
    starts = np.concatenate(([0], np.flatnonzero(~same) + 1))
    ends = [*starts[1:].tolist(), n]
    tops, bottoms = (
        np.minimum.reduceat(g.top, starts).tolist(),
        np.maximum.reduceat(g.bottom, starts).tolist(),
    )
    ems = np.maximum.reduceat(em, starts).tolist()
    marked = np.add.reduceat(np.concatenate(([False], blank)).astype(np.int32), starts).tolist()
    lefts, rights = g.left.tolist(), g.right.tolist()
    out = []
    for k, a in enumerate(starts.tolist()):
        b = ends[k]
        run = Run(g.text[a:b], lefts[a:b], rights[a:b], tops[k], bottoms[k], ems[k])
        if g.certainty is not None:
            run.certainty = g.certainty[a:b].tobytes()
        if cell is not None:
            run.cell = int(cell[a])
        if marked[k]:
            run.blanks = list((np.flatnonzero(blank[a : b - 1]) + 1).tolist())
            _settle_blanks(run)
        out.append(run)
    return out


def split(run: Run, at: int) -> tuple[Run, Run]:
    """The characters before the index ``at`` and the others."""
    parts = []
    for a, b in ((0, at), (at, len(run.text))):
        certainty = None if run.certainty is None else run.certainty[a:b]
        blanks = [k - a for k in run.blanks if a < k < b]
        parts.append(
            Run(
                run.text[a:b],
                run.lefts[a:b],
                run.rights[a:b],
                run.top,
                run.bottom,
                run.em,
                certainty,
                blanks,
                run.cell,
            )
        )
    return parts[0], parts[1]


def joined(a: Run, b: Run) -> Run:
    """Two neighbours of one line as one run."""
    run = Run(
        a.text + b.text, a.lefts + b.lefts, a.rights + b.rights, min(a.top, b.top), max(a.bottom, b.bottom), max(a.em, b.em),
        None if a.certainty is None or b.certainty is None else a.certainty + b.certainty,
        [*a.blanks, *(k + len(a.text) for k in b.blanks)], a.cell,
    )  # fmt: skip
    letters = a.text[-1].isascii() and b.text[0].isascii()
    if b.left - a.right > (_WORD_GAP if letters else _BLANK) * min(a.em, b.em):
        run.blanks = sorted([*run.blanks, len(a.text)])
        _settle_blanks(run)
    return run


def _settle_blanks(run: Run) -> None:
    """Gaps that the whole run has are its spacing, only wider ones are blanks."""
    gaps = [b - a for a, b in zip(run.rights, run.lefts[1:], strict=False)]
    usual = sorted(gaps)[len(gaps) // 2]
    if len(gaps) < 3 or usual < _SPACED * run.em:
        return
    run.blanks = [
        k
        for k in run.blanks
        if gaps[k - 1]
        > usual + (_WORD_GAP if run.text[k].isascii() and run.text[k - 1].isascii() else _BLANK) * run.em
    ]
