"""What a model sees of a figure: character n-grams around it, its measure and its neighbour — not what the rules say, so that its answer is a second opinion."""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

from reportminer.records.context import Context

BUCKETS = 1 << 15
_LEFT, _RIGHT = 14, 8


def features(c: Context, kind: str) -> list[int]:
    """Hashed features (bucket numbers below ``BUCKETS``, without repetition) of one figure of the given kind."""
    q = c.draft.quantity
    left = (
        c.clause_text[-_LEFT:] if not c.heads else "".join(c.text[s.start : s.end] for s in c.heads)[-_LEFT:]
    )
    right = c.right_text[:_RIGHT].replace(" ", "").replace("\n", "")
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
    for name, text, sizes in (("L", f"^{left}$", (2, 3)), ("l", left[-5:], (1,)), ("R", f"{right}$", (1, 2))):
        words += [name + text[i : i + n] for n in sizes for i in range(len(text) - n + 1)]
    return sorted(set(map(_bucket, words)))


@lru_cache(maxsize=1 << 16)  # the same few thousand come again and again
def _bucket(word: str) -> int:
    return crc32(word.encode()) % BUCKETS
