"""Damage of a converter that writes pinyin after traditional characters: `說(shuō)`.

The same converter works on GBK bytes without looking where a character begins. Where the second byte of one character and the
first of the next happen to be such a traditional character, it writes pinyin between them, and from there on the text is read
one byte off until the next insertion: 當地完成了當 → `當?shù)赝瓿闪水?dāng)`. What is one byte off can be read back; the
byte that was swallowed with a digit (人口23万 → `人?cè)丝?3万`) cannot, and stays in the text as `?`, the mark of a lost digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from unicodedata import combining, normalize

from reportminer.lexicon import Lexicon
from reportminer.restore.edit import Draft, Edit

TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿê"
_ANY_TONE = re.compile(f"[{TONES}]")
_SYLLABLE = re.compile(
    f"(?<=[\u3007\u4e00-\u9fffA-Za-z@\\[\\]^_`{{|}}~?])[(（] ?([a-zü{TONES}]{{1,7}}) ?[)）]", re.I
)
_TONELESS = re.compile(
    r"(?:[bpmfdtnlgkhjqxzcsryw]|[zcs]h)?(?:a|ai|ang?|ao|e|ei|eng?|er|i|ia|iang?|iao|ie|ing?|iong|iu|o|ong|ou|u|uai?|uang?|ue|ui|un|uo|ü|üe)"
)
_UNITS = frozenset({"ha", "mu", "a", "m", "g", "l", "t"})  # brackets that are units and not pinyin
_BARE = re.compile("[(（]([a-zü]{1,6})[)）]")
_DEBRIS = re.compile(
    f"(?<=[\u4e00-\u9fff)）])\\?(?:([a-zü{TONES}]{{1,7}})\\)(?=[\u4e00-\u9fff])|(?=[\uff01-\uff5e,;:!()]))"
)
_HALF = str.maketrans(
    ",;:!()", "，；：！（）"
)  # a site may have narrowed the punctuation that the misreading made
_LATIN_TRAIL = re.compile(f"[@-~](?=[(（] ?[a-zü]{{0,5}}[{TONES}])")
_PINYIN_BEFORE = re.compile(r"[(（][^()（）]{1,9}[)）]$")
_MARK_END = re.compile(f"\\?([a-zü]{{0,5}}[{TONES}][a-zü]{{0,4}}\\))?")
_COUNTED = re.compile(r"[0-9.%萬億千百多余餘個万亿个]")
_LONGEST = 14  # characters that one misreading lasts: until the next inserted pinyin, and those are dense


@dataclass(frozen=True, slots=True)
class _Tables:
    """``by_pinyin``: syllable → traditional characters in GBK bytes; ``sounds``: syllable without its tone → those characters;
    ``words``: words known to help where a byte is missing."""

    by_pinyin: dict[str, tuple[bytes, ...]]
    sounds: dict[str, str]
    words: tuple[str, ...]


@cache
def _tables(lexicon: Lexicon) -> _Tables:
    by_pinyin: dict[str, tuple[bytes, ...]] = {}
    for row in lexicon.table("pinyin"):
        try:
            by_pinyin[row["syllable"]] = tuple(c.encode("gbk") for c in row["characters"])
        except UnicodeEncodeError as e:
            raise row.fail(f"“{row['characters'][e.start]}”不在 GBK 字符集内") from e
    sounds: dict[str, str] = {}
    for syllable, characters in by_pinyin.items():
        bare = _toneless(syllable)
        sounds[bare] = sounds.get(bare, "") + "".join(c.decode("gbk") for c in characters)
    words = tuple(w for row in lexicon.table("mojibake") for w in row.list("words"))
    return _Tables(by_pinyin, sounds, words)


def _toneless(syllable: str) -> str:
    """`shuō` → `shuo`, `lǜ` → `lü`."""
    apart = normalize("NFD", syllable)
    return normalize("NFC", "".join(c for c in apart if not combining(c) or c == "\u0308"))


def drop_pinyin(draft: Draft, lexicon: Lexicon) -> bool:
    """Reads back what was one byte off and drops the inserted pinyin. True when the text had any."""
    text = draft.text
    if ")" not in text and "）" not in text:
        return False
    if not _ANY_TONE.search(text):
        return _drop_toneless(draft, _tables(lexicon))
    found = sum(1 for m in _SYLLABLE.finditer(text) if _ANY_TONE.search(m[1]))
    if not found:
        return False
    if found >= 3 and "?" in text:
        _read_back(draft, _tables(lexicon))
    edits = []
    for m in _SYLLABLE.finditer(draft.text):
        syllable = m[1]
        toned = syllable.islower() and _ANY_TONE.search(syllable)
        if toned or (found >= 3 and syllable not in _UNITS and _TONELESS.fullmatch(syllable)):
            edits.append(Edit(m.start(), m.end()))
    return draft.apply(edits)


def _drop_toneless(draft: Draft, tables: _Tables) -> bool:
    """Drops pinyin whose tones a site has lost: 億(yi)元. Only what is the sound of the character before, three times at least."""
    text = draft.text
    found = [m for m in _BARE.finditer(text, 1) if text[m.start() - 1] in tables.sounds.get(m[1], "")]
    return len(found) >= 3 and draft.apply([Edit(m.start(), m.end()) for m in found])


def _read_back(draft: Draft, tables: _Tables) -> None:
    text = draft.text
    edits: list[Edit] = []
    at = 0
    while m := _DEBRIS.search(text, at):
        at = m.end()
        if m.start() and (edit := _repair(text, m, tables)) is not None:
            edits.append(edit)
            at = max(at, edit.end)
    draft.apply(edits)


def _repair(text: str, m: re.Match[str], tables: _Tables) -> Edit | None:
    """One misread stretch: ``?`` (a lead byte), characters one byte off, and what ended it."""
    before = _PINYIN_BEFORE.sub("", text[max(0, m.start() - 12) : m.start()])[-1:]
    leads = _lead_bytes(before, m[1], tables)
    pos = m.end()
    middle = b""
    if m[1] is None:
        middle = _gbk(text[pos].translate(_HALF))
        pos += 1
    while pos < len(text) and pos - m.end() <= _LONGEST:
        c = text[pos]
        if c == "?" or _LATIN_TRAIL.match(text, pos):
            break
        code = _gbk(c)
        if len(code) != 2:
            return None
        middle += code
        pos += 1
    else:
        return None
    if not middle:  # pinyin and the end mark side by side: one character, both bytes known by neighbours only
        return None
    if text[pos] != "?":
        restored = _first(before, leads, middle[:1], _decode(middle[1:] + text[pos].encode("ascii")), tables)
        # the letter keeps its place: it carries the pinyin of the last character
        return Edit(m.start(), pos + 1, restored) if restored else None
    ended = _MARK_END.match(text, pos)
    assert ended is not None
    last = middle[-1:]
    if ended[1]:
        trails = [c for c in tables.by_pinyin.get(ended[1][:-1], ()) if c[:1] == last]
        rest = _decode(middle[1:-1] + trails[0]) if trails else None
        restored = _first(before, leads, middle[:1], rest, tables)
        return Edit(m.start(), ended.end(), restored) if restored else None
    rest = _decode(middle[1:-1])
    restored = _first(before, leads, middle[:1], rest, tables, last)
    if not restored:
        return None
    lost = "?" if _COUNTED.match(text, ended.end()) else ""
    return Edit(m.start(), ended.end(), restored + lost)


def _gbk(c: str) -> bytes:
    try:
        return c.encode("gbk")
    except UnicodeEncodeError:
        return b""


def _decode(code: bytes) -> str | None:
    try:
        return code.decode("gbk")
    except UnicodeDecodeError:
        return None


def _lead_bytes(before: str, syllable: str | None, tables: _Tables) -> list[bytes] | None:
    """What ``?`` may have been: with pinyin, the second byte of a character that begins with the last byte before it."""
    if syllable is None:
        return None
    trail = _gbk(before)[1:]
    return [c[1:] for c in tables.by_pinyin.get(syllable, ()) if trail and c[:1] == trail]


def _first(
    before: str, leads: list[bytes] | None, trail: bytes, rest: str | None, tables: _Tables, last: bytes = b""
) -> str | None:
    """The restored stretch: its first character is known by its second byte (and ``leads``), the words around it decide;
    ``last`` is the first byte of a last character whose second byte is lost."""
    if rest is None or any(ord(c) < 128 for c in rest):
        return None
    options = leads if leads is not None else [bytes([b]) for b in range(0xB0, 0xF8)]
    chars = [c for b in options if (c := _decode(b + trail)) and len(c) == 1]
    ends = [rest]
    if last:
        known = [w for w in tables.words if len(w) == 2 and _gbk(w[1])[:1] == last]
        ends = [rest + w[1] for w in known if (w[0] == rest[-1] if rest else w[0] in chars)]
    best, score = None, 0
    for end in ends:
        for c in chars:
            fit = 2 * (before + c in tables.words) + (c + end[:1] in tables.words) + (len(chars) == 1)
            if fit > score:
                best, score = c + end, fit
    if best is None and ends and leads is None and trail == b"\xa3":
        return "。" + ends[0]  # a full stop ends in this byte and is what stands there most often
    return best
