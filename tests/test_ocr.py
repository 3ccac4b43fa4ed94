"""Scans and pictures, where the extra ``ocr`` is installed: text, direction, tilt, certainty, boxes, cache, limits."""

from __future__ import annotations

import io
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from reportminer.errors import UnreadableFile
from reportminer.ingest import ocr, read_bytes
from reportminer.pipeline import read_raw

pytestmark = pytest.mark.skipif(ocr.available() is None, reason="没有安装 reportminer[ocr]")

typesetting = pytest.importorskip("typesetting")
FIGURES = ["48所", "30所", "18所", "1200万元", "8000平方米"]
ITEMS = [
    "青山县2020年教育工作总结",
    "全县共有学校48所，其中小学30所、初中18所，办学条件有了明显改善，各项工作有序推进。",
    "全年投入资金1200万元，新建校舍8000平方米。",
]


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as m:
        m.setenv("REPORTMINER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def page() -> Any:
    """The upper half of a printed page, scanned a little askew."""
    picture = typesetting.scanned(typesetting.report_pdf(ITEMS), random.Random(3), dpi=130, tilt=1.5)[0]
    return picture.crop((0, 0, picture.width, picture.height // 3))


def data(picture: Any, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A png of a few bytes that says it is large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def texts(raw: Any) -> list[str]:
    return [o.text.replace("\n", "") for o in read_raw(raw).observations]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_pictures_of_every_kind(page: Any, kind: str) -> None:
    raw = read_bytes(data(page, kind), f"图.{kind.lower()}")
    assert texts(raw) == FIGURES
    assert raw.format == "image" and raw.certainty is not None and len(raw.certainty) == len(raw.text)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_and_boxes_on_the_picture(page: Any, turn: int) -> None:
    turned = page.rotate(turn, expand=True)
    report = read_raw(read_bytes(data(turned, "PNG"), "图.png"))
    assert [o.text for o in report.observations] == FIGURES
    for o in report.observations:
        for box in report.boxes(o):
            inside = turned.crop((round(box.left), round(box.top), round(box.right), round(box.bottom)))
            dark = sum(inside.histogram()[:128]) / (inside.width * inside.height)
            assert dark > 0.08, o.text
            assert (box.right - box.left > box.bottom - box.top) == (turn == 180)


def test_certainty_lowers_the_confidence(page: Any) -> None:
    raw = read_bytes(data(page, "PNG"), "图.png")
    assert raw.certainty is not None
    sure = read_raw(raw).observations
    from dataclasses import replace

    doubtful = read_raw(replace(raw, certainty=bytes([50]) * len(raw.text))).observations
    for a, b in zip(sure, doubtful, strict=True):
        assert b.confidence < 0.6 * a.confidence


def test_only_scanned_pages_of_a_pdf_are_recognised(page: Any) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for part in (typesetting.report_pdf(ITEMS), typesetting.pictures_pdf([page], 130)):
        writer.append(PdfReader(io.BytesIO(part)))
    out = io.BytesIO()
    writer.write(out)
    raw = read_bytes(out.getvalue(), "混.pdf")
    assert texts(raw) == FIGURES * 2
    assert raw.certainty is not None
    first, second = raw.pages
    assert set(raw.certainty[first.start : first.end]) == {100}
    assert min(raw.certainty[second.start : second.end]) < 100


def test_pages_of_a_tiff(page: Any) -> None:
    raw = read_bytes(data(page, "TIFF", save_all=True, append_images=[page]), "多页.tif")
    assert len(raw.pages) == 2 and [o.page for o in read_raw(raw).observations] == [1] * 5 + [2] * 5


def test_results_are_cached_by_picture(page: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTMINER_CACHE", str(tmp_path))
    first = read_bytes(data(page, "PNG"), "图.png")
    (held,) = tmp_path.rglob("*.json.gz")
    monkeypatch.setattr(ocr, "_engine", lambda: pytest.fail("read again"))
    assert read_bytes(data(page, "PNG"), "图.png") == first
    monkeypatch.undo()
    monkeypatch.setenv("REPORTMINER_CACHE", str(tmp_path))
    held.write_bytes(b"damaged")
    assert read_bytes(data(page, "PNG"), "图.png") == first
    monkeypatch.setenv("REPORTMINER_CACHE", "")
    assert read_bytes(data(page, "PNG"), "图.png") == first


def test_a_ruled_table_of_a_scan() -> None:
    rng = random.Random(5)
    table = typesetting.Made(
        [
            ["学校", "学生（人）", "校舍（平方米）"],
            ["青山一小", "1286", "8420"],
            ["青山二中", "2051", "13600"],
        ],
        [],
    )
    picture = typesetting.scanned(typesetting.tables_pdf([table], True, rng), rng, dpi=130, tilt=1.0)[0]
    raw = read_bytes(data(picture.crop((0, 0, picture.width, picture.height // 3)), "PNG"), "表.png")
    found = [(o.text, o.unit) for o in read_raw(raw).observations]
    assert found == [("1286", "人"), ("8420", "平方米"), ("2051", "人"), ("13600", "平方米")]


def test_limits_and_damage(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    for side in (12_000, 60_000):
        with pytest.raises(UnreadableFile, match="像素数超过上限"):
            read_bytes(bomb(side), "炸弹.png")
    with pytest.raises(UnreadableFile, match="没有认出文字"):
        read_bytes(data(Image.new("L", (300, 200), 255), "PNG"), "白.png")
    with pytest.raises(UnreadableFile, match="没有认出文字"):
        read_bytes(data(Image.new("L", (3, 9000), 255), "PNG"), "线.png")
    with monkeypatch.context() as m:
        m.setenv("REPORTMINER_IMAGE_PAGES", "1")
        with pytest.raises(UnreadableFile, match="超过上限 1 页"):
            read_bytes(data(page, "TIFF", save_all=True, append_images=[page]), "多页.tif")
    from test_pdf import mutants

    rng = random.Random(13)
    # nothing is recognised here: only the readers are tried
    monkeypatch.setattr(ocr, "recognise", lambda p: ocr._nothing((p.shape[1], p.shape[0])))
    small = page.resize((page.width // 8, page.height // 8))
    for kind in ("PNG", "JPEG", "TIFF", "BMP"):
        for broken in mutants(data(small, kind), rng, 60):
            try:
                read_bytes(broken, f"坏.{kind.lower()}")
            except UnreadableFile as e:
                assert e.error and e.fix
