"""Sentences: split at 。！？； and line ends, never inside brackets or quotations."""

from __future__ import annotations

import re

from reportminer.core import Span
from reportminer.core.making import twin_of

# one set of characters in front: the search runs over everything else without trying alternatives
_STOP = re.compile(r"[。！？!；;\n（(“「『)）”」』](?:(?<=[。！？!])[。！？!]*[”’」』）)]*)?")
_OPEN = frozenset("（(“「『")
_CLOSE = frozenset(")）”」』")
_REACH = 150  # a bracket that is not closed within so many characters is a slip


def split_sentences(text: str) -> tuple[Span, ...]:
    """Clean spans that cover the text without gaps; every line end closes a sentence."""
    ends: list[int] = []
    opened: list[int] = []
    for m in _STOP.finditer(text):
        c = text[m.start()]
        if c in _OPEN:
            opened.append(m.start())
            continue
        if c in _CLOSE:
            if opened:
                opened.pop()
            continue
        if c == "\n":
            opened.clear()
        elif opened:
            if (
                m.end() - m.start() > 1 and text[m.end() - 1] in _CLOSE
            ):  # 。” closes the quotation with the sentence
                opened.pop()
            if opened and m.start() - opened[0] <= _REACH:
                continue
            opened.clear()
        ends.append(m.end())
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    out = list(map(_OpenSpan, [0, *ends], ends))
    for span in out:
        span.__class__ = Span
    return tuple(out)


_OpenSpan = twin_of(Span)  # a report has thousands of sentences
