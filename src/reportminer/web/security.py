"""What every request must pass and every answer carries: who may ask from where, headers that keep foreign code out."""

from __future__ import annotations

import logging
import math
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reportminer.limits import LIMITS, limit, variable
from reportminer.web.common import Bench, Viewer

_LOGGER = logging.getLogger("reportminer")
_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}  # fmt: skip
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SAFE = ("GET", "HEAD", "OPTIONS")
_COSTLY = ("/file", "/audit", "/annotations", "/preview", "/password")  # ends of routes that take long


class Guard:
    """Refuses foreign origins, foreign host names on a single-user workbench, and everybody without a session where accounts are on."""

    def __init__(self, app: ASGIApp, bench: Bench) -> None:
        self._app = app
        self._bench = bench

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(message, scope["path"])
            await send(message)

        answer = await self._refusal(request, scope)
        try:
            await (answer or self._app)(scope, receive, guarded)
        except Exception:
            _LOGGER.exception("%s %s", request.method, scope["path"])
            if started:
                raise
            await _refused(500, "程序出错，已记入日志。", "请重试；如仍出错，请告诉管理员。")(
                scope, receive, guarded
            )

    async def _refusal(self, request: Request, scope: Scope) -> Response | None:
        host = request.headers.get("host", "")
        bench = self._bench
        if bench.accounts is None and _name(host) not in _LOOPBACK:
            return _refused(400, "只能从本机访问这个工作台。", "请打开 http://127.0.0.1 开头的地址。")
        if request.method not in _SAFE:
            origin = request.headers.get("origin")
            site = request.headers.get("sec-fetch-site", "same-origin")
            if (origin is not None and origin.partition("://")[2] != host) or site not in (
                "same-origin",
                "none",
            ):
                return _refused(403, "请求来自别的网站，已拒绝。", "请在工作台的页面里操作。")
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["viewer"] = bench.local
        if bench.accounts is None:
            return None
        if scope["path"].startswith("/static/"):
            return None
        token = request.cookies.get("session", "")
        found = await run_in_threadpool(bench.accounts.of, token) if token else None
        address = f"address:{request.client.host if request.client else ''}"
        asker = f"account:{found.name}" if found else address
        for kind in _kinds(request.method, scope["path"]):
            if seconds := bench.rates.wait(kind, address if kind == "web_logins" else asker):
                return _too_many(kind, seconds)
        if found is not None:
            viewer = Viewer(found.name, found.role, found.csrf)
            state["viewer"] = viewer
            wrong = request.headers.get("x-csrf-token") != viewer.csrf
            if request.method not in _SAFE and scope["path"] != "/login" and wrong:
                return _refused(403, "页面已过期。", "请刷新页面后重试。")
            return None
        if scope["path"] == "/login":
            return None
        if (
            request.method == "GET"
            and not scope["path"].startswith("/api/")
            and "hx-request" not in request.headers
        ):
            return RedirectResponse("/login", 303)
        return _refused(401, "请先登录。", "登录可能已过期，请重新登录。")


def _kinds(method: str, path: str) -> list[str]:
    """As what a request counts."""
    kinds = ["web_requests"]
    if method == "POST" and path == "/login":
        kinds.append("web_logins")
    elif method == "POST" and path.endswith("/uploads"):
        kinds.append("web_uploads")
    elif path.startswith("/api/") and path.endswith(_COSTLY):
        kinds.append("web_exports")
    return kinds


def _too_many(kind: str, seconds: float) -> Response:
    wait = math.ceil(seconds)
    error = f"请求太多：每分钟最多 {limit(kind)}{LIMITS[kind].unit}。"
    answer = _refused(429, error, f"请过 {wait} 秒再试；确需更多，请管理员调整 {variable(kind)}。")
    answer.headers["retry-after"] = str(wait)
    return answer


def _name(host: str) -> str:
    """The name in a Host header, empty for one that cannot be read."""
    try:
        return urlsplit("//" + host).hostname or ""
    except ValueError:
        return ""


def _refused(status: int, error: str, fix: str) -> Response:
    return JSONResponse({"error": error, "fix": fix}, status)


def _add_headers(message: Message, path: str) -> None:
    known = {k.lower() for k, _ in message["headers"]}
    own = dict(_HEADERS)
    own["cache-control"] = "public, max-age=3600" if path.startswith("/static/") else "no-store"
    message["headers"] = [
        *message["headers"],
        *((k.encode(), v.encode()) for k, v in own.items() if k.encode() not in known),
    ]
