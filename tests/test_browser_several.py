"""The workbench of an office in a real browser: on PostgreSQL from upload to comparison, and accounts with their log."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from conftest import DEMO
from reportminer.store import open_store
from reportminer.store.accounts import Accounts
from reportminer.store.store import Store
from serving import serving
from test_accounts import PASSWORD
from test_browser import Story, browser  # noqa: F401  (a fixture)

FILES = ["jian-2019.txt", "jian-2020.docx", "jian-2021.txt", "taihe-2020.txt", "jizhou-2021.pdf"]


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    """A database of its own on the server of the tests."""
    with psycopg.connect(postgres, autocommit=True) as c:
        c.execute("CREATE DATABASE office")
    yield postgres.replace("/postgres?", "/office?")
    with psycopg.connect(postgres, autocommit=True) as c:
        c.execute("DROP DATABASE office WITH (FORCE)")


def signed_in(story: Story, name: str, password: str = PASSWORD) -> None:
    story.page.goto(f"{story.server}/login")
    story.page.fill("[name=name]", name)
    story.page.fill("[name=password]", password)
    story.page.press("[name=password]", "Enter")
    story.page.wait_for_selector("[data-logout]")


def test_postgres_from_upload_to_comparison(browser: object, database: str, tmp_path: Path) -> None:  # noqa: F811
    files = tmp_path / "files"
    store = open_store(database, files=files)
    accounts = Accounts(store.engine)
    accounts.add("乙", PASSWORD, "reviewer", "安装")
    with serving(database, "--files", str(files), "--accounts") as (address, _):
        story = Story(browser, address, tmp_path)
        page = story.page
        signed_in(story, "乙")
        page.fill("#new-project input", "各县")
        page.press("#new-project input", "Enter")
        page.wait_for_selector("#drop")
        page.set_input_files("#files", [str(DEMO / f) for f in FILES])
        story.until(
            f"document.querySelectorAll('td.state.done').length === {len(FILES)} && !document.querySelector('.job')", timeout=90_000
        )  # fmt: skip

        page.click("nav >> text=报告")
        page.click("td a >> text=2020")
        page.wait_for_selector("#text mark")
        page.keyboard.press("n")
        page.wait_for_selector("#record dl")
        page.keyboard.press("e")
        page.wait_for_selector("#record form")
        page.fill("#record [name=label]", "改过的名称")
        page.keyboard.press("Enter")
        story.until("document.querySelector('#record dl')?.innerText.includes('改过的名称')")

        page.click("nav >> text=核查")
        page.locator(".findings li a").first.click()
        page.wait_for_selector("#detail article")
        page.keyboard.press("3")
        page.fill("#reason", "口径不同，见年报第 12 页")
        page.click("#decide .primary")
        page.wait_for_selector(".findings li.s-explained")

        page.click("nav >> text=比较")
        page.wait_for_selector("#table .cell")
        page.locator("#table .cell").first.click()
        page.wait_for_selector("#evidence[open] blockquote")
        page.keyboard.press("Escape")
        with page.expect_download() as saved:
            page.click("[data-format=xlsx]")
        assert Path(saved.value.path()).read_bytes().startswith(b"PK")
        page.click("nav >> text=总览")
        page.wait_for_selector(".numbers")
        assert not story.wrong
        page.close()
    kept(store, files)
    store.close()


def kept(store: Store, files: Path) -> None:
    """What the browser did is in the database with its author, the bytes in the folder."""
    number = store.projects.named("各县").id
    (correction,) = store.reviews.corrections(number)
    assert (correction.who, correction.after["label"]) == ("乙", "改过的名称")
    (decision,) = store.reviews.decisions(number).values()
    assert (decision.who, decision.verdict) == ("乙", "explained")
    assert sorted(p.name for p in (files / "projects" / str(number) / "uploads").iterdir()) == sorted(FILES)
    assert store.results.count(number, "documents") == len(FILES)
    assert {u.who for u in store.projects.uploads(number)} == {"乙"}


def test_accounts_and_their_log(browser: object, tmp_path: Path) -> None:  # noqa: F811
    where = tmp_path / "store"
    store = open_store(where)
    Accounts(store.engine).add("丙", PASSWORD, "admin", "安装")
    with serving(where, "--accounts") as (address, _):
        shots = Path(os.environ.get("SCREENSHOTS", tmp_path))
        shots.mkdir(parents=True, exist_ok=True)
        story = Story(browser, address, shots)
        page = story.page
        signed_in(story, "丙")
        page.click(".who >> text=账号")
        page.fill("#new-account [name=name]", "丁")
        page.fill("#new-account [name=password]", PASSWORD)
        page.click("#new-account .primary")
        page.wait_for_selector("tr[data-name=丁]")
        story.check("8-accounts")
        page.select_option("tr[data-name=丁] select", "viewer")
        page.click("#ask-yes")
        page.wait_for_selector("#toast >> text=已改变")
        page.select_option("tr[data-name=丙] select", "viewer")
        page.click("#ask-yes")
        page.wait_for_selector("#toast .bad >> text=最后一个")
        assert page.input_value("tr[data-name=丙] select") == "admin"
        story.wrong.clear()  # the browser notes the answer 400 itself
        page.click("tr[data-name=丁] [data-password]")
        page.fill("#reset-input", "另一个够长的密码")
        page.click("#reset .primary")
        page.wait_for_selector("#toast >> text=已重设")

        other = Story(browser, address, shots)
        signed_in(other, "丁", "另一个够长的密码")
        other.page.click(".who >> text=丁")
        other.check("9-own-account")
        for field, value in (("old", "另一个够长的密码"), ("new", PASSWORD), ("again", PASSWORD + "x")):
            other.page.fill(f"#own-password [name={field}]", value)
        other.page.click("#own-password .primary")
        other.page.wait_for_selector("#toast .bad >> text=不同")
        other.page.fill("#own-password [name=again]", PASSWORD)
        other.page.click("#own-password .primary")
        other.page.wait_for_selector("#toast >> text=密码已修改")
        assert other.page.locator(".who >> text=日志").count() == 0
        assert not other.wrong

        page.click("tr[data-name=丁] [data-lock]")
        page.click("#ask-yes")
        page.wait_for_selector("tr[data-name=丁] >> text=已停用")
        other.page.goto(address)
        other.page.wait_for_selector("#login")  # out at once
        behind = {"X-Forwarded-For": "10.1.2.3", "X-Forwarded-Proto": "https"}  # a proxy on this machine
        asked = httpx.post(f"{address}/login", json={"name": "丁", "password": PASSWORD}, headers=behind)
        assert asked.status_code == 400
        mine = httpx.post(f"{address}/login", json={"name": "丙", "password": PASSWORD}, headers=behind)
        assert "secure" in mine.headers["set-cookie"].lower()
        page.click(".who >> text=日志")
        page.select_option("[name=kind]", "account")
        page.fill("[name=about]", "丁")
        page.press("[name=about]", "Enter")
        page.wait_for_selector("text=停用账号")
        told = page.inner_text("table.log")
        for action in ("建立账号", "改变权限", "重设密码", "登录", "修改自己的密码", "10.1.2.3"):
            assert action in told
        story.check("10-log")
        with page.expect_download() as saved:
            page.click("text=下载 csv")
        assert "停用账号" in Path(saved.value.path()).read_text(encoding="utf-8-sig")
        page.set_viewport_size({"width": 1280 * 2 // 3, "height": 480})  # 150 %
        for at in ("/accounts", "/me", "/log"):
            page.goto(address + at)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), at
        assert not story.wrong
    store.close()
