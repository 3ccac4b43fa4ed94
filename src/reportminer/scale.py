"""The same tasks on several machines: a Dask scheduler gives them out, every Dask worker reads its files in a process of its own.

All machines see the input files and the folder of parts under the same paths (a shared folder). See `docs/scale.md`.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from reportminer.batch import Options, Result, alone, following, outcome, worker_pool
from reportminer.errors import BadOption
from reportminer.parts import extractor_version
from reportminer.worker import Settings, Task, failed, save_failure, work

_AHEAD = 4  # tasks given out for each thread of a worker


def on_dask(tasks: Sequence[Task], settings: Settings, options: Options) -> Iterator[tuple[Task, Result]]:
    """Read the tasks on the workers of a Dask scheduler; each result comes with its task. Raises BadOption when the scheduler or its workers
    cannot be used."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError as e:
        raise BadOption(
            "--engine dask 需要 distributed。", "请安装：pip install 'reportminer[scale]'。"
        ) from e
    try:
        client = distributed.Client(options.scheduler, timeout="15s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as e:
        raise BadOption(
            f"连不上 Dask 调度器“{options.scheduler}”。", "请检查地址和网络；调度器用 dask scheduler 启动。"
        ) from e
    with client:
        threads = _threads(client, settings)
        waiting = list(reversed(tasks))
        of: dict[str, Task] = {}
        ready = distributed.as_completed([], loop=client.loop)

        def give_out() -> None:
            while waiting and len(of) < _AHEAD * threads:
                task = waiting.pop()
                # pure=False: the same file read by two runs is two tasks; the part decides whether there is anything to do
                future = client.submit(read_apart, task, settings, threads, pure=False)
                of[future.key] = task
                ready.add(future)

        give_out()
        while of:
            future = next(ready)
            task = of.pop(future.key)
            try:
                result: Result = future.result()
            except (
                distributed.scheduler.KilledWorker
            ):  # it took several Dask workers with it, one after the other
                result = [
                    save_failure(task, failed(name, "crash", settings, "（多次使读取机退出）"), settings)
                    for name in task.members or (task.source,)
                ]
            waiting.extend(reversed(following(task, result)))
            yield task, result
            give_out()


def _threads(client: Any, settings: Settings) -> int:
    """How many tasks the workers take at once, after it is sure that they see what this machine sees."""
    client.wait_for_workers(1, timeout=60)
    settings.parts.mkdir(parents=True, exist_ok=True)
    probe = settings.parts / ".probe"
    probe.write_text(settings.extractor)
    try:
        versions = client.run(extractor_version, settings.overlay)
        seen = client.run(_reads, probe)
    finally:
        probe.unlink(missing_ok=True)
    if other := sorted(w for w, v in versions.items() if v != settings.extractor):
        raise BadOption(
            f"{'、'.join(other)} 上的 reportminer 或词表与本机不同。",
            "请在各台机器上装同一版本，再重新启动它们的 worker。",
        )
    if blind := sorted(w for w, text in seen.items() if text != settings.extractor):
        raise BadOption(
            f"{'、'.join(blind)} 看不到输出文件夹“{settings.parts}”。",
            "请把输入和输出放在各台机器以相同路径可见的共享文件夹。",
        )
    return sum(client.nthreads().values())


def _reads(file: Path) -> str | None:
    try:
        return file.read_text()
    except OSError:
        return None


@cache
def _pool(settings: Settings, processes: int) -> Any:
    """The reading processes of this Dask worker, which outlive a file and die without it."""
    if multiprocessing.current_process().daemon:
        raise BadOption(
            "Dask 的 worker 由 nanny 启动，不能再有自己的读取进程。",
            "请用 dask worker 地址 --no-nanny 启动。",
        )
    return worker_pool(processes, settings)


def read_apart(task: Task, settings: Settings, processes: int) -> Result:
    """Inside a Dask worker: read a task in a process of its own; a file that kills it is a failure, as on one machine."""
    pool = _pool(settings, min(processes, multiprocessing.cpu_count()))
    seconds = settings.seconds * max(1, len(task.members or ()))
    future = pool.schedule(work, args=(task, settings), timeout=seconds)
    result = outcome(task, future, settings)
    if isinstance(result, list) and not result:  # one of several members is to blame
        parts = [read_apart(one, settings, processes) for one in alone(task)]
        return [o for part in parts if isinstance(part, list) for o in part]
    return result


__all__ = ["on_dask", "read_apart"]
