"""Sentences and paragraphs without a contradiction: nobody may be accused (``tables/consistent.tsv`` holds most of them)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportminer import check, read

_TABLE = Path(__file__).parent / "tables" / "consistent.tsv"

SENTENCES = [
    "全县缺编教师150人，其中小学90人、初中60人，占编制数3000人的5%。",
    "项目总投资6000万元，其中省级补助4000万元、县级配套2000万元，占教育投入4.8亿元的12.5%。",
    "计划建设20所，实际完成23所，超额完成3所，完成率115%。",
    "投入资金5100万元，校均300万元，其中市级资金1100万元、区级资金2500万元、乡镇自筹1500万元。",
    "全年续建项目30个、新建项目12个，其中亿元以上项目40个。",
    "县小学、中学、职校分别投资1260万元、840万元、560万元新建宿舍，面积分别为7000平方米、5600平方米、4000平方米，造价分别为1800元、1500元、1400元。",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_nothing_is_accused(sentence: str) -> None:
    assert [f.message for f in check([read("某县2020年工作总结\n\n" + sentence)])] == []


def test_a_share_of_a_figure_that_has_no_parts_is_still_checked() -> None:
    found = check([read("某县2020年工作总结\n\n全县现有专任教师2400人，其中骨干教师480人，占30%。")])
    assert [f.type for f in found] == ["share"]


def test_consistent_paragraphs_accuse_nobody() -> None:
    rows = [r.split("\t") for r in _TABLE.read_text(encoding="utf-8").splitlines() if not r.startswith("#")]
    assert rows[0] == ["kind", "text"]
    accused = []
    for kind, text in rows[1:]:
        report = read("某县2020年工作总结\n\n" + text.replace("⏎", "\n").replace("⇥", "\t"))
        accused += [
            (kind, text, f.message) for f in check([report]) if f.severity != "info" and f.type != "masked"
        ]
    assert len(rows) > 400
    assert accused == []
