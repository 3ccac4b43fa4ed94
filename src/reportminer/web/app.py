"""The application: routes, errors, security, and the worker that reads in the background."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from reportminer import __version__
from reportminer.errors import ReportMinerError
from reportminer.web import (
    accounts,
    comparison,
    findings,
    logbook,
    login,
    overview,
    projects,
    reports,
    settings,
    uploads,
)
from reportminer.web.common import HERE, Bench, json, page, status_of
from reportminer.web.security import Guard
from reportminer.workbench.files import tidy_uploads
from reportminer.workbench.reading import resume

_ROUTERS = (projects, uploads, reports, findings, comparison, overview, settings, login, accounts, logbook)


def create_app(bench: Bench) -> FastAPI:
    """The application over a workbench; its jobs run while it runs."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        tidy_uploads(bench.store)
        resume(bench.store)
        bench.runner.start()
        yield
        bench.runner.stop()
        bench.drawer.close()

    app = FastAPI(
        title="reportminer",
        version=__version__,
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.bench = bench
    app.add_middleware(Guard, bench=bench)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for module in _ROUTERS:
        app.include_router(module.router)
    app.add_exception_handler(ReportMinerError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)

    @app.get("/favicon.ico", include_in_schema=False)
    def favicon() -> Response:
        return RedirectResponse("/static/icon.svg", 301)

    return app


def _told(request: Request, status: int, error: str, fix: str) -> Response:
    """An error as a page for people, as JSON for programs."""
    as_page = not request.url.path.startswith("/api/") and "hx-request" not in request.headers
    if as_page and "text/html" in request.headers.get("accept", ""):
        return page(request, "error.html", status=status, error=error, fix=fix)
    return json({"error": error, "fix": fix}, status)


def _known(request: Request, e: Exception) -> Response:
    assert isinstance(e, ReportMinerError)
    return _told(request, status_of(e), e.error, e.fix)


def _invalid(request: Request, e: Exception) -> Response:
    assert isinstance(e, RequestValidationError)
    where = "、".join(str(x["loc"][-1]) for x in e.errors() if x["loc"])
    return _told(request, 422, f"请求里的 {where} 不对。", "请检查后重试；写法见 /api/openapi.json。")


def _http(request: Request, e: Exception) -> Response:
    assert isinstance(e, HTTPException)
    known = {
        404: ("没有这个页面。", "请从首页重新进入。"),
        405: ("不能这样请求。", "写法见 /api/openapi.json。"),
    }
    return _told(request, e.status_code, *known.get(e.status_code, (str(e.detail), "")))
