"""Pdfs as offices make them: reading order, tables, boxes, odd pages; what cannot be read says why."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

import typesetting as made
from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest import ocr, read_bytes
from reportminer.pipeline import read_raw

LINES = [
    "青山县2020年教育工作总结",
    "全县共有学校48所，其中小学30所、初中18所。",
    "全年投入资金1200万元，新建校舍8000平方米。",
]
TEXT = "\n".join(LINES) + "\n"
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def drawn(draw: Callable[[Any], None]) -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.setFont(made.FONT, 12)
    draw(page)
    page.save()
    return out.getvalue()


def plain(page: Any) -> None:
    for i, line in enumerate(LINES):
        page.drawString(72, 780 - 24 * i, line)


def sideways(page: Any) -> None:
    page.translate(500, 100)
    page.rotate(90)
    for i, line in enumerate(LINES):
        page.drawString(0, -24 * i, line)


def watermark(page: Any) -> None:
    plain(page)
    page.translate(300, 400)
    page.rotate(45)
    page.setFont(made.FONT, 50)
    page.drawString(-100, 0, "内部资料")


def fake_bold(page: Any) -> None:
    for shift in (0, 0.4):
        for i, line in enumerate(LINES):
            page.drawString(72 + shift, 780 - 24 * i, line)


def spaced_out(page: Any) -> None:
    text = page.beginText(72, 780)
    text.setFont(made.FONT, 12)
    text.setCharSpace(5)
    for line in LINES:
        text.textLine(line)
    page.drawText(text)


def in_a_form(page: Any) -> None:
    page.beginForm("form")
    page.setFont(made.FONT, 12)
    plain(page)
    page.endForm()
    page.translate(20, -30)
    page.doForm("form")


def last_lines_first(page: Any) -> None:
    for i, line in reversed(list(enumerate(LINES))):
        page.drawString(72, 780 - 24 * i, line)


def rotated(data: bytes, degrees: int) -> bytes:
    writer = PdfWriter()
    page = PdfReader(io.BytesIO(data)).pages[0]
    page.rotate(degrees)
    writer.add_page(page)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def locked(password: str) -> bytes:
    """Encrypted; an empty user password leaves only the owner's."""
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(drawn(plain))))
    writer.encrypt(password, owner_password="owner", algorithm="AES-128")
    return written(writer)


ODD = {
    "plain": drawn(plain),
    "stream order": drawn(last_lines_first),
    "page turned 90": rotated(drawn(plain), 90),
    "page turned 180": rotated(drawn(plain), 180),
    "page turned 270": rotated(drawn(plain), 270),
    "text sideways": drawn(sideways),
    "text sideways on a turned page": rotated(drawn(sideways), 90),
    "watermark across": drawn(watermark),
    "printed twice for bold": drawn(fake_bold),
    "spaced out": drawn(spaced_out),
    "form object": drawn(in_a_form),
    "owner password only": locked(""),
}


def shown(raw: RawDocument) -> str:
    """The text without what is hidden."""
    hidden = {i for s in raw.hidden for i in range(s.start, s.end)}
    return "".join(c for i, c in enumerate(raw.text) if i not in hidden)


@pytest.mark.parametrize("name", ODD)
def test_odd_pages_give_the_same_text_and_boxes_on_the_ink(name: str) -> None:
    raw = read_bytes(ODD[name], "a.pdf")
    assert shown(raw) == TEXT
    report = read_raw(raw)
    assert [o.text for o in report.observations] == ["48所", "30所", "18所", "1200万元", "8000平方米"]
    document = pypdfium2.PdfDocument(ODD[name])
    picture = np.asarray(document[0].render(scale=2).to_pil().convert("L"))
    document.close()
    for o in report.observations:
        (box,) = report.boxes(o)
        assert box.page == o.page == 1
        left, top, right, bottom = (round(2 * x) for x in (box.left, box.top, box.right, box.bottom))
        assert (picture[top:bottom, left:right] < 160).mean() > 0.05, o.text  # ink inside
        across = right - left > bottom - top
        # white on both sides along the line's length: the box is no wider than the line is high
        outside = (
            picture[top - 8 : top - 2, left:right] if across else picture[top:bottom, left - 8 : left - 2]
        )
        assert name in ("watermark across", "spaced out") or (outside < 160).mean() < 0.02, o.text


def test_compatibility_characters_become_ordinary() -> None:
    raw = read_bytes(drawn(lambda p: p.drawString(72, 700, "⼀、⼩学⽣⼈数48⼈，⾼中12所。")), "a.pdf")
    assert raw.text == "一、小学生人数48人，高中12所。\n"


PROSE = (
    "全县共有各级各类学校{}所，在校学生{}人，专任教师{}人，办学条件明显改善，群众满意度稳步提升，"
    "教育经费投入持续增长，城乡教育差距进一步缩小，各项工作走在全市前列，得到上级部门的充分肯定。"
)
PARAGRAPHS = [PROSE.format(40 + n, 20000 + 7 * n, 1500 + n) for n in range(30)]


@pytest.mark.parametrize("columns", [1, 2])
def test_lines_columns_and_pages_are_joined_and_furniture_is_hidden(columns: int) -> None:
    items: list[str | list[list[str]]] = ["青山县2020年教育工作总结", *PARAGRAPHS]
    raw = read_bytes(made.report_pdf(items, columns, header="青山县教育局文件汇编"), "a.pdf")
    assert len(raw.pages) > 1
    assert shown(raw).rstrip("\n").split("\n") == items
    hidden = "".join(raw.text[s.start : s.end] for s in raw.hidden)
    assert "青山县教育局文件汇编" in hidden and "— 2 —" in hidden


def test_a_figure_broken_by_a_line_end_has_two_boxes() -> None:
    items = ["标题", *("前" * n + paragraph for n, paragraph in enumerate(PARAGRAPHS))]
    raw = read_bytes(made.report_pdf(items), "a.pdf")
    report = read_raw(raw)
    assert raw.layout is not None
    broken = [o for o in report.observations if len(report.boxes(o)) == 2]
    assert broken
    for o in broken:
        first, second = report.boxes(o)
        assert (second.top > first.top and second.left < first.left) or second.page > first.page


def test_a_single_page_with_a_small_header() -> None:
    raw = read_bytes(made.report_pdf(["青山县工作总结", *PARAGRAPHS[:3]], header="内部资料汇编"), "a.pdf")
    assert shown(raw).startswith("青山县工作总结\n")


def test_two_columns_of_figures_are_a_table_and_no_columns_of_prose() -> None:
    rows = [
        ["青山一小", "1286", "8420"],
        ["青山二中", "2051", "13600"],
        ["河口小学", "877", "5210"],
        ["南坪小学", "640", "4300"],
    ]

    def draw(page: Any) -> None:
        for i, row in enumerate([["学校", "学生（人）", "校舍（平方米）"], *rows]):
            for x, cell in zip((72, 220, 340), row, strict=True):
                page.drawString(x, 700 - 20 * i, cell)

    report = read_raw(read_bytes(drawn(draw), "a.pdf"))
    assert [(o.text, o.unit) for o in report.observations] == [
        (c, u) for row in rows for c, u in zip(row[1:], ("人", "平方米"), strict=True)
    ]


def score(tables: list[made.Made], raw: RawDocument) -> tuple[int, int]:
    """Cells wanted and found at their row and column; a table is compared to the found one that shares most with it."""
    found = [
        {(c.row, c.col): "".join(raw.text[c.start : c.end].split()) for c in t.cells if c.end > c.start}
        for t in raw.tables
    ]
    wanted = [t.cells() for t in tables]
    same = sum(max((sum(w.get(k) == v for k, v in f.items()) for f in found), default=0) for w in wanted)
    return sum(map(len, wanted)), same


@pytest.mark.parametrize(("ruled", "floor"), [(True, 1.0), (False, 0.93)])
def test_cells_of_generated_tables(ruled: bool, floor: float) -> None:
    rng = random.Random(7)
    total = same = 0
    for _ in range(6):
        tables = [made.make_table(rng) for _ in range(3)]
        raw = read_bytes(made.tables_pdf(tables, ruled, rng), "a.pdf")
        a, b = score(tables, raw)
        total, same = total + a, same + b
    assert same >= floor * total, (same, total)


def test_a_merged_head_stands_once_and_a_table_goes_on_on_the_next_page() -> None:
    head = [["学校", "学生（人）", ""], ["", "男", "女"]]
    rows = [[f"第{n}小学", str(100 + n), str(90 + n)] for n in range(60)]
    from reportlab.platypus import SimpleDocTemplate, Table

    out = io.BytesIO()
    style = [
        ("FONT", (0, 0), (-1, -1), made.FONT, 11),
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("SPAN", (1, 0), (2, 0)),
        ("SPAN", (0, 0), (0, 1)),
    ]
    SimpleDocTemplate(out).build([Table(head + rows, style=style)])
    raw = read_bytes(out.getvalue(), "a.pdf")
    assert len(raw.pages) == 2 and len(raw.tables) == 1
    places = {(c.row, c.col): raw.text[c.start : c.end] for c in raw.tables[0].cells if c.end > c.start}
    assert places[0, 1] == "学生（人）" and (0, 2) not in places and (1, 0) not in places
    assert [places[2 + n, 1] for n in range(60)] == [row[1] for row in rows]


def test_a_frame_around_text_is_no_table() -> None:
    def draw(page: Any) -> None:
        page.rect(60, 700, 400, 100)
        plain(page)

    raw = read_bytes(drawn(draw), "a.pdf")
    assert raw.tables == () and raw.text == TEXT


def without_map() -> bytes:
    """Text whose font does not say which characters it shows."""
    pdfmetrics.registerFont(TTFont("DejaVu", str(DEJAVU)))
    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.setFont("DejaVu", 12)
    page.drawString(72, 700, "Ωμέγα ταχίστη αλώπηξ βαφής ψημένη γη")
    page.save()
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(out.getvalue())))
    for font in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        font.get_object().pop("/ToUnicode", None)
    return written(writer)


def scan() -> bytes:
    return made.pictures_pdf(made.scanned(drawn(plain), random.Random(1), dpi=50))


def both(first: bytes, second: bytes) -> bytes:
    writer = PdfWriter()
    for data in (first, second):
        writer.append(PdfReader(io.BytesIO(data)))
    return written(writer)


class TestWithoutRecognition:
    """What is said where the extra is not installed."""

    @pytest.fixture(autouse=True)
    def no_engine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr, "available", lambda: None)

    @pytest.mark.skipif(not DEJAVU.is_file(), reason="DejaVu 字体不在此机器上")
    def test_garbled_text_is_told(self) -> None:
        with pytest.raises(UnreadableFile) as e:
            read_bytes(without_map(), "乱.pdf")
        assert "乱码" in e.value.error and "reportminer[ocr]" in e.value.fix

    def test_a_scan_is_told(self) -> None:
        with pytest.raises(UnreadableFile) as e:
            read_bytes(scan(), "扫.pdf")
        assert "扫描件" in e.value.error and "reportminer[ocr]" in e.value.fix

    def test_a_scanned_page_between_others_is_a_note(self) -> None:
        raw = read_bytes(both(drawn(plain), scan()), "混.pdf")
        assert raw.text.startswith(TEXT) and len(raw.pages) == 2
        assert "第 2 页是扫描件" in raw.notes[0]
        assert "第 2 页是扫描件" in read_raw(raw).text.notes[0]

    def test_a_picture_is_told(self) -> None:
        out = io.BytesIO()
        made.scanned(drawn(plain), random.Random(1), dpi=50)[0].save(out, "PNG")
        with pytest.raises(UnreadableFile) as e:
            read_bytes(out.getvalue(), "图.png")
        assert "没有安装文字识别" in e.value.error and "reportminer[ocr]" in e.value.fix


def test_limits_name_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    data = both(drawn(plain), drawn(plain))
    for name, limit, says in (
        ("PDF_PAGES", 1, "超过上限 1 页"),
        ("PAGE_CHARACTERS", 10, "超过上限 10 个"),
        ("PDF_CHARACTERS", 20_000, ""),
    ):
        with monkeypatch.context() as m:
            m.setenv(f"REPORTMINER_{name}", str(limit))
            if not says:
                assert read_bytes(data, "大.pdf").text
                m.setenv(f"REPORTMINER_{name}", "60")
                says = "上限"
            with pytest.raises(UnreadableFile, match=says):
                read_bytes(data, "大.pdf")


def test_a_drawing_of_very_many_lines_is_read_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from reportminer.ingest import pdf_paths

    monkeypatch.setattr(pdf_paths, "MAX_OBJECTS", 200)

    def draw(page: Any) -> None:
        for i in range(500):
            page.line(50 + i, 100, 50 + i, 600)
        plain(page)

    assert read_bytes(drawn(draw), "a.pdf").text == TEXT


def test_password_is_told() -> None:
    with pytest.raises(UnreadableFile, match="密码"):
        read_bytes(locked("secret"), "密.pdf")


def mutants(data: bytes, rng: random.Random, count: int) -> list[bytes]:
    """Damaged copies: flipped bits, cut ends, missing, swapped and repeated parts, random bytes."""
    out = []
    for _ in range(count):
        b = bytearray(data)
        kind = rng.randrange(5)
        i, j = sorted((rng.randrange(len(b)), rng.randrange(len(b))))
        if kind == 0:
            for _ in range(rng.randint(1, 40)):
                b[rng.randrange(len(b))] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del b[j:]
        elif kind == 2:
            del b[i : min(j, i + 2000)]
        elif kind == 3:
            b = b[:i] + b[j:] + b[i:j]
        else:
            b[i : i + 50] = rng.randbytes(50)
        out.append(bytes(b))
    return out


def test_damaged_files_are_unreadable_or_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: None)
    rng = random.Random(11)
    tables = made.tables_pdf([made.make_table(rng)], True, rng)
    read = 0
    for original in (ODD["plain"], ODD["form object"], tables, both(ODD["plain"], scan())):
        for data in mutants(original, rng, 40):
            try:
                raw = read_bytes(data, "坏.pdf")
            except UnreadableFile as e:
                assert e.error and e.fix
            else:
                read += 1
                assert all(0 <= s.start <= s.end <= len(raw.text) for s in (*raw.pages, *raw.hidden))
                if raw.layout is not None:
                    assert len(raw.layout.left) == len(raw.layout.right) == len(raw.text)
    assert read > 20


def test_fonts_of_the_machine_change_nothing() -> None:
    """A file without its font, each character a piece of text of its own (a lone one has no width but that of its font): all is read by the widths in
    the file, and afterwards pages are drawn with the fonts of the machine again."""

    def page(c: Any) -> None:
        for k, char in enumerate("全县共有小学三所报"):
            c.drawString(72 + 12 * k, 700, char)
        c.drawString(72, 660, "报")

    data = drawn(page)

    def ink() -> int:
        return int((pypdfium2.PdfDocument(data)[0].render().to_numpy() < 128).sum())

    before = ink()
    raw = read_bytes(data, "a.pdf")
    assert raw.text.split() == ["全县共有小学三所报", "报"]
    assert raw.layout is not None
    box = raw.layout.boxes(0, 1)[0]
    assert (round(box.left), round(box.right)) == (72, 84) and 12 <= box.bottom - box.top < 12.2
    assert ink() == before > 300
