"""Chinese numerals to exact numbers. ``二十八`` 28, ``两千四百五`` 2450, ``一千二百万`` 12000000, ``二〇一九`` 2019."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

DIGITS = {
    "〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "陸": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
CAPITALS = "壹贰叁肆伍陆陸柒捌玖拾佰仟"
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
BIG = {"万": 10**4, "亿": 10**8}
_LONGEST = 40  # no report spells a longer number
CHARS = "".join(DIGITS) + "".join(SMALL) + "".join(BIG) + "廿卅"


class Numeral(NamedTuple):
    """A value and the size of its last printed place (``三百八十`` 380, place 10)."""

    value: Decimal
    place: int
    value2: Decimal | None = None  # upper end of ``四五``, ``三四十``


@lru_cache(maxsize=4096)  # most of a text is a few numerals
def parse(text: str) -> Numeral | None:
    """The number that ``text`` (numeral characters only) spells, or None when it spells none.

    Two neighbouring units digits are a range (``四五`` 4–5, ``二三十`` 20–30); a trailing digit after 百/千/万/亿 stands for the next
    lower place (``两千四百五`` 2450).
    """
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not text:
        return None
    if all(c in DIGITS for c in text):
        return _digit_run(text)
    if len(text) > _LONGEST:
        return None
    return _approximate_pair(text) or _read(text)


def _read(text: str) -> Numeral | None:
    """A numeral with scale characters."""
    total, section, number, place, last, zero, digit = 0, 0, 0, 1, 0, False, False
    for c in text:
        if c in DIGITS:
            if digit and number:
                return None
            zero = zero or c in "零〇"
            number, digit, place = DIGITS[c], True, 1
        elif c in SMALL:
            unit = SMALL[c]
            if 0 < last < 10**4 and unit >= last:
                return None
            if not number and (digit and not zero):
                return None
            section += (number or 1) * unit
            number, digit, zero, last, place = 0, False, False, unit, unit
        else:
            unit = BIG[c]
            section += number
            if unit == 10**8:
                total = (total + section or 1) * unit
            elif section or not total:
                total += (section or 1) * unit
            else:  # 四万万
                total *= unit
            place *= unit
            section, number, digit, zero, last = 0, 0, False, False, unit
    if number:
        if last > 10 and not zero:  # 两千四百五 = 2450
            number, place = number * last // 10, last // 10
        else:
            place = 1
    return Numeral(Decimal(total + section + number), place)


def _digit_run(text: str) -> Numeral | None:
    if len(text) == 1:
        return Numeral(Decimal(DIGITS[text]), 1)
    a, b = DIGITS[text[0]], DIGITS[text[1]]
    if len(text) == 2 and b == a + 1 and a:
        return Numeral(Decimal(a), 1, Decimal(b))
    if 3 <= len(text) <= _LONGEST:
        return Numeral(Decimal("".join(str(DIGITS[c]) for c in text)), 1)
    return None


def _approximate_pair(text: str) -> Numeral | None:
    """``三四十`` 30–40, ``十七八`` 17–18, ``五六百`` 500–600."""
    for i in range(len(text) - 1):
        a, b = text[i], text[i + 1]
        if a in DIGITS and b in DIGITS and DIGITS[a] and _neighbours(a, b, text[i + 2 : i + 3]):
            low, high = _read(text[: i + 1] + text[i + 2 :]), _read(text[:i] + text[i + 1 :])
            if low and high:
                return Numeral(low.value, low.place, high.value)
    return None


def _neighbours(a: str, b: str, after: str) -> bool:
    """Two digits that name a range: 四五, and 三五 before a scale (三五百)."""
    return DIGITS[b] == DIGITS[a] + 1 or ((a, b) == ("三", "五") and after != "" and after not in DIGITS)
