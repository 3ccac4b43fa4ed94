"""``kill -9`` of a running workbench: nothing that it had acknowledged is lost, and the results are those of a run that nobody disturbed."""

from __future__ import annotations

import os
import socket
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from conftest import DEMO
from reportminer.store import open_store
from reportminer.store.store import Store
from reportminer.workbench.files import Receiving
from reportminer.workbench.reading import wanted
from reportminer.workbench.runner import Runner
from serving import serving, settle
from test_web import TEXT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc")
FILES = [p for p in sorted(DEMO.iterdir()) if p.suffix in (".txt", ".docx", ".pdf")]
SHOWN = ("documents", "observations", "findings", "finding_members", "verified", "comparison", "failures")


def descendants(process: int) -> set[int]:
    """The processes that a process started, and theirs."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, parent = stat.parent.name, stat.read_text().rpartition(")")[2].split()[1]
        except OSError:  # it ended in this moment
            continue
        parents[int(number)] = int(parent)
    found = {process}
    while more := {n for n, p in parents.items() if p in found and n not in found}:
        found |= more
    return found - {process}


def killed(process: Any) -> None:
    """SIGKILL, and what the process had started ends too."""
    started = descendants(process.pid)
    process.kill()
    process.wait(10)
    until = time.monotonic() + 15
    while any(_alive(n) for n in started):
        assert time.monotonic() < until, "a worker outlives the workbench"
        time.sleep(0.05)


def _alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2][:3]
    except OSError:
        return False


def give(store: Store, number: int, name: str, data: bytes) -> None:
    with Receiving(store, number, name, 1 << 30) as r:
        r.write(data)
        r.finish("张三")


def results(store: Store, number: int) -> dict[str, Any]:
    return {t: store.results.rows(number, t) for t in SHOWN}


def test_in_the_middle_of_an_upload(tmp_path: Path) -> None:
    where = tmp_path / "store"
    whole = (TEXT.format(n=7) + "全县有学校若干。\n" * 4_000).encode()
    with serving(where) as (address, process), httpx.Client(base_url=address) as client:
        number = client.post("/api/projects", json={"name": "甲"}).json()["id"]
        path = f"/api/projects/{number}/uploads"
        client.post(path, params={"name": "甲.txt"}, content=TEXT.format(n=3).encode())
        folder = where / "projects" / str(number) / "uploads"
        at = urlsplit(address)
        with socket.create_connection((at.hostname, at.port)) as s:
            head = f"POST {path}?name=half.txt HTTP/1.1\r\nHost: {at.netloc}\r\nContent-Length: {len(whole)}\r\n\r\n"
            s.sendall(head.encode() + whole[: len(whole) // 2])
            until = time.monotonic() + 60
            while not any(p.stat().st_size for p in folder.glob(".new-*")):
                assert time.monotonic() < until
                time.sleep(0.02)
            killed(process)
    assert len(list(folder.glob(".new-*"))) == 1  # it was really in the middle
    store = open_store(where)  # another was acknowledged, and its reading was not yet in the queue
    give(store, number, "乙.txt", TEXT.format(n=4).encode())
    with serving(where) as (address, process), httpx.Client(base_url=address) as client:
        settle(client, number)
        found = client.get(path).json()
        assert [(f["upload"]["name"], f["state"]) for f in found] == [("甲.txt", "done"), ("乙.txt", "done")]
        assert {p.name for p in folder.iterdir()} == {"甲.txt", "乙.txt"}
        for n in descendants(process.pid):  # a worker that dies by itself is replaced
            os.kill(n, 9)
        again = client.post(path, params={"name": "half.txt"}, content=whole)
        assert again.status_code == 201 and (folder / "half.txt").read_bytes() == whole
        settle(client, number)
        assert [f["state"] for f in client.get(path).json()] == ["done"] * 3
    store.close()


def test_in_the_middle_of_reading(tmp_path: Path) -> None:
    import synthetic  # of benchmarks/, which serving.py put on the path

    places = synthetic.counties()
    given = [(p.name, p.read_bytes()) for p in FILES]
    given += [(n, t.encode()) for n, t in (synthetic.report(k, places) for k in range(30))]
    stores = [open_store(tmp_path / n, files=None) for n in ("undisturbed", "disturbed")]
    for store in stores:
        number = store.projects.create("甲", "张三").id
        for name, data in given:
            give(store, number, name, data)
        job = wanted(store, number, "张三")
    undisturbed, disturbed = stores
    quiet = Runner(undisturbed)
    claimed = undisturbed.jobs.claim(quiet._name)
    assert claimed
    quiet.run(claimed)
    seen = []
    for _ in range(2):
        with serving(tmp_path / "disturbed") as (_, process):
            begun, until = job.done, time.monotonic() + 60
            while not (job.state == "running" and job.done > begun) and job.state != "done":
                assert time.monotonic() < until
                time.sleep(0.02)
                job = disturbed.jobs.get(job.id)
            seen.append((job.state, job.stage))
            killed(process)
    assert (seen[0] == ("running", "读取") and disturbed.projects.get(number).current_run is None) or len(
        seen
    ) > 1
    with serving(tmp_path / "disturbed") as (address, _), httpx.Client(base_url=address) as client:
        settle(client, number)
        assert {f["state"] for f in client.get(f"/api/projects/{number}/uploads").json()} == {"done"}
    assert disturbed.jobs.get(job.id).attempt > 1
    assert results(disturbed, number) == results(undisturbed, number)
    for store in stores:
        store.close()


def test_what_kills_the_program_again_and_again_is_given_up(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    number = store.projects.create("甲", "张三").id
    runner = Runner(store)
    job = wanted(store, number, "张三")
    for _ in range(5):
        assert store.jobs.claim(runner._name)
        store.jobs.requeue_lost(timedelta(0), runner._name)
    claimed = store.jobs.claim(runner._name)
    assert claimed and claimed.attempt == 6
    runner.run(claimed)
    failed = store.jobs.get(job.id)
    assert failed.state == "failed" and "意外中断 5 次" in (failed.error or "")
    assert store.jobs.retry(job.id, "张三").attempt == 0
    store.close()


def test_a_job_whose_worker_is_stopped_waits_as_before(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    number = store.projects.create("甲", "张三").id
    job = wanted(store, number, "张三")
    runner = Runner(store)
    claimed = store.jobs.claim(runner._name)
    assert claimed
    runner.stop()
    runner.run(claimed)
    left = store.jobs.get(job.id)
    assert (left.state, left.attempt, left.worker) == ("queued", 0, None)
    store.close()
