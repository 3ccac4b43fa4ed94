"""A store opened: its parts, its files, its export."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb  # noqa: F401  (said here to be missing, not in the middle of a query)
import pyarrow  # noqa: F401
from sqlalchemy import Engine

from reportminer.errors import NoSuchThing, StoreError
from reportminer.export import OutputFolder, number
from reportminer.store import schema
from reportminer.store.database import migrate, postgres_engine, sqlite_engine
from reportminer.store.folder import FolderResults
from reportminer.store.jobs import Jobs
from reportminer.store.log import Log
from reportminer.store.parquet import write_parquet
from reportminer.store.postgres import PostgresResults
from reportminer.store.projects import Projects
from reportminer.store.results import ResultTables
from reportminer.store.reviews import Reviews

DATABASE = "reportminer.sqlite"
_FORMATS = ("csv", "jsonl", "parquet")


@dataclass(frozen=True)
class Store:
    """An open store. ``root`` is the folder of files of this store on this machine, None for PostgreSQL without ``files``."""

    engine: Engine
    root: Path | None
    results: ResultTables
    projects: Projects
    reviews: Reviews
    jobs: Jobs
    log: Log

    def folder(self, project: int) -> Path:
        """The folder of a project for uploads and part files; made when missing. Raises StoreError where there is none."""
        if self.root is None:
            raise StoreError("这个数据仓没有存放文件的文件夹。", "请在打开时给出文件夹（files）。")
        place = self.root / "projects" / str(project)
        place.mkdir(parents=True, exist_ok=True)
        return place

    def delete_project(self, project: int, who: str) -> None:
        """Remove a project with all its files; only the log remembers it."""
        self.projects.delete(project, who)
        if self.root is not None:
            shutil.rmtree(self.root / "projects" / str(project), ignore_errors=True)

    def export(self, folder: Path, format: str = "csv") -> list[str]:
        """Every table but the secret ones as a file in ``folder``; returns their names. ``format``: csv, jsonl or parquet."""
        if format not in _FORMATS:
            raise StoreError(f"不知道格式“{format}”。", f"请用 {'、'.join(_FORMATS)} 之一。")
        written = []
        with OutputFolder(folder) as out:
            for table in (*schema.RESULTS, *schema.WORKFLOW):
                if table.name in schema.SECRET:
                    continue
                name = f"{table.name}.{format}"
                rows = (row for batch in self.results.batches(table.name) for row in batch)
                if format == "parquet":
                    write_parquet(out.path(name), table, rows)
                else:
                    columns = [c.name for c in table.c]
                    with out.path(name).open(
                        "w", encoding="utf-8-sig" if format == "csv" else "utf-8", newline=""
                    ) as f:
                        if format == "csv":
                            writer = csv.writer(f)
                            writer.writerow(columns)
                            writer.writerows([safe_cell(row[c]) for c in columns] for row in rows)
                        else:
                            f.writelines(
                                json.dumps(row, ensure_ascii=False, default=_text) + "\n" for row in rows
                            )
                written.append(name)
        return written

    def close(self) -> None:
        """Give back the connections."""
        self.engine.dispose()


def _text(x: Any) -> str:
    return x.isoformat() if isinstance(x, datetime) else number(x) if isinstance(x, Decimal) else str(x)


def safe_cell(x: Any) -> str:
    """A cell of a csv that no spreadsheet runs as a formula."""
    if x is None:
        return ""
    if isinstance(x, Decimal | datetime):
        return _text(x)
    text = json.dumps(x, ensure_ascii=False) if isinstance(x, dict | list | bool) else str(x)
    return "'" + text if isinstance(x, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def open_(where: str | Path, create: bool, files: Path | None) -> Store:
    """See ``reportminer.store.open_store``."""
    scheme, separator, _ = str(where).partition("://")
    if separator:
        if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
            raise StoreError(
                f"不支持“{scheme}://”。", "请给出文件夹，或 postgresql://用户:密码@主机/数据库。"
            )
        engine = postgres_engine(str(where))
        results: ResultTables = PostgresResults(engine)
        root = files
    else:
        root = Path(where)
        file = root / DATABASE
        if not create and not file.exists():
            raise NoSuchThing(
                f"“{root}”不是数据仓。", "请检查 --store；数据仓由 reportminer run … --store 建立。"
            )
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise StoreError(
                f"数据仓“{root}”无法建立（{e.strerror or e}）。", "请换一个有写权限的文件夹。"
            ) from e
        engine = sqlite_engine(file)
        results = FolderResults(root, engine)
    migrate(engine)
    return Store(engine, root, results, Projects(engine), Reviews(engine), Jobs(engine), Log(engine))
