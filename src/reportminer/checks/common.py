"""What all checks share: a report indexed once, figures in the report's own units, and makers of findings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from reportminer.checks.intervals import Interval, Printed, interval, printed
from reportminer.core import Arithmetic, Finding, Observation, Report, Severity, Verified
from reportminer.names import plain_name

#: begins the note of a relation that holds but that no words state: its partners were found because they fit
INFERRED = "推定："
_BLANK = re.compile(r"\s+")
_NUMERALS = "零一二三四五六七八九十"


class View:
    """One report indexed for the checks: observations in reading order, by id, by sentence, by whole."""

    def __init__(self, report: Report) -> None:
        """Index ``report``; linear in its observations."""
        self.report = report
        self.source = report.source
        self.clean = report.text.clean
        self.items = sorted(report.observations, key=lambda o: (o.clean_start, o.clean_end, o.id))
        self.by_id = {o.id: o for o in self.items}
        self.position = {o.id: i for i, o in enumerate(self.items)}
        self.by_sentence: dict[int, list[Observation]] = {}
        self.rank: dict[str, int] = {}  # place within the sentence
        self.parts: dict[str, list[Observation]] = {}
        for o in self.items:
            row = self.by_sentence.setdefault(o.sentence, [])
            self.rank[o.id] = len(row)
            row.append(o)
            if o.part_of in self.by_id and o.part_of != o.id and o.part_of is not None:
                self.parts.setdefault(o.part_of, []).append(o)
        self._intervals: dict[str, Interval | None] = {}
        self._printed: dict[str, Printed] = {}

    def text(self, o: Observation) -> str:
        """The expression in the repaired text, blanks dropped."""
        return _BLANK.sub("", self.clean[o.clean_start : o.clean_end])

    def between(self, a: Observation, b: Observation) -> str:
        """The text between two observations in reading order, blanks dropped."""
        return _BLANK.sub("", self.clean[a.clean_end : b.clean_start])

    def before(self, o: Observation, n: int = 20) -> str:
        """Up to ``n`` characters in front of an observation, within its sentence, blanks dropped."""
        start = (
            max(self.report.text.sentences[o.sentence].start, o.clean_start - n)
            if self.report.text.sentences
            else 0
        )
        return _BLANK.sub("", self.clean[start : o.clean_start])

    def after(self, o: Observation, n: int = 20) -> str:
        """Up to ``n`` characters behind an observation (it may leave the sentence), blanks dropped."""
        return _BLANK.sub("", self.clean[o.clean_end : o.clean_end + n])

    def lead(self, o: Observation, n: int = 24) -> str:
        """The words that name an observation: between the one before it (or the sentence's start) and itself."""
        i = self.position[o.id]
        start = self.report.text.sentences[o.sentence].start
        if i and self.items[i - 1].clean_end <= o.clean_start:
            start = max(start, self.items[i - 1].clean_end)
        return _BLANK.sub("", self.clean[max(start, o.clean_start - n) : o.clean_start])

    def interval(self, o: Observation) -> Interval | None:
        """What the print of an observation allows (None: no value)."""
        if o.id not in self._intervals:
            self._intervals[o.id] = interval(o, self.text(o), self.before(o, 6))
        return self._intervals[o.id]

    def printed(self, o: Observation) -> Printed:
        """The observation's figure as printed."""
        if o.id not in self._printed:
            self._printed[o.id] = printed(o, self.text(o))
        return self._printed[o.id]

    def show(self, value: Decimal, like: Observation) -> str:
        """A value in the unit in which ``like`` is printed: 54400人, 188.9万元."""
        p = self.printed(like)
        return number(value / p.factor, max(p.decimals + 2, 2)) + (p.label or like.unit or "")

    def say(self, o: Observation) -> str:
        """The observation's own figure in its own unit, without modifiers."""
        return self.show(abs(o.value), o) if o.value is not None else self.text(o)

    def chain(self, part: Observation) -> list[Observation]:
        """What an observation is part of, from near to far: as the records say, or else the figure that 其中 in front of it divides."""
        found: list[Observation] = []
        parent = self.by_id.get(part.part_of or "") or self.divided(part)
        while parent is not None and parent not in found and parent is not part:
            found.append(parent)
            parent = self.by_id.get(parent.part_of or "")
        return found

    def divided(self, part: Observation) -> Observation | None:
        """The figure right in front of the 其中 under which a figure is listed."""
        start, at = self.paragraph(part)[0], self.position[part.id]
        mark = self.clean.rfind("其中", start, part.clean_start)
        if mark < 0 or part.clean_start - mark > 240 or part.kind != "level":
            return None
        for x in reversed(self.items[max(0, at - 24) : at]):
            if x.clean_end <= mark:
                close = x.kind == "level" and same_measure(x, part) and x.status == part.status and x.value
                if close and mark - x.clean_end <= 30:
                    return x
                if x.kind not in ("growth", "change", "share") or mark - x.clean_end > 40:
                    return None
        return None

    def by_words(self, whole: Observation, part: Observation) -> bool:
        """Whether words (其中, 中, a bracket) tie a part to its whole, so that the link does not hang on the figures."""
        if part.clean_start < whole.clean_end or part.clean_start - whole.clean_end > 240:
            return False
        gap = self.between(whole, part)
        near = whole.sentence == part.sentence
        return bool(
            re.search(r"(?:其中|包括)[^。]*$" if near else r"^[^。]{0,30}[。；]?其中[^。]*$", gap)
            or (near and re.search(r"^[^，。；]{0,14}中[，,]|^[^，。；、0-9]{0,10}[（(：:][^）)]*$", gap))
            or (near and re.search(r"^[^，。；0-9]{1,20}分别[为是有]?[^，。；、0-9]{0,6}$", gap))
        )

    def paragraph(self, o: Observation) -> tuple[int, int]:
        """Clean span of the paragraph that holds an observation."""
        start = self.clean.rfind("\n", 0, o.clean_start) + 1
        end = self.clean.find("\n", o.clean_end)
        return start, len(self.clean) if end < 0 else end


def number(value: Decimal, places: int = 2) -> str:
    """A decimal without needless zeros, rounded half up to ``places``."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def chinese(n: int) -> str:
    """A small count in Chinese: 两, 三, 十二."""
    if n == 2:
        return "两"
    if n <= 10:
        return _NUMERALS[n]
    return f"十{_NUMERALS[n - 10]}" if n < 20 else str(n)


def same_measure(a: Observation, b: Observation) -> bool:
    """Whether two quantities may be added or compared: the same unit, or both head or piece counts of schools and the like."""
    if a.unit == b.unit:
        return True
    return a.unit in ("所", "个", "家", "处") and b.unit in ("所", "个", "家", "处")


@lru_cache(1 << 14)
def period_years(period: str | None) -> tuple[int, int] | None:
    """First and last year of a period, None when unknown."""
    years = re.findall(r"\d{4}", period or "")
    return (int(years[0]), int(years[-1])) if years else None


def identify(check: str, members: Iterable[str]) -> str:
    """A stable id from the check and its members."""
    key = check + "|" + "|".join(members)
    return "f" + hashlib.blake2b(key.encode("utf-8"), digest_size=6).hexdigest()


def arithmetic(
    left: str,
    right: str,
    left_interval: Interval | None = None,
    right_interval: Interval | None = None,
    difference: Decimal | None = None,
    unit: str | None = None,
) -> Arithmetic:
    """Both sides in words and as intervals."""
    a, b = left_interval or Interval(None, None), right_interval or Interval(None, None)
    return Arithmetic(left, right, a.low, a.high, b.low, b.high, difference, unit)


def finding(
    check: str,
    kind: str,
    severity: Severity,
    views: Sequence[View],
    members: Sequence[Observation],
    message: str,
    how: Arithmetic | None = None,
    explanations: Sequence[str] = (),
) -> Finding:
    """A finding with its stable id; members in the order given, each once."""
    ids = tuple(dict.fromkeys(o.id for o in members))
    sources = tuple(dict.fromkeys(v.source for v in views))
    return Finding(
        identify(check + kind, (*sources, *ids) if ids else (*sources, message)),
        check,
        kind,
        severity,
        sources,
        ids,
        message,
        how,
        tuple(explanations),
    )


def verified(
    check: str,
    kind: str,
    view: View,
    members: Sequence[Observation],
    how: Arithmetic | None = None,
    note: str = "",
) -> Verified:
    """A relation that holds."""
    return Verified(check, kind, (view.source,), tuple(dict.fromkeys(o.id for o in members)), how, note)


__all__ = [
    "INFERRED", "View", "arithmetic", "chinese", "finding", "identify", "number", "period_years", "plain_name", "same_measure", "verified",
]  # fmt: skip
