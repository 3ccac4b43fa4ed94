"""Names first, figures after: 巩固率、毛入园率分别达到96%和88%. The k-th figure belongs to the k-th name."""

from __future__ import annotations

import re

from reportminer.records.context import Context

_EACH = re.compile(r"分别|依次|各(?=增|减|升|降|提高|下降|上升|达)")
_BREAK = re.compile(r"[，,。；;：:！？\n]")
_JOIN = re.compile(r"、|以及|和(?![谐平田睦县])|与(?![谐平田睦县])|及(?![谐平田睦县])")
_GAP = re.compile(r"\s*(?:[、，,和与及]|以及)\s*(?:(?:全|居|位居|列|排)[^，。；、\d]{0,3})?")
_MORE = re.compile(
    r"(?:\s*(?:[、，,和与及]|以及)\s*(?:第?[一二三四五六七八九十\d]|-)[\d.一二三四五六七八九十]*(?:个?百分点|[%‰个位倍名元人所]|万|亿)*)+"
)
_HEAD_VERB = re.compile(r"(?:累计|共|均|都|也|还|又|同比|较上年|比上年|比去年|预计|已|将|全年|目前)+$")
_ELSEWHERE = re.compile(
    r"完成|任务|目标|计划|预算|占|高于|低于|超过|相当于|投入|安排"
)  # 分别完成任务的102%和111%: of something else
_LONGEST = 6


def own_name(c: Context) -> tuple[int, int] | None:
    """``(start, end)`` in the clean text of the name that belongs to a figure of such a list; None where there is none, or where the
    names carry figures of their own (甲5所、乙8所，分别…)."""
    if not _EACH.search(c.text, c.sentence, c.start):
        return None
    run = [c]
    while run[0].prev is not None and _GAP.fullmatch(run[0].left_text) and len(run) < _LONGEST:
        run.insert(0, run[0].prev)
    first = run[0]
    lead = c.text[max(c.sentence, first.left) : first.start]
    each = None
    for m in _EACH.finditer(lead):
        each = m
    if each is None or _BREAK.search(lead, each.end()) or _ELSEWHERE.search(lead, each.end()):
        return None
    rest = _MORE.match(c.text, c.end, c.sentence_end)
    n = len(run) + (len(_JOIN.findall(rest[0])) + rest[0].count("，") if rest else 0)
    if not 2 <= n <= _LONGEST:
        return None
    start = max(c.sentence, first.left)
    end = start + each.start()
    for m in _BREAK.finditer(c.text, start, end):
        start = m.end()
    body = _HEAD_VERB.sub("", c.text[start:end])
    pieces: list[tuple[int, int]] = []
    at = 0
    for m in _JOIN.finditer(body):
        pieces.append((start + at, start + m.start()))
        at = m.end()
    pieces.append((start + at, start + len(body)))
    if len(pieces) != n or any(b - a < 2 for a, b in pieces):
        return None
    return pieces[len(run) - 1]
