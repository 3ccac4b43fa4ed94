"""正文标注用例：【数量|标签…】是一个数量，标签可为性质（growth change ratio rank price）、状态（planned required）或指标号。"""

from __future__ import annotations

import re

from reportminer.core import Mention, Quantity, RawDocument, ReportText, Segment, Span, TextMap
from reportminer.extract.periods import find_periods
from reportminer.lexicon import default_lexicon
from reportminer.records.draft import Draft
from reportminer.records.timing import assign_periods

KINDS = ("level", "change", "growth", "share", "ratio", "rank", "price")


def _draft(text: str, start: int, end: int, tags: list[str], sentence: int) -> Draft:
    quote = text[start:end]
    dimension = "points" if "百分点" in quote else "percent" if "%" in quote else "count"
    quantity = Quantity(quote, start, end, None, dimension=dimension)
    draft = Draft(Mention(quantity, start, end, sentence, 0), quantity)
    draft.kind = "share" if "%" in quote else "level"
    for tag in tags:
        if tag in KINDS:
            draft.kind = tag  # type: ignore[assignment]
        elif tag in ("planned", "required"):
            draft.status = tag  # type: ignore[assignment]
        else:
            draft.indicator = tag
    return draft


def report_of(
    marked: str, year: int | None, date: str | None = None, title: str | None = None, genre: str | None = None
) -> tuple[ReportText, list[Draft]]:
    """带标注的正文变成报告文本和待定时间的数量。"""
    clean = ""
    found: list[tuple[int, int, list[str]]] = []
    for i, part in enumerate(re.split(r"【([^】]*)】", marked)):
        if i % 2:
            quote, *tags = part.split("|")
            found.append((len(clean), len(clean) + len(quote), tags))
            part = quote
        clean += part
    ends = [m.end() for m in re.finditer(r"[。；！？\n]+", clean)]
    if not ends or ends[-1] < len(clean):
        ends.append(len(clean))
    spans = tuple(Span(a, b) for a, b in zip([0, *ends], ends, strict=False))
    segment = Segment(0, 0, len(clean), title, None, None, year, genre, date)
    raw = RawDocument("例.txt", "0" * 64, "txt", clean)
    report = ReportText(raw, clean, TextMap(range(len(clean))), spans, (segment,), segment)
    return report, [_draft(clean, a, b, tags, report.sentence_at(a)) for a, b, tags in found]


def periods_of(marked: str, year: int | None, **more: str) -> list[str | None]:
    """各数量所属的时间。"""
    report, drafts = report_of(marked, year, **more)
    assign_periods(report, drafts, find_periods(report.clean), default_lexicon())
    return [d.period for d in drafts]
