"""What happens inside a worker process: one file (or some members of an archive) is read and its part written.

A worker may die of a file; nothing here is needed by anybody else. Importing this module does nothing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from reportminer import checks, ingest, pipeline
from reportminer.core import Failure, RawDocument, Report
from reportminer.documents import Document, PartReports
from reportminer.errors import ReportMinerError, UnreadableFile
from reportminer.ingest import archive
from reportminer.lexicon import Lexicon, default_lexicon
from reportminer.parts import Part, Parts, file_key

_GRACE = 10  # seconds after the limit at which a worker ends itself, should nobody be left to end it
_WAYS = {
    "time": "请确认文件能正常打开，拆分后再读；确需更久，可用 --seconds 放宽时间。",
    "memory": "请拆分文件后再读；内存充足时可用 --memory 放宽限制。",
    "crash": "请用 Word、WPS 等程序打开后另存为新文件再读。",
}


@dataclass(frozen=True)
class Settings:
    """What all workers of a run share. ``seconds`` and ``megabytes`` are the limits of one file."""

    parts: Path
    extractor: str
    overlay: Path | None = None
    seconds: float = 300
    megabytes: int = 3000


@dataclass(frozen=True)
class Task:
    """A file to be read; of an archive only these ``members`` (None: tell which there are)."""

    path: Path
    source: str
    members: tuple[str, ...] | None = None
    archive_sha256: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of one input: the name of its part (which holds the report or the failure) or, for what may be different the next time,
    the failure alone. ``document``: format and SHA-256 of the content of a report; ``seconds``: how long it took."""

    source: str
    part: Path | None = None
    reused: bool = False
    failure: Failure | None = None
    document: tuple[str, str] | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Listing:
    """The members of an archive by name, and the SHA-256 of the archive."""

    names: tuple[str, ...]
    sha256: str


@cache
def lexicon_of(overlay: Path | None) -> Lexicon:
    """The lexicon of this process, loaded once."""
    return Lexicon(overlay) if overlay else default_lexicon()


def start(settings: Settings) -> None:
    """Prepare this process: memory limit, no answer to Ctrl-C (the parent decides), death with the parent, lexicons loaded once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.name == "posix":
        import resource

        # private memory where the system counts it (Linux): libraries that only map files are not punished
        what = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        hard = resource.getrlimit(what)[1]
        size = settings.megabytes << 20
        resource.setrlimit(what, (size if hard < 0 else min(size, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with contextlib.suppress(ReportMinerError):  # told with the first file, where it can be answered
        warm(lexicon_of(settings.overlay))


@cache
def warm(lexicon: Lexicon) -> None:
    """Let everything that is loaded at first use be loaded."""
    checked_part(pipeline.read_raw(ingest.read_text("全县共有学校12所。"), lexicon), lexicon)


def work(task: Task, settings: Settings) -> list[Outcome] | Listing:
    """Read one task. Raises what is not the fault of a file: OutputNotWritable, LexiconError, ModelError, BadOption."""
    begin = time.monotonic()
    result = _worked(task, settings)
    if isinstance(result, Listing):
        return result
    each = (time.monotonic() - begin) / max(1, len(result))
    return [replace(o, seconds=each) for o in result]


def _worked(task: Task, settings: Settings) -> list[Outcome] | Listing:
    try:
        if task.members is not None:
            return _members(task, settings)
        _alarm(settings.seconds + _GRACE)
        if archive.is_archive(task.path):
            return _listing(task, settings)
        return [_file(task, settings)]
    finally:
        _alarm(0)


def _alarm(seconds: float) -> None:
    """End this process after so many seconds, whatever it does then; 0: do not."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _listing(task: Task, settings: Settings) -> list[Outcome] | Listing:
    try:
        names = tuple(name for name, _ in archive.members(task.path, task.source))
        return Listing(names, file_key(task.path))
    except UnreadableFile as e:
        return [Outcome(task.source, failure=Failure(task.source, e.error, e.fix))]
    except MemoryError:
        return [Outcome(task.source, failure=failed(task.source, "memory", settings))]
    except OSError as e:
        error = f"“{task.source}”无法打开（{e.strerror or e}）。"
        return [Outcome(task.source, failure=Failure(task.source, error, "请检查文件是否在可用的磁盘上。"))]


def _file(task: Task, settings: Settings) -> Outcome:
    try:
        content = file_key(task.path)
    except OSError:
        content = ""  # reading it will tell why
    key = f"file\0{content}\0{task.path.suffix.lower()}"
    outcome = _read(
        task.source, key if content else "", partial(ingest.read_path, task.path, task.source), settings
    )
    if outcome.reused or outcome.part is None or _unchanged(task.path, content):
        return outcome
    outcome.part.unlink(missing_ok=True)  # it holds what another content gave
    error = f"“{task.source}”在读取时被改动。"
    return Outcome(task.source, failure=Failure(task.source, error, "请在它不再改动后重新运行。"))


def _members(task: Task, settings: Settings) -> list[Outcome]:
    wanted = set(task.members or ())
    out = []
    try:
        for name, read in archive.members(task.path, task.source):
            if name in wanted:
                # of several members each has its own time; the parent only knows the time of all
                _alarm(settings.seconds + (0 if len(task.members or ()) > 1 else _GRACE))
                out.append(
                    _read(name, f"member\0{task.archive_sha256}\0{name[len(task.source) :]}", read, settings)
                )
                wanted.discard(name)
    except UnreadableFile as e:
        out += [Outcome(n, failure=Failure(n, e.error, e.fix)) for n in sorted(wanted)]
        wanted.clear()
    changed = "压缩包在读取时被改动。"
    return out + [
        Outcome(n, failure=Failure(n, changed, "请在它不再改动后重新运行。")) for n in sorted(wanted)
    ]


def _read(source: str, key: str, read: Callable[[], RawDocument], settings: Settings) -> Outcome:
    """One report through its part. What a file does to us becomes its failure."""
    parts = Parts(settings.parts, settings.extractor)
    path = parts.path(key)
    if key:
        gist = parts.summary(path)
        if gist is not None:
            return Outcome(source, path, True, None, (gist.format, gist.sha256))
        if parts.load(path) is not None:  # a failure of the run that this one goes on with
            return Outcome(source, path, True)
    lexicon = lexicon_of(settings.overlay)
    try:
        part = checked_part(pipeline.read_raw(read(), lexicon), lexicon)
    except UnreadableFile as e:
        part = Part(failure=Failure(source, e.error, e.fix))
    except ReportMinerError:
        raise
    except MemoryError:
        part = Part(failure=failed(source, "memory", settings))
    except RecursionError:
        part = Part(failure=Failure(source, f"“{source}”的结构嵌套太深，无法读取。", _WAYS["crash"]))
    except Exception as e:
        error = f"读取“{source}”时出现未预料的错误（{type(e).__name__}: {str(e)[:200]}）。"
        part = Part(failure=Failure(source, error, _WAYS["crash"]))
    if not key:
        return Outcome(source, failure=part.failure)
    parts.save(path, part)
    return Outcome(source, path, False, None, _document(part.report))


def checked_part(report: Report, lexicon: Lexicon) -> Part:
    """The part of a report with the findings inside it."""
    inside = checks.run([report], lexicon)
    return Part(report, tuple(inside.findings), tuple(inside.verified))


def rename(document: Document, settings: Settings) -> None:
    """Keep the report of a document under the name of the document, where its part was made under another: findings quote names."""
    parts = Parts(settings.parts, settings.extractor)
    report = PartReports((document,), parts)[0]
    parts.save(document.part, checked_part(report, lexicon_of(settings.overlay)))


def _document(report: Report | None) -> tuple[str, str] | None:
    return None if report is None else (report.text.raw.format, report.text.raw.sha256)


def _unchanged(path: Path, content: str) -> bool:
    """Whether a file still has the content that its part will be named by."""
    try:
        return file_key(path) == content
    except OSError:
        return False


def failed(source: str, how: str, settings: Settings, detail: str = "") -> Failure:
    """The failure of a file that used up its time or memory, or that killed its worker."""
    error = {
        "time": f"读取“{source}”超过 {settings.seconds:g} 秒，已停止。",
        "memory": f"读取“{source}”需要的内存超过上限 {settings.megabytes} MB，已停止。",
        "crash": f"读取“{source}”时读取程序崩溃{detail}。",
    }[how]
    return Failure(source, error, _WAYS[how])


def save_failure(task: Task, failure: Failure, settings: Settings) -> Outcome:
    """Remember for the rest of this run, should it be interrupted, that a file cannot be read (called by the parent, never by the worker that died)."""
    parts = Parts(settings.parts, settings.extractor)
    try:
        if task.members is not None:
            key = f"member\0{task.archive_sha256}\0{failure.source[len(task.source) :]}"
        else:
            key = f"file\0{file_key(task.path)}\0{task.path.suffix.lower()}"
    except OSError:
        return Outcome(failure.source, failure=failure)
    parts.save(parts.path(key), Part(failure=failure))
    return Outcome(failure.source, parts.path(key))


__all__ = [
    "Listing",
    "Outcome",
    "Settings",
    "Task",
    "checked_part",
    "failed",
    "rename",
    "save_failure",
    "start",
    "work",
]
