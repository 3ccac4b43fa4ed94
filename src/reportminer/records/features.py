"""What a model sees of a figure: character n-grams around it, its measure and its neighbour — not what the rules say, so that its answer is a second opinion."""

from __future__ import annotations

from operator import add
from zlib import crc32

from reportminer.records.context import Context

BUCKETS = 1 << 15
_MOST_LEFT, _MOST_RIGHT = 14, 8
_MANY = 1 << 15  # words of one kind that are remembered


class _Buckets(dict[str, int]):
    """Word → bucket, computed once: the same few thousand come again and again."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __missing__(self, word: str) -> int:
        if len(self) >= _MANY:
            self.clear()
        return self.setdefault(word, crc32((self._name + word).encode()) % BUCKETS)


_WORDS, _LEFT, _NEAR, _RIGHT = _Buckets(""), _Buckets("L"), _Buckets("l"), _Buckets("R")


def features(c: Context, kind: str) -> list[int]:
    """Hashed features (bucket numbers below ``BUCKETS``, without repetition) of one figure of the given kind."""
    q = c.draft.quantity
    left = "".join(c.text[s.start : s.end] for s in c.heads) if c.heads else c.clause_text
    left = left[-_MOST_LEFT:]
    right = c.right_text[:_MOST_RIGHT].replace(" ", "").replace("\n", "")
    words = [
        f"unit={q.unit}", f"dim={q.dimension}", f"kind={kind}", f"unit+kind={q.unit}+{kind}", f"bound={q.bound}",
    ]  # fmt: skip
    if c.prev is not None:
        before = c.prev.draft
        same = before.quantity.unit == q.unit
        words += [
            f"prev={before.indicator}",
            f"prev+same={before.indicator}+{same}",
            f"prevkind={before.kind}",
        ]
    left, near, right = f"^{left}$", left[-5:], f"{right}$"
    two = list(map(add, left, left[1:]))
    found = {
        *map(_WORDS.__getitem__, words),
        *map(_LEFT.__getitem__, two),
        *map(_LEFT.__getitem__, map(add, two, left[2:])),
        *map(_NEAR.__getitem__, near),
        *map(_RIGHT.__getitem__, right),
        *map(_RIGHT.__getitem__, map(add, right, right[1:])),
    }
    return sorted(found)
