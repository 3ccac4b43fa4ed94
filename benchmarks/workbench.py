"""Ten people at once at a workbench: a real server with accounts on loopback, mixed work, latency by route, and nothing that anybody did is lost.

usage: python benchmarks/workbench.py [--users 10] [--actions 60] [--pause 0.5] [--reports 60] [--store URL]

Each user opens pages, filters findings, compares, corrects figures, decides findings and uploads reports; where somebody else was faster (409), looks again
and decides anew, as a person does. Corrections and uploads make the server read again in the background all the while. Afterwards every correction, decision
and upload that was answered with success must be in the store, once, with its author; any that is not is printed and the exit code is 1.
"""

import argparse
import contextlib
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

import httpx
import synthetic

from reportminer.store import open_store
from reportminer.store.accounts import Accounts

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "correct horse battery"
#: what a person does, and how often
WORK = {
    "projects": 1, "files": 2, "files list": 6, "reports": 2, "report": 4, "record": 8, "findings": 3, "findings filter": 8, "finding": 8, "compare": 2,
    "compare table": 4, "overview": 2, "settings": 1, "correct": 4, "decide": 6, "upload": 1,
}  # fmt: skip


@contextlib.contextmanager
def serving(store, *options, environment=None):
    """A workbench as a user starts it: its address and its process, which is stopped at the end."""
    command = [sys.executable, "-m", "reportminer", "serve", "--store", str(store), "--port", "0", *options]
    variables = {**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables)
    try:
        found = re.search(r"http://\S+?:\d+", process.stdout.readline())
        assert found, "the server did not start"
        yield found.group(0), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


class User:
    """Somebody at work: a session, what they saw of the lists, what they did with success, how long each answer took."""

    def __init__(self, address, name, number, times):
        self.name, self.number, self.times = name, number, times
        self.rng = random.Random(name)
        self.client = httpx.Client(base_url=address, timeout=60)
        self.client.post("/login", json={"name": name, "password": PASSWORD}).raise_for_status()
        head = re.search(r'name="csrf" content="([^"]+)"', self.client.get("/").text)
        self.client.headers["x-csrf-token"] = head.group(1)
        self.base, self.api = f"/projects/{number}", f"/api/projects/{number}"
        self.sources, self.findings, self.indicators = [], [], []
        self.corrected, self.decided, self.uploaded, self.conflicts = [], [], [], 0
        self.wrong = []

    def ask(self, what, method, path, expected=(200, 201), **more):
        """One request, timed."""
        begin = time.perf_counter()
        answer = self.client.request(method, path, **more)
        self.times[what].append(time.perf_counter() - begin)
        if answer.status_code not in expected:
            self.wrong.append(f"{what}: {answer.status_code} {answer.text[:200]}")
        return answer

    def look(self):
        """The lists, once at the start."""
        self.sources = [d["source"] for d in self.client.get(f"{self.api}/documents").json()]
        self.findings = [x["item"]["id"] for x in self.client.get(f"{self.api}/findings").json()["lines"]]
        cells = self.client.get(f"{self.api}/comparison").json()
        self.indicators = sorted({c["indicator"] for c in cells})
        self.figures = {}

    def work(self, actions, pause, work, findings):
        """So many actions, with a pause as people make them between."""
        self.look()
        self.findings = self.findings[:findings]
        names, weights = list(work), list(work.values())
        for what in self.rng.choices(names, weights, k=actions):
            time.sleep(self.rng.uniform(0, 2 * pause))
            getattr(self, "do_" + what.replace(" ", "_"))()

    def do_projects(self):
        self.ask("projects", "GET", "/")

    def do_files(self):
        self.ask("files", "GET", f"{self.base}/files")

    def do_files_list(self):
        self.ask("files list", "GET", f"{self.base}/files/list")

    def do_reports(self):
        self.ask("reports", "GET", f"{self.base}/reports")

    def do_report(self):
        self.ask("report", "GET", f"{self.base}/report", params={"source": self.rng.choice(self.sources)})

    def _figure(self):
        source = self.rng.choice(self.sources)
        if source not in self.figures:
            rows = self.client.get(f"{self.api}/observations", params={"source": source}).json()
            self.figures[source] = [o["id"] for o in rows]
        return source, self.rng.choice(self.figures[source])

    def do_record(self):
        source, figure = self._figure()
        path = f"{self.api}/observations/{figure}"
        return self.ask("record", "GET", path, (200, 404), params={"source": source})

    def do_findings(self):
        self.ask("findings", "GET", f"{self.base}/findings")

    def do_findings_filter(self):
        wanted = self.rng.choice(
            [{"severity": "error"}, {"state": "open"}, {"text": "学校"}, {"type": "sum"}, {"severity": "warning", "state": "open"}]
        )  # fmt: skip
        path = f"{self.base}/findings"
        self.ask("findings filter", "GET", path, params=wanted, headers={"hx-request": "true"})

    def do_finding(self):
        # one that a correction has solved in the meantime is not there any more
        self.ask("finding", "GET", f"{self.base}/findings/{self.rng.choice(self.findings)}", (200, 404))

    def do_compare(self):
        self.ask("compare", "GET", f"{self.base}/compare")

    def do_compare_table(self):
        wanted = {"indicator": self.rng.sample(self.indicators, min(3, len(self.indicators)))}
        self.ask("compare table", "GET", f"{self.api}/comparison/view", params=wanted)

    def do_overview(self):
        self.ask("overview", "GET", f"{self.base}/overview")

    def do_settings(self):
        self.ask("settings", "GET", f"{self.base}/settings")

    def do_correct(self):
        while True:
            source, figure = self._figure()
            path = f"{self.api}/observations/{figure}"
            record = self.ask("record", "GET", path, (200, 404), params={"source": source})
            if record.status_code == 404:
                continue
            record = record.json()
            value = str(self.rng.randint(1, 10**6))
            body = {"action": "correct", "seen": record["version"], "reason": f"{self.name}看过原件", "fields": {"value": value, "value2": None, "bound": "eq"}}  # fmt: skip
            done = self.ask(
                "correct", "POST", f"{path}/review", (200, 409), params={"source": source}, json=body
            )
            if done.status_code == 200:
                self.corrected.append((value, done.json()))
                return
            if done.status_code != 409:
                return
            self.conflicts += 1

    def do_decide(self):
        while True:
            finding = self.rng.choice(self.findings)
            known = self.client.get(f"{self.api}/findings/{finding}")
            if known.status_code == 404:
                continue
            reason = f"{self.name}：口径不同，见年报第 {self.rng.randint(1, 10**6)} 页"
            body = {
                "seen": {finding: known.json()["line"]["version"]},
                "verdict": "explained",
                "reason": reason,
            }
            done = self.ask("decide", "POST", f"{self.api}/decisions", (201, 404, 409), json=body)
            if done.status_code == 201:
                self.decided.append((finding, reason, done.json()[0]["version"]))
            if done.status_code != 409:
                return
            self.conflicts += 1

    def do_upload(self):
        n = 100_000 + self.rng.randint(0, 10**6)
        text = synthetic.report(n, synthetic.counties())[1] + f"全县另有{self.name}登记的学校{n}所。\n"
        name = f"{self.name}-{n}.txt"
        done = self.ask("upload", "POST", f"{self.api}/uploads", params={"name": name}, content=text.encode())
        if done.status_code == 201:
            self.uploaded.append(done.json()["upload"]["id"])


def settle(client, number, seconds=600):
    """Wait until nothing is read any more."""
    until = time.monotonic() + seconds
    while any(j["state"] in ("queued", "running") for j in client.get(f"/api/projects/{number}/jobs").json()):
        assert time.monotonic() < until, "the reading does not end"
        time.sleep(0.2)


def lost(store, number, users):
    """What was answered with success and is not in the store as it should be."""
    out = []
    files = {u.id: u.who for u in store.projects.uploads(number)}
    for user in users:
        for value, c in user.corrected:
            place = (c["sha256"], c["start_at"], c["end_at"])
            kept = [x for x in store.reviews.history_of_place(number, place) if x.version == c["version"]]
            if [(x.who, x.after["value"]) for x in kept] != [(user.name, value)]:
                out.append(f"correction of {user.name} at {place}")
        for finding, reason, version in user.decided:
            history = store.reviews.history_of_finding(number, finding)
            if [(x.who, x.reason) for x in history if x.version == version] != [(user.name, reason)]:
                out.append(f"decision of {user.name} on {finding}")
        out += [f"upload {u} of {user.name}" for u in user.uploaded if files.get(u) != user.name]
    made = sum(len(u.corrected) + len(u.decided) + len(u.uploaded) for u in users)
    return made, out


def load(where, people, actions, pause, reports, options=(), work=None, findings=None):
    """The whole: a store filled, people at work, what they did looked up. ``work``: other shares than ``WORK``; ``findings``: only so many are decided. Returns times by route, users, how much was done, what was lost."""
    files = ["--files", str(options[1])] if options else []
    store = open_store(where, files=Path(options[1]) if options else None)
    accounts = Accounts(store.engine)
    for n in range(people):
        accounts.add(f"人{n}", PASSWORD, "reviewer", "安装")
    times = defaultdict(list)
    with serving(where, "--accounts", *files) as (address, _):
        first = User(address, "人0", 0, defaultdict(list))
        number = first.client.post("/api/projects", json={"name": "各县"}).json()["id"]
        given = [(p.name, p.read_bytes()) for p in sorted((ROOT / "corpora" / "demo").iterdir()) if p.suffix in (".txt", ".docx", ".pdf")]  # fmt: skip
        places = synthetic.counties()
        made = (synthetic.report(n, places) for n in range(reports))
        given += [(name, text.encode()) for name, text in made]
        for name, data in given:
            path = f"/api/projects/{number}/uploads"
            first.client.post(path, params={"name": name}, content=data).raise_for_status()
        settle(first.client, number)
        users = [User(address, f"人{n}", number, times) for n in range(people)]
        threads = [
            threading.Thread(target=u.work, args=(actions, pause, work or WORK, findings)) for u in users
        ]
        begin = time.monotonic()
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        lasted = time.monotonic() - begin
        settle(first.client, number)
    done, gone = lost(store, number, users)
    store.close()
    return times, users, lasted, done, gone


def quantile(values, q):
    """The value below which the share ``q`` of all lies."""
    return sorted(values)[min(len(values) - 1, int(q * len(values)))]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--users", type=int, default=10)
    options.add_argument("--actions", type=int, default=60)
    options.add_argument(
        "--pause", type=float, default=0.5, help="seconds between two actions of a person, on average"
    )
    options.add_argument("--reports", type=int, default=60)
    options.add_argument("--store", default="", help="postgresql://…, else a folder of its own")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="reportminer-load-") as folder:
        extra = ("--files", folder) if given.store else ()
        where = given.store or Path(folder) / "store"
        times, users, lasted, done, gone = load(
            where, given.users, given.actions, given.pause, given.reports, extra
        )
    every = [t for found in times.values() for t in found]
    print(
        f"{given.users} users, {len(every)} requests in {lasted:.1f} s ({len(every) / lasted:.1f} per second), load of the machine {os.getloadavg()[0]:.1f}"
    )
    print(f"{'route':16} {'n':>5} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}")
    for what in (*sorted(times), "all"):
        found = every if what == "all" else times[what]
        row = (statistics.median(found), quantile(found, 0.95), max(found))
        print(f"{what:16} {len(found):5} " + " ".join(f"{1000 * t:8.0f}" for t in row))
    failed = [w for u in users for w in u.wrong]
    print(
        f"{done} corrections, decisions and uploads; {sum(u.conflicts for u in users)} times somebody else was faster; {len(gone)} lost"
    )
    print(*gone, *Counter(failed).most_common(5), sep="\n")
    return 1 if gone or failed else 0


if __name__ == "__main__":
    sys.exit(main())
