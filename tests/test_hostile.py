"""Hostile files: every one ends as one sentence that names the limit or the reason, quickly, and nothing is fetched or written."""

from __future__ import annotations

import io
import re
import resource
import time
import zipfile
from pathlib import Path

import pytest

from office_files import docx, p, packed, rows, xlsx
from reportminer import pipeline
from reportminer.errors import BadOption, UnreadableFile
from reportminer.ingest import archive, office, read_bytes, read_path
from reportminer.limits import LIMITS, limit, variable
from test_office import mht

MEGABYTE = 2**20
ENTITIES = '<!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"  # fmt: skip


def external(path: Path) -> str:
    return f'<!DOCTYPE x [<!ENTITY i SYSTEM "{path.as_uri()}">]>'


def replaced(data: bytes, name: str, change: object) -> bytes:
    """The archive with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as a, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as b:
        for n in a.namelist():
            b.writestr(n, change(a.read(n)) if n == name else a.read(n))  # type: ignore[operator]
    return out.getvalue()


def error_of(data: bytes, name: str) -> UnreadableFile:
    began = time.monotonic()
    with pytest.raises(UnreadableFile) as e:
        read_bytes(data, name)
    assert time.monotonic() - began < 20
    return e.value


def with_doctype(kind: str, doctype: str) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>{doctype}'.encode()

    def change(part: bytes) -> bytes:
        body = re.sub(rb"^<\?xml[^>]*\?>", b"", part)
        return head + re.sub(rb"48", b"&i;", body, count=1)

    if kind == "docx":
        return replaced(docx(p("学校48所")), "word/document.xml", change)
    if kind == "numbering":
        return replaced(docx(p("学校48所"), numbering='<w:abstractNum w:abstractNumId="48"/>'), "word/numbering.xml", change)  # fmt: skip
    if kind == "sheet":
        return replaced(xlsx({"a": rows(["学校48所", 1])}), "xl/worksheets/sheet1.xml", change)
    if kind == "strings":
        return replaced(xlsx({"a": rows(["甲", 1])}, ["<t>48</t>"]), "xl/sharedStrings.xml", change)
    return packed(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": head + b"<x>&i;</x>"}
    )


@pytest.mark.parametrize("kind", ["docx", "numbering", "sheet", "strings", "odt"])
def test_entities_are_not_expanded(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "soffice"  # a converter that must never be asked
    fake.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    fake.chmod(0o755)
    monkeypatch.setenv(office.VARIABLE, str(fake))
    (tmp_path / "secret").write_text("机密")
    for doctype in (ENTITIES, external(tmp_path / "secret")):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        error = error_of(with_doctype(kind, doctype), f"a.{kind}")
        assert "DTD" in error.error or "损坏" in error.error
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KB
    assert not (tmp_path / "asked").exists()


def test_entities_in_other_encodings_are_seen_too() -> None:
    body = ENTITIES.replace("<!DOCTYPE", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE') + "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body/></w:document>"  # fmt: skip
    assert "DTD" in error_of(replaced(docx(p("x")), "word/document.xml", lambda _: body.encode("utf-16")), "a.docx").error  # fmt: skip


def test_entities_in_web_pages_stay_text(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("机密")
    page = external(tmp_path / "secret") + "<html><body><p>全县&i;48所&lol;。</p></body></html>"
    for data, name in ((page.replace("x [", "html [").encode(), "a.html"), (mht(page), "a.mht")):
        text = read_bytes(data, name).text
        assert "机密" not in text and "48所" in text


BOMBS = [
    ("unpacked_mb", "a.docx", lambda: replaced(docx(p("甲")), "word/document.xml", lambda x: x + b" " * 3 * MEGABYTE)),
    ("ratio", "a.docx", lambda: replaced(docx(p("甲")), "word/document.xml", lambda x: x + b" " * MEGABYTE)),
    ("ratio", "a.xlsx", lambda: replaced(xlsx({"a": rows(["甲", 1])}), "xl/worksheets/sheet1.xml", lambda x: x + b" " * MEGABYTE)),
    ("ratio", "a.odt", lambda: packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>" + " " * MEGABYTE})),
    ("parts", "a.docx", lambda: packed({"word/document.xml": "x", **{f"{i}": "" for i in range(50)}})),
    ("cells", "a.xlsx", lambda: xlsx({"a": rows(*([["甲", 1, 2, 3]] * 30))})),
    ("cells", "a.csv", lambda: ("甲,1,2,3\n" * 30).encode()),
    ("columns", "a.xlsx", lambda: xlsx({"a": "<row>" + "<c><v>1</v></c>" * 30 + "</row>"})),
    ("columns", "a.docx", lambda: docx('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999"/></w:tcPr>' + p("甲") + "</w:tc></w:tr></w:tbl>")),
    ("mail_parts", "a.mht", lambda: mht().replace(b"--x\r\n", b"--x\r\nContent-Type: text/plain\r\n\r\n\r\n--x\r\n" * 30)),
]  # fmt: skip
SMALL = {"unpacked_mb": 1, "ratio": 5, "parts": 20, "cells": 100, "columns": 20, "mail_parts": 10, "file_mb": 1, "archive_mb": 1, "archive_ratio": 20, "archive_files": 10, "archive_depth": 2, "convert_seconds": 1}  # fmt: skip


@pytest.mark.parametrize(("name", "file", "make"), BOMBS, ids=[f"{b[0]} {b[1]}" for b in BOMBS])
def test_limit_names_itself_and_its_setting(name: str, file: str, make: object, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv(variable(name), str(SMALL[name]))
    error = error_of(make(), file)  # type: ignore[operator]
    assert f"上限 {SMALL[name]}{LIMITS[name].unit}，可用环境变量 {variable(name)} 调整" in error.error


def zipped(*files: tuple[str, bytes]) -> bytes:
    return packed(dict(files))


ARCHIVES = [
    ("archive_mb", zipped(("a.txt", b"x" * 3 * MEGABYTE))), ("archive_files", zipped(*((f"{i}.txt", b"x") for i in range(20)))),
    ("archive_mb", zipped(("1.zip", zipped(("a.txt", b"x" * 600_000))), ("2.zip", zipped(("a.txt", b"x" * 600_000))))),
    ("archive_files", zipped(("1.zip", zipped(*((f"{i}.txt", b"x") for i in range(8)))), ("2.zip", zipped(*((f"{i}.txt", b"x") for i in range(8)))))),
    ("archive_ratio", zipped(("a.txt", b"x" * MEGABYTE))), ("file_mb", zipped(("a.txt", bytes(range(256)) * 5000))),
    ("archive_depth", zipped(("1.zip", zipped(("2.zip", zipped(("a.txt", b"48")))))) ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), ARCHIVES, ids=[f"{i}-{a[0]}" for i, a in enumerate(ARCHIVES)])
def test_limit_of_archives(name: str, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "包.zip").write_bytes(data)
    monkeypatch.setenv(variable(name), str(SMALL[name]))
    failures: list[UnreadableFile] = []
    try:
        for _, raw in archive.members(tmp_path / "包.zip", "包.zip"):
            try:
                raw()
            except UnreadableFile as e:
                failures.append(e)
    except UnreadableFile as e:
        failures.append(e)
    assert any(variable(name) in f.error and f.fix for f in failures), failures


def test_large_file_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 2 * MEGABYTE)
    monkeypatch.setenv(variable("file_mb"), "1")
    with pytest.raises(UnreadableFile, match="REPORTMINER_FILE_MB"):
        read_path(tmp_path / "a.txt", "a.txt")


def test_every_limit_is_tested_and_well_formed(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = {"convert_seconds"}  # test_office.py
    elsewhere |= {"pdf_pages", "pdf_characters", "page_characters"}  # test_pdf.py
    elsewhere |= {"image_pixels", "image_pages"}  # test_ocr.py
    elsewhere |= {"web_requests", "web_uploads", "web_exports", "web_logins"}  # test_accounts.py
    assert {b[0] for b in BOMBS} | {a[0] for a in ARCHIVES} | elsewhere == set(LIMITS)
    for bad in ("0", "-3", "x", "1.5"):
        monkeypatch.setenv(variable("cells"), bad)
        with pytest.raises(BadOption, match="REPORTMINER_CELLS"):
            limit("cells")


def test_sizes_that_lie_end_at_what_they_say() -> None:
    """A member that unpacks to more than its header says is cut there and refused."""
    data = packed({"a.txt": b"48" * 500_000})
    lying = data.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    found = list(archive._members(io.BytesIO(lying), "a.zip", archive._Budget("a.zip"), 1))
    with zipfile.ZipFile(io.BytesIO(lying)) as z, pytest.raises(UnreadableFile, match="损坏"):
        archive._content(z, z.infolist()[0], "a.txt")
    assert [n for n, _ in found] == ["a.zip/a.txt"]


def test_names_in_archives_lead_nowhere(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in (
            "../../etc/cron.d/x.txt",
            "/abs/报告.txt",
            "C:\\windows\\y.txt",
            "好/../../z.txt",
            "a/./b.txt",
        ):
            z.writestr(name, "全县共有学校48所。")
    (tmp_path / "包.zip").write_bytes(out.getvalue())
    before = sorted(x for x in tmp_path.rglob("*"))
    names = [n for n, _ in archive.members(tmp_path / "包.zip", "包.zip")]
    assert names == ["包.zip/a/b.txt", "包.zip/abs/报告.txt", "包.zip/etc/cron.d/x.txt", "包.zip/windows/y.txt", "包.zip/好/z.txt"]  # fmt: skip
    assert sorted(x for x in tmp_path.rglob("*")) == before


def test_nested_archives_with_chinese_names(tmp_path: Path) -> None:
    text = "青山县2020年教育工作总结\n全县共有学校48所。\n".encode()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as z:
        z.writestr("县.txt", text)
        z.writestr("县.docx", docx(p("全县共有学校48所。")))
    outer = io.BytesIO()
    name = "各县报告/青山.zip"
    with zipfile.ZipFile(outer, "w") as z:
        z.writestr("x" * len(name.encode("gbk")), inner.getvalue())
        z.writestr("坏.zip", b"PK\x03\x04broken")
        z.writestr("b.txt", text)
    data = outer.getvalue().replace(b"x" * len(name.encode("gbk")), name.encode("gbk"))
    (tmp_path / "包.zip").write_bytes(data)
    reports, failures = pipeline.read_many([tmp_path / "包.zip"])
    assert sorted(r.source for r in reports) == ["包.zip/b.txt", "包.zip/各县报告/青山.zip/县.docx", "包.zip/各县报告/青山.zip/县.txt"]  # fmt: skip
    assert [f.source for f in failures] == ["包.zip/坏.zip"]


def nested(depth: int, opening: str, closing: str, inside: str) -> str:
    return opening * depth + inside + closing * depth


DEEP = [
    ("表中表.docx", docx(nested(80, "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", p("学校48所")))), ("控件.docx", docx(nested(5000, "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", p("甲")))),
    ("文本框.docx", docx(p(nested(60, "<w:r><w:txbxContent><w:p>", "</w:p></w:txbxContent></w:r>", "<w:r><w:t>学校48所</w:t></w:r>")))),
    ("表.html", ("<html>" + nested(20_000, "<table><tr><td>", "</td></tr></table>", "学校48所") + "</html>").encode()), ("rtf.rtf", b"{\\rtf1 " + b"{" * 100_000 + b"48" + b"}" * 100_000 + b"}"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), DEEP, ids=[d[0] for d in DEEP])
def test_deep_nesting(name: str, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(office.VARIABLE, "off")
    began = time.monotonic()
    try:
        assert "48" in read_bytes(data, name).text
    except UnreadableFile as e:
        assert "损坏" in e.error
    assert time.monotonic() - began < 10


def test_spans_of_html_tables_are_cut() -> None:
    page = (
        "<html><table>"
        + "<tr><td rowspan=999999 colspan=999999>学校</td><td>3</td></tr>" * 3
        + "</table></html>"
    )
    assert [(c.row, c.col) for c in read_bytes(page.encode(), "a.html").tables[0].cells][:3] == [
        (0, 0),
        (0, 100),
        (1, 100),
    ]
    began = time.monotonic()
    read_bytes(page.replace("3</td>", "3</td>" * 2000).encode(), "a.html")
    assert time.monotonic() - began < 10


def test_formulas_are_text_and_never_run() -> None:
    data = xlsx({"a": '<row r="1"><c r="A1" t="str"><f>WEBSERVICE("http://x/")</f><v>甲</v></c><c r="B1"><f>cmd|\' /C calc\'!A0</f><v>48</v></c></row>'})  # fmt: skip
    assert read_bytes(data, "a.xlsx").text == "甲\t48\n"


def test_page_on_security_lists_every_limit() -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "security.md").read_text(encoding="utf-8")
    for name, known in LIMITS.items():
        assert f"| `{variable(name)}` | {known.default}{known.unit} | {known.meaning} |" in page
