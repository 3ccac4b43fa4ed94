"""A project's own words on top of the bundled tables: checked before they are kept, with a preview of what they change."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reportminer import pipeline
from reportminer.core import Report
from reportminer.errors import BadOption
from reportminer.lexicon import Lexicon, default_lexicon
from reportminer.lexicon_check import check_all
from reportminer.resources import data_dir
from reportminer.store.store import Store
from reportminer.workbench.corrections import FIELDS
from reportminer.workbench.documents import load
from reportminer.workbench.settings import overlay_folder, write_whole
from reportminer.workbench.vocabulary import TABLES

_LARGEST = 1 << 20  # characters of a table
_READ = 30  # reports that a preview reads
_SAMPLE = 4  # bundled rows that are shown


@dataclass(frozen=True)
class Change:
    """A figure that other words read differently; empty where there is none."""

    source: str
    text: str
    before: str
    after: str


def tables() -> dict[str, str]:
    """The tables that can have own rows: name → what people call it."""
    names = default_lexicon().names()
    return {
        n: TABLES.get(n, n)
        for n in sorted(names, key=lambda n: (list(TABLES).index(n) if n in TABLES else 99, n))
    }


def own(store: Store, project: int, table: str) -> str:
    """The own rows of a table, its head alone when there are none. Raises BadOption for a table that does not exist."""
    if table not in tables():
        raise BadOption(f"没有词表“{table}”。", f"可用：{'、'.join(tables())}。")
    file = store.folder(project) / "lexicon" / f"{table}.tsv"
    return file.read_text(encoding="utf-8") if file.exists() else head(table) + "\n"


def head(table: str) -> str:
    """The line of column names of a table."""
    lines = (data_dir("lexicons") / f"{table}.tsv").read_text(encoding="utf-8-sig").splitlines()
    return next(x for x in lines if x.strip() and not x.startswith("#"))


def sample(table: str) -> str:
    """The head and the first bundled rows of a table, to see how a row is written."""
    lines = (data_dir("lexicons") / f"{table}.tsv").read_text(encoding="utf-8-sig").splitlines()
    return "\n".join([x for x in lines if x.strip() and not x.startswith("#")][: 1 + _SAMPLE])


@contextmanager
def _tried(store: Store, project: int, table: str, text: str) -> Iterator[Lexicon]:
    """The lexicon with another text of a table. Raises BadOption with the row that cannot be used."""
    own(store, project, table)
    if len(text) > _LARGEST:
        raise BadOption("词表太大。", "请只写要改动的行。")
    rows = [x for x in text.splitlines() if x.strip() and not x.startswith("#")]
    if rows and [c.strip() for c in rows[0].split("\t")] != head(table).split("\t"):
        raise BadOption("第一行应是列名。", f"请写成：{head(table).replace(chr(9), '、')}，用制表符分隔。")
    with tempfile.TemporaryDirectory() as folder:
        if (present := overlay_folder(store, project)) is not None:
            shutil.copytree(present, folder, dirs_exist_ok=True)
        (Path(folder) / f"{table}.tsv").write_text(text, encoding="utf-8")
        lexicon = Lexicon(Path(folder))
        if problems := check_all(lexicon):
            raise BadOption(problems[0].split(" 请改正")[0], "请改正这一行后再保存；原来的词表没有改动。")
        yield lexicon


def preview(store: Store, project: int, table: str, text: str) -> list[Change]:
    """What other words would change in the reports of a project (the first 30). Raises BadOption."""
    changes = []
    with _tried(store, project, table, text) as lexicon:
        for d in store.results.rows(project, "documents", limit=_READ):
            machine = load(store, project, d["source"]).machine
            before, after = _told(machine), _told(pipeline.read_raw(machine.text.raw, lexicon))
            for place in sorted(before.keys() | after.keys()):
                old, new = before.get(place), after.get(place)
                if old != new:
                    text_ = machine.text.raw.text[slice(*place)]
                    changes.append(Change(d["source"], text_, old or "", new or ""))
    return changes


def _told(report: Report) -> dict[tuple[int, int], str]:
    shown = [n for n in FIELDS if n not in ("area_code", "part_of")]
    return {
        (o.start, o.end): "｜".join(str(x) for n in shown if (x := getattr(o, n)) not in (None, False, {}))
        for o in report.observations
    }


def keep(store: Store, project: int, table: str, text: str, who: str) -> None:
    """Keep own rows of a table (none: forget them). Raises BadOption."""
    store.projects.get(project)
    with _tried(store, project, table, text):
        file = store.folder(project) / "lexicon" / f"{table}.tsv"
        if len([x for x in text.splitlines() if x.strip() and not x.startswith("#")]) < 2:
            file.unlink(missing_ok=True)
        else:
            write_whole(file, text.encode())
    store.log.write(who, f"settings.lexicon.{table}", f"project:{project}", project)
