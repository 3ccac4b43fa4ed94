"""path → RawDocument. One module per format, one line in ``READERS``; the type is decided by content, then by suffix."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile

Reader = Callable[[bytes, str], RawDocument]
# format → (module, function); loaded when first used
READERS: dict[str, tuple[str, str]] = {
    "txt": ("txt", "read"),
    "md": ("txt", "read_markdown"),
    "html": ("html", "read"),
    "docx": ("docx", "read"),
    "pdf": ("pdf", "read"),
}
_SUFFIXES = {"txt": "txt", "text": "txt", "md": "md", "markdown": "md", "html": "html", "htm": "html", "docx": "docx", "pdf": "pdf", "": "txt"}
_LATER = {
    "doc": "旧版 Word 文档", "wps": "WPS 文档", "xls": "旧版 Excel 表格", "xlsx": "Excel 表格", "et": "WPS 表格", "ppt": "演示文稿", "pptx": "演示文稿", "zip": "压缩包", "rar": "压缩包",
    "7z": "压缩包", "jpg": "图片", "jpeg": "图片", "png": "图片", "tif": "图片", "tiff": "图片", "bmp": "图片", "mht": "网页归档", "rtf": "RTF 文档", "ofd": "OFD 版式文件",
}  # fmt: skip
_SKIPPED = frozenset({".json", ".jsonl", ".py", ".log", ".csv", ".tsv", ".pyc"})  # data beside reports, never reports
MAX_BYTES = 200 * 2**20


def _reader(name: str) -> Reader:
    module, function = READERS[name]
    reader: Reader = getattr(import_module(f"reportminer.ingest.{module}"), function)
    return reader


def kind_of(data: bytes, source: str) -> str:
    """The format of a file by its content, then by its suffix. Raises UnreadableFile for one that cannot be read."""
    suffix = Path(source).suffix.lower().lstrip(".")
    if data.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        if suffix == "docx" or b"word/" in data[:4096] or b"word/document.xml" in data:
            return "docx"
        raise _unsupported(source, _LATER.get(suffix, "压缩包"))
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if suffix == "docx":
            raise UnreadableFile(f"“{source}”有密码保护，或其实是旧版 Word 文档。", "请用 Word 或 WPS 打开，去掉密码，另存为 .docx。")
        raise _unsupported(source, _LATER.get(suffix, "旧版 Office 文档"))
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"BM6")):
        raise _unsupported(source, "图片")
    if suffix in ("docx", "pdf") and data.strip():
        name = "Word 文档" if suffix == "docx" else "PDF"
        raise UnreadableFile(f"“{source}”已损坏，不能作为 {name} 打开。", "请重新下载或导出该文件。")
    if suffix in _LATER:
        raise _unsupported(source, _LATER[suffix])
    head = data[:2048].lstrip().lower()
    if suffix not in ("txt", "md") and head.startswith((b"<!doctype html", b"<html")) or suffix in ("html", "htm"):
        return "html"
    return _SUFFIXES.get(suffix, "txt")


def _unsupported(source: str, what: str) -> UnreadableFile:
    way = "请先做文字识别（OCR），存为 .docx 或 .txt。" if what == "图片" else "请先解压。" if what == "压缩包" else "请另存为 .docx、.pdf 或 .txt。"
    return UnreadableFile(f"“{source}”是{what}，目前还不能读取。", way)


def read_path(path: Path, source: str) -> RawDocument:
    """One file. ``source`` is the name it goes by in the results. Raises UnreadableFile with one sentence and a way out."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFile(f"“{source}”有 {size >> 20} MB，超过上限 {MAX_BYTES >> 20} MB。", "请拆分后再读。")
        data = path.read_bytes()
    except OSError as e:
        raise UnreadableFile(f"“{source}”无法打开（{e.strerror or e}）。", "请检查文件是否存在、是否有读取权限。") from e
    return read_bytes(data, source)


def read_bytes(data: bytes, source: str) -> RawDocument:
    """The content of one file. Raises UnreadableFile."""
    return _reader(kind_of(data, source))(data, source)


def read_text(text: str, source: str = "<text>") -> RawDocument:
    """A text that is already in memory."""
    return RawDocument(source, sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), "txt", text, "utf-8")


def discover(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """All files below the paths with the name each goes by: relative to its folder, made unique over all paths.

    Hidden files, lock files of office programs and data files (json, csv …) in folders are left out; links that lead out of the folder are not followed.
    """
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            root = path.resolve()
            for folder, names, files in os.walk(path):
                names[:] = sorted(n for n in names if not n.startswith("."))
                for name in sorted(files):
                    file = Path(folder) / name
                    if name.startswith((".", "~$")) or name.upper().startswith("README") or file.suffix.lower() in _SKIPPED:
                        continue
                    if file.is_symlink() and not file.resolve().is_relative_to(root):
                        continue
                    found.append((file, file.relative_to(path).as_posix()))
        else:
            found.append((path, path.name))
    seen: set[str] = set()
    out = []
    for file, source in found:
        if source in seen:
            source = f"{file.parent.name}/{file.name}"
        n = 2
        unique = source
        while unique in seen:
            unique, n = f"{source}#{n}", n + 1
        seen.add(unique)
        out.append((file, unique))
    return out
