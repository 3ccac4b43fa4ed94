"""Loads and checks every lexicon table. A table is a TSV file with a header line; ``#`` starts a comment line.

Bad rows are answered with file and line. A user's overlay folder may hold tables of the same names: its rows replace those
with the same key (first column) and add new ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportminer.errors import LexiconError
from reportminer.resources import data_dir


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its fields by column name and where it stands, for messages."""

    fields: Mapping[str, str]
    file: str
    line: int

    def __getitem__(self, name: str) -> str:
        return self.fields[name]

    def fail(self, why: str) -> LexiconError:
        """The error to raise when this row cannot be used."""
        return LexiconError(
            f"词表 {self.file} 第 {self.line} 行有误：{why}。",
            "请改正该行后重试（reportminer lexicon check 可检查全部词表）。",
        )

    def list(self, name: str) -> tuple[str, ...]:
        """A field that holds several values separated by ``|``."""
        return tuple(x.strip() for x in self.fields[name].split("|") if x.strip())


def read_table(path: Path) -> tuple[Row, ...]:
    """All rows of one TSV table. Raises LexiconError for an unreadable file or a row with a wrong number of columns."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise LexiconError(
            f"词表 {path.name} 无法读取（{type(e).__name__}）。", "请确认文件存在且为 UTF-8 编码。"
        ) from e
    rows: list[Row] = []
    header: list[str] | None = None
    for n, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cols = line.split("\t")
        if header is None:
            header = [c.strip() for c in cols]
            continue
        if len(cols) > len(header) or not cols[0].strip():
            raise Row({}, path.name, n).fail(
                f"应有 {len(header)} 列，实有 {len(cols)} 列" if cols[0].strip() else "第一列为空"
            )
        cols += [""] * (len(header) - len(cols))
        rows.append(Row(dict(zip(header, (c.strip() for c in cols), strict=True)), path.name, n))
    return tuple(rows)


class Lexicon:
    """The tables by name (file stem), with an overlay folder on top of the bundled ones."""

    def __init__(self, overlay: Path | None = None) -> None:
        """``overlay``: folder with the user's tables, or None."""
        self.overlay = overlay
        self._tables: dict[str, tuple[Row, ...]] = {}

    def names(self) -> list[str]:
        """Names of all bundled tables."""
        return sorted(p.stem for p in data_dir("lexicons").glob("*.tsv"))

    def table(self, name: str) -> tuple[Row, ...]:
        """Rows of table ``name``; overlay rows replace bundled rows of the same key (first column)."""
        if name not in self._tables:
            rows = read_table(data_dir("lexicons") / f"{name}.tsv")
            if self.overlay and (self.overlay / f"{name}.tsv").exists():
                extra = read_table(self.overlay / f"{name}.tsv")
                keys = {next(iter(r.fields.values())) for r in extra}
                rows = tuple(r for r in rows if next(iter(r.fields.values())) not in keys) + extra
            self._tables[name] = rows
        return self._tables[name]


ANYTHING = r"\s\S"


def looks(after: Mapping[str, str]) -> str:
    """Pattern text that looks back at the first and ahead at the second character of a word: ``after`` holds what may follow (the
    inside of a set) by first character. Behind a set of all first characters it finds words fast: the search for one set is, that
    for alternatives is not."""
    firsts: dict[str, str] = {}
    for first, seconds in after.items():
        firsts[seconds] = firsts.get(seconds, "") + re.escape(first)
    return "|".join(
        f"(?<=[{chars}])" + ("" if ANYTHING in seconds else f"(?=[{seconds}])")
        for seconds, chars in firsts.items()
    )


def seconds(words: Iterable[str], after: dict[str, str] | None = None) -> dict[str, str]:
    """What may follow the first character of these words, for ``looks``; added to ``after``."""
    out = {} if after is None else after
    for word in words:
        out[word[0]] = out.get(word[0], "") + (re.escape(word[1]) if len(word) > 1 else ANYTHING)
    return out


@cache
def default_lexicon() -> Lexicon:
    """The bundled lexicon, loaded once."""
    return Lexicon()
