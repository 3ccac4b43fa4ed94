"""The workbench for several people: nobody gets in without an account, roles hold, nobody's work is overwritten."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from starlette.routing import Mount

from reportminer.errors import BadOption, StoreConflict, StoreError
from reportminer.limits import variable
from reportminer.store import accounts as module
from reportminer.store.accounts import Accounts
from reportminer.store.store import Store
from reportminer.web.common import Viewer
from reportminer.workbench import logbook
from reportminer.workbench.rates import Rates
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


def every_route(client: TestClient) -> set[tuple[str, str]]:
    """Method and path of every route that the application has, pages too."""
    found, waiting = set(), list(client.app.routes)  # type: ignore[attr-defined]
    while waiting:
        route = waiting.pop()
        inside = getattr(
            route, "original_router", None
        )  # newer FastAPI keeps a router that was included whole
        if inside is not None:
            waiting += inside.routes
        elif isinstance(route, Mount):
            assert route.path == "/static"
        else:
            found |= {(m, route.path) for m in route.methods if m != "HEAD"}
    return found


def test_every_route_refuses_who_has_not_signed_in(office: tuple[TestClient, Accounts]) -> None:
    client, _ = office
    routes = every_route(client)
    assert len(routes) > 60 and ("GET", "/log") in routes and ("PATCH", "/api/accounts/{account}") in routes
    open_ = {("GET", "/login"), ("POST", "/login")}
    routes = [
        *sorted(routes - open_),
        ("GET", "/projects/1/findings/f1"),
        ("GET", "/nowhere"),
        ("POST", "/nowhere"),
    ]
    for method, path in routes:
        where = re.sub(r"\{\w+\}", "1", path)
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
    accounts.add("戊", PASSWORD, "admin", "安装")
    accounts.disable("丙", "安装")
    assert accounts.count() == 3 and accounts.of(client.cookies["session"]) is None
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
    with pytest.raises(BadOption, match="最后一个"):
        CliRunner().invoke(app, ["user", "丁", "--disable", *store], catch_exceptions=False)
    typed = f"{PASSWORD}二\n{PASSWORD}二\n"
    told = CliRunner().invoke(app, ["user", "丁", "--password", *store], input=typed)
    assert "已重设" in told.output and accounts.sign_in("丁", PASSWORD + "二", "")
    accounts.add("戊", PASSWORD, "admin", "丁")
    for option, left in (("--disable", 1), ("--enable", 2)):
        CliRunner().invoke(app, ["user", "丁", option, *store], catch_exceptions=False)
        assert accounts.count() == left
    with pytest.raises(BadOption, match="需要账号"):
        empty = ["--store", str(tmp_path / "空")]
        CliRunner().invoke(app, ["serve", "--accounts", *empty], catch_exceptions=False)


def test_who_manages_manages_accounts(office: tuple[TestClient, Accounts]) -> None:
    client, accounts = office
    head = sign_in(client, accounts, "丙")
    assert "甲" in client.get("/accounts").text
    body = {"name": " 丁 ", "password": PASSWORD, "role": "viewer"}
    made = client.post("/api/accounts", json=body, headers=head)
    assert (made.status_code, made.json()["name"], made.json()["role"]) == (201, "丁", "viewer")
    assert "password" not in made.json() and made.json()["last_sign_in"] is None
    assert client.post("/api/accounts", json=body, headers=head).status_code == 409
    for wrong in ({"password": "短"}, {"name": "a\nb"}, {"role": "king"}):
        assert client.post("/api/accounts", json={**body, **wrong}, headers=head).status_code in (400, 422)
    path = f"/api/accounts/{made.json()['id']}"
    assert client.patch(path, json={"role": "reviewer"}, headers=head).json()["role"] == "reviewer"
    token = accounts.sign_in("丁", PASSWORD, "")
    assert (
        client.put(f"{path}/password", json={"password": "另一个够长的密码"}, headers=head).status_code == 204
    )
    assert accounts.of(token) is None
    token = accounts.sign_in("丁", "另一个够长的密码", "")
    assert client.patch(path, json={"locked": True}, headers=head).json()["disabled_at"]
    assert accounts.of(token) is None
    with pytest.raises(StoreError):
        accounts.sign_in("丁", "另一个够长的密码", "")
    assert client.patch(path, json={"locked": False}, headers=head).json()["disabled_at"] is None
    assert accounts.sign_in("丁", "另一个够长的密码", "")
    assert client.patch("/api/accounts/99", json={"locked": True}, headers=head).status_code == 404
    # nobody else may, and nobody is left out
    known = {a["name"]: a["id"] for a in client.get("/api/accounts").json()}
    for change in ({"role": "viewer"}, {"locked": True}):
        last = client.patch(f"/api/accounts/{known['丙']}", json=change, headers=head)
        assert last.status_code == 400 and "最后一个" in last.json()["error"]
    head = sign_in(client, accounts, "乙")
    assert client.get("/accounts").status_code == client.get("/log").status_code == 403
    assert client.get("/api/accounts").status_code == client.get("/api/log").status_code == 403
    assert client.post("/api/accounts", json={**body, "name": "己"}, headers=head).status_code == 403
    assert client.patch(path, json={"role": "admin"}, headers=head).status_code == 403


def test_of_two_who_lock_each_other_one_is_left(store: Store) -> None:
    accounts = Accounts(store.engine)
    for n in range(6):
        one, two = f"甲{n}", f"乙{n}"
        for name in (one, two):
            accounts.add(name, PASSWORD, "admin", "安装")
        for a in accounts.all():
            if a.name not in (one, two) and a.disabled_at is None:
                accounts.disable(a.name, "安装")

        def lock(name: str, n: int = n) -> bool:
            try:
                if n % 2:
                    accounts.disable(name, "对方")
                else:
                    accounts.set_role(name, "viewer", "对方")
            except BadOption:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(lock, (one, two))) == [False, True]


def test_everybody_changes_their_own_password(office: tuple[TestClient, Accounts]) -> None:
    client, accounts = office
    elsewhere = accounts.sign_in("甲", PASSWORD, "")
    head = sign_in(client, accounts, "甲")
    assert "修改密码" in client.get("/me").text
    assert client.get("/api/me").json() == {"name": "甲", "role": "viewer"}
    path, new = "/api/me/password", "另一个够长的密码"
    for body, told in (({"old": "猜猜猜猜猜猜猜猜", "new": new}, "不对"), ({"old": PASSWORD, "new": "短"}, "至少"), ({"old": PASSWORD, "new": PASSWORD}, "相同")):  # fmt: skip
        answer = client.put(path, json=body, headers=head)
        assert answer.status_code == 400 and told in answer.json()["error"]
    assert client.put(path, json={"old": PASSWORD, "new": new}, headers=head).status_code == 204
    assert accounts.of(elsewhere) is None and client.get("/api/me").status_code == 200
    with pytest.raises(StoreError):
        accounts.sign_in("甲", PASSWORD, "")
    assert accounts.sign_in("甲", new, "")


def test_the_log_tells_who_did_what_when(office: tuple[TestClient, Accounts]) -> None:
    client, accounts = office
    head = sign_in(client, accounts, "乙")
    number = client.post("/api/projects", json={"name": "=各县"}, headers=head).json()["id"]
    client.patch(f"/api/projects/{number}", json={"name": "各县 <b>"}, headers=head)
    client.post("/login", json={"name": "乙", "password": "猜猜猜猜猜猜猜猜"})
    head = sign_in(client, accounts, "丙")

    def asked(**wanted: object) -> list[str]:
        return [e["action"] for e in client.get("/api/log", params=wanted).json()]

    assert asked(who="乙", kind="project") == ["project.rename", "project.create"]
    assert asked(about="=各县") == ["project.rename", "project.create"] and asked(about="没有过的事") == []
    assert asked(kind="account")[:2] == ["account.sign_in", "account.refused"]
    today = datetime.now().astimezone().date()
    assert len(asked(since=today)) == len(asked()) > 5 and asked(until=today - timedelta(days=1)) == []
    assert asked(since=today, until=today) == asked()
    some = client.get("/api/log", params={"limit": 2}).json()
    assert asked(before=some[-1]["id"], limit=1) == asked()[2:3]
    for wrong in ({"kind": "x"}, {"since": "昨天"}, {"until": "9999-12-31"}):
        assert client.get("/api/log", params=wrong).status_code == 400
    page = client.get("/log", params={"who": "乙", "about": "各县", "since": "", "until": str(today)}).text
    assert "项目 1" in page and "名称：各县 &lt;b&gt;" in page
    assert "项目改名" in page and "各县 &lt;b&gt;" in page and "<b>" not in page and "登录失败" not in page
    file = client.get("/api/log/file", params={"who": "乙"})
    assert file.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [r["代码"] for r in rows] == asked(who="乙") and rows[0]["来自"] == "testclient"
    assert all(not c.startswith("=") for r in rows for c in r.values() if c)
    assert client.get(f"/api/projects/{number}/comparison/file").status_code == 200
    assert client.get(f"/api/projects/{number}/audit", params={"format": "html"}).status_code == 200
    assert asked(kind="export") == ["export.audit", "export.comparison", "export.log"]
    assert not (set(asked()) - set(logbook._ACTIONS))


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        ("web_requests", lambda c, head: c.get("/api/me")),
        ("web_uploads", lambda c, head: c.post("/api/projects/1/uploads", params={"name": "甲.txt"}, content=b"1", headers=head)),
        ("web_exports", lambda c, head: c.get("/api/projects/1/comparison/file")),
        ("web_logins", lambda c, head: c.post("/login", json={"name": "丙", "password": PASSWORD})),
    ],
)  # fmt: skip
def test_who_asks_too_often_waits(
    kind: str,
    ask: Callable[[TestClient, dict[str, str]], Response],
    office: tuple[TestClient, Accounts],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, accounts = office
    head = sign_in(client, accounts, "乙")
    monkeypatch.setenv(variable(kind), "3")
    clock = [100.0]
    rates = Rates(lambda: clock[0])
    client.app.state.bench.rates = rates  # type: ignore[attr-defined]
    assert [ask(client, head).status_code == 429 for _ in range(4)] == [False, False, False, True]
    refused = ask(client, head)
    assert refused.headers["retry-after"] == "20" and "每分钟最多 3" in refused.json()["error"]
    assert variable(kind) in refused.json()["fix"] and "20 秒" in refused.json()["fix"]
    clock[0] += 20.5
    assert [ask(client, head).status_code == 429 for _ in range(2)] == [False, True]
    assert client.get("/static/style.css").status_code == 200
    other = sign_in(client, accounts, "丙") if kind != "web_logins" else {}
    assert kind == "web_logins" or ask(client, other).status_code != 429  # others are not held up
    clock[0] += 3600
    for n in range(10_050):
        rates.wait(kind, f"address:{n}")
        clock[0] += 21
    assert len(rates._used) < 10_005
