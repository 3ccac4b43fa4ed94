"""Pages and routes of findings: the list with its filters, one finding, decisions, audit reports."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from reportminer.web.common import Number, Reader, Reviewer, TheStore, attachment, json, page
from reportminer.workbench import findings
from reportminer.workbench.audits import audit_file
from reportminer.workbench.vocabulary import SEVERITIES, VERDICTS

router = APIRouter()
_PAGE = 50
_MOST = 100_000
_KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}
Year = Annotated[int, Field(ge=1900, le=2200)]


class Decide(BaseModel):
    """A decision on findings; ``seen``: finding → version of its decision that was seen (0: none)."""

    seen: dict[str, Annotated[int, Field(ge=0, lt=2**31)]] = Field(min_length=1, max_length=_MOST)
    verdict: Literal["confirmed", "false_alarm", "explained", "open"]
    reason: str = Field(max_length=2000)


def _filter(
    severity: Annotated[list[str] | None, Query()] = None, type: Annotated[list[str] | None, Query()] = None,
    area: Annotated[list[str] | None, Query()] = None, year: Annotated[list[Year] | None, Query()] = None,
    state: Annotated[list[str] | None, Query()] = None, source: Annotated[list[str] | None, Query()] = None,
    text: Annotated[str, Query(max_length=200)] = "",
) -> findings.Filter:  # fmt: skip
    f = frozenset
    return findings.Filter(
        f(severity or ()),
        f(type or ()),
        f(area or ()),
        f(year or ()),
        f(state or ()),
        f(source or ()),
        text.strip(),
    )


Wanted = Annotated[findings.Filter, Depends(_filter)]
Offset = Annotated[int, Query(ge=0, lt=2**31)]


def _values(store: TheStore, project: int, wanted: findings.Filter, offset: int) -> dict[str, Any]:
    found = findings.listing(store, project, wanted, _PAGE, offset)
    names = {"severity": SEVERITIES, "type": findings.TYPES, "state": VERDICTS}
    chosen = {
        "severity": wanted.severities,
        "type": wanted.types,
        "area": wanted.areas,
        "year": wanted.years,
        "state": wanted.states,
    }
    groups = []
    for key, title in (
        ("state", "状态"),
        ("severity", "程度"),
        ("type", "类别"),
        ("area", "地区"),
        ("year", "年份"),
    ):
        known = names.get(key, {})
        order = list(known) if known else sorted(found.counts[key])
        kept = [v for v in order if found.counts[key].get(v) or v in chosen[key]]
        groups.append(
            (key, title, [(v, known.get(v, v), found.counts[key].get(v, 0), v in chosen[key]) for v in kept])
        )
    return {
        "found": found,
        "groups": groups,
        "wanted": wanted,
        "offset": offset,
        "step": _PAGE,
        "verdicts": VERDICTS,
        "severities": SEVERITIES,
        "types": findings.TYPES,
    }


@router.get("/projects/{project}/findings", include_in_schema=False)
def findings_page(
    request: Request, project: Number, store: TheStore, who: Reader, wanted: Wanted, offset: Offset = 0
) -> Response:
    """The findings; for the page that filters, the list alone."""
    found = store.projects.get(project)
    part = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    name = "findings_list.html" if part else "findings.html"
    return page(request, name, found, tab="findings", **_values(store, project, wanted, offset))


@router.get("/projects/{project}/findings/{finding}", include_in_schema=False)
def finding_part(request: Request, project: Number, finding: str, store: TheStore, who: Reader) -> Response:
    """One finding laid out."""
    d = findings.detail(store, project, finding)
    lines = findings.paper(d.arithmetic)
    return page(
        request, "finding.html", store.projects.get(project), d=d, lines=lines, quotes=findings.quotes(d.members), verdicts=VERDICTS, severities=SEVERITIES, types=findings.TYPES
    )  # fmt: skip


@router.get("/api/projects/{project}/findings", tags=["findings"])
def list_findings(
    project: Number, store: TheStore, who: Reader, wanted: Wanted, limit: Annotated[int, Query(ge=1, le=_MOST)] = 1000, offset: Offset = 0
) -> Response:  # fmt: skip
    """Findings that match, the gravest first, with their decisions; ``counts`` by each value of each filter."""
    return json(findings.listing(store, project, wanted, limit, offset))


@router.get("/api/projects/{project}/findings/{finding}", tags=["findings"])
def get_finding(project: Number, finding: str, store: TheStore, who: Reader) -> Response:
    """One finding: figures with their sentences, arithmetic, explanations, decisions."""
    return json(findings.detail(store, project, finding))


@router.get("/api/projects/{project}/verified", tags=["findings"])
def list_verified(project: Number, store: TheStore, who: Reader) -> Response:
    """Relations that were checked and hold."""
    store.projects.get(project)
    return json(store.results.rows(project, "verified"))


@router.post("/api/projects/{project}/decisions", status_code=201, tags=["findings"])
def decide(project: Number, body: Decide, store: TheStore, who: Reviewer) -> Response:
    """Decide findings, all or none: 属实, 误报, 已说明, or withdrawn. The reason may not be empty."""
    return json(findings.decide(store, project, body.seen, body.verdict, body.reason, who.name), 201)


@router.get("/api/projects/{project}/audit", tags=["findings"])
def audit(
    project: Number, store: TheStore, who: Reader, format: Literal["docx", "xlsx", "html"] = "docx"
) -> Response:
    """The audit report; what was decided to be no problem is listed at its end with its reason."""
    name = store.projects.get(project).name
    store.log.write(who.name, "export.audit", f"project:{project}", project, after={"format": format})
    return attachment(audit_file(store, project, format), f"{name}核查报告.{format}", _KINDS[format])
