"""What pieces of a large run yield, as it travels between processes and lies on the disk until it is published."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from reportminer.core import ComparisonCell, Finding, Table
from reportminer.errors import OutputNotWritable
from reportminer.pieces import Cells, Told


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)


def pack(found: Told | Cells) -> tuple[bytes, int | None]:
    """What a piece yielded, and how many cells (None: it is findings). Pickling takes ten times as long."""
    return msgspec.msgpack.encode(found), None if isinstance(found, Told) else len(found)


def told(data: bytes) -> Told:
    """The findings and relations in some bytes."""
    found: Told = _decoder(Told).decode(data)
    return found


class CellFile:
    """The cells of the comparison in their order, packed in a file that nobody else sees and that is gone with this process: a large run has thirty
    for each report, and they would be most of what it holds in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: Any = None
        self._sizes: list[int] = []
        self.count = 0

    def add(self, data: bytes, count: int) -> None:
        """Append packed cells. Raises OutputNotWritable."""
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - lives as long as the run
            self._file.write(data)
            self._file.flush()
        except OSError as e:
            raise OutputNotWritable(
                f"中间结果无法写入“{self._folder}”（{e.strerror or e}）。",
                "请检查磁盘空间和写权限；已读完的文件不会丢失，处理后重新运行同一命令即可继续。",
            ) from e
        self._sizes.append(len(data))
        self.count += count

    def __iter__(self) -> Iterator[ComparisonCell]:
        at = 0
        for size in self._sizes:
            self._file.seek(at)
            yield from _decoder(Cells).decode(self._file.read(size))
            at += size


class FlaggedCells(Sequence[ComparisonCell]):
    """The cells of a file with the findings on their figures."""

    def __init__(self, cells: CellFile, flags: Mapping[str, Sequence[str]]) -> None:
        self.file = cells
        self._flags = flags

    def __len__(self) -> int:
        return self.file.count

    def __getitem__(self, n: Any) -> Any:
        return tuple(self)[n]

    def __iter__(self) -> Iterator[ComparisonCell]:
        return (_flagged(c, self._flags) for c in self.file)


def flagged(cells: Sequence[ComparisonCell] | CellFile, findings: Iterable[Finding]) -> Table:
    """The comparison with the findings on its figures, and no others."""
    flags: dict[str, list[str]] = {}
    for f in findings:
        if f.severity != "info":
            for member in f.members:
                flags.setdefault(member, []).append(f.id)
    if isinstance(cells, FlaggedCells):
        cells = cells.file
    if isinstance(cells, CellFile):
        return Table(FlaggedCells(cells, flags))
    return Table(tuple(_flagged(c, flags) for c in cells))


def _flagged(c: ComparisonCell, flags: Mapping[str, Sequence[str]]) -> ComparisonCell:
    found = tuple(sorted({f for m in (c.observation, *c.others) for f in flags.get(m, ())}))
    return c if found == c.flags else replace(c, flags=found)
