"""The words of ``lexicons/indicators.tsv`` and ``lexicons/indicator_cues.tsv``, found in one pass over a report."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from reportminer.core import Span
from reportminer.lexicon import Lexicon, Row

COUNT = "count"
# Dimensions whose figures may be about an indicator of any other dimension (GDP 增长 8%).
RELATIVE = frozenset({"percent", "points", "multiple", "rank"})


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the indicator table."""

    id: str
    parent: str
    dimension: str
    units: frozenset[str]
    nature: str

    def fits(self, dimension: str, unit: str | None) -> bool:
        """Whether an amount of this dimension and unit can measure the indicator."""
        if self.dimension == "any":
            return (dimension == COUNT and unit not in _OWN_NOUN) or dimension == "volume"
        if self.dimension == "mass":
            return dimension in ("mass", "energy", "volume") or unit in _BEASTS
        if self.dimension == "percent":
            return dimension in ("percent", "points") or (
                self.id in ("emission_energy", "price_index") and dimension != "money"
            )
        if self.dimension == COUNT:
            return dimension == COUNT and (unit is None or unit in self.units)
        return dimension == self.dimension

    def fits_kind(self, kind: str, dimension: str, unit: str | None) -> bool:
        """Whether a figure of this kind may be about the indicator: growth and ranks may be about any, amounts only where they fit."""
        return (kind in ("growth", "rank", "change") and dimension in RELATIVE) or self.fits(dimension, unit)


_NOT_LACKING = frozenset("不紧短或残补")
_NOT_LACKED = frozenset("席陷勤点失憾")
_OWN = frozenset("全我本各该")
_MEASURE = frozenset("个所人名位头只张间")
_NUMERALS = frozenset("一二两三四五六七八九十百千几")
_OWN_NOUN = frozenset(
    ["人", "人次", "所", "台", "册", "间", "栋", "家", "辆"]
)  # measure words that say what they count
_BEASTS = frozenset({"头", "只", "羽", "株", "棵", "尾", "匹", "箱"})


@dataclass(frozen=True, slots=True)
class Turn:
    """What a cue word makes of an indicator (``source``) or of a bare figure (``source`` = ``@dimension`` or ``@unit``)."""

    source: str
    target: str
    weight: float


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the vocabulary: the indicators it names and the cue tags it carries."""

    text: str
    names: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(slots=True)
class Hit:
    """An occurrence of a word in the clean text. Not frozen: a frozen one takes four times as long to make."""

    start: int
    end: int
    word: Word


class Hits:
    """All occurrences in one text, in order."""

    def __init__(self, hits: list[Hit]) -> None:
        self._hits = hits
        self._starts = [h.start for h in hits]

    def within(self, start: int, end: int) -> Sequence[Hit]:
        """Occurrences that lie in ``[start, end)``."""
        if end <= start:
            return ()
        a, b = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [h for h in self._hits[a:b] if h.end <= end]


class Vocabulary:
    """The compiled words of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.indicators: dict[str, Indicator] = {}
        names: dict[str, list[str]] = {}
        tags: dict[str, list[str]] = {}
        for row in lexicon.table("indicators"):
            one = Indicator(
                row["id"], row["parent"], row["dimension"], frozenset(row.list("units")), row["nature"]
            )
            self.indicators[one.id] = one
            for word in row.list("aliases"):
                names.setdefault(word, []).append(one.parent or one.id)
        self.turns: dict[str, tuple[Turn, ...]] = {}
        for row in lexicon.table("indicator_cues"):
            self.turns[row["tag"]] = self.turns.get(row["tag"], ()) + tuple(
                self._turn(row, t) for t in row.list("turns")
            )
            for word in row.list("words"):
                tags.setdefault(word, []).append(row["tag"])
        cue_words = AhoCorasick([w for w in tags if len(w) > 1])
        inner = [w for w in tags if len(w) > 1]
        for word in names:  # 教师培训 names an indicator and carries the cue 培训
            for i, _, _ in cue_words.find_matches_as_indexes(word, overlapping=True):
                tags.setdefault(word, []).extend(tags[inner[i]] if inner[i] != word else ())
        self.turned = {(t.source, t.target) for turns in self.turns.values() for t in turns}
        self._words = [
            Word(w, tuple(dict.fromkeys(names.get(w, ()))), tuple(dict.fromkeys(tags.get(w, ()))))
            for w in sorted({*names, *tags})
        ]
        self._automaton = AhoCorasick([w.text for w in self._words], matchkind=MatchKind.Standard)

    def _turn(self, row: Row, text: str) -> Turn:
        source, sep, rest = text.partition(">")
        target, _, weight = rest.partition(":")
        if not sep or target not in self.indicators:
            raise row.fail(f"“{text}”应写作 来源>指标[:权重]")
        if not source.startswith("@") and source not in self.indicators:
            raise row.fail(f"“{source}”不是指标编号")
        try:
            return Turn(source, target, float(weight) if weight else 0.6)
        except ValueError as e:
            raise row.fail(f"权重“{weight}”不是数") from e

    def find(self, text: str, spans: Sequence[Span] | None = None) -> Hits:
        """All words in ``text`` (in ``spans`` of it, in order, where they are given) that lie in no longer word, in order; words may
        overlap at their ends. Blanks inside a word (scraped text) do not hide it."""
        hits: list[Hit] = []
        for s in spans if spans is not None else (Span(0, len(text)),):
            self._find_in(text[s.start : s.end], s.start, hits)
        return Hits(hits)

    def _find_in(self, text: str, offset: int, hits: list[Hit]) -> None:
        origin: list[int] | None = None
        searched = text
        if _BLANK.search(text):
            origin = [i for i, ch in enumerate(text) if ch not in " \u3000\xa0\n"]
            searched = "".join([text[i] for i in origin])
        words = self._words
        found = self._automaton.find_matches_as_indexes(searched, overlapping=True)
        reach = named = 0  # ends of the last word, and of the last word that names an indicator
        for a, back, i in sorted(
            [(a, -b, i) for i, a, b in found]
        ):  # of those that begin together the longest first
            b = -back
            names = bool(words[i].names)
            if b > (named if names else reach) and (b - a > 1 or _alone(searched, a)):
                reach = max(reach, b)
                if names:
                    named = b
                if origin is None:
                    hits.append(Hit(a + offset, b + offset, words[i]))
                else:
                    hits.append(Hit(origin[a] + offset, origin[b - 1] + 1 + offset, words[i]))


_BLANK = re.compile(r"[ \u3000\xa0\n](?<=[\u4e00-\u9fff][\s\S])[ \u3000\xa0\n]*[\u4e00-\u9fff]")  # in a word


def _alone(text: str, at: int) -> bool:
    """Whether the one-character word at ``at`` stands next to a figure (乡4个, 4个乡) and is no part of 全县, 我区 …"""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in "缺欠":
        return before not in _NOT_LACKING and after not in _NOT_LACKED
    if before in _OWN:
        return False
    return after.isdigit() or before in _MEASURE or after in _NUMERALS


@cache
def vocabulary(lexicon: Lexicon) -> Vocabulary:
    """The vocabulary of a lexicon, compiled once."""
    return Vocabulary(lexicon)
