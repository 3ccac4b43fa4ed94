"""All names in the sentences of one segment: institutions, places, and the words that turn back to its own area."""

from __future__ import annotations

import re

from reportminer.records.area_names import Anchor, Words, institutions, subareas
from reportminer.records.own_area import Own

_RANKED_IN = re.compile(r"(?:居|列|位居|高于|低于|超过)$")  # 居全镇第一: said of the village


class Names:
    """The names in the sentences of one segment. Asked for the same sentence again by those that go on with it."""

    def __init__(self, own: Own, words: Words) -> None:
        self.own, self.words = own, words
        self._known: dict[str, list[Anchor]] = {}

    def within(self, text: str) -> list[Anchor]:
        """The names in a sentence, in order; not to be changed."""
        if text not in self._known:
            self._known[text] = self._within(text)
        return self._known[text]

    def _within(self, text: str) -> list[Anchor]:
        found = institutions(text, self.words, self.own.town or self.own.school)
        taken = [(a.start, a.end) for a in found]

        def free(start: int, end: int) -> bool:
            return not any(a < end and start < b for a, b in taken)

        for m in self.own.back.finditer(text):
            if _RANKED_IN.search(text[max(0, m.start() - 3) : m.start()]):
                continue
            if free(m.start(), m.end()):
                found.append(Anchor(m.start(), m.end(), m[0], "own"))
                taken.append((m.start(), m.end()))
        for a in subareas(text, self.words):
            if free(a.start, a.end) and self._below_or_beside(a):
                found.append(a)
                taken.append((a.start, a.end))
        for m in self.words.own.finditer(text):
            if free(m.start(), m.end()) and text[max(0, m.start() - 1) : m.start()] not in ("省", "市", "国"):
                found.append(Anchor(m.start(), m.end(), m[0], "own"))
        found.sort(key=lambda a: a.start)
        return found

    def _below_or_beside(self, a: Anchor) -> bool:
        """False for places the article's area lies in (湖南省下达…), which only give money or ranks."""
        if a.kind != "place" or not self.own.code:
            return True
        code = a.code or ""
        return not (code.endswith("0000") and code[:2] == self.own.code[:2]) and not (
            code.endswith("00") and code[:4] == self.own.code[:4] and not self.own.code.endswith("00")
        )
