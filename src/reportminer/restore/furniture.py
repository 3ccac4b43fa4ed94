"""Lines of web pages and document sites that are not the report: titles of pages, counters, licences, related documents."""

from __future__ import annotations

import re
from functools import cache

from reportminer.core import Span
from reportminer.lexicon import Lexicon
from reportminer.restore.edit import Draft


@cache
def _patterns(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """(whole line, begins a line that may be long, ends the document)."""
    groups: dict[str, list[str]] = {"line": [], "start": [], "end": []}
    for row in lexicon.table("furniture"):
        kind = row["kind"]
        if kind not in groups:
            raise row.fail("kind 应为 line、start 或 end")
        try:
            re.compile(row["pattern"])
        except re.error as e:
            raise row.fail(f"pattern 不是合法的正则表达式（{e}）") from e
        groups[kind].append(row["pattern"])
    line, start, end = (re.compile("|".join(f"(?:{p})" for p in groups[k])) for k in ("line", "start", "end"))
    return line, start, end


def drop_furniture(draft: Draft, lexicon: Lexicon) -> tuple[bool, str | None]:
    """Removes furniture lines; returns whether there were any and the date of publication that they held."""
    whole, start, end = _patterns(lexicon)
    spans: list[Span] = []
    at = 0
    text = draft.text
    lines = text.split("\n")
    last_content = 0
    date: str | None = None
    cut: int | None = None
    for line in lines:
        body = line.strip()
        stop = at + len(line) + 1
        if cut is None and body and at > len(text) * 0.4 and len(body) < 40 and end.match(body) and not _content_after(lines, text, stop, whole, start):
            cut = at
        if body and len(body) <= 200 and (whole.fullmatch(body) or start.match(body) and not _sentence(body)):
            spans.append(Span(at, min(stop, len(text))))
            found = re.search(r"((?:19|20)[0-9]{2})[-./年]([0-9]{1,2})(?:[-./月]([0-9]{1,2}))?", body)
            if found and re.search(r"发布|发表|日期", body) and date is None:
                date = "-".join(f"{int(x):02d}" for x in found.groups() if x)
        elif body:
            last_content = stop
        at = stop
    if cut is not None and cut < last_content:
        spans = [s for s in spans if s.start < cut] + [Span(cut, len(text))]
    return bool(draft.drop(spans)), date


def _sentence(body: str) -> bool:
    """A line that holds whole sentences is content, whatever it begins with."""
    return body.count("。") >= 2 and len(body) > 80


def _content_after(lines: list[str], text: str, at: int, whole: re.Pattern[str], start: re.Pattern[str]) -> bool:
    """Long lines with figures after an end mark are content: the mark is none."""
    rest = text[at:].split("\n")
    return any(len(x) > 150 and x.count("。") >= 2 and not start.match(x.strip()) for x in rest)
