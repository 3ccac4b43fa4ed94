"""Articles of one file, each with its title, area, reporting year and genre."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportminer.core import Segment
from reportminer.restore.places import document_area

_N = "[一二三四五六七八九十0-9]{1,3}"
_HEAD = re.compile(
    rf"(?:^|\n)[ \t]*(?:[【\[]篇{_N}[】\]]|篇{_N}|范文{_N}|第{_N}篇)[ \t]*[:：.、]?[ \t]*(?=\n|[^\n]{{0,60}}(?:\n|$))"
    rf"|第{_N}篇[ \t]*[:：]"
)
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:年|[—–~～-]{1,2}(?:19|20)?[0-9]{2}(?:学)?年)|((?:19|20)[0-9]{2})(?=[-.][0-9]{1,2}[-.])")
_MASKED_YEAR = re.compile(r"(?:20|19)[xX×*＊○]{2}|[xX×*＊]{2,4} ?年")
_REVIEW = re.compile(r"(?:(?:19|20)[0-9]{2}年[^\n。]{0,6}?(?:以来|至|到)[^\n。]{0,8})?((?:19|20)[0-9]{2})年(?:度)?(?:的)?(?:工作|政府工作|经济社会发展|国民经济)[^\n。，]{0,10}(?:回顾|完成情况|执行情况|总结)")
_DATED = re.compile(r"[(（—]{1,2}[^()（）\n]{0,10}((?:19|20)[0-9]{2})年([0-9]{1,2})月(?:([0-9]{1,2})日)?")
_SIGNED = re.compile(r"((?:19|20)[0-9]{2})年([0-9]{1,2})月(?:([0-9]{1,2})日)?\s*$")
_PUFF = re.compile(r"^(?:\[?(?:高品质文档|最新|精品|精编|优质|推荐|完整版|范文|word|免费)\]?[\s:：-]*)+", re.I)
_GENRES = (
    ("work_report", re.compile(r"政府工作报告")),
    ("summary", re.compile(r"总结|回顾")),
    ("analysis", re.compile(r"调研|调查报告|思考|对策|浅谈|浅析|分析|建议|问题研究")),
    ("progress_report", re.compile(r"汇报|报告|情况|进展|公报|自查|自评|述职")),
    ("plan", re.compile(r"方案|计划|规划|意见|要点|安排|打算|办法|职责")),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What the top of a file says: title line, date of publication."""

    title: str | None
    published: str | None


def tidy_title(line: str) -> str:
    """A title without numbering, file name, advertisement and layout blanks."""
    line = re.sub(r"\.(?:docx?|pdf|txt|wps|html?)(?:_第 ?[0-9]+ ?页)?.*$", "", line.strip(), flags=re.I)
    line = re.sub(r"^[0-9]{1,2}、", "", line).strip().strip("《》#*- ")
    line = _PUFF.sub("", line)
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?: |$|[\u4e00-\u9fff]$))", "", line).strip("《》 ")


def find_title(head: list[str], content: str) -> str | None:
    """The title: the first line that looks like one. ``head``: first lines of the file with site furniture still there."""
    for line in head[:12]:  # a file name at the top is the title
        m = re.match(r"(.{4,60}?)\.(?:docx?|pdf|wps|txt)(?:_第 ?[0-9]+ ?页)?$", line.strip())
        if m and re.search("[\u4e00-\u9fff]{3}", m.group(1)):
            named = tidy_title(m.group(1))
            return named.lstrip("*＊") or None
    for line in content.split("\n")[:12]:
        body = line.strip()
        if not body or re.fullmatch(r"[\W0-9_]+", body):
            continue
        if len(body) > 70:  # title and text on one line: `…工作汇报 一、基本情况 …`
            cut = re.split(r"\s+(?=[一二三四五六七八九十]、)|\s{1,}|(?<=汇报|总结|报告)(?=[^及和的、])", body, maxsplit=1)[0]
            body = cut if 4 <= len(cut) <= 50 else ""
            return _unrepeat(tidy_title(body)) or None
        if body[-1] in "。；，：:" or re.match(r"[一二三四五六七八九十]、|各位", body):
            return None
        return tidy_title(body) or None
    return None


def _unrepeat(title: str) -> str:
    """A title that is printed twice in a row: once."""
    half = re.fullmatch(r"(.{6,}?)\W?\1.*", title)
    return half.group(1) if half else title


def genre_of(title: str | None, text: str, published: str | None) -> str | None:
    """The genre by the words of the title, then by the shape of the text."""
    for name, pattern in _GENRES:
        if title and pattern.search(title):
            return name
    if "记者" in text or published:
        return "news"
    for name, pattern in _GENRES:
        if pattern.search(text[:200]):
            return name
    return None


def year_of(title: str | None, text: str, genre: str | None, published: str | None) -> int | None:
    """The reporting year: the year the report reviews. None when masked or not to be known."""
    title = title or ""
    reviewed = _REVIEW.search(text[:3000])
    if genre == "work_report" and reviewed:
        return int(reviewed.group(1))
    found = _YEAR.search(title)
    if found:
        return int(found.group(1) or found.group(2))
    if _MASKED_YEAR.search(title):
        return None
    if reviewed:
        return int(reviewed.group(1))
    dated = _DATED.search(text[:400]) or next((m for line in text.strip().split("\n")[-4:] if (m := _SIGNED.search(line)) and len(line) < 60), None)
    if dated:
        year, month = int(dated.group(1)), int(dated.group(2))
        return year - 1 if month <= 3 and genre in ("work_report", "summary") else year
    if len(_MASKED_YEAR.findall(text)) >= 2:
        return None
    first = _YEAR.search(text[:300])
    if first and re.match(r"(?:年)?(?:[0-9]{1,2}月|，|,|是|度|全|以来)?", text[first.end() :]) and not re.search(r"[—–-]$|自|从|至$", text[max(0, first.start() - 1) : first.start()]):
        return int(first.group(1) or first.group(2))
    if published:
        return int(published[:4])
    years = [int(m.group(1) or m.group(2)) for m in _YEAR.finditer(text)]
    common = {y for y in years if years.count(y) >= 3}
    return max(common) if len(common) == 1 else None


def printed_date(text: str, published: str | None) -> str | None:
    """The date printed under the title or at the end, ISO."""
    m = _DATED.search(text[:400])
    if m is None:
        return published
    return "-".join([m.group(1), f"{int(m.group(2)):02d}"] + ([f"{int(m.group(3)):02d}"] if m.group(3) else []))


def make_segments(text: str, heading: Heading) -> tuple[tuple[Segment, ...], Segment]:
    """``(segments, document)`` of the clean text."""
    heads = [m for m in _HEAD.finditer(text)]
    if len(heads) >= 2:
        starts = [m.start() + (len(m.group()) - len(m.group().lstrip())) for m in heads]
        if text[: starts[0]].strip() and len(text[: starts[0]].strip()) > 120:
            starts.insert(0, 0)
        else:
            starts[0] = 0
        ends = [*starts[1:], len(text)]
        segments = []
        for i, (s, e) in enumerate(zip(starts, ends, strict=True)):
            body = text[s:e]
            m = _HEAD.search(body)
            rest = body[m.end() :] if m else body
            line = next((x.strip() for x in rest.split("\n") if x.strip()), "") if m and not re.match(r"\n?[ \t]*篇", m.group()) else ""
            title = tidy_title(re.split(r"[一二三]、", line)[0]) if line and len(line) < 80 else heading.title
            segments.append(_segment(i, s, e, title, body, None))
        areas = {x.area for x in segments if x.area}
        document = Segment(0, 0, len(text), heading.title, None if len(areas) != 1 else areas.pop(), None, None, "compilation")
        return tuple(segments), document
    only = _segment(0, 0, len(text), heading.title, text, heading.published)
    return (only,), only


def _segment(index: int, start: int, end: int, title: str | None, text: str, published: str | None) -> Segment:
    genre = genre_of(title, text, published)
    year = year_of(title, text, genre, published)
    area, code = document_area(title, text, year)
    return Segment(index, start, end, title, area, code, year, genre, printed_date(text, published))
