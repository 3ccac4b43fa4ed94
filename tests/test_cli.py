"""命令行：主要工作、坏输入、退出状态。"""

import csv
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from reportminer.export import COMPARISON_FIELDS, OBSERVATION_FIELDS

GOOD = "松阳县2020年教育工作总结\n\n全县共有学校48所，其中小学30所、初中18所。全年投入资金1200万元，新建校舍8000平方米。\n"
BAD_SUM = "松阳县2020年教育工作总结\n\n全县现有中小学48所，分别是小学30所、初中12所、九年一贯制学校3所。\n"


def reportminer(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "reportminer", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        timeout=120,
    )


def lines(path):
    return [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def folder(tmp_path):
    reports = tmp_path / "报告"
    reports.mkdir()
    (reports / "松阳.txt").write_text(GOOD, encoding="utf-8")
    (reports / "云和.txt").write_text(
        GOOD.replace("松阳", "云和").replace("1200", "1350"), encoding="gb18030"
    )
    return reports


def test_run_writes_the_contract(folder, tmp_path):
    out = tmp_path / "结果"
    done = reportminer("run", folder, "--out", out)
    assert done.returncode == 0, done.stderr
    names = {p.name for p in out.iterdir()}
    assert names >= {
        "documents.jsonl", "observations.jsonl", "findings.jsonl", "verified.jsonl", "comparison.csv", "comparison.xlsx", "failures.jsonl", "report.html"
    }  # fmt: skip
    assert not [n for n in names if n.startswith(".")], "临时文件没有清除"
    documents, observations = lines(out / "documents.jsonl"), lines(out / "observations.jsonl")
    assert {d["source"] for d in documents} == {"松阳.txt", "云和.txt"}
    assert {d["area"] for d in documents} == {"松阳县", "云和县"}
    assert all(d["year"] == 2020 for d in documents)
    assert list(observations[0])[: len(OBSERVATION_FIELDS)] == list(OBSERVATION_FIELDS)
    text = (folder / "云和.txt").read_bytes().decode("gb18030")
    for o in observations:
        if o["source"] == "云和.txt":
            assert text[o["start"] : o["end"]] == o["text"]
    money = {(o["area"], o["value"]) for o in observations if o["unit"] == "元"}
    assert money == {("松阳县", 12000000), ("云和县", 13500000)}
    assert len({o["id"] for o in observations}) == len(observations)
    assert lines(out / "failures.jsonl") == []


def test_numbers_in_json_are_exact(folder, tmp_path):
    (folder / "三.txt").write_text(
        "松阳县2020年总结\n新建校舍3.35万平方米，占地72亩，增长8.6%。\n", encoding="utf-8"
    )
    reportminer("run", folder, "--out", tmp_path / "o")
    raw = (tmp_path / "o" / "observations.jsonl").read_text(encoding="utf-8")
    assert '"value":33500,' in raw
    assert '"value":48000.0024,' in raw
    assert '"value":8.6,' in raw


def test_two_runs_are_equal_byte_for_byte(folder, tmp_path):
    for name in ("a", "b"):
        reportminer("run", folder, "--out", tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        if path.suffix != ".xlsx":  # the workbook carries its time of creation
            assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_comparison_files(folder, tmp_path):
    out = tmp_path / "o"
    reportminer("run", folder, "--out", out)
    data = (out / "comparison.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert list(rows[0]) == list(COMPARISON_FIELDS)
    built = {r["area"]: r["value"] for r in rows if r["indicator"] == "area_built"}
    assert built == {"松阳县": "8000", "云和县": "8000"}
    book = openpyxl.load_workbook(out / "comparison.xlsx")
    sheet = book["比较表"]
    heads = [c.value for c in sheet[1]]
    column = next(i for i, h in enumerate(heads) if h and "平方米" in h)
    cell = sheet.cell(3, column + 1)
    assert cell.value == 8000
    assert "新建校舍8000平方米" in cell.comment.text
    assert ".txt" in cell.comment.text
    assert not any(c.data_type == "f" for s in book for row in s.iter_rows() for c in row), "不得有公式"


def test_check_exits_1_on_errors(tmp_path):
    bad = tmp_path / "坏.txt"
    bad.write_text(BAD_SUM, encoding="utf-8")
    done = reportminer("check", bad)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "45" in done.stdout and "48" in done.stdout
    good = tmp_path / "好.txt"
    good.write_text(GOOD, encoding="utf-8")
    assert reportminer("check", good).returncode == 0


def test_explain_names_rule_words_and_sentence(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(GOOD, encoding="utf-8")
    done = reportminer("explain", path, "--at", GOOD.index("1200万"))
    assert done.returncode == 0
    assert "12000000 元" in done.stdout and "全年投入资金1200万元" in done.stdout and "规则" in done.stdout
    nothing = reportminer("explain", path, "--at", 2)
    assert "不在任何观测值内" in nothing.stdout


def test_extract_and_compare(folder, tmp_path):
    done = reportminer("extract", folder)
    assert done.returncode == 0
    assert all(json.loads(x)["text"] for x in done.stdout.splitlines())
    done = reportminer("compare", folder, "--out", tmp_path / "c.csv", "--areas", "松阳县", "--years", "2020")
    assert done.returncode == 0
    rows = list(csv.DictReader((tmp_path / "c.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows and {r["area"] for r in rows} == {"松阳县"}


def test_lexicon_check():
    done = reportminer("lexicon", "check")
    assert done.returncode == 0, done.stdout
    assert "词表无误" in done.stdout


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        (
            "units",
            "word\tunit\tfactor\tdimension\tflags\texample\n栋子\t栋\t一\tcount\t\t3栋子\n",
            "units.tsv 第 2 行",
        ),
        (
            "units",
            "word\tunit\tfactor\tdimension\tflags\texample\n栋子\t栋\t1\t数量\t\t3栋子\n",
            "units.tsv 第 2 行",
        ),
        (
            "bounds",
            "word\tside\tbound\tinside\texample\n约摸\t中间\tapprox\t1\t约摸3所\n",
            "bounds.tsv 第 2 行",
        ),
        ("stop", "pattern\treason\texample\n«N»(坏\t错误\t一例\n", "stop.tsv 第 2 行"),
        (
            "units",
            "word\tunit\tfactor\tdimension\tflags\texample\na\tb\tc\td\te\tf\tg\n",
            "units.tsv 第 2 行",
        ),
    ],
)
def test_bad_lexicon_row_is_named(tmp_path, table, row, message):
    (tmp_path / f"{table}.tsv").write_text(row, encoding="utf-8")
    done = reportminer("lexicon", "check", tmp_path)
    assert done.returncode == 1
    assert message in done.stdout


def test_overlay_adds_a_measure_word(tmp_path):
    overlay = tmp_path / "词表"
    overlay.mkdir()
    (overlay / "units.tsv").write_text(
        "word\tunit\tfactor\tdimension\tflags\texample\n挂\t挂\t1\tcount\t\t配备马车32挂\n", encoding="utf-8"
    )
    report = tmp_path / "a.txt"
    report.write_text("松阳县2020年工作总结\n配备马车32挂。\n", encoding="utf-8")
    assert "32挂" not in reportminer("extract", report).stdout
    assert "32挂" in reportminer("extract", report, "--lexicon", overlay).stdout


# ------------------------------------------------------------------- bad input


def test_bad_files_are_lines_in_failures_and_the_rest_goes_on(folder, tmp_path):
    (folder / "空.txt").write_bytes(b"")
    (folder / "程序.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    (folder / "表.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    out = tmp_path / "o"
    done = reportminer("run", folder, "--out", out)
    assert done.returncode == 0, done.stderr
    failures = lines(out / "failures.jsonl")
    assert {f["source"] for f in failures} == {"空.txt", "程序.txt", "坏.docx", "坏.pdf", "表.xls"}
    assert all(f["error"].endswith("。") and f["fix"] for f in failures)
    assert {o["source"] for o in lines(out / "observations.jsonl")} == {"松阳.txt", "云和.txt"}
    assert reportminer("run", folder, "--out", out, "--strict").returncode == 2


def test_folder_without_reports(tmp_path):
    (tmp_path / "空").mkdir()
    done = reportminer("run", tmp_path / "空", "--out", tmp_path / "o")
    assert done.returncode == 2
    assert "没有找到" in done.stderr and "Traceback" not in done.stderr


def test_missing_path(tmp_path):
    done = reportminer("run", tmp_path / "没有.txt", "--out", tmp_path / "o")
    assert done.returncode == 2
    assert "找不到" in done.stderr


def test_unwritable_output(folder, tmp_path):
    target = tmp_path / "占用"
    target.write_text("这是一个文件", encoding="utf-8")
    done = reportminer("run", folder, "--out", target)
    assert done.returncode == 2
    assert "无法写入" in done.stderr and "Traceback" not in done.stderr
    if os.getuid() != 0:
        locked = tmp_path / "只读"
        locked.mkdir()
        locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
        assert reportminer("run", folder, "--out", locked).returncode == 2


def test_failed_run_leaves_nothing_half_written(tmp_path):
    from reportminer.errors import OutputNotWritable
    from reportminer.export import OutputFolder

    (tmp_path / "observations.jsonl").write_text("旧结果\n", encoding="utf-8")
    with pytest.raises(OutputNotWritable), OutputFolder(tmp_path) as out:
        out.write("observations.jsonl", b"new")
        raise OutputNotWritable("磁盘满。", "请清理。")
    assert [p.name for p in tmp_path.iterdir()] == ["observations.jsonl"]
    assert (tmp_path / "observations.jsonl").read_text(encoding="utf-8") == "旧结果\n"


def test_help_is_quick_and_complete():
    times = []
    for _ in range(5):
        start = time.perf_counter()
        done = reportminer("--help")
        times.append(time.perf_counter() - start)
    for command in ("run", "extract", "check", "compare", "explain", "lexicon", "eval"):
        assert command in done.stdout
    assert min(times) < 0.6  # 0.3 s on an idle machine; see benchmarks/startup.py for the figure


def test_version():
    assert reportminer("--version").stdout.startswith("reportminer 0.")


def test_report_page_is_self_contained_and_escaped(tmp_path):
    report = tmp_path / "a.txt"
    report.write_text(
        "松阳县2020年工作总结\n投入<script>alert(1)</script>资金1200万元，建成<img src=x onerror=alert(2)>学校3所。\n",
        encoding="utf-8",
    )
    reportminer("run", report, "--out", tmp_path / "o")
    page = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "<img" not in page
    assert "http://" not in page and "https://" not in page
    assert "1200万元</mark>" in page


def test_module_paths_are_clean():
    source = Path(__file__).resolve().parent.parent / "src"
    assert not [p for p in source.rglob("*.py") if len(p.read_text(encoding="utf-8").splitlines()) > 400], (
        "模块超过 400 行"
    )
