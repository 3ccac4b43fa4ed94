"""Files as offices have them: each format gives the same figures; what cannot be read says why and what to do."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from reportminer import read
from reportminer.errors import UnreadableFile

LINES = [
    "青山县2020年教育工作总结",
    "全县共有学校48所，其中小学30所、初中18所。",
    "全年投入资金1200万元，新建校舍8000平方米。",
]
ROWS = [["学校", "学生（人）", "校舍（平方米）"], ["青山一小", "1286", "8420"], ["青山二中", "2051", "13600"]]
EXPECTED = ["48所", "30所", "18所", "1200万元", "8000平方米"]


def texts(path: Path) -> list[str]:
    return [o.text.replace("\n", "") for o in read(path).observations]


def write_docx(path: Path, table: bool = False) -> Path:
    document = docx.Document()
    for line in LINES[:2]:
        document.add_paragraph(line)
    if table:
        t = document.add_table(0, 3)
        for row in ROWS:
            for cell, value in zip(t.add_row().cells, row, strict=True):
                cell.text = value
    document.add_paragraph(LINES[2])
    document.save(str(path))
    return path


def write_pdf(path: Path) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(str(path))
    page.setFont("STSong-Light", 12)
    for i, line in enumerate(LINES):
        page.drawString(72, 780 - 24 * i, line)
    page.save()
    return path


def test_docx_paragraphs_and_tables_stay_in_order(tmp_path: Path) -> None:
    report = read(write_docx(tmp_path / "a.docx", table=True))
    found = [(o.text, o.unit, o.area) for o in report.observations]
    assert [t for t, _, _ in found] == [
        "48所",
        "30所",
        "18所",
        "1286",
        "8420",
        "2051",
        "13600",
        "1200万元",
        "8000平方米",
    ]
    assert found[3] == ("1286", "人", "青山一小")
    assert found[6] == ("13600", "平方米", "青山二中")


def test_pdf_gives_text_page_and_exact_slices(tmp_path: Path) -> None:
    report = read(write_pdf(tmp_path / "a.pdf"))
    assert [o.text for o in report.observations] == EXPECTED
    assert {o.page for o in report.observations} == {1}
    assert all(report.text.raw.text[o.start : o.end] == o.text for o in report.observations)


def test_html_markdown_and_text_agree(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(LINES), encoding="utf-8")
    (tmp_path / "a.md").write_text("# " + "\n\n".join(LINES), encoding="utf-8")
    (tmp_path / "a.html").write_text(
        "<!DOCTYPE html><html><head><title>x</title><script>var n = 300;</script></head><body><h1>"
        + LINES[0] + "</h1><p>" + "</p><p>".join(LINES[1:]) + "</p></body></html>", encoding="utf-8",
    )  # fmt: skip
    for name in ("a.txt", "a.md", "a.html"):
        assert texts(tmp_path / name) == EXPECTED


def test_table_in_markdown(tmp_path: Path) -> None:
    rows = ["| " + " | ".join(r) + " |" for r in ROWS]
    (tmp_path / "t.md").write_text(
        "\n".join([LINES[0], "", rows[0], "|---|---|---|", *rows[1:]]), encoding="utf-8"
    )
    assert [(o.text, o.unit) for o in read(tmp_path / "t.md").observations] == [
        ("1286", "人"),
        ("8420", "平方米"),
        ("2051", "人"),
        ("13600", "平方米"),
    ]


def test_table_with_tabs_and_one_with_commas() -> None:
    for sep in ("\t", ","):
        text = LINES[0] + "\n" + "\n".join(sep.join(r) for r in ROWS) + "\n"
        assert [(o.value, o.unit) for o in read(text).observations] == [
            (1286, "人"),
            (8420, "平方米"),
            (2051, "人"),
            (13600, "平方米"),
        ], sep


def encrypted() -> bytes:
    out = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="AES-128")
    writer.write(out)
    return out.getvalue()


def blank_pdf() -> bytes:
    out = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(out)
    assert len(PdfReader(io.BytesIO(out.getvalue())).pages) == 1
    return out.getvalue()


BAD = [
    ("空.txt", b"", "空文件"),
    ("空白.txt", b"  \n\n ", ""),
    ("程序.txt", bytes(range(256)) * 20, "不是文本文件"),
    ("坏.docx", b"PK\x03\x04broken", ""),
    ("坏.pdf", b"%PDF-1.7 broken", ""),
    ("密.pdf", encrypted(), "密码"),
    ("扫描.pdf", blank_pdf(), "文字"),
    ("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ""),
    ("图.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 100, ""),
]


@pytest.mark.parametrize(("name", "data", "says"), BAD, ids=[b[0] for b in BAD])
def test_bad_file_says_one_sentence_and_a_way_out(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as e:
        read(path)
    assert says in e.value.error
    assert e.value.error.endswith("。") and e.value.fix
    assert name in e.value.error
