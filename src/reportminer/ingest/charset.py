"""Which encoding a text file is in: BOM, strict UTF-8, then UTF-16, GB18030 and Big5 by how common the characters are.

A detector of our own because the choice is among five encodings and one language: general detectors confuse Big5 with GB18030 in short files.
"""

from __future__ import annotations

import codecs

# The commonest characters of Chinese official prose in both scripts: what a wrong decoding does not produce.
_COMMON = frozenset(
    "的一是在了和有大这主中人上为们地个用工时要动国产以我到他会作来分生对于学下级义就年阶发成部民可出能方进同行面说种过命度革而多子后自社加小机也经力线本电高量长党得实家定深法"
    "表着水理化争现所二起政三好十战无农使性前等反体合斗路图把结第里正新开论之物从当两些还天资事队批如应形想制心样干都向变关点育重其思与间内去因件日利相由压员气业代全组数果期导平各基月"
    "建设县区教校项目万元资金投入师均衡况报告总情务府委增长完达共年"
    "這個為們時動國產會來對於學級義階發後機經長黨實爭現無農體鬥圖結裡開論從當還資隊應樣幹變關點間內業組數導縣區項萬師況報總務設"
)
_PUNCTUATION = frozenset("，。、；：？！“”《》（）　\n\r\t 0123456789%.")
_SAMPLE = 20_000  # characters looked at to judge a decoding
_LOST = 200  # at most one character in so many may be undecodable
_HINTED = 0.15  # what the encoding that a page declares is worth, in shares of common characters
# names that pages declare → codec; GB2312 and GBK are parts of GB18030
_DECLARED = {
    "utf-8": "utf-8", "utf8": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "big5": "big5", "big5-hkscs": "big5hkscs", "cp950": "cp950",
}  # fmt: skip


def decode(data: bytes, declared: str | None = None) -> tuple[str, str] | None:
    """``(text, charset)``, or None when the bytes are no text in an encoding this program knows. A BOM is not part of the text.

    ``declared`` is the encoding that the file names itself: a hint that decides only between decodings of about the same worth.
    A few damaged bytes (one character in 200) become U+FFFD.
    """
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):  # fmt: skip
        if data.startswith(bom):
            text = data[len(bom) :].decode(name, errors="replace")
            known = not binary(text) and text.count("\ufffd") * _LOST <= len(text)
            return (text, "utf-8-sig" if name == "utf-8" else name) if known else None
    strict = _strict(data, "utf-8")
    if strict is not None and "\0" not in strict[:_SAMPLE]:
        return None if binary(strict) else (strict, "utf-8")
    hint = _DECLARED.get((declared or "").lower())
    found: list[tuple[float, str, str]] = []
    names = ["gb18030", "big5", "cp950", "big5hkscs"] if strict is None else []
    if len(data) % 2 == 0:
        names += ["utf-16-le", "utf-16-be"]
    for name in names:
        text = _strict(data, name) or ""
        if text and not binary(text):
            found.append((_score(text) + (_HINTED if name == hint else 0.0), name, text))
    if strict is None:
        for name in ("utf-8", "gb18030", "big5"):
            text = data.decode(name, errors="replace")
            lost = text.count("\ufffd")
            if lost and lost * _LOST <= len(text) and not binary(text):
                found.append((_score(text) + (_HINTED if name == hint else 0.0) - 0.02, name, text))
    if not found:
        return None
    score, name, text = max(found, key=lambda c: c[0])
    # a handful of characters may hold none of the common ones; noise is longer
    return (
        (text, name)
        if score > 0.05 or (len(data) < 64 and score >= 0.0 and not name.startswith("utf-16"))
        else None
    )


def binary(text: str) -> bool:
    """Whether a text holds NUL or many of the control characters that no text holds."""
    head = text[:_SAMPLE]
    bad = sum(1 for c in head if c < " " and c not in "\t\n\r\f\v\x1a")
    return bad > len(head) * 0.002 + 1 or "\0" in head


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _score(text: str) -> float:
    """Share of characters that are common in Chinese prose, minus what such prose never holds. 0 for a text without Chinese."""
    sample = [c for c in text[:_SAMPLE] if c not in _PUNCTUATION and not c.isascii()]
    if not sample:
        return 0.0
    odd = sum(1 for c in sample if "\ue000" <= c <= "\uf8ff" or c == "\ufffd")
    return (sum(1 for c in sample if c in _COMMON) - 3 * odd) / len(sample)
