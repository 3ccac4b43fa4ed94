"""Projects as a list: what each holds and whether it is being read."""

from __future__ import annotations

from dataclasses import dataclass

from reportminer.store.records import Job, Project, RunRecord
from reportminer.store.store import Store


@dataclass(frozen=True)
class Card:
    """A project in the list. ``run`` is its last reading."""

    project: Project
    files: int
    run: RunRecord | None
    job: Job | None


def busy(store: Store, project: int) -> Job | None:
    """The reading that is under way or waits."""
    jobs = store.jobs.all(project, state="running") or store.jobs.all(project, state="queued")
    return jobs[0] if jobs else None


def cards(store: Store, *, archived: bool = False) -> list[Card]:
    """All projects, or the archived ones alone."""
    found = [p for p in store.projects.all(archived=archived) if archived == (p.archived_at is not None)]
    return [
        Card(
            p,
            len(store.projects.uploads(p.id)),
            next(iter(store.projects.runs(p.id, 1)), None),
            busy(store, p.id),
        )
        for p in found
    ]
