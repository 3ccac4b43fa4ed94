"""A zip archive of reports: its files are read in memory, one after another, and nothing is written anywhere."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from zlib import error as ZlibError

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest import MAX_BYTES, no_report, read_bytes

MAX_FILES = 5000


def is_archive(path: Path) -> bool:
    """A file that calls itself a zip archive. Office documents, which are archives too, have other suffixes."""
    return path.suffix.lower() == ".zip"


def members(path: Path, source: str) -> Iterator[tuple[str, Callable[[], RawDocument]]]:
    """The reports in an archive in the order of their names: the name each goes by and what reads it.

    Raises UnreadableFile for an archive that is broken, has a password or is too large; so does reading, for one file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = sorted(
                ((n, i) for i in archive.infolist() if not i.is_dir() and (n := _name(i))), key=lambda x: x[0]
            )
            if not found:
                raise UnreadableFile(f"压缩包“{source}”里没有报告。", "请确认压缩包已完整下载。")
            if len(found) > MAX_FILES or sum(i.file_size for _, i in found) > 5 * MAX_BYTES:
                raise UnreadableFile(f"压缩包“{source}”解压后太大。", "请先解压，再分批读取。")
            if any(i.flag_bits & 1 for _, i in found):
                raise UnreadableFile(f"压缩包“{source}”有密码保护。", "请先用密码解压，再读取其中的文件。")
            used: set[str] = set()
            for name, info in found:
                if name in used:
                    continue
                used.add(name)
                whole = f"{source}/{name}"
                yield whole, partial(_read, archive, info, whole)
    except (zipfile.BadZipFile, OSError, ValueError) as e:
        raise UnreadableFile(f"压缩包“{source}”已损坏，无法打开。", "请重新下载，或解压后再读取。") from e


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str) -> RawDocument:
    if info.file_size > MAX_BYTES:
        raise UnreadableFile(
            f"“{source}”有 {info.file_size >> 20} MB，超过上限 {MAX_BYTES >> 20} MB。", "请拆分后再读。"
        )
    try:
        data = archive.read(info)
    except (zipfile.BadZipFile, ZlibError, EOFError, OSError, RuntimeError, NotImplementedError) as e:
        raise UnreadableFile(
            f"“{source}”在压缩包中已损坏或压缩方法不支持。", "请用其他程序解压后再读取。"
        ) from e
    return read_bytes(data, source)


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
