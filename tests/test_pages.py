"""Pages of pdfs and scans beside the text: pictures, places of the marks, progress of recognition, without a browser (test_browser_pages.py has it)."""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from conftest import DEMO
from reportminer import ingest, worker
from reportminer.errors import UnreadableFile
from reportminer.ingest import ocr, progress
from reportminer.ingest.drawing import LONGEST, draw
from reportminer.store.store import Store
from reportminer.underway import UnderWay, noted, under_way
from reportminer.workbench import documents, marks, pages, reading
from reportminer.workbench.files import parts_folder
from reportminer.workbench.pages import pages_folder
from test_web import bench, open_client, send, settle

typesetting = pytest.importorskip("typesetting")
needs_ocr = pytest.mark.skipif(ocr.available() is None, reason="没有安装 reportminer[ocr]")
ITEMS = [
    "青山县2020年教育工作总结",
    "全县共有学校48所，其中小学30所、初中18所，办学条件有了明显改善，各项工作有序推进。",
    "全年投入资金1200万元，新建校舍8000平方米。",
]


@pytest.fixture(scope="module")
def scan() -> Any:
    """The upper third of a printed page, scanned a little askew."""
    picture = typesetting.scanned(typesetting.report_pdf(ITEMS), random.Random(3), dpi=130, tilt=1.0)[0]
    return picture.crop((0, 0, picture.width, picture.height // 3))


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTMINER_CACHE", str(tmp_path_factory.getbasetemp() / "ocr-cache"))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[tuple[TestClient, Store, int]]:
    made = bench(tmp_path)
    with open_client(made) as client:
        yield client, made.store, client.post("/api/projects", json={"name": "甲"}).json()["id"]


def saved(picture: Any, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def shown(store: Store, project: int, source: str) -> tuple[Any, tuple[pages.Page, ...]]:
    document = documents.load(store, project, source)
    return document, pages.pages(document, marks.sheet(document, {}))


def picture_of(client: TestClient, project: int, source: str, number: int = 1) -> Any:
    answer = client.get(f"/api/projects/{project}/page", params={"source": source, "page": number})
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/jpeg", answer.text
    return Image.open(io.BytesIO(answer.content))


def assert_on_ink(picture: Any, page: pages.Page) -> None:
    """Every place of a page, put on its picture, holds print and is wider than high: the page stands upright."""
    assert abs(picture.width / picture.height - page.width / page.height) < 0.01
    scale = picture.width / page.width
    gray = picture.convert("L")
    for p in page.places:
        box = (round(p.x * scale), round(p.y * scale), round((p.x + p.width) * scale), round((p.y + p.height) * scale))  # fmt: skip
        inside = gray.crop(box)
        dark = sum(inside.histogram()[:128]) / (inside.width * inside.height)
        assert dark > 0.05, (p.mark.text, dark)
        assert p.width > p.height, p.mark.text


def test_the_page_of_a_pdf_carries_the_marks_of_its_text(fresh: tuple[TestClient, Store, int]) -> None:
    client, store, number = fresh
    send(client, number, "吉州.pdf", (DEMO / "jizhou-2021.pdf").read_bytes())
    send(client, number, "甲.txt", "吉州区2020年总结\n全区共有小学3所，在校生3000人。\n".encode())
    settle(client, number)
    document, (page,) = shown(store, number, "吉州.pdf")
    sheet = marks.sheet(document, {})
    assert {p.mark.id for p in page.places} == {m.id for _, m in sheet.pieces if isinstance(m, marks.Mark)}
    picture = picture_of(client, number, "吉州.pdf")
    assert max(picture.size) <= LONGEST + 1
    scale = picture.width / page.width
    for p in page.places:  # each is as wide as its characters, and there is print in it
        box = (int(p.x * scale), int(p.y * scale), int((p.x + p.width) * scale) + 1, int((p.y + p.height) * scale) + 1)  # fmt: skip
        assert picture.convert("L").crop(box).getextrema()[0] < 128, p.mark.text
    html = client.get(f"/projects/{number}/report", params={"source": "吉州.pdf"}).text
    assert html.count("<rect ") == len(page.places) > 30
    # corrected: the box follows; deleted: it is gone
    mark = page.places[0].mark
    post = lambda **body: client.post(f"/api/projects/{number}/observations/{mark.id}/review", params={"source": "吉州.pdf"}, json=body)  # noqa: E731 # fmt: skip
    assert post(action="correct", seen=0, fields={"status": "planned"}).status_code == 200
    _, (page,) = shown(store, number, "吉州.pdf")
    assert next(p.mark for p in page.places if p.mark.id == mark.id).status == "planned"
    assert post(action="delete", seen=1).status_code == 200
    _, (page,) = shown(store, number, "吉州.pdf")
    assert mark.id not in {p.mark.id for p in page.places}
    # texts have no pages, and the page says so
    assert shown(store, number, "甲.txt")[1] == ()
    assert "<svg" not in client.get(f"/projects/{number}/report", params={"source": "甲.txt"}).text
    for source, page_number in (("甲.txt", 1), ("吉州.pdf", 2), ("没有.pdf", 1)):
        params = {"source": source, "page": page_number}
        assert client.get(f"/api/projects/{number}/page", params=params).status_code == 404
    # what is no longer in the project leaves no picture behind
    assert list(pages_folder(store, number).glob("*/*.jpg"))
    upload = next(f["upload"]["id"] for f in client.get(f"/api/projects/{number}/uploads").json() if f["upload"]["name"] == "吉州.pdf")  # fmt: skip
    settle(client, number)
    client.delete(f"/api/projects/{number}/uploads/{upload}")
    settle(client, number)
    assert not list(pages_folder(store, number).glob("*/*.jpg"))


@pytest.mark.parametrize("turn", range(4))
def test_a_place_turns_with_its_page(turn: int) -> None:
    """A box on a page that lies on some side is, when the page was turned, where its ink is."""
    from reportminer.core import Box, Sheet

    wide, high = 300.0, 200.0
    matrix = {0: (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 1: (0.0, 1.0, -1.0, 0.0, wide, 0.0), 2: (-1.0, 0.0, 0.0, -1.0, wide, high), 3: (0.0, -1.0, 1.0, 0.0, 0.0, high)}[turn]  # fmt: skip
    side, box = Sheet(wide, high, matrix), Box(1, 30, 50, 90, 70)
    picture = Image.new("L", (300, 200), 255)
    picture.paste(0, (30, 50, 90, 70))
    ink = Image.open(io.BytesIO(draw(saved(picture), "甲.png", 1, turn))).convert("L").point(lambda v: 255 * (v < 128)).getbbox()  # fmt: skip
    assert pages._turn(side) == turn
    x, y, w, h = pages._upright(box, side, turn)
    assert ink is not None and all(abs(a - b) <= 1 for a, b in zip(ink, (x, y, x + w, y + h), strict=True))


@needs_ocr
def test_scans_that_lie_on_a_side_are_shown_upright(fresh: tuple[TestClient, Store, int], scan: Any) -> None:
    client, store, number = fresh
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as z:  # one of them in an archive
        z.writestr("里面/倒.png", saved(scan.rotate(180)))
    send(client, number, "左.png", saved(scan.rotate(90, expand=True)))
    send(client, number, "一包.zip", packed.getvalue())
    settle(client, number)
    for source in ("左.png", "一包.zip/里面/倒.png"):
        _, (page,) = shown(store, number, source)
        assert [p.mark.text for p in page.places] == ["48所", "30所", "18所", "1200万元", "8000平方米"], (
            source
        )
        picture = picture_of(client, number, source)
        assert picture.width > picture.height
        assert_on_ink(picture, page)


@needs_ocr
def test_who_waits_is_told_the_page(fresh: tuple[TestClient, Store, int], scan: Any) -> None:
    client, store, number = fresh
    other = scan.crop((0, 3, scan.width, scan.height))  # no two alike: none comes from the cache
    send(client, number, "两页.tif", saved(scan, "TIFF", save_all=True, append_images=[other]))
    seen: set[str] = set()
    until = time.monotonic() + 120
    while True:
        seen.update(re.findall(r"第 \d/2 页识别中", client.get(f"/projects/{number}/files/list").text))
        state = client.get(f"/api/projects/{number}/uploads").json()[0]
        if state["under_way"]:
            assert state["state"] == "reading" and state["under_way"]["pages"] == 2
        if state["state"] == "done":
            break
        assert time.monotonic() < until and state["state"] != "failed", state
        time.sleep(0.02)
    assert seen and seen <= {"第 1/2 页识别中", "第 2/2 页识别中"}
    settle(client, number)
    assert len(shown(store, number, "两页.tif")[1]) == 2 and under_way(store.folder(number) / "parts") == []


def test_workers_say_which_page_they_are_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scan: Any
) -> None:
    parts, heard = tmp_path / "parts", []

    def recognise(picture: Any) -> Any:
        heard.append(under_way(parts))
        return ocr._nothing((picture.shape[1], picture.shape[0]))

    monkeypatch.setattr(ocr, "available", lambda: "0")
    monkeypatch.setattr(ocr, "recognise", recognise)
    file = tmp_path / "两页.tif"
    file.write_bytes(saved(scan, "TIFF", save_all=True, append_images=[scan]))
    (outcome,) = worker.work(worker.Task(file, "两页.tif"), worker.Settings(parts, "x"))  # type: ignore[misc]
    assert heard == [[UnderWay("两页.tif", 1, 2)], [UnderWay("两页.tif", 2, 2)]]
    assert under_way(parts) == [] and outcome.source == "两页.tif"
    # a worker that was killed left its file: nobody believes it
    (parts / ".now").mkdir(exist_ok=True)
    (parts / ".now" / "999999999").write_text('["两页.tif", 1, 2]')
    (parts / ".now" / "1x").write_text("?")
    assert under_way(parts) == [] and not (parts / ".now" / "999999999").exists()
    with noted(parts):  # and a worker that has nothing to recognise writes nothing
        ingest.read_bytes("全县共有学校12所。".encode(), "甲.txt")
        assert under_way(parts) == []


def test_the_line_of_the_list_says_the_page(fresh: tuple[TestClient, Store, int]) -> None:
    client, store, number = fresh
    client.app.state.bench.runner.stop()  # type: ignore[attr-defined]
    for name in ("甲.pdf", "包.zip", "乙.txt"):
        store.projects.add_upload(number, name, name, 1, "张三")
    store.jobs.add(number, "read", {}, "李四")
    assert store.jobs.claim("w")
    with noted(parts_folder(store, number)):
        progress.tell("包.zip/内/丙.pdf", 3, 12)
        states = {s.upload.name: s for s in reading.states(store, number, 2)}
        assert states["包.zip"].under_way == UnderWay("包.zip/内/丙.pdf", 3, 12)
        assert [states[n].state for n in ("甲.pdf", "包.zip", "乙.txt")] == ["reading", "reading", "queued"]
        assert "第 3/12 页识别中（内/丙.pdf）" in client.get(f"/projects/{number}/files/list").text


def test_pages_that_cannot_be_drawn_say_so(scan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = (DEMO / "jizhou-2021.pdf").read_bytes()
    turned = Image.open(io.BytesIO(draw(pdf, "甲.pdf", 1, turn=1)))
    assert turned.width > turned.height and abs(max(turned.size) - LONGEST) <= 1
    for data, name, page in ((pdf, "甲.pdf", 0), (pdf, "甲.pdf", 2), (pdf[:900], "甲.pdf", 1), (saved(scan), "甲.png", 2), (saved(scan), "甲.png", 0), ("文字".encode(), "甲.txt", 1)):  # fmt: skip
        with pytest.raises(UnreadableFile) as e:
            draw(data, name, page)
        assert e.value.error.endswith("。") and e.value.fix


def test_a_page_costs_nobody_else_anything(
    fresh: tuple[TestClient, Store, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that draws may be killed or take for ever: that page is told to be missing, the next one is drawn."""
    client, store, number = fresh
    send(client, number, "吉州.pdf", (DEMO / "jizhou-2021.pdf").read_bytes())
    settle(client, number)
    params = {"source": "吉州.pdf", "page": 1}
    with monkeypatch.context() as m:
        m.setattr(pages, "_SECONDS", 0.001)
        answer = client.get(f"/api/projects/{number}/page", params=params)
        assert answer.status_code == 404 and "画不出来" in answer.json()["error"]
    picture_of(client, number, "吉州.pdf")
    # the oldest pictures go when there are too many
    kept = next(pages_folder(store, number).glob("*/*.jpg"))
    monkeypatch.setattr(pages, "_KEPT", kept.stat().st_size - 1)
    pages._bound(pages_folder(store, number))
    assert not kept.exists()
    # another file under the name is not shown for the one that was read
    (store.folder(number) / "uploads" / "吉州.pdf").write_bytes(b"%PDF-1.4 something else")
    assert client.get(f"/api/projects/{number}/page", params=params).status_code == 404
