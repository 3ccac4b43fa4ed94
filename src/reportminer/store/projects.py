"""Projects, the files that people gave to them, and the runs over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from reportminer.errors import NoSuchThing, StoreConflict, StoreError
from reportminer.store.database import reading, transaction
from reportminer.store.log import write
from reportminer.store.records import Project, RunChange, RunRecord, Upload
from reportminer.store.schema import projects, run_changes, runs, uploads

DEFAULT = "默认项目"


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


class Projects:
    """Projects of a store. Every change is logged in the transaction that makes it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, *, archived: bool = False) -> list[Project]:
        """Projects by name; archived ones only when asked for."""
        wanted = select(projects).order_by(projects.c.name)
        if not archived:
            wanted = wanted.where(projects.c.archived_at.is_(None))
        with reading(self._engine) as c:
            return [Project(**r) for r in c.execute(wanted).mappings()]

    def get(self, project: int) -> Project:
        """One project. Raises NoSuchThing."""
        with reading(self._engine) as c:
            return _project(c, project)

    def named(self, name: str) -> Project:
        """The project of a name. Raises NoSuchThing."""
        with reading(self._engine) as c:
            found = c.execute(select(projects).where(projects.c.name == name)).mappings().first()
        if found is None:
            raise NoSuchThing(f"没有名为“{name}”的项目。", "请检查项目名称。")
        return Project(**found)

    def ensure(self, name: str, who: str) -> Project:
        """The project of a name, made when it is not there."""
        try:
            return self.named(name)
        except NoSuchThing:
            try:
                return self.create(name, who)
            except StoreConflict:  # somebody else was faster
                return self.named(name)

    def create(self, name: str, who: str) -> Project:
        """A new project. Raises StoreConflict when the name is taken, StoreError when it is empty."""
        name = _name(name)
        try:
            with transaction(self._engine) as c:
                made = insert(projects).values(name=name, created_by=who, created_at=now())
                project = _project(c, c.execute(made.returning(projects.c.id)).scalar_one())
                write(c, who, "project.create", f"project:{project.id}", project.id, after={"name": name})
                return project
        except IntegrityError as e:
            raise _taken(name) from e

    def rename(self, project: int, name: str, who: str) -> Project:
        """Another name. Raises StoreConflict when it is taken."""
        name = _name(name)
        try:
            with transaction(self._engine) as c:
                before = _project(c, project)
                c.execute(update(projects).where(projects.c.id == project).values(name=name))
                names = {"name": before.name}, {"name": name}
                write(c, who, "project.rename", f"project:{project}", project, *names)
                return _project(c, project)
        except IntegrityError as e:
            raise _taken(name) from e

    def archive(self, project: int, who: str, *, archived: bool = True) -> Project:
        """Put a project away, or take it out again. Nothing of it is lost."""
        with transaction(self._engine) as c:
            _project(c, project)
            at = now() if archived else None
            c.execute(update(projects).where(projects.c.id == project).values(archived_at=at))
            action = "project.archive" if archived else "project.restore"
            write(c, who, action, f"project:{project}", project)
            return _project(c, project)

    def delete(self, project: int, who: str) -> None:
        """Remove a project with its runs, reviews and jobs; only the log remembers it. ``Store.delete_project`` also removes its files."""
        with transaction(self._engine) as c:
            before = _project(c, project)
            c.execute(delete(projects).where(projects.c.id == project))
            write(c, who, "project.delete", f"project:{project}", project, before={"name": before.name})

    def add_upload(self, project: int, name: str, sha256: str, size: int, who: str) -> Upload:
        """Remember a file that was given; its bytes are kept by ``Store.folder(project) / "uploads"``."""
        with transaction(self._engine) as c:
            _project(c, project)
            values = {
                "project_id": project,
                "name": name,
                "sha256": sha256,
                "size": size,
                "who": who,
                "at": now(),
            }
            made = c.execute(insert(uploads).values(**values).returning(uploads.c.id)).scalar_one()
            write(c, who, "upload.add", f"upload:{made}", project, after={"name": name, "sha256": sha256})
            return Upload(**c.execute(select(uploads).where(uploads.c.id == made)).mappings().one())

    def remove_upload(self, upload: int, who: str) -> None:
        """Leave a file out of the next runs."""
        with transaction(self._engine) as c:
            row = c.execute(select(uploads).where(uploads.c.id == upload)).mappings().first()
            if row is None:
                raise NoSuchThing("没有这个文件。", "请刷新页面。")
            c.execute(update(uploads).where(uploads.c.id == upload).values(removed_at=now()))
            before = {"name": row["name"], "sha256": row["sha256"]}
            write(c, who, "upload.remove", f"upload:{upload}", row["project_id"], before=before)

    def uploads(self, project: int) -> list[Upload]:
        """Files of a project that were not removed, in the order in which they came."""
        wanted = select(uploads).where(uploads.c.project_id == project, uploads.c.removed_at.is_(None))
        with reading(self._engine) as c:
            return [Upload(**r) for r in c.execute(wanted.order_by(uploads.c.id)).mappings()]

    def runs(self, project: int, limit: int = 50) -> list[RunRecord]:
        """Published runs of a project, the newest first."""
        wanted = select(runs).where(runs.c.project_id == project).order_by(runs.c.id.desc()).limit(limit)
        with reading(self._engine) as c:
            return [RunRecord(**r) for r in c.execute(wanted).mappings()]

    def changes(self, run: int) -> list[RunChange]:
        """Documents and findings that a run brought or lost against the run before it."""
        columns = run_changes.c.what, run_changes.c.key, run_changes.c.change
        wanted = select(*columns).where(run_changes.c.run_id == run).order_by(run_changes.c.id)
        with reading(self._engine) as c:
            return [RunChange(**r) for r in c.execute(wanted).mappings()]


def record_run(c: Connection, project: int, values: dict[str, Any], changes: Sequence[RunChange]) -> int:
    """Write a run and make it the current one of its project, inside the transaction that publishes its results."""
    made = insert(runs).values(project_id=project, **values).returning(runs.c.id)
    run: int = c.execute(made).scalar_one()
    if changes:
        rows = [{"run_id": run, "what": x.what, "key": x.key, "change": x.change} for x in changes]
        c.execute(insert(run_changes), rows)
    c.execute(update(projects).where(projects.c.id == project).values(current_run=run))
    write(c, values["who"], "run.publish", f"run:{run}", project, after={"documents": values["documents"]})
    return run


def _project(c: Connection, project: int) -> Project:
    found = c.execute(select(projects).where(projects.c.id == project)).mappings().first()
    if found is None:
        raise NoSuchThing("没有这个项目，可能已被删除。", "请刷新项目列表。")
    return Project(**found)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise StoreError("项目名称不能为空，也不能超过 100 字。", "请换一个名称。")
    return name


def _taken(name: str) -> StoreConflict:
    return StoreConflict(f"已有名为“{name}”的项目。", "请换一个名称。")
