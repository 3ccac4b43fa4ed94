"""The workbench for several people: nobody gets in without an account, roles hold, nobody's work is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from reportminer.errors import BadOption, StoreConflict, StoreError
from reportminer.store import accounts as module
from reportminer.store.accounts import Accounts
from reportminer.web.common import Viewer
from test_web import bench, open_client

PASSWORD = "一个足够长的密码"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[TestClient, Accounts]]:
    made = bench(tmp_path)
    made.local = Viewer("", "viewer")
    made.accounts = Accounts(made.store.engine)
    for name, role in (("甲", "viewer"), ("乙", "reviewer"), ("丙", "admin")):
        made.accounts.add(name, PASSWORD, role, "安装")
    with open_client(made) as client:
        yield client, made.accounts


def sign_in(client: TestClient, accounts: Accounts, name: str) -> dict[str, str]:
    client.cookies.clear()
    assert client.post("/login", json={"name": name, "password": PASSWORD}).status_code == 200
    found = accounts.of(client.cookies["session"])
    assert found and found.name == name
    return {"x-csrf-token": found.csrf}


def test_every_route_refuses_who_has_not_signed_in(office: tuple[TestClient, Accounts]) -> None:
    client, _ = office
    spec = client.app.openapi()  # type: ignore[attr-defined]
    routes = [(m.upper(), path) for path, methods in spec["paths"].items() for m in methods]
    pages = [
        "",
        "files",
        "files/list",
        "reports",
        "report",
        "report/text",
        "findings",
        "findings/f1",
        "compare",
        "overview",
        "settings",
    ]
    routes += [("GET", f"/projects/1/{p}") for p in pages] + [
        ("GET", "/"),
        ("GET", "/api/openapi.json"),
        ("GET", "/nowhere"),
        ("POST", "/logout"),
    ]
    assert len(routes) > 40
    for method, path in routes:
        where = path.replace("{project}", "1").replace("{job}", "1").replace("{upload}", "1")
        for cookie in ({}, {"session": "guessed"}):
            client.cookies.clear()
            answer = client.request(method, where, follow_redirects=False, cookies=cookie)
            page = method == "GET" and not path.startswith("/api")
            assert (answer.status_code, answer.headers.get("location")) == (
                (303, "/login") if page else (401, None)
            ), (method, path)
    assert client.get("/login").status_code == 200 and client.get("/static/style.css").status_code == 200


def test_roles_hold(office: tuple[TestClient, Accounts]) -> None:
    client, accounts = office
    allowed = {}
    for name in "甲乙丙":
        head = sign_in(client, accounts, name)
        made = client.post("/api/projects", json={"name": name}, headers=head)
        number = made.json().get("id", 1)
        removed = client.delete(f"/api/projects/{number}", params={"name": name}, headers=head)
        allowed[name] = (made.status_code, removed.status_code)
    assert allowed == {"甲": (403, 403), "乙": (201, 403), "丙": (201, 204)}


def test_changes_need_the_token_of_the_page(office: tuple[TestClient, Accounts]) -> None:
    client, accounts = office
    head = sign_in(client, accounts, "丙")
    for wrong in ({}, {"x-csrf-token": "x"}):
        assert client.post("/api/projects", json={"name": "丁"}, headers=wrong).status_code == 403
    assert client.post("/api/projects", json={"name": "丁"}, headers=head).status_code == 201
    assert (
        "httponly"
        in client.post("/login", json={"name": "丙", "password": PASSWORD}).headers["set-cookie"].lower()
    )
    head = sign_in(client, accounts, "丙")
    assert head["x-csrf-token"] in client.get("/").text
    old = client.cookies["session"]
    assert client.post("/logout", headers=head).status_code == 204
    assert accounts.of(old) is None


def test_guessing_is_stopped(office: tuple[TestClient, Accounts], monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = office
    for _n in range(5):
        assert (
            "不对"
            in client.post("/login", json={"name": "丙", "password": "猜猜猜猜猜猜猜猜"}).json()["error"]
        )
    assert "次数太多" in client.post("/login", json={"name": "丙", "password": PASSWORD}).json()["error"]
    monkeypatch.setattr(module, "_WINDOW", 0.0)
    assert client.post("/login", json={"name": "丙", "password": PASSWORD}).status_code == 200


def test_accounts_are_made_with_care(office: tuple[TestClient, Accounts]) -> None:
    client, accounts = office
    for wrong in (("", PASSWORD, "admin"), ("丁", "短", "admin"), ("丁", PASSWORD, "king")):
        with pytest.raises(BadOption):
            accounts.add(*wrong, "安装")
    with pytest.raises(StoreConflict):
        accounts.add("丙", PASSWORD, "admin", "安装")
    sign_in(client, accounts, "丙")
    accounts.disable("丙", "安装")
    assert accounts.count() == 2 and accounts.of(client.cookies["session"]) is None
    with pytest.raises(StoreError):
        accounts.sign_in("丙", PASSWORD, "")


def test_of_ten_at_once_one_decides(office: tuple[TestClient, Accounts]) -> None:
    client, _accounts = office
    store = client.app.state.bench.store  # type: ignore[attr-defined]
    number = store.projects.create("甲", "张三").id

    def decide(n: int) -> str:
        try:
            store.reviews.decide(number, {"f1": 0}, "confirmed", f"第 {n} 人", f"人{n}")
        except StoreConflict:
            return "conflict"
        return "done"

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(decide, range(10))) == ["conflict"] * 9 + ["done"]
    assert len(store.reviews.history_of_finding(number, "f1")) == 1


def test_the_command_line_makes_accounts_and_serves_others_only_with_them(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from reportminer.cli import app

    store = ["--store", str(tmp_path)]
    with pytest.raises(BadOption, match="需要账号"):
        CliRunner().invoke(app, ["serve", "--host", "0.0.0.0", *store], catch_exceptions=False)
    made = CliRunner().invoke(
        app, ["user", "丁", "--role", "admin", *store], input=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert made.exit_code == 0 and "已建立" in made.output and PASSWORD not in made.output
    accounts = Accounts(bench(tmp_path).store.engine)
    assert accounts.sign_in("丁", PASSWORD, "")
    CliRunner().invoke(app, ["user", "丁", "--disable", *store], catch_exceptions=False)
    assert accounts.count() == 0
