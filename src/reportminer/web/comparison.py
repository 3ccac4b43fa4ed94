"""Pages and routes of the comparison: selection, table, evidence, downloads."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from reportminer.web.common import Number, Reader, TheStore, attachment, json, page
from reportminer.workbench import comparing

router = APIRouter()
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "long.csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Several = Annotated[list[str] | None, Query()]


def _selection(
    area: Several = None,
    year: Several = None,
    indicator: Several = None,
    scope: Several = None,
    status: Several = None,
) -> comparing.Selection:
    f = frozenset
    return comparing.Selection(
        f(area or ()), f(year or ()), f(indicator or ()), f(scope or ()), f(status or ())
    )


Wanted = Annotated[comparing.Selection, Depends(_selection)]


@router.get("/projects/{project}/compare", include_in_schema=False)
def compare_page(request: Request, project: Number, store: TheStore, who: Reader, wanted: Wanted) -> Response:
    """The comparison; the address holds the selection."""
    found = store.projects.get(project)
    every = comparing.cells(store, project)
    c = comparing.choices(every)
    groups = [
        ("area", "地区", c.areas, wanted.areas), ("year", "年份", c.years, wanted.years), ("indicator", "指标", c.indicators, wanted.indicators),
        ("scope", "范围", c.scopes, wanted.scopes), ("status", "状态", c.statuses, wanted.statuses),
    ]  # fmt: skip
    return page(request, "compare.html", found, tab="compare", groups=groups, cells=len(every))


@router.get("/api/projects/{project}/comparison", tags=["comparison"])
def get_comparison(project: Number, store: TheStore, who: Reader, wanted: Wanted) -> Response:
    """The cells of a selection, one by one, with the names of the interchange."""
    return json(comparing.select(comparing.cells(store, project), wanted).cells)


@router.get("/api/projects/{project}/comparison/view", tags=["comparison"])
def get_view(project: Number, store: TheStore, who: Reader, wanted: Wanted) -> Response:
    """The table of a selection with ranks and growth, and what keeps its figures from being compared."""
    every = comparing.cells(store, project)
    table = comparing.select(every, wanted)
    return json({"table": comparing.view(every, wanted), "notes": comparing.remarks(store, project, table)})


@router.get("/api/projects/{project}/comparison/evidence/{observation}", tags=["comparison"])
def get_evidence(project: Number, observation: str, store: TheStore, who: Reader) -> Response:
    """The sentence behind a cell, and the figures that were not chosen."""
    return json(comparing.evidence(store, project, observation))


@router.get("/api/projects/{project}/comparison/file", tags=["comparison"])
def get_file(
    project: Number,
    store: TheStore,
    who: Reader,
    wanted: Wanted,
    format: Literal["csv", "long.csv", "xlsx"] = "xlsx",
) -> Response:
    """The selection as a file."""
    name = store.projects.get(project).name
    store.log.write(who.name, "export.comparison", f"project:{project}", project, after={"format": format})
    return attachment(
        comparing.download(store, project, wanted, format), f"{name}比较表.{format}", _KINDS[format]
    )
