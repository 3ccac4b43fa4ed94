"""Words of ``lexicons/cues.tsv``: plan, done, required, decrease, increase and other words that decide kind and status."""

from __future__ import annotations

import re
from functools import cache

from reportminer.lexicon import Lexicon

ROLES = (
    "increase", "decrease", "change_noun", "rate_noun", "newly", "per", "less", "more", "reduce",
    "plan", "done", "required", "plan_heading", "done_heading", "expect",
)  # fmt: skip


class Cues:
    """The words of each role, as alternatives of a pattern (longest first)."""

    def __init__(self, lexicon: Lexicon) -> None:
        words: dict[str, list[str]] = {r: [] for r in ROLES}
        for row in lexicon.table("cues"):
            if row["role"] not in words:
                raise row.fail(f"不认识的类别“{row['role']}”，可用：{'、'.join(ROLES)}")
            words[row["role"]].extend(row.list("words"))
        self._opens = {role: "".join(sorted({w[0] for w in of_role})) for role, of_role in words.items()}
        self._patterns = {
            role: "|".join(sorted(map(re.escape, of_role), key=len, reverse=True)) or r"(?!)"
            for role, of_role in words.items()
        }

    def any_of(self, role: str) -> str:
        """A pattern that matches any word of the role; never matches when there is none."""
        return self._patterns[role]

    def opens(self, role: str) -> str:
        """The characters with which words of the role begin."""
        return self._opens[role]


@cache
def cues_of(lexicon: Lexicon) -> Cues:
    """The cues of a lexicon, read once."""
    return Cues(lexicon)
