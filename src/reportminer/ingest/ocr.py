"""Characters recognised from a picture of a page (extra ``ocr``: rapidocr on onnxruntime, its models are inside the package, no network).

A page may lie on any side and be tilted a little: the direction is decided for the page as a whole, the tilt is taken out of the
coordinates. Results are kept in a cache folder by the hash of the picture and the versions of the engine: ``REPORTMINER_CACHE``
names the folder, an empty value turns the cache off.
"""

from __future__ import annotations

import gzip
import json
import math
import multiprocessing
import os
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportminer.core import Sheet
from reportminer.ingest.pages.glyphs import Glyphs, PageContent, Rule

_FORMAT = "5"  # of the cache and of what is done to the result of the engine
_SMALLEST = 8  # pixels of a side below which there is no text
_NARROWEST = 3  # times longer than wide: a longer strip is padded, since the engine enlarges the shorter side
_SURE = 0.85  # mean certainty under which the page may lie upside down
_MOST_TILT = math.radians(12)
_LIKE_OTHERS = 0.12  # sizes that differ less from the usual one are the usual one
_HEIGHT = 1.2  # of the box of a line for its size
_RULE = 1 / 30  # of the longer side of a page: the shortest rule of a table
_PAGE = 842.0  # points of the longer side of a page, the scale in which lines are laid out

Picture = NDArray[np.uint8]  # height × width × 3, red green blue


@cache
def available() -> str | None:
    """The versions of the engine, None when it is not installed."""
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return None
    try:
        return f"rapidocr {version('rapidocr')}, onnxruntime {version('onnxruntime')}"
    except PackageNotFoundError:
        return None


@dataclass(slots=True)
class Recognised:
    """Characters and rules in pixels of upright lines; ``matrix`` puts them on the picture (as in ``Sheet``)."""

    size: tuple[int, int]  # width, height of the picture
    matrix: tuple[float, float, float, float, float, float]
    text: str
    boxes: NDArray[np.float32]  # left, top, right, bottom
    certainty: NDArray[np.uint8]
    rules: list[Rule]

    def page(self, width: float, height: float) -> PageContent:
        """The page, its boxes in the units of a sheet of that size."""
        scale = _PAGE / max(self.size)  # lines are laid out in points, whatever the resolution
        out = max(width / self.size[0], height / self.size[1])
        a, b, c, d, e, f = self.matrix
        k = out / scale
        matrix = (a * k, b * k, c * k, d * k, e * out, f * out)
        left, top, right, bottom = (self.boxes * np.float32(scale)).T
        glyphs = Glyphs(self.text, left, top, right, bottom, self.certainty)
        rules = [(x0 * scale, y0 * scale, x1 * scale, y1 * scale) for x0, y0, x1, y1 in self.rules]
        return PageContent(Sheet(width, height, matrix), glyphs, rules)


def recognise(picture: Picture) -> Recognised:
    """The characters of a picture. Only where ``available()``."""
    picture = np.ascontiguousarray(picture)
    key = sha256(f"{_FORMAT} {available()} {picture.shape}".encode() + picture.tobytes()).hexdigest()
    found = _cached(key)
    if found is None:
        found = _recognise(picture)
        _keep(key, found)
    return found


# --- the engine ---


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    params: dict[str, Any] = {
        "Global.use_cls": False,
        "Global.log_level": "critical",
        "Global.text_score": 0.3,
    }
    if multiprocessing.parent_process() is not None:  # one of several workers: each has its own core
        params["EngineConfig.onnxruntime.intra_op_num_threads"] = 1
        params["EngineConfig.onnxruntime.inter_op_num_threads"] = 1
    return RapidOCR(params=params)


Characters = list[tuple[str, float, NDArray[np.float64]]]  # character, certainty, its four corners


def _read(picture: Picture) -> list[Characters]:
    """The lines that the engine finds."""
    answer = _engine()(
        picture[:, :, ::-1],  # the engine takes blue first
        use_det=True, use_cls=False, use_rec=True, return_word_box=True, return_single_char_box=True,
    )  # fmt: skip
    if getattr(answer, "boxes", None) is None or len(answer.boxes) == 0:
        return []  # nothing found: the other fields hold placeholders
    out = []
    for row in answer.word_results:
        line = [(t, float(s), np.asarray(q, np.float64)) for t, s, q in row if t.strip() and q is not None]
        if line:
            out.append(line)
    return out


def _recognise(picture: Picture) -> Recognised:
    height, width = picture.shape[:2]
    if min(width, height) < _SMALLEST:
        return _nothing((width, height))
    padded = _padded(picture)
    quarter = 0  # turns against the clock that make the page upright
    lines = _read(padded)
    if _stands(lines):
        quarter = 1
        lines = _read(np.rot90(padded, quarter))
    if lines and (mean := _mean(lines)) < _SURE:
        other = _read(np.rot90(padded, quarter + 2))
        if _mean(other) > mean:
            quarter, lines = quarter + 2, other
    if not lines:
        return _nothing((width, height))
    upright = np.rot90(padded, quarter)
    tilt = _tilt(lines)
    text, boxes, certainty = _levelled(lines, tilt)
    rules = _rules(upright, tilt)
    return Recognised((width, height), _back(quarter, tilt, padded.shape), text, boxes, certainty, rules)


def _nothing(size: tuple[int, int]) -> Recognised:
    return Recognised(
        size, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), "", np.zeros((0, 4), np.float32), np.zeros(0, np.uint8), []
    )


def _padded(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    wanted = (max(height, width // _NARROWEST), max(width, height // _NARROWEST))
    if wanted == (height, width):
        return picture
    out = np.full((*wanted, 3), 255, np.uint8)
    out[:height, :width] = picture
    return out


def _stands(lines: list[Characters]) -> bool:
    """Do most lines run downwards? Then the page lies on its side."""
    across = down = 0.0
    for line in lines:
        corners = np.concatenate([q for _, _, q in line])
        w, h = np.ptp(corners[:, 0]), np.ptp(corners[:, 1])
        if w > 1.5 * h:
            across += w
        elif h > 1.5 * w:
            down += h
    return down > across


def _mean(lines: list[Characters]) -> float:
    """Mean certainty of the characters; few characters say little."""
    scores = [s for line in lines for _, s, _ in line]
    return sum(scores) / max(len(scores), 5)


def _tilt(lines: list[Characters]) -> float:
    """How far the lines fall to the right, in radians: the median over all characters of long lines."""
    angles = []
    for line in lines:
        if len(line) >= 4:
            first, last = line[0][2], line[-1][2]
            dx, dy = last[:, 0].mean() - first[:, 0].mean(), last[:, 1].mean() - first[:, 1].mean()
            angles += [math.atan2(dy, dx)] * len(line)
    tilt = float(np.median(angles)) if angles else 0.0
    return tilt if abs(tilt) <= _MOST_TILT else 0.0


def _levelled(lines: list[Characters], tilt: float) -> tuple[str, NDArray[np.float32], NDArray[np.uint8]]:
    """Characters, boxes in level coordinates and certainty; lines of nearly one height get one height, as if of one font."""
    cos, sin = math.cos(tilt), math.sin(tilt)
    rows = []
    for line in lines:
        corners = np.stack([q for _, _, q in line])
        x = corners[:, :, 0] * cos + corners[:, :, 1] * sin
        y = corners[:, :, 1] * cos - corners[:, :, 0] * sin
        left, right = (x[:, 0] + x[:, 3]) / 2, (x[:, 1] + x[:, 2]) / 2
        top, bottom = float(np.median((y[:, 0] + y[:, 1]) / 2)), float(np.median((y[:, 2] + y[:, 3]) / 2))
        rows.append((line, np.minimum(left, right), np.maximum(left, right), top, bottom))
    # boxes of small type are too high: the distance of Chinese characters tells the size, where there are some
    pitches = [_pitch(line, left, right) for line, left, right, _, _ in rows]
    ratios = [p / (b - t) for p, (_, _, _, t, b) in zip(pitches, rows, strict=True) if p and b > t]
    ratio = float(np.median(ratios)) if ratios else 0.8
    sizes = [p or (b - t) * ratio for p, (_, _, _, t, b) in zip(pitches, rows, strict=True)]
    usual = float(np.median(np.repeat(sizes, [len(r[0]) for r in rows])))
    text, boxes, certainty = [], [], []
    for (line, left, right, top, bottom), found in zip(rows, sizes, strict=True):
        size = usual if abs(found - usual) < _LIKE_OTHERS * usual else found
        middle = (top + bottom) / 2
        top, bottom = middle - _HEIGHT * size / 2, middle + _HEIGHT * size / 2
        for (c, score, _), x0, x1 in zip(line, left.tolist(), right.tolist(), strict=True):
            if c[0] >= "\u2e80" and len(c) == 1:  # the engine gives the middle well and the edges badly
                x0, x1 = (x0 + x1 - size) / 2, (x0 + x1 + size) / 2
            for k, letter in enumerate(c):  # the engine may keep Latin letters together
                text.append(letter)
                step = (x1 - x0) / len(c)
                boxes.append((x0 + k * step, top, max(x0 + (k + 1) * step, x0 + k * step + 1), bottom))
                certainty.append(min(100, max(0, round(score * 100))))
    return "".join(text), np.array(boxes, np.float32), np.array(certainty, np.uint8)


def _pitch(line: Characters, left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """Usual distance of neighbouring Chinese characters, 0 where they are too few."""
    middle = (left + right) / 2
    wide = np.array([len(c) == 1 and "\u4e00" <= c <= "\u9fff" for c, _, _ in line])
    steps = np.diff(middle)[wide[1:] & wide[:-1]]
    return float(np.median(steps)) if len(steps) >= 3 else 0.0


def _back(
    quarter: int, tilt: float, shape: tuple[int, ...]
) -> tuple[float, float, float, float, float, float]:
    """The matrix from level coordinates to the picture: the tilt, then the quarter turns."""
    height, width = shape[:2]
    cos, sin = math.cos(tilt), math.sin(tilt)
    # a level point (x, y) is at (x·cos - y·sin, x·sin + y·cos) of the turned picture
    turn = {
        0: (1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
        1: (0.0, 1.0, -1.0, 0.0, float(width), 0.0),  # the turned picture's right is the picture's below
        2: (-1.0, 0.0, 0.0, -1.0, float(width), float(height)),
        3: (0.0, -1.0, 1.0, 0.0, 0.0, float(height)),
    }[quarter % 4]
    a, b, c, d, e, f = turn
    return (
        a * cos + c * sin,
        b * cos + d * sin,
        c * cos - a * sin,
        d * cos - b * sin,
        e,
        f,
    )


def _rules(picture: Picture, tilt: float) -> list[Rule]:
    """Long straight lines of the levelled picture."""
    import cv2

    height, width = picture.shape[:2]
    gray = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY)
    if abs(tilt) > math.radians(0.1):
        turn = np.array([[math.cos(tilt), math.sin(tilt), 0.0], [-math.sin(tilt), math.cos(tilt), 0.0]])
        gray = cv2.warpAffine(gray, turn, (width, height), borderValue=255)
    ink = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    length = max(20, round(max(width, height) * _RULE))
    out: list[Rule] = []
    for shape in ((length, 1), (1, length)):
        bridge = (5, 3) if shape[1] == 1 else (3, 5)
        thick = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, bridge))
        found = cv2.morphologyEx(thick, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, shape))
        _, _, stats, _ = cv2.connectedComponentsWithStats(found)
        for x, y, w, h, _ in stats[1:].tolist():
            if min(w, h) <= length / 3:
                level = w >= h
                out.append((x, y + h / 2, x + w, y + h / 2) if level else (x + w / 2, y, x + w / 2, y + h))
    return out


# --- the cache ---


def cache_folder() -> Path | None:
    """Where results are kept; None when the cache is off."""
    named = os.environ.get("REPORTMINER_CACHE")
    if named is not None:
        return Path(named) / "ocr" if named else None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "reportminer" / "ocr"


def _cached(key: str) -> Recognised | None:
    folder = cache_folder()
    if folder is None:
        return None
    try:
        held = json.loads(gzip.decompress((folder / key[:2] / f"{key}.json.gz").read_bytes()))
        found = Recognised(
            (held["size"][0], held["size"][1]),
            tuple(held["matrix"]),
            held["text"],
            np.array(held["boxes"], np.float32).reshape(-1, 4),
            np.array(held["certainty"], np.uint8),
            [(r[0], r[1], r[2], r[3]) for r in held["rules"]],
        )
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError):
        return None  # absent, or damaged: it is made anew
    return found if len(found.text) == len(found.boxes) == len(found.certainty) else None


def _keep(key: str, found: Recognised) -> None:
    folder = cache_folder()
    if folder is None:
        return
    held = {
        "size": found.size, "matrix": found.matrix, "text": found.text, "boxes": found.boxes.tolist(),
        "certainty": found.certainty.tolist(), "rules": found.rules,
    }  # fmt: skip
    place = folder / key[:2]
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place, delete=False) as f:
            f.write(gzip.compress(json.dumps(held, ensure_ascii=False).encode(), 6, mtime=0))
        Path(f.name).replace(place / f"{key}.json.gz")
    except OSError:
        return  # a cache that cannot be written costs time only
