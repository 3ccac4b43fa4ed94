"""The page and routes of the audit log."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from reportminer.store.log import Wanted
from reportminer.web.common import Admin, TheStore, json, page
from reportminer.workbench import logbook

router = APIRouter()
_PAGE = 100
Before = Annotated[int | None, Query(ge=1, lt=2**31)]
Word = Annotated[str, Query(max_length=200)]


def _day(given: str) -> date | None:
    # a form sends an empty field for a day that nobody chose
    return logbook.day(given) if given else None


def _wanted(who: Word = "", kind: Word = "", about: Word = "", since: Word = "", until: Word = "") -> Wanted:
    return logbook.wanted(who, kind, about, _day(since), _day(until))


Chosen = Annotated[Wanted, Depends(_wanted)]


@router.get("/log", include_in_schema=False)
def log_page(
    request: Request, store: TheStore, admin: Admin, chosen: Chosen, before: Before = None
) -> Response:
    """Who did what, the newest first."""
    lines = logbook.lines(store, chosen, before=before, limit=_PAGE)
    asked = {k: request.query_params.get(k, "") for k in ("who", "kind", "about", "since", "until")}
    older = lines[-1].entry.id if len(lines) == _PAGE else None
    return page(
        request, "log.html", lines=lines, asked=asked, older=older, first=before is None, kinds=logbook.KINDS, people=store.log.people(),
    )  # fmt: skip


@router.get("/api/log", tags=["log"])
def list_log(
    store: TheStore, admin: Admin, chosen: Chosen, before: Before = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> Response:  # fmt: skip
    """Entries of the audit log, the newest first; ``before``: those older than an entry."""
    return json([x.entry for x in logbook.lines(store, chosen, before=before, limit=limit)])


@router.get("/api/log/file", tags=["log"])
def log_file(store: TheStore, admin: Admin, chosen: Chosen) -> Response:
    """The wanted entries as a csv."""
    store.log.write(admin.name, "export.log", "log:")
    head = {"Content-Disposition": "attachment; filename*=UTF-8''%E6%93%8D%E4%BD%9C%E6%97%A5%E5%BF%97.csv"}
    return StreamingResponse(
        logbook.csv_pieces(store, chosen), media_type="text/csv; charset=utf-8", headers=head
    )
