"""数字属于哪个地方或学校：每行是本地名称、标注的正文、各数量应得的地方（None 表示本地）。"""

from __future__ import annotations

import re

import pytest

from reportminer import read

Case = tuple[str, list[str | None]]

# 乡镇、村、园区在子句开头时，后面的数字属于它
OPENING: list[Case] = [
    ("其中，云台镇【13个】，翠屏镇【11个】，滨河街道【10个】。", ["云台镇", "翠屏镇", "滨河街道"]),
    ("全县小学生师比为【19.4:1】，而云台镇高达【22.6:1】。", [None, "云台镇"]),
    ("其中滨河街道因外来人口多，入园率达到【108.5%】。", ["滨河街道"]),
    ("云台镇利用闲置校舍改建村办园【6所】。", ["云台镇"]),
    ("到2018年秋季，云台镇要新增学位【2400个】。", ["云台镇"]),
    ("北部园岔乡有【14个】村缺水。", ["园岔乡"]),
    ("塔山村黄桃基地亩均收入【8000元】。", ["塔山村"]),
    ("石桥镇柏桥村荔枝年产值【1.2亿元】。", ["柏桥村"]),
    ("工业园区入园企业【152家】，吸纳就业【2.3万人】。", ["工业园区", "工业园区"]),
    ("青山返乡创业园已入驻企业【28家】，用地【1350亩】。", ["青山返乡创业园", "青山返乡创业园"]),
    ("云台镇新增学位【2400个】，全县大班额减少到【20个】。", ["云台镇", None]),
    ("云台镇、翠屏镇分别新建厂房【3.6】和【2.2万平方米】。", ["云台镇", "翠屏镇"]),
]

# 普通名词不是地名
COMMON: list[Case] = [
    ("五年城镇新增就业【2.9万人】。", [None]),
    ("开展送教下乡【12次】。", [None]),
    ("巡回医疗车全年下乡【216趟】。", [None]),
    ("较大自然村硬化路通达率达到【95%】。", [None]),
    ("其中国家【620万元】、自治区【284万元】。", [None, None]),
    ("建成未来社区【12个】。", [None]),
    ("硬化通村道路【428公里】。", [None]),
    ("撤并条件差的小学【37所】，按照“初中进镇”的思路新建【2所】。", [None, None]),
    ("新建旗县区综合福利中心【7所】。", [None]),
    ("改造行政村卫生室【9个】。", [None]),
]

# 学校：专名才算，动词和设备名不算；说完就回到本地
SCHOOLS: list[Case] = [
    ("云台小学投资【126万元】新建教学楼【4380平方米】。", ["云台小学", "云台小学"]),
    ("三岔初中学生宿舍【1850平方米】，正在装修。", ["三岔初中"]),
    ("综合差异系数达到小学【不高于0.65】、初中【不高于0.55】的要求。", [None, None]),
    ("每百名学生拥有计算机小学【7.6台】、初中【11.2台】。", [None, None]),
    ("单项中以小学生均仪器值的差异系数最大，为【0.61】。", [None]),
    ("将【46名】教师充实到小学，按照小学【1:19】的标准配备。", [None, None]),
    (
        "云台小学投资【90万元】，翠屏小学投资【80万元】，都已投入使用，【3000多名】学生受益。",
        ["云台小学", "翠屏小学", None],
    ),
    ("整合县医院、中医院和【11所】乡镇卫生院。", [None]),
    ("投入【32万元】新建云台敬老院，投入【86万元】改造卫生室【5个】。", ["云台敬老院", None, None]),
    ("县合管办编制【8名】，在岗【5名】。", ["县合管办", "县合管办"]),
    ("云台小学占地【30亩】，农村学校图书共【10万册】。", ["云台小学", None]),
    ("云台小学、翠屏小学等【9所】学校通过验收。", [None]),
]


def _areas(marked: str, title: str) -> list[str | None]:
    marked = f"{title}\n\n近年来，我县高度重视教育工作。\n" + marked
    clean = re.sub("[【】]", "", marked)
    starts = [m.start() - n for n, m in enumerate(re.finditer("[【】]", marked)) if m[0] == "【"]
    by_start = {o.start: o.area for o in read(clean).observations}
    return [by_start.get(s, "没有读出") for s in starts]


@pytest.mark.parametrize(("marked", "expected"), [*OPENING, *COMMON, *SCHOOLS])
def test_area(marked: str, expected: list[str | None]) -> None:
    """本地是宜章县。"""
    want = ["宜章县" if e is None else e for e in expected]
    assert _areas(marked, "宜章县2018年教育工作总结") == want


def test_short_names_in_order() -> None:
    """依次之前的简称要全是本市所辖才逐个对应。"""
    text = "宣城市2018年教育工作总结\n\n全市新增学位【6100个】，宣州、宁国、广德依次新增【3600】、【1500】和【1000个】。"
    found = read(re.sub("[【】]", "", text)).observations
    assert [o.area for o in found] == ["宣城市", "宣州区", "宁国市", "广德市"]


def test_central_school_reports() -> None:
    """中心校自己的总结：数字属于中心校，镇中学的除外，全镇的属于镇。"""
    text = (
        "云台镇中心校2015年工作总结\n\n云台镇中心校在上级领导下完成了任务。中心校下辖学校20所，其中小学19所。"
        "镇中学学生公寓楼建筑面积2680平方米。全镇生均校舍面积达到6.8平方米。"
    )
    found = {o.text: o.area for o in read(text).observations}
    assert found["20所"] == found["19所"] == "云台镇中心校"
    assert found["2680平方米"] == "镇中学"
    assert found["6.8平方米"] == "云台镇"


def test_village_reports() -> None:
    """一个村的报道属于这个村；自治县可用简称加县。"""
    text = (
        "山里的好日子\n\n云岭村平均海拔2100米。全村共有312户。云岭村种苹果1200亩，云岭村村民人均收入9000元。"
    )
    assert {o.area for o in read(text).observations} == {"云岭村"}
    (found,) = read("2019年，化隆县脱贫攻坚调查\n\n化隆县共有贫困村168个。").observations
    assert (found.area, found.area_code) == ("化隆县", "630224")
