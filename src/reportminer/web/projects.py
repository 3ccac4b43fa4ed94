"""Pages and routes of projects."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from reportminer.web.common import Admin, Number, Reader, Reviewer, TheBench, TheStore, json, page
from reportminer.workbench.projects import cards

router = APIRouter()


class NewProject(BaseModel):
    """A project to be made."""

    name: str = Field(min_length=1, max_length=100)


class ProjectChange(BaseModel):
    """Another name, or put away and taken out again."""

    name: str | None = Field(None, min_length=1, max_length=100)
    archived: bool | None = None


@router.get("/", include_in_schema=False)
def projects_page(request: Request, store: TheStore, who: Reader, archived: bool = False) -> Response:
    """All projects."""
    return page(request, "projects.html", cards=cards(store, archived=archived), archived=archived)


@router.get("/api/projects", tags=["projects"])
def list_projects(store: TheStore, who: Reader, archived: bool = False) -> Response:
    """Projects by name; archived ones only when asked for."""
    return json(store.projects.all(archived=archived))


@router.post("/api/projects", status_code=201, tags=["projects"])
def create_project(body: NewProject, store: TheStore, who: Reviewer) -> Response:
    """A new project."""
    return json(store.projects.create(body.name, who.name), 201)


@router.get("/api/projects/{project}", tags=["projects"])
def get_project(project: Number, store: TheStore, who: Reader) -> Response:
    """One project."""
    return json(store.projects.get(project))


@router.patch("/api/projects/{project}", tags=["projects"])
def change_project(project: Number, body: ProjectChange, store: TheStore, who: Reviewer) -> Response:
    """Rename, archive, restore."""
    done = store.projects.get(project)
    if body.name is not None and body.name != done.name:
        done = store.projects.rename(project, body.name, who.name)
    if body.archived is not None and body.archived != (done.archived_at is not None):
        done = store.projects.archive(project, who.name, archived=body.archived)
    return json(done)


@router.delete("/api/projects/{project}", status_code=204, tags=["projects"])
def delete_project(project: Number, name: str, store: TheStore, bench: TheBench, who: Admin) -> Response:
    """Delete a project with all its files; ``name`` must be its name, as a confirmation."""
    from reportminer.errors import BadOption

    if store.projects.get(project).name != name:
        raise BadOption("项目名称与确认的名称不同，没有删除。", "请准确填写要删除的项目的名称。")
    store.delete_project(project, who.name)
    return Response(status_code=204)
