"""The one schema of the store. Results are Parquet files in a folder and tables in PostgreSQL; what people do (projects, reviews, jobs …)
is tables of SQLite in a folder and of PostgreSQL. A change here needs a step in ``migrations/versions``; a test compares the two.

Names are those of `spec/interchange.md`, except where SQL would need quotes: ``start_at``, ``end_at``, ``check_id``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
#: digits in all and behind the point of every number; a number that needs more stands exactly in column ``exact``
PRECISION, SCALE = 38, 12


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC: TIMESTAMPTZ in PostgreSQL, DATETIME without zone in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database; a moment without zone is refused."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Decimals = Numeric(PRECISION, SCALE)


def _project() -> Column[Any]:
    return Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False, index=True)


def _id() -> Column[Any]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _required(name: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind, nullable=False)


# --- results: what the last run of a project found; replaced as a whole by the next run -------------------------------------------

documents = Table(
    "documents", metadata, _project(),
    _required("position", Integer),  # place in documents.jsonl
    _required("source"), _required("sha256"), _required("format"),
    Column("title", Text), Column("area", Text), Column("area_code", Text), Column("year", Integer), Column("genre", Text), Column("pages", Integer),
    _required("characters", Integer), _required("numerals", Integer), _required("read_numerals", Integer),
    _required("skipped", Json),  # reason → count
    _required("names", Json),  # all names under which this content was given
    _required("notes", Json),
    Index(None, "project_id", "source"),
)  # fmt: skip
segments = Table(
    "segments", metadata, _project(),
    _required("source"), _required("segment", Integer),
    Column("title", Text), Column("area", Text), Column("area_code", Text), Column("year", Integer), Column("genre", Text), Column("date", Text),
    _required("start_at", Integer), _required("end_at", Integer),  # raw characters
)  # fmt: skip
observations = Table(
    "observations", metadata, _project(),
    _required("position", Integer),  # place in observations.jsonl
    _required("id"), _required("source"), _required("segment", Integer), _required("start_at", Integer), _required("end_at", Integer),
    _required("text"), Column("page", Integer), Column("value", Decimals), Column("value2", Decimals), Column("value_text", Text), Column("unit", Text),
    _required("bound"), _required("masked", Boolean), _required("indicator"), _required("label"), _required("kind"), _required("status"),
    Column("period", Text), Column("area", Text), Column("area_code", Text), _required("scope", Json), Column("part_of", Text),
    _required("confidence", Float), _required("rule"), Column("low", Decimals), Column("high", Decimals), Column("step", Decimals), _required("dimension"),
    Column("exact", Json),  # column → exact number as text, for numbers that do not fit DECIMAL(38,12); null for all others
    _required("sentence"),  # the clean sentence that holds the figure
    Index(None, "project_id", "id"), Index(None, "project_id", "source"), Index(None, "project_id", "indicator", "area"),
)  # fmt: skip
findings = Table(
    "findings", metadata, _project(),
    _required("position", Integer), _required("id"), _required("check_id"), _required("type"), _required("severity"),
    _required("sources", Json), _required("message"), Column("arithmetic", Json), _required("explanations", Json),
    Index(None, "project_id", "id"),
)  # fmt: skip
finding_members = Table(
    "finding_members", metadata, _project(),
    _required("finding"), _required("position", Integer), _required("observation"),
    Index(None, "project_id", "observation"), Index(None, "project_id", "finding"),
)  # fmt: skip
verified = Table(
    "verified", metadata, _project(),
    _required("position", Integer), _required("check_id"), _required("type"), _required("sources", Json), _required("members", Json),
    Column("arithmetic", Json), _required("note"),
)  # fmt: skip
comparison = Table(
    "comparison", metadata, _project(),
    _required("position", Integer), _required("area"), Column("area_code", Text), Column("period", Text), _required("indicator"), _required("scope", Json),
    _required("kind"), _required("status"), Column("value", Decimals), Column("unit", Text), _required("bound"), _required("masked", Boolean),
    _required("observation"), _required("others", Json), _required("flags", Json), Column("exact", Json),
    Index(None, "project_id", "indicator", "area"),
)  # fmt: skip
failures = Table(
    "failures", metadata, _project(), _required("position", Integer), _required("source"), _required("error"), _required("fix")
)  # fmt: skip
#: tables of results, in the order in which they are written
RESULTS: tuple[Table, ...] = (
    documents, segments, observations, findings, finding_members, verified, comparison, failures
)  # fmt: skip

# --- what people do ---------------------------------------------------------------------------------------------------------------

projects = Table(
    "projects", metadata, _id(),
    Column("name", Text, nullable=False, unique=True),
    _required("created_by"), _required("created_at", UtcTime),
    Column("archived_at", UtcTime),
    Column("current_run", Integer),  # the run whose results are shown; set in the transaction that publishes them
)  # fmt: skip
runs = Table(
    "runs", metadata, _id(), _project(),
    _required("who"), _required("started_at", UtcTime), _required("finished_at", UtcTime), _required("program"), _required("extractor"),
    _required("documents", Integer), _required("observations", Integer), _required("failures", Integer), _required("reused", Integer),
    _required("errors", Integer), _required("warnings", Integer), _required("notes", Integer),
)  # fmt: skip
run_changes = Table(
    "run_changes", metadata, _id(),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True),
    _required("what"),  # document, finding
    _required("key"),  # source or id of the finding
    _required("change"),  # new, gone
    CheckConstraint("change IN ('new', 'gone')", name="change"),
)  # fmt: skip
uploads = Table(
    "uploads", metadata, _id(), _project(),
    _required("name"), _required("sha256"), _required("size", BigInteger), _required("who"), _required("at", UtcTime),
    Column("removed_at", UtcTime),
)  # fmt: skip
jobs = Table(
    "jobs", metadata, _id(), _project(),
    _required("kind"), _required("payload", Json), _required("who"), _required("created_at", UtcTime),
    _required("state"), _required("attempt", Integer), Column("worker", Text), Column("started_at", UtcTime), Column("seen_at", UtcTime), Column("finished_at", UtcTime),
    Column("stage", Text), _required("done", Integer), _required("total", Integer), Column("error", Text), Column("fix", Text), Column("result", Json),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
    Index(None, "state", "id"),
)  # fmt: skip
job_events = Table(
    "job_events", metadata, _id(),
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False, index=True),
    _required("at", UtcTime), _required("stage"), Column("source", Text), _required("message"),
)  # fmt: skip
decisions = Table(
    "decisions", metadata, _id(), _project(),
    _required("finding"), _required("version", Integer), _required("verdict"), _required("reason"), _required("who"), _required("at", UtcTime),
    Column("before", Json), _required("after", Json),
    UniqueConstraint("project_id", "finding", "version"),
    CheckConstraint("verdict IN ('confirmed', 'false_alarm', 'explained', 'open')", name="verdict"),
    CheckConstraint("length(trim(reason)) > 0", name="reason"),
)  # fmt: skip
corrections = Table(
    "corrections", metadata, _id(), _project(),
    # a correction belongs to characters of a content, so that it survives another reading of the same file
    _required("sha256"), _required("source"), _required("start_at", Integer), _required("end_at", Integer), _required("version", Integer),
    Column("observation", Text), _required("action"), _required("reason"), _required("who"), _required("at", UtcTime),
    Column("before", Json), Column("after", Json),
    UniqueConstraint("project_id", "sha256", "start_at", "end_at", "version"),
    CheckConstraint("action IN ('correct', 'accept', 'add', 'delete', 'undo')", name="action"),
)  # fmt: skip
users = Table(
    "users", metadata, _id(),
    Column("name", Text, nullable=False, unique=True), _required("password"), _required("role"), _required("created_at", UtcTime), Column("disabled_at", UtcTime),
    CheckConstraint("role IN ('viewer', 'reviewer', 'admin')", name="role"),
)  # fmt: skip
sessions = Table(
    "sessions", metadata,
    Column("token", Text, primary_key=True),  # hash of the cookie, never the cookie
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    _required("csrf"), _required("created_at", UtcTime), _required("expires_at", UtcTime),
)  # fmt: skip
audit_log = Table(
    "audit_log", metadata, _id(),
    Column("project_id", Integer, index=True),  # no foreign key: the log outlives a deleted project
    _required("who"), _required("at", UtcTime), _required("action"), _required("object"), Column("before", Json), Column("after", Json), Column("address", Text),
)  # fmt: skip
#: tables of what people do, in the order of their foreign keys
WORKFLOW: tuple[Table, ...] = (
    projects, runs, run_changes, uploads, jobs, job_events, decisions, corrections, users, sessions, audit_log
)  # fmt: skip
#: never shown by ``query`` and never exported
SECRET = frozenset({"users", "sessions"})
