"""Repairs of the text: what the file holds → what is read, and what must be left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportminer import read
from reportminer.ingest import read_text
from reportminer.restore import clean_fragment, restore

FILL = (
    "各级各部门坚持以人民为中心的发展思想，聚焦办学条件短板，统筹安排，精心组织，严格管理，各项工作有序推进，"
)


def clean(text: str) -> str:
    return restore(read_text(text)).clean


CHARACTERS = [
    ("全縣學校４８所，占地５９　９２４平方米", "全县学校48所，占地59 924平方米"),
    ("完成率９９．５％", "完成率99.5%"),
    ("投资12·5万元", "投资12.5万元"),
    ("5·12地震后重建", "5·12地震后重建"),
    ("投資300萬元,新建校舍2棟;改建1棟", "投资300万元，新建校舍2栋；改建1栋"),
    ("用地59,924平方米，比例10:1", "用地59,924平方米，比例10:1"),
    ("新建校舍<b>800</b>平方米&nbsp;两栋", "新建校舍800平方米 两栋"),
]


@pytest.mark.parametrize(("raw", "expected"), CHARACTERS)
def test_characters(raw: str, expected: str) -> None:
    assert clean_fragment(raw)[0] == expected


NUMBERS = [
    # page-chunk markers: the second of a rising series, in the middle of a sentence
    (f"{FILL}改造任务完成率\n\n2、100%，群众满意。{FILL}明德学校缺6\n\n3、00万元，正在筹措。", ["100%", "6000000元"]),
    (f"{FILL}主要抓了10\n\n2、个方面。{FILL}其中重点工程\n\n3、完工26个。", ["26个"]),
    (f"{FILL}发放资助金29\n\n2、15万元，惠及3216人次。", ["29150000元", "3216人次"]),
    # real lists stay lists
    ("主要做法：\n1、新建校舍3栋。\n2、维修教室26间。\n3、添置课桌椅400套。", ["3栋", "26间", "400套"]),
    # a number cut by a line end
    (f"{FILL}多方筹资100多\n\n万元用于改善条件。", ["1000000元"]),
    (f"{FILL}投入资金36\n0万元，全部到位。", ["3600000元"]),
    # inserted pinyin and lost characters
    ("全區現(xiàn)有學(xué)校70所，占總數(shù)的82.5%，總?cè)丝?3萬，其中農(nóng)業(yè)戶(hù)8600戶(hù)。", ["70所", "82.5%", "掩码人", "8600户"]),
    # the same without its tones: dropped where it is the sound of its character, and only then
    ("2012年投入3.1億(yi)元，其中縣(xian)級(ji)補助1.2億(yi)元，新建校舍8.4萬(wan)平方米。", ["310000000元", "120000000元", "84000平方米"]),
    ("學校占地5公頃(ha)，鐵路8公里(km)，圖書3萬冊。", ["50000平方米", "8000米", "30000册"]),
    # a scraper has left every number on a line of its own
    ("教育工作汇报\n2019\n年，全县投入教育资金\n6305\n万元，新建校舍\n2.8\n万平方米，招聘教师\n74\n名。", ["63050000元", "28000平方米", "74人"]),
    ("学校简介\n学校占地面积\n21500\n㎡，校舍建筑面积\n8900\n㎡。学校共有图书\n23150\n册。现有教职工\n71人，其中专任教师\n64人。", ["21500平方米", "8900平方米", "23150册", "71人", "64人"]),
    # the end of a tag that lost its beginning
    ("拨付公用经费?/p>\n5310.4\n万元，下达维修资?/p>\n860\n万元，新建学校?/p>\n4\n所。", ["53104000元", "8600000元", "4所"]),
    # the letter l read for the digit 1
    ("我镇教师l35人，投入l80万元，其中县级补助70万元。", ["135人", "1800000元", "700000元"]),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), NUMBERS)
def test_figures_that_layout_has_cut(raw: str, expected: list[str]) -> None:
    report = read(raw)
    found = [
        "掩码" + str(o.unit) if o.masked else f"{o.value.normalize():f}{o.unit}" for o in report.observations
    ]
    assert found == expected
    assert all(raw[o.start : o.end] == o.text for o in report.observations)


FURNITURE = [
    "第1页 / 共5页",
    "上传时间：2021-03-02 浏览次数：417",
    "版权所有：某某文库",
    "当前位置：首页 > 工作汇报 > 正文",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_dropped(line: str) -> None:
    text = f"青山县2020年教育工作总结\n{line}\n全县新建校舍8000平方米，投入资金1200万元。\n"
    assert line not in clean(text)
    assert [o.text for o in read(text).observations] == ["8000平方米", "1200万元"]


CONTENT = [
    "投入<script>alert(1)</script>资金1200万元，建成学校3所。",
    "来源结构不断优化，非税收入占比下降到38.5%。",
    "首页工程完成投资360万元，占计划的72%。",
    "相关学校26所全部通过验收。",
]


@pytest.mark.parametrize("line", CONTENT)
def test_content_that_looks_like_furniture_stays(line: str) -> None:
    text = f"青山县2020年教育工作总结\n全县新建校舍8000平方米。\n{line}\n全县教师3200人。\n"
    assert len(read(text).observations) >= 3


def test_a_heading_is_not_joined_with_the_year_that_begins_its_paragraph() -> None:
    text = "教育工作讲话\n过去一年重点工作\n2015\n年，全县投入资金\n4420\n万元，新建学校\n3\n所，招聘教师\n26\n名。"
    report = read(text)
    assert "重点工作\n2015年" in report.text.clean
    assert {o.period for o in report.observations} == {"2015"}


def test_lines_wrapped_by_characters_are_joined() -> None:
    body = "".join(
        f"全县共有学校{n}所，小学在校生{n * 300}人，初中在校生{n * 120}人，新建校舍{n * 80}平方米。"
        for n in range(11, 30)
    )
    wrapped = "\n".join(body[i : i + 34] for i in range(0, len(body), 34))
    assert all(line.endswith("。") for line in clean(wrapped).split("\n"))
    assert clean(wrapped).replace("\n", "") == body


def test_headings_and_lists_are_not_joined() -> None:
    text = "一、基本情况\n全县有学校48所\n二、主要做法\n（一）加大投入\n投入资金300万元\n"
    assert clean(text) == text


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_charset(tmp_path, encoding: str) -> None:  # type: ignore[no-untyped-def]
    text = "青山县2020年教育工作总结\n全县共有学校48所，新建校舍8000㎡，投入资金1200万元。\n"
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    assert [o.text for o in read(path).observations] == ["48所", "8000㎡", "1200万元"]


def test_big5(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "a.txt"
    path.write_bytes("花蓮縣2020年教育工作總結\n全縣共有學校48所，投入資金1200萬元。\n".encode("big5"))
    assert [(o.text, o.unit) for o in read(path).observations] == [("48所", "所"), ("1200萬元", "元")]


def test_articles_of_one_file_have_their_own_area_and_year() -> None:
    text = (
        "第一篇：青山县2019年合格学校建设工作总结\n青山县2019年合格学校建设工作总结\n全县建成合格学校12所，投入资金800万元。" + FILL + "\n"
        "第二篇：柳河县2021年合格学校建设情况汇报\n柳河县2021年合格学校建设情况汇报\n全县建成合格学校9所，投入资金650万元。" + FILL + "\n"
    )  # fmt: skip
    report = read(text)
    assert [(s.area, s.year) for s in report.text.segments if s.title] == [("青山县", 2019), ("柳河县", 2021)]
    assert [(o.value, o.area, o.period) for o in report.observations if o.unit == "所"] == [
        (12, "青山县", "2019"),
        (9, "柳河县", "2021"),
    ]


PIECES = st.lists(
    st.sampled_from(["全县投入", "160多万元", "，", "新建校舍8000m2", "\n\n2、", "說(shuō)", "59 924平方米", "xx所", "其中", "（3所）", "<b>", "。\n", "\r\n", "　", "?3萬", "10:1", "第1页", "增长8.6%"]),
    max_size=40,
)  # fmt: skip


@given(PIECES)
def test_offsets_survive_any_repair(pieces: list[str]) -> None:
    raw = "".join(pieces)
    report = read("\n" + raw)  # never a file name
    for o in report.observations:
        assert report.text.raw.text[o.start : o.end] == o.text
    origin = [report.text.map.raw(i) for i in range(len(report.text.clean))]
    assert origin == sorted(set(origin))
