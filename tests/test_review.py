"""What people do with findings: dismiss them, print them, hold them against official figures; and the comparison they take away."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from reportminer import charts, checks, read
from reportminer.audit import build, html, write
from reportminer.comparison import compare
from reportminer.comparison.derive import derive
from reportminer.comparison.layout import wide_csv
from reportminer.comparison.notes import notes
from reportminer.comparison.sdmx import COLUMNS, sdmx_csv
from reportminer.core import Report, Table
from reportminer.errors import BadOption
from reportminer.pipeline import read_many
from reportminer.reference import compare as hold
from reportminer.reference import load as load_reference
from reportminer.suppressions import Suppression, add, load, screen

TEXT = (
    "{area}{year}年教育工作总结\n\n全{kind}现有小学30所、初中18所，合计{total}所。"
    "小学在校生{pupils}人。全年教育经费支出{money}亿元。九年巩固率98.{year}%。\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "报告"
    out.mkdir()
    for n, area in enumerate(("松阳县", "云和县", "遂昌县")):
        for year in (2020, 2021):
            text = TEXT.format(
                area=area,
                kind="县",
                year=year,
                total=48,
                pupils=10000 + 700 * n + year,
                money=f"{3 + n}.{year - 2015}0",
            )
            (out / f"{area}{year}.txt").write_text(
                text.replace(f"98.{year}", f"98.{year - 2012}"), encoding="utf-8"
            )
    wrong = out / "松阳县2020.txt"
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("合计48所", "合计84所"), encoding="utf-8")
    return out


@pytest.fixture
def reports(folder: Path) -> list[Report]:
    return read_many([folder])[0]


@pytest.fixture
def table(reports: list[Report]) -> Table:
    return compare(reports, findings=checks.run(reports).findings)


def command(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "reportminer", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, encoding="utf-8", cwd=cwd, timeout=120)


# ---- suppression file


def entry(**fields: str) -> Suppression:
    given = {"id": "f0123456789ab", "reason": "含教学点，见统计年报", "who": "张三", "date": "2024-05-31"}
    return Suppression(**{**given, **fields})


def test_a_dismissed_finding_stays_dismissed(folder: Path, reports: list[Report], tmp_path: Path) -> None:
    findings = [f for f in checks.run(reports).findings if f.severity == "error"]
    assert findings
    path = tmp_path / "免核.csv"
    for f in findings:
        add(path, entry(id=f.id))
    again = checks.run(read_many([folder])[0]).findings
    divided = screen(again, load(path))
    assert [f.id for f, _ in divided.dismissed] == [f.id for f in findings]
    assert not [f for f in divided.kept if f.severity == "error"]
    assert divided.unused == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": ""},
        {"reason": "核实无误"},
        {"reason": " … "},
        {"who": ""},
        {"date": "昨天"},
        {"id": "第一条"},
    ],
)
def test_an_entry_without_a_real_reason_a_name_or_a_date_is_refused(
    fields: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "免核.csv"
    with pytest.raises(BadOption):
        add(path, entry(**fields))
    assert not path.exists()
    e = entry(**fields)
    path.write_text(f"编号,理由,核查人,日期\n{e.id},{e.reason},{e.who},{e.date}\n", encoding="utf-8")
    with pytest.raises(BadOption, match="第 2 行"):
        load(path)


def test_entries_that_match_nothing_are_told(reports: list[Report]) -> None:
    assert [e.id for e in screen(checks.run(reports).findings, [entry()]).unused] == ["f0123456789ab"]


def test_check_and_dismiss_on_the_command_line(folder: Path, tmp_path: Path, reports: list[Report]) -> None:
    assert command("check", folder).returncode == 1
    path = tmp_path / "免核.csv"
    for f in checks.run(reports).findings:
        if f.severity == "error":
            done = command("dismiss", f.id, "--reason", "含教学点", "--who", "张三", "--suppress", path)
            assert done.returncode == 0, done.stderr
    done = command("check", folder, "--suppress", path)
    assert done.returncode == 0, done.stdout
    assert "免核清单：略去" in done.stdout
    done = command("run", folder, "--out", tmp_path / "out", "--suppress", path)
    assert done.returncode == 0, done.stderr
    assert '"severity":"error"' not in (tmp_path / "out" / "findings.jsonl").read_text(encoding="utf-8")
    assert (
        command(
            "dismiss", "f0123456789ab", "--reason", "无误", "--who", "张三", "--suppress", path
        ).returncode
        == 2
    )


# ---- audit report


def test_the_audit_report_tells_the_summary_first(reports: list[Report], tmp_path: Path) -> None:
    result = checks.run(reports)
    content = build(reports, result.findings, result.verified)
    page = html(content)
    assert page.index("摘要") < page.index("逐项结果") < page.index("核查范围")
    assert "30所 + 18所 = 48所" in page and "合计84所" in page
    path = tmp_path / "核查报告.docx"
    write(path, content)
    import docx

    text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    assert "数据核查报告" in text and "30所 + 18所 = 48所" in text and "松阳县2020.txt" in text
    assert text.index("摘要") < text.index("逐项结果")


def test_nothing_found_is_not_called_right(reports: list[Report]) -> None:
    content = build(reports[:1], [], [])
    assert any("没有发现不等于没有问题" in s for s in content.summary)


def test_markup_in_a_report_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "松阳县2020年总结\n\n<b>全县</b>小学30所，初中18所，合计84所。\n", encoding="utf-8"
    )
    reports = read_many([tmp_path])[0]
    result = checks.run(reports)
    assert "<b>" not in html(build(reports, result.findings, result.verified))


def test_audit_on_the_command_line(folder: Path, tmp_path: Path) -> None:
    done = command("check", folder, "--audit", tmp_path / "a.docx", "--audit", tmp_path / "a.html")
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "a.docx").stat().st_size > 10000 and (tmp_path / "a.html").read_text(
        encoding="utf-8"
    ).startswith("<!doctype")
    assert command("check", folder, "--audit", tmp_path / "a.pdf").returncode == 2


# ---- official figures


def test_official_figures(reports: list[Report], tmp_path: Path) -> None:
    path = tmp_path / "年鉴.csv"
    path.write_text(
        "地区,年份,指标,数值,单位\n松阳县,2020,教育经费支出,3.50,亿元\n云和,2021,教育经费支出,4.16,亿元\n遂昌县,2019,教育经费支出,5.00,亿元\n",
        encoding="utf-8",
    )
    rows, findings = hold(reports, load_reference(path))
    verdicts = {(r.area, r.year): r.verdict for r in rows}
    assert verdicts["松阳县", 2020] == "matches"
    assert verdicts["云和", 2021] == "differs"
    assert verdicts["遂昌县", 2019] == "not_in_reports"
    assert "not_in_reference" in verdicts.values()
    assert [f.check for f in findings] == ["RF"] and "4.60亿元" in findings[0].message
    assert hold(reports, load_reference(path), Decimal(15))[1] == []


def test_an_excel_yearbook_and_a_mapping(reports: list[Report], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["县区名", "何年", "统计指标", "多少", "单位"])
    book.active.append(["松阳县", 2020, "教育经费支出", 35000, "万元"])
    path = tmp_path / "年鉴.xlsx"
    book.save(path)
    with pytest.raises(BadOption, match="县区名") as asked:
        load_reference(path)
    assert "--map" in str(asked.value)
    officials = load_reference(path, {"地区": "县区名", "年份": "何年", "指标": "统计指标", "数值": "多少"})
    assert hold(reports, officials)[0][0].verdict == "matches"


@pytest.mark.parametrize("row", ["松阳县,某年,教育经费支出,3.5,亿元", "松阳县,2020,教育经费支出,不详,亿元"])
def test_a_bad_row_is_named(row: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("地区,年份,指标,数值,单位\n" + row + "\n", encoding="utf-8")
    with pytest.raises(BadOption, match="第 2 行"):
        load_reference(path)


def test_scopes_are_not_mixed(reports: list[Report], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("地区,年份,指标,数值,单位\n松阳县,2020,在校学生数,88888,人\n", encoding="utf-8")
    assert [r.verdict for r in hold(reports, load_reference(path))[0]][:1] == ["not_in_reports"], (
        "小学在校生不是全部在校学生"
    )


# ---- comparison


def test_derived_columns_name_their_formula(table: Table) -> None:
    found = derive(table)
    grown = [d for d in found if d.sort == "growth" and d.indicator == "fund_expenditure"]
    assert {d.area for d in grown} == {"松阳县", "云和县", "遂昌县"}
    assert next(d for d in grown if d.area == "松阳县").value == Decimal("2.86")
    shares = [
        d for d in found if d.sort == "share" and d.indicator == "fund_expenditure" and d.period == "2021"
    ]
    assert abs(sum(d.value for d in shares) - 100) < Decimal("0.05")
    ranks = {
        d.area: d.value
        for d in found
        if d.sort == "rank" and d.indicator == "fund_expenditure" and d.period == "2021"
    }
    assert ranks == {"遂昌县": 1, "云和县": 2, "松阳县": 3}
    assert all(d.formula and d.inputs for d in found)


def test_no_ranks_where_a_figure_is_doubtful(table: Table) -> None:
    flagged = {(c.indicator, c.period) for c in table.cells if c.flags}
    assert flagged and not any((d.indicator, d.period) in flagged for d in derive(table) if d.sort == "rank")


def test_notes_tell_of_doubtful_cells(table: Table, reports: list[Report]) -> None:
    assert any("核查结果" in n.note for n in notes(table, reports))


def test_sdmx_csv(table: Table) -> None:
    rows = list(csv.DictReader(io.StringIO(sdmx_csv(table).decode())))
    assert tuple(rows[0]) == COLUMNS and len(rows) == len(table.cells)
    one = next(
        r
        for r in rows
        if r["INDICATOR"] == "fund_expenditure" and r["TIME_PERIOD"] == "2020" and r["REF_AREA"] == "331124"
    )
    assert (one["OBS_VALUE"], one["UNIT_MEASURE"], one["OBS_STATUS"]) == ("350000000", "元", "A")


def test_wide_csv(table: Table) -> None:
    rows = list(csv.reader(io.StringIO(wide_csv(table).decode("utf-8-sig"))))
    assert rows[0][:2] == ["地区", "时期"]
    assert {(r[0], r[1]) for r in rows[1:]} >= {("松阳县", "2020"), ("遂昌县", "2021")}
    assert all(len(r) == len(rows[0]) for r in rows)


@pytest.mark.parametrize("sort", charts.SORTS)
@pytest.mark.parametrize("ending", ["svg", "png"])
def test_pictures(sort: charts.Sort, ending: str, table: Table, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / f"图.{ending}"
    try:
        charts.draw(path, table, sort)
    except BadOption as e:
        assert "中文字体" in str(e)
        pytest.skip("no Chinese font on this machine")
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG" if ending == "png" else b"<?xml")
    if ending == "svg":
        charts.draw(tmp_path / "again.svg", table, sort)
        assert (tmp_path / "again.svg").read_bytes() == data, "同样的数据画出同样的图"


def test_compare_writes_every_form(folder: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "a.xlsx", "a.sdmx.csv"):
        done = command("compare", folder, "-o", tmp_path / name, "--scope", "stage=小学")
        assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert {"比较表", "明细", "派生指标", "可比性说明", "核查结果"} <= set(book.sheetnames)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig") as f:
        assert {json.loads(r["scope"]).get("stage") for r in csv.DictReader(f)} == {"小学"}
    for bad in (["--layout", "tall"], ["--chart", "pie"], ["--scope", "小学"], ["-o", tmp_path / "a.doc"]):
        assert command("compare", folder, *bad).returncode == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("全县每百名学生拥有计算机12.5台。", ["8.00"]),
        ("全县每百名学生拥有计算机10台。", ["10.00"]),
        ("全县计划每百名学生拥有计算机12.5台。", []),
        ("全县每百名学生拥有计算机XX台。", []),
        ("全县共有计算机5600台。", []),
    ],
)
def test_computers_per_hundred_pupils_are_told_as_pupils_per_computer(text: str, told: list[str]) -> None:
    table = compare([read("沙河县2020年教育工作总结\n\n" + text)])
    assert [str(d.value) for d in derive(table) if d.sort == "converted"] == told


@pytest.mark.parametrize(
    ("name", "value", "unit", "verdict"),
    [
        ("小学校数", "45", "所", "matches"),
        ("小学学校数", "45", "所", "matches"),
        ("初中学校数", "13", "所", "differs"),
        ("小学在校生数", "21480", "人", "matches"),
        ("初中专任教师数", "812", "人", "matches"),
        ("初中专任教师", "821", "人", "differs"),
        ("高中专任教师数", "300", "人", "not_in_reports"),
        ("在校学生数", "21480", "人", "not_in_reports"),
        ("学校数", "57", "所", "not_in_reports"),
    ],
)
def test_official_figures_of_one_stage_are_held_against_that_stage(
    tmp_path: Path, name: str, value: str, unit: str, verdict: str
) -> None:
    report = read(
        "松阳县2020年教育工作总结\n\n全县共有中小学57所，其中小学45所、初中12所。全县小学45所，在校生21480人，专任教师1286人；"
        "初中12所，在校生9860人，专任教师812人。\n"
    )
    path = tmp_path / "官方.csv"
    path.write_text(f"地区,年份,指标,数值,单位\n松阳县,2020,{name},{value},{unit}\n", encoding="utf-8")
    rows = [r for r in hold([report], load_reference(path))[0] if r.verdict != "not_in_reference"]
    assert [r.verdict for r in rows] == [verdict]
