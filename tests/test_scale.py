"""Dask: a real scheduler and two real workers, one of which is killed in the middle; the result is that of one machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from faulty import read_apart
from reportminer import batch, scale
from reportminer.batch import Options
from reportminer.errors import BadOption

pytest.importorskip("distributed", reason="没有安装 distributed（pip install 'reportminer[scale]'）")


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler and its two workers."""
    address = f"tcp://127.0.0.1:{_free_port()}"
    dask = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        address,
        "--no-dashboard",
        "--no-jupyter",
    ]
    log = (tmp_path / "dask.log").open("wb")
    places = [
        str(Path(__file__).parent),
        *os.environ.get("PYTHONPATH", "").split(os.pathsep),
    ]  # where ``faulty`` is
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
    scheduler = subprocess.Popen(dask, stdout=log, stderr=log, env=environment)
    worker = [
        sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path),
    ]  # fmt: skip
    workers = [subprocess.Popen(worker, stdout=log, stderr=log, env=environment) for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()
    log.close()


def corpus(folder: Path, count: int) -> Path:
    folder.mkdir()
    files = sorted((ROOT / "corpora" / "eval").glob("*.txt"))
    for n in range(count):
        text = files[n % len(files)].read_bytes()
        (folder / f"{n:03}.txt").write_bytes(text + f"\n{n}".encode())
    return folder


def outcome(read: batch.Batch) -> list[tuple[str, bytes]]:
    return [(d.source, d.part.read_bytes()) for d in read.documents]


def test_a_worker_is_killed_and_nothing_is_lost(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    folder = corpus(tmp_path / "in", 150)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    killed = threading.Event()

    def kill(done: int, total: int) -> None:
        if done >= 30 and not killed.is_set():
            workers[0].send_signal(signal.SIGKILL)
            killed.set()

    far = batch.read([folder], tmp_path / "far", Options(scheduler=address), progress=kill)
    assert killed.is_set() and workers[0].wait(timeout=10) == -signal.SIGKILL
    near = batch.read([folder], tmp_path / "near", Options(jobs=2))
    assert far.inputs == near.inputs == 151
    assert outcome(far) == outcome(near) and far.failures == near.failures
    assert len(far.documents) + len(far.failures) == far.inputs


def test_faults_do_not_take_a_dask_worker_with_them(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, workers = cluster
    folder = corpus(tmp_path / "in", 4)
    (folder / "SEGV.txt").write_bytes(b"SEGV\n")
    (folder / "HANG.txt").write_bytes(b"HANG\n")
    monkeypatch.setattr(scale, "read_apart", read_apart)
    read = batch.read([folder], tmp_path / "parts", Options(scheduler=address, seconds=2))
    assert [f.source for f in read.failures] == ["HANG.txt", "SEGV.txt"] and len(read.documents) == 4
    assert all(w.poll() is None for w in workers)


def test_no_scheduler_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reportminer", "run", str(ROOT / "corpora" / "demo"), "--out", str(tmp_path), "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2 and "连不上 Dask 调度器" in done.stderr


def test_the_command_line_on_dask(cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path) -> None:
    address, _ = cluster
    base = [sys.executable, "-m", "reportminer", "run", str(ROOT / "corpora" / "demo"), "--brief"]
    subprocess.run([*base, "--out", str(tmp_path / "near")], check=True, capture_output=True)
    subprocess.run(
        [*base, "--out", str(tmp_path / "far"), "--engine", "dask", "--scheduler", address],
        check=True,
        capture_output=True,
    )
    for name in ("documents", "observations", "findings", "verified", "failures"):
        near, far = ((tmp_path / x / f"{name}.jsonl").read_bytes() for x in ("near", "far"))
        assert near == far
    assert json.loads((tmp_path / "far" / "documents.jsonl").read_bytes().splitlines()[0])["source"]
    shutil.rmtree(tmp_path / "far")


def test_another_version_on_a_worker_is_told(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = cluster
    monkeypatch.setattr(batch, "extractor_version", lambda overlay: "0" * 16)
    with pytest.raises(BadOption, match="与本机不同"):
        batch.read([corpus(tmp_path / "in", 1)], tmp_path / "parts", Options(scheduler=address))
