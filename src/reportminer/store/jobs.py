"""Long work that survives a restart: a queue in the database, taken by one worker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from reportminer.errors import NoSuchThing, StoreConflict
from reportminer.store.database import reading, transaction
from reportminer.store.log import write
from reportminer.store.projects import now
from reportminer.store.records import Job, JobEvent
from reportminer.store.schema import job_events, jobs


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be told of a job."""

    stage: str
    message: str
    source: str | None = None
    at: datetime = field(default_factory=now)


class Jobs:
    """Jobs of a store. A worker takes one with ``claim``, tells of itself with ``progress`` and ends it with ``finish`` or ``fail``; one whose
    worker died goes back to the queue with ``requeue_lost``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, project: int, kind: str, payload: Any, who: str) -> Job:
        """A new job at the end of the queue; ``payload`` is anything that JSON can hold."""
        values = {
            "project_id": project, "kind": kind, "payload": payload, "who": who, "created_at": now(), "state": "queued", "attempt": 0, "done": 0,
            "total": 0,
        }  # fmt: skip
        with transaction(self._engine) as c:
            made = c.execute(insert(jobs).values(**values).returning(jobs.c.id)).scalar_one()
            write(c, who, "job.add", f"job:{made}", project, after={"kind": kind})
            return _job(c, made)

    def get(self, job: int) -> Job:
        """One job. Raises NoSuchThing."""
        with reading(self._engine) as c:
            return _job(c, job)

    def all(self, project: int | None = None, *, state: str | None = None, limit: int = 200) -> list[Job]:
        """Jobs, the newest first."""
        wanted = select(jobs).order_by(jobs.c.id.desc()).limit(limit)
        if project is not None:
            wanted = wanted.where(jobs.c.project_id == project)
        if state is not None:
            wanted = wanted.where(jobs.c.state == state)
        with reading(self._engine) as c:
            return [Job(**r) for r in c.execute(wanted).mappings()]

    def claim(self, worker: str) -> Job | None:
        """The oldest job of the queue, now this worker's; None when the queue is empty. No job is given twice."""
        oldest = select(jobs.c.id).where(jobs.c.state == "queued").order_by(jobs.c.id).limit(1)
        with transaction(self._engine) as c:
            found = c.execute(oldest.with_for_update(skip_locked=True)).scalar()
            if found is None:
                return None
            moment = now()
            values = {"state": "running", "worker": worker, "started_at": moment, "seen_at": moment}
            c.execute(
                update(jobs)
                .where(jobs.c.id == found)
                .values(attempt=jobs.c.attempt + 1, error=None, fix=None, **values)
            )
            return _job(c, found)

    def progress(self, job: int, worker: str, stage: str, done: int, total: int) -> bool:
        """A sign of life. False when the job is no longer this worker's (cancelled, or given to another): stop working on it."""
        values = {"stage": stage, "done": done, "total": total, "seen_at": now()}
        with transaction(self._engine) as c:
            return bool(c.execute(_own(job, worker).values(**values)).rowcount)

    def tell(self, job: int, lines: Sequence[Line]) -> None:
        """Lines for the story of a job: files read, files that failed."""
        rows = [
            {"job_id": job, "at": x.at, "stage": x.stage, "source": x.source, "message": x.message}
            for x in lines
        ]
        if rows:
            with transaction(self._engine) as c:
                c.execute(insert(job_events), rows)

    def events(self, job: int, after: int = 0, limit: int = 500) -> list[JobEvent]:
        """The story of a job from the event after ``after`` on, oldest first."""
        wanted = select(job_events).where(job_events.c.job_id == job, job_events.c.id > after)
        with reading(self._engine) as c:
            rows = c.execute(wanted.order_by(job_events.c.id).limit(limit)).mappings()
            return [JobEvent(**r) for r in rows]

    def finish(self, job: int, worker: str, result: Any = None) -> Job:
        """The job is done. Raises StoreConflict when it was no longer this worker's."""
        return self._end(job, worker, state="done", result=result)

    def fail(self, job: int, worker: str, error: str, fix: str) -> Job:
        """The job failed: one sentence and a way out."""
        return self._end(job, worker, state="failed", error=error, fix=fix)

    def _end(self, job: int, worker: str, **values: Any) -> Job:
        with transaction(self._engine) as c:
            if not c.execute(_own(job, worker).values(finished_at=now(), **values)).rowcount:
                raise StoreConflict("该任务已被取消或交给别人。", "请刷新任务列表。")
            return _job(c, job)

    def cancel(self, job: int, who: str) -> Job:
        """Take a job out of the queue, or tell its worker to stop; one that has ended stays as it is."""
        open_ = jobs.c.state.in_(("queued", "running"))
        with transaction(self._engine) as c:
            before = _job(c, job)
            values = {"state": "cancelled", "finished_at": now()}
            if c.execute(update(jobs).where(jobs.c.id == job, open_).values(**values)).rowcount:
                write(c, who, "job.cancel", f"job:{job}", before.project_id, before={"state": before.state})
            return _job(c, job)

    def retry(self, job: int, who: str) -> Job:
        """Put a failed or cancelled job back into the queue."""
        ended = jobs.c.state.in_(("failed", "cancelled"))
        values = {"state": "queued", "finished_at": None, "worker": None, "attempt": 0}
        with transaction(self._engine) as c:
            before = _job(c, job)
            if c.execute(update(jobs).where(jobs.c.id == job, ended).values(**values)).rowcount:
                write(c, who, "job.retry", f"job:{job}", before.project_id, before={"state": before.state})
            return _job(c, job)

    def give_back(self, job: int, worker: str) -> None:
        """Put a job back that its worker stops working on because it ends, as if it had never taken it; nothing when it is no longer its job."""
        values = {"state": "queued", "worker": None, "attempt": jobs.c.attempt - 1}
        with transaction(self._engine) as c:
            c.execute(_own(job, worker).values(**values))

    def requeue_lost(self, silent_for: timedelta, worker: str | None = None) -> list[int]:
        """Put back the jobs whose worker has been silent for so long, or (``worker``) all jobs of a worker that starts anew."""
        lost = jobs.c.seen_at < now() - silent_for if worker is None else jobs.c.worker == worker
        running = select(jobs.c.id).where(jobs.c.state == "running", lost).order_by(jobs.c.id)
        with transaction(self._engine) as c:
            found = list(c.execute(running.with_for_update(skip_locked=True)).scalars())
            c.execute(update(jobs).where(jobs.c.id.in_(found)).values(state="queued", worker=None))
            return found


def _own(job: int, worker: str) -> Any:
    return update(jobs).where(jobs.c.id == job, jobs.c.worker == worker, jobs.c.state == "running")


def _job(c: Connection, job: int) -> Job:
    found = c.execute(select(jobs).where(jobs.c.id == job)).mappings().first()
    if found is None:
        raise NoSuchThing("没有这个任务。", "请刷新任务列表。")
    return Job(**found)
