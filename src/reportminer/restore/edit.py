"""A text under repair: its characters and the raw offset of each. Every pass drops or replaces characters; nothing else is possible."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportminer.core import TextMap


@dataclass(slots=True)
class Edit:
    """``[start, end)`` of the draft becomes ``text``, which is no longer than what it replaces."""

    start: int
    end: int
    text: str = ""


class Draft:
    """Clean text in the making with its map back to the raw text."""

    __slots__ = ("origin", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.origin: Sequence[int] = range(len(text))  # an array from the first edit on

    def apply(self, edits: Iterable[Edit]) -> bool:
        """Makes the edits (in order; one that overlaps its predecessor is cut or skipped). True when anything changed.

        The characters of a replacement take the places of the first characters of what they replace.
        """
        parts: list[str] = []
        origin: array[int] = array("I")
        at = 0
        changed = False
        for e in edits:
            if e.end <= at or e.end == e.start or (e.start < at and e.text):
                continue
            start = max(e.start, at)
            if len(e.text) > e.end - start:
                raise ValueError("a replacement must not be longer than what it replaces")
            changed = True
            parts.append(self.text[at:start])
            parts.append(e.text)
            origin.extend(self.origin[at : start + len(e.text)])
            at = e.end
        if changed:
            parts.append(self.text[at:])
            origin.extend(self.origin[at:])
            self.text, self.origin = "".join(parts), origin
        return changed

    def put(self, text: str) -> bool:
        """Replaces all characters one for one. True when anything changed."""
        if len(text) != len(self.text):
            raise ValueError("a replacement must keep the length")
        changed = text != self.text
        self.text = text
        return changed

    def map(self) -> TextMap:
        """The finished map."""
        return TextMap(self.origin)
