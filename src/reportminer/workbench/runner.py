"""The one worker of a workbench: takes jobs from the queue of the store, in a thread of its own."""

from __future__ import annotations

import logging
import socket
import time
from datetime import timedelta
from threading import Event, Thread

from reportminer.errors import ReportMinerError, StoreConflict
from reportminer.store.jobs import Line
from reportminer.store.records import Job
from reportminer.store.store import Store
from reportminer.workbench.reading import read_project
from reportminer.workbench.settings import limits

_LOST = timedelta(minutes=5)
_PAUSE = 0.3  # seconds between two signs of life of a stage
_MOST = 4  # starts of a job, after which it is thought to be what kills the program
_LOGGER = logging.getLogger("reportminer")


class Stopped(ReportMinerError):
    """The job was cancelled or given to another, or the program ends."""


class Runner:
    """Runs jobs one after the other. What it was at when the program was killed is begun again at the next start."""

    def __init__(self, store: Store, name: str | None = None) -> None:
        self._store = store
        self._name = name or f"workbench@{socket.gethostname()}"
        self._end = Event()
        self._wake = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Put back what was lost and begin; nothing when it runs already."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._end.clear()
        self._store.jobs.requeue_lost(_LOST, self._name)
        self._thread = Thread(target=self._loop, name="reportminer-jobs", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be a new job."""
        self._wake.set()

    def stop(self, seconds: float = 20) -> None:
        """End after the file that is being read; the job goes back to the queue at the next start."""
        self._end.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(seconds)

    def _loop(self) -> None:
        while not self._end.is_set():
            try:
                job = self._store.jobs.claim(self._name)
            except ReportMinerError as e:
                _LOGGER.warning("queue: %s", e)
                self._end.wait(5)
                continue
            if job is None:
                self._wake.wait(2)
                self._wake.clear()
            else:
                self.run(job)

    def run(self, job: Job) -> None:
        """One job to its end."""
        store = self._store

        story: list[Line] = []
        last = ("", 0.0)  # stage and moment of what was written

        def progress(stage: str, done: int, total: int) -> None:
            nonlocal last
            if self._end.is_set():
                raise Stopped("任务已停止。", "")
            moment = time.monotonic()
            if stage == last[0] and done < total and moment - last[1] < _PAUSE:
                return  # not every file is worth a write that others wait for
            last = (stage, moment)
            store.jobs.tell(job.id, story)
            story.clear()
            if not store.jobs.progress(job.id, self._name, stage, done, total):
                raise Stopped("任务已停止。", "")

        def told(source: str, failure: str | None) -> None:
            story.append(Line("读取", failure or "", source))

        if job.attempt > _MOST:
            self._fail(
                job,
                f"读取时程序已意外中断 {job.attempt - 1} 次。",
                "请先移除最近上传的文件再读取；如仍出现，请告诉管理员。",
            )
            return
        try:
            done = read_project(store, job.project_id, job.who, limits(store, job.project_id), progress, told)
            result = {
                "run": done.run,
                "documents": done.documents,
                "failures": done.failures,
                "findings": done.findings,
            }
            store.jobs.finish(job.id, self._name, result)
        except Stopped:
            if self._end.is_set():
                self._give_back(job)
        except StoreConflict as e:
            _LOGGER.info("job %s: %s", job.id, e)
        except ReportMinerError as e:
            self._fail(job, e.error, e.fix)
        except Exception as e:
            _LOGGER.exception("job %s", job.id)
            self._fail(
                job,
                f"出现未预料的错误（{type(e).__name__}: {str(e)[:200]}）。",
                "请重试；如仍出现，请把这句话告诉管理员。",
            )

    def _give_back(self, job: Job) -> None:
        try:
            self._store.jobs.give_back(job.id, self._name)
        except ReportMinerError as e:  # it is found by the next start all the same
            _LOGGER.warning("job %s: %s", job.id, e)

    def _fail(self, job: Job, error: str, fix: str) -> None:
        try:
            self._store.jobs.fail(job.id, self._name, error, fix)
        except ReportMinerError as e:  # cancelled, deleted with its project, or no store: nobody waits for it
            _LOGGER.warning("job %s: %s", job.id, e)
