"""The words around a figure: what stands left of it, right of it, and in which clause of the sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportminer.core import ReportText, Span
from reportminer.records.draft import Draft
from reportminer.records.vocabulary import Hit, Hits

_JOINS = frozenset("及和与并")
_ASIDE_BEFORE = re.compile(r"(?:从|剔除|扣除|不含|不包括|除去)$")
_ASIDE_LAST = frozenset("从除含括去")
_FADES = frozenset("，,；;。：:、")  # a word on the other side of one counts less
_ASIDE_AFTER = re.compile(r"中|里|内")
BREAKS = re.compile(r"[，,；;。：:！？\n]")
_RIGHT_END = re.compile(r"[，,；;。：:、！？（(）)\n]")
_CLAUSE_END = re.compile(r"[，,；;。：:！？\n）)]")
_FIGURE = re.compile(r"[\d]+[个所名人栋间台套户家处座项]")
_CLOSED = re.compile(r"[（(][^（()）]*[)）]")


@dataclass(slots=True)
class Context:
    """One figure with its surroundings; offsets are clean offsets.

    ``left`` starts where the figure before it (in the same sentence) ends or the sentence starts; ``clause`` is the start of the
    last comma-delimited piece; ``right`` is the end of the words that may belong to it on its right side; ``next_start`` the start
    of the next figure in the sentence (or the sentence's end).
    """

    index: int
    draft: Draft
    start: int
    end: int
    sentence: int
    sentence_end: int
    left: int
    clause: int
    right: int
    next_start: int
    text: str
    hits: Hits
    prev: Context | None
    claimed: int  # end of the words right of the previous figure that belong to that one
    before: Context | None  # the figure before, in whatever sentence
    after_pair: int = 0  # end of the figure that stands right behind this one (A户B人), 0 when none does
    heads: tuple[Span, ...] = ()  # head cells of the table cell the figure stands in: row head, column heads

    left_text: str = ""  # from the figure before (or the sentence start) to this figure
    clause_text: str = ""  # the last comma-delimited piece before the figure, back to the figure before
    right_text: str = ""  # the words right of the figure, up to a comma or the next figure

    def __post_init__(self) -> None:
        """The pieces of text that every reader asks for, cut once."""
        self.left_text = self.text[self.left : self.start].replace("\n", "")
        self.clause_text = self.text[self.clause : self.start].replace(" ", "").replace("\n", "")
        self.right_text = self.text[self.end : self.right]

    @property
    def full_clause(self) -> str:
        """The comma-delimited piece before the figure, other figures included."""
        at = self.sentence
        for m in BREAKS.finditer(self.text, at, self.start):
            at = m.end()
        return self.text[at : self.start]

    def left_hits(self) -> list[tuple[Hit, float]]:
        """Words left of the figure with the weight of their position, nearest first."""
        out: list[tuple[Hit, float]] = [
            (h, 1.0 if span.start < self.heads[0].start or len(self.heads) == 1 else 0.6)
            for span in reversed(self.heads)
            for h in reversed(self.hits.within(span.start, span.end))
        ]
        if self.heads:
            return out
        text, at, factor = self.text, self.start, 1.0
        seen_noun = False
        for hit in reversed(self.hits.within(self.left, self.start)):
            gap = text[hit.end : at]
            if len(gap) > 9:
                factor *= 0.8 if len(gap) <= 18 else 0.6
            for ch in gap if not _FADES.isdisjoint(gap) else ():
                if ch in "，,":
                    factor *= 0.55
                elif ch in "；;。":
                    factor *= 0.2
                elif ch in "：:":
                    factor *= 0.7
                elif ch == "、":
                    factor *= 0.93
            f = factor
            aside = text[hit.start - 1] in _ASIDE_LAST  # most words follow another character
            if (
                aside
                and _ASIDE_BEFORE.search(text, max(self.left, hit.start - 4), hit.start)
                and (_ASIDE_AFTER.match(text, hit.end) or text[hit.start - 1] != "从")
            ):
                f *= 0.12  # 从公用经费中列支, 剔除留抵退税因素后
            if hit.end <= self.claimed:
                f *= 0.45
            elif hit.word.names and seen_noun:
                f *= 0.8
            if hit.word.names:
                seen_noun = True
            out.append((hit, f))
            at = hit.start
        return out

    def trailing_tags(self) -> set[str]:
        """Cue tags between the last figure of this comma-delimited piece and its end: the predicate of a whole list."""
        stop = _CLAUSE_END.search(self.text, self.end, self.sentence_end)
        end = stop.start() if stop else self.sentence_end
        start = self.end
        for m in _FIGURE.finditer(self.text, start, end):
            start = m.end()
        return {t for h in self.hits.within(start, end) for t in h.word.tags}

    def right_hits(self) -> list[tuple[Hit, float]]:
        """Words right of the figure that may belong to it, in order, with the weight of their distance."""
        out: list[tuple[Hit, float]] = []
        if self.text[self.end : self.end + 1] in _JOINS:
            return out  # 完小24所及部分教学点: what follows is another item
        if self.after_pair:  # 2846户12460人脱贫: what follows the pair is said of both
            stop = _RIGHT_END.search(self.text, self.after_pair, self.sentence_end)
            end = min(stop.start() if stop else self.sentence_end, self.after_pair + 12)
            return [(hit, 0.9) for hit in self.hits.within(self.after_pair, end)]
        for hit in self.hits.within(self.start, self.right):  # 19个乡镇 may be one expression
            gap = hit.start - self.end
            if hit.end == self.next_start and _ALREADY.search(self.text, self.end, hit.start):
                continue  # 126个重点项目已开复工98个: said of the next figure
            out.append((hit, 1.0 if gap <= 10 else 0.75 if gap <= 18 else 0.5))
        return out


def figure_spans(report: ReportText, drafts: list[Draft]) -> list[Span]:
    """The stretches of text that can say something of a figure: its sentence with those that it continues, and its table. Merged, in
    order; most of a report lies outside them and need not be read for words."""
    text, sentences = report.clean, report.sentences
    found: list[tuple[int, int]] = []
    for n in sorted({d.mention.sentence for d in drafts}):
        first = n
        while first and _goes_on(text, sentences[first - 1]):
            first -= 1
        found.append((sentences[first].start, sentences[n].end))
    for n in {d.mention.table for d in drafts if d.mention.table is not None}:
        found.append((report.tables[n].start, report.tables[n].end))
    out: list[Span] = []
    for a, b in sorted(found):
        if out and a <= out[-1].end:
            out[-1] = Span(out[-1].start, max(b, out[-1].end))
        else:
            out.append(Span(a, b))
    return out


def contexts(report: ReportText, drafts: list[Draft], hits: Hits) -> list[Context]:
    """The context of every draft, in the order of ``drafts`` (text order)."""
    text = report.clean
    out: list[Context] = []
    n = len(drafts)
    sentence, begin = -1, 0
    for i, draft in enumerate(drafts):
        m = draft.mention
        span = report.sentences[m.sentence]
        last = out[-1] if out else None
        if m.sentence != sentence:
            first = sentence = m.sentence
            while first and _goes_on(text, report.sentences[first - 1]):
                first -= 1
            begin = report.sentences[first].start
        before = last if last is not None and last.start >= begin else None
        left = max(begin, before.end) if before else begin
        after = drafts[i + 1].mention if i + 1 < n else None
        next_start = (
            after.start
            if after is not None and after.sentence == m.sentence and after.start >= m.end
            else span.end
        )
        ahead = text[m.end : next_start]
        if "）" in ahead or ")" in ahead:
            ahead = _CLOSED.sub(_blank, ahead)
        cut = _RIGHT_END.search(ahead)
        right = m.end + cut.start() if cut else next_start
        piece = text[left : m.start]
        if "）" in piece or ")" in piece:
            piece = _CLOSED.sub(_blank, piece)
        clause = left
        for b in _SIMPLE_BREAKS.finditer(piece):
            clause = left + b.end()
        claimed = left
        if (
            before is not None
            and before.draft.quantity.dimension == "count"
            and left < before.right <= m.start
        ):
            own = _HAS_DONE.search(text, left, m.start)
            claimed = own.start() if own else before.right  # 126座山塘整治已完工85座
        c = Context(
            i,
            draft,
            m.start,
            m.end,
            begin,
            span.end,
            left,
            clause,
            right,
            next_start,
            text,
            hits,
            before,
            claimed,
            last,
        )
        if after is not None and after.start - m.end <= 1 and text[m.end : after.start] in ("", "、"):
            c.after_pair = after.end
        if m.table is not None and m.row is not None and m.col is not None:
            c.heads = _heads(report, m.table, m.row, m.col)
        out.append(c)
    return out


_SIMPLE_BREAKS = re.compile(r"[，,；;。：:（(）)]")


def _goes_on(text: str, before: Span) -> bool:
    """Whether the sentence after ``before`` continues it: clauses joined by ； speak of one thing; a wrapped line ends in a comma."""
    tail = text[max(before.start, before.end - 3) : before.end].rstrip("\n \u3000")
    return tail.endswith(("；", ";", "，", "、", ",")) and text[before.end : before.end + 1] != "\n"


def _blank(m: re.Match[str]) -> str:
    return "＿" * len(m.group())


def _heads(report: ReportText, table: int, row: int, col: int) -> tuple[Span, ...]:
    """Row head and column heads of a table cell, row head first."""
    row_head: list[Span] = []
    heads: list[Span] = []
    for c in report.tables[table].cells:
        body = report.clean[c.start : c.end]
        if c.row == row and c.col < col and not row_head and _WORDY.search(body):
            row_head.append(Span(c.start, c.end))
        elif c.col == col and c.row < row and _WORDY.search(body) and not _DIGIT.match(body):
            heads.append(Span(c.start, c.end))
    return (*row_head, *heads[:3])


_ALREADY = re.compile(r"(?:已经?|均已|现已|全部|陆续)$")
_HAS_DONE = re.compile(r"(?:已经?|均已|现已|陆续)[^，。；、\d]{1,6}$")
_WORDY = re.compile(r"[\u4e00-\u9fff]")
_DIGIT = re.compile(r"[-−]?[\d.,，% ]+$")
