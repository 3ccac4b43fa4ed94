"""The expression grammar of periods: what a year, a month, a part of a year look like, and one pattern of all expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from reportminer.lexicon import Lexicon, looks, seconds

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
YEAR = r"(?<!\d)(?:[1１][9９]|[2２][0０])\d\d"
YEAR_CHINESE = r"[一二][九〇○零ＯO][一二三四五六七八九〇○零]{2}"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY = r"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
COUNT = r"(?:[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]|[1-9]\d?)"
TO = r"\s?(?:[-—－–~～─]{1,2}|至|到)\s?"
MASKED = r"[xX×＊*○ＸｘХ]"
QUARTER = (
    rf"(?:上半年|下半年|前[一二三两1-3]个?季度|第?[一二三四1-4]{TO}第?[二三四2-4]季度|第?[一二三四1-4]季度)"
)
MONTHS = rf"(?<![提产婚])前{COUNT}个月"
POINT = r"(?:年底|年末|年终|年初(?![中级高一二三步])|底(?![子数线层部薄])|末(?![端位])|终(?![端身点])|初(?![中级高一二三步审评赛试次始衷]))"
SEASON = r"(?:春季学期|秋季学期|春季|秋季|春节|暑假|寒假|暑期|夏季|冬季|春|秋)"
# what may follow a year: a part of it (year and part make one expression)
PART = (
    rf"(?:{MONTH}\s?月\s?{DAY}(?:\s?[日号])?{TO}(?:{MONTH}\s?月\s?)?{DAY}\s?[日号]|{MONTH}\s?月\s?{DAY}\s?[日号]|{MONTH}(?:\s?月份?)?{TO}{MONTH}\s?月份?"
    rf"|{MONTH}\s?月(?!龄)(?:份|底|末|初|[上中下]旬)?|{QUARTER}|{MONTHS}|{POINT}|{SEASON})"
)
# only directly after a year: 2022年首季度, 1967年前两月
AFTER_YEAR = rf"(?:{PART}|首季度?|首月|伊始|[前后]{COUNT}个?月)"
# a year of two digits, where its month, quarter or half follows
SHORT = (
    rf"(?<![\d.近过满达历时第用共计续约超为期每隔龄长])(?:\d\d|[〇零九八七][〇零一二三四五六七八九])\s?年"
    rf"(?:{MONTH}\s?月(?:\s?{DAY}\s?[日号])?(?:份|底|末|初)?|{QUARTER}|底|末(?![端位]))"
)
DECADE = r"(?:(?:上|本)(?:个)?世纪|(?:1\d|2[01]|十[一二三四五六七八九]|二十一?)世纪)?(?:[1-9]0|[一二三四五六七八九]十)年代(?:初期?|末期?|中期|前期|后期)?"


def number(text: str) -> int:
    """A small Chinese or Arabic number: 五 → 5, 十二 → 12, 二十 → 20."""
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS[text]


def year_of(text: str) -> str:
    """A year in any digits as arabic ones: 二〇一九 → 2019."""
    return "".join(c if c.isdigit() else str(_DIGITS[c]) for c in text.translate(HALF))


HALF = str.maketrans("０１２３４５６７８９", "0123456789")


_DIGIT, _NUMERAL, _MASK = "0123456789０１２３４５６７８９", "一二三四五六七八九十两〇○零", "xX×＊*ＸｘХ"
# what the expressions of a rule may open with: d a digit, n a numeral, m a mask, w a word
_OPENS = {
    "school": "d", "months": "d", "monthyear": "d", "dotted": "d", "years": "dn", "iso": "d", "date": "dn", "decade": "dnw",
    "short": "dn", "list": "d", "masked": "dmn", "maskspan": "mn", "plan": "dnmw", "winter": "w", "next": "w", "last": "w",
    "within": "dnw", "after": "dn", "ago": "dn", "past": "dn", "word": "dnmw", "month": "w", "nextof": "w", "part": "dnw", "same": "w",
}  # fmt: skip


def _either(rules: Iterable[tuple[str, str]]) -> str:
    return "|".join(f"(?P<{name}>{rule})" for name, rule in rules)


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
                rf"{YEAR}\s?(?:[-—－–~～/]{{1,2}}|至|到)\s?(?:{YEAR}|\d\d)\s?(?:学年|年度)(?:度?第?[一二上下]学期)?",
            ),
            (
                "months",
                rf"{YEAR}\s?年\s?{MONTH}\s?月(?:{DAY}\s?[日号])?{TO}{YEAR}\s?年\s?{MONTH}\s?月(?:份|底|末|初|{DAY}\s?[日号])?",
            ),
            (
                "monthyear",
                rf"{YEAR}\s?年\s?{MONTH}\s?月{TO}{YEAR}\s?年(?:底|末)?|{YEAR}年?{TO}(?:{YEAR}|\d\d)\s?年\s?{MONTH}\s?月(?:份|底|末)?",
            ),
            (
                "dotted",
                rf"{YEAR}\.(?:1[0-2]|0[1-9])\s?[-—－–~～]{{1,2}}\s?{YEAR}\.(?:1[0-2]|0[1-9])(?![\d.])",
            ),
            (
                "years",
                rf"(?:{YEAR}\s?(?:年度?)?{TO}(?:{YEAR}|\d\d(?=\s?年))\s?年(?:度|底|末)?|{YEAR_CHINESE}年?{TO}{YEAR_CHINESE}年|(?<![\d.])0\d年?{TO}[01]\d年(?!级))",
            ),
            ("iso", rf"{YEAR}(?:-\d\d?-\d\d?|/\d\d?/\d\d?|\.\d\d?\.\d\d?)(?!\d)"),
            ("date", rf"(?:{YEAR}|{YEAR_CHINESE})\s?(?:学年|年度?)(?:\s?{AFTER_YEAR})?"),
            ("decade", DECADE),
            ("short", SHORT),
            ("list", rf"{YEAR}(?=(?:[、和与]{YEAR})+\s?年)"),
            (
                "masked",
                rf"(?<![\dxX×*＊])(?:[2２][0０]|[1１][9９])?\d?{MASKED}{{1,4}}\s?(?:年度?|学年)(?!来|内|时间|前|级|[^，。]{{0,3}}时间)",
            ),
            ("maskspan", rf"{MASKED}{{2,4}}{TO}{MASKED}{{2,4}}\s?年"),
            (
                "plan",
                rf"[“\"‘']?(?:{plans})[”\"’']?(?![”\"’']?(?:{plan_names}))(?:期间|时期|末期|期末|末|初期|期初|初|以来)?",
            ),
            ("winter", r"今冬明春|去冬今春"),
            ("next", rf"(?:今后|未来|接下来|此后|往后)的?{COUNT}(?:{TO}{COUNT})?年(?:内|间|里|时间)?"),
            ("last", rf"(?<!提前)(?:最近|近|过去|上述|这)的?{COUNT}年(?:多来|来|间|里|中|内)?(?!级|制|前)"),
            (
                "within",
                rf"(?<!连续)(?:利用|用){COUNT}(?:年?{TO}{COUNT})?年(?:左右)?的?时间|(?<![学前中续每第]){COUNT}年之?内",
            ),
            ("after", rf"(?<![续每第学\d.]){COUNT}年(?:之后|以后|后)(?![期备勤续台方])"),
            ("ago", rf"(?<![续每第学]){COUNT}年(?:之前|以前|前)(?!期)"),
            (
                "past",
                rf"(?<![续每第学前近中长达满龄\d.]){COUNT}(?:多|余)?年(?:多来|以来|来|间|(?=共|累计|总共|合计|先后|投入|投资|新建|[改扩]建|建成|建设|修建|改造|完成|实施|公开招聘|招聘|招录|引进|培训|新增|净增|实际利用|减贫|脱贫|转移|资助|争取|下降了?\d|减少了?\d|通过|补充|累积|下来|拨付|筹措|筹集|安排|发放|完工|开工|竣工|撤并|资助))",
            ),
            ("word", rf"(?:截至|截止|到)?(?:{words})(?:度|为止)?(?:同期|以来|\s?{AFTER_YEAR})?"),
            (
                "month",
                rf"(?<!以)(?<!年)(?:本|当|上个?|下个?)(?:月(?:份|初|底|末|[上中下]旬|\s?{DAY}\s?[日号])?(?![均度考供])|季度)",
            ),
            ("nextof", rf"次年(?:\s?{AFTER_YEAR})?"),
            ("part", rf"(?<![\d.个年每第xX×*＊]){PART}"),
            ("same", r"同期"),
        ]
        self.pattern = re.compile(_either(rules))
        by_opening = {kind: re.compile(_either(r for r in rules if kind in _OPENS[r[0]])) for kind in "dnmw"}
        self.lead = re.compile(r"(?:截至|截止|到)")
        self._opening = self._openings()
        self._match: dict[str, Callable[[str, int, int], re.Match[str] | None]] = {}
        for kind, chars in (("d", _DIGIT), ("n", _NUMERAL), ("m", _MASK)):
            self._match.update(dict.fromkeys(chars, by_opening[kind].match))
        self._word = by_opening["w"].match

    def _openings(self) -> re.Pattern[str]:
        """The first character of every expression, with a look at the second: a tenth of the places where the first alone stands.
        See ``looks``."""
        in_number = rf"{_NUMERAL}\dOＯ年月个至到季世多余{_MASK}\-—－–~～─\s"
        count = f"{_NUMERAL}1-9的"
        after: dict[str, str] = {  # a character that opens an expression → those that may stand behind it
            **dict.fromkeys(_DIGIT + _NUMERAL + _MASK, in_number), **dict.fromkeys("上下", rf"{_NUMERAL}\d半个月季述世年"),
            **dict.fromkeys("近这用", count), "今": "后冬", "去": "冬", "未": "来", "接": "下", "此": "后", "往": "后", "最": "近",
            "过": "去", "利": "用", "年": "底末终初", "前": f"{_NUMERAL}1-9", "第": r"一二三四\d", "同": "期", "本": "月季世",
            "当": "月季", "次": "年", "截": "至止", "到": "", "“": "", '"': "", "‘": "", "'": "",
        }  # fmt: skip
        seconds((*self.words, *self.plans), after)
        after["到"] += "".join({re.escape(w[0]) for w in self.words})
        for quote in "“\"‘'":
            after[quote] += "".join({re.escape(w[0]) for w in self.plans})
        return re.compile(f"[{''.join(map(re.escape, after))}](?:{looks(after)})")

    def expressions(self, text: str, start: int, stop: int) -> Iterator[re.Match[str]]:
        """All matches of ``pattern`` in ``text[start:stop]`` in order, without overlaps; 春, 底 and the like alone are left out."""
        for opening in self._opening.finditer(text, start, stop):
            at = opening.start()
            if at >= start and (m := self._match.get(text[at], self._word)(text, at, stop)) is not None:
                start = m.end()
                yield m


@cache
def grammar(lexicon: Lexicon) -> Grammar:
    """The grammar of a lexicon, compiled once."""
    return Grammar(lexicon)
