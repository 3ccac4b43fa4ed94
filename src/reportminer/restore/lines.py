"""Hard line breaks inside sentences, words and numbers are joined; paragraph ends, headings, lists and tables stay."""

from __future__ import annotations

import re

from reportminer.core import Span
from reportminer.restore.edit import Draft

_STARTS = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[、.．)）](?![0-9])|第[一二三四五六七八九十0-9]+[章节篇条部]|[⑴-⒇①-⑳●■◆▲·•]|篇[0-9一二三四五六七八九十]|[|｜]|——|附[件表：:]|备?注[：:])"
)
_ENDS = "。！？；：:!?;|”…"
_UNIT_START = re.compile(r"\s*(?:[万亿千百]?(?:元|人|平方米|亩|吨|公里|个|所|名|台|套|册|间|户|%)|[万亿]|分点|百分点)")


def _width(line: str) -> int:
    return sum(1 if c < "\u0100" else 2 for c in line)


def join_lines(draft: Draft) -> bool:
    """Joins lines that were broken by a fixed width, and numbers that were broken before their unit or between digits."""
    text = draft.text
    if "\n" not in text:
        return False
    lines: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    wrap = _wrap_width([text[s:e] for s, e in lines])
    spans: list[Span] = []
    joined = False
    i = 0
    while i + 1 < len(lines):
        start, end = lines[i]
        k = i + 1
        while k < len(lines) and not text[lines[k][0] : lines[k][1]].strip() and k - i <= 2:
            k += 1
        if k >= len(lines):
            break
        line, following = text[start:end], text[lines[k][0] : lines[k][1]]
        if _broken(line, following, k - i > 1, wrap):
            tail = start + len(line.rstrip())
            head = lines[k][0] + len(following) - len(following.lstrip())
            spans.append(Span(tail, head))
            joined = True
        i = k
    draft.drop(spans)
    return joined


def _wrap_width(lines: list[str]) -> int | None:
    """The width at which a text is wrapped (half-width columns), or None when it is not."""
    widths = sorted((_width(x.rstrip()) for x in lines if x.strip()), reverse=True)
    if len(widths) < 8:
        return None
    width = widths[min(2, len(widths) - 1)]
    if not 40 <= width <= 130:
        return None
    full = [x for x in lines if x.strip() and _width(x.rstrip()) >= width - 6 and "\t" not in x and not x.lstrip().startswith("|")]
    open_ended = sum(1 for x in full if x.rstrip()[-1] not in _ENDS)
    return width if len(full) >= 0.35 * len(widths) and open_ended >= 0.5 * len(full) else None


def _broken(line: str, following: str, blank: bool, wrap: int | None) -> bool:
    """Was this line broken in the middle of a sentence?"""
    body, nxt = line.rstrip(), following.lstrip()
    if not body.strip() or not nxt or "\t" in line or "\t" in following or body[-1] in _ENDS:
        return False
    if _STARTS.match(following) or body.lstrip().startswith("|"):
        return False
    if body[-1].isdigit() and nxt[0].isdigit() and wrap and not blank and _width(body) >= wrap - 8:
        return True
    if (body[-1].isdigit() or body[-1] in "多余万亿xX") and _UNIT_START.match(following) and len(body) >= 12:
        return True
    if blank:
        return False
    if following.startswith(("  ", "\u3000")):
        return False
    if wrap:
        return _width(body) >= wrap - 8
    return len(body) >= 40 and ("\u4e00" <= body[-1] <= "\u9fff" or body[-1] in "，、,") and "\u4e00" <= nxt[0] <= "\u9fff"
