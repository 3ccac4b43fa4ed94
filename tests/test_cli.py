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
    assert [n for n in names if n.startswith(".")] == [".parts"], "临时文件没有清除"
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
        if path.is_file() and path.suffix != ".xlsx":  # the workbook carries its time of creation
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


def test_names_for_people_are_chinese(folder, tmp_path):
    out = tmp_path / "o"
    reportminer("run", folder, "--out", out)
    sheet = openpyxl.load_workbook(out / "comparison.xlsx")["来源"]
    assert {row[4].value for row in sheet.iter_rows(min_row=2)} <= {
        "政府工作报告",
        "汇报",
        "总结",
        "方案",
        "",
        None,
    }
    at = (folder / "松阳.txt").read_text(encoding="utf-8").index("30所")
    said = reportminer("explain", folder / "松阳.txt", "--at", at).stdout
    assert "水平，实际" in said and "界限：等于" in said and "学段：小学" in said


def test_difference_from_official_figures_names_the_indicator(tmp_path):
    (tmp_path / "a.txt").write_text("松阳县2020年教育工作总结\n\n全县在校学生12000人。\n", encoding="utf-8")
    (tmp_path / "年鉴.csv").write_text(
        "地区,年份,指标,数值,单位\n松阳县,2020,pupils,15000,人\n", encoding="utf-8"
    )
    said = reportminer("check", tmp_path / "a.txt", "--reference", tmp_path / "年鉴.csv").stdout
    assert "RF" in said and "pupils" not in said and "2020年在校" in said


def test_own_page_named_as_input_is_refused(folder, tmp_path):
    reportminer("run", folder, "--out", tmp_path / "o")
    done = reportminer("check", tmp_path / "o" / "report.html")
    assert done.returncode == 2 and "本程序写出的网页" in done.stderr


def test_heads_of_the_table_are_whole(folder):
    said = reportminer("compare", folder).stdout
    assert "…" not in said


def test_shares_without_a_name_are_not_compared(tmp_path):
    from reportminer import compare, read

    reports = [read("松阳县2020年教育工作总结\n\n某类活动占百分之十二，另一类活动占百分之十五。\n")]
    assert not [c for c in compare(reports).cells if c.indicator in ("share_other", "other")]


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


def test_output_of_a_run_is_no_input(folder, tmp_path):
    import docx

    paper = docx.Document()
    for line in GOOD.splitlines():
        paper.add_paragraph(line.replace("松阳", "遂昌"))
    paper.save(folder / "遂昌.docx")
    out = folder / "out"
    assert reportminer("run", folder, "--out", out).returncode == 0
    first = (out / "observations.jsonl").read_bytes()
    assert (out / "text" / "遂昌.docx.txt").exists()
    assert reportminer("run", ".", "--out", "out", cwd=folder).returncode == 0
    assert (out / "observations.jsonl").read_bytes() == first and lines(out / "failures.jsonl") == []
    assert reportminer("run", folder, "--out", tmp_path / "other").returncode == 0
    assert (tmp_path / "other" / "observations.jsonl").read_bytes() == first
    (folder / "核查.html").write_bytes(
        (out / "report.html").read_bytes()
    )  # a copy of the page is no report either
    assert (
        reportminer("run", folder, "--out", folder).returncode == 0
    )  # output beside the reports: they are still read
    assert (folder / "observations.jsonl").read_bytes() == first
    assert reportminer("run", folder, "--out", folder).returncode == 0
    assert (folder / "observations.jsonl").read_bytes() == first and lines(folder / "failures.jsonl") == []


def test_page_holds_no_control_characters(tmp_path):
    (tmp_path / "a.txt").write_text(GOOD.replace("其中", "\x07其中"), encoding="utf-8")
    assert reportminer("run", tmp_path / "a.txt", "--out", tmp_path / "o").returncode == 0
    page = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert not [c for c in page if ord(c) < 32 and c not in "\t\n\r"]


@pytest.mark.parametrize("command", ["check", "extract", "compare"])
def test_nothing_read_is_no_good_result(tmp_path, command):
    (tmp_path / "空.txt").write_bytes(b"")
    done = reportminer(command, tmp_path / "空.txt")
    assert done.returncode == 2
    assert "没有一份报告能够读取" in done.stderr and "空文件" in done.stderr and "0 处" not in done.stdout


def test_run_says_that_nothing_was_read(tmp_path):
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    done = reportminer("run", tmp_path / "坏.pdf", "--out", tmp_path / "o")
    assert done.returncode == 0 and "没有一份报告能够读取" in done.stdout


def test_zip_archive_is_read_like_a_folder(folder, tmp_path):
    import zipfile

    archive = tmp_path / "各县.zip"
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr("2020/松阳.txt", GOOD)
        z.writestr("../../云和.txt", GOOD.replace("松阳", "云和"))
        z.writestr("丽水/遂昌.txt", GOOD.replace("松阳", "遂昌"))
        z.writestr("空.txt", "")
        z.writestr("__MACOSX/._松阳.txt", "x")
    (tmp_path / "坏.zip").write_bytes(b"PK\x03\x04 broken")
    out = tmp_path / "o"
    done = reportminer("run", archive, tmp_path / "坏.zip", "--out", out)
    assert done.returncode == 0, done.stderr
    sources = {d["source"] for d in lines(out / "documents.jsonl")}
    assert {"各县.zip/2020/松阳.txt", "各县.zip/云和.txt"} <= sources and len(sources) == 3
    for o in lines(out / "observations.jsonl"):
        text = (out / "text" / f"{o['source']}.txt").read_text(encoding="utf-8")
        assert text[o["start"] : o["end"]] == o["text"]
    failures = {f["source"]: f["error"] for f in lines(out / "failures.jsonl")}
    assert set(failures) == {"各县.zip/空.txt", "坏.zip"} and "已损坏" in failures["坏.zip"]


def test_names_in_an_archive():
    import zipfile

    from reportminer.ingest.archive import _name

    old = zipfile.ZipInfo("x")
    for charset in ("gb18030", "utf-8"):
        old.filename = "丽水/遂昌.txt".encode(charset).decode("cp437")
        assert _name(old) == "丽水/遂昌.txt"
    for name in ("../../a.txt", "/a.txt", "C:\\a.txt", "..\\a.txt"):
        old.filename = name
        assert _name(old) == "a.txt"
    old.filename = "__MACOSX/a.txt"
    assert _name(old) == ""


def test_locked_archive_says_so(tmp_path):
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as z:
        z.writestr("a.txt", GOOD)
    data = bytearray(buffer.getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "密.zip").write_bytes(data)
    done = reportminer("check", tmp_path / "密.zip")
    assert done.returncode == 2 and "有密码保护" in done.stderr


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
