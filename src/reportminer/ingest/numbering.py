"""The numbers that Word prints before paragraphs of automatic lists (一、 （一） 1. 第三条), which are not in the text of the file.

Levels, their formats and restarts as in ECMA-376 part 1, 17.9 (numbering.xml) and 17.7 (numbering that a style brings).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_CLOSED = frozenset("、，。．：；）】》〉」』)")  # after these the text follows without a blank


def chinese(n: int, digits: str = "零一二三四五六七八九", units: str = "十百千万") -> str:
    """一, 十, 十一, 二十, 一百零五 … for 1 to 99999; digits beyond that."""
    if not 0 < n < 10**5:
        return str(n)
    ten, hundred, thousand, myriad = tuple(units)
    out, gap = "", False
    for place, unit in ((10**4, myriad), (1000, thousand), (100, hundred), (10, ten), (1, "")):
        digit = n // place % 10
        if digit:
            out += (digits[0] if gap and out else "") + digits[digit] + unit
        gap = not digit
    return out[1:] if 10 <= n < 20 and digits[1] == "一" else out


def _roman(n: int) -> str:
    if not 0 < n < 4000:
        return str(n)
    out = ""
    for value, word in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        count, n = divmod(n, value)
        out += word * count
    return out


def _letter(n: int) -> str:
    return chr(ord("A") + (n - 1) % 26) * ((n - 1) // 26 + 1) if 0 < n <= 780 else str(n)


def _run(first: str, last: int) -> Callable[[int], str]:
    """Characters that follow each other: ① … ⑳."""
    return lambda n: chr(ord(first) + n - 1) if 0 < n <= last else str(n)


def _of(characters: str) -> Callable[[int], str]:
    return lambda n: characters[(n - 1) % len(characters)] if n > 0 else str(n)


def _wide(n: int) -> str:
    return "".join(chr(ord(d) + 0xFEE0) for d in str(n))


def _plain_digits(n: int) -> str:
    return "".join(_DIGITS[int(d)] for d in str(n)) if n >= 0 else str(n)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str, "decimalZero": lambda n: f"{n:02d}", "decimalFullWidth": _wide, "decimalFullWidth2": _wide, "decimalHalfWidth": str,
    "chineseCounting": chinese, "chineseCountingThousand": chinese, "japaneseCounting": chinese, "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese, "ideographDigital": _plain_digits, "japaneseDigitalTenThousand": _plain_digits, "taiwaneseDigital": _plain_digits,
    "chineseLegalSimplified": lambda n: chinese(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟万"),
    "decimalEnclosedCircle": _run("①", 20), "decimalEnclosedCircleChinese": _run("①", 20), "decimalEnclosedParen": _run("⑴", 20),
    "decimalEnclosedFullstop": _run("⒈", 20), "ideographEnclosedCircle": _run("㊀", 10),
    "ideographTraditional": _of("甲乙丙丁戊己庚辛壬癸"), "ideographZodiac": _of("子丑寅卯辰巳午未申酉戌亥"),
    "upperLetter": _letter, "lowerLetter": lambda n: _letter(n).lower(), "upperRoman": _roman, "lowerRoman": lambda n: _roman(n).lower(),
    "none": lambda n: "", "bullet": lambda n: "",
}  # fmt: skip


def value_of(node: Any, name: str) -> str | None:
    """The ``w:val`` of the child element ``name``, None when there is no such child."""
    found = node.find(W + name) if node is not None else None
    return None if found is None else found.get(W + "val", "")


def whole(value: str | None, default: int) -> int:
    """A whole number as Word writes it."""
    return int(value) if value and len(value) < 10 and value.lstrip("-").isdecimal() else default


@dataclass(slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    legal: bool = False  # its upper levels print as 1, 2, 3
    restart: int | None = None  # the level (from 1) after which it begins anew; None: any upper one; 0: never
    style: str | None = None

    def shown(self, n: int, legal: bool) -> str:
        return str(n) if legal else _FORMATS.get(self.format, str)(n)


@dataclass(slots=True)
class _List:
    """What numbered paragraphs refer to by ``numId``."""

    abstract: str
    levels: list[_Level]
    starts: dict[int, int] = field(
        default_factory=dict
    )  # levels that begin anew where the list is first used
    used: bool = False


class Numbering:
    """Labels of numbered paragraphs, to be asked in the order of the document.

    ``numbering`` and ``styles`` are the root elements of these parts, None where the file has none.
    """

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._styles: dict[str, Any] = {
            s.get(W + "styleId", ""): s for s in (styles.iter(W + "style") if styles is not None else ())
        }
        self._default = next(
            (k for k, s in self._styles.items() if s.get(W + "type") == "paragraph" and s.get(W + "default") in ("1", "true", "on")), None
        )  # fmt: skip
        self._lists = _lists(numbering, self._styles) if numbering is not None else {}
        self._counts: dict[str, list[int | None]] = {}

    def label(self, properties: Any) -> str:
        """What stands before a paragraph with these ``w:pPr``, with the blank after it; empty when it is not numbered."""
        if not self._lists:
            return ""
        number, level = self._place(properties)
        found = self._lists.get(number or "")
        if found is None or not 0 <= level < _LEVELS:
            return ""
        counts = self._counts.setdefault(found.abstract, [None] * _LEVELS)
        if not found.used:
            found.used = True
            for k, start in found.starts.items():
                counts[k] = start - 1
        now = counts[level]
        counts[level] = found.levels[level].start if now is None else now + 1
        for k in range(level + 1, _LEVELS):
            restart = found.levels[k].restart
            if restart is None or restart >= level + 1:
                counts[k] = None
        return _printed(found.levels, counts, level)

    def _place(self, properties: Any) -> tuple[str | None, int]:
        """numId and level of a paragraph, its own or by its style."""
        own = properties.find(W + "numPr") if properties is not None else None
        number, level = value_of(own, "numId"), value_of(own, "ilvl")
        style = value_of(properties, "pStyle") or self._default
        if number is None:
            for name in self.chain(style):
                by_style = self._styles[name].find(f"{W}pPr/{W}numPr")
                number = value_of(by_style, "numId")
                level = level if level is not None else value_of(by_style, "ilvl")
                if number is not None:
                    found = self._lists.get(number)
                    linked = (k for k, x in enumerate(found.levels if found else ()) if x.style == name)
                    level = level if level is not None else str(next(linked, 0))
                    break
        return number, whole(level, 0)

    def chain(self, style: str | None) -> Iterator[str]:
        """A style and those it is based on."""
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            assert style is not None
            seen.add(style)
            yield style
            style = value_of(self._styles[style], "basedOn")

    def hides(self, style: str | None) -> bool:
        """Whether text in a style is hidden text."""
        for name in self.chain(style):
            mark = self._styles[name].find(f"{W}rPr/{W}vanish")
            if mark is not None:
                return mark.get(W + "val") not in ("0", "false", "off")
        return False


def _printed(levels: list[_Level], counts: list[int | None], level: int) -> str:
    own = levels[level]

    def place(m: re.Match[str]) -> str:
        k = int(m[1]) - 1
        n = counts[k]
        return levels[k].shown(levels[k].start if n is None else n, own.legal)

    text = "" if own.format == "bullet" else _PLACE.sub(place, own.text).strip()
    return text if not text or text[-1] in _CLOSED else text + " "


def _lists(numbering: Any, styles: dict[str, Any]) -> dict[str, _List]:
    abstracts = {a.get(W + "abstractNumId", ""): a for a in numbering.iter(W + "abstractNum")}
    nums = {n.get(W + "numId", ""): n for n in numbering.iter(W + "num")}
    out = {}
    for number, node in nums.items():
        abstract = value_of(node, "abstractNumId") or ""
        link = value_of(abstracts.get(abstract), "numStyleLink")
        if link in styles:  # a list style: the levels are those of the list that the style names
            assert link is not None
            other = value_of(styles[link].find(f"{W}pPr/{W}numPr"), "numId") or ""
            abstract = value_of(nums.get(other), "abstractNumId") or abstract
        if abstract not in abstracts or number == "0":
            continue
        levels = [_Level() for _ in range(_LEVELS)]
        for lvl in abstracts[abstract].iter(W + "lvl"):
            _read_level(lvl, levels)
        made = _List(abstract, levels)
        for change in node.iter(W + "lvlOverride"):
            at = whole(change.get(W + "ilvl"), -1)
            start = value_of(change, "startOverride")
            if start is not None and 0 <= at < _LEVELS:
                made.starts[at] = whole(start, 1)
            for lvl in change.iter(W + "lvl"):
                _read_level(lvl, levels)
        out[number] = made
    return out


def _read_level(node: Any, levels: list[_Level]) -> None:
    at = whole(node.get(W + "ilvl"), -1)
    if not 0 <= at < _LEVELS:
        return
    form = next(node.iter(W + "numFmt"), None)  # it may stand inside alternate content
    restart = value_of(node, "lvlRestart")
    legal = node.find(W + "isLgl")
    levels[at] = _Level(
        whole(value_of(node, "start"), 0), form.get(W + "val", "") if form is not None else "decimal",
        value_of(node, "lvlText") or "", legal is not None and legal.get(W + "val") not in ("0", "false", "off"),
        None if restart is None else whole(restart, 0), value_of(node, "pStyle"),
    )  # fmt: skip
