"""A zip archive of reports, with the archives inside it: its files are read in memory, one after another, and nothing is written anywhere."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest import no_report, read_bytes
from reportminer.ingest.kinds import BROKEN_ZIP, PACKED, member_kind
from reportminer.limits import limit, stated

_SMALL = 10**5  # bytes: the ratio says nothing about a member that is smaller


def is_archive(path: Path) -> bool:
    """A zip archive by its content: an office document is one too and is not meant. A broken file counts by its suffix."""
    try:
        with path.open("rb") as f:
            if not f.read(4).startswith(PACKED):
                return path.suffix.lower() == ".zip"
        with zipfile.ZipFile(path) as archive:
            return member_kind(archive, path.suffix.lower().lstrip(".")) == "zip"
    except BROKEN_ZIP:
        return path.suffix.lower() == ".zip"


class _Budget:
    """What an archive and those inside it may hold together."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.files = limit("archive_files")
        self.bytes = limit("archive_mb") << 20

    def spend(self, infos: list[zipfile.ZipInfo]) -> None:
        """Raises UnreadableFile beyond a limit."""
        self.files -= len(infos)
        self.bytes -= sum(i.file_size for i in infos)
        for name, left in (("archive_files", self.files), ("archive_mb", self.bytes)):
            if left < 0:
                what = "里的文件太多" if name == "archive_files" else "解压后太大"
                raise UnreadableFile(
                    f"压缩包“{self.source}”{what}（{stated(name)}）。", "请先解压，再分批读取。"
                )


def members(path: Path, source: str) -> Iterator[tuple[str, Callable[[], RawDocument]]]:
    """The reports in an archive in the order of their names: the name each goes by and what reads it.

    Raises UnreadableFile for an archive that is broken, has a password or is too large; so does reading, for one file. An archive inside
    that cannot be opened is a file that cannot be read; the rest goes on.
    """
    for name, content in contents(path, source):
        yield name, partial(_read, content, name)


def contents(path: Path, source: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """As ``members``, with what gives the bytes of each."""
    try:
        with path.open("rb") as f:
            yield from _members(f, source, _Budget(source), 1)
    except OSError as e:
        raise _broken(source) from e


def _members(
    file: IO[bytes], source: str, budget: _Budget, depth: int
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    try:
        archive = zipfile.ZipFile(file)
        infos = [i for i in archive.infolist() if not i.is_dir()]
    except BROKEN_ZIP as e:
        raise _broken(source) from e
    with archive:
        found = sorted(((n, i) for i in infos if (n := _name(i))), key=lambda x: x[0])
        if not found:
            raise UnreadableFile(f"压缩包“{source}”里没有报告。", "请确认压缩包已完整下载。")
        budget.spend([i for _, i in found])
        if any(i.flag_bits & 1 for _, i in found):
            raise UnreadableFile(f"压缩包“{source}”有密码保护。", "请先用密码解压，再读取其中的文件。")
        used: set[str] = set()
        for name, info in found:
            if name in used:
                continue
            used.add(name)
            whole = f"{source}/{name}"
            if name.lower().endswith(".zip"):
                yield from _nested(archive, info, whole, budget, depth + 1)
            else:
                yield whole, partial(_content, archive, info, whole)


def _nested(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str, budget: _Budget, depth: int
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    try:
        if depth > limit("archive_depth"):
            raise UnreadableFile(
                f"压缩包“{source}”在第 {depth} 层压缩包里（{stated('archive_depth')}）。", "请先解压外层的压缩包，再读取。"
            )  # fmt: skip
        yield from _members(io.BytesIO(_content(archive, info, source)), source, budget, depth)
    except UnreadableFile as e:
        yield source, partial(_fail, e)


def _fail(error: UnreadableFile) -> bytes:
    raise error


def _read(content: Callable[[], bytes], source: str) -> RawDocument:
    return read_bytes(content(), source)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str) -> bytes:
    if info.file_size > limit("file_mb") << 20:
        raise UnreadableFile(
            f"“{source}”有 {info.file_size >> 20} MB（{stated('file_mb')}）。", "请拆分后再读。"
        )
    if info.file_size > limit("archive_ratio") * max(info.compress_size, _SMALL // 100):
        raise UnreadableFile(
            f"“{source}”解压后是压缩时的 {info.file_size // max(info.compress_size, 1)} 倍（{stated('archive_ratio')}）。",
            "请核实文件来源，解压后再读取。",
        )
    try:
        return archive.read(info)
    except BROKEN_ZIP as e:
        raise UnreadableFile(
            f"“{source}”在压缩包中已损坏或压缩方法不支持。", "请用其他程序解压后再读取。"
        ) from e


def _broken(source: str) -> UnreadableFile:
    return UnreadableFile(f"压缩包“{source}”已损坏，无法打开。", "请重新下载，或解压后再读取。")


def _name(info: zipfile.ZipInfo) -> str:
    """The path of a member without ways out of the archive; empty for what is no report."""
    name = info.filename
    if not info.flag_bits & 0x800:  # not marked as UTF-8: the bytes are what the system of the writer used
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for charset in ("utf-8", "gb18030") if raw else ():
            try:
                name = raw.decode(charset)
                break
            except UnicodeDecodeError:
                continue
    parts = [p.strip() for p in name.replace("\\", "/").split("/") if p.strip() not in ("", ".", "..")]
    if parts and parts[0].endswith(":"):
        parts = parts[1:]
    if not parts or "__MACOSX" in parts or no_report(parts[-1]) or any(p.startswith(".") for p in parts):
        return ""
    return "/".join(parts)
