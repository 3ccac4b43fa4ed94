"""The words of ``lexicons/part_cues.tsv`` as compiled patterns: what opens, ends, or keeps out of a breakdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from reportminer.lexicon import Lexicon, Row, looks, seconds

_ROLES = frozenset(
    [
        "open",
        "like",
        "contain",
        "split",
        "facet",
        "aside",
        "except",
        "total",
        "rest",
        "fresh",
        "compare",
        "measure",
        "target",
        "progress",
        "extreme",
        "family",
    ]
)
_SIGNS = {
    **dict.fromkeys("（(〔", "opened"), **dict.fromkeys("）)〕", "closed"), **dict.fromkeys("。！？!?", "stop"), "\n": "para",
    **dict.fromkeys("；;", "semi"), **dict.fromkeys("，,", "comma"), "、": "pause",
}  # fmt: skip
_MARKER = (
    r"(?:[（(]?\d{1,2}[）)、.．](?!\d)|[（(][一二三四五六七八九十]{1,2}[）)]|[一二三四五六七八九十]{1,2}、|[一二三四五六七八九十]是|"
    r"第[一二三四五六七八九十][、，,]|[①-⑩]|[-—•·●■◆])"
)


_BY_WORD = r"按(?:学历|职称|年龄|性别|来源|类别|类型|学段|城乡|级别|等级|用途|专业|岗位|区域)(?=[，,：:])"


@dataclass(frozen=True, slots=True)
class PartCues:
    """Compiled cues. ``opening`` finds the first character of everything that opens or closes a breakdown, ``word`` reads those that
    are no signs (named groups)."""

    opening: re.Pattern[str]
    word: re.Pattern[str]
    total: re.Pattern[str]  # at the end of the text left of a figure
    fresh: re.Pattern[str]
    rest: re.Pattern[str]
    compare: re.Pattern[str]
    measure: re.Pattern[str]
    target: re.Pattern[str]
    progress: re.Pattern[str]
    extreme: re.Pattern[str]  # at the end of the text left of a figure
    families: dict[str, frozenset[str]]  # indicator -> indicators it may stand in a sum with

    def events(self, text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        """Everything in ``text[start:end]`` that opens or closes a breakdown, in order: its name, start and end."""
        for m in self.opening.finditer(text, start, end):
            at = m.start()
            if at < start:
                continue
            name = _SIGNS.get(text[at])
            if name is not None:
                yield name, at, at + 1
            elif (found := self.word.match(text, at, end)) is not None:
                start = found.end()
                yield found.lastgroup or "", at, start

    def related(self, a: str, b: str) -> int:
        """How near two indicators are: 3 the same, 2 of one family, 1 unknown, 0 different."""
        if a == b:
            return 3
        if b in self.families.get(a, ()):
            return 2
        return 1 if "other" in (a, b) else 0


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


def _facet(row: Row, word: str) -> str:
    before, dots, after = word.partition("…")
    if not dots or not before or not after:
        raise row.fail(f"“{word}”应写成“从…看”的样子")
    return (
        re.escape(before)
        + r"[^，,。；;：:、（）()\d]{1,10}?"
        + re.escape(after)
        + r"(?=[，,：:]|[^，。；]{0,6}$)"
    )


@cache
def part_cues(lexicon: Lexicon) -> PartCues:
    """The cues of a lexicon. Raises LexiconError for an unknown role or a facet without …."""
    words: dict[str, list[str]] = {role: [] for role in _ROLES}
    facets: list[str] = []
    families: dict[str, set[str]] = {}
    for row in lexicon.table("part_cues"):
        role = row["role"]
        if role not in _ROLES:
            raise row.fail(f"不认识的作用“{role}”")
        if role == "facet":
            facets += [_facet(row, w) for w in row.list("words")]
        elif role == "family":
            for w in row.list("words"):
                families.setdefault(w, set()).update(row.list("words"))
        else:
            words[role] += row.list("words")
    word = re.compile(
        rf"(?P<items>[：:](?=\s*(?:\n|{_MARKER})))|(?P<colon>[：:])|(?P<facet>(?<![\u4e00-\u9fff])(?:{'|'.join(facets)}|{_BY_WORD}))"
        rf"|(?P<except>{_alternatives(words['except'])})"
        rf"|(?P<open>{_alternatives(words['open'])})|(?P<split>{_alternatives(words['split'])})"
        rf"|(?P<like>{_alternatives(words['like'])})|(?P<contain>{_alternatives(words['contain'])})"
        rf"|(?P<aside>(?<![\u4e00-\u9fff])(?:{_alternatives(words['aside'])}))"
    )

    anywhere = seconds(w for role in ("except", "open", "split", "like", "contain") for w in words[role])
    after_sign = seconds((*(f.replace("\\", "")[:1] for f in facets), *words["aside"]))
    first = "".join(map(re.escape, {**_SIGNS, **anywhere, **after_sign}))
    opening = re.compile(
        f"[{first}：:](?:(?<=[{''.join(map(re.escape, _SIGNS))}：:])|{looks(anywhere)}"
        rf"|(?<![\u4e00-\u9fff].)(?:{looks(after_sign)}))"
    )

    def ends(role: str, reach: str = "") -> re.Pattern[str]:
        return re.compile(f"(?:{_alternatives(words[role])}){reach}$")

    return PartCues(
        opening=opening,
        word=word,
        total=ends("total", "(?:达到|达|为|有|了)?"),
        fresh=ends("fresh", "(?:达到|达|为|有)?"),
        rest=re.compile(f"(?:{_alternatives(words['rest'])})[^，,。；;]*$"),
        compare=ends("compare", r"(?:[^，,。；;：:、\d]{0,6}的)?"),
        measure=ends("measure", "(?:度)?(?:为|达)?"),
        target=re.compile(_alternatives(words["target"])),
        extreme=ends("extreme", "[^，,。；;：:、\\d]{0,5}"),
        progress=re.compile(_alternatives(words["progress"])),
        families={k: frozenset(v) for k, v in families.items()},
    )


MARKER = re.compile(r"[ \u3000\t]*" + _MARKER)


def marker_rank(text: str, at: int) -> int | None:
    """How high the list marker at ``at`` stands (0 for 一、, then （一）, 1、, （1）, ① and 一是), None when there is none."""
    m = MARKER.match(text, at)
    if m is None:
        return None
    body = m.group().strip(" \u3000\t")
    first = body[0]
    if first in "（(":
        return 3 if body[1].isdigit() else 1
    if body.endswith("是") or first == "第":
        return 5
    if first in "一二三四五六七八九十":
        return 0
    return 2 if first.isdigit() else 4
