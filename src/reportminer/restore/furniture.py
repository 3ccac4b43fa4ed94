"""Lines of web pages and document sites that are not the report: titles of pages, counters, licences, related documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from reportminer.lexicon import Lexicon
from reportminer.restore.edit import Draft, Edit

_TOP = 300  # characters at the head of a page
_LONGEST = 200  # a longer line is content, whatever it begins with
_DATE = re.compile(r"((?:19|20)[0-9]{2})[-./年] ?([0-9]{1,2})(?:[-./月] ?([0-9]{1,2}))?")
_PUBLISHED = re.compile(r"(?:发布|发表|更新|上传|添加|录入)(?:时间|日期|于)|(?:^|\s)(?:时间|日期)[:：]")
_FIGURE = re.compile(r"[0-9](?:[多余]?[万亿元人所个%亩户台套间]|平方|公里)")


@dataclass(frozen=True, slots=True)
class Patterns:
    """``line``: a whole line; ``start``: how such a line begins; ``date``: likewise, with the date of publication; ``end``: after it
    nothing belongs to the report. All on trimmed, simplified lines."""

    line: re.Pattern[str]
    start: re.Pattern[str]
    date: re.Pattern[str]
    end: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Furniture:
    """What was found: whether lines were dropped and the date of publication that they held (ISO)."""

    found: bool
    published: str | None


@cache
def patterns(lexicon: Lexicon) -> Patterns:
    """The patterns of lexicons/furniture.tsv."""
    groups: dict[str, list[str]] = {"line": [], "start": [], "date": [], "end": []}
    for row in lexicon.table("furniture"):
        kind = row["kind"]
        if kind not in groups:
            raise row.fail("kind 应为 line、start、date 或 end")
        try:
            re.compile(row["pattern"])
        except re.error as e:
            raise row.fail(f"pattern 不是合法的正则表达式（{e}）") from e
        groups[kind].append(row["pattern"])
    return Patterns(*(re.compile("|".join(f"(?:{p})" for p in groups[k]), re.I) for k in groups))


def drop_furniture(draft: Draft, lexicon: Lexicon) -> Furniture:
    """Removes furniture lines."""
    p = patterns(lexicon)
    text = draft.text
    edits: list[Edit] = []
    published: str | None = None
    ends: list[int] = []  # where an end mark stands
    last_content = 0
    at = 0
    for line in text.split("\n"):
        stop = min(at + len(line) + 1, len(text))
        body = line.strip()
        content = _is_content(body)
        if not body:
            pass
        elif len(body) > _LONGEST:
            last_content = at
        elif not content and p.date.match(body):
            edits.append(Edit(at, stop))
            published = published or _iso(body)
        elif p.line.fullmatch(body) or (not content and p.start.match(body)):
            edits.append(Edit(at, stop))
            if published is None and _PUBLISHED.search(body):
                published = _iso(body)
        elif len(body) < 40 and at > len(text) * 0.4 and p.end.match(body):
            ends.append(at)
        elif len(body) < 14 and at < _TOP and p.end.match(body.lstrip("-*•· ")):
            edits.append(Edit(at, stop))  # 相关推荐 above the report
        elif content:
            last_content = at
        at = stop
    cut = next((e for e in ends if e > last_content), None)
    if cut is not None:
        edits = [e for e in edits if e.start < cut]
        edits.append(Edit(cut, len(text)))
    return Furniture(draft.apply(edits), published)


def _is_content(body: str) -> bool:
    """A line of whole sentences with figures is content, whatever it begins with."""
    return (
        60 < len(body) <= _LONGEST
        and "。" in body
        and (body.count("。") >= 3 or _FIGURE.search(body) is not None)
    )


def _iso(body: str) -> str | None:
    m = _DATE.search(body)
    if m is None or not 1 <= int(m[2]) <= 12:
        return None
    return "-".join(f"{int(x):02d}" for x in m.groups() if x)
