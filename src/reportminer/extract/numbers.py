"""Numbers as printed: arabic digits, masks, Chinese numerals, with scale words and 多/余 between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from reportminer.extract import numerals
from reportminer.extract.units import scale_at

MASK = "xX×＊*○□〇"
_DECIMAL = Decimal(10)
_NUMBER = re.compile(
    r"[0-9](?: [0-9]){1,9}(?: ?\. ?[0-9](?: [0-9])*)?(?= ?[%‰万亿元人个吨公平米亩户台套所家年])"  # 3 5 5 5 万元
    r"|[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    r"|[0-9]{1,3}(?:[ \u2009\u202f\xa0][0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    r"|[0-9]+(?:\.[0-9]+|\. (?=[0-9]{1,4} ?[%万亿千元平个公亩人吨])[0-9]+)?"
)
_MASKED = re.compile(
    rf"某+|\?[0-9]+(?:\.[0-9]+)?|[0-9]*[{MASK}][0-9{MASK}]*(?:[,，][0-9{MASK}]{{3}})*(?:\. ?[0-9{MASK}]+)?|[0-9]+\. ?[{MASK}]+"
)
_MIDDLE = "多余来几"


@dataclass(slots=True)
class Number:
    """A number read from the text: plain value (before unit), place of its last digit, end offset."""

    value: Decimal | None
    place: Decimal
    end: int
    masked: bool = False
    middle: str = ""
    value2: Decimal | None = None
    scaled: bool = False
    chinese: bool = False


def read_arabic(text: str, start: int) -> Number | None:
    """An arabic or masked number with its scale words."""
    before = text[start - 1] if start else ""
    if before and before.isascii() and (before.isalpha() or before in "._/\\@#="):
        return None
    masked = _MASKED.match(text, start)
    if masked is not None:
        end = masked.end()
        after = text[end] if end < len(text) else ""
        body = masked.group()
        if after.isascii() and after.isalpha() and not text.startswith(("m2", "km", "GB", "MB"), end):
            return None
        if "×" in body and re.search(r"[0-9]×[0-9]", body):
            return None  # 3×5: a product
        return read_scales(text, Number(None, Decimal(1), end, masked=True))
    m = _NUMBER.match(text, start)
    if m is None:
        return None
    body = m.group()
    if _LIST_NUMBER.match(body) and (not before or before in "\n。；;：:"):
        body = body.split(".")[0]  # `1. 20所`: a list number
    end = start + len(body)
    printed = body.translate(_DROP)
    decimals = len(printed) - printed.find(".") - 1 if "." in printed else 0
    return read_scales(text, Number(Decimal(printed), _DECIMAL**-decimals, end))


_LIST_NUMBER = re.compile(r"[0-9]+\. ")
_TAIL = re.compile(r"[0-9]+")
_CHINESE_POINT = re.compile(rf"点([{''.join(numerals.DIGITS)}]+)")
_DROP = {ord(c): None for c in ",， \u2009\u202f\xa0"}


def read_scales(text: str, n: Number) -> Number:
    """Reads 多/余, 万/亿 after a number, also chains (1亿2千万)."""
    i = n.end
    if text.startswith(" ", i) and i + 1 < len(text) and text[i + 1] in "万亿多余":
        i += 1
    if (
        i < len(text)
        and text[i] in _MIDDLE
        and i + 1 < len(text)
        and (
            scale_at(text, i + 1)
            or text[i] in "多余"
            or (text[i] == "来" and text[i + 1] in "个名人所台家户次万亿")
        )
    ):
        n.middle, i = text[i], i + 1
    scale = scale_at(text, i)
    if scale is None:
        if n.middle:
            n.end = i
        return n
    factor, i = scale
    if n.value is not None:
        n.value *= factor
    n.place, n.scaled, n.end = n.place * factor, True, i
    if (
        i < len(text)
        and text[i] in "多余来几"
        and not n.middle
        and not (text[i] == "来" and text.startswith("来", i + 1))
    ):
        n.middle, n.end = text[i], i + 1
        if n.middle == "几" and not scale_at(text, i + 1):
            n.middle, n.end = "", i
    elif n.value is not None and (tail := _TAIL.match(text, i)):
        lower = scale_at(text, tail.end())
        if lower is not None and lower[0] < factor:  # 1亿2千万
            n.value += Decimal(tail.group()) * lower[0]
            n.place, n.end = Decimal(lower[0]), lower[1]
            nested = scale_at(text, n.end)
            if nested is not None and lower[0] < 10**4 and nested[0] >= 10**4:
                n.value = (
                    n.value - Decimal(tail.group()) * lower[0] + Decimal(tail.group()) * lower[0] * nested[0]
                )
                n.place, n.end = Decimal(lower[0] * nested[0]), nested[1]
    return n


_BARE_SCALE = re.compile(r"(?:近|超|逾|突破|超过|过|不足|不到|上)$")


def read_chinese(text: str, m: re.Match[str]) -> Number | None:
    """A Chinese numeral with 多/余 and a scale after it."""
    body, start, end = m.group(), m.start(), m.end()
    after = text[end] if end < len(text) else ""
    if body[0] == "十" and start and text[start - 1] in "几数":
        return None
    if body[0] in "百千万亿" and not (after in "多余" or _BARE_SCALE.search(text[max(0, start - 2) : start])):
        return None
    while body and body[-1] in "百千" and text.startswith(("分", "瓦", "米", "克", "伏"), end):
        body, end = (
            body[:-1],
            end - 1,
        )  # 一百分: the unit is longer than the unit word; 三千米 keeps its value through 千
        if body and body[-1] not in "万亿":
            body, end = m.group(), m.end()
            break
    value = numerals.parse(body)
    if value is None:
        return None
    point = _CHINESE_POINT.match(text, end)
    if point is not None and value.value2 is None:  # 六点五倍, 三点二万亩
        decimals = "".join(str(numerals.DIGITS[c]) for c in point.group(1))
        n = Number(
            value.value + Decimal("0." + decimals), _DECIMAL ** -len(decimals), point.end(), chinese=True
        )
        return read_scales(text, n)
    n = Number(value.value, Decimal(value.place), end, value2=value.value2, chinese=True)
    if after in _MIDDLE and after:
        nxt = scale_at(text, end + 1)
        n.middle, n.end = after, end + 1
        if nxt is not None:
            n.value = value.value * nxt[0]
            n.place, n.end, n.scaled = n.place * nxt[0], nxt[1], True
    return n


def scale_of(n: Number, text: str) -> Decimal:
    """The scale that a scaled number carries: 10^k of its scale words."""
    for word, factor in (
        ("万亿", 10**12),
        ("千亿", 10**11),
        ("百亿", 10**10),
        ("十亿", 10**9),
        ("亿", 10**8),
        ("千万", 10**7),
        ("百万", 10**6),
        ("十万", 10**5),
        ("万", 10**4),
        ("千", 10**3),
        ("百", 10**2),
    ):
        if text[: n.end].rstrip("多余来几").endswith(word):
            return Decimal(factor)
    return Decimal(1)
