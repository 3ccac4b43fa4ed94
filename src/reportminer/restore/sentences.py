"""Sentences: split at 。！？； and line ends, never at ； inside brackets."""

from __future__ import annotations

import re

from reportminer.core import Span

_STOP = re.compile(r"[。！？!]+[”’」』）)]*|[；;]|\n|[（(]|[)）]")


def split_sentences(text: str) -> tuple[Span, ...]:
    """Clean spans that cover the text without gaps; every line end closes a sentence."""
    out: list[Span] = []
    start = depth = 0
    for m in _STOP.finditer(text):
        c = m.group()[0]
        if c in "（(":
            depth += 1
            continue
        if c in "）)":
            depth = max(0, depth - 1)
            continue
        if c == "\n":
            depth = 0
        elif depth and c in "；;":
            continue
        if m.end() > start:
            out.append(Span(start, m.end()))
            start = m.end()
    if start < len(text) or not out:
        out.append(Span(start, len(text)))
    return tuple(out)
