"""The words that the checks go by: families of disjoint parts, rates that are bounded by 100 % and rates
that are not, words and years of changed bases, and what the indicators are by nature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from reportminer.lexicon import Lexicon

TABLE = "checks"
BREAKS = "base_breaks"
ROLES = ("family", "complement", "bounded", "unbounded", "crosscut")
_AGE = re.compile(r"\d+岁|[一二三四五六七八九十]+岁|周岁")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d年|今年|去年|上年|[一二三四]季度|[上下]半年")


@dataclass(frozen=True, slots=True)
class Words:
    """Compiled vocabulary of the checks."""

    families: tuple[tuple[str, re.Pattern[str]], ...]
    bounded: re.Pattern[str]
    unbounded: re.Pattern[str]
    crosscut: re.Pattern[str]
    complements: frozenset[str]  # families whose words leave nothing out
    breaks: re.Pattern[str]  # words that tell of another basis
    early: re.Pattern[str]  # words of preliminary figures
    calendar: tuple[tuple[int, frozenset[str], str], ...]  # known breaks: first year, indicators, why
    stocks: frozenset[str]
    additive: frozenset[str]
    ranges: Mapping[str, tuple[Decimal | None, Decimal | None]]

    def partition(self, leads: list[str]) -> str | None:
        """The classification by which the parts exclude each other, None when their names do not show one. Each part must carry
        a word of the same family, and no two parts the same one."""
        if len(leads) < 2:
            return None
        for name, pattern in self.families:
            found = [pattern.findall(lead) for lead in leads]
            if all(found) and len({f[-1] for f in found}) == len(found):
                return name
        for name, pattern in (("年龄", _AGE), ("年份", _YEAR)):
            found = [pattern.findall(lead) for lead in leads]
            if all(found) and len(set(leads)) == len(leads):
                return name
        return None


def load(lexicon: Lexicon) -> Words:
    """Compile table ``checks``. Raises LexiconError for a row with an unknown role."""
    families: list[tuple[str, re.Pattern[str]]] = []
    rates: dict[str, list[str]] = {"bounded": [], "unbounded": [], "crosscut": []}
    for row in lexicon.table(TABLE):
        if row["role"] not in ROLES:
            raise row.fail(f"role 应为 {'、'.join(ROLES)} 之一，现为“{row['role']}”")
        if row["role"] in ("family", "complement"):
            families.append((row["group"], _any(list(row.list("word")))))
        else:
            rates[row["role"]] += row.list("word")
    breaks: dict[str, list[str]] = {"word": [], "early": []}
    calendar: list[tuple[int, frozenset[str], str]] = []
    for row in lexicon.table(BREAKS):
        if row["role"] in breaks:
            breaks[row["role"]] += row.list("word")
        elif row["role"] == "year" and row["word"].rstrip("#").isdigit():
            calendar.append((int(row["word"].rstrip("#")), frozenset(row.list("indicators")), row["example"]))
        else:
            raise row.fail("role 应为 word、early、year 之一，year 行的 word 应为年份")
    natures = [r for r in lexicon.table("indicators") if not r["parent"]]
    return Words(
        tuple(families),
        _any(rates["bounded"]),
        _any(rates["unbounded"]),
        _any(rates["crosscut"]),
        frozenset(r["group"] for r in lexicon.table(TABLE) if r["role"] == "complement"),
        _any(breaks["word"]),
        _any(breaks["early"]),
        tuple(calendar),
        frozenset(r["id"] for r in natures if r["nature"] == "stock"),
        frozenset(r["id"] for r in natures if r["additive"] == "sum"),
        {r["id"]: (_end(r["min"]), _end(r["max"])) for r in natures},
    )


def _end(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) or r"(?!)")
