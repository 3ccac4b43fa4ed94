"""数字属于哪一年：每行是报告年度、标注的正文、各数量应得的时间。"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reportminer import ingest, pipeline
from reportminer.core import TextCell, TextTable
from reportminer.errors import LexiconError
from reportminer.extract.periods import find_periods
from reportminer.lexicon import Lexicon, default_lexicon
from reportminer.records import timing_layout
from reportminer.records.timing import assign_periods
from reportminer.records.timing_cues import Cues
from timing_cases import periods_of, report_of

Case = tuple[int | None, str, list[str | None]]

DEFAULT: list[Case] = [
    (2019, "近年来，全县投入【3亿元】，新建学校【12所】。", ["2019", "2019"]),
    (2019, "预计全年完成投资【3亿元】，为年度计划的【95%】。", ["2019", "2019"]),
    (None, "全县投入【3亿元】，今年投入【1亿元】。", [None, None]),
    (None, "20XX年，全县投入【300万元】。2016年投入【200万元】。", [None, "2016"]),
    (2018, "xx年以来投入【300万元】。", [None]),
    (2018, "县政府印发《2016—2020年教育规划》，落实资金【300万元】。", ["2018"]),
    (2018, "根据《关于加强校舍建设的意见》（2012年3月），投入【300万元】。", ["2018"]),
    (2018, "学校创办于1956年，占地【30亩】，现有教师【86人】。", ["2018", "2018"]),
    (2020, "2015级学生【3000人】，毕业【900人】。", ["2020", "2020"]),
    (2020, "“十三五”规划纲要通过评审，投入【30万元】。", ["2020"]),
]

NEAREST: list[Case] = [
    (
        2019,
        "2018年，全县投入【300万元】，新建【2栋】；2019年投入【400万元】，新建【3栋】。",
        ["2018", "2018", "2019", "2019"],
    ),
    (2019, "去年，学校投入【30万元】。今年又投入【20万元】。", ["2018", "2019"]),
    (2019, "其中，2017年【1亿元】，2018年【2亿元】，2019年【3亿元】。", ["2017", "2018", "2019"]),
    (2019, "2017年、2018年、2019年分别投入【1亿元】、【2亿元】和【3亿元】。", ["2017", "2018", "2019"]),
    (2019, "2017—2019年分别投入【5亿元】、【6亿元】、【7亿元】。", ["2017", "2018", "2019"]),
    (2019, "近三年分别招聘教师【50人】、【60人】、【70人】。", ["2017", "2018", "2019"]),
    (
        2019,
        "2018—2019年分别完成土建【5亿元】、装修【6亿元】、设备【7亿元】。",
        ["2018/2019"] * 3,
    ),  # 数目不合，不拆
    (2019, "2017、2018年共投入【3亿元】。", ["2017/2018"]),
    (2019, "该校始建于2003年9月，2016年投入【900万元】新建教学楼，现有学生【1200人】。", ["2016", "2019"]),
    (2020, "今年3月，组织教师【200人】参加培训；4月，组织【100人】参加。", ["2020-03", "2020-04"]),
    (2018, "2017年底，贫困发生率为【12%】；2018年底降至【3%】。", ["2017-12", "2018-12"]),
    (2018, "1至9月，全县完成投资【3亿元】。", ["2018-01/2018-09"]),
    (
        2019,
        "上半年完成【3亿元】，下半年完成【4亿元】，全年完成【7亿元】。",
        ["2019-01/2019-06", "2019-07/2019-12", "2019"],
    ),
    (2019, "2018—2019学年，全县共有学生【3万人】。", ["2018"]),
    (2019, "新建校舍【3万平方米】，于2018年8月投入使用。", ["2019"]),  # 完工在后一句，不改前面的面积
    (2019, "到位资金【240万元】于2018年12月拨付学校。", ["2018-12"]),
    (2020, "安排专项资金【500万元】用于2021年项目前期工作。", ["2020"]),
    (2019, "（截至2019年10月）学校现有学生【1200人】。", ["2019"]),
    (2019, "现有学生【1200人】（2018年9月统计），教师【80人】。", ["2019", "2019"]),
    (2019, "2014年通过国家验收。全县现有学校【120所】。", ["2019"]),
    (2020, "去年底开工的县二中项目，总投资【2.1亿元】，已完成【60%】。", ["2020", "2020"]),
    (2013, "学校现有教职工【120人】，1998年以前参加工作的【30人】。", ["2013", "2013"]),
    (2016, "三年前，全县只有多媒体教室【120间】，如今达到【980间】。", ["2013", "2016"]),
]

AS_OF: list[Case] = [
    (2021, "截至2021年9月底，到位资金【1.2亿元】，占年度计划的【80%】；开工项目【12个】。", ["2021-09"] * 3),
    (
        2021,
        "一、进展\n截至2021年9月底，到位资金【1.2亿元】。\n其中县级【2000万元】。\n二、措施\n检查【3次】。",
        ["2021-09", "2021-09", "2021"],
    ),
    (2019, "到2018年底全部完成，共投入【3亿元】。", ["2018-12"]),
    (2020, "年初预算安排【3000万元|planned】，实际完成【2800万元】。", ["2020", "2020"]),
    (None, "截至2016年12月底，开工【12个】。目前，竣工【9个】。", ["2016-12", "2016-12"]),
]

SPANS: list[Case] = [
    (
        2019,
        "近三年全县招聘教师【586名】，其中特岗【312名】。全县现有教师【4000名】，生师比【15:1|ratio】。",
        ["2017/2019", "2017/2019", "2019", "2019"],
    ),
    (
        2019,
        "三年来添置计算机【300台】，总量达到【900台】；新购图书【4万册】。",
        ["2017/2019", "2019", "2017/2019"],
    ),
    (
        2019,
        "三年投入【6亿元】（2017年【1亿元】、2018年【2亿元】、2019年【3亿元】），新建【3所】。",
        ["2017/2019", "2017", "2018", "2019", "2017/2019"],
    ),
    (
        2019,
        "2016年至2018年，全县新建学校【12所】，改造【30所】。目前，全县有学校【200所】。",
        ["2016/2018", "2016/2018", "2019"],
    ),
    (
        2015,
        "自2010年实施改薄工程以来，全县累计投入【2亿元】，建成教学楼【45栋】。",
        ["2010/2015", "2010/2015"],
    ),
    (2019, "自2016年9月1日起，对【3000名】学生免除学费。", ["2016/2019"]),
    (
        2020,
        "“十三五”期间，全县累计投入【12亿元】，新建学校【20所】。全县现有学校【165所】。",
        ["2016/2020", "2016/2020", "2020"],
    ),
    (
        2020,
        "过去五年，生产总值年均增长【8%|growth】，达到【300亿元】；累计脱贫【3万人】。",
        ["2016/2020", "2020", "2016/2020"],
    ),
    (2019, "党的十八大以来，累计投入【6亿元】。", ["2012/2019"]),
    (2016, "两年来投入【3亿元】，其中2015年【1亿元】，2016年【2亿元】。", ["2015/2016", "2015", "2016"]),
    (2018, "三年内累计投入【3亿元】。", ["2016/2018"]),
    (2020, "去年，引进企业【12家】，今年新引进【15家】，两年共引进【27家】。", ["2019", "2020", "2019/2020"]),
    (
        2016,
        "一是加大投入。2014—2016年，县财政投入【1亿元】。二是规范管理。开展检查【12次】。",
        ["2014/2016", "2016"],
    ),
    (
        2020,
        "一、“十三五”工作回顾\n新建学校【12所】，现有教师【900人】，入学率【99%】。",
        ["2016/2020", "2020", "2020"],
    ),
]

COMPARED: list[Case] = [
    (2021, "生产总值增长【6.5%|growth】，比上年提高【1.2个百分点|change】。", ["2021", "2021"]),
    (
        2015,
        "2015年在校生【5000人】，较2014年的【4800人】增加【200人|change】，增长【4.2%|growth】。",
        ["2015", "2014", "2015", "2015"],
    ),
    (2015, "与2010年相比，学校减少【12所|change】。", ["2015"]),
    (2016, "今年比去年多招【30人|change】。", ["2016"]),
    (2019, "是2015年的【2.6倍|growth】。", ["2019"]),
    (2019, "财政收入【3亿元】，上年同期为【2.8亿元】，增长【7%|growth】。", ["2019", "2018", "2019"]),
    (
        2019,
        "1月至10月，受理案件【120件】，去年同期【150件】，下降【20%|growth】。",
        ["2019-01/2019-10", "2018", "2019-01/2019-10"],
    ),
    (2018, "上年结余资金【300万元】，本年收入【500万元】。", ["2018", "2018"]),
    (2016, "2015年投入【1亿元】，占两年投入的【33%】。", ["2015", "2015"]),
]

FROM_TO: list[Case] = [
    (2016, "从去年的【12所】增加到今年的【15所】。", ["2015", "2016"]),
    (2016, "全县学校从【12所】增加到【15所】，增加【3所|change】。", [None, "2016", "2016"]),
    (2019, "低保标准由每人每年【4000元|price】提高到【4600元|price】。", [None, "2019"]),
    (2019, "大班额由年初的【40个】减少到【12个】。", ["2019-01", "2019"]),
    (
        2019,
        "学生用计算机由2016年的【1200台】增加到【3600台】，增长【2倍|growth】。",
        ["2016", "2019", "2019"],
    ),
    (
        2015,
        "五年来，新增学位【5000个|change】，大班额比例由【23%】下降到【5%】。",
        ["2011/2015", "2010", "2015"],
    ),
    (
        2020,
        "收入由2015年的【3亿元】增加到2020年的【5亿元】，年均增长【8%|growth】。",
        ["2015", "2020", "2016/2020"],
    ),
    (2020, "“十三五”期间，大班额占比由【18%】降至【2%】。", ["2015", "2020"]),
    (2019, "2007年至2011年先后撤并小学【5所】，小学由【12所】调整为【7所】。", ["2007/2011", "2007", "2011"]),
]

PLANNED: list[Case] = [
    (2021, "下一步，拟投入【500万元|planned】改造食堂。", [None]),
    (2021, "学校规划【60个班|planned】，占地【80亩】。", ["2021", "2021"]),
    (2021, "到2025年，入园率达到【95%|planned】，新增学位【3000个|planned|change】。", ["2025", "2025"]),
    (
        2019,
        "总体目标：到2022年，建成学校【30所|planned】；到2025年，建成【60所|planned】。",
        ["2022", "2025"],
    ),
    (2019, "力争到2020年底，入学率达到【99%|planned】；2022年达到【100%|planned】。", ["2020-12", "2022"]),
    (2016, "明年，计划新建学校【3所|planned】。后年再建【2所|planned】。", ["2017", "2018"]),
    (2016, "从2017年起，每年安排【500万元|planned】。", ["2017"]),
    (2016, "近5年内将有【30%|planned】的教师退休。", ["2017/2021"]),
    (2018, "计划用三年时间投入【6亿元|planned】，新建学校【12所|planned】。", ["2019/2021", "2019/2021"]),
    (2012, "工程自2010年启动以来进展顺利。规划用三年时间改造校舍【30万平方米|planned】。", ["2010/2013"]),
    (2018, "今后五年，每年招聘教师【100名|planned】。", ["2019/2023"]),
    (
        2020,
        "“十四五”时期：生产总值年均增长【7%|growth|planned】，到2025年突破【500亿元|planned】。",
        ["2021/2025", "2025"],
    ),
    (2018, "到2018年底，大班额控制在【5%|planned】以内。", ["2018-12"]),
    (2020, "2021年是“十四五”开局之年，力争财政收入增长【5%|growth|planned】。", ["2021"]),
    (2020, "已验收【9所】学校，今年又规划【4所|planned】，被列入2021年为民办实事项目。", ["2020", "2020"]),
    (
        2019,
        "三年行动计划（2018—2020年）总投资【6亿元|planned】，2018年已完成【2亿元】。",
        ["2018/2020", "2018"],
    ),
    (2019, "项目总投资【3000万元】，计划2020年8月竣工。", ["2019"]),
    (2018, "确保剩余【3万平方米|planned】在年底前开工。", ["2018-12"]),
    (2020, "已有【12所】学校完工。剩余【3所|planned】将于明年6月底前完工。", ["2020", "2021-06"]),
    (
        2021,
        "一、2021年工作回顾\n投入【3亿元】。\n二、2022年工作计划\n明年新建学校【3所|planned】。\n（一）加强投入。安排【2亿元|planned】。",
        ["2021", "2022", "2022"],
    ),
    (
        2019,
        "三、下一步工作打算\n2020年，我们将抓好以下工作：\n（一）抓好项目。新建学校【3所|planned】。\n（二）抓好队伍。招聘教师【100名|planned】。",
        ["2020", "2020"],
    ),
    (2019, "三、下一步工作打算\n（一）抓好项目建设。新建学校【3所|planned】。", [None]),
    (
        2019,
        "一、发展目标\n到2022年，建成学校【30所|planned】。\n二、主要措施\n县财政已安排资金【3亿元】。",
        ["2022", "2019"],
    ),
]

ALL = DEFAULT + NEAREST + AS_OF + SPANS + COMPARED + FROM_TO + PLANNED


@pytest.mark.parametrize(("year", "marked", "expected"), ALL, ids=[c[1][:24] for c in ALL])
def test_periods(year: int | None, marked: str, expected: list[str | None]) -> None:
    assert periods_of(marked, year) == expected


def test_report_read_in_january() -> None:
    """年初作的报告：回顾部分的“去年”就是报告年度，安排部分的“今年”是次年。"""
    text = (
        "一、2019年工作回顾\n去年，投入【30万元】。\n二、2020年工作安排\n今年，要完成投资【20亿元|planned】。"
    )
    assert periods_of(text, 2019, date="2020-01-08") == ["2019", "2020"]
    assert periods_of("去年，投入【30万元】。", 2019, date="2019-12-08") == ["2018"]


def test_plan_named_in_the_title() -> None:
    text = "二、下步打算\n新建学校【3所|planned】。"
    assert periods_of(text, 2019, title="2019年工作总结和2020年工作计划") == ["2020"]
    assert periods_of(text, 2019, title="2019年工作总结") == [None]


def test_plan_document() -> None:
    """方案、计划类文件中的计划数属于文件年度。"""
    assert periods_of("我县将新建学校【3所|planned】。", 2019, genre="plan") == ["2019"]


@pytest.mark.parametrize("unit", ["年", " "])
def test_column_head_of_a_table(unit: str) -> None:
    report, drafts = report_of(
        f"项目 2018{unit} 2019{unit}\n投入 【3亿元】 【4亿元】\n教师 【30人】 【40人】\n", 2019
    )
    cells = [TextCell(0, 1, 3, 8), TextCell(0, 2, 9, 14)]
    draft_cells = [(1, 1), (1, 2), (2, 1), (2, 2)]
    for draft, (row, col) in zip(drafts, draft_cells, strict=True):
        m = draft.mention
        cells.append(TextCell(row, col, m.start, m.end))
        draft.mention = replace(m, table=0, row=row, col=col)
    report = replace(report, tables=(TextTable(0, len(report.clean), tuple(cells)),))
    assign_periods(report, drafts, find_periods(report.clean), default_lexicon())
    assert [d.period for d in drafts] == ["2018", "2019", "2018", "2019"]


def test_each_article_has_its_own_year() -> None:
    report, drafts = report_of("甲县投入【3亿元】。\n乙县投入【4亿元】，去年投入【2亿元】。\n", 2019)
    cut = report.clean.index("乙")
    first = replace(report.document, end=cut, year=2015)
    second = replace(report.document, index=1, start=cut, year=2018)
    report = replace(report, segments=(first, second))
    assign_periods(report, drafts, find_periods(report.clean), default_lexicon())
    assert [d.period for d in drafts] == ["2015", "2018", "2017"]


def _words(role: str) -> list[str]:
    return [r["word"] for r in default_lexicon().table("periods") if r["role"] == role]


@pytest.mark.parametrize("word", _words("flow"))
def test_flow_words_cover_the_span(word: str) -> None:
    assert periods_of(f"2016年至2018年，全县{word}【30个】。", 2019) == ["2016/2018"]


@pytest.mark.parametrize("word", _words("stock"))
def test_state_words_stand_at_the_end(word: str) -> None:
    assert periods_of(f"2016年至2018年，校舍{word}【30个】。", 2018) == ["2018"]


@pytest.mark.parametrize("word", _words("plan_heading"))
def test_plan_headings_look_ahead(word: str) -> None:
    assert periods_of(f"三、工作{word}\n建【3所|planned】学校。", 2019) == [None]


@pytest.mark.parametrize("word", _words("review_heading"))
def test_review_headings_do_not(word: str) -> None:
    assert periods_of(f"三、任务{word}\n建【3所|planned】学校。", 2019) == ["2019"]


@pytest.mark.parametrize("word", _words("prospective"))
def test_words_that_look_ahead(word: str) -> None:
    assert periods_of(f"县里{word}建【3所|planned】学校。", 2019) == [None]


def test_unknown_role_is_answered_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "periods.tsv").write_text("word\trole\tvalue\texample\n现有\t存量\t\t\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"periods\.tsv 第 2 行.*存量"):
        Cues(Lexicon(tmp_path))


def test_marks_that_are_left_out_change_no_period(monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted((Path(__file__).parents[1] / "corpora" / "train").glob("*.txt"))[::4]
    raws = [ingest.read_path(path, path.name) for path in files]
    short = [[o.period for o in pipeline.read_raw(raw).observations] for raw in raws]
    monkeypatch.setattr(timing_layout, "_SHORT", 1 << 30)  # every mark is told
    assert short == [[o.period for o in pipeline.read_raw(raw).observations] for raw in raws]
    assert sum(map(len, short)) > 300
