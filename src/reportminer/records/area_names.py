"""Names of institutions, villages and sub-areas in one sentence: where they stand and what part they play there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reportminer.lexicon import Lexicon
from reportminer.restore.places import find_places, lookup

Kind = Literal["institution", "place", "village", "vague", "own", "total"]

_ROLES = frozenset(
    [
        "suffix",
        "generic",
        "stop",
        "soft",
        "definite",
        "sole",
        "single",
        "own",
        "outside",
        "vague",
        "lead",
        "build",
        "follow",
        "attribute",
    ]
)
_CHAR = "\u4e00-\u9fffxXＸ×*＊"
_HAN_RUN = re.compile(rf"[{_CHAR}]+$")
# 一中, 县五小, 第五完小, 三幼 - not 十一小时, 三中全会, 一小部分
_ORDINAL = re.compile(
    r"(?:[县区市镇州]新?)?(?:第[一二三四五六七八九十百\d]{1,3}(?:完小|完全小学|小学|中学|初级中学|高级中学|幼儿园|人民医院|医院|职中)|"
    r"(?<![一二三四五六七八九十集])[一二三四五六七八九十]{1,3}(?:完小|[小中幼](?![时部全学型心国央块步段片批期专型旬年有小幼])))"
)
# what must follow 五小 without a place before it: else it may be a number and half a word
_SAID_OF_SCHOOL = re.compile(
    r"投资|占地|新建|扩建|改建|迁建|建|教学|学|的|和|、|及|[，,]|项目|总|完成|在校|现|共|已|为|将|办|$"
)
_VILLAGE = re.compile(
    rf"[{_CHAR}]{{2,4}}?(?:村|社区)(?=群众|村民|村委|投|筹|建|修|现|共|新|完成|有|流转|发展|硬化|\d)"
)
_TOWN = re.compile(
    rf"[{_CHAR}]{{1,4}}?(?:镇|乡|街道|(?<![\u4e00-\u9fff]{{3}})[县区])(?=现|共|新|完成|有|投|筹|建|辖|实现|占|为|达|缺|\d)"
)
_ROUND = re.compile(r"第[一二三四五六七八九十\d]+[轮批期届次个类]")
_GENERIC_VILLAGE = re.compile(
    r"(?:行政|自然|贫困|示范|试点|重点|脱贫|薄弱|整|全|各|每|该|本|农|山|乡|全部|多|个|空心|中心|边远|偏远|民族|库区|美丽|文明|新|城中|退出|移民|"
    r"建制|特色|强|边境|部分|所有|其他|其余|少数|多数|我|老|郊|城|市|辖|矿|校|园|景|社|灾|学|厂|牧|林|库|片|小|地|县|湖|集|村|几|一|两|等|镇)+(?:村|社区|镇|乡|街道|县|区)"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A name in a sentence: ``sentence[start:end]``; ``name`` is what an observation is said of."""

    start: int
    end: int
    name: str
    kind: Kind
    code: str | None = None


class Words:
    """The words of ``areas.tsv`` by role, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Raises LexiconError for an unknown role."""
        roles: dict[str, set[str]] = {r: set() for r in _ROLES}
        for row in lexicon.table("areas"):
            if row["role"] not in roles:
                raise row.fail(f"role“{row['role']}”不是 {'、'.join(sorted(_ROLES))} 之一")
            roles[row["role"]].add(row["word"])
        self.suffix = re.compile("(?:" + _alternatives(roles["suffix"]) + ")(?!生(?!均)|[们龄])")
        self.stop = re.compile(_alternatives(roles["stop"]))
        self.soft = re.compile(_alternatives(roles["soft"]))
        self.common = re.compile(_alternatives(w for w in roles["generic"] if len(w) > 1))
        self.generic = re.compile(
            "(?:" + _alternatives(roles["generic"]) + r"|[一二三四五六七八九十两几数百千万\d])*"
        )
        self.definite = re.compile("(?:" + _alternatives(roles["definite"]) + ")新?")
        self.sole = frozenset(roles["sole"])
        self.single = frozenset(roles["single"])
        self.own = re.compile(_alternatives(roles["own"]))
        self.outside = re.compile(_alternatives(roles["outside"]))
        self.vague = re.compile(_alternatives(roles["vague"]))
        self.lead = re.compile(
            r"(?:"
            + _alternatives(roles["lead"])
            + r"|\d+月份?初?|\d+年底?|\d+月\d+日|[xX]+月份?|[（(][一二三四五六七八九十\d]+[)）]|\d+[、.．]|[\s:：“”\"])*"
        )
        self.build = re.compile(_alternatives(roles["build"]))
        self.follow = re.compile(_alternatives(roles["follow"]))
        self.attribute = re.compile(_alternatives(roles["attribute"]))


def _alternatives(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) + ")"


@lru_cache(maxsize=8)
def words_of(lexicon: Lexicon) -> Words:
    """The compiled words of a lexicon."""
    return Words(lexicon)


def institutions(sentence: str, words: Words, town: bool = False) -> list[Anchor]:
    """Named institutions (陆羽小学, 县医院, 五小) in a sentence; generic ones (农村小学, 九年一贯制学校) are left
    out, or of kind ``own`` when they open a clause: they are schools of the area again.

    ``town``: in the report of a town its 中心小学 is one school."""
    out: list[Anchor] = []
    end_before = 0
    for m in words.suffix.finditer(sentence):
        start = _name_start(sentence, max(end_before, m.start() - 12), m.start(), words)
        prefix = sentence[start : m.start()]
        end = m.end()
        if not (
            _named(prefix, m[0], words)
            or (town and m[0].startswith("中心") and words.generic.fullmatch(prefix))
        ):
            if (
                prefix
                and prefix != "附属"
                and words.generic.fullmatch(prefix)
                and words.lead.fullmatch(sentence, _clause(sentence, start), start)
            ):
                out.append(
                    Anchor(start, end, sentence[start:end], "own")
                )  # 乡镇卫生院开放床位…: no longer the county hospital
            continue
        tail = re.match(
            r"(?:及|和)(?:附属)?幼儿园(?=[\u4e00-\u9fff]{0,3}\d|投资|占地|建设|项目)", sentence[end:]
        )
        if tail:
            end += tail.end()
        out.append(Anchor(start, end, sentence[start:end].strip(" *＊"), "institution"))
        end_before = end
    for m in _ORDINAL.finditer(sentence):
        if any(a.start < m.end() and m.start() < a.end for a in out):
            continue
        start = m.start()
        if sentence[start] in "第一二三四五六七八九十":
            start -= next((n for n in (4, 3, 2) if n <= start and lookup(sentence[start - n : start])), 0)
            if (
                start == m.start()
                and sentence[start] != "第"
                and not _SAID_OF_SCHOOL.match(sentence, m.end())
            ):
                continue
        out.append(Anchor(start, m.end(), sentence[start : m.end()], "institution"))
    out.sort(key=lambda a: a.start)
    return out


def _clause(sentence: str, at: int) -> int:
    return max(sentence.rfind(ch, 0, at) for ch in "，,。；;：:、（(\n") + 1


def _name_start(sentence: str, low: int, high: int, words: Words) -> int:
    """Where the proper part of a name that ends at ``high`` begins, not before ``low``; ``high`` when nothing is left."""
    run = _HAN_RUN.search(sentence[low:high])
    start = low + run.start() if run else high
    for m in words.stop.finditer(sentence, start, high):
        start = m.end()
    for m in words.soft.finditer(sentence, start, high):
        # 和平小学, 人和小学: what leaves less than two characters belongs to the name, but not in 中学和小学
        if m.end() <= high - 2 or (m.end() == high and sentence[m.start() - 1 : m.start()] in "学园院校"):
            start = m.end()
    return start


def _named(prefix: str, suffix: str, words: Words) -> bool:
    """Whether the words before a suffix make it the name of one institution."""
    bare = prefix.strip("xXＸ×*＊ ")
    masked = bare != prefix
    if not bare:
        if suffix in words.single:
            return True
        return masked and len(prefix) >= 2 and suffix not in ("学校", "小学", "中学", "医院", "幼儿园")
    definite = words.definite.match(bare)
    core = bare[definite.end() :] if definite else bare
    sole = suffix in words.sole or core + suffix in words.sole
    if not core:
        return sole
    if words.generic.fullmatch(core) and not (core.startswith("第") and definite):
        return sole and (masked or (definite is not None and core + suffix in words.sole))
    if len(core) > 6 or (core.endswith("中") and suffix.startswith("小学")) or _ROUND.match(core):
        return False
    if words.common.search(core):  # 占义务教育阶段学校
        return False
    return len(core) >= 2 or definite is not None or masked


def subareas(sentence: str, words: Words) -> list[Anchor]:
    """Places that may have numbers of their own: known divisions, named towns and villages, vague ones (个别县区)."""
    out = [
        Anchor(p.start, p.end, p.name, "place", p.code)
        for p in find_places(sentence)
        if p.level != "province" or p.name.endswith(("省", "区"))
    ]
    for pattern, kind in ((_VILLAGE, "village"), (_TOWN, "village")):
        for m in pattern.finditer(sentence):
            start = _name_start(sentence, m.start(), m.end() - 1, words)
            name = sentence[start : m.end()]
            if (
                len(name) < 2
                or _GENERIC_VILLAGE.fullmatch(name)
                or any(a.start < m.end() and start < a.end for a in out)
            ):
                continue
            out.append(Anchor(start, m.end(), name, "village" if kind == "village" else "place"))
    for m in words.vague.finditer(sentence):
        if not any(a.start < m.end() and m.start() < a.end for a in out):
            out.append(Anchor(m.start(), m.end(), m[0], "vague"))
    out.sort(key=lambda a: a.start)
    return out
