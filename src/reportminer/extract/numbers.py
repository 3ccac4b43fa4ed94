"""Numbers as printed: arabic digits, masks, Chinese numerals, with scale words and 多/余 between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from reportminer.extract import numerals
from reportminer.extract.units import not_scale

MASK = "xX×＊*○□〇"
_DECIMAL = Decimal(10)
_NUMBER = re.compile(
    r"[0-9](?: [0-9]){1,9}(?: ?\. ?[0-9](?: [0-9])*)?(?= ?[%‰万亿元人个吨公平米亩户台套所家年])"  # 3 5 5 5 万元
    r"|[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    r"|[0-9]{1,3}(?:[ \u2009\u202f\xa0][0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    r"|[0-9]+(?:\.[0-9]+|\. (?=[0-9]{1,4} ?[%万亿千元平个公亩人吨])[0-9]+)?"
)
# most numbers: digits, perhaps with decimals, and nothing behind that any other form could go on with
_PLAIN = re.compile(rf"[0-9]+(?:\.[0-9]+)?(?![0-9.,， \u2009\u202f\xa0{MASK}])")
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
    big: Decimal = Decimal(1)  # 万 and 亿 at its end, 10^k
    small: Decimal = Decimal(1)  # 百 and 千 before them


def read_arabic(text: str, start: int) -> Number | None:
    """An arabic or masked number with its scale words."""
    before = text[start - 1] if start else ""
    if (
        before
        and before.isascii()
        and (before.isalpha() or before in "._/\\@#=%&")
        and not text.startswith("GDP", start - 3)
    ):
        return None
    plain = _PLAIN.match(text, start)
    if plain is not None:
        return read_scales(text, _printed(plain.group(), plain.end()))
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
    return read_scales(text, _printed(body.translate(_DROP), end))


def _printed(digits: str, end: int) -> Number:
    """Plain digits as a number that ends at ``end``."""
    point = digits.find(".")
    return Number(Decimal(digits), _place(len(digits) - point - 1) if point >= 0 else Decimal(1), end)


@lru_cache(maxsize=64)
def _place(decimals: int) -> Decimal:
    """The size of one unit of the last of so many decimals."""
    return _DECIMAL**-decimals


_LIST_NUMBER = re.compile(r"[0-9]+\. ")
_CHINESE_POINT = re.compile(rf"点([{''.join(c for c in numerals.DIGITS if c != '两')}]{{1,20}})")
_DROP = {ord(c): None for c in ",， \u2009\u202f\xa0"}


def read_scales(text: str, n: Number) -> Number:
    """Reads what stands between a number and its unit: 万/亿/千/百, 多/余, and chains of them (5亿1万4千6百, 3千多万)."""
    if text[n.end : n.end + 1] not in _GO_ON:
        return n
    total, section, number, i = Decimal(0), Decimal(0), n.value, n.end
    place, last, linked, whole = n.place, 0, False, n.place == 1
    while True:
        at = i
        if text.startswith(" ", at) and (blank := _BLANK.match(text, at)):
            at = blank.end()
        c = text[at : at + 1]
        if c == "个" and not n.scaled and text.startswith(("亿", "多亿"), at + 1):  # 三个亿
            at, c = at + 1, text[at + 1]
        if c and c in _MIDDLE and not n.middle and _softens(text, at):
            n.middle, i = c, at + 1
            n.end = i
            continue
        unit = _SCALE_VALUE.get(c, 0)
        if not unit or not_scale(text, at):
            break
        if unit < 10**4:
            if number is None and n.value is not None:
                break
            if unit == 10 and text[at + 1 : at + 2] not in ("万", "亿"):
                break
            if 1 < last < 10**4 and unit >= last:
                break
            section += (number or 0) * unit
            n.small, n.big = Decimal(unit), Decimal(1)
        else:
            section += number or 0
            if unit == 10**8:
                total = (total + section) * unit
            elif section:
                total += section * unit
            else:
                total *= unit
            section = Decimal(0)
            n.big *= unit
            if last >= 10**4:
                n.small = Decimal(1)
        number, place, last, n.scaled = None, place * unit, unit, True
        i = n.end = at + 1
        if n.value is not None and whole and not n.middle and (tail := _tail(text, i, last)):
            number, i = tail
            place, linked, n.end = Decimal(1), True, i
            n.small = n.big = Decimal(1)
    if n.value is not None and n.scaled:
        n.value, n.place = total + section + (number or 0), place
    if linked:
        n.big = n.small = Decimal(1)
    return n


_GO_ON = frozenset("万亿千百十多余来几个 ")
_SCALE_VALUE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_BLANK = re.compile(r" {1,3}(?=[万亿多余])")
_TAIL = re.compile(
    r" ?(?P<zero>零?)(?:(?P<arabic>[0-9]{1,8})|(?P<digit>[一二两三四五六七八九]))(?: ?(?P<scale>[十百千][万亿]?|[万亿])|(?![0-9.,:：%]))"
)


def _softens(text: str, i: int) -> bool:
    """Whether 多/余/来/几 at ``i`` belongs to the number before it and not to the next word (来自, 余下)."""
    c, after = text[i], text[i + 1 : i + 2]
    if c == "几":
        return after in _SCALE_VALUE and after != ""
    if c == "来":
        return (after in _SCALE_VALUE and after != "") or (
            after != "" and after in "个名人所台家户次元亩斤吨公米岁位间"
        )
    if c == "余":
        return not text.startswith(("下", "额", "款", "热"), i + 1)
    return not text.startswith(("少", "数", "元化", "样", "渠道"), i + 1)


def _tail(text: str, i: int, last: int) -> tuple[Decimal, int] | None:
    """The next number of a chain (亿 → 2千万, 万 → 5千, 万 → 600), smaller than the scale before it, and its end without its scale."""
    m = _TAIL.match(text, i)
    if m is None:
        return None
    digits, scale = m["arabic"] or str(numerals.DIGITS[m["digit"]]), m["scale"]
    if not scale:
        if not m["arabic"] or text[m.end() : m.end() + 1] in _NO_TAIL or text.startswith(" ", i):
            return None
        size = 10 ** len(digits)
        if not (size == last or (len(digits) >= 3 and size < last)):
            return None
        return Decimal(digits), m.end("arabic")
    factor = 1
    for c in scale:
        factor *= _SCALE_VALUE[c]
    small = _SCALE_VALUE.get(scale[0], 0)
    if last < 10**4:
        if small >= last or small == 10**4 or small == 10**8:
            return None
    elif int(digits) * factor >= last:
        return None
    if not_scale(text, m.start("scale")) or (len(scale) > 1 and not_scale(text, m.start("scale"))):
        return None
    return Decimal(digits), m.end("arabic") if m["arabic"] else m.end("digit")


_NO_TAIL = frozenset("年月日号、,，-—–~～至到/")
_BARE_SCALE = re.compile(r"(?:近|超|逾|突破|超过|过|不足|不到|上)$")
_SPACED = re.compile(
    rf"[{numerals.CHARS}点余多几]{{1,12}}(?: {{1,4}}[{numerals.CHARS}点余多几]{{1,12}}){{1,16}}"
)
_JOINT = re.compile(r"[十百千万亿余多点几] +|[^ ] +(?=[十百千万亿余多点几])")
_RUN = re.compile(rf"[{numerals.CHARS}]+")


def read_number(text: str, i: int) -> Number | None:
    """The number that begins at ``text[i]``, in either kind of digits."""
    if i >= len(text):
        return None
    if text[i] in numerals.CHARS:
        m = _RUN.match(text, i)
        return read_chinese(text, m) if m else None
    return read_arabic(text, i)


def read_chinese(text: str, m: re.Match[str]) -> Number | None:
    """A Chinese numeral with 点, 多/余 and a scale after it."""
    body, start, end = m.group(), m.start(), m.end()
    after = text[end] if end < len(text) else ""
    if (
        (after == " " or text.startswith("点 ", end))
        and len(body) < 20
        and (spaced := _read_spaced(text, start)) is not None
    ):
        return spaced
    if body[0] == "十" and start and text[start - 1] in "几数":
        return None
    if body[0] in "百千万亿" and not (after in "多余" or _BARE_SCALE.search(text[max(0, start - 2) : start])):
        return None
    if body[-1] in "百千" and len(body) > 1 and text.startswith(_UNIT_TAILS[body[-1]], end):
        body, end = body[:-1], end - 1  # 一百千瓦, 六个百分点
        after = text[end]
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
    n.big, n.small = _trailing(body)
    if after and after in _MIDDLE:
        n.middle, n.end = after, end + 1
        scales = _BIG_RUN.match(text, end + 1)
        if scales is not None and (whole := numerals.parse(body + scales.group().strip())) is not None:
            n.value, n.place, n.end, n.scaled = whole.value, Decimal(whole.place), scales.end(), True
            n.big, n.small = _trailing(body + scales.group().strip())
        return n
    elif after != "个" and after != " ":
        return n
    if value.value2 is not None:
        return n
    big, small, scaled = n.big, n.small, n.scaled
    place, n.place = n.place, Decimal(1)
    read_scales(text, n)
    if n.scaled == scaled:
        n.big, n.small = big, small
    n.place *= place
    return n


_BIG_RUN = re.compile(r" ?[万亿]+")
_UNIT_TAILS = {"千": ("瓦", "克", "伏", "卡", "帕", "赫"), "百": ("分点", "分之", "帕")}


@lru_cache(maxsize=1024)
def _trailing(body: str) -> tuple[Decimal, Decimal]:
    """万/亿 at the end of a numeral, and 百/千 before them: what a range may lend to its first number (七千到九千亿)."""
    head = body.rstrip("万亿")
    big = Decimal(1)
    for c in body[len(head) :]:
        big *= _SCALE_VALUE[c]
    small = numerals.SMALL.get(head[-1:], 1)
    return big, Decimal(small if small >= 100 else 1)


def _read_spaced(text: str, start: int) -> Number | None:
    """A numeral with blanks between its characters (一 百 五 十): only where each blank touches a scale character."""
    m = _SPACED.match(text, start)
    if m is None or len(m.group()) > 60:
        return None
    body = m.group()
    if len(_JOINT.findall(body)) != len(re.findall(r" +", body)):
        return None
    offsets = [start + k for k, c in enumerate(body) if c != " "]
    joined = body.replace(" ", "")
    lead = text[max(0, start - 2) : start]
    run = _RUN.match(compact := lead + joined + text[m.end() : m.end() + 8], len(lead))
    n = read_chinese(compact, run) if run else None
    if n is None or n.end - len(lead) < len(joined):
        return None
    beyond = n.end - len(lead) - len(joined)
    n.end = m.end() + beyond if beyond else offsets[-1] + 1
    return n


def spread(low: Number, high: Number) -> Decimal:
    """The scale that the first number of a range borrows from the second: 2—3万, 七千到九千亿, but 8500到3万 borrows none."""
    if low.value is None or high.value is None or low.big > 1 or low.value >= 10**4:
        return Decimal(1)
    full = high.big * high.small
    if full > 1 and low.small == 1 and low.value < high.value / full:
        return full
    if high.big > 1 and low.value < high.value / high.big:
        return high.big
    return Decimal(1)


def scale_of(n: Number) -> Decimal:
    """The scale that a scaled number lends to the numbers listed before it."""
    return n.big * n.small
