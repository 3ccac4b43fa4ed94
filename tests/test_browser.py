"""The whole story in a real browser: upload, review, decide, compare, download. Screenshots go to ``$SCREENSHOTS`` or a temporary folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import DEMO

playwright = pytest.importorskip("playwright.sync_api")
AXE = Path(__file__).parent / "web" / "axe.min.js"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a workbench of our own, started as a user starts it."""
    command = [
        sys.executable,
        "-m",
        "reportminer",
        "serve",
        "--store",
        str(tmp_path_factory.mktemp("store")),
        "--port",
        "0",
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout
    found = re.search(r"http://\S+?:\d+", process.stdout.readline())
    assert found
    yield found.group(0)
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Chromium of this machine."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("本机没有 Chromium（apt-get install chromium）")
    with playwright.sync_playwright() as p:
        opened = p.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


class Story:
    """A page that notes what must not happen."""

    def __init__(self, browser: object, server: str, shots: Path) -> None:
        self.page = browser.new_page(viewport={"width": 1280, "height": 720})  # type: ignore[attr-defined]
        self.server, self.shots = server, shots
        self.wrong: list[str] = []
        self.page.on("console", lambda m: m.type in ("error", "warning") and self.wrong.append(m.text))
        self.page.on("pageerror", lambda e: self.wrong.append(str(e)))
        self.page.on(
            "request", lambda r: r.url.startswith((server, "data:", "blob:")) or self.wrong.append(r.url)
        )

    def until(self, condition: str, timeout: float = 30_000) -> None:
        """Wait until an expression is true; the pages forbid the eval that the browser driver would use."""
        import time

        end = time.monotonic() + timeout / 1000
        while not self.page.evaluate(f"() => Boolean({condition})"):
            assert time.monotonic() < end, condition
            time.sleep(0.05)

    def check(self, name: str) -> None:
        """Keep a picture, and ask axe whether everybody can use the page."""
        self.page.screenshot(path=self.shots / f"{name}.png")
        self.page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        bad = [
            f"{v['id']}: {v['nodes'][0]['html'][:200]}"
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert not bad, (name, bad)
        assert not self.wrong, (name, self.wrong)


def test_the_whole_story(browser: object, server: str, tmp_path: Path) -> None:
    shots = Path(os.environ.get("SCREENSHOTS", tmp_path))
    shots.mkdir(parents=True, exist_ok=True)
    story = Story(browser, server, shots)
    page = story.page

    page.goto(server)
    page.fill("#new-project input", "各县教育工作")
    page.press("#new-project input", "Enter")
    page.wait_for_selector("#drop")
    files = [str(f) for f in sorted(DEMO.iterdir()) if f.suffix in (".txt", ".docx", ".pdf")]
    page.set_input_files("#files", files)
    story.until(f"document.querySelectorAll('td.state.done').length === {len(files)}", timeout=60_000)
    page.wait_for_selector("#file-list:not([hx-trigger])", timeout=60_000)
    story.check("1-upload")
    page.goto(server)
    story.check("0-projects")

    page.click(".cards a")
    page.click("nav >> text=报告")
    story.check("2-reports")
    page.click("text=吉安县教育体育局2020年工作情况报告")
    page.wait_for_selector("#text mark")
    page.keyboard.press("b")  # the first figure with a problem
    page.wait_for_selector("#record dl")
    assert "12.04亿元" in page.inner_text("#record")
    page.keyboard.press("a")
    page.wait_for_selector("mark.done.accept, mark.done")
    page.keyboard.press("e")
    page.wait_for_selector("#record form")
    story.check("3-correct")
    page.fill("#record [name=value]", "11.5亿元")
    page.keyboard.press("Enter")
    story.until("document.querySelector('#record')?.innerText.includes('1,150,000,000 元（11.5亿元）')")
    page.keyboard.press("u")
    story.until("document.querySelector('#record')?.innerText.includes('1,136,000,000')")
    count = page.inner_text("#count")
    page.keyboard.press("d")
    story.until(f"document.querySelector('#count').textContent !== '{count}'")
    page.keyboard.press("u")
    story.until(f"document.querySelector('#count').textContent === '{count}'")
    page.evaluate(
        """() => { const t = document.querySelector('#text span[data-at]').firstChild, r = document.createRange(); r.setStart(t, 0); r.setEnd(t, 3); getSelection().removeAllRanges(); getSelection().addRange(r); }"""
    )
    page.keyboard.press("m")
    page.wait_for_selector("#record form >> text=标为一个数")
    page.keyboard.press("Escape")
    story.check("4-report")

    page.click("nav >> text=核查")
    page.wait_for_selector(".findings li")
    page.check("input[name=severity][value=error]")
    story.until("[...document.querySelectorAll('.findings li')].every(x => x.classList.contains('error'))")
    page.keyboard.press("Escape")
    page.click("h1")
    page.keyboard.press("n")
    page.wait_for_selector("#detail .paper")
    story.check("5-finding")
    page.keyboard.press("2")
    page.fill("#reason", "核实无误")
    page.click("#decide .primary")
    page.wait_for_selector("#toast .bad >> text=理由")
    story.wrong.clear()  # the browser notes the answer 400 itself
    page.keyboard.press("2")
    page.fill("#reason", "基数按决算数，见年报")
    page.click("#decide .primary")
    page.wait_for_selector(".findings li.s-false_alarm")
    with page.expect_download() as saved:
        page.click("text=Word")
    assert saved.value.suggested_filename == "各县教育工作核查报告.docx"

    page.click("nav >> text=比较")
    page.wait_for_selector("#table .cell")
    page.wait_for_selector("#chart canvas")
    story.check("6-compare")
    page.select_option("#chart-kind", "trend")
    page.click("#choose-cells summary >> text=年份")
    page.check("#choose-cells input[value='2021']")
    story.until(
        "[...document.querySelectorAll('#table .tabulator-cell[tabulator-field=year]')].every(x => x.textContent === '2021')"
    )
    pinned = page.url
    with page.expect_download() as saved:
        page.click("[data-format=xlsx]")
    assert Path(saved.value.path()).read_bytes().startswith(b"PK")
    with page.expect_download() as saved:
        page.click("#png")
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")
    page.locator("#table .cell").first.click()
    page.wait_for_selector("#evidence[open] blockquote")
    story.check("7-evidence")
    page.goto(pinned)
    page.wait_for_selector("#table .cell")
    assert page.is_checked("#choose-cells input[value='2021']") and page.input_value("#chart-kind") == "trend"
    assert not story.wrong


def test_six_hundred_marks_open_at_once(browser: object, server: str, tmp_path: Path) -> None:
    import time

    story = Story(browser, server, tmp_path)
    page = story.page
    page.goto(server)
    page.fill("#new-project input", "长报告")
    page.press("#new-project input", "Enter")
    page.wait_for_selector("#drop")
    sentence = "全县第{n}中心校占地{a}平方米，在校生{b}人，教师{c}人。"
    text = "吉安县2020年教育工作总结\n" + "\n".join(
        sentence.format(n=n, a=9000 + n, b=800 + n, c=40 + n) for n in range(220)
    )
    page.set_input_files("#files", {"name": "长.txt", "mimeType": "text/plain", "buffer": text.encode()})
    page.wait_for_selector("td.state.done", timeout=60_000)
    href = page.get_attribute("td.state.done >> xpath=../td[1]/a", "href")
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        page.goto(server + (href or ""))
        page.wait_for_selector("#text mark")
        times.append(time.perf_counter() - begin)
    assert page.locator("#text mark").count() >= 600
    assert min(times) < 1, times
    page.set_viewport_size({"width": 1280 * 2 // 3, "height": 480})  # 150 %
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not story.wrong
