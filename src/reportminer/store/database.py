"""The connection to SQLite or PostgreSQL: opened, brought to the newest schema, used in short transactions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from reportminer.errors import StoreError

_LOCK = 7_302_516  # any number that only this program uses as an advisory lock of PostgreSQL


# SQLite takes one writer at a time and lets the others try again at random; threads of one process stand in line instead
_turns: defaultdict[str, Lock] = defaultdict(Lock)


def _json(x: Any) -> str:
    # as it is read, so that the log can be searched; half a surrogate pair, which no database takes, is written as JSON may
    return json.dumps(x, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


# as many connections as a workbench has threads: a request that waits for one is slow for no reason
_COMMON: dict[str, Any] = {"pool_size": 20, "max_overflow": 40, "json_serializer": _json}


def sqlite_engine(file: Path) -> Engine:
    """A SQLite database that several processes of one machine may use at once."""
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 30}, **_COMMON)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver begins no transactions of its own: see _on_begin
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # a reader that becomes a writer in mid-transaction could meet a lock that no waiting resolves; who only reads needs no lock and waits
        # for nobody
        only_reads = connection.get_execution_options().get("only_reads", False)
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")

    return engine


def postgres_engine(url: str) -> Engine:
    """PostgreSQL through psycopg, whatever spelling of the scheme the user wrote."""
    rest = url.partition("://")[2]
    return create_engine(f"postgresql+psycopg://{rest}", pool_pre_ping=True, **_COMMON)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> None:
    """Bring the database to the schema of this program, in one transaction. Raises StoreError for one that a newer program made."""
    with transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
        config = _config(connection)
        scripts = ScriptDirectory.from_config(config)
        now = MigrationContext.configure(connection).get_current_revision()
        known = {s.revision for s in scripts.walk_revisions()}
        if now is not None and now not in known:
            raise StoreError(
                f"数据仓由更新版本的 reportminer 建立（版本 {now}），本程序不认识。",
                "请升级 reportminer 后再打开；旧程序不会改动它。",
            )
        if now != scripts.get_current_head():
            command.upgrade(config, "head")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that is committed at the end or not at all. Errors of the database become StoreError; a broken constraint stays
    IntegrityError for the caller, who knows what it means."""
    turn = _turns[str(engine.url)] if engine.dialect.name == "sqlite" else nullcontext()
    with _told(), turn, engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: it sees one moment of the database and keeps nobody from writing."""
    with _told(), engine.connect().execution_options(only_reads=True) as connection, connection.begin():
        yield connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except OperationalError as e:
        raise StoreError(
            f"数据仓无法使用（{_reason(e)}）。", "请检查地址、账号、磁盘空间和写权限后重试。"
        ) from e
    except DBAPIError as e:
        raise StoreError(f"数据仓报错（{_reason(e)}）。", "请重试；如仍出错，请把这句话告诉管理员。") from e


def _reason(e: DBAPIError) -> str:
    return str(e.orig).strip().splitlines()[0] if str(e.orig).strip() else type(e.orig).__name__
