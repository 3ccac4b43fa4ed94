"""Pages and routes of files and of the jobs that read them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from reportminer.errors import StoreError
from reportminer.web.common import Number, Reader, Reviewer, TheBench, TheStore, json, page
from reportminer.workbench import reading
from reportminer.workbench.files import FORMATS, Receiving, remove_upload
from reportminer.workbench.projects import busy
from reportminer.workbench.settings import limits

router = APIRouter()
_STATES = {
    "stored": "已上传，未读取",
    "queued": "排队",
    "reading": "正在读取",
    "done": "完成",
    "failed": "失败",
}


@router.get("/projects/{project}/files", include_in_schema=False)
def files_page(request: Request, project: Number, store: TheStore, who: Reader) -> Response:
    """The files of a project and where to drop more."""
    found = store.projects.get(project)
    return page(request, "files.html", found, tab="files", **_list(store, project))


@router.get("/projects/{project}/files/list", include_in_schema=False)
def files_list(request: Request, project: Number, store: TheStore, who: Reader) -> Response:
    """The list alone, for the page that refreshes it."""
    return page(request, "files_list.html", store.projects.get(project), **_list(store, project))


def _list(store: TheStore, project: int) -> dict[str, Any]:
    set_ = limits(store, project)
    files = reading.states(store, project, set_.processes)
    job = busy(store, project)
    if job is None:  # what needs a hand stands first; not while rows change under the eyes
        files.sort(key=lambda f: f.state != "failed")
    return {
        "files": files,
        "states": _STATES,
        "job": job,
        "limits": set_,
        "formats": FORMATS,
        "failed": sum(f.state == "failed" for f in files),
    }


@router.get("/projects/{project}/busy", include_in_schema=False)
def busy_part(request: Request, project: Number, store: TheStore, who: Reader) -> Response:
    """Whether the project is being read: a line that every page of it shows, and how it knows that the results are new."""
    return page(request, "busy.html", store.projects.get(project), job=busy(store, project))


@router.get("/api/projects/{project}/uploads", tags=["uploads"])
def list_uploads(project: Number, store: TheStore, who: Reader) -> Response:
    """Files with their states: stored, queued, reading, done, failed."""
    store.projects.get(project)
    return json(reading.states(store, project, limits(store, project).processes))


@router.post("/api/projects/{project}/uploads", status_code=201, tags=["uploads"])
async def upload(
    request: Request,
    project: Number,
    store: TheStore,
    bench: TheBench,
    who: Reviewer,
    name: str = Query(min_length=1, max_length=1000),
) -> Response:
    """One file; the body is its bytes, streamed to the disk. It is read soon after. ``duplicate``: the content was there already."""
    largest = (await run_in_threadpool(limits, store, project)).upload_megabytes << 20
    receiving = await run_in_threadpool(Receiving, store, project, name, largest)
    with receiving:
        try:
            async for piece in request.stream():
                await run_in_threadpool(receiving.write, piece)
        except ClientDisconnect as e:
            raise StoreError("上传中断，文件没有保存。", "请重新上传这个文件。") from e
        done = await run_in_threadpool(receiving.finish, who.name)
    if not done.duplicate:
        await run_in_threadpool(reading.wanted, store, project, who.name)
        bench.runner.wake()
    return json(done, 200 if done.duplicate else 201)


@router.delete("/api/projects/{project}/uploads/{upload}", status_code=204, tags=["uploads"])
def delete_upload(project: Number, upload: int, store: TheStore, bench: TheBench, who: Reviewer) -> Response:
    """Take a file out of the project; the results follow."""
    store.projects.get(project)
    remove_upload(store, project, upload, who.name)
    reading.wanted(store, project, who.name)
    bench.runner.wake()
    return Response(status_code=204)


@router.post("/api/projects/{project}/jobs", status_code=202, tags=["jobs"])
def read_again(project: Number, store: TheStore, bench: TheBench, who: Reviewer) -> Response:
    """Read all files of the project (what was read before is taken from its parts; what failed is tried again), check and compare."""
    store.projects.get(project)
    job = reading.wanted(store, project, who.name)
    bench.runner.wake()
    return json(job, 202)


@router.get("/api/projects/{project}/jobs", tags=["jobs"])
def list_jobs(project: Number, store: TheStore, who: Reader) -> Response:
    """Jobs of a project, the newest first."""
    store.projects.get(project)
    return json(store.jobs.all(project))


@router.get("/api/jobs/{job}", tags=["jobs"])
def get_job(job: Number, store: TheStore, who: Reader) -> Response:
    """One job: state, stage, done, total."""
    return json(store.jobs.get(job))


@router.get("/api/jobs/{job}/events", tags=["jobs"])
def job_events(job: Number, store: TheStore, who: Reader, after: int = Query(0, ge=0, lt=2**31)) -> Response:
    """The story of a job from the event ``after`` on."""
    store.jobs.get(job)
    return json(store.jobs.events(job, after))


@router.post("/api/jobs/{job}/cancel", tags=["jobs"])
def cancel_job(job: Number, store: TheStore, who: Reviewer) -> Response:
    """Stop a job; what was read is kept."""
    return json(store.jobs.cancel(job, who.name))


@router.post("/api/jobs/{job}/retry", tags=["jobs"])
def retry_job(job: Number, store: TheStore, bench: TheBench, who: Reviewer) -> Response:
    """Put a failed or cancelled job back into the queue."""
    done = store.jobs.retry(job, who.name)
    bench.runner.wake()
    return json(done)
