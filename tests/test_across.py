"""Checks across years and areas on small invented reports, through the whole pipeline: what fires and what stays quiet."""

from __future__ import annotations

import dataclasses
import re

import pytest

from reportminer import checks
from reportminer.core import CheckResult, Report
from reportminer.ingest import read_text
from reportminer.pipeline import read_raw


def report(area: str, year: int, text: str, name: str = "") -> Report:
    raw = read_text(f"{area}{year}年教育工作总结\n\n{text}\n")
    return read_raw(dataclasses.replace(raw, source=name or f"{area}-{year}.txt"))


def run(*reports: Report) -> CheckResult:
    return checks.run(reports)


def told(result: CheckResult, check: str) -> list[str]:
    return [f.severity for f in result.findings if f.check == check]


def pair(first: str, second: str) -> CheckResult:
    return run(report("松阳县", 2020, first), report("松阳县", 2021, second))


#: (2020 report, 2021 report, check, severities)
YEARS = [
    ("全县教育经费支出5.62亿元。", "教育经费支出由2020年的5.26亿元增加到5.90亿元。", "G7", ["warning"]),
    ("全县教育经费支出5.62亿元。", "教育经费支出由2020年的5.6亿元增加到5.90亿元。", "G7", []),
    ("全县教育经费支出预计5.62亿元。", "教育经费支出由2020年的5.70亿元增加到5.90亿元。", "G7", ["info"]),
    ("全县教育经费支出5.62亿元。", "因统计口径调整，教育经费支出由2020年的5.26亿元增加到5.90亿元。", "G7", ["info"]),
    ("全县教育经费支出5.62亿元。", "2020年教育经费支出决算数为5.71亿元，2021年为5.90亿元。", "G7", ["info"]),
    ("标准化学校累计达到138所。", "累计建成标准化学校128所。", "G6", ["warning"]),
    ("标准化学校累计达到128所。", "累计建成标准化学校138所。", "G6", []),
    ("标准化学校累计达到138所。", "因学校撤并，累计建成标准化学校128所。", "G6", ["info"]),
    ("累计发放贷款3.6亿元。", "今年累计发放贷款2.8亿元。", "G6", []),
    ("标准化学校累计达到138所。", "近三年累计建成标准化学校28所。", "G6", []),
    ("在校小学生21265人。", "在校小学生2186人。", "U1x", ["warning"]),
    ("全县教育经费支出5.62亿元。", "全县教育经费支出5.90万元。", "U1x", ["warning"]),
    ("新建校舍2000平方米。", "新建校舍20000平方米。", "U1x", []),
    ("在校小学生21265人。", "在校小学生20186人。", "U1x", []),
    ("全县教育经费支出8.00亿元。", "全县教育经费支出9.60亿元，比上年增长12.0%。", "G4x", ["warning"]),
    ("全县教育经费支出8.00亿元。", "全县教育经费支出9.60亿元，比上年增长20.0%。", "G4x", []),
    ("全县教育经费支出8.00亿元。", "全县教育经费支出9.60亿元，同口径增长12.0%。", "G4x", []),
    ("2021年，力争将大班额化解到60个以内。", "全面完成年初确定的大班额化解任务，目前全县大班额76个。", "X4", ["warning"]),
    ("2021年，力争将大班额化解到60个以内。", "全面完成年初确定的大班额化解任务，目前全县大班额56个。", "X4", []),
    ("2021年，力争将大班额化解到60个以内。", "目前全县大班额76个，尚未达到年初确定的目标。", "X4", []),
    ("2021年，计划新建校舍3.9万平方米。", "全面完成年度建设目标，新建校舍3.1万平方米。", "X4", ["warning"]),
    ("2021年，计划新建校舍3.9万平方米。", "经县政府批准，年度目标调整后全面完成，新建校舍3.1万平方米。", "X4", []),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "check", "expected"), YEARS)
def test_two_years_of_one_area(first: str, second: str, check: str, expected: list[str]) -> None:
    result = pair(first, second)
    assert told(result, check) == expected, [(f.check, f.severity, f.message) for f in result.findings]


def test_a_break_of_basis_is_the_first_explanation() -> None:
    result = pair(
        "全县教育经费支出5.62亿元。", "因统计口径调整，教育经费支出由2020年的5.26亿元增加到5.90亿元。"
    )
    assert [f.explanations[0] for f in result.findings if f.check == "G7"] == ["报告写明“口径调整”"]


def test_two_reports_of_one_year() -> None:
    a = report("松阳县", 2020, "全县在校学生23048人。", "甲.txt")
    b = report("松阳县", 2020, "全县在校学生23408人。", "乙.txt")
    assert told(run(a, b), "X1") == ["warning"]
    assert told(run(a, report("松阳县", 2020, "全县在校学生2.3万人。", "丙.txt")), "X1") == []


COUNTIES = ("吉州区", "青原区", "吉安县", "吉水县", "泰和县")


def rates(values: list[str]) -> CheckResult:
    return run(
        *(
            report(a, 2020, f"小学入学率99.9%，九年巩固率{v}%。")
            for a, v in zip(COUNTIES, values, strict=True)
        )
    )


def test_an_outlier_among_areas_that_agree() -> None:
    result = rates(["98.1", "97.8", "98.9", "98.2", "79.6"])
    found = [f for f in result.findings if f.check == "V5"]
    assert [f.severity for f in found] == ["warning"]
    assert "97.6" in "".join(found[0].explanations), "数字颠倒是最便宜的解释"


@pytest.mark.parametrize(
    "values", [["98.1", "97.8", "88.9", "93.2", "79.6"], ["98.1", "97.8", "98.9", "98.2", "95.6"]]
)
def test_areas_that_differ_among_themselves_accuse_nobody(values: list[str]) -> None:
    assert told(rates(values), "V5") == []


def test_few_areas_accuse_nobody() -> None:
    texts = {"吉州区": "98.1", "青原区": "97.8", "泰和县": "79.6"}
    assert told(run(*(report(a, 2020, f"九年巩固率{v}%。") for a, v in texts.items())), "V5") == []


def test_the_city_against_its_counties() -> None:
    counties = [
        report(a, 2020, f"全{a[-1]}在校小学生{n}人。")
        for a, n in zip(COUNTIES, (31000, 16000, 42000, 43000, 44000), strict=True)
    ]
    too_low = report("吉安市", 2020, "全市在校小学生150000人。")
    enough = report("吉安市", 2020, "全市在校小学生420000人。")
    assert told(run(*counties, too_low), "P4") == ["warning"]
    assert told(run(*counties, enough), "P4") == [], "没有收齐各县的报告，合计较大不是矛盾"


SAFETY = (
    "我们把校园安全放在首位，全年组织校园安全大排查6轮，整改各类隐患328处，投入安保资金465万元，"
    "为87所学校配备专职保安214名，其中36所学校安装了一键报警装置，师生安全感和群众满意度明显提升。"
)


def test_copied_passages_with_their_figures() -> None:
    result = run(report("吉安县", 2019, SAFETY), report("泰和县", 2019, SAFETY))
    assert told(result, "N1") == ["warning"]
    assert len(next(f for f in result.findings if f.check == "N1").members) == 12


def test_a_template_with_other_figures_is_no_copy() -> None:
    digits = iter(["4", "215", "380", "66", "187", "29"])
    other = re.sub(r"\d+", lambda m: next(digits), SAFETY)
    assert told(run(report("吉安县", 2019, SAFETY), report("泰和县", 2019, other)), "N1") == []


def test_standards_are_no_copies() -> None:
    text = "按照国家规定，小学生均公用经费标准不低于650元，初中不低于850元，寄宿制学校每生增加200元，特殊教育学校不低于6000元，所需资金由中央和地方按规定比例分担。"
    assert told(run(report("吉安县", 2019, text), report("泰和县", 2019, text)), "N1") == []


def test_checks_grow_linearly() -> None:
    import time

    base = [
        report(a, y, f"{SAFETY}全县在校小学生{20000 + y}人，九年巩固率98.{y % 10}%。")
        for a in COUNTIES
        for y in range(2012, 2022)
    ]

    def many(n: int) -> list[Report]:
        copies = []
        for k in range(n):
            for r in base:
                raw = dataclasses.replace(r.text.raw, source=f"{k}-{r.source}")
                copies.append(dataclasses.replace(r, text=dataclasses.replace(r.text, raw=raw)))
        return copies

    times = []
    for n in (2, 8):
        reports = many(n)
        start = time.process_time()
        checks.run(reports)
        times.append(time.process_time() - start)
    assert times[1] < times[0] * 4 * 2.5, times


#: small families written before the checks were tuned: (area, year, text) of each report, and the contradiction in them
FAMILIES = [
    ('restated', [('龙南市', 2020, '2020年，全年完成地方一般公共预算收入12.36亿元，增长5.2%。'), ('龙南市', 2021, '地方一般公共预算收入由2020年的13.26亿元增加到2021年的14.1亿元。')]),
    ('restated', [('龙南市', 2020, '全年脱贫人口3265人。'), ('龙南市', 2021, '2020年脱贫人口3625人，今年巩固提升。')]),
    ('trend', [('龙南市', 2020, '累计建成高标准农田18.6万亩。'), ('龙南市', 2021, '全市累计建成高标准农田16.8万亩。')]),
    ('trend', [('龙南市', 2020, '全市有各级各类学校186所，在校学生56230人。'), ('龙南市', 2021, '全市有各级各类学校184所，在校学生5653人。')]),
    ('growth', [('龙南市', 2020, '全年教育经费支出9.6亿元。'), ('龙南市', 2021, '全年教育经费支出10.2亿元，比上年增长12.6%。')]),
    ('target', [('龙南市', 2020, '二、2021年工作安排\n\n2021年，计划新建改扩建幼儿园12所，新增学位3600个。'), ('龙南市', 2021, '圆满完成年初确定的目标任务，新建改扩建幼儿园9所，新增学位3620个。')]),
    ('target', [('龙南市', 2020, '二、2021年工作安排\n\n力争2021年城镇新增就业5000人。'), ('龙南市', 2021, '全面完成就业目标任务，城镇新增就业4320人。')]),
    ('aggregate', [('赣州市', 2020, '全市招聘教师900名。'), ('龙南市', 2020, '全市招聘教师320名。'), ('信丰县', 2020, '全县招聘教师410名。'), ('大余县', 2020, '全县招聘教师265名。')]),
    ('copied', [('信丰县', 2020, '我们坚持问题导向，全年排查各类安全隐患1236处，整改1198处，整改率96.9%，关停非法企业23家，约谈企业负责人56人次，安全生产形势总体平稳，为全县经济社会发展营造了良好环境。'), ('大余县', 2020, '坚持问题导向，全年排查各类安全隐患1236处，整改1198处，整改率96.9%，关停非法企业23家，约谈企业负责人56人次，安全生产形势总体平稳，为全县经济社会发展营造良好环境。')]),
]  # fmt: skip
QUIET = [
    [('龙南市', 2020, '全年完成地方一般公共预算收入12.36亿元。'), ('龙南市', 2021, '地方一般公共预算收入由2020年的12.4亿元增加到2021年的13.1亿元。')],
    [('龙南市', 2020, '预计全年生产总值完成156亿元。'), ('龙南市', 2021, '生产总值由2020年的158.3亿元增加到2021年的172亿元。')],
    [('龙南市', 2020, '全市共有教学点86个。'), ('龙南市', 2021, '通过布局调整，全市共有教学点52个。')],
    [('龙南市', 2020, '二、2021年工作安排\n\n2021年计划新建幼儿园12所。'), ('龙南市', 2021, '受疫情影响，新建幼儿园9所，未完成年初计划。')],
    [('龙南市', 2020, '二、2021年工作安排\n\n2021年计划新建幼儿园12所。'), ('龙南市', 2021, '新建幼儿园9所。全面完成农村改厕任务，改厕3200户。')],
    [('龙南市', 2020, '新建农村公路126公里。'), ('龙南市', 2021, '新建农村公路12公里。')],
    [('龙南市', 2020, '生产总值156亿元，增长5%。'), ('龙南市', 2021, '生产总值172亿元，增长7.8%。')],
    [('信丰县', 2020, '认真落实习近平总书记重要讲话精神，坚持以人民为中心，扎实推进各项工作。全年新建学校3所、投资1.2亿元、新增学位2300个。'), ('大余县', 2020, '认真落实习近平总书记重要讲话精神，坚持以人民为中心，扎实推进各项工作。全年新建学校5所、投资2.3亿元、新增学位3100个。')],
    [('赣州市', 2020, '全市招聘教师1900名。'), ('龙南市', 2020, '全市招聘教师320名。'), ('信丰县', 2020, '全县招聘教师410名。'), ('大余县', 2020, '全县招聘教师265名。')],
    [('信丰县', 2020, '贫困发生率降至0.3%，城镇化率52.3%。'), ('大余县', 2020, '贫困发生率降至1.2%，城镇化率61.2%。'), ('龙南市', 2020, '贫困发生率降至0.1%，城镇化率58.6%。')],
    [('龙南市', 2020, '累计发放贷款3.6亿元。'), ('龙南市', 2021, '今年累计发放贷款2.8亿元。')],
    [('龙南市', 2019, '在校学生56230人。'), ('龙南市', 2020, '因行政区划调整，划出3个乡镇，在校学生8230人。')],
]  # fmt: skip


def family(group: list[tuple[str, int, str]]) -> list[tuple[str, str]]:
    result = run(*(report(area, year, text) for area, year, text in group))
    return [(f.type, f.message) for f in result.findings if f.severity != "info" and f.type != "masked"]


@pytest.mark.parametrize(("kind", "group"), FAMILIES)
def test_a_family_with_a_contradiction(kind: str, group: list[tuple[str, int, str]]) -> None:
    assert [k for k, _ in family(group)] == [kind], family(group)


@pytest.mark.parametrize("group", QUIET)
def test_a_family_without_one(group: list[tuple[str, int, str]]) -> None:
    assert family(group) == []


@pytest.mark.parametrize(
    ("area", "severities"), [("鹿泉区", ["info", "info"]), ("裕华区", ["warning", "warning"])]
)
def test_a_division_founded_between_two_reports_explains_what_does_not_fit(
    area: str, severities: list[str]
) -> None:
    """鹿泉 became a district in 2014: its figures and those of the county before are not compared as one."""
    result = run(
        report(area, 2013, "全区教育经费支出8.00亿元，标准化学校累计达到138所。"),
        report(area, 2014, "全区教育经费支出9.60亿元，比上年增长12.0%。累计建成标准化学校128所。"),
    )
    assert told(result, "G4x") + told(result, "G6") == severities
