"""A sentence with each figure as one mark: relations that words tell are patterns over it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from reportminer.checks.common import View
from reportminer.core import Observation

#: one figure, a stop, and a character of words (neither)
FIGURE = "[\ue000-\uf8ff]"
STOP = "[，,、；;：:（）()]"
WORD = "[^，,、；;：:（）()。！？\ue000-\uf8ff]"
_FIRST, _LAST = 0xE000, 0xF8FF
_DROPPED = re.compile("[\\s\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Marked:
    """``text``: the sentence without blanks, figure ``n`` replaced by the character U+E000 + n; ``figures`` in order."""

    text: str
    figures: tuple[Observation, ...]

    def figure(self, mark: str) -> Observation:
        """The observation behind a mark."""
        return self.figures[ord(mark) - _FIRST]

    def found(self, m: re.Match[str]) -> dict[str, Observation]:
        """The named figures of a match."""
        return {
            name: self.figure(c) for name, c in m.groupdict().items() if c and _FIRST <= ord(c[0]) <= _LAST
        }


def pattern(text: str) -> re.Pattern[str]:
    """Compile a relation: ``{name}`` is a figure, ``~`` up to eight characters of words, ``_`` up to sixteen, ``，`` a stop."""
    text = re.sub(r"\{([a-z]+)\}", rf"(?P<\1>{FIGURE})", text)
    return re.compile(text.replace("，", STOP).replace("~", f"{WORD}{{0,8}}").replace("_", f"{WORD}{{0,16}}"))


def sentences(view: View, least: int = 2) -> list[Marked]:
    """The sentences with at least so many figures, marked; rows of tables are left out."""
    tables = view.report.text.tables
    found = []
    for items in view.by_sentence.values():
        if len(items) < least or any(t.start <= items[0].clean_start < t.end for t in tables):
            continue
        found.append(mark(view, items))
    return found


def mark(view: View, items: list[Observation]) -> Marked:
    """The sentence of some observations, marked. Of figures that overlap the first is kept."""
    span = view.report.text.sentences[items[0].sentence]
    at = span.start
    pieces: list[str] = []
    kept: list[Observation] = []
    for o in items:
        if o.clean_start < at or len(kept) > _LAST - _FIRST:
            continue
        pieces.append(_DROPPED.sub("", view.clean[at : o.clean_start]))
        pieces.append(chr(_FIRST + len(kept)))
        kept.append(o)
        at = o.clean_end
    pieces.append(_DROPPED.sub("", view.clean[at : max(at, span.end)]))
    return Marked("".join(pieces), tuple(kept))


#: words that give a figure of a relation no name of its own
_GENERIC = re.compile(
    r"上年|去年|今年|全年|本年|当年|年初|年末|年底|期初|期末|年终|年度|目前|现在|截至|累计|滚存|结转|全[县市区乡镇校]|[我本][县市区乡镇校]|每年|一年"
    r"|现有|实有|已有|原有|只有|仅有|共有|还有|尚有|仍有|应有|实际|在编|在岗|在册|在职|到岗|配备|拥有|需要|需求|应配|应收|实收|已收|收支相抵|面积|种植|播种|应发|已发|实发|欠发|未发|应付|已付|应还|已还|净减少?|净流出|清退|脱贫|当期|本期|实缴|已缴|未缴|应缴|应征|实征|实到|实考|参加|参考|参检|实检|未检|未到|欠收|未收|拖欠|欠缴"
    r"|缺编|空编|缺员|空缺|缺额|短缺|缺口|缺席|缺考|缺勤|缺少|超编|超配|超员|剩余|余下|其余|还剩|尚余|下余"
    r"|新登记|新招聘?|新聘|新增|招聘|招收|招生|录用|新生|新进|退休|离职|调出|调入|转入|转出|辍学|流失|毕业|减少|注销|吊销|关闭|歇业|退出|净增加?|迁入|迁出|出生|死亡|流出"
    r"|收入|支出|结余|结存|余额|拨入|使用|拨付|支付|列支|筹集|征收"
    r"|已?竣工|已?完工|已?建成|完成|在建|正在建设|正在施工|建设中|施工|尚?未开工|未动工|待建|待开工|项目|工程|改造|建设|维修|加固|拆除|治理|整改|解决"
    r"|各级|财政|政府|个人|补助|补贴|缴费|缴纳|自缴|负担|人均|筹资|标准|水平|平均|亩产|单产|每亩|总产量?|产量|总产|实现|预计|可达|生师比|师生比|生机比"
    r"|录取|收回|回收|收到|合格|及格|办结|破案|破获|侦破|入学|就业|升学|升入|参保|参合|接种|体检|受检|检查|上线|执行|参考|到考|满编|问卷|试卷|有效|任务|计划|目标|下达|既定|被|人口|教学|计算机|电脑|微机|专任|教师|教职工|人员|人数|学生|在校生?|幼儿|职工|编制|合计|共计|总计|总数|总额|达到?|其中|数|额|款|率|总|共|为|是|有|约|的|已|尚|还|仍|缺|差|欠|净|新|余|计|现|应|未|名|则|即|且|各|本|[、，,；;：:（）()]"
)


_CLASSES = re.compile(r"小学|初中|高中|中学|中职|幼儿|学前|农村|城镇|城区|乡镇|男|女|公办|民办|临聘|代课")


def strange(sentence: Marked, figures: dict[str, Observation], allowed: str = "") -> bool:
    """Whether a figure behind the first of a match is named by a word that the text in front of the first does not know (教师 … 小学教师): it may
    then count something else. ``allowed``: a word that the relation itself asks for."""
    ordered = sorted(figures.values(), key=lambda o: o.clean_start)
    places = [sentence.figures.index(o) for o in ordered]
    at = [sentence.text.index(chr(_FIRST + n)) for n in places]
    known = sentence.text[: at[0]] + allowed
    for a, b in pairwise(at):
        for word in re.split(r"[、，,；;：:（）()]", sentence.text[a + 1 : b]):
            own = _GENERIC.sub("", re.sub(FIGURE, "", word))
            classes = _CLASSES.findall(word)
            if (len(own) > 1 and own not in known) or any(c not in known for c in classes):
                return True
    return False
