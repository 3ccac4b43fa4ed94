"""The figures of one segment laid out for the search of wholes: sentence, paragraph, bracket depth, and what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from reportminer.core import ReportText
from reportminer.records.draft import Draft
from reportminer.records.part_cues import PartCues, marker_rank

ADDABLE = frozenset({"money", "area", "length", "count", "mass", "volume", "energy", "number"})
_FACILITY_UNITS = frozenset({"所", "个", "家", "处", "园", "校"})
_FACILITIES = frozenset(
    {
        "schools_total",
        "schools_built",
        "schools_qualified",
        "schools_covered",
        "schools_deficient",
        "teaching_points",
        "kindergartens",
    }
)
_SAME_UNIT = {"名": "人", "位": "人", "幢": "栋", "个班": "班", "间": "间"}
_SCAN = 400  # characters: a longer stretch without a figure ends every breakdown
_BASE_AFTER = re.compile(r"的\s*$")
_RATE = re.compile(r"[，,（(][^，,。；;：:\d]{0,7}(?:率|占比)[为达]?到?")
_LINE = 20  # a shorter line is a heading or the end of a paragraph
_LINE_END = "。！？!?；;：:|”』」"
_GOES_ON = re.compile(r" ?[^\s|#>\-]")


@dataclass(slots=True)  # a frozen one takes four times as long to make
class Event:
    """Something between two figures that opens or closes a breakdown; ``name`` is the group of ``PartCues.event``."""

    name: str
    start: int
    end: int


@dataclass(slots=True)
class Figure:
    """One figure that is not in a table. ``unit`` is the key under which figures can be added; None when they cannot be."""

    index: int  # in the list of drafts
    draft: Draft
    start: int
    end: int
    unit: str | None
    facility: bool
    left: str = ""  # the text since the figure before (or since the sentence begins)
    events: list[Event] = field(default_factory=list)  # since the figure before
    sentence: int = 0
    paragraph: int = 0
    depth: int = 0
    rank: int | None = None  # marker of the list item it stands in
    item: int = 0  # running number of that item
    compared: bool = False  # only the other side of a comparison
    far: bool = False  # a long text without figures lies before it
    share: Figure | None = None  # the percentage right after it: 112人，占97%
    rate: Figure | None = None  # the rate right after it: 结案796件，结案率96.6%
    value: Decimal | None = None  # the amount, None when masked or a range

    def __post_init__(self) -> None:
        """The amount is asked for a dozen times."""
        q = self.draft.quantity
        self.value = None if q.value is None or q.value2 is not None else abs(q.value)

    def adds_to(self, whole: Figure) -> bool:
        """Whether both are amounts of one unit."""
        if self.unit is None or whole.unit is None:
            return False
        return self.unit == whole.unit or (self.facility and whole.facility)


def lay_out(report: ReportText, drafts: list[Draft], indices: list[int], cues: PartCues) -> list[Figure]:
    """The figures ``indices`` of one segment in text order."""
    text = report.clean
    figures: list[Figure] = []
    sentence = paragraph = depth = item = 0
    rank: int | None = None
    position = report.segments[drafts[indices[0]].mention.segment].start if indices else 0
    for i in indices:
        draft = drafts[i]
        m = draft.mention
        far = m.start - position > _SCAN
        scan_from = max(position, m.start - _SCAN) if far else position
        if far:
            stop = max(text.rfind(x, position, m.start) for x in "。！？\n")
            scan_from = min(m.start, max(scan_from, stop)) if stop >= 0 else scan_from
            sentence, paragraph, depth, rank = sentence + 1, paragraph + 1, 0, None
        events: list[Event] = []
        left_from = position
        for name, start, end in cues.events(text, scan_from, m.start):
            if (
                name == "para"
                and events
                and events[-1].name == "para"
                and not text[events[-1].end : start].strip()
            ):
                left_from = end
                at = marker_rank(text, end)
                rank, item = (at, item + 1) if at is not None else (rank, item)
                continue  # an empty line
            if name == "para" and _wrapped(text, start):
                continue
            if name == "opened":
                depth += 1
            elif name == "closed":
                depth = max(0, depth - 1)
            elif name == "stop" and depth == 0:
                sentence, left_from = sentence + 1, end
            elif name == "para":
                sentence, paragraph, depth, left_from = sentence + 1, paragraph + 1, 0, end
            elif name == "stop":
                continue
            events.append(Event(name, start, end))
            if name in ("stop", "para", "semi", "items"):
                at = marker_rank(text, end)
                if at is not None:
                    rank, item = at, item + 1
                elif name == "para":
                    rank, item = None, item + 1
        if (
            depth
            and events
            and all(e.name != "opened" for e in events[-3:])
            and figures
            and m.start - figures[-1].end > 60
        ):
            depth = 0  # a bracket that was never closed
        q = draft.quantity
        f = Figure(
            index=i, draft=draft, start=m.start, end=m.end,
            unit=_unit(draft), facility=draft.indicator in _FACILITIES and q.unit in _FACILITY_UNITS,
            left=text[left_from : m.start].replace("\n", ""), events=events, sentence=sentence, paragraph=paragraph,
            depth=depth, rank=rank, item=item, far=far,
        )  # fmt: skip
        f.compared = bool(cues.compare.search(f.left[-14:]))
        if figures and draft.kind == "share" and "占" in f.left and figures[-1].sentence == sentence:
            figures[-1].share = f
        if figures and draft.kind == "share" and _RATE.fullmatch(f.left) and figures[-1].sentence == sentence:
            figures[-1].rate = f
        if figures and draft.kind == "share" and _BASE_AFTER.fullmatch(f.left):
            figures[-1].compared = True  # 为预算2亿元的41%: the figure is a base, not an amount of its own
        if draft.quantity.dimension == "length" and cues.measure.search(f.left):
            f.unit = None
        figures.append(f)
        position = m.end
    return figures


def _wrapped(text: str, at: int) -> bool:
    """Whether the line break at ``at`` only wraps a long line."""
    before = text[max(0, at - _LINE) : at].rstrip(" ")
    if len(before) < _LINE - 2 or "\n" in before or before[-1] in _LINE_END:
        return False
    return bool(_GOES_ON.match(text, at + 1)) and marker_rank(text, at + 1) is None


def _unit(draft: Draft) -> str | None:
    q = draft.quantity
    if q.dimension not in ADDABLE or draft.kind not in ("level", "change", "price"):
        return None
    price = "/" if draft.kind == "price" else ""
    return f"{price}{q.dimension}:{_SAME_UNIT.get(q.unit or '', q.unit)}"
