"""Whether a figure is done, planned or prescribed (``observations.md`` §4): section headings, then words of its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from reportminer.core import Kind, ReportText, Segment, Span, Status
from reportminer.records import status_words as words
from reportminer.records.context import Context
from reportminer.records.cues import Cues
from reportminer.records.kinds import last_match
from reportminer.records.outlook import outlooks
from reportminer.records.recalled import is_recalled
from reportminer.records.wholes import closes


@cache
def _patterns(cues: Cues) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Headings of plans and of reviews, cues in a sentence, words of norms."""
    opens = f"{words.NO_PLAN_OPENS}到至12" + "".join(
        re.escape(cues.opens(role)) for role in ("plan", "done", "expect")
    )
    cue = (
        rf"(?=[{opens}])(?:(?P<no>(?=[{words.NO_PLAN_OPENS}])(?:{words.NO_PLAN.pattern}))|(?P<plan>{cues.any_of('plan')})"
        rf"|(?P<done>{cues.any_of('done')})|(?P<expect>{cues.any_of('expect')})"
        r"|(?:到|至)(?P<year>(?:19|20)\d\d)年|(?P<by>(?:19|20)\d\d)年(?:[0-9]{1,2}月)?(?:年底|底|末)?(?:前|以前|之前))"
    )
    return (
        re.compile(cues.any_of("plan_heading")),
        re.compile(cues.any_of("done_heading")),
        re.compile(cue),
        re.compile(cues.any_of("required")),
    )


class StatusReader:
    """Reads statuses in one report with the words of one lexicon."""

    def __init__(self, report: ReportText, cues: Cues, spans: Sequence[Span]) -> None:
        """``spans``: where figures stand; cues elsewhere bear on none."""
        self._report = report
        self._text = report.clean
        self._plan_heading, self._done_heading, self._cue, self._required = _patterns(cues)
        self._starts, self._states = self._sections()
        # every cue of the text once: most sentences hold several figures
        self._cues = [
            (*m.span(), m.lastgroup or "", m)
            for s in spans
            for m in self._cue.finditer(report.clean, s.start, s.end)
        ]
        self._cue_starts = [s for s, *_ in self._cues]

    def _sections(self) -> tuple[list[int], list[bool]]:
        """Offsets from which the default is planned (True) or actual (False)."""
        starts: list[int] = [0]
        states: list[bool] = [False]
        for segment in self._report.segments:
            base = segment.genre == "plan" and self._report.document.genre == "plan"
            parent = base
            starts.append(segment.start)
            states.append(base)
            coming = {o.start: o for o in outlooks(self._report, segment)}
            for m in words.HEADING.finditer(self._text, segment.start, segment.end):
                name, mark = m["name"] or m[0], m["mark"] or ""
                said = (
                    words.PROGRAMME.sub("", words.QUOTED.sub("", name))
                    if words.NAMED_PLAN.search(name)
                    else name
                )
                plan = self._plan_heading.search(said) is not None and not words.EXHORT.match(name)
                done = self._done_heading.search(name) is not None
                ahead = words.HEAD_YEAR.match(name)
                if ahead and segment.year is not None and int(ahead.group(1)) > segment.year:
                    plan = True  # 2021年怎么干
                if coming.pop(m.start("name"), None) is not None:
                    plan, done = True, False
                top = mark.endswith(("、", "分", "章", "部"))
                if not mark:
                    # a line such as 2023年主要目标 opens a section only when it stands alone
                    alone = m.end() == len(self._text) or self._text[m.end()] == "\n"
                    before = m.start() == 0 or self._text[m.start() - 1] in "\n　 "
                    if not (alone and before and len(name) <= 20 and plan != done):
                        continue
                    top = True
                if top:
                    parent = (plan and not done) or (base and not done)
                    state = parent
                else:
                    state = (plan and not done) or (parent and not done)
                starts.append(m.start())
                states.append(state)
                if plan and done and not state and (turn := self._turns(m.end(), segment.end)) is not None:
                    starts.append(turn)  # 三、体会与打算: from 下一步 on
                    states.append(True)
            told = words.ANNOUNCED.search(self._text, segment.start, min(segment.end, segment.start + 600))
            if told is not None:
                starts.append(told.end())
                states.append(True)
            starts += coming
            states += [True] * len(coming)
        order = sorted(range(len(starts)), key=lambda i: starts[i])
        return [starts[i] for i in order], [states[i] for i in order]

    def _turns(self, at: int, end: int) -> int | None:
        """Where a section that tells of problems and of plans turns to the plans."""
        stop = words.HEADING.search(self._text, at, end)
        turn = words.TURN.search(self._text, at, stop.start() if stop else end)
        return turn.start() if turn else None

    def _default(self, offset: int) -> bool:
        return self._states[bisect_right(self._starts, offset) - 1]

    def status(self, c: Context, kind: Kind, whole: Status | None, segment: Segment) -> Status:
        """The status of one figure; ``whole`` is the status of what it is a part of, None when it is no part."""
        text = self._text
        if c.heads:
            heads = "".join(text[s.start : s.end] for s in c.heads)
            if words.PLANNED_HEAD.search(heads):
                return "planned"
            if words.NORM_HEAD.search(heads):
                return "required"
            if words.DONE_HEAD.search(heads):
                return "actual"
        if self._is_required(c):
            return "required"
        if is_recalled(text, c.start, c.end, c.clause):
            return "planned"
        planned = self._default(c.start)
        seen = due = False
        boundary = c.sentence
        year = segment.year
        first = bisect_left(self._cue_starts, max(c.sentence, c.start - words.REACH))
        last = bisect_left(self._cue_starts, c.start)
        for _, cue_end, group, m in self._cues[first:last]:
            if group == "no" or cue_end > c.start:
                continue
            between = text[cue_end : c.start]
            if closes(between):
                continue  # the cue stands in a bracket that is over
            cut = between.find("；") if "；" in between else between.find(";")
            if (
                cut >= 0
                and not (group == "plan" and self._goes_on(between, cut))
                and "：" not in between[:cut]
                and not ("一是" in between[:cut] and words.NTH.search(between))
            ):
                continue
            word = m.group()
            if group == "plan":
                if word in words.HEADING_WORDS and words.BLANK.search(text, m.end() - 1, c.start):
                    continue  # 四、落实政策，确保平安 全年…: the word belongs to the heading
                if word == "将" and (
                    not words.WILL.match(text, m.end()) or words.OBJECT.match(text, m.end())
                ):
                    continue
                if (
                    word in ("确保", "要", "努力", "届时", "建议", "目标", "概算", "预期")
                    and "，" in between
                    and not self._strong(between)
                ):
                    continue
                if (
                    kind == "share"
                    and word in ("计划", "规划", "目标", "年度计划")
                    and m.start() >= c.start - len(c.full_clause)
                ):
                    continue
                planned, seen = True, True
            elif group == "done":
                if due and not word.startswith("已"):
                    continue  # 2021年6月底前，余下8个全部完工，补足投资300万元
                if words.ONLY_HERE.search(text, boundary, m.start()) and c.left > m.start():
                    continue
                if c.left > m.start() and words.ON_BASIS.search(between):
                    continue  # 在去年52.3%的基础上提高2个百分点
                planned, seen = False, True
            elif group == "expect":
                planned = self._expected(text, m.end(), c, year, planned)
            elif group in ("year", "by") and year is not None and int(m.group(group)) > year:
                planned = seen = due = True
        if not planned and not seen and self._planned_list(c):
            planned = True
        if planned and words.FROM_NOW.search(c.clause_text) and words.RISES.match(text, c.end):
            planned = False  # 由现在的39个降至10个以内: where it stands
        if planned and not seen and words.LACKS_NOW.search(c.clause_text):
            planned = False  # what is missing is missing now, also under a heading of plans
        if not planned and words.OF_PLAN_IN_BRACKET.search(text, max(c.sentence, c.start - 16), c.start):
            return "planned"  # 占五年规划总金额（14520万元）的
        if (
            planned
            and not seen
            and c.draft.indicator in words.GIVEN
            and words.HOW_LARGE.search(c.clause_text)
        ):
            planned = False  # a plan tells how large the county is, it does not plan it
        if planned and seen and words.PLAN_THEN_DONE.search(text, c.sentence, c.start):
            planned = False
        if planned and not seen and (self._tells_of_past(c, year) or self._as_of_now(c, year)):
            planned = False
        if (
            not planned
            and kind == "level"
            and "预算" in c.clause_text
            and words.BUDGET_IS.search(c.clause_text)
        ):
            return "planned"
        after = text[c.end : c.sentence_end]
        if words.TARGET_AFTER.match(text, c.end):
            return "planned"
        if kind != "share" and words.BUDGET.search(c.clause_text) and text[c.end : c.end + 1] == "的":
            return "planned"
        if planned and not due and words.DONE_AFTER.match(after):
            planned = False
        elif not planned and not seen and words.PLAN_AFTER.match(after):
            planned = True
        if whole is not None and not seen and whole != "required":
            return "actual" if whole == "planned" and words.ACHIEVED.search(c.clause_text) else whole
        return "planned" if planned else "actual"

    def _lays_down(self, c: Context, left: str) -> bool:
        """Whether a plan lays down a rule that holds again and again: 按1:19配备, 按10%计提, 每人每年不少于90学时."""
        if words.BY_NORM.search(left) and words.ALLOTTED.match(self._text, c.end, c.sentence_end):
            return True
        q = c.draft.quantity
        return q.text.startswith(words.AT_LEAST) and words.EACH_TIME.search(left) is not None

    def _tells_of_past(self, c: Context, year: int | None) -> bool:
        """Under a heading of plans: whether the sentence names a year that is over, or what is wrong now."""
        left = self._text[c.sentence : c.start]
        if words.TROUBLE.search(left) and not words.WAY_OUT.search(left):
            return True
        m = last_match(words.PAST_YEAR, left)
        if m is None or year is None or m.end() == len(left):
            return False
        told = int(m.group(1))
        title = self._report.segment_at(c.start).title or ""
        if told == year and m[1] not in title and "；" not in left[m.end() :]:
            return (
                words.GREW.search(left, m.end()) is not None
            )  # a plan that begins with how the last year stood
        return told < year

    def _planned_list(self, c: Context) -> bool:
        """县政府将…抓好12件实事，分别是：（1）加快…。（3）完成…: the items of a list that a plan opens, on one line."""
        if not words.LIST_ITEM.match(self._text, c.sentence):
            return False
        start = self._text.rfind("\n", 0, c.sentence) + 1
        first = words.LIST_ITEM.search(self._text, start, c.sentence + 1)
        if (
            first is None
            or first.start() == start
            or "：" not in self._text[max(start, first.start() - 4) : first.start() + 1]
        ):
            return False
        a, b = bisect_left(self._cue_starts, start), bisect_left(self._cue_starts, first.start())
        groups = [g for _, _, g, _ in self._cues[a:b] if g != "no"]
        return bool(groups) and groups[-1] == "plan"

    @staticmethod
    def _goes_on(between: str, cut: int) -> bool:
        """Whether what follows the semicolon at ``cut`` is the next thing planned, and nothing before it was done."""
        return words.GOES_ON_PLANNED.match(between, cut + 1) is not None and not words.DONE_WORD.search(
            between, 0, cut
        )

    def _as_of_now(self, c: Context, year: int | None) -> bool:
        """Under a heading of plans: whether the paragraph opens with how things stand (截至2020年底，…) and no plan has begun since."""
        start = self._text.rfind("\n", 0, c.start) + 1
        m = words.STANDS.match(self._text, start, c.start)
        if m is None or (m["year"] and year is not None and int(m["year"]) > year):
            return False
        first, last = bisect_left(self._cue_starts, m.end()), bisect_left(self._cue_starts, c.sentence)
        return all(group not in ("plan", "year", "by") for _, _, group, _ in self._cues[first:last])

    def _strong(self, between: str) -> bool:
        return words.STRONG.search(between) is not None

    def _expected(self, text: str, at: int, c: Context, year: int | None, planned: bool) -> bool:
        later = re.search(r"明年|((?:19|20)\d\d)年|年底", text[at : c.start])
        if later and (later.group() == "明年" or (later.group(1) and year and int(later.group(1)) > year)):
            return True
        return planned

    def _is_required(self, c: Context) -> bool:
        if c.draft.quantity.dimension in ("rank",):
            return False
        left = self._text[c.clause : c.start].rstrip()
        if words.PAID.search(left):
            return False  # what is paid now, although it is called a standard
        q = c.draft.quantity
        if q.bound in ("ge", "le") and (
            words.NORM_BEFORE.search(left) or words.MUST.search(left) or q.text.startswith(words.MUST_NOT)
        ):
            return True
        in_plan = self._report.segment_at(c.start).genre == "plan"
        if (
            in_plan
            and q.text.startswith(words.AT_LEAST)
            and not words.DOES.search(self._text, c.sentence, c.start)
        ):
            return True  # 停车位每百户不少于40个: a plan that sets a norm
        if (in_plan or self._default(c.start)) and self._lays_down(c, left):
            return True
        m = last_match(self._required, words.CLASS_WORD.sub("－－", left))
        if m is not None and len(left) - m.end() <= 14 and not words.NEED_BY_RULE.search(left, m.start()):
            return True
        if (
            c.prev is not None
            and c.prev.draft.status == "required"
            and re.fullmatch(r"\s*[、和及与，]\s*\w{0,6}\s*", c.left_text)
            and not words.ACTUALLY.search(c.left_text)
        ):
            return True
        return words.RULE_AFTER.match(c.right_text) is not None
