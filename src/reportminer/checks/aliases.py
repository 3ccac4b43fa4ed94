"""Notes on names: E4 one programme written in two ways, E2 a count that may belong to one or to all."""

from __future__ import annotations

import re
from collections import Counter

from reportminer.checks.common import View, finding
from reportminer.checks.passages import near, passages
from reportminer.checks.words import Words
from reportminer.core import CheckResult

_QUOTED = re.compile(r"[“\"「『]([一-龥]{4,10})[”\"」』]")
_MEETINGS = re.compile(
    r"(?:召开|举办|开展|组织|举行)[^，。；、：:]{0,10}?((?:[一-龥]{2,8}(?:会|赛|班|活动|演练|检查|培训|讲座)、)+[一-龥]{2,8}(?:会|赛|班|活动|演练|检查|培训|讲座))(?!等)$"
)
_SHARED = re.compile(r"各|共|分别|累计|总计|合计|等")


def two_spellings(view: View, words: Words) -> CheckResult:
    """E4 同名异写: the name of one programme in two spellings: characters in another order, or one easily mistaken for another (tables programmes).
    A note.

    Fires: 投入“全面改薄”资金300万元。实施“全面薄改”项目20个。
    Fires: 安排改薄资金2740万元。上级下达改簿资金2700万元。
    Quiet: 投入“全面改薄”资金300万元。实施“全面改薄”项目20个。
    Quiet: 投入“全面改薄”资金300万元。实施“全面改善”项目20个。
    """
    result = CheckResult()
    told: set[str] = set()
    for name in words.programmes:
        for variant in _variants(name, words):
            if variant not in view.clean or name not in view.clean or variant in told:
                continue
            there, here = _places(view, variant, name), _places(view, name, variant)
            same = {view.report.text.segment_at(a).index for a in here} & {
                view.report.text.segment_at(a).index for a in there
            }
            if there and here and same:
                told |= {name, variant, *(name[i : i + 2] for i in range(len(name) - 1))}
                _tell(view, name, len(here), variant, there, result)
    for segment in view.report.text.segments:
        quoted = Counter(m.group(1) for m in _QUOTED.finditer(view.clean, segment.start, segment.end))
        by_letters: dict[str, str] = {}
        for text, _ in quoted.most_common():
            first = by_letters.setdefault("".join(sorted(text)), text)
            if first == text or any(t in text or t in first for t in told) or not _swapped(first, text):
                continue
            at = [
                m.start()
                for m in _QUOTED.finditer(view.clean, segment.start, segment.end)
                if m.group(1) == text
            ]
            _tell(view, first, quoted[first], text, at, result)
    return result


def _places(view: View, name: str, other: str) -> list[int]:
    """Where a spelling stands by itself."""
    return [m.start() for m in re.finditer(re.escape(name), view.clean)]


def _variants(name: str, words: Words) -> list[str]:
    """The other spellings of a name: two neighbours swapped, or one character taken for its double."""
    out = [
        name[:i] + words.confusable[c] + name[i + 1 :] for i, c in enumerate(name) if c in words.confusable
    ]
    if len(name) == 2:
        out.append(name[::-1])
    elif len(name) == 4:
        out += [name[:2] + name[3] + name[2], name[1] + name[0] + name[2:]]
    return [v for v in out if v != name]


def _swapped(a: str, b: str) -> bool:
    """Whether two names of the same characters differ only in the order of two neighbours."""
    off = [i for i in range(len(a)) if a[i] != b[i]]
    return len(off) == 2 and off[1] == off[0] + 1


def _tell(view: View, name: str, times: int, variant: str, at: list[int], result: CheckResult) -> None:
    message = f"“{name}”（{times}处）与“{variant}”（{len(at)}处）应为同一工程的两种写法，比较时请视为同名。"
    result.findings.append(finding("E4", "repeat", "info", [view], near(view, at[0]), message))


def attachment(view: View, words: Words) -> CheckResult:
    """E2 修饰歧义: one count behind several meetings may be theirs together or the last one's alone. A note.

    Fires: 全区先后召开动员会、现场会2次。
    Quiet: 全区先后召开动员会1次、现场会2次。
    Quiet: 全区先后召开动员会、现场会共2次。
    """
    result = CheckResult()
    for p in passages(view, re.compile(r"召开|举办|开展|组织|举行")):
        for o in p.figures():
            if o.unit not in ("次", "场", "期") or o.kind != "level" or o.bound == "range":
                continue
            start = p.place(o)[0]
            m = _MEETINGS.search(p.text[:start])
            if (
                m
                and not _SHARED.search(p.text[max(0, start - 2) : start])
                and not p.figures(m.start(), start)
            ):
                message = (
                    f"“{m.group(1)}{view.text(o)}”：{view.text(o)}是各项合计还是只指最后一项，文字分不清。"
                )
                result.findings.append(finding("E2", "range", "info", [view], [o], message))
    return result
