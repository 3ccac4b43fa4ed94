"""Name of what is measured (``label``) and the narrowings that the text states (``scope``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick

from reportminer.core import Kind
from reportminer.lexicon import Lexicon
from reportminer.records.context import Context
from reportminer.records.named_lists import own_name

_LEAD = re.compile(
    r"^(?:[、，,；;：:\s（(]|其中|包括|含(?!量)|另有|还有|同时|并且|而且|并(?![轨网购])|以及|及(?![格时早])|和(?![谐平])|与(?!会)|共有(?!产权)|共(?![青产享同用有])|现有|全县|全区|全市|全镇|全乡|全校|全年|今年|去年|上年|目前|截至[^，]*?|已(?!婚)|累计|先后|我县|我区|我市|我镇|我校|\d{4}年|\d{1,2}月底?|到(?![位期岗课场校达会])|由|从(?![业教事])|为(?!民)|对(?![口外比象])|使(?!用)|在(?![校园职岗编建读籍])|将(?!军)|是|有(?![线效机色偿限])|达到|达(?![标到产成])|至)+"
)
_TAIL = re.compile(
    r"(?:[、，,；;：:\s（(]|[由比较从](?:(?:19|20)\d\d年|上年|去年|年初)[底末初]?|分别|达到|(?<!发)达|(?<![行作])为|(?<![国公私])有|共计|(?<!公)共|(?<![节制合])约|近|合计|总计|是|至|到|(?<![目标])的|仅|超过|突破|了|(?<![自理])由|从|(?<!师生)(?<!生师)(?<!生机)比|较|同比|增长|提高|增加|下降|减少|降低|占|上升|就|也|还|已|均|都|不足|仍|累计|控制在|上年|年均|又|实现|新增加)+$"
)
_LONGEST_LAST = 12  # characters that no single word of a tail has
_REMARK = re.compile(r"[（(][^（()）]*[）)]?$")
_NAME_END = re.compile(
    r"[，,。；;、！？（(）)\n]|被|已|全部|正在|进行|用于|的|到|由|将|均|都|在|对|因|实行|实施|通过|享受|投入|完成|建[立起有成]|开展|组织|荣?获|成为|列[为入]|纳入|没有|参加|接受|达到?标?|跻身|配[备齐]|占|为|有|是|顺利|如期|陆续|先后|建设(?![项任资])|改造(?![项任资])|整体"
)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One row of lexicons/scopes.tsv."""

    key: str
    word: str
    value: str
    not_before: str
    only: str


@dataclass(frozen=True, slots=True)
class Narrowings:
    """All rows, one pattern that tells whether any of their words is there at all, one of a list of them, and key and value by word."""

    rows: tuple[Narrowing, ...]
    words: AhoCorasick  # of the rows, in their order
    any_word: re.Pattern[str]
    listed: re.Pattern[str]
    by_word: Mapping[str, tuple[str, str]]


@cache
def narrowings(lexicon: Lexicon) -> Narrowings:
    """The rows of lexicons/scopes.tsv in their order. Raises LexiconError for a row without a value."""
    out = []
    for row in lexicon.table("scopes"):
        if not (row["key"] and row["word"] and row["value"]):
            raise row.fail("key、word、value 都不能为空")
        out.append(Narrowing(row["key"], row["word"], row["value"], row["not_before"], row["only"]))
    words = sorted({n.word for n in out}, key=len, reverse=True)
    word = "|".join(map(re.escape, words)) or r"(?!)"
    listed = re.compile(rf"(?:{word})(?:[\u4e00-\u9fff]{{0,2}}[、和与及](?:{word}))+")
    by_word = {n.word: (n.key, n.value) for n in reversed(out)}
    return Narrowings(tuple(out), AhoCorasick([n.word for n in out]), re.compile(word), listed, by_word)


def label_of(c: Context, kind: Kind, inherited: str, right_noun: bool) -> str:
    """The shortest words of the text that name the measured thing; ``inherited`` is the name of the whole or of the level before."""
    text = c.text
    if c.heads:
        return _trim(text[c.heads[-1].start : c.heads[-1].end]) or _trim(
            text[c.heads[0].start : c.heads[0].end]
        )
    if right_noun:
        body = text[c.end : c.right]
        cut = _NAME_END.search(body)
        name = (body[: cut.start()] if cut else body).rstrip("不未尚")  # 运动场不|达标
        if 1 < len(name.strip()) <= 16:
            return name.strip()
    if (span := own_name(c)) is not None and (named := _trim(text[span[0] : span[1]])):
        return named
    name = _trim(c.clause_text)
    if kind in ("growth", "change", "share") and len(name) <= 1 and inherited:
        return inherited
    if not name and c.left_text:
        name = _trim(re.split(r"[，,；;。：:]", c.left_text.strip("，,：:、 "))[-1])
    if len(name) > 20:  # a remark in brackets goes before any word of the name does
        name = _REMARK.sub("", name)
    return name[-20:] or inherited


@lru_cache(maxsize=512)  # label and scope of a figure ask for the same words, and so do the figures of a list
def _trim(text: str) -> str:
    text = "".join(text.split())
    before = None
    while before != text:
        before = text
        text = _LEAD.sub("", text)
        if _TAIL.search(
            text, max(0, len(text) - _LONGEST_LAST)
        ):  # else there is nothing to find further left
            text = _TAIL.sub("", text)
    return text


def scope_of(c: Context, label: str, whole: dict[str, str] | None, table: Narrowings) -> dict[str, str]:
    """Narrowings in Chinese words (stage, basis, residence, source, object, sector); those of the whole stay unless replaced."""
    words = f"{label}，{_trim(c.clause_text)}"
    if c.heads:
        words = "，".join([label, *(c.text[s.start : s.end] for s in c.heads)])
    own: dict[str, str] = {}
    found = {i for i, *_ in table.words.find_matches_as_indexes(words, overlapping=True)}
    for i in sorted(found):
        n = table.rows[i]
        if n.key in own or (n.only and n.only != c.draft.quantity.dimension):
            continue
        if n.not_before and n.word + n.not_before in words:
            continue
        own[n.key] = n.value
    return {**(whole or {}), **own}
