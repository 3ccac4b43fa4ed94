"""Which figure is a part of which: 其中, brackets, breakdowns by a property, listed items, and sums that are spelled out.

The words decide; arithmetic only chooses between candidates, because sums that do not add up are what the checks look for. Only
lists without any word that opens them (投资6.9万元，县拨5.5万元，自筹1.4万元) are taken for a breakdown when they add up exactly.
"""

from __future__ import annotations

import re

from reportminer.core import ReportText
from reportminer.lexicon import Lexicon
from reportminer.records.draft import Draft
from reportminer.records.part_cues import PartCues, part_cues
from reportminer.records.part_figures import Event, Figure, lay_out
from reportminer.records.part_frames import TOTAL_WORD, Frame, affinity, completes, total_of
from reportminer.records.part_lists import among_named, goes_on, of_one_name
from reportminer.records.part_runs import adjacent_sums, item_sums, sentence_sums
from reportminer.records.part_shares import share_parts
from reportminer.records.part_sums import backward_totals, exact_sums, quiet_sums
from reportminer.records.parts_tables import assign_table_parts

_AMONG = re.compile(r"[^，,。；;：:（(、]{0,18}?(?<![初高完集期年其程])(?:之中|当中|中)[，,：:]")
_OTHER_TIME = re.compile(
    r"[（(](?:(?:19|20)\d\d年[底末]?|上年[底末]?|去年[底末]?|上年同期|同期)(?:为|是|有|仅|只有|仅有|约)?$"
)
_BEGINS = re.compile(r"(?:[。！？!?；;\n：:]|\A)\s*$")
_COLON_NEAR = 16  # characters between a figure and the colon that opens its breakdown
_BRACKET_NEAR = 24
_SOURCES = re.compile(
    r"(?:资金|投资|经费)(?:来源|筹措)?(?:主要)?(?:由[^，。；]{1,6}(?:组成|构成)|来源|构成)(?:为|是|有)?$"
)
_CUTS = frozenset({"comma", "semi", "stop", "para", "opened", "closed"})
_REACH = 14  # figures that a breakdown by a property may go back


def assign_parts(report: ReportText, drafts: list[Draft], lexicon: Lexicon) -> None:
    """Fill ``part_of`` (index of the whole in ``drafts``, or None). ``drafts`` are in text order, all other fields are set.

    Whole and part are amounts of one unit in one segment; there are no cycles. Raises LexiconError for a bad cue table.
    """
    cues = part_cues(lexicon)
    segments: dict[int, list[int]] = {}
    for i, d in enumerate(drafts):
        d.part_of = None
        if d.mention.table is None:
            segments.setdefault(d.mention.segment, []).append(i)
    for indices in segments.values():
        figures = lay_out(report, drafts, indices, cues)
        for part, whole in _Scan(report.clean, figures, cues).run().items():
            drafts[part].part_of = whole
    assign_table_parts(report, drafts)
    _cut_cycles(drafts)


def _cut_cycles(drafts: list[Draft]) -> None:
    for i, d in enumerate(drafts):
        seen = {i}
        at = d.part_of
        while at is not None:
            if at in seen:
                d.part_of = None
                break
            seen.add(at)
            at = drafts[at].part_of


class _Scan:
    """Reads the figures of one segment from left to right."""

    def __init__(self, text: str, figures: list[Figure], cues: PartCues) -> None:
        self.text = text
        self.figures = figures
        self.cues = cues
        self.found: dict[int, int] = {}  # index of a part -> index of its whole
        self.frames: list[Frame] = []
        self.sums = exact_sums(figures, cues)
        self.facet_whole: Figure | None = None

    def run(self) -> dict[int, int]:
        for k, figure in enumerate(self.figures):
            direct = self._events(k, figure)
            if figure.unit is None or figure.compared or self.cues.extreme.search(figure.left):
                continue
            if _OTHER_TIME.search(self.text, max(0, figure.start - 14), figure.start):
                continue  # 教师60人（2019年为56人）: the same thing at another time
            whole = self._choose(k, figure, direct)
            if whole is not None and whole.index != figure.index:
                self.found[figure.index] = whole.index
        backward_totals(self.figures, self.found, self.cues)
        share_parts(self.figures, self.found, self.cues)
        quiet_sums(self.figures, self.found, self.cues)
        adjacent_sums(self.figures, self.found)
        item_sums(self.figures, self.found)
        sentence_sums(self.figures, self.found)
        return self.found

    # ------------------------------------------------------------------ what opens and closes

    def _events(self, k: int, figure: Figure) -> bool:
        """Take in what stands before ``figure``; True when an opener stands right before it."""
        if figure.far:
            self.frames.clear()
        direct = False
        depth = self.figures[k - 1].depth if k else 0
        sentence = self.figures[k - 1].sentence if k else figure.sentence
        excepted = False
        events = figure.events
        for n, e in enumerate(events):
            if e.name == "opened":
                depth += 1
                self._open_bracket(k, e, depth, events, n)
                direct, excepted = True, False
            elif e.name == "closed":
                depth = max(0, depth - 1)
                self.frames = [f for f in self.frames if f.depth <= depth]
                direct = excepted = False
            elif e.name in ("stop", "para") and (depth == 0 or e.name == "para"):
                depth = 0 if e.name == "para" else depth
                sentence += 1
                self._end_sentence(e, figure)
                direct = False
            elif e.name == "semi":
                self.frames = [f for f in self.frames if f.opener != "colon" or f.members]
                direct = False
            elif e.name == "items":
                self._open_items(k, sentence)
            elif e.name == "colon":
                direct = self._open_colon(k, e, depth, sentence) or self._open_sources(k, e, depth) or direct
            elif e.name == "except":
                excepted = True
            elif e.name in ("open", "like", "contain", "split"):
                if excepted:
                    continue
                after = self.text[e.end : e.end + 1]
                wide = after in "：:，,\n" or e.name == "split"
                direct = self._open(k, e, depth, sentence, wide)
            elif e.name == "facet":
                self._open_facet(k, figure, depth, sentence)
                direct = True
            elif e.name == "aside":
                self.frames = [f for f in self.frames if f.opener == "items"]
                direct = False
            elif e.name in ("comma", "pause") and direct:
                direct = (
                    n > 0
                    and events[n - 1].end == e.start
                    and events[n - 1].name in ("open", "facet", "like", "split")
                )
        if direct and self._introduces(k):
            direct = False  # 从职称看，专任教师3526人中，高级246人: a figure that has parts of its own
            self.frames = [f for f in self.frames if f.opener != "facet"]
        if k and self.figures[k - 1].sentence == figure.sentence and self.figures[k - 1].unit is not None:
            p = self.figures[k - 1]
            m = _AMONG.match(self.text, p.end, figure.start)
            if m is not None and p.depth == figure.depth and not figure.left.startswith("的"):
                self.frames.append(Frame("among", figure.depth, figure.sentence, [p], wide=False))
                direct = True
        if (named := among_named(self.text, self.figures, k)) is not None:
            self.frames.append(Frame("among", figure.depth, figure.sentence, named, wide=False))
            direct = True
        if excepted:
            self.frames = [f for f in self.frames if f.opener == "items"]
            self.frames.append(Frame("except", figure.depth, figure.sentence, [], wide=False))
        return direct

    def _introduces(self, k: int) -> bool:
        if k + 1 >= len(self.figures) or self.figures[k + 1].sentence != self.figures[k].sentence:
            return False
        return _AMONG.match(self.text, self.figures[k].end, self.figures[k + 1].start) is not None

    def _end_sentence(self, e: Event, figure: Figure) -> None:
        keep = [f for f in self.frames if f.opener == "items"]
        if e.name == "para":
            keep = [
                f
                for f in keep
                if figure.paragraph == f.paragraph
                or (figure.rank is not None and (f.rank is None or figure.rank >= f.rank))
            ]
        self.frames = keep

    def _sentence_figures(self, k: int, sentence: int) -> list[Figure]:
        """Figures of the sentence before figure ``k``, nearest first."""
        out: list[Figure] = []
        for f in reversed(self.figures[max(0, k - 24) : k]):
            if f.sentence != sentence:
                break
            out.append(f)
        return out

    def _open(self, k: int, e: Event, depth: int, sentence: int, wide: bool) -> bool:
        opener = e.name
        before = self._sentence_figures(k, sentence)
        crossed = False
        if depth and before and before[0].depth >= depth:
            inner = [f for f in before if f.depth >= depth]
            before = inner + [f for f in before if f.depth < depth]
        if not before and k:
            if opener in ("contain", "split") or not _BEGINS.search(self.text, max(0, e.start - 12), e.start):
                return False
            previous = self.figures[k - 1]
            if self.figures[k].far or self.figures[k].paragraph - previous.paragraph > 1:
                return False
            before = self._sentence_figures(k, previous.sentence)
            earlier = self.figures[k - 1 - len(before)] if k - 1 - len(before) >= 0 else None
            if earlier is not None and earlier.paragraph == previous.paragraph and len(before) < 3:
                before = before + self._sentence_figures(k - len(before), earlier.sentence)
            crossed = True
        if not before:
            return False
        self.frames.append(Frame(opener, depth, sentence, before, wide or crossed, crossed=crossed))
        return True

    def _open_bracket(self, k: int, e: Event, depth: int, events: list[Event], n: int) -> None:
        before: list[Figure] = []
        if k:
            p = self.figures[k - 1]
            near = e.start - p.end <= _BRACKET_NEAR and not any(x.name in _CUTS for x in events[:n])
            if near:
                for f in reversed(self.figures[max(0, k - 3) : k]):
                    if f.sentence != p.sentence or f.depth != p.depth:
                        break
                    before.append(f)
                    if any(x.name in ("comma", "semi", "pause", "opened", "closed") for x in f.events):
                        break
        self.frames.append(Frame("bracket", depth, self.figures[k].sentence, before, wide=True))

    def _open_items(self, k: int, sentence: int) -> None:
        before = [f for f in self._sentence_figures(k, sentence) if f.unit is not None]
        if before:
            figure = self.figures[k]
            self.frames.append(
                Frame(
                    "items", 0, sentence, before, wide=True, rank=figure.rank, paragraph=before[0].paragraph
                )
            )

    def _open_colon(self, k: int, e: Event, depth: int, sentence: int) -> bool:
        if not k:
            return False
        p = self.figures[k - 1]
        if p.sentence != sentence or p.depth != depth or e.start - p.end > _COLON_NEAR:
            return False
        if any(
            x.start >= p.end and x.start < e.start
            for x in self.figures[k].events
            if x.name in ("comma", "semi", "pause")
        ):
            return False
        self.frames.append(Frame("colon", depth, sentence, [p], wide=True))
        return True

    def _open_sources(self, k: int, e: Event, depth: int) -> bool:
        """资金由四部分组成：… — the whole is the last total of money, in whatever section it stands."""
        if depth or not _SOURCES.search(self.text, max(0, e.start - 24), e.start):
            return False
        before = [
            f
            for f in reversed(self.figures[max(0, k - 2 * _REACH) : k])
            if (f.unit or "").startswith("money") and TOTAL_WORD.search(f.left[-8:])
        ]
        if not before:
            return False
        self.frames = [f for f in self.frames if f.opener == "items"]
        self.frames.append(Frame("sources", 0, self.figures[k].sentence, before[:1], wide=True))
        return True

    def _open_facet(self, k: int, figure: Figure, depth: int, sentence: int) -> None:
        before: list[Figure] = []
        for f in reversed(self.figures[max(0, k - _REACH) : k]):
            if (
                f.paragraph != (before[0].paragraph if before else f.paragraph)
                or figure.paragraph - f.paragraph > 1
            ):
                break
            before.append(f)
        self.frames = [f for f in self.frames if f.opener in ("items", "bracket")]
        if before:
            self.frames.append(Frame("facet", depth, sentence, before, wide=True, crossed=True))

    # ------------------------------------------------------------------ which whole

    def _ahead(self, k: int) -> list[Figure]:
        """The list that begins with figure ``k``: figures of its unit and bracket depth up to the next opener or the sentence's end."""
        first = self.figures[k]
        out = [first]
        for f in self.figures[k + 1 : k + 16]:
            if f.sentence != first.sentence or (f.depth < first.depth):
                break
            if any(x.name in ("facet", "aside") for x in f.events):
                break
            if f.unit == first.unit or (f.facility and first.facility):
                if f.depth != first.depth or any(x.name in ("open", "contain") for x in f.events):
                    if f.depth == first.depth:
                        break
                    continue
                if f.compared:
                    continue
                out.append(f)
        return out

    def _choose(self, k: int, figure: Figure, direct: bool) -> Figure | None:
        ahead = self._ahead(k)
        fresh = not direct and bool(self.cues.fresh.search(figure.left[-8:]))
        fits: list[tuple[Frame, Figure]] = []
        exact: tuple[Frame, Figure] | None = None
        for n, frame in enumerate(reversed(self.frames)):
            if frame.depth > figure.depth:
                continue
            whole = self._whole(frame, figure, ahead)
            if whole is None:
                if frame.opener == "except" or (
                    frame.opener == "bracket" and frame.depth == figure.depth and self._answers(frame, figure)
                ):
                    return None
                continue
            if direct and n == 0:
                fits = [(frame, whole)]
                exact = None
                break
            if fresh or not goes_on(self.figures, self.cues, frame, whole, figure, ahead):
                if frame.opener == "bracket" and frame.depth == figure.depth:
                    return None
                continue
            fits.append((frame, whole))
            so_far, target = total_of(frame.parts(whole)), whole.value
            if (
                exact is None
                and so_far is not None
                and target is not None
                and completes(ahead, so_far, target)
            ):
                exact = (frame, whole)
        added = self.sums.get(figure.index)
        chosen = exact or (fits[0] if fits else None)
        if (
            chosen is not None
            and added is not None
            and not direct
            and chosen[0].opener in ("items", "facet")
            and exact is None
        ):
            return added
        if chosen is None:
            return added
        frame, whole = chosen
        frame.parts(whole).append(figure)
        if frame.opener == "facet":
            self.facet_whole = whole
        return whole

    @staticmethod
    def _answers(frame: Frame, figure: Figure) -> bool:
        return any(figure.adds_to(f) for f in frame.before)

    def _whole(self, frame: Frame, figure: Figure, ahead: list[Figure]) -> Figure | None:
        """The whole that this breakdown has for a figure of this unit."""
        key = figure.unit or ""
        if figure.facility:
            key = "facility"
        candidates = [f for f in frame.before if figure.adds_to(f)]
        if len(candidates) > 1 and (named := of_one_name(candidates, figure)):
            # 项目312项，总投资…、年度计划投资…、完成投资…，其中：在建项目118项，总投资…: each measure under its own
            key, candidates = f"{key} {named[0].index}", named
        if key in frame.wholes:
            return frame.wholes[key]
        if frame.opener == "items":
            candidates = [
                f
                for f in candidates
                if f.draft.indicator == figure.draft.indicator and f.draft.kind == figure.draft.kind
            ]
        best: Figure | None = None
        best_score = self._threshold(frame)
        for place, c in enumerate(candidates):
            score = affinity(self.cues, figure, c, ahead, place if frame.opener != "facet" else 0) - (
                0.3 * place if frame.opener == "facet" else 0
            )
            if frame.opener == "facet":
                if c.index in self.found:
                    score -= 0.8
                if c is self.facet_whole:
                    score += 2.5
            if score > best_score:
                best, best_score = c, score
        if best is not None:
            frame.wholes[key] = best
        return best

    @staticmethod
    def _threshold(frame: Frame) -> float:
        if frame.opener in ("like", "split", "items", "colon"):
            return 2.4
        if frame.opener == "facet":
            return 1.5
        if frame.crossed:
            return 1.0
        return -1.5
