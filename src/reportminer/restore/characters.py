"""Repairs of single characters: invisible ones, width, tags left in the text, traditional script, question marks."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any

from reportminer.lexicon import Lexicon, default_lexicon
from reportminer.restore.edit import Draft, Edit
from reportminer.restore.pinyin import TONES, drop_pinyin

_WIDTH = {
    **{c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))},
    **dict.fromkeys((0x3000, 0xA0, 0x202F, 0x205F, *range(0x2000, 0x200B)), " "),
    ord("％"): "%",
    ord("﹪"): "%",
    ord("．"): ".",
    ord("−"): "-",
    0x0B: "\n",
    0x0C: "\n",
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
}
_WIDE = re.compile(f"[{''.join(map(chr, _WIDTH))}]")
_UNSEEN = "\r\ufeff\u200b-\u200f\u2060\u00ad\x00-\x08\x0e-\x1f"
_INVISIBLE = re.compile(f"[{_UNSEEN}]+")
_LINE_TAGS = "br|p|div|tr|li|h[1-6]"
_TAG = re.compile(
    rf"</?(?P<line>{_LINE_TAGS})\b[^<>\n]{{0,200}}>"
    r"|</?(?:span|font|b|i|u|strong|em|a|img|table|tbody|thead|td|th|ul|ol|sup|sub|center|strike|s|del|ins|small|big|label|form|input|nobr|pre|code|section|article|header|footer|nav|blockquote|dl|dt|dd|figure|button|select|option|iframe|o:p|st1:\w{1,20})\b[^<>\n]{0,200}>"
    r"|<!--[^<>\n]{0,200}-->"
    r"|[?？](?:a href|img src|br ?/?>|/?p>|/a>)[^<>\n]{0,200}?>"
    r"|&(?:[a-zA-Z]{2,8}|#[0-9]{2,5}|#[xX][0-9a-fA-F]{2,4});",
    re.I,
)
# the end of a tag whose first character went lost together with the last one before it: 万元?/p>
_TORN_TAG = re.compile(r"[?？]/?(?:p|div|br|td|tr|span|strong|li|h[1-6]) ?/?>", re.I)
# 12·5万元 is a decimal, 5·12地震 and 9·18 are dates
_MIDDLE_POINT = re.compile(
    r"(?<=[0-9])[·•](?=[0-9]{1,4}(?:[%‰万萬亿億元倍]|个百|個百|平方|公里|公顷|公頃|吨|噸|亩|畝|米))"
)
# half-width punctuation of Chinese prose, so that every rule after this one knows one form; digits keep theirs (59,924 and 10:1);
# the pattern begins with the character itself: one that begins with a look around is tried at every place
_PUNCTUATION = re.compile(
    r"[,;:!()](?:(?<=[()])|(?<=[^\x00-\x7f].)|(?=[^\x00-\x7f])|(?<=[0-9%][,;])(?=[^0-9\x20]))"
)
_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "(": "（", ")": "）"}
_TRADITIONAL = (
    "國學縣區設萬億師現關為個們對會與義務農業發展總達實項專經費資點樓體機車開進過門間題類報導書園後無時長見這應標質構組織數據"
    "兩畝噸臺棟條冊餘頃幾雙層輛幣戶處產電燈環節約紅級統繼續維護計訓試話該認識議護貧貨賬賽輸農運還選邊鄉鎮鋪銀錢鐵陽陰難雲靜頭領顧風飛養驗"
)
_TRADITIONAL_CHARACTER = re.compile(f"[{_TRADITIONAL}]")
_QUOTED_LINES = 3
_QUOTE_MARK = re.compile(r"^> ?", re.M)  # a page kept as a quotation
# l is a 1 that was scanned badly: l6个, l所, 1l2人
_LETTER_ONE = re.compile(
    r"l(?:(?<![A-Za-z0-9.]l)(?=[0-9]+(?:\.[0-9]+)?[\u4e00-\u9fff%])|(?<=[0-9]l)(?=[0-9]*[\u4e00-\u9fff%])"
    r"|(?<=[\u4e00-\u9fff，、；]l)(?=[所个名人栋间台套册户处座项万亿]|、))"
)
_MONEY_OR_MANY = frozenset("元万亿人名个所台套册")
_SHORT = 200  # characters in which one traditional character is enough to tell the script
_ODD = re.compile(f"[{_UNSEEN}{TONES}{_TRADITIONAL.replace('展', '')}]")  # 展 is written so in both scripts
_LOST_OR_ASKED = re.compile(r"[?？](?=[0-9])")
_ASKING = re.compile(
    r"什么|甚么|吗|呢|如何|怎|为何|多少|哪|谁|几|是否|有无|何[时处在以为种]|能否|可否|要不要"
)


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def fix_characters(draft: Draft, lexicon: Lexicon | None = None) -> list[str]:
    """All character repairs; returns notes for the user."""
    notes: list[str] = []
    if draft.text.isascii():
        draft.apply(Edit(m.start(), m.end()) for m in _INVISIBLE.finditer(draft.text))
        return notes
    odd = (
        len(draft.text) <= _SHORT or _ODD.search(draft.text) is not None
    )  # most texts hold nothing of this, and one look tells
    if odd:
        draft.apply(Edit(m.start(), m.end()) for m in _INVISIBLE.finditer(draft.text))
        if drop_pinyin(draft, lexicon or default_lexicon()):
            notes.append("去掉了插在字后的拼音，并还原了由此错位的文字")
    if ("<" in draft.text or "&" in draft.text or "href" in draft.text) and _drop_tags(draft):
        notes.append("去掉了残留的网页标记")
        odd = True  # an entity may stand for anything
    asks = "?" in draft.text or "？" in draft.text
    if asks and _TORN_TAG.search(draft.text) and _drop_torn_tags(draft):
        notes.append("去掉了残缺的网页标记，其前丢失一字")
        odd = True
    text = draft.text
    for c in set(_WIDE.findall(text)):  # few kinds in one text; translate() would look up every character
        text = text.replace(c, c.translate(_WIDTH))
    draft.put(text)
    if "·" in draft.text or "•" in draft.text:
        draft.apply(Edit(m.start(), m.end(), ".") for m in _MIDDLE_POINT.finditer(draft.text))
    if "l" in draft.text:
        draft.put(_LETTER_ONE.sub("1", draft.text))
    if draft.text.count("\n> ") >= _QUOTED_LINES:
        draft.apply(Edit(m.start(), m.end()) for m in _QUOTE_MARK.finditer(draft.text))
    draft.put(_PUNCTUATION.sub(lambda m: _FULL[m[0]], draft.text))
    if odd and _simplify(draft):
        notes.append("繁体字转为简体")
    if "?" in draft.text or "？" in draft.text:
        _settle_question_marks(draft)
    return notes


def _drop_tags(draft: Draft) -> bool:
    """Tags and entities that a careless scraper left in the text; those of lines leave a line break, entities their character."""
    edits = []
    for m in _TAG.finditer(draft.text):
        if m["line"]:
            kept = "\n"
        elif m[0][0] == "&":
            kept = html.unescape(m[0])
            if len(kept) != 1:
                continue
        else:
            kept = ""
        edits.append(Edit(m.start(), m.end(), kept))
    return draft.apply(edits)


def _drop_torn_tags(draft: Draft) -> bool:
    """A torn tag took a character with it. Between a number and its unit that was a digit or 万: the figure is lost (``X``); elsewhere
    it was a word or a full stop, and a comma keeps what stands before it apart from what follows."""
    text, edits = draft.text, []
    for m in _TORN_TAG.finditer(text):
        before, after = text[max(0, m.start() - 3) : m.start()].rstrip(), text[m.end() : m.end() + 3].lstrip()
        if before[-1:].isdigit() and after[:1] in _MONEY_OR_MANY:
            start = m.start() - (len(text[max(0, m.start() - 3) : m.start()]) - len(before))
            edits.append(Edit(start, m.end(), "X"))
        else:
            edits.append(Edit(m.start(), m.end(), "，" if "\u4e00" <= before[-1:] <= "\u9fff" else ""))
    return draft.apply(edits)


def _simplify(draft: Draft) -> bool:
    """Traditional to simplified, one character for one."""
    enough = 3 if len(draft.text) > _SHORT else 1
    if len(set(_TRADITIONAL_CHARACTER.findall(draft.text))) < enough:
        return False
    converter = _converter()
    out = []
    for line in draft.text.split("\n"):
        simple = converter.convert(line)
        if len(simple) != len(line):
            simple = "".join(s if len(s := converter.convert(c)) == 1 else c for c in line)
        out.append(simple)
    return draft.put("\n".join(out))


def _settle_question_marks(draft: Draft) -> None:
    """``?`` before a figure is the mark of a lost digit (`总人口?3万`); one that ends a question becomes `？`."""
    text = draft.text
    edits = []
    for m in _LOST_OR_ASKED.finditer(text):
        before = text[max(0, m.start() - 30) : m.start()]
        clause = re.split(r"[。！；\n?？]", before)[-1]
        item_or_year = re.match(r"[0-9]{1,2}[、.)）](?![0-9])|[0-9]{4}年", text[m.end() :][:8])
        asked = bool(_ASKING.search(clause) or item_or_year)
        if not clause.strip() or not ("\u4e00" <= clause.rstrip()[-1:] <= "\u9fff"):
            asked = asked or not clause.rstrip()[-1:].isdigit()
        edits.append(Edit(m.start(), m.end(), "？" if asked else "?"))
    draft.apply(edits)
