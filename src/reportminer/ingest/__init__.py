"""path → RawDocument. One module per format, one line in ``READERS``; the type is decided by content, then by suffix."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest.html import is_html
from reportminer.ingest.pictures import is_image

Reader = Callable[[bytes, str], RawDocument]
# format → (module, function); loaded when first used
READERS: dict[str, tuple[str, str]] = {
    "txt": ("txt", "read"),
    "md": ("txt", "read_markdown"),
    "html": ("html", "read"),
    "docx": ("docx", "read"),
    "pdf": ("pdf", "read"),
    "image": ("image", "read"),
}
_SUFFIXES = {
    "txt": "txt", "text": "txt", "md": "md", "markdown": "md", "html": "html", "htm": "html", "xhtml": "html", "shtml": "html", "docx": "docx", "pdf": "pdf",
}  # fmt: skip
_LATER = {
    "doc": "旧版 Word 文档", "dot": "旧版 Word 文档", "wps": "WPS 文档", "wpt": "WPS 文档", "xls": "旧版 Excel 表格", "xlsx": "Excel 表格", "et": "WPS 表格", "ppt": "演示文稿",
    "pptx": "演示文稿", "dps": "演示文稿", "odt": "ODT 文档", "rtf": "RTF 文档", "ofd": "OFD 版式文件", "ceb": "CEB 版式文件", "caj": "CAJ 文献", "epub": "电子书", "mht": "网页归档",
    "mhtml": "网页归档", "zip": "压缩包", "rar": "压缩包", "7z": "压缩包", "gz": "压缩包", "tar": "压缩包", "gif": "图片", "webp": "图片", "mp3": "音频", "mp4": "视频",
}  # fmt: skip
_BEGINNINGS = (
    (b"Rar!\x1a", "压缩包"), (b"7z\xbc\xaf\x27\x1c", "压缩包"), (b"\x1f\x8b\x08", "压缩包"), (b"PK\x05\x06", "压缩包"), (b"{\\rtf", "RTF 文档"), (b"GIF8", "图片"),
)  # fmt: skip
_MARKED = {  # formats that begin with a mark: a file of that name without it is damaged
    "docx": " Word 文档", "pdf": " PDF ", **dict.fromkeys(("jpg", "jpeg", "png", "tif", "tiff", "bmp"), "图片"),
}  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # container of old Office files and of encrypted new ones
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WAYS = {
    "图片": "请先做文字识别（OCR），存为 .docx、.txt 或可搜索的 PDF。", "压缩包": "请先解压，再读取其中的文件。", "音频": "请提供文字稿。", "视频": "请提供文字稿。",
}  # fmt: skip
_SKIPPED = frozenset(
    {".json", ".jsonl", ".py", ".pyc", ".log", ".csv", ".tsv"}
)  # data beside reports, never reports
MAX_BYTES = 200 * 2**20
OWN_PAGE = b'<meta name="generator" content="reportminer">'  # in every page that this program writes
_RUN_FILES = frozenset({"observations.jsonl", "documents.jsonl"})  # together they mark the output of a run
_RUN_PAGES = frozenset({"report.html", "comparison.xlsx"})


def _reader(name: str) -> Reader:
    module, function = READERS[name]
    reader: Reader = getattr(import_module(f"reportminer.ingest.{module}"), function)
    return reader


def kind_of(data: bytes, source: str) -> str:
    """The format of a file by its content, then by its suffix. Raises UnreadableFile for one that cannot be read."""
    suffix = Path(source).suffix.lower().lstrip(".")
    if not data.strip(b"\x00 \t\r\n\x1a"):
        raise UnreadableFile(f"“{source}”是空文件。", "请确认文件已完整下载或保存。")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-") or (
        suffix == "pdf" and b"%PDF-" in data[:1024]
    ):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        if b"word/document" in data or (
            suffix == "docx" and not any(n in data for n in (b"xl/workbook", b"ppt/presentation"))
        ):
            return "docx"
        what = (
            "Excel 表格"
            if b"xl/workbook" in data
            else "演示文稿"
            if b"ppt/presentation" in data
            else _LATER.get(suffix, "压缩包")
        )
        raise _unsupported(source, what)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnreadableFile(f"“{source}”有密码保护。", "请用 Word 或 WPS 打开，去掉密码，另存为 .docx。")
        raise _unsupported(source, _LATER.get(suffix, "旧版 Office 文档"))
    if is_image(data):
        return "image"
    for beginning, what in _BEGINNINGS:
        if data.startswith(beginning):
            raise _unsupported(source, what)
    if suffix in _MARKED:
        name = _MARKED[suffix]
        raise UnreadableFile(
            f"“{source}”已损坏或内容与扩展名不符，不能作为{name}打开。", "请重新下载或导出该文件。"
        )
    if suffix != "md" and is_html(data):
        if OWN_PAGE in data[:2000]:
            raise UnreadableFile(f"“{source}”是本程序写出的网页，不是报告。", "请给出原来的报告文件。")
        return "html"
    if suffix in _LATER:
        raise _unsupported(source, _LATER[suffix])
    return _SUFFIXES.get(suffix, "txt")


def _unsupported(source: str, what: str) -> UnreadableFile:
    return UnreadableFile(
        f"“{source}”是{what}，目前还不支持这种格式。", _WAYS.get(what, "请另存为 .docx、.pdf 或 .txt。")
    )


def read_path(path: Path, source: str) -> RawDocument:
    """One file. ``source`` is the name it goes by in the results. Raises UnreadableFile with one sentence and a way out."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFile(
                f"“{source}”有 {size >> 20} MB，超过上限 {MAX_BYTES >> 20} MB。", "请拆分后再读。"
            )
        data = path.read_bytes()
    except FileNotFoundError as e:
        raise UnreadableFile(f"找不到文件“{source}”。", "请检查文件名和所在文件夹。") from e
    except PermissionError as e:
        raise UnreadableFile(f"没有读取“{source}”的权限。", "请修改文件权限，或复制到别处再读。") from e
    except IsADirectoryError as e:
        raise UnreadableFile(f"“{source}”是文件夹，不是文件。", "请给出其中的文件。") from e
    except OSError as e:
        raise UnreadableFile(
            f"“{source}”无法打开（{e.strerror or e}）。", "请检查文件是否在可用的磁盘上。"
        ) from e
    return read_bytes(data, source)


def read_bytes(data: bytes, source: str) -> RawDocument:
    """The content of one file. Raises UnreadableFile."""
    return _reader(kind_of(data, source))(data, source)


def read_text(text: str, source: str = "<text>") -> RawDocument:
    """A text that is already in memory."""
    return RawDocument(
        source, sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), "txt", text, "utf-8"
    )


def discover(paths: Sequence[Path], leave_out: Path | None = None) -> list[tuple[Path, str]]:
    """All files below the paths with the name each goes by: relative to the path it was found in, sorted within each path.

    In folders, hidden files, lock files of office programs, READMEs and data files (json, csv …) are left out; links that lead out of
    the folder are not followed; what an earlier run wrote, and the folder ``leave_out`` below a path, are no reports.
    A file named twice is taken once. A name that two paths share gets the name of its folder in front.
    """
    found: list[tuple[Path, str, str]] = []  # file, source, name of the folder
    for path in paths:
        if path.is_dir():
            files = sorted((f.relative_to(path).as_posix(), f) for f in _below(path, leave_out))
            found += ((file, source, path.resolve().name) for source, file in files)
        else:
            found.append((path, path.name, path.absolute().parent.name))
    known: set[Path] = set()
    once = []
    for file, source, folder in found:
        place = file.absolute()
        if place not in known:
            known.add(place)
            once.append((file, source, folder))
    shared = {s for s, n in Counter(s for _, s, _ in once).items() if n > 1}
    names: set[str] = {s for _, s, _ in once if s not in shared}
    out = []
    for file, source, folder in once:
        if source in shared:
            stem = source = f"{folder}/{source}" if folder else source
            n = 2
            while source in names:  # folders of the same name
                source, n = f"{n}/{stem}", n + 1
            names.add(source)
        out.append((file, source))
    return out


def no_report(name: str) -> bool:
    """The name of a file that is never a report: hidden, the lock of an office program, a README, data."""
    return (
        name.startswith((".", "~$"))
        or name.upper().startswith("README")
        or Path(name).suffix.lower() in _SKIPPED
    )


def _below(folder: Path, leave_out: Path | None) -> Iterator[Path]:
    root = folder.resolve()
    left_out = leave_out.resolve() if leave_out else None
    for place, names, files in os.walk(folder):
        names[:] = [n for n in names if not n.startswith(".") and (Path(place) / n).resolve() != left_out]
        output = _RUN_FILES.issubset(files)
        if output and "text" in names:
            names.remove("text")
        for name in files:
            file = Path(place) / name
            if no_report(name) or (output and name in _RUN_PAGES):
                continue
            if file.is_symlink() and not file.resolve().is_relative_to(root):
                continue
            if file.is_file() and not _own_page(file):  # a pipe or a socket would never end
                yield file


def _own_page(file: Path) -> bool:
    if file.suffix.lower() not in (".html", ".htm"):
        return False
    try:
        with file.open("rb") as f:
            return OWN_PAGE in f.read(2000)
    except OSError:
        return False  # reading it will tell
