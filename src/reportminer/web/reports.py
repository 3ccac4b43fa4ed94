"""Pages and routes of reports: the text with its marks, the record behind each, corrections, annotations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from reportminer.errors import BadOption, StoreError
from reportminer.web.common import (
    Number,
    Reader,
    Reviewer,
    TheBench,
    TheStore,
    attachment,
    json,
    page,
)
from reportminer.workbench import correcting, corrections, documents, exchange, marks, pages, vocabulary

router = APIRouter()
_MOST = 32 << 20  # bytes of an annotation file
Offset = Annotated[int, Query(ge=0, lt=2**31)]


class ReviewBody(BaseModel):
    """What a person did to an observation; ``seen``: version of the correction they saw (0: none)."""

    action: Literal["accept", "correct", "delete"]
    seen: int = Field(ge=0, lt=2**31)
    fields: dict[str, Any] | None = None
    reason: str = Field("", max_length=2000)


class NewObservation(BaseModel):
    """Characters of a file to be marked as a figure."""

    start: int = Field(ge=0, lt=2**31)
    end: int = Field(ge=0, lt=2**31)
    fields: dict[str, Any]
    seen: int = Field(0, ge=0, lt=2**31)
    reason: str = Field("", max_length=2000)


class Seen(BaseModel):
    """The version that was seen."""

    seen: int = Field(ge=0, lt=2**31)


@router.get("/projects/{project}/reports", include_in_schema=False)
def reports_page(request: Request, project: Number, store: TheStore, who: Reader) -> Response:
    """The reports that were read."""
    found = store.projects.get(project)
    return page(request, "reports.html", found, tab="reports", entries=marks.entries(store, project))


def _sheet(store: TheStore, project: int, source: str) -> dict[str, Any]:
    document = documents.load(store, project, source)
    worst = marks.worst_of(store, project, [o.id for o in document.report.observations])
    sheet = marks.sheet(document, worst)
    return {"document": document, "sheet": sheet, "source": source, "pages": pages.pages(document, sheet)}


@router.get("/projects/{project}/report", include_in_schema=False)
def report_page(request: Request, project: Number, source: str, store: TheStore, who: Reader) -> Response:
    """One report: its text with marks."""
    found = store.projects.get(project)
    sources = marks.sources(store, project)
    at = sources.index(source) if source in sources else -1
    near = (sources[at - 1] if at > 0 else None, sources[at + 1] if 0 <= at < len(sources) - 1 else None)
    words = vocabulary.choices()
    return page(
        request,
        "report.html",
        found,
        tab="reports",
        near=near,
        choices=words,
        **_sheet(store, project, source),
    )


@router.get("/projects/{project}/report/text", include_in_schema=False)
def report_text(request: Request, project: Number, source: str, store: TheStore, who: Reader) -> Response:
    """The marked text alone."""
    return page(request, "report_text.html", store.projects.get(project), **_sheet(store, project, source))


@router.get(
    "/api/projects/{project}/page",
    tags=["reports"],
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}},
)
def get_page(
    project: Number,
    source: str,
    store: TheStore,
    bench: TheBench,
    who: Reader,
    page: int = Query(ge=1, lt=2**31),
) -> Response:
    """One page of a pdf or of a scan as a picture, upright."""
    picture = bench.drawer.page(store, project, documents.load(store, project, source), page)
    return Response(picture, media_type="image/jpeg")


@router.get("/api/vocabulary", tags=["reports"])
def get_vocabulary(who: Reader) -> Response:
    """Indicators, kinds, statuses, bounds and scopes with their Chinese names."""
    return json(vocabulary.choices())


@router.get("/api/projects/{project}/documents", tags=["reports"])
def list_documents(project: Number, store: TheStore, who: Reader) -> Response:
    """The reports that were read."""
    store.projects.get(project)
    return json(store.results.rows(project, "documents"))


@router.get("/api/projects/{project}/failures", tags=["reports"])
def list_failures(project: Number, store: TheStore, who: Reader) -> Response:
    """What could not be read, and what to do about it."""
    store.projects.get(project)
    return json(store.results.rows(project, "failures"))


@router.get("/api/projects/{project}/observations", tags=["reports"])
def list_observations(
    project: Number, store: TheStore, who: Reader, source: str | None = None, limit: int = Query(1000, ge=1, le=10000), offset: Offset = 0
) -> Response:  # fmt: skip
    """Observations of the last reading, of one report when asked for."""
    store.projects.get(project)
    where = None if source is None else {"source": source}
    return json(store.results.rows(project, "observations", where, limit=limit, offset=offset))


@router.get("/api/projects/{project}/observations/{observation}", tags=["reports"])
def get_observation(project: Number, observation: str, source: str, store: TheStore, who: Reader) -> Response:
    """One observation with the corrections that hold: record, whole and parts, findings, history."""
    return json(marks.record(store, project, documents.load(store, project, source), observation))


@router.post("/api/projects/{project}/observations/{observation}/review", tags=["reports"])
def review_observation(
    project: Number, observation: str, source: str, body: ReviewBody, store: TheStore, bench: TheBench, who: Reviewer
) -> Response:  # fmt: skip
    """Accept, correct or delete."""
    document = documents.load(store, project, source)
    done = correcting.review(
        store, project, document, observation, body.action, body.seen, body.fields, body.reason, who.name
    )
    bench.runner.wake()
    return json(done)


@router.post("/api/projects/{project}/observations/{observation}/undo", tags=["reports"])
def undo_observation(
    project: Number,
    observation: str,
    source: str,
    body: Seen,
    store: TheStore,
    bench: TheBench,
    who: Reviewer,
) -> Response:
    """Take back the last correction."""
    document = documents.load(store, project, source)
    done = correcting.undo(store, project, document, observation, body.seen, who.name)
    bench.runner.wake()
    return json(done)


@router.get("/api/projects/{project}/proposal", tags=["reports"])
def propose(
    project: Number, source: str, store: TheStore, who: Reader, start: Offset = 0, end: Offset = 0, shown: bool = False
) -> Response:  # fmt: skip
    """What a selection could be marked as. ``shown``: the offsets are those of the text on the page; the answer has those of the file."""
    document = documents.load(store, project, source)
    if shown:
        text = documents.shown(document.report)
        if not start < end <= len(text.text):
            raise BadOption("没有选中正文里的文字。", "请重新选。")
        start, end = text.raw(start, end)
    o = corrections.proposal(document.report, start, end)
    seen = correcting.seen_version(document, start, end)
    fields = corrections.fields_of(o)
    return json({"id": o.id, "start": start, "end": end, "text": o.text, "fields": fields, "seen": seen})


@router.post("/api/projects/{project}/observations", status_code=201, tags=["reports"])
def add_observation(
    project: Number, source: str, body: NewObservation, store: TheStore, bench: TheBench, who: Reviewer
) -> Response:
    """Mark characters of a report as a figure."""
    document = documents.load(store, project, source)
    place = (body.start, body.end)
    done = correcting.add(store, project, document, *place, body.seen, body.fields, body.reason, who.name)
    bench.runner.wake()
    return json(done, 201)


@router.get("/api/projects/{project}/annotations", tags=["reports"])
def export_annotations(
    project: Number,
    source: str,
    store: TheStore,
    who: Reader,
    format: Literal["jsonl", "label-studio"] = "jsonl",
) -> Response:
    """The observations of a report, corrected, as annotations: our JSON Lines or a task of Label Studio."""
    report = documents.load(store, project, source).report
    told = {"source": source, "format": format}
    store.log.write(who.name, "export.annotations", f"project:{project}", project, after=told)
    if format == "jsonl":
        return attachment(exchange.to_jsonl(report), f"{source}.jsonl", "application/jsonl")
    data = exchange.to_label_studio(report)
    return attachment(data, f"{source}.label-studio.json", "application/json")


@router.post("/api/projects/{project}/annotations", tags=["reports"])
async def import_annotations(
    request: Request, project: Number, source: str, store: TheStore, bench: TheBench, who: Reviewer
) -> Response:
    """Annotations of a report in either format; differences become corrections. The body is the file."""
    from starlette.concurrency import run_in_threadpool

    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > _MOST:
            raise StoreError("标注文件太大。", "每次导入一份报告的标注。")

    def take() -> exchange.Imported:
        document = documents.load(store, project, source)
        found = exchange.read(data, document.report)
        return exchange.take(store, project, document, found, who.name)

    done = await run_in_threadpool(take)
    bench.runner.wake()
    return json(done)
