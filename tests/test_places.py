"""One name, several places: the comparison keeps them apart; one place with several codes stays one."""

from __future__ import annotations

import pytest

from reportminer import read
from reportminer.comparison import compare
from reportminer.comparison.derive import derive
from reportminer.comparison.layout import wide
from reportminer.comparison.places import place_of
from reportminer.core import Report, Table


def of(*texts: str) -> tuple[list[Report], Table]:
    reports = [read(t) for t in texts]
    return reports, compare(reports)


BEIJING = "朝阳区2020年教育工作总结\n根据北京市教育工作会议精神，全区共有小学{}所。\n"
CHANGCHUN = "朝阳区{}年教育工作总结\n长春市教育局：\n现将有关情况汇报如下。全区共有小学{}所。\n"


def test_two_places_of_one_name_are_two_areas() -> None:
    reports, table = of(BEIJING.format(86), CHANGCHUN.format(2020, 41), CHANGCHUN.format(2021, 43))
    assert {r.area for r in reports} == {"朝阳区"}
    assert [(c.area, c.area_code, c.period, int(c.value or 0)) for c in table.cells] == [
        ("朝阳区（北京市）", "110105", "2020", 86),
        ("朝阳区（吉林省长春市）", "220104", "2020", 41),
        ("朝阳区（吉林省长春市）", "220104", "2021", 43),
    ]
    areas, _, _, grid = wide(table)
    assert areas == ["朝阳区（北京市）", "朝阳区（吉林省长春市）"] and len(grid) == 3
    ranks = {(d.area, d.period): d.value for d in derive(table) if d.sort == "rank"}
    assert ranks in ({}, {("朝阳区（北京市）", "2020"): 1, ("朝阳区（吉林省长春市）", "2020"): 2})
    growth = {(d.area, d.period) for d in derive(table) if d.sort == "growth"}
    assert growth == {("朝阳区（吉林省长春市）", "2021")}
    assert len(compare(reports, areas=["朝阳区"]).cells) == 3
    assert len(compare(reports, areas=["朝阳区（北京市）"]).cells) == 1


def test_alone_it_keeps_its_name() -> None:
    _, table = of(CHANGCHUN.format(2020, 41), CHANGCHUN.format(2021, 43))
    assert {c.area for c in table.cells} == {"朝阳区"}


def test_what_has_no_code_is_nobody_knows_which() -> None:
    unknown = "朝阳区2020年教育工作总结\n全区共有小学50所。\n"
    _, table = of(BEIJING.format(86), CHANGCHUN.format(2020, 41), unknown)
    assert {(c.area, c.area_code) for c in table.cells} == {
        ("朝阳区（北京市）", "110105"), ("朝阳区（吉林省长春市）", "220104"), ("朝阳区", None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code", "place"),
    [("朝阳区", "110105", "110105"), ("朝阳区", "220104", "220104"), ("没有这个县", "999999", "999999")],
)
def test_places(name: str, code: str, place: str) -> None:
    assert place_of(name, code) == place


def test_a_county_with_another_code_is_what_it_was() -> None:
    """普洱市 was renumbered with its counties: one name in one province, two codes."""
    from reportminer.restore.gazetteer import gazetteer

    renumbered = [
        (name, {r.code for r in rows})
        for name, rows in gazetteer().by_name.items()
        if name.endswith("县") and len({r.code[:2] for r in rows}) == 1 and len({r.code for r in rows}) > 1
    ]
    assert len(renumbered) > 3
    assert all(len({place_of(name, c) for c in codes}) == 1 for name, codes in renumbered)
