"""Time expressions of Chinese reports: years, months, school years, five-year plans, relative words.

``find_periods`` reads what the text alone says; ``resolve`` turns a relative expression into a period once the reporting year is
known; ``periods`` does both against a reference date. Nothing here looks at a clock.

A relative expression is written ``base`` or ``base@suffix``: ``this_year@05`` is May of this year, ``that_year@01/06`` the first half
of the year that is being spoken of, ``since@2009-06`` from June 2009 to the reporting year, ``since@last_year`` since last year.
Bases: ``this_year last_year next_year year_before_last year_after_next that_year now last_n next_n within_n ago_n after_n since
this_next next_two same_period``, and ``this_month last_month next_month`` and the same with ``_quarter``; those ending in ``_n`` use ``PeriodExpr.number``.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from functools import lru_cache

from reportminer.core import PeriodExpr
from reportminer.core.making import maker
from reportminer.extract.period_grammar import HALF, MASKED, OFFSETS, SEASON, Grammar, grammar
from reportminer.extract.period_values import MAKERS, Made, with_part
from reportminer.lexicon import Lexicon, default_lexicon

_GAP_SINCE = re.compile(
    r"(?P<gap>[^，,。；;、：:\d\n]{0,14}?)(?:以来|至今|到现在|到目前|到今天|迄今)|(?P<from>(?:[^，,。；;、：:\d\n]{0,4})起)(?![步草点源])"
)
_FROM = re.compile(r"[自从]\s?$")


_SKIP_PART = re.compile(rf"(?:{SEASON}|底|末|终|初)$")


def find_periods(
    text: str, start: int = 0, end: int | None = None, lexicon: Lexicon | None = None
) -> list[PeriodExpr]:
    """Time expressions in ``text[start:end]`` in order, with offsets into ``text``.

    ``period`` is filled where the text alone gives it (2016年12月30日 → ``2016-12-30``); otherwise ``relative`` (and ``number``) say
    what ``resolve`` needs. Masked years (20XX年) have ``masked`` set. Words without a period (每年, 近年来, 连续三年) are not returned.
    """
    g = grammar(lexicon or default_lexicon())
    stop = len(text) if end is None else end
    out: list[PeriodExpr] = []
    done = start
    for m in g.expressions(text, start, stop):
        rule = m.lastgroup or ""
        a, b = m.span()
        if a < done:  # inside 2008年…到现在
            continue
        found = m.group()
        if rule == "part" and _SKIP_PART.fullmatch(found):  # 秋季, 底 alone name no period
            continue
        if rule == "masked" and _is_mask_of_duration(text, a, found):
            continue
        period, relative, number = _made(g, rule, found)
        if rule == "decade" and period is None:
            continue
        if rule == "nextof" and out and out[-1].period and not _SENTENCE.search(text, out[-1].end, a):
            period = with_part(str(int(out[-1].period[:4]) + 1), (relative or "").partition("@")[2] or None)
            relative = None
        if (
            rule == "word"
            and relative in _FROM_WORDS
            and text.startswith("起", b)
            and _FROM.search(text, max(0, a - 2), a)
        ):
            relative, b = f"since@{relative}", b + 1
        elif rule == "word" and (since := _SINCE_PART.fullmatch(relative or "")) and text.startswith("起", b):
            relative, b = f"since@{since[1]}-{since[2]}", b + 1
        if period is not None and rule in ("date", "list", "iso", "months"):
            s = _GAP_SINCE.match(text, b, stop)
            if s and (
                (not s["gap"] and not s["from"])
                or _FROM.search(text, max(0, a - 2), a)
                or (s["from"] == "起" and len(period) > 4)
            ):
                relative, b = f"since@{period.partition('/')[0]}", s.end()
                period = None
        done = b
        out.append(_expression(a, b, text[a:b], period, relative, number, rule in ("masked", "maskspan")))
    return out


_expression = maker(PeriodExpr)


@lru_cache(maxsize=4096)  # 今年 and the years around it are most of a text
def _made(g: Grammar, rule: str, found: str) -> Made:
    """Period, relative form and number of one expression."""
    return MAKERS[rule](g, found.translate(HALF))


_FROM_WORDS = frozenset(["this_year", "last_year", "year_before_last"])
_SINCE_PART = re.compile(r"(this_year|last_year|year_before_last)@(\d\d)")
_SENTENCE = re.compile(r"[。！？；\n]")
_DURATION_BEFORE = re.compile(r"(?:近|用|连续|历时|为期|满|达|建[校市县]|第)\s?$")


def _is_mask_of_duration(text: str, at: int, found: str) -> bool:
    """Whether xx年 stands for a number of years (连续x年, 建校xx年) and not for a year."""
    if found.translate(HALF).startswith(("19", "20")):
        return False
    return len(re.findall(MASKED, found)) < 2 or _DURATION_BEFORE.search(text, max(0, at - 3), at) is not None


def resolve(expr: PeriodExpr, reporting_year: int | None, date: str | None = None) -> str | None:
    """The ISO period of ``expr`` for a report on ``reporting_year`` printed on ``date`` (ISO), None when it cannot be known.

    近三年 counts the reporting year as its last; 三年前 is three years before it; 自2009年6月以来 ends in the month of ``date`` when
    that lies in the reporting year, otherwise both ends are years.
    """
    if expr.masked:
        return None
    if expr.period is not None:
        return expr.period
    if reporting_year is None or expr.relative is None:
        return None
    y = reporting_year
    base, _, suffix = expr.relative.partition("@")
    n = expr.number or 1
    if base in OFFSETS:
        return with_part(str(y + OFFSETS[base]), suffix or None)
    if base == "last_n":
        return f"{y - n + 1}/{y}" if n > 1 else str(y)
    if base in ("next_n", "within_n"):
        return f"{y + 1}/{y + n}" if n > 1 else str(y + 1)
    if base in ("ago_n", "after_n"):
        return str(y - n if base == "ago_n" else y + n)
    if base.endswith(("_month", "_quarter")):
        return _near(base, suffix, y, date)
    if base in ("this_next", "next_two"):
        first = y if base == "this_next" else y + 1
        return f"{first}/{first + 1}"
    if base == "since":
        return _since(suffix, y, date)
    return None  # same_period: only its neighbour says which


def _near(base: str, day: str, year: int, date: str | None) -> str | None:
    """本月, 上个月, 上季度: known only where the date of the report is, and lies in its year."""
    if not date or len(date) < 7 or date[:4] != str(year):
        return None
    step = {"this": 0, "last": -1, "next": 1}[base.partition("_")[0]]
    if base.endswith("_month"):
        at = year * 12 + int(date[5:7]) - 1 + step
        return f"{at // 12}-{at % 12 + 1:02d}" + (f"-{day}" if day else "")
    at = year * 4 + (int(date[5:7]) - 1) // 3 + step
    first = at % 4 * 3 + 1
    return f"{at // 4}-{first:02d}/{at // 4}-{first + 2:02d}"


def _since(start: str, year: int, date: str | None) -> str:
    word, _, part = start.partition("-")
    if word in OFFSETS:
        start = str(year + OFFSETS[word]) + (f"-{part}" if part else "")
    if int(start[:4]) >= year:
        return start if len(start) == 4 else start[:7]
    if len(start) > 4 and date and len(date) >= 7 and date[:4] == str(year):
        return f"{start[:7]}/{date[:7]}"
    return f"{start[:4]}/{year}"


def periods(text: str, reference: datetime.date | None = None) -> list[PeriodExpr]:
    """Time expressions of ``text`` with relative ones resolved against ``reference`` (None leaves them unresolved).

    今年 is the year of ``reference``, 近三年 ends with it; a bare month or 上半年 belongs to the year named before it in its sentence.
    """
    year = reference.year if reference else None
    date = reference.isoformat() if reference else None
    out: list[PeriodExpr] = []
    named: int | None = None
    at = 0
    for expr in find_periods(text):
        if _SENTENCE.search(text, at, expr.start):
            named = None
        at = expr.end
        follows = (expr.relative or "").startswith("that_year")
        period = resolve(expr, named if follows and named else year, date)
        if period and not follows and len({*re.findall(r"\d{4}", period)}) == 1:
            named = int(period[:4])
        out.append(replace(expr, period=period))
    return out
