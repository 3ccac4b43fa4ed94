"""A sentence with each figure as one mark: relations that words tell are patterns over it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportminer.checks.common import View
from reportminer.core import Observation

#: one figure, a stop, and a character of words (neither)
FIGURE = "[\ue000-\uf8ff]"
STOP = "[，,、；;：:（）()]"
WORD = "[^，,、；;：:（）()。！？\ue000-\uf8ff]"
_FIRST, _LAST = 0xE000, 0xF8FF
_DROPPED = re.compile("[\\s\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Marked:
    """``text``: the sentence without blanks, figure ``n`` replaced by the character U+E000 + n; ``figures`` in order."""

    text: str
    figures: tuple[Observation, ...]

    def figure(self, mark: str) -> Observation:
        """The observation behind a mark."""
        return self.figures[ord(mark) - _FIRST]

    def found(self, m: re.Match[str]) -> dict[str, Observation]:
        """The named figures of a match."""
        return {
            name: self.figure(c) for name, c in m.groupdict().items() if c and _FIRST <= ord(c[0]) <= _LAST
        }


def pattern(text: str) -> re.Pattern[str]:
    """Compile a relation: ``{name}`` is a figure, ``~`` up to eight characters of words, ``_`` up to sixteen, ``，`` a stop."""
    text = re.sub(r"\{([a-z]+)\}", rf"(?P<\1>{FIGURE})", text)
    return re.compile(text.replace("，", STOP).replace("~", f"{WORD}{{0,8}}").replace("_", f"{WORD}{{0,16}}"))


def sentences(view: View, least: int = 2) -> list[Marked]:
    """The sentences with at least so many figures, marked; rows of tables are left out."""
    tables = view.report.text.tables
    found = []
    for items in view.by_sentence.values():
        if len(items) < least or any(t.start <= items[0].clean_start < t.end for t in tables):
            continue
        found.append(mark(view, items))
    return found


def mark(view: View, items: list[Observation]) -> Marked:
    """The sentence of some observations, marked. Of figures that overlap the first is kept."""
    span = view.report.text.sentences[items[0].sentence]
    at = span.start
    pieces: list[str] = []
    kept: list[Observation] = []
    for o in items:
        if o.clean_start < at or len(kept) > _LAST - _FIRST:
            continue
        pieces.append(_DROPPED.sub("", view.clean[at : o.clean_start]))
        pieces.append(chr(_FIRST + len(kept)))
        kept.append(o)
        at = o.clean_end
    pieces.append(_DROPPED.sub("", view.clean[at : max(at, span.end)]))
    return Marked("".join(pieces), tuple(kept))
