"""Mentions → observations: indicator, kind, status, area, period and part-of, each in its own step."""

from __future__ import annotations

from hashlib import blake2b

from reportminer.core import Observation, ReportText, Span
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
    return Observation(
        id=identity, source=report.raw.source, segment=m.segment, start=span.start, end=span.end,
        text=report.raw.text[span.start : span.end], page=page, value=q.value, value2=q.value2, value_text=q.value_text,
        unit=q.unit, bound=q.bound, masked=q.masked, indicator=d.indicator, label=d.label, kind=d.kind, status=d.status,
        period=d.period, area=d.area, area_code=d.area_code, scope=dict(d.scope), part_of=part_of, confidence=round(d.confidence, 2),
        rule=f"{q.rule};{d.rule}", low=q.low, high=q.high, step=q.step, dimension=q.dimension, sentence=m.sentence,
        clean_start=m.start, clean_end=m.end,
    )  # fmt: skip
