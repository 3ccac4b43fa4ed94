"""Repairs of single characters: width, script, inserted pinyin, debris of a broken converter."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from reportminer.core import Span
from reportminer.lexicon import Lexicon, default_lexicon
from reportminer.restore.edit import Draft

_WIDTH = {
    **{c: c - 0xFEE0 for c in range(0xFF10, 0xFF1A)}, **{c: c - 0xFEE0 for c in range(0xFF21, 0xFF3B)}, **{c: c - 0xFEE0 for c in range(0xFF41, 0xFF5B)},
    ord("％"): "%", ord("．"): ".", ord("·"): "·", 0x3000: " ", 0xA0: " ", 0x2002: " ", 0x2003: " ", 0x2009: " ", 0x202F: " ", 0x200A: " ", ord("\t"): "\t", ord("−"): "-",
}  # fmt: skip
_ZERO_WIDTH = re.compile(r"[\r\ufeff\u200b-\u200f\u2060\u00ad]+")
_TONED = re.compile(r"(?<=[\u4e00-\u9fff])[(（][a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿê][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{0,5}[)）]")
_PLAIN = re.compile(r"(?<=[\u4e00-\u9fff])[(（][a-zü]{1,6}[)）]")
_TAG = re.compile(r"<(?:br|p|/p|div|/div|span|/span|font|/font|b|/b|strong|/strong)\b[^<>\n]{0,80}>|&(?:nbsp|ensp|emsp|ldquo|rdquo|mdash|hellip|amp|lt|gt|quot);|&#[0-9]{2,5};", re.I)
_MIDDLE_POINT = re.compile(r"(?<=[0-9])[·•](?=[0-9])")
_TRADITIONAL = frozenset("國學校縣區設萬億師現關為個們對會與義務農業發展總達實項專經費資點樓體機車開進過門間題類報導書園後無時長見這應標質構組織數據據體")


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@cache
def debris_rows(lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """(debris, repaired) of lexicons/mojibake.tsv: equal lengths, ``-`` for a character that goes."""
    out = []
    for row in lexicon.table("mojibake"):
        if len(row["debris"]) != len(row["repaired"]):
            raise row.fail("debris 与 repaired 两列字数应相等")
        out.append((row["debris"], row["repaired"]))
    return tuple(out)


def fix_characters(draft: Draft, lexicon: Lexicon | None = None) -> list[str]:
    """All character repairs; returns notes for the user."""
    notes = []
    draft.drop([Span(m.start(), m.end()) for m in _ZERO_WIDTH.finditer(draft.text)])
    if not draft.text.isascii():
        draft.put(draft.text.translate(_WIDTH))
    if "·" in draft.text or "•" in draft.text:
        draft.replace_at([(m.start(), ".") for m in _MIDDLE_POINT.finditer(draft.text)])
    if "<" in draft.text or "&" in draft.text:
        draft.drop([Span(m.start(), m.end()) for m in _TAG.finditer(draft.text)])
    if _drop_pinyin(draft, lexicon or default_lexicon()):
        notes.append("去掉了插入的拼音")
    if _simplify(draft):
        notes.append("繁体转为简体")
    return notes


def _drop_pinyin(draft: Draft, lexicon: Lexicon) -> bool:
    """Pinyin in brackets after a character (說(shuō)); plain syllables only where many toned ones show what the document suffers from."""
    if "(" not in draft.text and "（" not in draft.text:
        return False
    toned = [Span(m.start(), m.end()) for m in _TONED.finditer(draft.text)]
    if not toned:
        return False
    if len(toned) >= 5:
        toned = sorted([*toned, *(s for m in _PLAIN.finditer(draft.text) if (s := Span(m.start(), m.end())) not in set(toned))], key=lambda s: s.start)
    draft.drop(toned)
    for debris, repaired in debris_rows(lexicon):
        places = [m.start() for m in re.finditer(re.escape(debris), draft.text)]
        draft.replace_at([(p + k, c) for p in places for k, c in enumerate(repaired) if c != "-"])
        draft.drop([Span(p + k, p + k + 1) for p in places for k, c in enumerate(repaired) if c == "-"])
    return True


def _simplify(draft: Draft) -> bool:
    """Traditional to simplified, one character for one."""
    if len(_TRADITIONAL.intersection(draft.text)) < 3:
        return False
    converter = _converter()
    out = []
    for line in draft.text.split("\n"):
        simple = converter.convert(line)
        out.append(simple if len(simple) == len(line) else "".join(s if len(s := converter.convert(c)) == 1 else c for c in line))
    text = "\n".join(out)
    changed = text != draft.text
    draft.put(text)
    return changed
