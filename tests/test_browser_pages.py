"""Pages beside the text in a real browser, results that come by themselves, 150 % zoom, paper. Screenshots as in test_browser."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import DEMO
from reportminer.ingest import ocr
from test_browser import Story, browser, server  # noqa: F401

pytest.importorskip("playwright.sync_api")
typesetting = pytest.importorskip("typesetting")
ITEMS = [
    "青山县2020年教育工作总结",
    "全县共有学校48所，其中小学30所、初中18所，办学条件有了明显改善，各项工作有序推进。",
    "全年投入资金1200万元，新建校舍8000平方米。",
]
GROWTH = "青山县2021年教育工作总结\n2021年，全年教育支出12.04亿元，比2020年的11.36亿元增长8.6%。\n"


@pytest.fixture(scope="module")
def story(browser: Any, server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:  # noqa: F811
    """A project with a text, a pdf and (where recognition is installed) a scan that lies on its side, read."""
    shots = Path(os.environ.get("SCREENSHOTS", tmp_path_factory.mktemp("shots")))
    shots.mkdir(parents=True, exist_ok=True)
    told = Story(browser, server, shots)
    page = told.page
    page.goto(server)
    page.fill("#new-project input", "页面")
    page.press("#new-project input", "Enter")
    page.wait_for_selector("#drop")
    files = [
        {"name": "总结.txt", "mimeType": "text/plain", "buffer": GROWTH.encode()},
        {
            "name": "吉州.pdf",
            "mimeType": "application/pdf",
            "buffer": (DEMO / "jizhou-2021.pdf").read_bytes(),
        },
    ]
    if ocr.available():
        picture = typesetting.scanned(typesetting.report_pdf(ITEMS), random.Random(3), dpi=130, tilt=1.0)[0]
        picture = picture.crop((0, 0, picture.width, picture.height // 3)).rotate(90, expand=True)
        out = io.BytesIO()
        picture.save(out, "PNG")
        files.append({"name": "扫描.png", "mimeType": "image/png", "buffer": out.getvalue()})
    page.set_input_files("#files", files)  # type: ignore[arg-type]
    told.until(f"document.querySelectorAll('td.state.done').length === {len(files)}", timeout=120_000)
    page.wait_for_selector("#file-list:not([hx-trigger])", timeout=60_000)
    told.base = page.url.rsplit("/", 1)[0]  # type: ignore[attr-defined]
    yield told
    page.close()


def open_report(story: Story, source: str) -> Any:
    page = story.page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{story.base}/report?source={source}")  # type: ignore[attr-defined]
    page.wait_for_selector("#text mark")
    return page


def visible(page: Any, inner: str, outer: str) -> bool:
    """Is an element inside the part of a pane that is seen?"""
    found: bool = page.evaluate(
        "([a, b]) => { const x = document.querySelector(a).getBoundingClientRect(), y = document.querySelector(b).getBoundingClientRect();"
        " return x.top >= y.top - 1 && x.bottom <= y.bottom + 1 && x.left >= y.left - 1 && x.right <= y.right + 1; }",
        [inner, outer],
    )
    return found


def picks(story: Story, source: str, figure: str, name: str) -> None:
    """Box and mark of a figure choose each other, whatever is shown, however large."""
    page = open_report(story, source)
    story.until("[...document.querySelectorAll('#pages img')].every(i => i.complete && i.naturalWidth)")
    assert page.get_attribute(".desk", "data-view") == "both"  # wide enough
    mark = page.locator("#text mark", has_text=figure).first
    id_ = mark.get_attribute("id")
    box = page.locator(f"#pages rect[data-mark='{id_}']").first
    box.click()
    page.wait_for_selector("#record dl")
    assert figure in page.inner_text("#record")
    assert "on" in (mark.get_attribute("class") or "").split()
    assert "on" in (box.get_attribute("class") or "").split()
    # colours as the marks
    fill, back = (page.evaluate("([s, p]) => getComputedStyle(document.querySelector(s))[p]", x) for x in ((f"rect[data-mark='{id_}']", "fill"), (f"#{id_}", "backgroundColor")))  # fmt: skip
    assert fill == back
    story.check(name)
    # the box follows when the page is enlarged, and stays in sight
    before = box.bounding_box()
    for _ in range(4):
        page.keyboard.press("+")
    assert page.inner_text("#zoom-now") == "244"
    after = box.bounding_box()
    assert 2.3 < after["width"] / before["width"] < 2.55 and visible(page, "#pages rect.on", "#pages")
    # the next mark brings its place into sight
    others = page.locator("#text mark")
    last = others.nth(others.count() - 1)
    last.click()
    story.until("document.querySelector('#pages rect.on')")
    story.until(f"document.querySelector('#pages rect.on').dataset.mark === '{last.get_attribute('id')}'")
    assert visible(page, "#pages rect.on", "#pages")
    page.keyboard.press("0")
    # text, both, page: and the page alone is worked on with the same keys
    page.click("[data-view=page]")
    assert not page.is_visible("#text") and page.is_visible("#pages")
    page.keyboard.press("p")
    story.until(f"document.querySelector('#pages rect.on').dataset.mark !== '{last.get_attribute('id')}'")
    assert page.evaluate("document.activeElement.tagName") == "rect"
    story.check(name + "-page")
    page.keyboard.press("v")
    assert page.is_visible("#text") and not page.is_visible("#pages")
    page.keyboard.press("v")
    assert page.get_attribute(".desk", "data-view") == "both"
    assert not story.wrong


def test_boxes_on_a_pdf(story: Story) -> None:
    picks(story, "吉州.pdf", "9.74亿元", "8-pdf")
    # after a correction the same pictures carry the new boxes
    page = story.page
    page.locator("#text mark", has_text="9.74亿元").click()
    page.wait_for_selector("#record dl")
    page.evaluate("document.querySelector('#pages img').dataset.same = 'yes'")
    page.keyboard.press("e")
    page.select_option("#record [name=status]", "planned")
    page.click("#record .primary")
    story.until("document.querySelector('#pages rect.on')?.classList.contains('planned')")
    assert page.get_attribute("#pages img", "data-same") == "yes"
    page.wait_for_selector("#record dl")
    page.keyboard.press("u")
    story.until("document.querySelector('#pages rect.on')?.classList.contains('actual')")
    story.until("!document.querySelector('#busy .job')")
    assert not story.wrong


@pytest.mark.skipif(ocr.available() is None, reason="没有安装 reportminer[ocr]")
def test_boxes_on_a_scan(story: Story) -> None:
    picks(story, "扫描.png", "1200万元", "9-scan")
    width, height = story.page.evaluate("(r => [r.width, r.height])(document.querySelector('#pages img').getBoundingClientRect())")  # fmt: skip
    assert width > height  # it lies on its side in the file


def test_new_results_come_by_themselves(story: Story) -> None:
    page = open_report(story, "总结.txt")
    story.until("document.querySelector('#text mark.error')")
    other = page.context.browser.new_page()  # a second window on the findings
    other.goto(f"{story.base}/findings?source=%E6%80%BB%E7%BB%93.txt")  # type: ignore[attr-defined]
    other.wait_for_selector(".findings li.error")
    page.locator("#text mark", has_text="8.6%").click()
    page.wait_for_selector("#record dl")
    page.keyboard.press("e")
    page.fill("#record [name=value]", "6%")
    page.keyboard.press("Enter")
    page.wait_for_selector("#busy >> text=重新核查")
    story.until("!document.querySelector('#text mark.error') && !document.querySelector('#busy .job')")
    assert "6%" in page.inner_text("#record h2")  # the record is still there
    other.evaluate("document.body.dispatchEvent(new Event('busy'))")
    other.wait_for_selector("#list:not(:has(li.error))")
    other.close()
    page.locator("#text mark", has_text="8.6%").click()
    page.keyboard.press("u")
    story.until("document.querySelector('#text mark.error') && !document.querySelector('#busy .job')")
    assert not story.wrong


PAGES = ["overview", "files", "reports", "findings", "compare", "settings", "report?source=吉州.pdf", "report?source=总结.txt"]  # fmt: skip


def test_everything_fits_at_one_and_a_half(story: Story) -> None:
    page = story.page
    page.set_viewport_size({"width": 853, "height": 480})
    for path in ["", *PAGES]:
        page.goto(f"{story.base}/{path}" if path else story.server)  # type: ignore[attr-defined]
        if path == "compare":
            page.wait_for_selector("#table .cell")
        if path.startswith("report?"):
            page.keyboard.press("n")
            page.wait_for_selector("#record dl")
            story.until("document.querySelector('#record h2').getBoundingClientRect().bottom < innerHeight")
        if path == "findings":
            page.wait_for_selector(".findings li")
            page.keyboard.press("n")
            page.wait_for_selector("#detail article")
            story.until("document.querySelector('#detail h2').getBoundingClientRect().bottom < innerHeight")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        cut = page.evaluate(
            "[...document.querySelectorAll('button, .button, nav a, summary, h1, h2')].filter(e => e.getClientRects().length && e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map(e => e.textContent)"
        )
        assert not cut, (path, cut)
        story.check("zoom-" + (path.partition("?")[0] or "projects"))


def test_pages_are_printed_whole(story: Story) -> None:
    page = story.page
    page.set_viewport_size({"width": 1280, "height": 720})
    for path in PAGES:
        page.goto(f"{story.base}/{path}")  # type: ignore[attr-defined]
        if path == "compare":
            page.wait_for_selector("#table .cell")
        page.emulate_media(media="print")
        hidden = page.evaluate("['.bar', '#toast', '#filters', '#choose-cells', '#drop', '#pages', '#record', '#views'].filter(s => document.querySelector(s)?.getClientRects().length)")  # fmt: skip
        assert not hidden, (path, hidden)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if path.startswith("report?"):
            assert page.evaluate("(t => t.getClientRects().length && t.scrollHeight <= t.clientHeight + 1)(document.querySelector('#text'))")  # fmt: skip
        if path == "compare":
            rows = page.evaluate("document.querySelectorAll('#printed tbody tr').length")
            assert rows >= 3 and page.is_visible("#printed") and not page.is_visible("#table")
        page.emulate_media(media="screen")
    assert not story.wrong
