"""The page that tells where a project stands."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from reportminer.web.common import Number, Reader, TheStore, json, page
from reportminer.workbench.overview import overview
from reportminer.workbench.projects import busy

router = APIRouter()


@router.get("/projects/{project}/overview", include_in_schema=False)
def overview_page(request: Request, project: Number, store: TheStore, who: Reader) -> Response:
    """Coverage, open findings, gaps, changes."""
    found = store.projects.get(project)
    return page(
        request, "overview.html", found, tab="overview", o=overview(store, project), job=busy(store, project)
    )


@router.get("/api/projects/{project}/overview", tags=["projects"])
def get_overview(project: Number, store: TheStore, who: Reader) -> Response:
    """Coverage, open findings, the areas with the most gaps, what the last reading changed."""
    store.projects.get(project)
    return json(overview(store, project))
