"""First step of ``records``: what each figure is about: indicator, label, kind, status, scope, and the sign of its quantity."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportminer.core import Kind, ReportText, Status
from reportminer.lexicon import Lexicon
from reportminer.records.answers import Answer
from reportminer.records.context import Context, contexts, figure_spans
from reportminer.records.cues import cues_of
from reportminer.records.draft import Draft
from reportminer.records.fallback import GUESSES, UNSURE, decide, family, indicator_model, rule_worth
from reportminer.records.features import features
from reportminer.records.indicators import IndicatorReader
from reportminer.records.kinds import kind_reader
from reportminer.records.labels import label_of, narrowings, scope_of
from reportminer.records.scopes import carry_stage, is_total, spread
from reportminer.records.statuses import StatusReader
from reportminer.records.vocabulary import vocabulary
from reportminer.records.wholes import Wholes


@dataclass(frozen=True, slots=True)
class Example:
    """One figure as the models see it: hashed features, and what the rules alone say."""

    index: int
    features: Sequence[int]
    indicator: str
    confidence: float
    rule: str
    kind: Kind
    status: Status


def assign_meaning(
    report: ReportText, drafts: list[Draft], lexicon: Lexicon, probe: Callable[[Example], None] | None = None
) -> None:
    """Fill ``indicator, label, kind, status, scope, confidence, rule`` of every draft and negate ``quantity`` for a decrease.

    ``drafts`` are in text order. ``probe`` is called with every figure as a training example; the models are not asked then.
    """
    words = vocabulary(lexicon)
    cues = cues_of(lexicon)
    table = narrowings(lexicon)
    kinds = kind_reader(cues)
    spans = figure_spans(report, drafts)
    statuses = StatusReader(report, cues, spans)
    around = contexts(report, drafts, words.find(report.clean, spans))
    wholes = Wholes(around)
    reader = IndicatorReader(words, wholes)
    model = indicator_model() if probe is None else None
    worth = rule_worth()
    for c in around:
        draft = c.draft
        segment = report.segment_at(c.start)
        title = segment.title or ""
        topic = "合格学校" in title or "标准化学校" in title
        previous = c.prev.draft.kind if c.prev is not None else None
        kind = kinds.before_indicator(c, previous)
        draft.kind = kind
        finding = reader.read(c, kind, topic)
        seen: list[int] | None = None
        worth_of = family(finding.rule)
        if probe is not None:
            seen = features(c, kind)
        elif model is not None and finding.confidence < UNSURE:
            opinion = model.best(features(c, kind), how_sure=worth_of in GUESSES)
            name, worth_of = decide(finding.rule, finding.indicator, opinion)
            if name != finding.indicator and words.indicators[name].fits_kind(
                kind, c.draft.quantity.dimension, c.draft.quantity.unit
            ):
                finding.indicator, finding.rule = name, "indicator:model"
        whole = wholes.get(c)
        nature = words.indicators[finding.indicator].nature
        draft.kind = kinds.finish(c, kind, finding.indicator, nature, whole.draft.kind if whole else None)
        draft.indicator, draft.rule = finding.indicator, finding.rule
        draft.confidence = worth.get(worth_of, finding.confidence)
        draft.quantity = kinds.signed(c, draft.kind, draft.quantity)
        inherited = _inherited(c, finding, whole)
        draft.status = statuses.status(
            c,
            draft.kind,
            # 由5000元提高到8000元 in a plan: the first is how it stands, the second is planned
            inherited.draft.status if inherited and finding.rule != "indicator:from-to" else None,
            segment,
        )
        if probe is not None and seen is not None:
            probe(
                Example(
                    c.index,
                    seen,
                    finding.indicator,
                    finding.confidence,
                    finding.rule,
                    draft.kind,
                    draft.status,
                )
            )
        draft.label = label_of(c, draft.kind, inherited.draft.label if inherited else "", finding.right_noun)
        draft.scope = scope_of(c, draft.label, inherited.draft.scope if inherited else None, table)
        if c.prev is not None and is_total(c, table):
            draft.label, draft.scope = "合计", {}
    spread(around, table)
    carry_stage(around)


def _inherited(c: Context, finding: Answer, whole: Context | None) -> Context | None:
    """The figure whose status, name and scope this one takes over."""
    if whole is not None:
        return whole
    source = finding.source
    if source is not None and source.draft.status == "planned" and _BUDGETED.search(source.clause_text):
        return source.prev  # 完成3亿元，为预算2.8亿元的107%，增长5%: it is the result that grew
    return source


_BUDGETED = re.compile(
    r"(?:为|占|是|完成)了?(?:调整|年初|年度|全年|计划|市定|省定)?(?:预算|计划|目标|任务)数?(?:的)?$"
)
