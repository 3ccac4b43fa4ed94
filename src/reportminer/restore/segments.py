"""Articles of one file, each with its title, area, reporting year and genre."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportminer.core import Segment
from reportminer.restore.places import document_area
from reportminer.restore.reporting import genre_of, iso, printed_date, year_of
from reportminer.restore.titles import HAS_GENRE, tidy_title

_N = "[一二三四五六七八九十0-9]{1,3}"
_HEAD = re.compile(
    rf"^[ \t]*[【\[]?(?P<word>篇|范文|第)(?P<number>{_N})(?(word)(?P<unit>篇|部分)?)[】\]]?(?P<sep>[ \t]*[:：.、]|[ \t]+|$)(?P<title>[^\n]{{0,80}})",
    re.M,
)
_INLINE = re.compile(rf"第(?P<number>{_N})篇[ \t]*[:：]")
_NUMBERED_TITLE = re.compile(
    r"[ \t]*(?P<base>[^\n，。；,：:0-9]{4,40}?)[ \t]*(?:篇|范文|第|[(（])?(?P<number>[0-9]{1,2}|[一二三四五六七八九十]{1,2})(?:篇|[)）])?"
)
_NUMBER_ENDS = frozenset("0123456789一二三四五六七八九十篇)）")
_BLANK_RUN = re.compile(r"[ \t]{45,}")  # more blanks than a title has characters
_LONGEST_TITLE = 150  # of a numbered title with its runs of blanks cut
_CHAPTER = re.compile(r"^[ \t]*第[一二三四五六七八九十]+章", re.M)
_SCHOOL = re.compile(
    r"([\u4e00-\u9fff]{2,14}?(?:小学|中学|[一二三四五六七八九十]中|学校|幼儿园|学院))(?![\u4e00-\u9fff]{0,2}(?:建设|布局|教育工作))(?:[12][09][0-9]{2}|20[xX×]{2}|.{0,8}(?:总结|汇报|报告|情况|计划|方案))"
)
_SHORTEST = 120  # characters before the first heading that make an article of their own
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}


@dataclass(frozen=True, slots=True)
class Heading:
    """What the top of a file says: title line, what stands around it, date of publication (ISO)."""

    title: str | None
    context: str = ""
    published: str | None = None


@dataclass(frozen=True, slots=True)
class _Start:
    """Where an article begins, where its body begins, and the title printed with the number."""

    start: int
    body: int
    title: str


def make_segments(text: str, heading: Heading) -> tuple[tuple[Segment, ...], Segment]:
    """``(segments, document)`` of the clean text."""
    starts = _articles(text, heading.title)
    if len(starts) < 2:
        only = _segment(0, 0, len(text), heading, text)
        return (only,), only
    if len(text[: starts[0].start].strip()) > _SHORTEST:
        starts.insert(0, _Start(0, 0, heading.title or ""))
    segments = []
    for i, s in enumerate(starts):
        start = s.start if i else 0
        end = starts[i + 1].start if i + 1 < len(starts) else len(text)
        title = s.title or _line_title(text[s.body : min(end, s.body + 400)]) or heading.title
        segments.append(_segment(i, start, end, Heading(title), text[s.body : end]))
    first = segments[0]
    same_area = all(x.area == first.area for x in segments)
    same_year = all(x.year == first.year for x in segments)
    document = Segment(
        index=0,
        start=0,
        end=len(text),
        title=heading.title,
        area=first.area if same_area else None,
        area_code=first.area_code if same_area else None,
        year=first.year if same_year else None,
        genre="compilation",
        date=heading.published,
    )
    return tuple(segments), document


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    if len(number) == 1:
        return _DIGITS[number]
    tens, _, ones = number.partition("十")
    return (_DIGITS.get(tens, 1) * 10 if "十" in number else 0) + _DIGITS.get(ones, 0)


def _articles(text: str, title: str | None) -> list[_Start]:
    """Beginnings of the articles of a compilation; fewer than two when it is none."""
    for found in (_by_number(text), _by_title(text)):
        if len(found) >= 2:
            return found
    return _by_repetition(text, title)


def _by_number(text: str) -> list[_Start]:
    """篇1, 【篇一】, 范文二, 第三篇：…; chapters of a plan (第一篇 … 第一章 …) are none."""
    if "篇" not in text and "范文" not in text:
        return []
    starts: dict[int, tuple[int, _Start]] = {}
    for m in _HEAD.finditer(text):
        if m["word"] == "第" and m["unit"] != "篇":
            continue
        rest = m["title"].strip()
        title = rest if HAS_GENRE.search(rest) or len(rest) <= 30 else ""
        begin = m.start() + len(m[0]) - len(m[0].lstrip())
        starts[begin] = _value(m["number"]), _Start(begin, m.start("title"), tidy_title(_head_of(title)))
    for m in _INLINE.finditer(text):
        if not any(abs(m.start() - s) < 4 for s in starts):
            line = text[m.end() : m.end() + 60].split("\n")[0].strip()
            starts[m.start()] = _value(m["number"]), _Start(m.start(), m.end(), tidy_title(_head_of(line)))
    rising: list[_Start] = []
    last = 0
    for _, (number, start) in sorted(starts.items()):
        if number > last and number <= last + 2:  # one may be lost
            rising.append(start)
            last = number
    if len(rising) > 1 and _CHAPTER.search(text) and len(rising) < 2 * len(_CHAPTER.findall(text)):
        return []
    return rising


def _head_of(line: str) -> str:
    """The title part of a heading line that may go on with the text."""
    m = re.match(rf"(.{{4,50}}?{HAS_GENRE.pattern})(?!的|和|及|与|、)", line)
    if m:
        half = re.fullmatch(r"(.{4,40})\1.*", line)
        return half[1] if half else m[1]
    return line if len(line) <= 30 and not re.search(r"[，。；]", line) else ""


def _by_title(text: str) -> list[_Start]:
    """`某某工作总结1`, `某某工作总结2`: one title with rising numbers."""
    groups: dict[str, list[tuple[int, _Start]]] = {}
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        if (m := _numbered_title(line)) is not None and HAS_GENRE.search(m["base"]):
            base = m["base"].strip()
            begin = end - len(line.lstrip())
            groups.setdefault(base, []).append((_value(m["number"]), _Start(begin, end, tidy_title(base))))
        at = end + 1
    for found in groups.values():
        if len(found) >= 2 and [n for n, _ in found] == list(range(1, len(found) + 1)):
            return [s for _, s in found]
    return []


def _numbered_title(line: str) -> re.Match[str] | None:
    """A line that is a title with its number. The pattern is asked for few lines only: on runs of blanks it is slow."""
    body = line.rstrip(" \t")
    if not body or body[-1] not in _NUMBER_ENDS or not HAS_GENRE.search(body):
        return None
    if len(body) > _LONGEST_TITLE:
        body = _BLANK_RUN.sub(" " * 45, body)
    return _NUMBERED_TITLE.fullmatch(body) if len(body) <= _LONGEST_TITLE else None


def _by_repetition(text: str, title: str | None) -> list[_Start]:
    """The same title line again, far apart and after a finished sentence: another version of the report."""
    if not title or len(title) < 8 or text.count(title) < 2:
        return []
    out: list[_Start] = []
    for m in re.finditer(rf"^[ \t《]*{re.escape(title)}[ \t》]*$", text, re.M):
        if not out:
            out.append(_Start(m.start(), m.end(), title))
            continue
        before = text[max(0, m.start() - 200) : m.start()].rstrip()
        if m.start() - out[-1].start > 500 and before[-1:] in "。！”":
            out.append(_Start(m.start(), m.end(), title))
        elif m.start() - out[-1].start <= 500 and not text[out[-1].body : m.start()].strip():
            out[-1] = _Start(out[-1].start, m.end(), title)
    return out


def _line_title(body: str) -> str | None:
    """The first line of an article when it looks like a title."""
    line = next((x.strip() for x in body.split("\n") if x.strip()), "")
    if (
        not 4 <= len(line) <= 60
        or line[-1] in "。；：:，"
        or not HAS_GENRE.search(line)
        or re.match(r"[一二三0-9(（]+[、.)）]", line)
    ):
        return None
    return tidy_title(line)


def _segment(index: int, start: int, end: int, heading: Heading, text: str) -> Segment:
    title, context = heading.title, heading.context
    genre = genre_of(title, context, text, heading.published)
    printed = printed_date(text)
    year = year_of(title, context, text, genre, printed, heading.published)
    area, code = document_area(title, text, year)
    if area is None and title and (school := _SCHOOL.match(title)) is not None:
        area = school[1]  # a school that reports for itself
    return Segment(index, start, end, title, area, code, year, genre, iso(printed) or heading.published)
