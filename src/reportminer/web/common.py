"""What all pages and API routes share: who asks, how errors and results are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request
from fastapi import Path as PathParameter
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates

from reportminer.errors import NoSuchThing, ReportMinerError, StoreConflict
from reportminer.export import plain
from reportminer.store.accounts import Accounts
from reportminer.store.records import Project
from reportminer.store.store import Store
from reportminer.workbench.apart import Apart
from reportminer.workbench.files import TooLarge
from reportminer.workbench.pages import Drawer
from reportminer.workbench.rates import Rates
from reportminer.workbench.runner import Runner

HERE = Path(__file__).parent
ROLES = {"viewer": "查看", "reviewer": "审核", "admin": "管理"}
_RANK = {r: n for n, r in enumerate(ROLES)}


@dataclass(frozen=True)
class Viewer:
    """Who asks, and what they may do. ``csrf`` is empty where no account is needed."""

    name: str
    role: str
    csrf: str = ""


@dataclass
class Bench:
    """What a running workbench works with. ``accounts`` is None for a single user on this machine."""

    store: Store
    runner: Runner | Apart
    local: Viewer
    accounts: Accounts | None = None
    drawer: Drawer = field(default_factory=Drawer)
    rates: Rates = field(default_factory=Rates)


class Forbidden(ReportMinerError):
    """The role does not allow it."""


def bench_of(request: Request) -> Bench:
    """The workbench of a request."""
    bench: Bench = request.app.state.bench
    return bench


def store_of(request: Request) -> Store:
    """The store of a request."""
    return bench_of(request).store


def needs(role: str) -> Callable[[Request], Viewer]:
    """A dependency: who asks, if their role is at least this one."""

    def who(request: Request) -> Viewer:
        viewer: Viewer = request.state.viewer
        if _RANK[viewer.role] < _RANK[role]:
            raise Forbidden(f"“{ROLES[viewer.role]}”的权限不能这样做。", f"请找有“{ROLES[role]}”权限的同事。")
        return viewer

    return who


#: the number of a project, job or file
Number = Annotated[int, PathParameter(ge=1, lt=2**31)]
TheStore = Annotated[Store, Depends(store_of)]
TheBench = Annotated[Bench, Depends(bench_of)]
Reader = Annotated[Viewer, Depends(needs("viewer"))]
Reviewer = Annotated[Viewer, Depends(needs("reviewer"))]
Admin = Annotated[Viewer, Depends(needs("admin"))]

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def _numbers(x: Any) -> Any:
    if isinstance(x, Decimal):
        return plain(x)
    if isinstance(x, Mapping):
        return {str(k): _numbers(v) for k, v in x.items()}
    if isinstance(x, list | tuple):
        return [_numbers(v) for v in x]
    if hasattr(x, "__dataclass_fields__"):
        return {n: _numbers(getattr(x, n)) for n in x.__dataclass_fields__}
    return x.isoformat() if isinstance(x, datetime) else x


def json(x: Any, status: int = 200) -> Response:
    """An answer of the API: dataclasses and rows as JSON, decimals as exact numbers."""
    return Response(_ENCODER.encode(_numbers(x)), status, media_type="application/json")


def status_of(e: ReportMinerError) -> int:
    """The HTTP status of an error."""
    for kind, status in ((NoSuchThing, 404), (StoreConflict, 409), (TooLarge, 413), (Forbidden, 403)):
        if isinstance(e, kind):
            return status
    return 400


def attachment(data: bytes, name: str, kind: str) -> Response:
    """A file to be downloaded, with a name that may be Chinese."""
    from urllib.parse import quote

    head = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type=kind, headers=head)


#: pages of a project: last part of the address, name
TABS = (
    ("overview", "总览"),
    ("files", "上传"),
    ("reports", "报告"),
    ("findings", "核查"),
    ("compare", "比较"),
    ("settings", "设置"),
)

templates = Jinja2Templates(HERE / "templates")
templates.env.trim_blocks = True
templates.env.lstrip_blocks = True


def _size(n: int) -> str:
    return f"{n / (1 << 20):.1f} MB" if n >= 1 << 20 else f"{max(1, n >> 10)} KB"


def _moment(x: datetime | None) -> str:
    return x.astimezone().strftime("%Y-%m-%d %H:%M") if x else ""


def _second(x: datetime) -> str:
    return x.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _number(x: Any) -> str:
    if x is None:
        return "—"
    if isinstance(x, Decimal | int):
        whole, dot, rest = format(plain(Decimal(x)), "f").partition(".")
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        return sign + f"{int(digits):,}" + dot + rest
    return str(x)


templates.env.filters.update(size=_size, moment=_moment, second=_second, number=_number)


def page(
    request: Request, name: str, project: Project | None = None, *, status: int = 200, **values: Any
) -> Response:
    """A page or a part of one."""
    viewer: Viewer = request.state.viewer
    known: dict[str, Any] = {
        "viewer": viewer,
        "project": project,
        "role": ROLES[viewer.role],
        "local": bench_of(request).accounts is None,
        "tabs": TABS,
        "may": {r: _RANK[viewer.role] >= n for r, n in _RANK.items()},
    }
    return templates.TemplateResponse(request, name, {**known, **values}, status)
