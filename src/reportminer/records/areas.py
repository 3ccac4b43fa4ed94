"""Which administrative area or institution each value is stated of.

The default is the area of the article; a school, hospital, village or sub-area that is the subject of the clause (or the object of
the building that the money pays for) takes its own numbers until the text turns back to the area (全县, 城区…) or the sentence ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from reportminer.core import ReportText
from reportminer.lexicon import Lexicon
from reportminer.records.area_lists import respectively
from reportminer.records.area_names import JOIN, Anchor, institutions, words_of
from reportminer.records.area_sentences import Names
from reportminer.records.area_tables import area_in_table
from reportminer.records.draft import Draft
from reportminer.records.own_area import own_of
from reportminer.records.wholes import closes
from reportminer.restore.gazetteer import gazetteer
from reportminer.restore.places import code_of

_CLAUSE_END = re.compile(r"[，,。；;：:！？\n（(]")
_SENTENCE_BREAK = re.compile(r"[。；;！？\n]")
_COUNT = r"\s*(?:\d[\d,. ]*|[一二三四五六七八九十两几数百千]+|[xX×*]+)(?:多|余|来)?\s*(?:所|家|个|处|座|间)"
_COUNTED = re.compile(r"(?:等|等共|共)?" + _COUNT)
_PLACE_OF_MEETING = re.compile(r"(?:在|到|赴|于|前往|来到|走进)[^，。,；;]{0,18}$")
_MEETING = re.compile(r"[^，。,；;]{0,12}(?:召开|举行|举办|参观|考察|调研|视察|现场会|座谈)")
_LIKE_SCHOOL = re.compile(r"学校|医院|工程|项目")
_SAYS = re.compile(
    r"占地|占|现|争|投|建|新|总|共|设|有|将|已|先|自筹|为|还|在校|概算|计划|预计|竣工|开工|[xX\d]"
)
_AVERAGE = re.compile(
    r"(全省|全国|全市|全州|全区)(?:的)?[^，。,；;、]{0,12}?平均(?:水平|值|数)?(?:仅|只)?(?:为|是|达到|达|有)?\s*$"
)
_COMPARED = re.compile(r"(?:高于|低于|超过|比|超|高出|低|高|与|较|达到|接近|相当于)$")
_SUM = re.compile(r"[，,]\s*(?:共|合计|总计|累计|共计)")
_STAFF = re.compile(
    r"([县区市州]?(?:人民政府|政府)?(?:教育)?(?:督导室|教研室|教育局|教体局|电教馆|装备站|仪器站|学生资助中心)|(?<![\u4e00-\u9fff])[县区市州][\u4e00-\u9fff]{1,4}[办局站馆队](?=编制|核定编制|现有))"
    r"[^，。；;\d]{0,14}(?:共有|现有|配备有?|有|编制)[^，。；;]{0,16}$"
)
# 新建X小学，投入9万元改造…: another payment for something else; 都已投入使用: said of all that were named
_COUNTY_OF = re.compile(r"(?:[\u4e00-\u9fff]{2,6}?[县区市镇乡]){1,2}$")  # 白沙镇云台村
_OF_OTHERS = re.compile(r"[^，,。；;]*的\s*\d")  # 总投资2300万元的23所卫生院
_AND_OTHERS = re.compile(r"[、和与及](?:[^，,。；;\d]{2,8}[和与及])?\s*")  # 县医院、中医院和11所乡镇卫生院
_NEXT_PAYMENT = re.compile(
    r"[，,；;]\s*(?:再|又|并)?(?:投入|投资|安排|筹资|筹措资金)[^，,；;。]{2,14}?元(?:资金)?(?:用于)?(?:新建|改建|扩建|改扩建|改造|硬化|安装|购置|购买|维修|添置|配备|修建|建设|建成|完成)"
)
_ALL_OF_THEM = re.compile(r"[，,；;]\s*(?:以上|上述)?(?:三校|几校|各校)?(?:都|均|全部)(?:已|将|在|于|按|可)?")
# 新建甲小学、乙初中、丙楼等5所: whatever stands between, the names are examples of what is counted
_EXAMPLES = re.compile(
    r"(?:[、和与及]|[^，,。；;：:（(\d、]{1,8}?等)[^，,。；;：:（(\d]{0,60}?(?<![平优均高中初])等?(?<=等)(?:共|共计)?\s*[\d一二三四五六七八九十百两几多]"
)
_ONE_OF = re.compile(r"[^，。；]{0,16}?之一")  # 是河北省十个深度贫困县之一: said of the county
_OF_COUNTY = re.compile(r"招聘|招录|毛入|普惠率|生产总值")  # never said of one school further on
_ALL_DONE = re.compile(r"[，,]\s*(?:已|共|合计|累计|总|全部|均)")
_MASKED_NAME = re.compile(r"[xXＸ×*＊某○]+[县区市州镇乡]")
_GIVEN_TO = re.compile(r"(?:资金)?(?:为|给|用于)$")
_PLACES_COUNTED = re.compile(r"(?:等|等共|共)?" + _COUNT + r"(?:镇|乡|街道|村|县|市|区|社区|国家|省)")


def assign_areas(report: ReportText, drafts: list[Draft], lexicon: Lexicon) -> None:
    """Fills ``area``, ``area_code`` and ``area_is_own`` of every draft. Needs mentions with clean offsets."""
    words = words_of(lexicon)
    owns = [own_of(report, s, words) for s in report.segments]
    for draft in drafts:
        own = owns[min(draft.mention.segment, len(owns) - 1)]
        draft.area, draft.area_is_own = own.name, True
        draft.area_code = own.code if own.name == own.area else None
    names = [Names(own, words) for own in owns]
    order = sorted((d for d in drafts if d.mention.table is None), key=lambda d: d.mention.start)
    for (_, segment), group in groupby(order, key=lambda d: (d.mention.sentence, d.mention.segment)):
        in_sentence = list(group)
        _Sentence(report, in_sentence, names[min(segment, len(owns) - 1)]).assign()
    for draft in drafts:
        if draft.mention.table is not None and draft.mention.table < len(report.tables):
            area_in_table(
                report,
                draft,
                report.tables[draft.mention.table],
                owns[min(draft.mention.segment, len(owns) - 1)],
                words,
            )


class _Sentence:
    """The mentions of one sentence and the names in it."""

    def __init__(self, report: ReportText, drafts: Sequence[Draft], names: Names) -> None:
        self.report, self.drafts, self.names, self.own, self.words = (
            report,
            drafts,
            names,
            names.own,
            names.words,
        )
        span = report.sentences[drafts[0].mention.sentence]
        self.base = span.start
        self.end = max(span.end, drafts[-1].mention.end)
        self.text = report.clean[self.base : self.end]
        self.anchors = names.within(self.text)
        self._from_before: tuple[Anchor | None] | None = None  # what ``_carried`` found, once asked

    def assign(self) -> None:
        """Sets the area of the drafts whose value is said of something nearer than the article's area."""
        spread = respectively(
            self.text,
            self.anchors,
            [(d.mention.start - self.base, d.mention.end - self.base) for d in self.drafts],
            self.own,
        )
        for draft in self.drafts:
            s, e = draft.mention.start - self.base, draft.mention.end - self.base
            anchor = spread.get(s) or self._paid_for(s, e) or self._subject(s, draft.quantity.unit)
            if anchor is None and not any(a.end <= s for a in self.anchors):
                anchor = self._carried()
            if anchor is None:
                anchor = self._average(s) or self._staff(draft, s)
            if anchor is not None:
                self._set(draft, anchor)

    def _set(self, draft: Draft, anchor: Anchor) -> None:
        own = self.own
        if anchor.kind == "own" or _MASKED_NAME.fullmatch(anchor.name):
            draft.area, draft.area_code, draft.area_is_own = own.area or own.name, own.code, True
            if own.school and re.search("[校园院]$", anchor.name):
                draft.area, draft.area_code = own.name, None
            return
        if own.school and own.name and own.name.endswith(anchor.name):
            return
        code = anchor.code
        if code is None and anchor.kind == "place" and own.code:
            code = code_of(anchor.name, [own.code])
        draft.area, draft.area_code, draft.area_is_own = anchor.name, code, False

    # ------------------------------------------------------------------ who the value is said of

    def _subject(self, s: int, unit: str | None) -> Anchor | None:
        """The last name before ``s`` that governs it."""
        text = self.text
        for i in range(len(self.anchors) - 1, -1, -1):
            a = self.anchors[i]
            if a.end > s:
                continue
            gap = text[a.end : s]
            if closes(gap):  # in a bracket that ended before the number
                continue
            if a.kind == "own":
                return self._turn(i)
            if self._over(i, s):
                return None
            if not self._governs(i, s, gap):
                continue
            if a.kind == "institution" and "，" in gap and _OF_COUNTY.search(gap[gap.rfind("，") :]):
                return None  # 完成城关二小迁建，增加学位900个，招聘教师60名
            if a.kind == "institution" and (
                self._summed(i, s) or (unit in ("所", "家") and re.search("[，,]", gap))
            ):
                return None  # 县一中通过验收，示范高中达4所
            return self._group(i)
        return None

    def _turn(self, i: int) -> Anchor:
        """The turning back at anchor ``i``. In the report of a school 农村小学, 初中12所 are no turning to the county or town,
        unless the sentence has turned there before (全乡小学…；在校生…)."""
        a = self.anchors[i]
        if not self.own.school or self.own.back.match(a.name):
            return a
        for b in reversed(self.anchors[:i]):
            if b.kind != "own":
                break
            if self.own.back.match(b.name):
                return b
        return Anchor(a.start, a.end, "本校", "own")

    def _governs(self, i: int, s: int, gap: str) -> bool:
        a = self.anchors[i]
        text = self.text
        after = text[a.end :]
        counted = _COUNTED if a.kind in ("institution", "vague") else _PLACES_COUNTED
        if counted.match(after) or self._dead_list(i):
            return False
        first = self._group(i).start
        clause = max((m.end() for m in _CLAUSE_END.finditer(text, 0, first)), default=0)
        before = text[clause:first]
        if _PLACE_OF_MEETING.search(before) and (_MEETING.match(after) or not re.search(r"[，,]", gap)):
            return False
        breaks = list(_SENTENCE_BREAK.finditer(gap))
        same_clause = not _CLAUSE_END.search(gap)
        if a.kind == "vague":
            return same_clause and len(gap) <= 14
        if a.kind == "place":
            if not gap and _ONE_OF.match(text, s):
                return False
            if (
                self.words.outside.search(before)
                or self.words.outside.match(after[:8].lstrip())
                or self.words.outside.search(after[:4])
            ):
                return False
            return (
                self._leads(before, i)
                and not re.match(r"[、和与及]", after)
                and not re.match("的(?!学|教|在|平均)", after)
            )
        if breaks:
            rest = gap[breaks[-1].end() :]
            if a.kind == "institution" and not self.words.attribute.match(rest):
                return False
            if a.kind == "village":
                return False
        if _GIVEN_TO.search(before) and self.words.build.match(after):
            return True  # 投入380万元为白沙中学建宿舍楼，面积…
        if self._leads(before, i) or before.endswith("的") or self.words.build.search(before[-8:]):
            return True
        if a.kind == "institution" and re.match(r"\s*\d", after):
            return True  # 中考镇中学486名学生参考，…
        return same_clause and len(gap) <= 12

    def _leads(self, before: str, i: int) -> bool:
        """Whether a name opens its clause, alone or as the next of a list of names (A县6万、B县7万)."""
        if self.words.lead.fullmatch(before):
            return True
        part = _COUNTY_OF.sub("", re.split(r"[、）)]|以及", before)[-1])
        return self.words.lead.fullmatch(part) is not None

    def _group(self, i: int) -> Anchor:
        """城区第五完小和九中 is one subject when neither has a number of its own."""
        a = self.anchors[i]
        first = a
        k = i
        while (
            k
            and a.kind == self.anchors[k - 1].kind
            and a.kind in ("institution", "village")
            and JOIN.fullmatch(self.text, self.anchors[k - 1].end, first.start)
        ):
            k -= 1
            first = self.anchors[k]
        if first is a:
            return a
        return Anchor(first.start, a.end, self.text[first.start : a.end], a.kind)

    def _dead_list(self, i: int) -> bool:
        """A小学、B小学2所, A小学、B小学等9所: the names are examples of what is counted."""
        at = i
        while at + 1 < len(self.anchors) and JOIN.fullmatch(
            self.text, self.anchors[at].end, self.anchors[at + 1].start
        ):
            at += 1
        tail = self.text[self.anchors[at].end :]
        if self.anchors[i].kind == "institution" and _EXAMPLES.match(tail):
            return True
        counted = _COUNTED if self.anchors[i].kind in ("institution", "vague") else _PLACES_COUNTED
        return bool(counted.match(tail)) or tail.startswith("等")

    def _over(self, i: int, s: int) -> bool:
        """Whether the sentence has left the name before ``s``: another payment, a word on all of several names, a list that counts."""
        a = self.anchors[i]
        if a.kind == "institution" and _AND_OTHERS.fullmatch(self.text, a.end, s):
            return True
        paid = _NEXT_PAYMENT.search(self.text, a.end, s + 20) if a.kind == "institution" else None
        if paid is not None and paid.start() < s:
            return True
        places = {b.name for b in self.anchors[: i + 1] if b.kind == a.kind}
        if a.kind in ("place", "village") and len(places) > 2 and _ALL_DONE.search(self.text, a.end, s):
            return True  # 甲市52所、乙市71所、丙市62所，已完成投资13亿元
        if _ALL_OF_THEM.search(self.text, a.end, s) is None:
            return False
        return len({b.name for b in self.anchors[: i + 1] if b.kind == a.kind}) > 1

    def _summed(self, i: int, s: int) -> bool:
        """分别是A教学楼（960平方米）和B综合楼（600平方米），共投资N: the sum is not B's."""
        if not _SUM.search(self.text, self.anchors[i].end, s):
            return False
        return len({a.name for a in self.anchors[: i + 1] if a.kind == "institution"}) > 1

    def _paid_for(self, s: int, e: int) -> Anchor | None:
        """投资N元新建的X小学, 投资N元启动X建设: what the money is for, when it follows in the clause."""
        for i, a in enumerate(self.anchors):
            if a.start < e:
                continue
            between = self.text[e : a.start]
            if a.kind != "institution" or len(between) > 16 or re.search(r"[，,。；;：:（(、\d]", between):
                return None
            given = (
                _GIVEN_TO.fullmatch(between) is not None
                and self.words.build.match(self.text, a.end) is not None
            )
            if not (given or self.words.build.search(between) or between.startswith("的")) or self._dead_list(
                i
            ):
                return None
            if _LIKE_SCHOOL.match(self.text, a.end):
                return None
            last = i
            while last + 1 < len(self.anchors) and JOIN.fullmatch(
                self.text, self.anchors[last].end, self.anchors[last + 1].start
            ):
                last += 1
            return self._group(last)
        return None

    def _carried(self) -> Anchor | None:
        """What the sentences before hand on: the same for every figure that no name of its own sentence precedes."""
        if self._from_before is None:
            self._from_before = (self._read_before(),)
        return self._from_before[0]

    def _read_before(self) -> Anchor | None:
        """该校占地…, 去年，学校争取到…: the institution of the sentence before."""
        listed = self._over_semicolon()
        if listed is not None:
            return listed
        lead = self.words.lead.match(self.text)
        at = lead.end() if lead else 0
        comma = re.match(r"[，,]", self.text[at:])
        at += comma.end() if comma else 0
        follow = self.words.follow.match(self.text, at)
        if not follow or (self.own.school and not follow[0].startswith("该")):
            return None
        if not follow[0].startswith("该") and not _SAYS.match(self.text, follow.end()):
            return None
        index = self.drafts[0].mention.sentence
        if index == 0:
            return None
        span = self.report.sentences[index - 1]
        before = self.report.clean[span.start : span.end]
        if "\n" in before.strip() or before.endswith("\n") or "\n" in self.text[:1]:
            return None
        found = [a for a in institutions(before, self.words, self.own.town) if a.kind == "institution"]
        return found[-1] if found and not _COUNTED.match(before, found[-1].end) else None

    def _over_semicolon(self) -> Anchor | None:
        """全乡小学在校生2316人；寄宿生1042人 in the report of a school: still the town; 甲小学投资800万元；占地30亩: still the school."""
        index = self.drafts[0].mention.sentence
        attribute = self.words.attribute.match(self.text.lstrip()) and not _OF_OTHERS.match(self.text)
        while index:
            span = self.report.sentences[index - 1]
            before = self.report.clean[span.start : span.end]
            if before[-1:] not in ("；", ";"):
                return None
            anchors = self.names.within(before)
            if anchors:
                last = anchors[-1]
                if last.kind == "own":
                    turned = self.own.school and self.own.back.match(last.name)
                    return last if turned else None
                opens = self.words.lead.fullmatch(before[: last.start]) is not None
                return last if attribute and opens and last.kind == "institution" else None
            index -= 1
        return None

    def _average(self, s: int) -> Anchor | None:
        """全省平均为N is a value of the province; 高于全省平均N points is one of the area's own."""
        m = _AVERAGE.search(self.text[max(0, s - 30) : s])
        if not m or _COMPARED.search(self.text[max(0, s - 30) : s][: m.start()]):
            return None
        word = m[1]
        if word == "全区" or (word in ("全市", "全州") and (self.own.last or "市").endswith(word[-1])):
            return None
        name, code = word, None
        if self.own.code and word in ("全省", "全市", "全州"):
            code = self.own.code[:2] + "0000" if word == "全省" else self.own.code[:4] + "00"
            found = [r for r in gazetteer().by_code.get(code, ()) if r.until is None]
            name = found[0].name if found else word
        return Anchor(0, 0, "全国" if word == "全国" else name, "total", code)

    def _staff(self, draft: Draft, s: int) -> Anchor | None:
        """县教研室现有教研员12名 counts the people of the office."""
        if draft.quantity.unit not in ("人", "名"):
            return None
        m = _STAFF.search(self.text[max(0, s - 40) : s])
        return Anchor(0, 0, m[1], "institution") if m else None
