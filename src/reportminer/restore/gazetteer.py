"""The gazetteer of Chinese administrative divisions (county level and above, with history) and its look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from reportminer.lexicon import Lexicon, default_lexicon

# The table knows no revision between these two: what ended or began in the gap counts as valid in it.
_GAP = (2016, 2023)


@dataclass(frozen=True, slots=True)
class Region:
    """One division as the gazetteer knows it. ``since``/``until`` are years, None = before 2002 / still current.

    ``level`` is ``province``, ``prefecture`` or ``county``. ``common`` marks names that are also common nouns (城区).
    """

    code: str
    name: str
    level: str
    parent: str
    since: int | None
    until: int | None
    short: str
    common: bool

    def valid_in(self, year: int) -> bool:
        """Whether the name may have been in use in ``year``."""
        since = _GAP[0] + 1 if self.since == _GAP[1] else self.since
        until = _GAP[1] if self.until == _GAP[0] else self.until
        return (since is None or since <= year) and (until is None or year <= until + 1)


def _level(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


class Gazetteer:
    """Indexes over ``regions.tsv``."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Reads the table; raises LexiconError for rows whose code or years are not numbers."""
        self.by_name: dict[str, list[Region]] = {}
        self.by_short: dict[str, list[Region]] = {}
        self.by_code: dict[str, list[Region]] = {}
        for row in lexicon.table("regions"):
            code, since, until = row["code"], row["from"], row["to"]
            if not (len(code) == 6 and code.isdigit()):
                raise row.fail(f"代码“{code}”不是六位数字")
            if any(y and not y.isdigit() for y in (since, until)):
                raise row.fail("from/to 应为年份或留空")
            if not row["name"]:
                raise row.fail("name 为空")
            region = Region(
                code, row["name"], _level(code), row["parent"], int(since) if since else None,
                int(until) if until else None, row["short"], "通名" in row["note"],
            )  # fmt: skip
            self.by_name.setdefault(region.name, []).append(region)
            self.by_code.setdefault(code, []).append(region)
            if region.short:
                self.by_short.setdefault(region.short, []).append(region)
        for name, regions in list(self.by_name.items()):
            # 化隆县, 恩施州: autonomous divisions go by their short name and level in prose
            if name.endswith(("自治县", "自治旗", "自治州")):
                for region in regions:
                    alias = region.short + name[-1]
                    if len(alias) > 2 and region not in self.by_name.get(alias, ()):
                        self.by_name.setdefault(alias, []).append(region)
        # Provinces go by their short names in prose (湖南宜章县); short names of lower levels are too often common words.
        self.province_short = {
            r.short: r
            for rs in self.by_short.values()
            for r in rs
            if r.level == "province" and len(r.short) > 1
        }
        self.words = sorted({*self.by_name, *self.province_short})
        self.beginnings = frozenset(w[:2] for w in self.words)  # a cheap look before a search
        self.automaton = AhoCorasick(self.words, matchkind=MatchKind.LeftmostLongest)

    def ancestors(self, region: Region) -> set[str]:
        """Names, short names and codes of everything the region lies in, of any year."""
        out: set[str] = set()
        parent = region.parent
        while parent:
            out.add(parent)
            up = ""
            for r in self.by_code.get(parent, ()):
                out.add(r.name)
                if r.short:
                    out.add(r.short)
                up = r.parent
            parent = up
        return out

    def named(self, name: str) -> list[Region]:
        """Regions with this full name, or else with this short name."""
        return self.by_name.get(name) or self.by_short.get(name) or []

    def split(self, name: str) -> list[str]:
        """The known names a chain is made of: 佛山市高明区 → 佛山市, 高明区; what is not known ends the list."""
        parts: list[str] = []
        at = 0
        while at < len(name):
            end = next((e for e in range(len(name), at + 1, -1) if name[at:e] in self.by_name), None)
            if end is None:
                end = next(
                    (
                        e
                        for e in range(min(at + 3, len(name)), at + 1, -1)
                        if name[at:e] in self.province_short
                    ),
                    None,
                )
            if end is None:
                break
            parts.append(name[at:end])
            at = end
        return parts if at == len(name) else [*parts, name[at:]]


@cache
def gazetteer() -> Gazetteer:
    """The bundled gazetteer, read once."""
    return Gazetteer(default_lexicon())


def lookup(name: str, parents: Iterable[str] = (), year: int | None = None) -> list[Region]:
    """Candidates for a name, full (宜章县), short (宜章) or as a chain (佛山市高明区), never a guess: several stay several.

    ``parents`` are names or codes of regions that the context names; they and ``year`` only narrow the candidates, they never
    leave nothing where there was something. A chain whose parent does not fit has no candidates.
    """
    g = gazetteer()
    chain = [name] if name in g.by_name else g.split(name)
    if not chain:
        return []
    found = list(g.named(chain[-1]))
    for parent in chain[:-1]:
        found = [r for r in found if parent in g.ancestors(r)]
    names = set(parents)
    if names and len(found) > 1:
        found = [r for r in found if names & g.ancestors(r)] or found
    if year is not None and len(found) > 1:
        found = [r for r in found if r.valid_in(year)] or found
    return _one_each(found)


def _one_each(found: Sequence[Region]) -> list[Region]:
    """Leaves out earlier codes and names of the same place. 县, 市, 旗 are unique in their province; a 区 of the same name is
    the same place only when the one ended before the other began."""
    out: list[Region] = []
    for r in sorted(found, key=lambda r: (r.until is not None, -(r.until or 0), r.code)):
        for kept in out:
            if kept.code == r.code:
                break
            if kept.name == r.name and kept.code[:2] == r.code[:2]:
                later, earlier = (kept, r) if (kept.until or 9999) >= (r.until or 9999) else (r, kept)
                apart = earlier.until is not None and later.since is not None and earlier.until < later.since
                if not r.name.endswith("区") or apart:
                    break
        else:
            out.append(r)
    return out


def code_of(name: str, parents: Iterable[str] = (), year: int | None = None) -> str | None:
    """The six-digit code when the name is unambiguous, else None. Names of towns and below have none."""
    found = lookup(name, parents, year)
    return found[0].code if len(found) == 1 else None
