"""Sentences that hold a cue word, with their blanks dropped and a way back to the figures: what checks on wording read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reportminer.checks.common import View
from reportminer.core import Observation, Segment

_BLANK = re.compile(r"\s")
_HAN = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_HEAD = 400  # characters in which a report names its date
_MONTH_OF_REPORT = re.compile(
    r"[（(]\s*(?:[\dXx*×○〇]{2,4}|某)\s*年\s*(\d{1,2})\s*月(?:\s*\d{1,2}\s*日)?\s*[）)]"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence without blanks. ``origin[i]`` is the clean offset of character ``i``."""

    view: View
    sentence: int
    text: str
    origin: tuple[int, ...]

    @property
    def segment(self) -> Segment:
        """The article that holds the sentence."""
        return self.view.report.text.segment_at(self.origin[0] if self.origin else 0)

    def figures(self, start: int = 0, end: int | None = None) -> list[Observation]:
        """The observations that lie in ``text[start:end]``, in order."""
        inside = range(start, len(self.text) if end is None else end)
        if not inside:
            return []
        low, high = self.origin[inside[0]], self.origin[inside[-1]]
        return [
            o
            for o in self.view.by_sentence.get(self.sentence, ())
            if low <= o.clean_start and o.clean_end <= high + 1
        ]

    def place(self, o: Observation) -> tuple[int, int]:
        """Start and end of an observation of this sentence in ``text``."""
        inside = [n for n, at in enumerate(self.origin) if o.clean_start <= at < o.clean_end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)


def bare(text: str) -> str:
    """A text without its blanks and line breaks."""
    return _BLANK.sub("", text)


def passage(view: View, sentence: int) -> Passage:
    """A sentence of a report by its index."""
    span = view.report.text.sentences[sentence]
    kept = [n for n in range(span.start, span.end) if not view.clean[n].isspace()]
    return Passage(view, sentence, "".join(view.clean[n] for n in kept), tuple(kept))


def passages(view: View, cue: re.Pattern[str]) -> Iterator[Passage]:
    """The sentences in which a cue stands, in order, each once. Linear in the text."""
    last = -1
    for m in cue.finditer(view.clean):
        sentence = view.report.text.sentence_at(m.start())
        if sentence != last and view.report.text.sentences:
            last = sentence
            yield passage(view, sentence)


def month_of(view: View, segment: Segment) -> int | None:
    """The month that an article is dated by: its date, or a month in brackets at its head even when the year is masked."""
    date = segment.date
    if date and len(date) >= 7:
        return int(date[5:7])
    m = _MONTH_OF_REPORT.search(view.clean, segment.start, min(segment.end, segment.start + _HEAD))
    return int(m.group(1)) if m and 1 <= int(m.group(1)) <= 12 else None


def small_number(text: str) -> int | None:
    """A number in digits, or below a hundred in Chinese numerals: 40, 四十, 十二. None when it is neither."""
    if text.isdigit():
        return int(text)
    m = re.fullmatch(r"([一二两三四五六七八九]?)(十?)([一二三四五六七八九]?)", text)
    if not m or not text:
        return None
    tens, ten, ones = m.groups()
    if not ten:
        return _HAN[text] if len(text) == 1 else None
    return (_HAN[tens] if tens else 1) * 10 + (_HAN[ones] if ones else 0)


def near(view: View, at: int) -> list[Observation]:
    """The observations of the sentence at a clean offset, or else the next one behind it: what a note on words hangs on."""
    here = view.by_sentence.get(view.report.text.sentence_at(at), [])
    return list(here) or [o for o in view.items if o.clean_start >= at][:1] or view.items[-1:]
