"""The words that the checks go by: families of disjoint parts, rates that are bounded by 100 % and rates
that are not, words and years of changed bases, and what the indicators are by nature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from reportminer.lexicon import Lexicon, Row

TABLE = "checks"
BREAKS = "base_breaks"
COSTS = "unit_costs"
POLICIES = "policies"
PROGRAMMES = "programmes"
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
    undone: re.Pattern[str]  # words of what lessens a count, in its own clause only
    early: re.Pattern[str]  # words of preliminary figures
    calendar: tuple[tuple[int, frozenset[str], str], ...]  # known breaks: first year, indicators, why
    stocks: frozenset[str]
    additive: frozenset[str]
    ranges: Mapping[str, tuple[Decimal | None, Decimal | None]]
    costs: tuple[
        tuple[re.Pattern[str], str, str, Decimal, Decimal], ...
    ]  # thing, unit, work, lowest and highest price
    policies: tuple[tuple[re.Pattern[str], int], ...]  # name of a policy and its first year
    programmes: tuple[str, ...]
    confusable: Mapping[str, str]  # characters that are often written for each other, both ways

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
    breaks: dict[str, list[str]] = {"word": [], "undone": [], "early": []}
    calendar: list[tuple[int, frozenset[str], str]] = []
    for row in lexicon.table(BREAKS):
        if row["role"] in breaks:
            breaks[row["role"]] += row.list("word")
        elif row["role"] == "year" and row["word"].rstrip("#").isdigit():
            calendar.append((int(row["word"].rstrip("#")), frozenset(row.list("indicators")), row["example"]))
        else:
            raise row.fail("role 应为 word、undone、early、year 之一，year 行的 word 应为年份")
    natures = [r for r in lexicon.table("indicators") if not r["parent"]]
    return Words(
        tuple(families),
        _any(rates["bounded"]),
        _any(rates["unbounded"]),
        _any(rates["crosscut"]),
        frozenset(r["group"] for r in lexicon.table(TABLE) if r["role"] == "complement"),
        _any(breaks["word"]),
        _any(breaks["undone"]),
        _any(breaks["early"]),
        tuple(calendar),
        frozenset(r["id"] for r in natures if r["nature"] == "stock"),
        frozenset(r["id"] for r in natures if r["additive"] == "sum"),
        {r["id"]: (_end(r["min"]), _end(r["max"])) for r in natures},
        tuple(_costs(lexicon)),
        tuple((_any(r.list("word")), _year(r, "first")) for r in lexicon.table(POLICIES)),
        tuple(r["word"] for r in lexicon.table(PROGRAMMES) if _role(r, ("name", "confusable")) == "name"),
        {a: b for r in lexicon.table(PROGRAMMES) if r["role"] == "confusable" for a, b in _both(r)},
    )


def _costs(lexicon: Lexicon) -> Iterator[tuple[re.Pattern[str], str, str, Decimal, Decimal]]:
    """Rows of table ``unit_costs``. Raises LexiconError for bounds that are no numbers or stand the wrong way round."""
    for row in lexicon.table(COSTS):
        try:
            low, high = Decimal(row["low"]), Decimal(row["high"])
        except InvalidOperation as e:
            raise row.fail("low、high 应为数字") from e
        if not 0 < low < high or row["work"] not in ("buy", "build", "repair"):
            raise row.fail("应有 0 < low < high，work 应为 buy、build、repair 之一")
        yield _any(list(row.list("word"))), row["unit"], row["work"], low, high


def _year(row: Row, column: str) -> int:
    if not re.fullmatch(r"(?:19|20)\d\d", row[column]):
        raise row.fail(f"{column} 应为四位年份")
    return int(row[column])


def _role(row: Row, roles: tuple[str, ...]) -> str:
    if row["role"] not in roles:
        raise row.fail(f"role 应为 {'、'.join(roles)} 之一，现为“{row['role']}”")
    return row["role"]


def _both(row: Row) -> tuple[tuple[str, str], tuple[str, str]]:
    if len(row["word"]) != 2:
        raise row.fail("confusable 行的 word 应为两个字")
    a, b = row["word"][0], row["word"][1]
    return (a, b), (b, a)


def _end(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _any(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) or r"(?!)")
