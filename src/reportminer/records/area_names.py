"""Names of institutions, villages and sub-areas in one sentence: where they stand and what part they play there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reportminer.lexicon import Lexicon
from reportminer.restore.gazetteer import gazetteer
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
        "cut",
        "zone",
    ]
)
_CHAR = "\u4e00-\u9fffxXＸ×*＊"
JOIN = re.compile(r"\s*[、和与及]\s*|以及")  # between two names of a list
_HAN_RUN = re.compile(rf"[{_CHAR}]+$")
# 一中, 县五小, 第五完小, 三幼 - not 十一小时, 三中全会, 一小部分
_NUMBERED = (
    r"[一二三四五六七八九十百\d]{1,3}(?:完小|完全小学|小学|中学|初级中学|高级中学|幼儿园|人民医院|医院|职中)"
)
_SHORT = r"(?:完小|[小中幼](?![时部全学型心国央块步段片批期专型旬年有小幼]))"
_CN = "一二三四五六七八九十"
_ORDINAL = re.compile(  # begins with a set of characters, which is found fast
    rf"[县区市镇州第{_CN}](?:(?<=[县区市镇州])新?(?:第{_NUMBERED}|[{_CN}]{{1,3}}{_SHORT})"
    rf"|(?<=第){_NUMBERED}|(?<=[{_CN}])(?<![{_CN}集].)[{_CN}]{{0,2}}{_SHORT})"
)
_OF_TOWN = re.compile(r"(?:(?![全各我本该每在和与及的为了等])[\u4e00-\u9fff]){2,3}?(?:街道|镇|乡|社区|村)$")
# what must follow 五小 without a place before it: else it may be a number and half a word
_SAID_OF_SCHOOL = re.compile(
    r"投资|占地|新建|扩建|改建|迁建|建|教学|学|的|和|、|及|[，,]|项目|总|完成|在校|现|共|已|为|将|办|$"
)
# 县合管办编制8名，在岗5名
_OFFICE = re.compile(
    r"(?<![\u4e00-\u9fff])(?:为|给)?([县区市州][\u4e00-\u9fff]{1,5}[办局站馆队])(?=(?:增加|核定|现有|核编|空缺)?编制)"
)
# 三岔初中教学楼: a name only before what one school has; otherwise 初中 is a stage
_JUNIOR = re.compile(
    r"(?:初中|高中)(?=(?:学生)?(?:宿舍|公寓|食堂|教学楼|综合楼|实验楼|运动场|操场|校区|占地|投资))"
)
_LEVEL_COUNT = re.compile(
    r"[、，,；;]\s*((?:其他|其余)?(?:小学|初中|高中|中学|幼儿园|村小|教学点|教职工|专任教师|在校生|在校学生|学校))(?=\s*\d)"
)
_VILLAGE_END = re.compile(r"(?:村|社区)(?=群众|村民|村委|投|筹|建|修|现|共|新|完成|有|流转|发展|硬化|\d)")
_VILLAGE = re.compile(rf"[{_CHAR}]{{2,4}}?{_VILLAGE_END.pattern}")
_TOWN_END = re.compile(
    r"(?:镇|乡|街道|县(?<![\u4e00-\u9fff]{3}.)|区(?<![\u4e00-\u9fff]{3}.))(?=现|共|新|完成|有|投|筹|建|辖|实现|占|为|达|缺|\d)"
)
_TOWN = re.compile(rf"[{_CHAR}]{{1,4}}?{_TOWN_END.pattern}")
_ROUND = re.compile(r"第[一二三四五六七八九十\d]+[轮批期届次个类]")
_GENERIC_VILLAGE = re.compile(
    r"(?:行政|自然|贫困|示范|试点|重点|脱贫|薄弱|整|全|各|每|该|本|农|山|乡|全部|多|个|空心|中心|边远|偏远|民族|库区|美丽|文明|新|城中|退出|移民|"
    r"建制|样板|和美|宜居|乡村|生态|精品|标杆|旅游|电商|特色|强|边境|部分|所有|其他|其余|少数|多数|我|老|郊|城|市|辖|矿|校|园|景|社|灾|学|厂|牧|林|库|片|小|地|县|湖|集|村|几|一|两|等|镇)+(?:村|社区|镇|乡|街道|县|区)"
)

# a name that opens a clause may be followed by any words; therefore what may be a common noun is left out
_COMMON_END = re.compile(
    r"(?:[城乡集小古名强下返回还家故离入进]|建制|重点|特色|中心|思送教)(?:镇|乡)$|(?:自治|旗县|各县)[县区]$|"
    r"(?:行政|自然|贫困|示范|试点|空壳|薄弱|脱贫|出列|文明|城中|美丽|智慧|和谐|平安|法治|老旧|先进|未来|完整|受损|重点|特色|中心|嘎查|通)(?:村|社区)$|"
    r"(?:所有|部分|多数|少数|整|全|各|每|该)(?:镇|乡|街道|村|社区)$|(?:镇|乡|县|[城农])村$"
)
_OPENS_CLAUSE = re.compile(r"(?:\A|[，,。；;：:、（(\n]|(?<=[村镇区场])[和与及])\s*")
_OPENING_TOWN = re.compile(
    r"(?:(?![全各我本该每个的在是为有和与及等所])[\u4e00-\u9fff]){1,4}?"
    r"(?:街道(?!办事处的)|镇(?![级域区村区中上政里和])|乡(?![级村镇下里愁亲土情约政中]))"
)
_OPENING_VILLAGE = re.compile(
    r"(?:(?![全各我本该每个的在是为有和与及等所])[\u4e00-\u9fff]){2,3}?村(?![级民委里庄干医屯落容务规卫两小社支组道寨镇校])"
)
_ZONE_STEM = re.compile(r"(?!旅游|重点|主要|特色|现代|农业|产业|乡村|红色|省级|全|各|该)[\u4e00-\u9fff]{2,8}")


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
            + r"|\d+月份?初?|\d+年底?|\d+月\d+日|[xX]+月份?|[（(][一二三四五六七八九十\d]+[)）]|\d+[、.．]|[\s:：“”\"*＊])*"
        )
        self.build = re.compile(_alternatives(roles["build"]))
        self.follow = re.compile(_alternatives(roles["follow"]))
        self.attribute = re.compile(_alternatives(roles["attribute"]))
        self.cut = re.compile(f"(?:{_alternatives(roles['cut'])})$")
        self.zone = re.compile(_alternatives(roles["zone"]))
        self.bare_zone = frozenset(w for w in roles["zone"] if len(w) > 3)


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
            if not (town and m[0] == "中学" and prefix.endswith(("镇", "乡"))):
                continue
            start = m.start() - 1  # 中考镇中学486人参考: the school of the town that reports
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
                and (of_town := _OF_TOWN.search(sentence, max(0, start - 6), start)) is not None
            ):
                start = of_town.start()  # 城东街道第二小学
            if (
                start == m.start()
                and sentence[start] != "第"
                and not _SAID_OF_SCHOOL.match(sentence, m.end())
            ):
                continue
        out.append(Anchor(start, m.end(), sentence[start : m.end()], "institution"))
    for m in _OFFICE.finditer(sentence) if "编制" in sentence else ():
        out.append(Anchor(m.start(1), m.end(1), m[1], "institution"))
    for m in _JUNIOR.finditer(sentence):
        start = _name_start(sentence, max(0, m.start() - 6), m.start(), words)
        if _named(sentence[start : m.start()], m[0], words) and not any(
            a.start < m.end() and start < a.end for a in out
        ):
            out.append(Anchor(start, m.end(), sentence[start : m.end()], "institution"))
    for m in _LEVEL_COUNT.finditer(sentence):  # A校12人、小学30人: the schools of the area again
        if not any(a.start < m.end() and m.start(1) < a.end for a in out):
            out.append(Anchor(m.start(1), m.end(1), m[1], "own"))
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
    if words.cut.search(sentence, start, high):  # 达到小学不高于…: what stands before the suffix is no name
        return high
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
    """Places that may have numbers of their own: known divisions, towns, villages and zones that open a clause, vague ones (个别县区)."""
    out = [
        Anchor(p.start, p.end, p.name, "place", p.code)
        for p in find_places(sentence)
        if p.level != "province" or p.name.endswith(("省", "区"))
    ]

    def free(start: int, end: int) -> bool:
        return not any(a.start < end and start < a.end for a in out)

    out += [a for a in _opening(sentence, words) if free(a.start, a.end)]
    for pattern, ends in ((_VILLAGE, _VILLAGE_END), (_TOWN, _TOWN_END)):
        if ends.search(sentence) is None:
            continue
        for m in pattern.finditer(sentence):
            if sentence[m.start() - 1 : m.start()] in ("全", "各", "每", "新"):
                continue  # 全国文明村镇达到8个
            start = _name_start(sentence, m.start(), m.end() - 1, words)
            name = sentence[start : m.end()]
            if re.match(r"\d+个", sentence[m.end() :]) and name.endswith(("村", "社区")):
                continue  # 建成未来社区12个
            if len(name) >= 2 and not _common(name) and free(start, m.end()):
                out.append(Anchor(start, m.end(), name, "village"))
    for m in words.vague.finditer(sentence):
        if free(m.start(), m.end()) and sentence[m.start() - 1 : m.start()] not in ("旗", "各"):
            out.append(Anchor(m.start(), m.end(), m[0], "vague"))
    out.sort(key=lambda a: a.start)
    return out


def _common(name: str) -> bool:
    """Whether a name ends in a common noun: 五年城镇, 送教下乡, 较大自然村, 自治区."""
    return name in ("街道", "乡镇", "村镇") or bool(
        _GENERIC_VILLAGE.fullmatch(name) or _COMMON_END.search(name)
    )


def _opening(sentence: str, words: Words) -> list[Anchor]:
    """Towns, villages and zones that open a clause or are the next of a list of such names: 其中，白沙镇13个，云台镇…"""
    out: list[Anchor] = []
    # most sentences hold no such word at all
    towns = any(c in sentence for c in "镇乡街")
    villages = "村" in sentence
    zones = words.zone.search(sentence) is not None
    if not (towns or villages or zones):
        return out
    for opens in _OPENS_CLAUSE.finditer(sentence):
        at = opens.end()
        lead = words.lead.match(sentence, at)
        for start in sorted({at, lead.end() if lead else at}, reverse=True):
            found = _named_place(sentence, start, words)
            if found is not None:
                out.append(found)
                break
    return out


def _named_place(sentence: str, start: int, words: Words) -> Anchor | None:
    if sentence[start : start + 2] in gazetteer().beginnings:
        for p in find_places(sentence[start : start + 16])[:1]:
            if p.start == 0 and p.level != "town":
                start += p.end  # 沙洋县后港镇: the town after its county
    town = _OPENING_TOWN.match(sentence, start)
    if town is not None and (_common(town[0]) or _unnamed(sentence, start, town.end() - 1, words)):
        town = None
    inner = town.end() if town is not None else start
    village = _OPENING_VILLAGE.match(sentence, inner)
    if village is not None and not (_common(village[0]) or _unnamed(sentence, inner, village.end(), words)):
        return Anchor(inner, village.end(), village[0], "village")
    zone = words.zone.search(sentence, inner, inner + 14)
    if zone is not None and not re.match(r"[内里外级]|\d*[家个处]", sentence[zone.end() :]):
        name = sentence[inner : zone.end()]
        stem = name[: -len(zone[0])]
        if (
            not stem and zone[0] in words.bare_zone and not re.match("建设|管委会", sentence[zone.end() :])
        ) or (
            _ZONE_STEM.fullmatch(stem) is not None
            and words.generic.fullmatch(stem) is None
            and not _unnamed(sentence, inner, zone.start(), words)
        ):
            return Anchor(inner, zone.end(), name, "village")
    return Anchor(start, town.end(), town[0], "village") if town is not None else None


def _unnamed(sentence: str, start: int, end: int, words: Words) -> bool:
    """Whether the proper part of a name does not begin where the name seems to: 支持乡镇, 建成社区."""
    return _name_start(sentence, start, end, words) != start
