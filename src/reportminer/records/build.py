"""Mentions → observations: indicator, kind, status, area, period and part-of, each in its own step."""

from __future__ import annotations

from hashlib import blake2b

from reportminer.core import Observation, ReportText, Span
from reportminer.core.making import maker
from reportminer.extract import Extraction
from reportminer.lexicon import Lexicon
from reportminer.records.areas import assign_areas
from reportminer.records.draft import Draft
from reportminer.records.meaning import assign_meaning
from reportminer.records.parts import assign_parts
from reportminer.records.timing import assign_periods, inherit_periods


def build(report: ReportText, extraction: Extraction, lexicon: Lexicon) -> tuple[Observation, ...]:
    """The observations of one report, in text order."""
    drafts = [Draft(m, m.quantity) for m in extraction.mentions]
    assign_meaning(report, drafts, lexicon)
    assign_areas(report, drafts, lexicon)
    assign_periods(report, drafts, extraction.periods, lexicon)
    assign_parts(report, drafts, lexicon)
    inherit_periods(drafts, extraction.periods)
    raw = report.raw
    spans = [report.map.span(d.mention.start, d.mention.end) for d in drafts]
    ids = [identity(raw.source, raw.sha256, s.start, s.end) for s in spans]
    return tuple(
        _observation(report, d, span, own, None if d.part_of is None else ids[d.part_of])
        for d, span, own in zip(drafts, spans, ids, strict=True)
    )


def identity(source: str, sha256: str, start: int, end: int) -> str:
    """Unique over a run and the same in every run on the same file: made of name, content and place."""
    key = f"{source}\0{sha256}\0{start}\0{end}"
    return "o" + blake2b(key.encode(), digest_size=8).hexdigest()


def _observation(report: ReportText, d: Draft, span: Span, identity: str, part_of: str | None) -> Observation:
    m, q = d.mention, d.quantity
    pages = report.raw.pages
    page = next((n for n, p in enumerate(pages, 1) if p.start <= span.start < p.end), None) if pages else None
    return _make(  # in the order of the fields: names would double the time
        identity, report.raw.source, m.segment, span.start, span.end, report.raw.text[span.start : span.end], page,
        q.value, q.value2, q.value_text, q.unit, q.bound, q.masked, d.indicator, d.label, d.kind, d.status,
        d.period, d.area, d.area_code, dict(d.scope), part_of, round(d.confidence, 2), f"{q.rule};{d.rule}",
        q.low, q.high, q.step, q.dimension, m.sentence, m.start, m.end,
    )  # fmt: skip


_make = maker(Observation)
