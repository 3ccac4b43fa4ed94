"""A text under repair: its characters and the raw offset of each. Every pass drops or replaces characters; nothing else is possible."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from reportminer.core import Span, TextMap


class Draft:
    """Clean text in the making with its map back to the raw text."""

    __slots__ = ("origin", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.origin: array[int] = array("I", range(len(text)))

    def drop(self, spans: Iterable[Span]) -> int:
        """Removes the spans (ordered, disjoint); returns how many characters went."""
        parts: list[str] = []
        origin: array[int] = array("I")
        at = gone = 0
        for s in spans:
            if s.start < at:
                s = Span(at, max(at, s.end))
            if s.end <= s.start:
                continue
            parts.append(self.text[at : s.start])
            origin.extend(self.origin[at : s.start])
            gone += s.end - s.start
            at = s.end
        if not gone:
            return 0
        parts.append(self.text[at:])
        origin.extend(self.origin[at:])
        self.text, self.origin = "".join(parts), origin
        return gone

    def put(self, text: str) -> None:
        """Replaces all characters one for one."""
        if len(text) != len(self.text):
            raise ValueError("a replacement must keep the length")
        self.text = text

    def replace_at(self, places: Sequence[tuple[int, str]]) -> None:
        """Replaces single characters: (offset, character)."""
        if places:
            chars = list(self.text)
            for i, c in places:
                chars[i] = c
            self.text = "".join(chars)

    def map(self) -> TextMap:
        """The finished map."""
        return TextMap(self.origin)
