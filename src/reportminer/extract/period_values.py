"""From the words of a time expression to its period or relative form: one small function per rule of the grammar."""

from __future__ import annotations

import re
from collections.abc import Callable

from reportminer.extract.period_grammar import (
    COUNT,
    DAY,
    MONTH,
    POINT,
    TO,
    YEAR,
    YEAR_CHINESE,
    Grammar,
    number,
    year_of,
)


def _part(text: str) -> str | None:
    """The months of a year part: 5月 → ``05``, 上半年 → ``01/06``, 12月30日 → ``12-30``, 秋季 → ```` (the year stays as it is)."""
    text = re.sub(r"\s", "", text)
    if m := re.fullmatch(rf"({MONTH})月({DAY})[日号]", text):
        return f"{number(m[1]):02d}-{number(m[2]):02d}"
    if m := re.fullmatch(rf"({MONTH})月{DAY}[日号]?{TO}(?:({MONTH})月)?{DAY}[日号]", text):
        first, last = number(m[1]), number(m[2] or m[1])
        return f"{first:02d}" if first == last else f"{first:02d}/{last:02d}"
    if m := re.fullmatch(rf"({MONTH})(?:月份?)?{TO}({MONTH})月份?", text):
        first, last = number(m[1]), number(m[2])
        return f"{first:02d}/{last:02d}" if first < last else f"{last:02d}"
    if m := re.match(rf"({MONTH})月", text):
        return f"{number(m[1]):02d}"
    if text in ("上半年", "下半年"):
        return "01/06" if text[0] == "上" else "07/12"
    if m := re.fullmatch(r"前([一二三两1-3])个?季度", text):
        return f"01/{number(m[1]) * 3:02d}"
    if m := re.fullmatch(rf"第?([一二三四1-4]){TO}第?([二三四2-4])季度", text):
        return f"{number(m[1]) * 3 - 2:02d}/{number(m[2]) * 3:02d}"
    if (m := re.fullmatch(rf"([前后])({COUNT})个?月", text)) and (n := number(m[2])) <= 12:
        first, last = (1, n) if m[1] == "前" else (13 - n, 12)
        return f"{first:02d}/{last:02d}" if first < last else f"{first:02d}"
    if text in ("首季", "首季度"):
        return "01/03"
    if text in ("首月", "伊始"):
        return "01"
    if m := re.fullmatch(r"第?([一二三四1-4])季度", text):
        last = number(m[1]) * 3
        return f"{last - 2:02d}/{last:02d}"
    if re.fullmatch(POINT, text):
        return "01" if text.endswith("初") else "12"
    return None


def with_part(year: str, part: str | None) -> str:
    """``2019`` and ``01/06`` → ``2019-01/2019-06``."""
    if not part:
        return year
    return "/".join(f"{year}-{p}" for p in part.split("/"))


Made = tuple[str | None, str | None, int | None]  # period, relative, number


def _school(g: Grammar, t: str) -> Made:
    years = re.findall(YEAR, t)
    if "学年" in t:
        return years[0], None, None
    last = years[1] if len(years) > 1 else years[0][:2] + re.findall(r"\d\d", t)[2]
    return f"{years[0]}/{last}", None, None


def _months(g: Grammar, t: str) -> Made:
    a, b = re.findall(rf"({YEAR})\s?年\s?({MONTH})\s?月", t)
    return f"{a[0]}-{number(a[1]):02d}/{b[0]}-{number(b[1]):02d}", None, None


def _years(g: Grammar, t: str) -> Made:
    if re.match(YEAR_CHINESE, t):
        a, b = (year_of(y) for y in re.findall(YEAR_CHINESE, t))
    else:
        found = re.findall(r"\d{4}|\d\d", t)
        first = found[0] if len(found[0]) == 4 else "20" + found[0]  # 07年—10年
        a, b = first, found[1] if len(found[1]) == 4 else first[:2] + found[1]
    return (f"{a}/{b}" if a < b else b), None, None


def _iso(g: Grammar, t: str) -> Made:
    y, m, d = re.split(r"[-/.]", t)
    if 1 <= int(m) <= 12 and 1 <= int(d) <= 31:
        return f"{y}-{int(m):02d}-{int(d):02d}", None, None
    return y, None, None


def _monthyear(g: Grammar, t: str) -> Made:
    """2008年3月-2009年, 1985到89年9月: one end has no month."""
    years = [m[0] for m in re.finditer(r"\d{4}|\d\d(?=\s?年)", t)]
    last = years[1] if len(years[1]) == 4 else years[0][:2] + years[1]
    head, _, tail = t.partition(years[1])
    a, b = re.search(rf"({MONTH})\s?月", head), re.search(rf"({MONTH})\s?月", tail)
    return f"{years[0]}-{number(a[1]) if a else 1:02d}/{last}-{number(b[1]) if b else 12:02d}", None, None


def _dotted(g: Grammar, t: str) -> Made:
    a, b = re.findall(r"(\d{4})\.(\d\d)", t)
    return f"{'-'.join(a)}/{'-'.join(b)}", None, None


def _short(g: Grammar, t: str) -> Made:
    m = re.match(r"(..)\s?年(.*)", t, re.S)
    assert m is not None  # the rule that found it says so
    year = int(year_of(m[1]))
    return with_part(str(year + (2000 if year < 50 else 1900)), _part(m[2])), None, None


def _decade(g: Grammar, t: str) -> Made:
    century, _, rest = t.rpartition("世纪")
    tens = rest.partition("年")[0]
    ten = number(tens)
    if century in ("上", "上个"):
        base = 1900
    elif century in ("本", "本个"):
        base = 2000
    elif century:
        base = (number(century) - 1) * 100
    elif ten >= 30:
        base = 1900
    else:
        return None, None, None
    return f"{base + ten}/{base + ten + 9}", None, None


def _month(g: Grammar, t: str) -> Made:
    base = {"本": "this", "当": "this", "上": "last", "下": "next"}[t[0]]
    if "季度" in t:
        return None, f"{base}_quarter", None
    day = re.search(rf"({DAY})\s?[日号]$", t)
    return None, f"{base}_month" + (f"@{number(day[1]):02d}" if day else ""), None


def _nextof(g: Grammar, t: str) -> Made:
    part = _part(t[2:]) if len(t) > 2 else None
    return None, f"next_year@{part}" if part else "next_year", None


def _date(g: Grammar, t: str) -> Made:
    m = re.match(rf"({YEAR}|{YEAR_CHINESE})\s?(?:学年|年度?)\s?(.*)", t, re.S)
    assert m is not None  # the rule that found it says so
    return with_part(year_of(m[1]), _part(m[2]) if m[2] else None), None, None


def _plan(g: Grammar, t: str) -> Made:
    word = next(w for w in g.plans if w in t)
    first, last = g.plans[word].split("/")
    if t.endswith("以来"):
        return None, f"since@{first}", None
    tail = t.partition(word)[2].strip("”\"’'")
    if tail in ("末期", "期末", "末"):
        return last, None, None
    if tail in ("初期", "期初", "初"):
        return first, None, None
    return g.plans[word], None, None


def _word(g: Grammar, t: str) -> Made:
    rest = g.lead.sub("", t, count=1) if t not in g.words else t
    word = next((w for w in sorted(g.words, key=len, reverse=True) if rest.startswith(w)), rest)
    base = g.words[word]
    tail = rest[len(word) :].removeprefix("度").removeprefix("为止").strip()
    if tail == "以来":
        return None, "this_year" if base == "this_year" else f"since@{base}", None
    part = _part(tail) if tail and tail != "同期" else None
    return None, f"{base}@{part}" if part else base, None


def _count(relative: str) -> Callable[[Grammar, str], Made]:
    def make(g: Grammar, t: str) -> Made:
        found = re.findall(COUNT, re.sub(r"[学下一]个", "", t))
        return None, relative, number(found[-1])

    return make


def _bare(g: Grammar, t: str) -> Made:
    part = _part(t)
    return None, f"that_year@{part}" if part else "that_year", None


MAKERS: dict[str, Callable[[Grammar, str], Made]] = {
    "school": _school,
    "months": _months,
    "years": _years,
    "iso": _iso,
    "date": _date,
    "monthyear": _monthyear,
    "dotted": _dotted,
    "short": _short,
    "decade": _decade,
    "month": _month,
    "nextof": _nextof,
    "after": _count("after_n"),
    "list": lambda g, t: (t, None, None),
    "masked": lambda g, t: (None, None, None),
    "maskspan": lambda g, t: (None, None, None),
    "plan": _plan,
    "winter": lambda g, t: (None, "this_next" if t[0] == "今" else "since@last_year", None),
    "next": _count("next_n"),
    "last": _count("last_n"),
    "within": _count("within_n"),
    "ago": _count("ago_n"),
    "past": _count("last_n"),
    "effort": _count("last_n"),
    "word": _word,
    "part": _bare,
    "same": lambda g, t: (None, "same_period", None),
}
