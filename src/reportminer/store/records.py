"""What the store gives back of projects, runs, jobs, reviews and its log: frozen types, one per table, with the columns as fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Verdict = Literal["confirmed", "false_alarm", "explained", "open"]
Action = Literal["correct", "accept", "add", "delete", "undo"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Project:
    """Reports that belong together. ``current_run`` is None before the first run."""

    id: int
    name: str
    created_by: str
    created_at: datetime
    archived_at: datetime | None
    current_run: int | None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One published run: when, by whom, with which extractor, and how much it found. ``reused``: documents taken from an earlier run."""

    id: int
    project_id: int
    who: str
    started_at: datetime
    finished_at: datetime
    program: str
    extractor: str
    documents: int
    observations: int
    failures: int
    reused: int
    errors: int
    warnings: int
    notes: int


@dataclass(frozen=True, slots=True)
class RunChange:
    """A document or finding that a run brought or lost against the run before it."""

    what: Literal["document", "finding"]
    key: str
    change: Literal["new", "gone"]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in, or may not any more (``disabled_at``). Its password is not here."""

    id: int
    name: str
    role: Literal["viewer", "reviewer", "admin"]
    created_at: datetime
    disabled_at: datetime | None
    last_sign_in: datetime | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody gave to a project."""

    id: int
    project_id: int
    name: str
    sha256: str
    size: int
    who: str
    at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Job:
    """Long work. ``seen_at`` is when its worker last gave a sign of life; ``done`` of ``total`` units of ``stage``."""

    id: int
    project_id: int
    kind: str
    payload: Any
    who: str
    created_at: datetime
    state: JobState
    attempt: int
    worker: str | None
    started_at: datetime | None
    seen_at: datetime | None
    finished_at: datetime | None
    stage: str | None
    done: int
    total: int
    error: str | None
    fix: str | None
    result: Any


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One line of the story of a job. ``id`` grows, so that a reader asks for what came after the last it saw."""

    id: int
    job_id: int
    at: datetime
    stage: str
    source: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided of a finding. Decisions are never changed: a later one has a higher ``version`` (from 1) and is what holds."""

    id: int
    project_id: int
    finding: str
    version: int
    verdict: Verdict
    reason: str
    who: str
    at: datetime
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody changed of the observation at some characters of a content. Never changed itself: the highest ``version`` holds, ``undo``
    brings back ``before``. ``before`` and ``after`` are fields of an observation (None: there is none)."""

    id: int
    project_id: int
    sha256: str
    source: str
    start_at: int
    end_at: int
    version: int
    observation: str | None
    action: Action
    reason: str
    who: str
    at: datetime
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LogEntry:
    """Who did what and when; written in the transaction that does it."""

    id: int
    project_id: int | None
    who: str
    at: datetime
    action: str
    object: str
    before: Any
    after: Any
    address: str | None
