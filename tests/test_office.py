"""Old and foreign office formats: with LibreOffice, and without it by the readers of our own."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from office_files import docx, p, packed, run, xlsx
from reportminer import read
from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest import kinds, office, read_bytes
from test_docx import FIELD, LIST, item, tbl, tc, visible

needs_office = pytest.mark.skipif(
    office.program() is None, reason="没有安装 LibreOffice（make setup-system）"
)
FILTERS = {
    "doc": "doc:MS Word 97", "rtf": "rtf:Rich Text Format", "odt": "odt:writer8", "fodt": "fodt:OpenDocument Text Flat XML",
}  # fmt: skip
MARK = '<w:r><w:footnoteReference w:id="2"/></w:r>'
BODY = (
    p("青山县2020年教育工作总结")
    + item("办学条件", 1)
    + item("学校", 1, 1)
    + p(run("全县共有学校48所") + MARK + run("，其中小学30所、") + '<w:ins w:id="1" w:author="a">' + run("初中18所") + '</w:ins><w:del w:id="2" w:author="a"><w:r><w:delText>初中19所</w:delText></w:r></w:del>' + run("（待核）", "<w:vanish/>") + run("。"))
    + tbl([tc("学校"), tc("学生（人）"), tc("校舍")], [tc("青山一小"), tc("1286"), tc("")], [tc(""), tc(""), tc("13600")])
    + p(run("详见") + FIELD.format("begin") + '<w:r><w:instrText> HYPERLINK "http://example.com/99" </w:instrText></w:r>' + FIELD.format("separate") + run("附件") + FIELD.format("end") + run("，投入资金1200万元。"))
)  # fmt: skip
NOTES = '<w:footnote w:type="separator" w:id="0">' + p("—") + '</w:footnote><w:footnote w:type="continuationSeparator" w:id="1">' + p("—") + '</w:footnote><w:footnote w:id="2">' + p(run("其中民办3所。")) + "</w:footnote>"  # fmt: skip
LINES = [
    "青山县2020年教育工作总结", "一、办学条件", "（一）学校", "全县共有学校48所，其中小学30所、初中18所。", "其中民办3所。", "学校\t学生（人）\t校舍", "青山一小\t1286\t", "\t\t13600",
    "详见附件，投入资金1200万元。",
]  # fmt: skip


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document above in every format that LibreOffice writes, in one folder."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "a.docx").write_bytes(docx(BODY, numbering=LIST, footnotes=NOTES))
    for form in FILTERS.values():
        subprocess.run(
            [str(office.program()), f"-env:UserInstallation={office.profile().as_uri()}", "--headless", "--convert-to", form, "--outdir", str(folder), str(folder / "a.docx")],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return folder


def shown(raw: RawDocument) -> list[str]:
    return [x.strip(" ") for x in visible(raw).split("\n") if x.strip()]


def test_the_document_itself() -> None:
    assert shown(read_bytes(docx(BODY, numbering=LIST, footnotes=NOTES), "a.docx")) == LINES


@needs_office
@pytest.mark.parametrize("form", FILTERS)
def test_converted_document_reads_the_same(converted: Path, form: str) -> None:
    raw = read_bytes((converted / f"a.{form}").read_bytes(), f"a.{form}")
    lines = shown(raw)
    if form == "rtf":  # LibreOffice writes broken numbers of lists into it
        lines[1:3] = [w for w, x in zip(LINES[1:3], lines[1:3], strict=True) if x.endswith(w[-2:])]
    assert lines == LINES
    assert raw.notes == ("由 LibreOffice 转换后读取",)
    assert [raw.text[c.start : c.end] for c in raw.tables[0].cells if c.end > c.start][-1] == "13600"


@needs_office
def test_doc_without_office_loses_only_what_it_says(converted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(office.VARIABLE, "off")
    raw = read_bytes((converted / "a.doc").read_bytes(), "a.wps")
    without = [x for x in LINES if x != "其中民办3所。"] + ["其中民办3所。"]  # notes come last
    assert shown(raw) == [x.removeprefix("一、").removeprefix("（一）") for x in without]
    assert raw.format == "doc" and "自动编号" in raw.notes[0]
    assert [(c.row, c.col, raw.text[c.start : c.end]) for c in raw.tables[0].cells if c.end > c.start] == [
        (0, 0, "学校"), (0, 1, "学生（人）"), (0, 2, "校舍"), (1, 0, "青山一小"), (1, 1, "1286"), (2, 2, "13600"),
    ]  # fmt: skip


@needs_office
def test_document_of_word_2003_in_xml() -> None:
    body = "".join(f"<w:p><w:r><w:t>{x}</w:t></w:r></w:p>" for x in (LINES[0], LINES[3]))
    data = f'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>{body}</w:body></w:wordDocument>'
    raw = read_bytes(data.encode(), "a.doc")
    assert (raw.format, shown(raw)) == ("wordml", [LINES[0], LINES[3]])


@needs_office
def test_rtf_without_office(converted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(office.VARIABLE, "off")
    raw = read_bytes((converted / "a.rtf").read_bytes(), "a.rtf")
    assert "全县共有学校48所" in raw.text and "投入资金1200万元。" in raw.text and raw.format == "rtf"


def test_rtf_of_old_programs_in_gbk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(office.VARIABLE, "off")
    body = "".join(f"\\'{b:02x}" for b in "全县共有学校48所。".encode("gbk"))
    raw = read_bytes(b"{\\rtf1\\ansi\\ansicpg936\\deff0 " + body.encode() + b"\\par}", "a.doc")
    assert raw.text.strip() == "全县共有学校48所。"


@needs_office
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_workbooks(tmp_path: Path, suffix: str) -> None:
    data = xlsx(
        {"学校": '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"><v>0.125</v></c></row>'
                 '<row r="3"><c r="A3" s="2"><v>44196</v></c><c r="B3"><v>1286</v></c></row>', "底稿": '<row r="1"><c r="A1"><v>9</v></c></row>'},
        ["<t>学校</t>", "<t>增长率</t>", "<t>一小</t>"], ["0.0%", 'yyyy"年"m"月"d"日"'.replace('"', "&quot;")], hidden=("底稿",),
    )  # fmt: skip
    (tmp_path / "a.xlsx").write_bytes(data)
    subprocess.run(
        [str(office.program()), f"-env:UserInstallation={office.profile().as_uri()}", "--headless", "--convert-to", suffix, "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    raw = read_bytes((tmp_path / f"a.{suffix}").read_bytes(), "a.et")
    assert raw.format == suffix
    assert raw.text == "学校\t增长率\n一小\t12.5%\n2020年12月31日\t1286\n"
    assert "隐藏的工作表“底稿”没有读取" in raw.notes


PAGE = "<html><body><p>全县共有学校48所。</p></body></html>"
MESSAGE = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "{}\r\n--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--x--\r\n"
)  # fmt: skip


def mht(page: str = PAGE) -> bytes:
    import base64

    return MESSAGE.format(base64.b64encode(page.encode("gb2312")).decode()).encode()


RENAMED = [
    ("总结.doc", PAGE.encode("gb18030"), "html"), ("总结.doc", PAGE.encode("utf-16"), "html"), ("总结.doc", docx(p("全县共有学校48所。")), "docx"), ("总结.doc", mht(), "mht"),
    ("总结.doc", "全县共有学校48所。".encode("gb18030"), "txt"), ("总结.doc", b"{\\rtf1 48}", "rtf"), ("总结.wps", "全县共有学校48所。".encode(), "txt"), ("总结.docx", PAGE.encode(), "html"),
    ("总结.docx", "全县共有学校48所。".encode(), "txt"), ("统计.xls", "<table><tr><td>学校</td><td>3</td></tr></table>".encode(), "html"), ("统计.xls", "学校\t学生\n一小\t30\n".encode("gbk"), "csv"),
    ("统计.xls", xlsx({"a": '<row><c><v>1</v></c></row>'}), "xlsx"), ("统计.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "excelml"),
    ("总结.doc", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "wordml"), ("总结", docx(p("甲")), "docx"), ("总结.txt", docx(p("甲")), "docx"),
    ("总结.zip", docx(p("甲")), "docx"), ("总结.doc", packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "odt"), ("材料.doc", packed({"a.txt": "甲"}), "zip"),
    ("总结.txt", b"%PDF-1.7", "pdf"), ("页.mht", mht(), "mht"), ("BMW.txt", b"BM 48", "txt"), ("总结.md", b"<html>", "md"), ("片段.txt", "<p>5所</p>".encode(), "txt"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "kind"), RENAMED, ids=[f"{n}={k}" for n, _, k in RENAMED])
def test_type_by_content(name: str, data: bytes, kind: str) -> None:
    assert kinds.kind_of(data, name) == kind


REFUSED = [
    ("a.rar", b"Rar!\x1a\x07\x00", "压缩包", "解压"), ("a.7z", b"7z\xbc\xaf\x27\x1c", "压缩包", "zip"), ("a.pptx", packed({"[Content_Types].xml": "x", "ppt/presentation.xml": "x"}), "演示文稿", "docx"),
    ("a.ofd", packed({"OFD.xml": "x"}), "OFD", "docx"), ("a.gif", b"GIF89a", "图片", "OCR"), ("a.doc", kinds.OLE + b"\0" * 600, "损坏", "WPS"),
    ("a.docx", kinds.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码", "密码"), ("a.ceb", b"\x01\x02", "CEB", "docx"), ("a.wps", b"\x01\x00\x02" * 300, "编码", "docx"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "says", "way"), REFUSED, ids=[r[0] + r[2] for r in REFUSED])
def test_refused_with_a_way_out(name: str, data: bytes, says: str, way: str) -> None:
    with pytest.raises(UnreadableFile) as e:
        read_bytes(data, name)
    assert says in e.value.error and name in e.value.error and way in e.value.fix


def test_mht_gives_the_figures_of_its_page(tmp_path: Path) -> None:
    (tmp_path / "页.mht").write_bytes(
        mht(
            "<html><head><style>p{width:99px}</style></head><body><p>青山县全县共有学校48所，<![if !supportLists]>其中<![endif]>小学30所。</p></body></html>"
        )
    )
    report = read(tmp_path / "页.mht")
    assert [o.text for o in report.observations] == ["48所", "30所"]
    assert report.text.clean.strip() == "青山县全县共有学校48所，其中小学30所。"


def test_page_that_a_web_program_put_into_a_docx() -> None:
    import io
    import zipfile

    from office_files import relations

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx('<w:altChunk r:id="rId1"/>'))) as a, zipfile.ZipFile(out, "w") as b:
        for name in a.namelist():
            b.writestr(name, relations(("aFChunk", "afchunk.mht")) if name.endswith("document.xml.rels") else a.read(name))  # fmt: skip
        b.writestr("word/afchunk.mht", mht())
    raw = read_bytes(out.getvalue(), "导出.docx")
    assert "全县共有学校48所" in raw.text and raw.markup and raw.format == "docx"


def test_without_office_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(office.VARIABLE, "off")
    with pytest.raises(UnreadableFile) as e:
        read_bytes(
            packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "a.odt"
        )
    assert "LibreOffice" in e.value.error and "doctor" in e.value.fix


def test_converter_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {tmp_path}/child\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv(office.VARIABLE, str(program))
    monkeypatch.setenv("REPORTMINER_CONVERT_SECONDS", "1")
    began = time.monotonic()
    with pytest.raises(UnreadableFile, match="REPORTMINER_CONVERT_SECONDS"):
        office.convert(b"x", "a.rtf", "rtf", "docx")
    assert time.monotonic() - began < 10
    child = int((tmp_path / "child").read_text())
    for _ in range(50):
        try:
            if Path(f"/proc/{child}/stat").read_text().split()[2] == "Z":
                break
            os.kill(child, 0)
        except (ProcessLookupError, FileNotFoundError):
            break
        time.sleep(0.1)
    else:
        pytest.fail("the converter's child still runs")


@needs_office
def test_encrypted_doc_says_so(converted: Path) -> None:
    data = bytearray((converted / "a.doc").read_bytes())
    at = data.index(b"\xec\xa5")  # the beginning of the file information block
    data[at + 11] |= 0x01
    with pytest.raises(UnreadableFile, match="密码"):
        read_bytes(bytes(data), "a.doc")


def test_names_with_blanks_and_dashes_do_not_reach_the_converter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    program = tmp_path / "soffice"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\n')
    program.chmod(0o755)
    monkeypatch.setenv(office.VARIABLE, str(program))
    with pytest.raises(UnreadableFile):
        office.convert(b"{\\rtf1}", "--macro=x;rm -rf.rtf", "rtf", "docx")
    assert "--macro" not in (tmp_path / "arguments").read_text()


@needs_office
@pytest.mark.parametrize("kind", ["fodt", "rtf"])
def test_converter_fetches_nothing(kind: str) -> None:
    """A picture that lies on a server: nobody asks for it."""
    import socket

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.5)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        if kind == "rtf":
            data = (
                r"{\rtf1 {\field{\*\fldinst INCLUDEPICTURE \\d "
                + f'"{address}"'
                + r"}{\fldrslt x}} 48 schools\par}"
            )
        else:
            data = (
                '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
                'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
                'office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>48 schools<draw:frame svg:width="3cm" svg:height="3cm">'
                f'<draw:image xlink:href="{address}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p></office:text></office:body></office:document>'
            )
        assert "48 schools" in read_bytes(data.encode(), f"a.{kind}").text
        with pytest.raises(TimeoutError):
            server.accept()


def test_what_a_killed_process_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen(["true"])
    ended.wait()
    left, used = (
        tmp_path / f"reportminer-office-{ended.pid}-x",
        tmp_path / f"reportminer-office-{os.getpid()}-y",
    )
    for folder in (left, used):
        folder.mkdir()
    office._sweep()
    assert not left.exists() and used.exists()
