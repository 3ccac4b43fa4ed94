"""What the words around a figure say it measures: names of indicators, cue words that turn them, and how near they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reportminer.core import Kind
from reportminer.records.context import Context
from reportminer.records.vocabulary import Hit, Turn, Vocabulary, Word

_NAME_WEIGHT = 4.0
_LETTER_WEIGHT = 0.25  # a longer name says more
_LEAST_FACTOR = 0.45  # cue words that stand further away turn nothing
Weighed = tuple[Hit, float, bool]  # a word, the weight of its place, whether it stands right of the figure
Scores = dict[str, tuple[float, str, bool]]  # indicator → score, word, whether right of the figure
_CONTINUES = re.compile(r"^\s*[、和及与]")
_COMMA_ITEM = re.compile(r"[，,]\s*[^，。；、\d由从达共现至有]{1,8}")
_SHARE = re.compile(r"占|比重|比例|份额")
_FOR = re.compile(
    r"(?:^为|(?:^|[^相反])对|给|向|用于|覆盖|惠及|深入|^在)(?:全[县区市镇乡]|我[县区市]|县内|[^，。；、\d]{2,6}等)?$"
)
_COVERS = frozenset({"pair", "cover"})
_TRAILING = frozenset({"weak", "close", "pair", "start"})
_WHOLE_AREA = re.compile(r"(?:全[县区市镇乡州旗]|我[县区市镇乡])(?:的|现有|共有)?$")
_THAN = re.compile(r"(?:比|较|与)(?!例|重|率|赛)")
_NO_CARRY = frozenset(
    {
        "freshmen",
        "preschool",
        "pupilside",
        "teacherside",
        "structure",
        "vital",
        "loanaid",
        "capacity",
        "poor",
        "roomarea",
    }
)
_OTHER_STAGES = frozenset(
    {"小学", "中学", "初中", "高中", "完小", "初级中学", "中小学", "中小学幼儿园", "学校幼儿园"}
)
_NO_PLACES = frozenset({"所", "人", "户", "栋", "间", "台", "套", "册"})
_AMONG = re.compile(r"(?:之|当)?中[，,]?(?:共|有|现)")
_NEGATED = re.compile(r"(?:没有?|[未尚]未?能?|未予)$")  # 没排除的危房: nothing was done
_PHRASE_GAP = re.compile(r"(?:的|、|和|及|与|以及|等|级|类|及其|其他|各类)?")


@dataclass(slots=True)
class Best:
    """The best supported indicator so far."""

    score: float = 0.0
    indicator: str = ""
    rule: str = ""
    right: bool = False

    def offer(self, score: float, indicator: str, rule: str, right: bool = False) -> None:
        """Take the indicator if its score is higher."""
        if score > self.score:
            self.score, self.indicator, self.rule, self.right = score, indicator, rule, right

    @property
    def sure(self) -> float:
        """The score as a confidence."""
        return round(min(0.95, 0.35 + 0.1 * self.score), 2)


class Evidence:
    """Scores indicators with one vocabulary. A figure is *relative* when it may be about an indicator of any dimension."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._v = vocabulary

    def own(self, c: Context, kind: Kind, relative: bool) -> Best:
        """What the words between the neighbouring figures say."""
        hits = [(h, f, False) for h, f in c.left_hits()]
        if relative and (than := _THAN.search(c.text, c.clause, c.start)) is not None:
            hits = [
                (h, f, r) for h, f, r in hits if h.end <= than.start()
            ]  # 比项目实施前增长5%: not about projects
        dim, q_unit = c.draft.quantity.dimension, c.draft.quantity.unit
        if dim == "count":
            hits += [(h, f * 1.12, True) for h, f in self._right_nouns(c)]
        elif dim in ("percent", "area", "length", "mass", "volume"):
            hits += [(h, f * 0.7, True) for h, f in c.right_hits()]
        elif dim == "money":
            if not any(f > 0.5 for _, f, _ in hits):
                hits += [(h, f * 0.85, True) for h, f in c.right_hits()]
            hits += [
                (h, f * (0.9 if c.text[c.end : h.start].startswith("的") else 0.45), True)
                for h, f in c.right_hits()
            ]
        if c.prev is not None and (
            _CONTINUES.match(c.left_text)
            or (c.prev.draft.quantity.unit == q_unit and _COMMA_ITEM.fullmatch(c.left_text))
        ):
            own = {t for h, _, _ in hits for t in h.word.tags} - _NO_CARRY
            if not own:
                hits += [
                    (_only_tags(h), f * 0.75, r)
                    for h, f, r in hits_of(c.prev, 1.0)
                    if not r and h.word.tags and not _NO_CARRY.intersection(h.word.tags)
                ]
        return self._scored(c, hits, kind, relative)

    def _right_nouns(self, c: Context) -> list[tuple[Hit, float]]:
        """Right of a count: the head of the noun phrase counts fully, its modifiers less, what follows a verb little."""
        hits = c.right_hits()
        unit = c.draft.quantity.unit
        chain_end = None
        head = -1
        for i, (h, _) in enumerate(hits):
            gap = c.text[(chain_end if chain_end is not None else c.end) : h.start]
            if chain_end is not None and _AMONG.match(gap):
                hits = hits[:i]  # 286个行政村中共有贫困村124个: what follows is said of the next figure
                break
            if chain_end is not None and (len(gap) > 3 or not _PHRASE_GAP.fullmatch(gap)):
                break
            if chain_end is None and len(gap) > 12:
                break
            if any(self._v.indicators[n].fits("count", unit) for n in h.word.names):
                head = i
            chain_end = h.end
        out = []
        for i, (h, f) in enumerate(hits):
            if "lack" in h.word.tags and not h.word.text.endswith(("缺口", "空缺", "缺额")):
                continue  # 有十四个村缺水: the villages are not what is missing
            g = 1.0 if i == head else 0.55 if i < head else 0.5
            fits = any(self._v.indicators[n].fits("count", unit) for n in h.word.names)
            out.append((h, f * (g if fits else 0.85)))
        return out

    def of_neighbour(self, c: Context, neighbour: Context, kind: Kind, relative: bool) -> Best:
        """What the words of a figure right next to it say."""
        return self._scored(c, hits_of(neighbour, 0.85), kind, relative)

    def of_name(self, c: Context, start: int, end: int, kind: Kind, relative: bool) -> Best:
        """What the words of one name of a list say, the last of them most."""
        found = c.hits.within(start, end)
        return self._scored(c, [(h, 1.0 if h.end >= end - 2 else 0.7, False) for h in found], kind, relative)

    def of_sentence(self, c: Context, kind: Kind, relative: bool) -> Best:
        """What words further left in the sentence say."""
        far = [(h, 0.35, False) for h in c.hits.within(max(c.sentence, c.left - 80), c.left)]
        return self._scored(c, far, kind, relative)

    def _scored(self, c: Context, hits: Iterable[Weighed], kind: Kind, relative: bool) -> Best:
        whole_area = _WHOLE_AREA.search(c.clause_text) is not None
        if whole_area:  # 与全镇26所中小学建立联系: all there are, whatever is done with them
            hits = [
                (h, f, r) for h, f, r in hits if not (r and h.word.tags and _COVERS.intersection(h.word.tags))
            ]
        scores, tags = self._names(c, hits, kind, relative)
        best = Best()
        q = c.draft.quantity
        for name, (weight, word, right) in scores.items():
            best.offer(weight, name, f"indicator:alias:{word}", right)
        if (kind == "share" or q.dimension == "points") and _SHARE.search(c.clause_text):
            score = max(scores.get("share_other", (0.0, "", False))[0], 4.6)
            self._put(best, scores, "share_other", score, "indicator:share", False)
        if q.dimension == "count":
            if _FOR.search(c.clause_text):
                tags["cover"] = 1.1
            for tag in c.trailing_tags() & (_TRAILING - _COVERS if whole_area else _TRAILING):
                tags[tag] = max(tags.get(tag, 0.0), 0.8)
            if not scores and q.unit == "所":
                self._put(best, scores, "schools_total", 1.5, "indicator:unit", False)
        dims = (f"@{q.dimension}", f"@{q.unit}")
        for _ in range(
            2
        ):  # what is turned may turn again: 山塘整治 is a project, 山塘整治已完工 a finished one
            changed = False
            for tag, f in tags.items():
                for turn in self._v.turns.get(tag, ()):
                    if turn.source in scores:
                        base, word, right = scores[turn.source]
                        if (tag == "preschool" and word in _OTHER_STAGES) or (
                            tag == "recruit" and word.startswith("高考")
                        ):
                            continue  # 12所幼儿园和6所小学; 高考录取3876人
                        if base > 0 and f >= _LEAST_FACTOR:
                            score = base + turn.weight * f
                            rule = f"indicator:{tag}+{word}"
                            changed |= self._put(best, scores, turn.target, score, rule, right)
                    elif turn.source in dims and self._allowed(c, turn, relative):
                        rule = f"indicator:cue:{tag}"
                        changed |= self._put(best, scores, turn.target, turn.weight * f, rule, False)
            if not changed:
                break
        return best

    def _names(
        self, c: Context, hits: Iterable[Weighed], kind: Kind, relative: bool
    ) -> tuple[Scores, dict[str, float]]:
        """Indicators named by the words with their scores, and cue tags with the weight of their nearest place."""
        q = c.draft.quantity
        scores: Scores = {}
        tags: dict[str, float] = {}
        for h, f, right in hits:
            for tag in () if _NEGATED.search(c.text, max(c.sentence, h.start - 3), h.start) else h.word.tags:
                if tag == "poor" and c.text[h.end : h.end + 1] in ("县", "地") and h.end <= c.start:
                    continue  # 是全省重点贫困县之一，总人口101万人
                if right and q.unit == "所" and tag in ("build", "repair"):
                    tag = "cover"  # 46所学校建起心理咨询室: the schools are not what is built
                if f > tags.get(tag, 0.0):
                    tags[tag] = f
            for name in h.word.names:
                one = self._v.indicators[name]
                if not (relative or one.fits(q.dimension, q.unit)):
                    continue
                if one.dimension == "any" and (relative or f < 0.75):
                    continue
                if q.dimension == "rank" and one.dimension == "count" and name != "pupils_exam":
                    continue
                if kind == "share" and one.dimension != "percent":
                    continue
                if name == "admin_units" and q.unit in _NO_PLACES:
                    continue  # 建成1所县城九年制学校
                if name == "area_admin" and q.value is not None and q.value < 1_000_000:
                    continue  # no territory is smaller than 1 km²
                weight = (_NAME_WEIGHT + _LETTER_WEIGHT * min(len(h.word.text), 7)) * f
                if q.dimension == "points" and one.dimension != "percent":
                    weight *= 0.6
                if weight > scores.get(name, (0.0, "", False))[0]:
                    scores[name] = (weight, h.word.text, right)
        return scores, tags

    def _allowed(self, c: Context, turn: Turn, relative: bool) -> bool:
        q = c.draft.quantity
        if turn.target in ("other", "shortage") or turn.weight >= 5.5:
            return True
        return self._v.indicators[turn.target].fits(q.dimension, q.unit) and not relative

    @staticmethod
    def _put(
        best: Best,
        scores: Scores,
        target: str,
        score: float,
        rule: str,
        right: bool,
    ) -> bool:
        """Whether the score is the highest of its indicator so far; then it is kept."""
        best.offer(score, target, rule, right)
        if score <= scores.get(target, (0.0, "", False))[0]:
            return False
        scores[target] = (score, rule.rpartition("+")[2].rpartition(":")[2], right)
        return True


def hits_of(c: Context, factor: float) -> list[Weighed]:
    """The words of another figure, all weakened by ``factor``."""
    out = [(h, f * factor, False) for h, f in c.left_hits()]
    return out + [(h, f * factor, True) for h, f in c.right_hits()]


def _only_tags(h: Hit) -> Hit:
    """The hit with its cue tags but without the indicators it names."""
    return Hit(h.start, h.end, Word(h.word.text, (), h.word.tags)) if h.word.names else h
