"""What a report says of itself at its head and foot: title, area, reporting year, genre (``spec/observations.md`` §5)."""

from __future__ import annotations

import pytest

from reportminer import read

BODY = "全县上下凝心聚力，各项工作有序推进。全县共有中小学48所，在校学生26000人，新建校舍8000平方米，投入资金1200万元。群众满意度不断提高，发展基础更加坚实。\n"

# head, foot, title, area, year, genre
CASES = [
    ("松阳县2020年教育工作总结\n\n", "", "松阳县2020年教育工作总结", "松阳县", 2020, "summary"),
    ("2020年教育工作总结\n\n松阳县教育局\n\n", "", "2020年教育工作总结", "松阳县", 2020, "summary"),
    ("松阳县教育局\n关于2020年义务教育均衡发展工作情况的汇报\n（2020年11月18日）\n\n", "", None, "松阳县", 2020, "progress_report"),
    ("政府工作报告\n——2021年1月26日在松阳县第十六届人民代表大会第五次会议上\n\n松阳县人民政府县长　王某某\n\n各位代表：\n　　一、2020年工作回顾\n", "", "政府工作报告", "松阳县", 2020, "work_report"),
    ("政府工作报告\n（2021年2月3日在松阳县第十届人民代表大会第一次会议上）\n\n各位代表：\n现在，我代表县人民政府向大会报告工作。\n一、过去五年工作回顾\n", "", "政府工作报告", "松阳县", 2020, "work_report"),
    ("二〇二〇年松阳县政府工作报告\n\n各位代表：\n", "", "二〇二〇年松阳县政府工作报告", "松阳县", 2020, "work_report"),
    ("关于松阳县2020年国民经济和社会发展计划执行情况与2021年国民经济和社会发展计划草案的报告\n\n各位代表：\n", "", None, "松阳县", 2020, "progress_report"),
    ("松阳县2020年财政预算执行情况和2021年财政预算草案的报告\n\n", "", None, "松阳县", 2020, "progress_report"),
    ("松阳县义务教育发展基本均衡县创建工作汇报\n\n", "\n松阳县人民政府\n2015年10月20日\n", "松阳县义务教育发展基本均衡县创建工作汇报", "松阳县", 2015, "progress_report"),
    ("松阳县义务教育均衡发展工作汇报\n", "\n二〇一五年十月二十日\n", "松阳县义务教育均衡发展工作汇报", "松阳县", 2015, "progress_report"),
    ("松阳县教育局2021年工作要点\n\n", "", "松阳县教育局2021年工作要点", "松阳县", 2021, "plan"),
    ("松阳县2021—2023年学前教育发展实施方案\n\n", "", None, "松阳县", 2021, "plan"),
    ("关于松阳县农村教师队伍建设的调研报告\n\n为摸清底数，2019年5月，县政协组成调研组深入12个乡镇调研。\n", "", "关于松阳县农村教师队伍建设的调研报告", "松阳县", 2019, "analysis"),
    ("松阳县古市镇2020年工作总结\n\n", "", "松阳县古市镇2020年工作总结", "松阳县古市镇", 2020, "summary"),
    ("xx县20xx年教育工作总结\n\n我县教育工作稳步推进。\n", "", "xx县20xx年教育工作总结", None, None, "summary"),
    ("工作总结\n发布时间：2018-12-25 来源：松阳县教育局 浏览次数：317\n2018年，松阳县教育局认真落实各项部署。\n", "", "工作总结", "松阳县", 2018, "summary"),
    ("松阳县“十三五”教育事业发展情况总结\n\n", "", None, "松阳县", 2020, "summary"),
    ("松阳县召开教育工作会议\n\n本报讯（记者 李某）3月2日，松阳县召开2019年教育工作会议。2018年，全县教育成绩喜人。\n", "", "松阳县召开教育工作会议", "松阳县", 2019, "news"),
    ("松阳县2020年上半年教育工作总结及下半年工作计划\n\n", "", None, "松阳县", 2020, "summary"),
    ("松阳县2019-2020学年度第一学期教育工作总结\n\n", "", None, "松阳县", 2019, "summary"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "foot", "title", "area", "year", "genre"), CASES, ids=[c[0][:24].strip() for c in CASES]
)
def test_head(
    head: str, foot: str, title: str | None, area: str | None, year: int | None, genre: str
) -> None:
    report = read(head + BODY * 3 + foot)
    d = report.text.document
    assert (d.area, d.year, d.genre) == (area, year, genre)
    if title is not None:
        assert d.title == title
