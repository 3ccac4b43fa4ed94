"""Many files: each read in a worker process with limits, what was read kept in part files, everything published at the end.

The way: discover → tasks → workers (here, or on Dask) → outcomes → manifest → reports from their parts → checks, comparison. A run that was
cut off at any moment goes on where it stopped and gives the same result, since nothing is published before every input has its outcome.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from reportminer import ingest
from reportminer.core import Failure
from reportminer.documents import Document, PartReports
from reportminer.errors import Interrupted, NoInput, ReportMinerError
from reportminer.forks import context
from reportminer.parts import Parts, extractor_version, under_name
from reportminer.worker import Listing, Outcome, Settings, Task, failed, save_failure, start, work

PARTS = ".parts"  # hidden, so that no run takes it for reports
MEMBERS = 16  # members of an archive that one worker reads in one go


class Progress(Protocol):
    """What is told while files are read."""

    def __call__(self, done: int, total: int) -> None:
        """``done`` of ``total`` inputs have their outcome."""
        ...


@dataclass(frozen=True)
class Options:
    """How a batch is read. ``jobs``: worker processes (0: one for each core); ``scheduler``: address of a Dask scheduler, None for this machine;
    ``seconds``, ``megabytes``: what one file may use."""

    jobs: int = 0
    seconds: float = 300
    megabytes: int = 3000
    scheduler: str | None = None


@dataclass(frozen=True)
class Batch:
    """What reading a batch yields. Documents and failures are in the order of the inputs; ``inputs`` = names of documents + failures."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]
    inputs: int
    reused: int
    parts: Parts

    @property
    def reports(self) -> PartReports:
        """The reports in order, loaded when asked for."""
        return PartReports(self.documents, self.parts)

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """All names of the documents that have several."""
        return {d.source: d.names for d in self.documents if len(d.names) > 1}


def read(
    paths: Sequence[Path],
    parts: Path,
    options: Options | None = None,
    *,
    overlay: Path | None = None,
    leave_out: Path | None = None,
    progress: Progress | None = None,
    told: Callable[[Task, Result], None] | None = None,
) -> Batch:
    """Read all files below ``paths``; results are kept in the folder ``parts``. ``overlay``: the user's lexicon tables; ``told`` hears every result.

    Raises NoInput when there is no file at all, Interrupted on Ctrl-C, OutputNotWritable when a part cannot be written.
    """
    options = options or Options()
    files = ingest.discover(paths, leave_out)
    if not files:
        raise NoInput(
            "没有找到任何可读的文件。", "请给出报告文件或装有报告的文件夹，或装有它们的 zip 压缩包。"
        )
    overlay = overlay.resolve() if overlay else None
    settings = Settings(
        parts.resolve(), extractor_version(overlay), overlay, options.seconds, options.megabytes
    )
    gathered = _Gathered([source for _, source in files], progress)
    tasks = [Task(path.absolute(), source) for path, source in files]
    try:
        for task, result in _engine(options)(tasks, settings, options):
            gathered.take(task, result)
            if told:
                told(task, result)
    except KeyboardInterrupt:
        raise Interrupted(
            f"已停止：{gathered.total} 个文件中读完 {gathered.done} 个，结果已保存在“{parts}”。",
            "再次运行同一命令，就从停下的地方继续。",
        ) from None
    return _reconciled(gathered, Parts(settings.parts, settings.extractor))


Result = list[Outcome] | Listing
Engine = Callable[[Sequence[Task], Settings, Options], Iterator[tuple[Task, Result]]]


def _engine(options: Options) -> Engine:
    if options.scheduler:
        from reportminer.scale import on_dask

        return on_dask
    return on_this_machine


def following(task: Task, result: Result) -> list[Task]:
    """The tasks that a result brings: the members of an archive."""
    if not isinstance(result, Listing):
        return []
    names = result.names
    return [
        Task(task.path, task.source, names[n : n + MEMBERS], result.sha256)
        for n in range(0, len(names), MEMBERS)
    ]


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_this_machine(
    tasks: Sequence[Task], settings: Settings, options: Options
) -> Iterator[tuple[Task, Result]]:
    """Read the tasks in worker processes of this machine; each result comes with its task, in the order in which they are ready."""
    from queue import SimpleQueue

    jobs = options.jobs or cores()
    if not any(t.path.suffix.lower() == ".zip" for t in tasks):
        jobs = min(jobs, (len(tasks) + 3) // 4)  # a process takes as long to start as a few files to read
    ready: SimpleQueue[tuple[Task, Any]] = SimpleQueue()
    waiting = list(reversed(tasks))
    running = 0
    pool = worker_pool(jobs, settings)
    try:
        while waiting or running:
            while waiting and running < 4 * jobs:
                task = waiting.pop()
                seconds = settings.seconds * max(1, len(task.members or ()))
                future = pool.schedule(work, args=(task, settings), timeout=seconds)
                future.add_done_callback(partial(_put, ready, task))
                running += 1
            task, future = ready.get()
            running -= 1
            result = outcome(task, future, settings)
            if isinstance(result, Listing) or result:
                waiting.extend(reversed(following(task, result)))
                yield task, result
            else:  # a worker died of one of several members: each is read alone
                waiting.extend(reversed(alone(task)))
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()


def worker_pool(processes: int, settings: Settings) -> Any:
    """Processes that read files; they load the lexicons once, and one that dies is replaced."""
    from pebble import ProcessPool

    return ProcessPool(max_workers=processes, initializer=start, initargs=(settings,), context=context())


def _put(ready: Any, task: Task, future: Any) -> None:
    ready.put((task, future))


def alone(task: Task) -> list[Task]:
    """One task for each member."""
    return [Task(task.path, task.source, (m,), task.archive_sha256) for m in task.members or ()]


def outcome(task: Task, future: Any, settings: Settings) -> Result:
    """The result of a finished task; a worker that was stopped or died is the failure of its file. Empty when it had several members, any of
    which may be to blame. Raises what is not the fault of a file."""
    from concurrent.futures import TimeoutError as TookTooLong

    from pebble import ProcessExpired

    try:
        result: Result = future.result()
        return result
    except TookTooLong:
        how, detail = "time", ""
    except ProcessExpired as e:
        how, detail = ("time", "") if e.exitcode == -14 else ("crash", _signal(e.exitcode))
    except MemoryError:
        how, detail = "memory", ""
    if task.members is not None and len(task.members) > 1:
        return []
    source = task.members[0] if task.members else task.source
    return [save_failure(task, failed(source, how, settings, detail), settings)]


def _signal(code: int | None) -> str:
    import signal

    if code is not None and code < 0:
        try:
            return f"（{signal.Signals(-code).name}）"
        except ValueError:
            pass
    return "" if code is None else f"（状态 {code}）"


@dataclass
class _Gathered:
    """Outcomes as they come, by input."""

    sources: Sequence[str]
    progress: Progress | None
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)  # input → its outcomes
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)  # archive → its members in order
    done: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        self.total = len(self.sources)

    def take(self, task: Task, result: Result) -> None:
        """Note a result and tell of it."""
        if isinstance(result, Listing):
            self.members[task.source] = result.names
            self.total += len(result.names) - 1
        else:
            self.outcomes.setdefault(task.source, []).extend(result)
            self.done += len(result)
        if self.progress:
            self.progress(self.done, self.total)

    def ordered(self) -> Iterator[Outcome]:
        """One outcome for each input, in the order of the inputs. Raises ReportMinerError when one is missing or too many: never seen, never hidden."""
        for source in self.sources:
            by_name = {o.source: o for o in self.outcomes.get(source, ())}
            wanted = self.members.get(source, (source,))
            if set(by_name) != set(wanted) or len(by_name) != len(self.outcomes.get(source, ())):
                raise ReportMinerError(
                    f"“{source}”的读取结果不完整，未发布任何结果。",
                    "请重新运行同一命令；如仍出现，请报告此问题。",
                )
            for name in wanted:
                yield by_name[name]


def _reconciled(gathered: _Gathered, parts: Parts) -> Batch:
    """Every input with its outcome; the same content under several names is one document. The manifest is written before anything is published."""
    documents: dict[tuple[str, str], Document] = {}
    failures: list[Failure] = []
    inputs = reused = 0
    lines = []
    for o in gathered.ordered():
        inputs += 1
        failure = o.failure
        if o.document is None and o.part is not None:
            part = parts.load(o.part)
            failure = under_name(part, o.source).failure if part else None
        if o.document is not None and o.part is not None:
            known = documents.get(o.document)
            if known is None:
                documents[o.document] = Document(o.source, o.part, (o.source,))
            else:
                documents[o.document] = Document(known.source, known.part, (*known.names, o.source))
            reused += o.reused
        elif failure is not None:
            failures.append(failure)
        else:
            raise ReportMinerError(f"“{o.source}”的中间结果不见了。", "请重新运行同一命令。")
        place = o.part.relative_to(parts.root).as_posix() if o.part else None
        lines.append(
            {"source": o.source, "part": place, "document": o.document, "failed": failure is not None}
        )
    batch = Batch(tuple(documents.values()), tuple(failures), inputs, reused, parts)
    assert sum(len(d.names) for d in batch.documents) + len(failures) == inputs
    _write_manifest(parts, lines)
    return batch


def _write_manifest(parts: Parts, lines: Iterable[Any]) -> None:
    from reportminer.errors import OutputNotWritable

    new = parts.root / ".manifest.new"
    try:
        parts.root.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8", errors="surrogatepass") as f:
            f.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            f.flush()
            os.fsync(f.fileno())
        new.replace(parts.root / "manifest.jsonl")
    except OSError as e:
        raise OutputNotWritable(
            f"中间结果无法写入“{parts.root}”（{e.strerror or e}）。",
            "请检查磁盘空间和写权限后重新运行同一命令。",
        ) from e


def tidy(batch: Batch) -> None:
    """After the results are published: forget parts of other versions, failures (they are tried again by the next run) and temporary files."""
    for folder in batch.parts.others():
        shutil.rmtree(folder, ignore_errors=True)
    manifest = batch.parts.root / "manifest.jsonl"
    for line in manifest.read_text(encoding="utf-8", errors="surrogatepass").splitlines():
        entry = json.loads(line)
        if entry["failed"] and entry["part"]:
            (batch.parts.root / entry["part"]).unlink(missing_ok=True)
    for left in batch.parts.folder.glob("*/.*"):
        if not _alive(left.name):
            left.unlink(missing_ok=True)


def _alive(name: str) -> bool:
    """Whether the process that a temporary file is named by still runs."""
    number = name.lstrip(".").partition("-")[0]
    if not number.isdigit() or os.name != "posix":
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
