"""Name of what is measured (``label``) and the narrowings that the text states (``scope``)."""

from __future__ import annotations

import re

from reportminer.core import Kind
from reportminer.records.context import Context

_LEAD = re.compile(
    r"^(?:[、，,；;：:\s]|其中|包括|含|另有|还有|同时|并且|而且|并|以及|及|和|与|共有|共|现有|全县|全区|全市|全镇|全乡|全校|全年|今年|去年|上年|目前|截至[^，]*?|已|累计|先后|我县|我区|我市|我镇|我校|\d{4}年|\d{1,2}月底?|到|由|从|为|对|使|在(?![校园职岗编建读籍])|将|是|有|达|至)+"
)
_TAIL = re.compile(
    r"(?:[、，,；;：:\s（(]|分别|达到|达|为|有|共计|共|约|近|合计|总计|是|至|到|的|仅|超过|突破|了|由|从|比|较|同比|增长|提高|增加|下降|减少|降低|占|上升|就|也|还|已|均|都|不足|仍|累计|控制在|上年|年均|又|实现|新增加)+$"
)
_NAME_END = re.compile(
    r"[，,。；;、！？（(）)\n]|被|已|全部|正在|进行|用于|的|到|由|将|均|都|在|对|因|实行|实施|通过|享受|投入|完成|，"
)
_STAGES = (
    ("特殊教育", "特殊教育"), ("学前教育", "学前教育"), ("幼儿园", "学前教育"), ("义务教育", "义务教育"), ("九年一贯制", "九年一贯制"),
    ("中等职业", "中等职业教育"), ("职业教育", "职业教育"), ("中职", "中等职业教育"), ("普通高中", "普通高中"), ("高中", "高中"),
    ("完全中学", "完全中学"), ("初级中学", "初中"), ("初中", "初中"), ("完全小学", "小学"), ("小学", "小学"), ("教学点", "教学点"),
)  # fmt: skip
_SOURCES = ("中央", "省级", "市级", "县级", "区级", "乡镇", "社会", "群众", "上级", "自筹")
_OBJECTS = (
    "教学楼", "综合楼", "学生宿舍", "宿舍", "食堂", "运动场", "教师周转房", "厕所", "实验楼", "围墙", "办公楼", "幼儿园",
)  # fmt: skip
_BASES = (
    ("累计", "累计"), ("年均", "年均"), ("人均", "人均"), ("生均", "人均"), ("户均", "户均"), ("年末", "年末"), ("总数", "总量"), ("总量", "总量"),
)  # fmt: skip


def label_of(c: Context, kind: Kind, inherited: str, right_noun: bool) -> str:
    """The shortest words of the text that name the measured thing; ``inherited`` is the name of the whole or of the level before."""
    text = c.text
    if c.heads:
        return _trim(text[c.heads[-1].start : c.heads[-1].end]) or _trim(
            text[c.heads[0].start : c.heads[0].end]
        )
    if right_noun:
        body = text[c.end : c.right]
        cut = _NAME_END.search(body)
        name = body[: cut.start()] if cut else body
        if 1 < len(name.strip()) <= 16:
            return name.strip()
    name = _trim(c.clause_text)
    if kind in ("growth", "change", "share") and len(name) <= 1 and inherited:
        return inherited
    if not name and c.left_text:
        name = _trim(re.split(r"[，,；;。：:]", c.left_text.strip("，,：:、 "))[-1])
    return name[-20:] or inherited


def _trim(text: str) -> str:
    text = re.sub(r"\s+", "", text)
    before = None
    while before != text:
        before = text
        text = _TAIL.sub("", _LEAD.sub("", text))
    return text


def scope_of(c: Context, label: str, whole: dict[str, str] | None) -> dict[str, str]:
    """Narrowings in Chinese words: stage, basis, residence, source, object, sector; those of the whole stay unless replaced."""
    words = f"{label}，{_trim(c.clause_text)}"
    out = dict(whole or {})
    for word, value in _STAGES:
        if word in words:
            out["stage"] = value
            break
    for word, value in _BASES:
        if word in words:
            out["basis"] = value
            break
    for word, value in (("城区", "城区"), ("城镇", "城镇"), ("农村", "农村"), ("乡村", "农村")):
        if word in words and f"{word}振兴" not in words:
            out["residence"] = value
            break
    if c.draft.quantity.dimension == "money":
        for word in _SOURCES:
            if word in words:
                out["source"] = word
                break
    for word in _OBJECTS:
        if word in words:
            out["object"] = word
            break
    for word, value in (("民办", "民办"), ("公办", "公办"), ("私立", "民办"), ("公立", "公办")):
        if word in words:
            out["sector"] = value
            break
    return out
