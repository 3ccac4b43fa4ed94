"""Time expressions of Chinese reports: years, months, school years, five-year plans, relative words.

``find_periods`` reads what the text alone says; ``resolve`` turns a relative expression into a period once the reporting year is
known; ``periods`` does both against a reference date. Nothing here looks at a clock.

A relative expression is written ``base`` or ``base@suffix``: ``this_year@05`` is May of this year, ``that_year@01/06`` the first half
of the year that is being spoken of, ``since@2009-06`` from June 2009 to the reporting year, ``since@last_year`` since last year.
Bases: ``this_year last_year next_year year_before_last year_after_next that_year now last_n next_n within_n ago_n since this_next
next_two same_period``; those ending in ``_n`` use ``PeriodExpr.number``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from reportminer.core import PeriodExpr
from reportminer.lexicon import Lexicon, default_lexicon

OFFSETS = {
    "this_year": 0,
    "that_year": 0,
    "now": 0,
    "last_year": -1,
    "next_year": 1,
    "year_before_last": -2,
    "year_after_next": 2,
}

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "O": 0, "两": 2}
_Y = r"(?<!\d)(?:[1１][9９]|[2２][0０])\d\d"
_YC = r"[一二][九〇○零ＯO][一二三四五六七八九〇○零]{2}"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_N = r"(?:[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]|[1-9]\d?)"
_TO = r"\s?(?:[-—－–~～─]{1,2}|至|到)\s?"
_MASK = r"[xX×＊*○ＸｘХ]"
_QUARTER = r"(?:上半年|下半年|前[二三两]季度|第?[一二三四1-4]季度)"
_POINT = r"(?:年底|年末|年终|年初(?![中级高一二三步])|底(?![子数线层部薄])|末(?![端位])|终(?![端身点])|初(?![中级高一二三步审评赛试次始衷]))"
_SEASON = r"(?:春季学期|秋季学期|春季|秋季|春节|暑假|寒假|暑期|夏季|冬季|春|秋)"
# what may follow a year: a part of it (year and part make one expression)
_PART = (
    rf"(?:{_M}\s?月\s?{_D}\s?日{_TO}(?:{_M}\s?月\s?)?{_D}\s?日|{_M}\s?月\s?{_D}\s?日|{_M}(?:\s?月份?)?{_TO}{_M}\s?月份?"
    rf"|{_M}\s?月(?:份|底|末|初|[上中下]旬)?|{_QUARTER}|{_POINT}|{_SEASON})"
)
_GAP_SINCE = re.compile(
    r"(?P<gap>[^，,。；;、：:\d\n]{0,14}?)(?:以来|至今|到现在|到目前|到今天|迄今)|(?P<from>(?:[^，,。；;、：:\d\n]{0,4})起)(?![步草点源])"
)
_FROM = re.compile(r"[自从]\s?$")


def _number(text: str) -> int:
    """A small Chinese or Arabic number: 五 → 5, 十二 → 12, 二十 → 20."""
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS[text]


def _year(text: str) -> str:
    return "".join(c if c.isdigit() else str(_DIGITS[c]) for c in text.translate(_HALF))


_HALF = str.maketrans("０１２３４５６７８９", "0123456789")


class Grammar:
    """The compiled expression grammar for one lexicon (``lexicons/periods.tsv``)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.words: dict[str, str] = {}
        self.plans: dict[str, str] = {}
        names: list[str] = []
        for row in lexicon.table("periods"):
            word, role, value = row["word"], row["role"], row["value"]
            if role == "relative":
                if value not in (*OFFSETS, "this_next", "next_two") and not re.fullmatch(
                    r"since@\d{4}", value
                ):
                    raise row.fail(f"不认识的相对时间“{value}”")
                self.words[word] = value
            elif role == "plan":
                if not re.fullmatch(r"\d{4}/\d{4}", value):
                    raise row.fail("五年计划应写作“2016/2020”这样的起止年份")
                self.plans[word] = value
            elif role == "plan_name":
                names.append(word)
        words = "|".join(sorted(map(re.escape, self.words), key=len, reverse=True))
        plans = "|".join(sorted(map(re.escape, self.plans), key=len, reverse=True))
        plan_names = "|".join(map(re.escape, names)) or r"(?!)"
        rules: list[tuple[str, str]] = [
            (
                "school",
                rf"{_Y}\s?(?:[-—－–~～/]{{1,2}}|至|到)\s?(?:{_Y}|\d\d)\s?(?:学年|年度)(?:度?第?[一二上下]学期)?",
            ),
            (
                "months",
                rf"{_Y}\s?年\s?{_M}\s?月(?:{_D}\s?日)?{_TO}{_Y}\s?年\s?{_M}\s?月(?:份|底|末|初|{_D}\s?日)?",
            ),
            (
                "years",
                rf"(?:{_Y}\s?(?:年度?)?{_TO}(?:{_Y}|\d\d(?=\s?年))\s?年(?:度|底|末)?|{_YC}年?{_TO}{_YC}年)",
            ),
            ("iso", rf"{_Y}(?:-\d\d?-\d\d?|/\d\d?/\d\d?|\.\d\d?\.\d\d?)(?!\d)"),
            ("date", rf"(?:{_Y}|{_YC})\s?(?:学年|年度?)(?:\s?{_PART})?"),
            ("list", rf"{_Y}(?=(?:[、和与]{_Y})+\s?年)"),
            (
                "masked",
                rf"(?<![\dxX×*＊])(?:[2２][0０]|[1１][9９])?\d?{_MASK}{{1,4}}\s?(?:年度?|学年)(?!来|内|时间|前|级|[^，。]{{0,3}}时间)",
            ),
            ("maskspan", rf"{_MASK}{{2,4}}{_TO}{_MASK}{{2,4}}\s?年"),
            (
                "plan",
                rf"[“\"‘']?(?:{plans})[”\"’']?(?![”\"’']?(?:{plan_names}))(?:期间|时期|末期|期末|末|初期|期初|初|以来)?",
            ),
            ("winter", r"今冬明春|去冬今春"),
            ("next", rf"(?:今后|未来|接下来|此后|往后)的?{_N}(?:{_TO}{_N})?年(?:内|间|里|时间)?"),
            ("last", rf"(?<!提前)(?:最近|近|过去|上述|这)的?{_N}年(?:多来|来|间|里|中|内)?(?!级|制|前)"),
            (
                "within",
                rf"(?<!连续)(?:利用|用){_N}(?:年?{_TO}{_N})?年(?:左右)?的?时间|(?<![学前中续每第]){_N}年之?内",
            ),
            ("ago", rf"(?<![续每第学]){_N}年(?:之前|以前|前)(?!期)"),
            (
                "past",
                rf"(?<![续每第学前近中长达满龄\d.]){_N}(?:多|余)?年(?:多来|以来|来|间|(?=共|累计|总共|合计|先后|投入|投资|新建|[改扩]建|建成|建设|修建|改造|完成|实施|公开招聘|招聘|招录|引进|培训|新增|净增|实际利用|减贫|脱贫|转移|资助|争取|下降了?\d|减少了?\d))",
            ),
            ("word", rf"(?:截至|截止|到)?(?:{words})(?:度|为止)?(?:同期|以来|\s?{_PART})?"),
            ("part", rf"(?<![\d.个年每第xX×*＊]){_PART}"),
            ("same", r"同期"),
        ]
        first = "0123456789０１２３４５６７８９一二三四五六七八九十两〇○xX×＊*ＸｘХ“\"‘'今去未接此往最近过前上这用利通经年下第同"
        first += "".join(
            {w[0] for w in (*self.words, *self.plans)} | {"截", "到", "春", "秋", "夏", "暑", "寒", "底"}
        )
        chars = "".join(sorted(set(first)))
        body = "|".join(f"(?P<{name}>{rule})" for name, rule in rules)
        self.pattern = re.compile(rf"(?=[{re.escape(chars)}])(?:{body})")
        self.lead = re.compile(r"(?:截至|截止|到)")


@cache
def _grammar(lexicon: Lexicon) -> Grammar:
    return Grammar(lexicon)


def _part(text: str) -> str | None:
    """The months of a year part: 5月 → ``05``, 上半年 → ``01/06``, 12月30日 → ``12-30``, 秋季 → ```` (the year stays as it is)."""
    text = re.sub(r"\s", "", text)
    if m := re.fullmatch(rf"({_M})月({_D})日", text):
        return f"{_number(m[1]):02d}-{_number(m[2]):02d}"
    if m := re.fullmatch(rf"({_M})月{_D}日{_TO}(?:({_M})月)?{_D}日", text):
        first, last = _number(m[1]), _number(m[2] or m[1])
        return f"{first:02d}" if first == last else f"{first:02d}/{last:02d}"
    if m := re.fullmatch(rf"({_M})(?:月份?)?{_TO}({_M})月份?", text):
        first, last = _number(m[1]), _number(m[2])
        return f"{first:02d}/{last:02d}" if first < last else f"{last:02d}"
    if m := re.match(rf"({_M})月", text):
        return f"{_number(m[1]):02d}"
    if text in ("上半年", "下半年"):
        return "01/06" if text[0] == "上" else "07/12"
    if m := re.fullmatch(r"前([二三两])季度", text):
        return f"01/{_number(m[1]) * 3:02d}"
    if m := re.fullmatch(r"第?([一二三四1-4])季度", text):
        last = _number(m[1]) * 3
        return f"{last - 2:02d}/{last:02d}"
    if re.fullmatch(_POINT, text):
        return "01" if text.endswith("初") else "12"
    return None


def _with_part(year: str, part: str | None) -> str:
    """``2019`` and ``01/06`` → ``2019-01/2019-06``."""
    if not part:
        return year
    return "/".join(f"{year}-{p}" for p in part.split("/"))


Made = tuple[str | None, str | None, int | None]  # period, relative, number


def _school(g: Grammar, t: str) -> Made:
    years = re.findall(_Y, t)
    if "学年" in t:
        return years[0], None, None
    last = years[1] if len(years) > 1 else years[0][:2] + re.findall(r"\d\d", t)[2]
    return f"{years[0]}/{last}", None, None


def _months(g: Grammar, t: str) -> Made:
    a, b = re.findall(rf"({_Y})\s?年\s?({_M})\s?月", t)
    return f"{a[0]}-{_number(a[1]):02d}/{b[0]}-{_number(b[1]):02d}", None, None


def _years(g: Grammar, t: str) -> Made:
    if re.match(_YC, t):
        a, b = (_year(y) for y in re.findall(_YC, t))
    else:
        found = re.findall(r"\d{4}|\d\d", t)
        a, b = found[0], found[1] if len(found[1]) == 4 else found[0][:2] + found[1]
    return (f"{a}/{b}" if a < b else b), None, None


def _iso(g: Grammar, t: str) -> Made:
    y, m, d = re.split(r"[-/.]", t)
    if 1 <= int(m) <= 12 and 1 <= int(d) <= 31:
        return f"{y}-{int(m):02d}-{int(d):02d}", None, None
    return y, None, None


def _date(g: Grammar, t: str) -> Made:
    m = re.match(rf"({_Y}|{_YC})\s?(?:学年|年度?)\s?(.*)", t, re.S)
    assert m is not None  # the rule that found it says so
    return _with_part(_year(m[1]), _part(m[2]) if m[2] else None), None, None


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
        found = re.findall(_N, re.sub(r"[学下一]个", "", t))
        return None, relative, _number(found[-1])

    return make


def _bare(g: Grammar, t: str) -> Made:
    part = _part(t)
    return None, f"that_year@{part}" if part else "that_year", None


_MAKERS: dict[str, Callable[[Grammar, str], Made]] = {
    "school": _school,
    "months": _months,
    "years": _years,
    "iso": _iso,
    "date": _date,
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
_SKIP_PART = re.compile(rf"(?:{_SEASON}|底|末|终|初)$")


def find_periods(
    text: str, start: int = 0, end: int | None = None, lexicon: Lexicon | None = None
) -> list[PeriodExpr]:
    """Time expressions in ``text[start:end]`` in order, with offsets into ``text``.

    ``period`` is filled where the text alone gives it (2016年12月30日 → ``2016-12-30``); otherwise ``relative`` (and ``number``) say
    what ``resolve`` needs. Masked years (20XX年) have ``masked`` set. Words without a period (每年, 近年来, 连续三年) are not returned.
    """
    g = _grammar(lexicon or default_lexicon())
    stop = len(text) if end is None else end
    out: list[PeriodExpr] = []
    done = start
    for m in g.pattern.finditer(text, start, stop):
        rule = m.lastgroup or ""
        a, b = m.span()
        if a < done:  # inside 2008年…到现在
            continue
        found = m.group()
        if rule == "part" and _SKIP_PART.fullmatch(found):  # 秋季, 底 alone name no period
            continue
        if rule == "masked" and _is_mask_of_duration(text, a, found):
            continue
        period, relative, number = _MAKERS[rule](g, found.translate(_HALF))
        if period is not None and rule in ("date", "list", "iso", "months"):
            s = _GAP_SINCE.match(text, b, stop)
            if s and ((not s["gap"] and not s["from"]) or _FROM.search(text, max(0, a - 2), a)):
                relative, b = f"since@{period.partition('/')[0]}", s.end()
                period = None
        done = b
        out.append(PeriodExpr(a, b, text[a:b], period, relative, number, rule in ("masked", "maskspan")))
    return out


_DURATION_BEFORE = re.compile(r"(?:近|用|连续|历时|为期|满|达|建[校市县]|第)\s?$")


def _is_mask_of_duration(text: str, at: int, found: str) -> bool:
    """Whether xx年 stands for a number of years (连续x年, 建校xx年) and not for a year."""
    if found.translate(_HALF).startswith(("19", "20")):
        return False
    return len(re.findall(_MASK, found)) < 2 or _DURATION_BEFORE.search(text, max(0, at - 3), at) is not None


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
        return _with_part(str(y + OFFSETS[base]), suffix or None)
    if base == "last_n":
        return f"{y - n + 1}/{y}" if n > 1 else str(y)
    if base in ("next_n", "within_n"):
        return f"{y + 1}/{y + n}" if n > 1 else str(y + 1)
    if base == "ago_n":
        return str(y - n)
    if base in ("this_next", "next_two"):
        first = y if base == "this_next" else y + 1
        return f"{first}/{first + 1}"
    if base == "since":
        return _since(suffix, y, date)
    return None  # same_period: only its neighbour says which


def _since(start: str, year: int, date: str | None) -> str:
    if start in OFFSETS:
        start = str(year + OFFSETS[start])
    if int(start[:4]) >= year:
        return start if len(start) == 4 else start[:7]
    if len(start) > 4 and date and len(date) >= 7 and date[:4] == str(year):
        return f"{start[:7]}/{date[:7]}"
    return f"{start[:4]}/{year}"


_SENTENCE = re.compile(r"[。！？；\n]")


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
