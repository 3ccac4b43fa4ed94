"""Pages and routes of settings: limits, official figures, a project's own words."""

from __future__ import annotations

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from reportminer.errors import StoreError
from reportminer.web.common import Admin, Number, Reader, TheBench, TheStore, json, page
from reportminer.workbench import settings, words
from reportminer.workbench.reading import wanted

router = APIRouter()
_MOST = 32 << 20  # bytes of official figures


class LimitsBody(BaseModel):
    """Limits that are to be changed."""

    seconds: int | None = None
    megabytes: int | None = None
    upload_megabytes: int | None = None
    processes: int | None = None


class Words(BaseModel):
    """The own rows of a table, head first, columns divided by tabs."""

    text: str = Field(max_length=1 << 20)


@router.get("/projects/{project}/settings", include_in_schema=False)
def settings_page(
    request: Request, project: Number, store: TheStore, who: Reader, table: str = "units"
) -> Response:
    """All settings of a project."""
    found = store.projects.get(project)
    return page(
        request, "settings.html", found, tab="settings", limits=settings.limits(store, project), reference=settings.reference_file(store, project),
        tables=words.tables(), table=table, text=words.own(store, project, table), sample=words.sample(table),
    )  # fmt: skip


@router.get("/api/projects/{project}/limits", tags=["settings"])
def get_limits(project: Number, store: TheStore, who: Reader) -> Response:
    """What one file may use, how large an upload may be."""
    store.projects.get(project)
    return json(settings.limits(store, project))


@router.patch("/api/projects/{project}/limits", tags=["settings"])
def set_limits(project: Number, body: LimitsBody, store: TheStore, who: Admin) -> Response:
    """Other limits."""
    store.projects.get(project)
    return json(settings.set_limits(store, project, body.model_dump(exclude_none=True), who.name))


@router.put("/api/projects/{project}/reference", tags=["settings"])
async def put_reference(
    request: Request,
    project: Number,
    store: TheStore,
    bench: TheBench,
    who: Admin,
    name: str = Query(max_length=1000),
) -> Response:
    """Official figures to compare with; the body is the file. The results follow."""
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > _MOST:
            raise StoreError("参照数据太大。", "请只保留需要的年份和指标。")
    rows = await run_in_threadpool(settings.keep_reference, store, project, name, data, who.name)
    await run_in_threadpool(wanted, store, project, who.name)
    bench.runner.wake()
    return json({"rows": rows})


@router.delete("/api/projects/{project}/reference", status_code=204, tags=["settings"])
def delete_reference(project: Number, store: TheStore, bench: TheBench, who: Admin) -> Response:
    """Compare with no official figures any more."""
    store.projects.get(project)
    settings.forget_reference(store, project, who.name)
    wanted(store, project, who.name)
    bench.runner.wake()
    return Response(status_code=204)


@router.get("/api/projects/{project}/lexicon/{table}", tags=["settings"])
def get_words(project: Number, table: str, store: TheStore, who: Reader) -> Response:
    """The own rows of a table."""
    store.projects.get(project)
    return json({"text": words.own(store, project, table)})


@router.post("/api/projects/{project}/lexicon/{table}/preview", tags=["settings"])
def preview_words(project: Number, table: str, body: Words, store: TheStore, who: Admin) -> Response:
    """What other rows would change; nothing is kept."""
    store.projects.get(project)
    return json(words.preview(store, project, table, body.text))


@router.put("/api/projects/{project}/lexicon/{table}", tags=["settings"])
def put_words(
    project: Number, table: str, body: Words, store: TheStore, bench: TheBench, who: Admin
) -> Response:
    """Keep own rows of a table; all files are read again with them."""
    words.keep(store, project, table, body.text, who.name)
    job = wanted(store, project, who.name)
    bench.runner.wake()
    return json(job)
