"""S8 towns and townships spelled without a name: 辖8镇6乡，共14个乡镇."""

from __future__ import annotations

import re

from reportminer.checks.common import View, arithmetic, finding, verified
from reportminer.checks.words import Words
from reportminer.core import CheckResult

_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_N = r"(\d{1,3}|[一二两三四五六七八九十]{1,3})"
_KINDS = (
    rf"{_N}个?(?:建制)?镇[、和，,]?{_N}个?(?:民族)?乡(?!镇)(?:[、和，,]{_N}个?(?:街道办事处|街道|办事处))?"
)
_NAMED = rf"(?:建制)?镇{_N}个[、和，,]?(?:民族)?乡{_N}个(?:[、和，,]街道(?:办事处)?{_N}个)?"
_AFTER = re.compile(
    rf"{_KINDS}(?:[，,（(]|[，,]?(?:共|合计|共计|总计)(?:辖|有)?){{1,2}}{_N}个(?:乡镇|镇乡|乡镇街道|乡镇[（(]街道[）)])(?!办|政府)"
)
_BEFORE = re.compile(rf"{_N}个(?:乡镇|镇乡|乡镇街道)(?:[，,]?其中[：:]?|[（(]){_KINDS}")
_BEFORE_NAMED = re.compile(rf"{_N}个(?:乡镇|镇乡|乡镇街道)(?:[，,]?其中[：:]?|[（(]){_NAMED}")


def townships(view: View, words: Words) -> CheckResult:
    """S8 乡镇数: towns and townships make up the number of both that is told beside them.

    Fires: 我县辖8镇6乡，共13个乡镇，216个行政村。
    Fires: 全县辖13个乡镇（8镇6乡），216个行政村。
    Quiet: 我县辖8镇6乡，共14个乡镇，216个行政村。
    Quiet: 全县辖3个街道、8镇6乡，共17个乡镇街道，216个行政村。
    """
    result = CheckResult()
    for form, last in ((_AFTER, True), (_BEFORE, False), (_BEFORE_NAMED, False)):
        for m in form.finditer(view.clean):
            told = [_count(g) for g in m.groups() if g]
            if any(n is None for n in told) or re.search(
                r"街道|办事处", view.clean[m.start() - 8 : m.start()]
            ):
                continue
            numbers = [n for n in told if n is not None]
            whole = numbers[-1] if last else numbers[0]
            parts = numbers[:-1] if last else numbers[1:]
            near = [o for o in view.items if o.clean_start < m.end() and o.clean_end > m.start()]
            sentence = view.report.text.sentence_at(m.start())
            members = near or view.by_sentence.get(sentence, [])[:1]
            if not members:
                continue
            left = " + ".join(map(str, parts)) + f" = {sum(parts)}个"
            how = arithmetic(left, f"{whole}个")
            if sum(parts) == whole:
                if len(near) > len(parts):
                    result.verified.append(verified("S8", "sum", view, members, how))
                continue
            message = f"乡镇{left}，与所述{whole}个不符。"
            result.findings.append(finding("S8", "sum", "error", [view], members, message, how))
    return result


def _count(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    head, ten, tail = text.partition("十")
    if not ten:
        return _NUMERALS.get(text)
    if any(c not in _NUMERALS for c in head + tail):
        return None
    return (_NUMERALS[head] if head else 1) * 10 + (_NUMERALS[tail] if tail else 0)
