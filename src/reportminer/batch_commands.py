"""What ``run``, ``query`` and ``store`` do behind the command line: read a batch, combine, publish, ask."""

from __future__ import annotations

import csv
import getpass
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import typer

from reportminer.batch import PARTS, Batch, Options, Result, cores, read, tidy
from reportminer.errors import BadOption
from reportminer.ingest import discover
from reportminer.pace import Pace, spoken
from reportminer.worker import Listing, Task


def options(jobs: int, seconds: float, megabytes: int, engine: str, scheduler: str | None) -> Options:
    """The options of the command line. Raises BadOption."""
    if jobs < 0:
        raise BadOption(f"--jobs 的“{jobs}”不对。", "请给出进程个数，如 --jobs 2；不给则与处理器个数相同。")
    if seconds <= 0 or megabytes < 200:
        raise BadOption("--seconds 应大于 0，--memory 至少 200（MB）。", "请改正后重试。")
    if engine not in ("local", "dask"):
        raise BadOption(f"不知道 --engine “{engine}”。", "请用 local（本机）或 dask（多台机器）。")
    if (engine == "dask") != bool(scheduler):
        raise BadOption(
            "--engine dask 与 --scheduler 要一起给。", "例如 --engine dask --scheduler tcp://10.0.0.5:8786。"
        )
    return Options(jobs, seconds, megabytes, scheduler)


@contextmanager
def bars(pace: Pace) -> Iterator[Callable[[str], None] | None]:
    """A bar for each kind of work with the time that it still takes, on a terminal; nothing elsewhere. What is yielded shows how far it is; its text
    stands above the bars."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("已用"), TimeElapsedColumn(), TextColumn("还需 {task.fields[left]}"))  # fmt: skip
    with Bars(*columns, console=Console(stderr=True), transient=True) as shown:
        rows: dict[str, Any] = {}

        def show(title: str) -> None:
            works = list(pace.works())
            everything = [(title, sum(w[1] for w in works), sum(w[2] for w in works), pace.left())]
            for kind, done, total, left in [*everything, *works] if len(works) > 1 else everything:
                name = "" if kind is title else kind
                if name not in rows:
                    rows[name] = shown.add_task(kind, total=None, left="")
                shown.update(
                    rows[name], description=name or title, completed=done, total=total, left=spoken(left)
                )

        yield show


def read_batch(paths: Sequence[Path], out: Path, lexicon: Path | None, how: Options) -> Batch:
    """Read all files of a run; parts are kept below the output folder."""
    pace = Pace(how.jobs or cores())
    for _, source in discover(paths, out):
        pace.expect(source)

    def told(task: Task, result: Result) -> None:
        if isinstance(result, Listing):
            pace.unpacked(task.source, result.names)
        else:
            for o in result:
                pace.read(o.source, o.seconds)

    with bars(pace) as show:
        progress = None if show is None else lambda done, total: show("读取报告")
        return read(paths, out / PARTS, how, overlay=lexicon, leave_out=out, progress=progress, told=told)


def combine_batch(batch: Batch, lexicon: Any, jobs: int) -> Any:
    """The whole result of a batch, with a bar while many reports are checked."""
    from reportminer.combine import combine

    pace = Pace(1)

    with bars(pace) as show:

        def heard(done: int, total: int) -> None:
            pace.checked(done, total)
            if show is not None:
                show("核查比较")

        return combine(batch, lexicon, jobs=jobs, heard=heard)


def publish(
    batch: Batch,
    result: Any,
    out: Path,
    started: datetime,
    store: str | None,
    project: str,
    show: Any = None,
) -> None:
    """Write all files of a run, and its results into a store; then forget what is no longer needed."""
    from reportminer.combine import lines
    from reportminer.export import write_run

    checked = result.checked
    write_run(
        out,
        result.reports,
        result.failures,
        checked.findings,
        checked.verified,
        result.table,
        batch.names,
        lines(result),
        show,
    )
    if store is not None:
        from reportminer.store import open_store
        from reportminer.store.rows import Results

        opened = open_store(store)
        try:
            who = getpass.getuser()
            results = Results(
                result.reports,
                result.failures,
                checked,
                result.table,
                started,
                batch.parts.extractor,
                batch.names,
                batch.reused,
            )
            number = opened.results.publish(opened.projects.ensure(project, who).id, results, who)
        finally:
            opened.close()
        typer.echo(f"已存入数据仓（项目“{project}”，第 {number} 次运行）。")
    tidy(batch)


def told(batch: Batch) -> str:
    """One line on what was taken from before and what came twice; empty when there is nothing to say."""
    parts = []
    if batch.reused:
        parts.append(f"{batch.reused} 份取自以前的读取结果，没有重读")
    twice = sum(len(n) - 1 for n in batch.names.values())
    if twice:
        parts.append(f"{twice} 个文件与别的文件内容相同，只计一次")
    return "；".join(parts) + "。" if parts else ""


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def query(sql: str, store: str, out: Path | None, limit: int) -> None:
    """Ask a store; the answer goes to the terminal as a table or into a csv file."""
    from reportminer.store import open_store

    opened = open_store(store, create=False)
    try:
        answer = opened.results.query(sql, limit=None if out else limit)
    finally:
        opened.close()
    if out is not None:
        from reportminer.export import OutputFolder

        with (
            OutputFolder(out.parent) as folder,
            folder.path(out.name).open("w", encoding="utf-8-sig", newline="") as f,
        ):
            writer = csv.writer(f)
            writer.writerow(answer.columns)
            writer.writerows([_cell(x, safe=True) for x in row] for row in answer.rows)
        typer.echo(f"已写入 {out}（{len(answer.rows)} 行）。")
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=200)
    table = Table()
    for name in answer.columns:
        table.add_column(escape(name), overflow="fold")
    for row in answer.rows:
        table.add_row(*(escape(_cell(x)) for x in row))
    console.print(table)
    typer.echo(
        f"{len(answer.rows)} 行"
        + ("，还有更多：用 --limit 放宽，或用 --out 写入 csv。" if answer.cut else "。")
    )


def _cell(x: Any, safe: bool = False) -> str:
    from reportminer.export import number

    if x is None:
        return ""
    if isinstance(x, Decimal):
        return number(x)
    text = x.isoformat() if isinstance(x, datetime) else str(x)
    # what a spreadsheet would run as a formula is made text
    return (
        "'" + text if safe and isinstance(x, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
    )


def export_store(store: str, out: Path, format: str) -> None:
    """Every table of a store as a file."""
    from reportminer.store import open_store

    opened = open_store(store, create=False)
    try:
        names = opened.export(out, format)
    finally:
        opened.close()
    typer.echo(f"已写入 {out}：{'、'.join(names)}。")


__all__ = [
    "bars",
    "combine_batch",
    "cores",
    "export_store",
    "now",
    "options",
    "publish",
    "query",
    "read_batch",
    "told",
]
