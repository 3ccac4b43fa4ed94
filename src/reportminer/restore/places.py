"""Places in running text, and the area a report speaks of."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from reportminer.restore.gazetteer import Region, code_of, gazetteer, lookup

__all__ = ["Place", "Region", "code_of", "document_area", "find_places", "lookup", "own_level"]

_HAN = re.compile(r"[\u4e00-\u9fff]")
# Before a name of one character and 县 these may stand; otherwise 建成县级 would hold 成县 and 健康县区 康县.
_OPENS = frozenset("在于赴到由从向对是")
# After a name: 市场, 区域, 区别, 县级 (after names of one character) show that it is none.
_NOT_AFTER = {"市": "场", "区": "域别间隔", "县": ""}
_TOWN = re.compile(
    r"(?:(?![各全我本该每有对和与及的为是了等中某其部分余多少农建辖个大小在于赴到由从向被将日月府会长])[\u4e00-\u9fff]){2,4}?"
    r"(?:街道办事处|街道|(?:苗族|瑶族|回族|土家族|侗族|彝族|畲族|壮族|满族|蒙古族|傣族)*(?:民族)?乡(?![村镇镇愁亲])|镇(?![村区域级]))"
)
# the village that a report speaks of stands at the head of a clause; 贫困村, 自然村 are none
_VILLAGE = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=[县市区镇乡在]))(?:(?![全各我本该每个农整乡镇县城])[\u4e00-\u9fff]){2,3}?(?<!行政)(?<!自然)(?<!贫困)(?<!示范)村"
)
_OUTSIDE = re.compile(r"(对接|支援|帮扶|援助|结对|协作|选派|捐赠|考察|学习|赴|援建|对口|友好)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place name in a text: ``text[start:end]``. ``name`` is what is written, a chain of names counts as one place
    (佛山市高明区); ``code`` is None when the name is ambiguous or below county level. ``level`` is ``province``,
    ``prefecture``, ``county`` or ``town``."""

    start: int
    end: int
    name: str
    code: str | None
    level: str

    @property
    def last(self) -> str:
        """The innermost name of the chain (高明区)."""
        return _parts(self.name)[-1]


@lru_cache(4096)
def _parts(name: str) -> tuple[str, ...]:
    g = gazetteer()
    return (name,) if name in g.by_name else tuple(g.split(name)) or (name,)


def find_places(text: str) -> list[Place]:
    """All places with a full name in ``text``, in order; provinces also by their short name. Chains are joined and a town that
    follows a chain directly (福清市东瀚镇) is part of it. One pass, no overlaps."""
    g = gazetteer()
    hits = g.automaton.find_matches_as_indexes(text)
    out: list[Place] = []
    n = len(text)
    i = 0
    while i < len(hits):
        word, start, end = hits[i]
        names = [g.words[word]]
        i += 1
        while i < len(hits) and hits[i][1] == end and _inside(g.words[hits[i][0]], names):
            names.append(g.words[hits[i][0]])
            end = hits[i][2]
            i += 1
        if not _is_place(text, start, end, names):
            continue
        level, code = _level_and_code(names)
        if level != "province" and end < n:
            town = _TOWN.match(text, end)
            if town:
                end, level, code = town.end(), "town", None
        out.append(Place(start, end, text[start:end], code, level))
    return out


@lru_cache(maxsize=1)
def _all_places(text: str) -> tuple[Place, ...]:
    """The places of a whole report, which is asked twice when it does not say what it is."""
    return tuple(find_places(text))


def _inside(name: str, outer: list[str]) -> bool:
    g = gazetteer()
    found = g.by_name.get(name, ())
    return any(outer[-1] in g.ancestors(r) for r in found)


@lru_cache(4096)
def _chain(names: tuple[str, ...]) -> tuple[str, str | None]:
    g = gazetteer()
    found = lookup("".join(names)) or g.named(names[-1])
    return found[0].level if len({r.level for r in found}) == 1 else "county", found[0].code if len(
        found
    ) == 1 else None


def _level_and_code(names: list[str]) -> tuple[str, str | None]:
    return _chain(tuple(names))


def _is_place(text: str, start: int, end: int, names: list[str]) -> bool:
    name = names[-1]
    after = text[end] if end < len(text) else ""
    if after and after in _NOT_AFTER.get(name[-1], ""):
        return False
    if len(names) > 1:
        return True
    if name == "新建县" and not _ORGAN.match(text, end):
        return False  # 新建县城小学
    if name.startswith("增") and text[start - 1 : start] == "新":
        return False  # 新增城市绿地 is not 增城市
    g = gazetteer()
    if name in g.by_name and all(r.common for r in g.by_name[name]):
        return False
    if len(name) == 2 and name not in g.province_short:
        before = text[start - 1] if start else ""
        if before and _HAN.match(before) and before not in _OPENS:
            return False
        # 县乡, 县级, 县城 after a name of one character are mostly no place; 县乡村振兴 and 县城乡 go on with another word
        return after not in "级直乡域城" or not after or text.startswith(("乡村", "城乡"), end)
    return True


# ------------------------------------------------------------------------------------------ the area of a document

# a bounded run behind no other mask: a line of ten thousand x is walked once
_MASK = r"[某xXＸ×✕*＊○〇](?:(?<=某)|(?<!某)(?<![xXＸ×✕*＊○〇].)[xXＸ×✕*＊○〇]{0,11})"
_MASKED = re.compile(_MASK + r"\s{0,4}(自治县|县|区|市|州|镇|乡|街道)")
_SELF = re.compile(
    r"[我全该县区市州镇乡](?:(?<=[我全该])(省|县|区|市|州|盟|旗|镇|乡|村|校|园|院)"
    r"|(?<![我全该])(?<![\u4e00-\u9fff].)(?:委|政府|人民政府|财政|教育局|直))"
)
_SELF_WEIGHT = {"我": 3, "全": 1, "该": 2}
_ORGAN = re.compile(
    r"(?:第[一二三四五六七八九十\d]+届|人民政府|人民代表大会|政府|人大|政协|县委|区委|市委|委员会|委(?!托)|"
    r"[\u4e00-\u9fff]{2,8}(?:局|厅|办公室|委员会|领导小组|办)|县长|区长|市长|镇长|乡长)"
)
_REPORTING_SCHOOL = re.compile(r"(?:中心)?(?:学校|小学|中学|校)[ \t\u3000]*(?:\n|$)")
_PORTRAIT = re.compile(
    r"[^。；\n]{0,4}(?:地处|位于|前身是|始建于|成立于|组建于|现?辖|总面积|辖区|现有|是[^。\n]{0,12}(?:大县|县份|城市|山区县))"
)
# 对某县…进行了调研, 对于某县来说, 某县投入…: what the first sentences are about
_ABOUT = re.compile(
    r"[^，。；\n]{0,16}?(?:进行了?(?:专题|实地|深入)?(?:调研|检查|督导|视察|评估|调查)|来说|而言)"
)
_SUBJECT = re.compile(
    r"(?:(?:投入|完成|共|现有|有|坚持|大力|积极|把|全|以|集中|实施|始终|近|狠抓|深入|加大|紧紧|按照|地区生产总值|生产总值|一般公共|财政|规模以上|城乡|全社会|经济|教育)|(?:县|区|市|镇|乡)?(?:委|政府))"
)
_NATION = re.compile(
    r"我国|全国(?!人大|政协|人民代表|[百千万]强|示范|先进|文明|第|前|首)|国务院|中华人民共和国"
)
_HEAD = 600
_OPENS_TEXT = re.compile(r"^\W*(?:[^，。；、]{0,14}[，,])?$")
_TITLE_NOISE = re.compile(
    r"^[\s《“\"【\[（(]*(?:关于|中共|[\d]{2,4}\s*[-—至]*\s*\d*年?(?:度|上半年|下半年)?)*"
)
_SUBTITLE = re.compile(r"[—–―-]{1,3} ?(?=[\u4e00-\u9fff])")
_OWN_UNKNOWN = re.compile(
    r"(?!有关|部分|贫困|重点|试点|示范|边远|先进)(?:(?![xXＸ×*＊某各全我本该每在对和与及的为是了等中其县区市])[\u4e00-\u9fff]){2,4}?(?:县|区|市|镇|乡|街道)(?![\u4e00-\u9fff]{0,1}(?:级|域|场|村))"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?=\s*年)")
# two patterns that begin with a character of their own: one with an alternative in front is tried at every place
_ARTICLE = re.compile(r"第[一二三四五六七八九十]{1,2}篇\s*[:：]")
_ARTICLE_LINE = re.compile(r"\n[^\S\n]*(?:篇|范文)[一二三四五六七八九十\d]{1,2}")
_ARTICLE_HEAD = re.compile(r"[^\S\n]*(?:篇|范文)[一二三四五六七八九十\d]{1,2}")
_SHORT_HEAD = 120
_SHORT_SUBJECT = re.compile(r"(?:^|[\n，。：:—\s])([\u4e00-\u9fff]{2,3})")
_SHORT_PORTRAIT = re.compile(r"(?:^|[。\n\s])([\u4e00-\u9fff]{2,4}?)(?:地处|位于|现辖)")


def document_area(title: str | None, text: str, year: int | None = None) -> tuple[str | None, str | None]:
    """The area a document (or one article of it) speaks of, as it is written there, and its code.

    The title decides; else headings and signatures at the head, else the place that is described (…位于…) or named most at the
    level the text calls its own (我县 → a 县). ``(None, None)`` when masked (XX县), not named, or when two places have the same
    claim. The code is None when the name is ambiguous, unknown or below county level. ``text`` is clean, simplified.
    """
    title = (title or "").strip()
    if year is None:
        years = _YEAR.findall(title) or _YEAR.findall(text[:2000])
        year = int(years[0]) if years else None
    own = own_level(text)
    if title:
        named = _from_title(title, text, own)
        if named is not None:
            return named, _code(named, text, year)
        masked = _MASKED.search(title)
        if masked and (own is None or masked[1][-1] == own or own in "校园院"):
            return None, None
    else:
        for line in _head_lines(text):
            named = _from_title(line, text, own)
            if named is not None:
                return named, _code(named, text, year)
    if _articles(text) > 1:  # each with an area of its own
        return None, None
    named = _from_text(title, text, own)
    if named is None and own is not None and own not in "校园院":
        named = _from_text(
            title, text, None
        )  # a district that speaks of 全市 and 市委 more often than of itself
    return (named, _code(named, text, year)) if named else (None, None)


def _articles(text: str) -> int:
    """How many articles the text announces."""
    if "篇" not in text and "范文" not in text:
        return 0
    found = len(_ARTICLE.findall(text)) + len(_ARTICLE_LINE.findall(text))
    return found + (_ARTICLE_HEAD.match(text) is not None)


def _head_lines(text: str) -> list[str]:
    """Lines at the head that may be headings: short and no sentences."""
    lines = [line.strip() for line in text[:400].split("\n")]
    return [line for line in lines if line and len(line) <= 45 and not re.search(r"[。；,，]", line)][:3]


def _code(name: str, text: str, year: int | None) -> str | None:
    if (
        _TOWN.search(name)
        and name not in gazetteer().by_name
        and not name.endswith(("县", "区", "市", "州", "旗"))
    ):
        return None
    context = {part for p in find_places(text[:3000]) for part in _parts(p.name) if part != name}
    return code_of(name, context, year)


@lru_cache(maxsize=1)  # asked again when the areas of its figures are read
def own_level(text: str) -> str | None:
    """县, 区, 市, 镇, 乡, 校 … : what the text calls its own, None when it does not say."""
    counts: Counter[str] = Counter()
    for m in _SELF.finditer(text):
        own = m[1] or m[0][0]
        # a county's report names the province for its ranks (全省第3位)
        counts[own] += 1 if m[0] == "全省" else 2 * _SELF_WEIGHT.get(m[0][0], 1)
    if not counts:
        return None
    return counts.most_common(1)[0][0]


def _from_title(title: str, text: str, own: str | None) -> str | None:
    places = find_places(title)
    for i, p in enumerate(places):
        if i + 1 < len(places) and places[i + 1].start == p.end and p.level in ("province", "prefecture"):
            continue  # 黔东南州施秉县: the county
        before = title[max(0, p.start - 4) : p.start]
        if _OUTSIDE.search(before):
            continue
        if p.level == "province" and own not in (
            None,
            "省",
        ):  # 湖南省…示范县 in the title of a county's report
            continue
        return p.name
    lead = _TITLE_NOISE.match(title)
    starts = [lead.end() if lead else 0, *(m.end() for m in _SUBTITLE.finditer(title))]
    towns = (_TOWN.match(title, at) or _OWN_UNKNOWN.match(title, at) for at in starts)
    town = next(filter(None, towns), None)
    if town and text.count(town[0]) >= (1 if own and town[0].endswith(own) else 2):
        return town[0]
    return None


@dataclass(slots=True)
class _Claim:
    """What speaks for one name being the document's own area."""

    name: str
    score: float = 0.0
    count: int = 0
    forms: Counter[str] = field(default_factory=Counter)


def _from_text(title: str, text: str, own: str | None) -> str | None:
    claims: dict[str, _Claim] = {}

    def add(last: str, form: str, weight: float) -> None:
        claim = claims.setdefault(last, _Claim(last))
        claim.score += weight
        claim.count += 1
        claim.forms[form] += 1

    elsewhere = {p.last for p in find_places(title) if _OUTSIDE.search(title[max(0, p.start - 4) : p.start])}
    for p in _all_places(text):
        if p.last in elsewhere:
            continue
        last = p.name[p.name.rfind(p.last) :] if p.level != "town" else p.name
        add(last, p.name, _weight(text, p.start, p.end))
        if (
            p.level == "town"
            and own
            and not p.name.endswith(own)
            and (above := _parts(p.name)[0]).endswith(own)
        ):
            add(above, above, 1)  # 祁东县双桥镇中心学校 in a report that speaks of 我县
    head = text[:_HEAD]
    for m in _TOWN.finditer(head):
        if _ORGAN.match(text, m.end()) or _PORTRAIT.match(text, m.end()):
            add(m[0], m[0], _weight(text, m.start(), m.end()) + text.count(m[0]) - 1)
        elif own and m[0].endswith(own) and _REPORTING_SCHOOL.match(text, m.end()):
            add(m[0], m[0], 3)  # the central school speaks for its town: 我镇
    for m in _OWN_UNKNOWN.finditer(head):  # a district or zone that no list of divisions knows
        name = m[0]
        if (
            own
            and name.endswith(own)
            and name not in claims
            and text.count(name) > 1
            and _PORTRAIT.match(text, m.end())
        ):
            add(name, name, _weight(text, m.start(), m.end()) + text.count(name) - 1)
    if own == "村":
        for m in _VILLAGE.finditer(text):
            add(m[0], m[0], 1)
    for m in _SHORT_PORTRAIT.finditer(head):
        for r in gazetteer().by_short.get(m[1], ()):
            if r.level != "province" and (own is None or r.name.endswith(own)):
                add(r.name, r.name, 5)
                break
    g = gazetteer()
    if own and not any(c.name.endswith(own) for c in claims.values()):
        for m in _SHORT_SUBJECT.finditer(text[:_SHORT_HEAD]):  # 如皋国家生态市创建…，我市
            for n in (3, 2):
                for r in g.by_short.get(m[1][:n], ()):
                    if r.level != "province" and r.name.endswith(own):
                        add(r.name, r.name, 3)
                        break
    for claim in claims.values():
        regions = g.by_name.get(claim.name, ())
        short = regions[0].short if regions else ""
        if short and short in title:
            claim.score += 6
    fitting = [
        c
        for c in claims.values()
        if own is None or c.name.endswith(own) or (own == "市" and c.name.endswith("州"))
    ]
    if own and (
        own in "校园院" or sum(m[1][-1] == own for m in _MASKED.finditer(text)) >= 2
    ):  # a school's report names its county only in its title
        return None
    fitting.sort(key=lambda c: -c.score)
    if not fitting:
        return None
    best = fitting[0]
    if own is None and len(_NATION.findall(text)) > max(2, best.count):
        return None  # a report of the whole country that speaks of 台湾省 is not one of 台湾省
    need = (0.9 if len(fitting) == 1 and best.count == 1 else 2 if len(fitting) == 1 else 3) if own else 5
    if best.score < need or (len(fitting) > 1 and best.score < 2 * fitting[1].score):
        return None
    return best.name


def _weight(text: str, start: int, end: int) -> float:
    around = text[max(0, start - 8) : start]
    if _OUTSIDE.search(around) or _OUTSIDE.match(text, end):
        return 0.25
    if text[end : end + 1] == "、" or text[start - 1 : start] == "、":  # one of a list of places
        return 0.5
    weight = 1.0
    if text[max(0, start - 1) : start] == "《":
        weight += 1
    if start < 100 and text[max(0, start - 1) : start] in ("", "\n", "，", ",", "。", " ", "\u3000"):
        weight += 1
    in_head = start < _HEAD
    if _ORGAN.match(text, end):
        weight += 5 if in_head else 2
    if _PORTRAIT.match(text, end) or ("对" in around[-3:] and _ABOUT.match(text, end)):
        weight += 5
    elif start < 60 and _OPENS_TEXT.search(text[:start]) and _SUBJECT.match(text, end):
        weight += 4
    return weight
