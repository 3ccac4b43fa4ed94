"""Lists that were tied to the wrong whole: no sum of theirs accuses anybody."""

from __future__ import annotations

from itertools import pairwise

from reportminer.checks.breakdown import Group, in_table
from reportminer.checks.common import View, same_measure


def rows(view: View, group: Group) -> bool:
    """Whether the parts are a row of their own that goes with a row which ends in the whole (三年级2140人、五年级2086人，及格人数分别为
    1842人、1698人)."""
    whole, n = group.whole, len(group.parts)
    if "分别" not in view.lead(group.parts[0]):
        return False
    row = [
        x
        for x in view.by_sentence[whole.sentence]
        if same_measure(x, whole) and x.kind == whole.kind and x.clean_start <= whole.clean_start
    ]
    return len(row) == n and group.parts[0].clean_start > whole.clean_start


def nested(view: View, group: Group) -> bool:
    """Whether a part is said to be one of the part before it (其中专任教师3986人，专任教师中小学2146人)."""
    children = [p for p in view.parts[group.whole.id] if same_measure(p, group.whole) and p.value is not None]
    return any(_names_again(view.lead(b), a.label) for a, b in pairwise(children))


def _names_again(lead: str, label: str) -> bool:
    """Whether the words in front of a figure (专任教师中小学) name another figure's subject as their whole."""
    head, among, _ = lead.rpartition("中")
    return (
        bool(among)
        and not head.endswith("其")
        and any(label[k : k + 2] in head for k in range(len(label) - 1))
    )


def guessed(view: View, group: Group) -> bool:
    """Whether parts of a later sentence were tied to one of several figures of the same measure: the link is a guess."""
    whole = group.whole
    if whole.sentence == group.parts[0].sentence or in_table(whole):
        return False
    rest = [x for x in view.by_sentence[whole.sentence] if x.clean_start > whole.clean_start]
    return any(same_measure(x, whole) and x.kind == whole.kind and x.part_of != whole.id for x in rest)
