"""What a spreadsheet prints for a stored value: 0.125 with ``0.0%`` is 12.5%, 44196 with ``yyyy"年"m"月"d"日"`` is 2020年12月31日.

Number formats as in ECMA-376 part 1, 18.8.30 and 18.8.31. Widths, colours, fill characters and fractions are not imitated;
negative numbers have a minus sign, whatever the format does to mark them. No package of PyPI that does this is kept up.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

# formats that files name by number; those from 27 on as in Chinese editions
BUILTIN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "General", 13: "General", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 30: "m-d-yy",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'), **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'), 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"',
}  # fmt: skip
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)|(?P<half>AM/PM|A/P|上午/下午)'
    r"|(?P<power>e[+-])|(?P<date>e+|y+|m+|d+|h+|s+|a{3,4}|b{2,4}|g+)|(?P<digits>[0#?][0#?,]*(?:\.[0#?,]*)?|\.[0#?]+)|(?P<percent>%)|(?P<text>@)|(?P<other>.)",
    re.I | re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[0-9.]+)")
_ELAPSED = re.compile(r"(h+|m+|s+)", re.I)
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?")
_WEEKDAYS = "一二三四五六日"
_SIGNIFICANT = 11  # digits that General shows
_PLACES = 30  # decimals, and leading zeros, that a format may ask for, as in Excel
_EXACT = Context(prec=100)
_DAYS = 2_958_466  # serial number after 9999-12-31

Token = tuple[str, str]  # kind, text


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None
    dated: bool


def shown(value: float, code: str, date1904: bool = False) -> str:
    """A stored number as its format prints it."""
    sections = _sections(code)
    section, negative = _chosen(sections, value)
    if section is None or _is_fraction(section.tokens):
        return general(value)
    if any(k == "general" for k, _ in section.tokens):
        body = general(value)
        return "".join(body if k == "general" else t if k == "literal" else "" for k, t in section.tokens)
    if section.dated:
        return _date(value, section.tokens, date1904)
    return _number(-value if negative and value < 0 else value, section.tokens, negative and value < 0)


def general(value: float) -> str:
    """A number without a format: whole numbers in full, others with 11 significant digits at most, no exponent."""
    if value == int(value) and abs(value) < 10**15:
        return str(int(value))
    return format(Decimal(f"{value:.{_SIGNIFICANT}g}").normalize(), "f")


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    out: list[_Section] = []
    tokens: list[Token] = []
    condition: tuple[str, float] | None = None

    def close() -> None:
        numeric = any(k in ("digits", "general") for k, _ in tokens)
        dated = any(k in ("date", "elapsed") for k, _ in tokens) and not (numeric and not _seconds(tokens))
        out.append(_Section(tuple(tokens), condition, dated))

    for m in _TOKEN.finditer(code or "General"):
        kind, text = m.lastgroup or "skip", m.group(m.lastgroup) if m.lastgroup else ""
        if kind == "other" and text == ";":
            close()
            tokens, condition = [], None
        elif kind == "bracket":
            if c := _CONDITION.fullmatch(text):
                condition = (
                    (c[1], float(c[2])) if c[2].count(".") < 2 and c[2] not in (".", "-", "-.") else None
                )
            elif _ELAPSED.fullmatch(text):
                tokens.append(("elapsed", text.lower()))
            elif c := _CURRENCY.fullmatch(text):
                tokens.append(("literal", c[1]))
        elif kind in ("quoted", "escaped", "other"):
            tokens.append(("literal", text))
        elif kind != "skip":
            tokens.append((kind, text))
    close()
    return tuple(out)


def _seconds(tokens: list[Token]) -> bool:
    """``ss.00``: digits that belong to a time."""
    return any(k == "date" and t[0] in "sS" for k, t in tokens)


def _chosen(sections: tuple[_Section, ...], value: float) -> tuple[_Section | None, bool]:
    """The section for a value, and whether it takes the sign away from a negative one."""
    if any(s.condition for s in sections):
        for s in sections:
            if s.condition is None or _holds(s.condition, value):
                return s, False
        return None, False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], True


def _holds(condition: tuple[str, float], value: float) -> bool:
    sign, bound = condition
    return {
        "<": value < bound, ">": value > bound, "<=": value <= bound, ">=": value >= bound, "=": value == bound, "<>": value != bound,
    }[sign]  # fmt: skip


def _is_fraction(tokens: tuple[Token, ...]) -> bool:
    return ("literal", "/") in tokens and sum(1 for k, _ in tokens if k == "digits") > 1


def _number(value: float, tokens: tuple[Token, ...], negative: bool) -> str:
    pattern = "".join(t for k, t in tokens if k == "digits")
    percent = min(sum(1 for k, _ in tokens if k == "percent"), 2)
    if not pattern:  # words only, as in 0;-0;"—"
        return "".join(t for k, t in tokens if k == "literal").strip()
    first = next(t for k, t in tokens if k == "digits")
    whole, _, fraction = (first if any(k == "power" for k, _ in tokens) else pattern).partition(".")
    places = min(len(fraction.replace(",", "")), _PLACES)
    if any(k == "power" for k, _ in tokens):
        mantissa = tuple(
            x for i, x in enumerate(tokens) if x[0] != "digits" or all(k != "digits" for k, _ in tokens[:i])
        )
        return _filled(mantissa, f"{value:.{places}E}", negative)
    scale = (
        len(whole) - len(whole.rstrip(",")) if fraction == "" else len(fraction) - len(fraction.rstrip(","))
    )
    scale += len(whole) - len(whole.rstrip(",")) if fraction else 0
    exact = _EXACT.divide(Decimal(repr(float(value))) * 100**percent, Decimal(1000 ** min(scale, 4)))
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
    body = format(rounded, "," if "," in whole.rstrip(",") else "f")
    optional = min(
        len(fraction) - len(fraction.rstrip("#?,")), places
    )  # decimals that are shown only where there are any
    if optional:
        kept = len(body) - optional
        body = body[:kept] + body[kept:].rstrip("0")
        body = body.rstrip(".") if body.endswith(".") else body
    if set(whole) <= set("#?,") and body.lstrip("-") in ("0", ""):
        body = "" if not fraction else body
    wanted = min(whole.count("0"), _PLACES)
    digits, dot, rest = body.partition(".")
    if wanted > len(digits.lstrip("-")) and "," not in digits:
        sign = "-" if digits.startswith("-") else ""
        body = sign + digits.lstrip("-").zfill(wanted) + dot + rest
    return _filled(tokens, body, negative)


def _filled(tokens: tuple[Token, ...], body: str, negative: bool) -> str:
    """The number in the place of its digits, with the words around it; brackets that mark a negative number are dropped.

    Words between digits (``0!.0,"万"``) divide the number: the later places take as many digits as they have, the first takes the rest.
    """
    places = [t.replace(",", "") for k, t in tokens if k == "digits"]
    pieces: list[str] = []
    rest = body
    for place in reversed(places[1:]):
        take = len(place)
        pieces.insert(0, rest[-take:])
        rest = rest[:-take]
    pieces.insert(0, rest)
    out = []
    for kind, text in tokens:
        if kind == "digits":
            out.append(pieces.pop(0))
        elif kind == "percent":
            out.append("%")
        elif kind == "literal" and not (negative and text in ("(", ")", "（", "）", "-")):
            out.append(text)
    text = "".join(out).strip()
    return "-" + text if negative and any(c in "123456789" for c in body) else text


def _date(value: float, tokens: tuple[Token, ...], date1904: bool) -> str:
    moment = moment_of(value, date1904)
    if moment is None:
        return general(value)
    half = any(k == "half" for k, _ in tokens)
    out = []
    for i, (kind, text) in enumerate(tokens):
        if kind == "literal":
            out.append(text)
        elif kind == "half":
            out.append(("上午", "下午")[moment.hour >= 12])
        elif kind == "elapsed":
            unit = {"h": 24, "m": 1440, "s": 86400}[text[0]]
            out.append(str(int(value * unit + 1e-6)).zfill(len(text)))
        elif kind == "date":
            letter, n = text[0].lower(), len(text)
            if letter == "m" and _is_minute(tokens, i):
                out.append(f"{moment.minute:0{min(n, 2)}d}")
            else:
                out.append(_part(moment, letter, n, half))
    return "".join(out).strip()


def _part(moment: datetime.datetime, letter: str, n: int, half: bool) -> str:
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and n <= 2 else str(moment.year)
    if letter == "m":
        return f"{moment.month:02d}" if n == 2 else str(moment.month) if n == 1 else f"{moment.month}月"
    if letter == "d" and n <= 2:
        return f"{moment.day:0{n}d}"
    if letter in "da":
        return ("星期" if n == 4 else "周" if letter == "d" else "") + _WEEKDAYS[moment.weekday()]
    if letter == "h":
        return f"{(moment.hour - 1) % 12 + 1 if half else moment.hour:0{min(n, 2)}d}"
    return f"{moment.second:0{min(n, 2)}d}" if letter == "s" else ""


def _is_minute(tokens: tuple[Token, ...], at: int) -> bool:
    """``m`` after hours or before seconds."""
    units = [(i, t[0].lower()) for i, (k, t) in enumerate(tokens) if k in ("date", "elapsed")]
    place = next(n for n, (i, _) in enumerate(units) if i == at)
    before = units[place - 1][1] if place else ""
    after = units[place + 1][1] if place + 1 < len(units) else ""
    return before == "h" or after == "s"


def moment_of(value: float, date1904: bool = False) -> datetime.datetime | None:
    """The moment that a serial number stands for, None outside the calendar of spreadsheets."""
    if not 0 <= value < _DAYS:
        return None
    days = value
    if date1904:
        start = datetime.datetime(1904, 1, 1)
    else:  # the calendar of 1900 has a 29 February that never was
        start = datetime.datetime(1899, 12, 30) if value >= 60 else datetime.datetime(1899, 12, 31)
    try:
        return start + datetime.timedelta(seconds=round(days * 86400))
    except OverflowError:
        return None
