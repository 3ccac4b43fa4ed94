"""The store of both kinds: the same calls, the same answers. PostgreSQL is a real one, started for these tests."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from reportminer import pipeline
from reportminer.errors import NoSuchThing, StoreConflict, StoreError
from reportminer.export import jsonl, observation_row
from reportminer.store import open_store, schema
from reportminer.store.database import migrate
from reportminer.store.jobs import Line
from reportminer.store.rows import Results, decimals
from reportminer.store.store import Store


def results_of(run: pipeline.Run) -> Results:
    return Results(run.reports, run.failures, run.checked, run.table, datetime.now(UTC), "v1")


def test_results_come_back_exactly(store: Store, demo_run: pipeline.Run) -> None:
    project = store.projects.ensure("默认项目", "张三")
    run = store.results.publish(project.id, results_of(demo_run), "张三")
    observations = [o for r in demo_run.reports for o in r.observations]
    rows = store.results.rows(project.id, "observations")
    assert [r["id"] for r in rows] == [o.id for o in observations]
    for row, o in zip(rows, observations, strict=True):
        for name in ("value", "value2", "low", "high", "step"):
            assert row[name] == getattr(o, name)  # exact, no float in between
        assert (row["start_at"], row["end_at"], row["scope"], row["confidence"]) == (
            o.start,
            o.end,
            o.scope,
            o.confidence,
        )
    found = store.results.rows(project.id, "findings", {"severity": "error"})
    assert [f["id"] for f in found] == [f.id for f in demo_run.checked.findings if f.severity == "error"]
    assert store.results.count(project.id, "documents") == len(demo_run.reports)
    assert store.results.count(project.id, "comparison") == len(demo_run.table.cells)
    members = store.results.query("SELECT count(*) FROM finding_members").rows[0][0]
    assert members == sum(len(f.members) for f in demo_run.checked.findings)
    record = store.projects.runs(project.id)[0]
    assert (record.id, record.documents, record.observations) == (
        run,
        len(demo_run.reports),
        len(observations),
    )
    assert store.projects.get(project.id).current_run == run


def test_a_run_replaces_the_one_before_and_tells_what_changed(store: Store, demo_run: pipeline.Run) -> None:
    project = store.projects.ensure("默认项目", "张三").id
    store.results.publish(project, results_of(demo_run), "张三")
    from reportminer import checks
    from reportminer.comparison import compare

    fewer = demo_run.reports[1:]
    checked = checks.run(fewer)
    less = pipeline.Run(fewer, demo_run.failures, checked, compare(fewer, findings=checked.findings))
    run = store.results.publish(project, results_of(less), "李四")
    gone = {(c.what, c.key) for c in store.projects.changes(run) if c.change == "gone"}
    assert ("document", demo_run.reports[0].source) in gone
    assert store.results.count(project, "documents") == len(fewer)
    assert [r.who for r in store.projects.runs(project)] == ["李四", "张三"]
    again = store.results.publish(project, results_of(less), "李四")
    assert store.projects.changes(again) == []


def test_a_publication_that_fails_leaves_the_old_results(store: Store, demo_run: pipeline.Run) -> None:
    project = store.projects.ensure("默认项目", "张三").id
    run = store.results.publish(project, results_of(demo_run), "张三")
    before = store.results.rows(project, "observations")

    class Broken(tuple):  # type: ignore[type-arg]
        def __iter__(self):  # type: ignore[no-untyped-def]
            yield demo_run.reports[0]
            raise RuntimeError("cut off")

    broken = Results(Broken(), (), demo_run.checked, demo_run.table, datetime.now(UTC), "v1")
    with pytest.raises(RuntimeError):
        store.results.publish(project, broken, "张三")
    assert store.results.rows(project, "observations") == before
    assert store.projects.get(project).current_run == run


QUERIES = [
    ("SELECT count(*) FROM documents", None),
    ("select indicator, sum(value) from comparison group by indicator order by indicator", None),
    ("SELECT count(*) FROM projects", None),
    ("WITH x AS (SELECT 1 AS n) SELECT n FROM x", None),
    ("DELETE FROM documents", "查询"),
    ("DROP TABLE projects", "查询"),
    ("SELECT 1; DELETE FROM projects", "查询"),
    ("SELECT * FROM nowhere", "查询有误"),
    ("SELECT password FROM users", "查询"),
    ("COPY projects TO '/tmp/out.csv'", "查询"),
    ("SELECT * FROM read_csv('/etc/passwd')", "查询"),
    ("SET enable_external_access = true", "查询"),
]


@pytest.mark.parametrize(("sql", "error"), QUERIES, ids=[q for q, _ in QUERIES])
def test_query_reads_and_never_writes(store: Store, sql: str, error: str | None) -> None:
    store.projects.ensure("默认项目", "张三")
    if error is None:
        assert store.results.query(sql).columns
    else:
        with pytest.raises(StoreError) as e:
            store.results.query(sql)
        assert error in e.value.error
    assert [p.name for p in store.projects.all()] == ["默认项目"]


def test_long_query_is_stopped(store: Store) -> None:
    slow = {
        "sqlite": "SELECT sum(a.i * b.i) FROM range(10000000) a(i), range(10000000) b(i)",
        "postgresql": "SELECT pg_sleep(30)",
    }
    with pytest.raises(StoreError):
        store.results.query(slow[store.engine.dialect.name], seconds=0.3)


NUMBERS = [
    ("2740.5", "2740.500000000000", None),
    ("0.1234567890123", "0.123456789012", "0.1234567890123"),
    ("1E+26", None, "100000000000000000000000000"),
    ("-2235000000000", "-2235000000000", None),
]


@pytest.mark.parametrize(("number", "stored", "exact"), NUMBERS)
def test_numbers_stay_exact(number: str, stored: str | None, exact: str | None) -> None:
    fitting, rest = decimals({"value": Decimal(number)})
    assert fitting["value"] == (None if stored is None else Decimal(stored))
    assert (rest or {}).get("value") == exact


def test_projects(store: Store, tmp_path: Path) -> None:
    one = store.projects.create(" 吉州区  2020 ", "张三")
    assert one.name == "吉州区 2020"
    with pytest.raises(StoreConflict):
        store.projects.create("吉州区 2020", "李四")
    with pytest.raises(StoreError):
        store.projects.create("  ", "李四")
    two = store.projects.create("泰和县", "张三")
    with pytest.raises(StoreConflict):
        store.projects.rename(two.id, "吉州区 2020", "张三")
    store.projects.rename(two.id, "万安县", "张三")
    store.projects.archive(one.id, "张三")
    assert [p.name for p in store.projects.all()] == ["万安县"]
    assert len(store.projects.all(archived=True)) == 2
    assert store.projects.archive(one.id, "张三", archived=False).archived_at is None
    (store.folder(two.id) / "uploads").mkdir()
    upload = store.projects.add_upload(two.id, "a.txt", "0" * 64, 3_000_000_000, "张三")
    assert store.projects.uploads(two.id) == [upload]
    store.projects.remove_upload(upload.id, "张三")
    assert store.projects.uploads(two.id) == []
    store.delete_project(two.id, "李四")
    with pytest.raises(NoSuchThing):
        store.projects.get(two.id)
    assert not (tmp_path / "数据仓" / "projects" / str(two.id)).exists()
    last = store.log.entries()[0]
    assert (last.action, last.who, last.before) == ("project.delete", "李四", {"name": "万安县"})
    assert last.at.tzinfo is not None


def test_decisions_keep_everybodys_work(store: Store) -> None:
    project = store.projects.create("p", "张三").id
    store.reviews.decide(project, {"f1": 0, "f2": 0}, "confirmed", "原件如此", "张三")
    with pytest.raises(StoreConflict):  # 李四 had seen no decision
        store.reviews.decide(project, {"f3": 0, "f1": 0}, "false_alarm", "两个口径", "李四")
    assert "f3" not in store.reviews.decisions(project)  # all or none
    [second] = store.reviews.decide(project, {"f1": 1}, "false_alarm", "两个口径", "李四")
    assert (second.version, second.before) == (2, {"verdict": "confirmed", "reason": "原件如此"})
    store.reviews.decide(project, {"f2": 1}, "open", "重新看", "张三")
    assert {f: d.verdict for f, d in store.reviews.decisions(project).items()} == {"f1": "false_alarm"}
    assert [d.who for d in store.reviews.history_of_finding(project, "f1")] == ["张三", "李四"]
    with pytest.raises(StoreError):
        store.reviews.decide(project, {"f9": 0}, "confirmed", "  ", "张三")


def test_corrections_and_undo(store: Store) -> None:
    project = store.projects.create("p", "张三").id
    place = ("a" * 64, 10, 14)
    was, is_ = {"value": "12", "indicator": "schools"}, {"value": "13", "indicator": "schools"}
    store.reviews.correct(
        project, place, 0, "correct", is_, "张三", source="a.txt", observation="o1", before=was
    )
    with pytest.raises(StoreConflict):
        store.reviews.correct(project, place, 0, "delete", None, "李四", source="a.txt", before=was)
    undone = store.reviews.undo(project, place, 1, "李四")
    assert (undone.version, undone.after, undone.before) == (2, was, is_)
    assert store.reviews.undo(project, place, 2, "李四").after == is_  # and again
    added = store.reviews.correct(project, ("a" * 64, 2, 4), 0, "add", was, "张三", source="a.txt")
    assert [c.start_at for c in store.reviews.corrections(project)] == [2, 10]
    assert store.reviews.corrections(project, "b" * 64) == []
    assert [c.action for c in store.reviews.history_of_place(project, place)] == ["correct", "undo", "undo"]
    assert added.before is None
    with pytest.raises(NoSuchThing):
        store.reviews.undo(project, ("a" * 64, 50, 51), 0, "张三")


def test_ten_people_decide_at_once(store: Store) -> None:
    project = store.projects.create("p", "张三").id
    outcomes: list[str] = []

    def decide(n: int) -> None:
        try:
            store.reviews.decide(project, {"f1": 0}, "confirmed", f"理由{n}", f"人{n}")
            outcomes.append("written")
        except StoreConflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(10)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(outcomes) == ["conflict"] * 9 + ["written"]


def test_jobs(store: Store) -> None:
    project = store.projects.create("p", "张三").id
    first = store.jobs.add(project, "read", {"uploads": [1, 2]}, "张三")
    second = store.jobs.add(project, "read", {}, "张三")
    taken: list[int | None] = []

    def claim(n: int) -> None:
        job = store.jobs.claim(f"w{n}")
        taken.append(job and job.id)

    threads = [threading.Thread(target=claim, args=(n,)) for n in range(5)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(t for t in taken if t) == [first.id, second.id]
    job = store.jobs.get(first.id)
    assert job.worker and job.payload == {"uploads": [1, 2]} and job.attempt == 1
    assert store.jobs.progress(job.id, job.worker, "读取", 3, 12)
    store.jobs.tell(job.id, [Line("读取", "读完", "a.txt")])
    [event] = store.jobs.events(job.id)
    assert store.jobs.events(job.id, after=event.id) == []
    assert store.jobs.requeue_lost(timedelta(seconds=60)) == []
    assert store.jobs.requeue_lost(timedelta(0), worker=job.worker) == [job.id]
    assert not store.jobs.progress(job.id, job.worker, "读取", 4, 12)  # no longer ours
    with pytest.raises(StoreConflict):
        store.jobs.finish(job.id, job.worker)
    again = store.jobs.claim("w9")
    assert again and again.id == job.id and again.attempt == 2
    assert store.jobs.fail(job.id, "w9", "磁盘已满。", "请清理。").fix == "请清理。"
    assert store.jobs.retry(job.id, "张三").state == "queued"
    assert store.jobs.cancel(job.id, "张三").state == "cancelled"
    store.jobs.finish(second.id, store.jobs.get(second.id).worker or "", {"documents": 2})
    assert store.jobs.get(second.id).result == {"documents": 2}


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_export(store: Store, demo_run: pipeline.Run, tmp_path: Path, format: str) -> None:
    project = store.projects.create("=HYPERLINK(1)", "张三").id
    store.results.publish(project, results_of(demo_run), "张三")
    names = store.export(tmp_path / "out", format)
    assert {n.partition(".")[0] for n in names} == {
        t.name for t in schema.metadata.sorted_tables
    } - schema.SECRET
    count = sum(len(r.observations) for r in demo_run.reports)
    file = tmp_path / "out" / f"observations.{format}"
    if format == "csv":
        import csv

        rows = list(csv.DictReader(file.open(encoding="utf-8-sig")))
        assert (
            next(csv.DictReader((tmp_path / "out/projects.csv").open(encoding="utf-8-sig")))["name"][0] == "'"
        )
        assert [Decimal(r["value"]) for r in rows if r["value"]]
    elif format == "jsonl":
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        assert isinstance(rows[0]["scope"], dict)
    else:
        import pyarrow.parquet as pq

        rows = pq.read_table(file).to_pylist()
    assert len(rows) == count


def test_schema_is_what_the_migrations_make(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    results = {t.name for t in schema.RESULTS} if store.engine.dialect.name == "sqlite" else set()

    def wanted(thing: object, name: str | None, kind: str, *rest: object) -> bool:
        return not (kind == "table" and name in results)  # in a folder results are Parquet files

    with store.engine.connect() as c:
        options = {"include_object": wanted, "compare_type": True}
        context = MigrationContext.configure(c, opts={**options, "target_metadata": schema.metadata})
        assert compare_metadata(context, schema.metadata) == []


def test_a_newer_store_is_left_alone(store: Store) -> None:
    with store.engine.begin() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(StoreError) as e:
            migrate(store.engine)
        assert "更新版本" in e.value.error
    finally:
        with store.engine.begin() as c:
            c.execute(text("UPDATE alembic_version SET version_num = '0001'"))


def test_parquet_of_an_older_version_is_read(tmp_path: Path, demo_run: pipeline.Run) -> None:
    import pyarrow.parquet as pq

    store = open_store(tmp_path)
    project = store.projects.create("p", "张三").id
    run = store.results.publish(project, results_of(demo_run), "张三")
    file = tmp_path / "projects" / str(project) / "results" / str(run) / "observations.parquet"
    table = pq.read_table(file)
    pq.write_table(table.drop_columns(["sentence", "dimension"]), file)
    rows = store.results.rows(project, "observations", limit=3)
    assert [r["sentence"] for r in rows] == [None] * 3 and rows[0]["id"]


def test_backup_is_copying_the_folder(tmp_path: Path, demo_run: pipeline.Run) -> None:
    store = open_store(tmp_path / "a")
    project = store.projects.create("p", "张三").id
    store.results.publish(project, results_of(demo_run), "张三")
    store.close()
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    copy = open_store(tmp_path / "b", create=False)
    assert copy.results.rows(project, "observations") == store.results.rows(project, "observations")


def test_places_that_are_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="不是数据仓"):
        open_store(tmp_path / "nothing", create=False)
    with pytest.raises(StoreError, match="不支持"):
        open_store("mysql://localhost/x")
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError):
        open_store(tmp_path / "file")


def test_interchange_names_are_kept(demo_run: pipeline.Run) -> None:
    """Every field of observations.jsonl is a column, renamed only where SQL would need quotes."""
    row = json.loads(jsonl([observation_row(demo_run.reports[0].observations[0])]))
    renamed = {"start": "start_at", "end": "end_at"}
    assert {renamed.get(n, n) for n in row} <= set(schema.observations.c.keys())
