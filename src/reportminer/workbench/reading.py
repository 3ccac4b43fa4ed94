"""Reading the files of a project: parts, corrections of people, checks, comparison, published at once. A reading that was cut off anywhere is
begun again and takes what was read from its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from reportminer.batch import Batch, Options, read, tidy
from reportminer.combine import combine
from reportminer.core import Report, Settled
from reportminer.documents import Document
from reportminer.lexicon import Lexicon, default_lexicon
from reportminer.parts import Parts, extractor_version
from reportminer.reference import compare as against_reference
from reportminer.reference import load as load_reference
from reportminer.store.records import Job, Upload
from reportminer.store.rows import Results
from reportminer.store.store import Store
from reportminer.workbench.corrections import apply
from reportminer.workbench.files import parts_folder, uploads_folder
from reportminer.workbench.settings import Limits, overlay_folder, reference_file
from reportminer.worker import Listing, Outcome, Task, checked_part

#: stage, done, total; raises to stop the work
Tell = Callable[[str, int, int], None]
#: source, what came of it (None: read)
Told = Callable[[str, str | None], None]


@dataclass(frozen=True)
class Summary:
    """What a reading came to."""

    run: int
    documents: int
    failures: int
    findings: int


def read_project(store: Store, project: int, who: str, limits: Limits, progress: Tell, told: Told) -> Summary:
    """Read all files of a project and publish the results. Raises what ``progress`` raises to stop, and ReportMinerError."""
    started = datetime.now(UTC)
    folder = uploads_folder(store, project)
    paths = [p for u in store.projects.uploads(project) if (p := folder / u.name).exists()]
    overlay = overlay_folder(store, project)
    lexicon = Lexicon(overlay) if overlay else default_lexicon()
    options = Options(limits.processes, limits.seconds, limits.megabytes)
    parts = parts_folder(store, project)

    def tell(task: Task, result: list[Outcome] | Listing) -> None:
        for o in result if isinstance(result, list) else ():
            failure = o.failure
            if failure is None and o.document is None and o.part is not None:
                part = Parts(parts, "").load(o.part)
                failure = part.failure if part else None
            told(o.source, None if failure is None else f"{failure.error}{failure.fix}")

    if paths:
        batch = read(
            paths,
            parts,
            options,
            overlay=overlay,
            progress=lambda done, total: progress("读取", done, total),
            told=tell,
        )
    else:
        parts.mkdir(parents=True, exist_ok=True)
        (parts / "manifest.jsonl").write_text("", encoding="utf-8")
        batch = Batch((), (), 0, 0, Parts(parts, extractor_version(overlay)))
    progress("核查", batch.inputs, batch.inputs)
    result = combine(corrected(store, project, batch, lexicon), lexicon)
    checked = result.checked
    if (reference := reference_file(store, project)) is not None:
        findings = against_reference(result.reports, load_reference(reference))[1]
        checked = Settled([*checked.findings, *findings], checked.verified)
    progress("保存", batch.inputs, batch.inputs)
    extractor, names = batch.parts.extractor, batch.names
    results = Results(
        result.reports, result.failures, checked, result.table, started, extractor, names, batch.reused
    )
    run = store.results.publish(project, results, who)
    tidy(batch)
    return Summary(run, len(batch.documents), len(batch.failures), len(checked.findings))


def corrected(store: Store, project: int, batch: Batch, lexicon: Lexicon) -> Batch:
    """The batch with the reports that people corrected in their place, checked anew."""
    of: dict[str, list[int]] = {}
    corrections = store.reviews.corrections(project)
    for n, c in enumerate(corrections):
        of.setdefault(c.sha256, []).append(n)
    if not of:
        return batch
    documents: list[Document] = []
    for n, d in enumerate(batch.documents):
        report = batch.reports[n]
        mine = of.get(report.text.raw.sha256)
        changed = apply(report, [corrections[k] for k in mine]) if mine else report
        documents.append(d if changed is report else replace(d, part=_save(batch.parts, d, changed, lexicon)))
    return replace(batch, documents=tuple(documents))


def _save(parts: Parts, document: Document, report: Report, lexicon: Lexicon) -> Path:
    path = parts.path(f"corrected\0{document.source}")
    parts.save(path, checked_part(report, lexicon))
    return path


@dataclass(frozen=True)
class FileState:
    """One uploaded file and where it is on its way. ``state``: queued, reading, done, failed, stored (not read yet). ``members``: reports of an
    archive that were read."""

    upload: Upload
    state: str
    error: str = ""
    members: int = 0
    failed_members: int = 0


def states(store: Store, project: int, processes: int) -> list[FileState]:
    """The files of a project with their states, from the reading that is under way and the last results."""
    jobs = [j for j in store.jobs.all(project, limit=50) if j.kind == "read"]
    running = next((j for j in jobs if j.state == "running"), None)
    waiting = any(j.state == "queued" for j in jobs)
    broken = jobs[0] if jobs and jobs[0].state == "failed" else None
    told = _told(store, running.id) if running else {}
    failed = {f["source"]: f"{f['error']}{f['fix']}" for f in store.results.rows(project, "failures")}
    outcomes: dict[str, str] = {n: "" for d in store.results.rows(project, "documents") for n in d["names"]}
    outcomes.update(failed)
    out = []
    reading = 0
    for u in store.projects.uploads(project):
        before, now = _of(u.name, outcomes), _of(u.name, told)
        if running and not now and running.started_at and u.at <= running.started_at:
            reading += 1
            out.append(FileState(u, "reading" if reading <= processes else "queued"))
        elif now or before:
            results = now or before
            errors = [e for e in results.values() if e]
            good = len(results) - len(errors)
            out.append(
                FileState(u, "done" if good else "failed", errors[0] if errors else "", good, len(errors))
            )
        elif waiting:
            out.append(FileState(u, "queued"))
        elif broken:
            out.append(FileState(u, "failed", f"{broken.error or ''}{broken.fix or ''}"))
        else:
            out.append(FileState(u, "stored"))
    return out


def _told(store: Store, job: int) -> dict[str, str]:
    """What a reading said of its files so far: source → why it failed, empty when it was read."""
    told: dict[str, str] = {}
    at = 0
    while events := store.jobs.events(job, at, 1000):
        told.update({e.source: e.message for e in events if e.source is not None})
        at = events[-1].id
    return told


def _of(name: str, outcomes: Mapping[str, str]) -> dict[str, str]:
    """Of all outcomes those of a file: its own, or those of its members."""
    if name in outcomes:
        return {name: outcomes[name]}
    return (
        {s: m for s, m in outcomes.items() if s.startswith(name + "/")}
        if name.lower().endswith(".zip")
        else {}
    )


def wanted(store: Store, project: int, who: str) -> Job:
    """Put a reading of a project into the queue, unless one waits there already."""
    for job in store.jobs.all(project, state="queued"):
        if job.kind == "read":
            return job
    return store.jobs.add(project, "read", {}, who)
