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
from reportminer.ingest.delimited import is_own
from reportminer.ingest.kinds import OWN_PAGE, kind_of
from reportminer.limits import limit, stated

Reader = Callable[[bytes, str], RawDocument]
# format → (module, function); loaded when first used
READERS: dict[str, tuple[str, str]] = {
    "txt": ("txt", "read"),
    "md": ("txt", "read_markdown"),
    "html": ("html", "read"),
    "docx": ("docx", "read"),
    "doc": ("doc", "read"),
    "rtf": ("rtf", "read"),
    "odt": ("office", "odt"),
    "fodt": ("office", "fodt"),
    "wordml": ("office", "wordml"),
    "xlsx": ("xlsx", "read"),
    "xls": ("xls", "read"),
    "ods": ("office", "ods"),
    "xlsb": ("office", "xlsb"),
    "excelml": ("office", "excelml"),
    "csv": ("delimited", "read"),
    "mht": ("mht", "read"),
    "pdf": ("pdf", "read"),
    "image": ("image", "read"),
}
_SKIPPED = frozenset(
    {".json", ".jsonl", ".py", ".pyc", ".log"}
)  # data beside reports, never reports; .csv and .tsv are reports unless this program wrote them
_RUN_FILES = frozenset({"observations.jsonl", "documents.jsonl"})  # together they mark the output of a run
_RUN_PAGES = frozenset({"report.html", "comparison.xlsx"})


def _reader(name: str) -> Reader:
    module, function = READERS[name]
    reader: Reader = getattr(import_module(f"reportminer.ingest.{module}"), function)
    return reader


def read_path(path: Path, source: str) -> RawDocument:
    """One file. ``source`` is the name it goes by in the results. Raises UnreadableFile with one sentence and a way out."""
    try:
        size = path.stat().st_size
        if size > limit("file_mb") << 20:
            raise UnreadableFile(f"“{source}”有 {size >> 20} MB（{stated('file_mb')}）。", "请拆分后再读。")
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
    kind = kind_of(data, source)
    if kind == "zip":
        raise UnreadableFile(
            f"“{source}”是压缩包，里面可能有多份报告。", "请用 reportminer run 读取压缩包，或先解压。"
        )
    return _reader(kind)(data, source)


def read_text(text: str, source: str = "<text>") -> RawDocument:
    """A text that is already in memory."""
    return RawDocument(
        source, sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), "txt", text, "utf-8"
    )


def discover(paths: Sequence[Path], leave_out: Path | None = None) -> list[tuple[Path, str]]:
    """All files below the paths with the name each goes by: relative to the path it was found in, sorted within each path.

    In folders, hidden files, lock files of office programs, READMEs and data files (json, log …) are left out; links that lead out of
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
            if file.is_file() and not _own_file(file):  # a pipe or a socket would never end
                yield file


def _own_file(file: Path) -> bool:
    """A page or a table that this program wrote."""
    suffix = file.suffix.lower()
    if suffix not in (".html", ".htm", ".csv", ".tsv"):
        return False
    try:
        with file.open("rb") as f:
            head = f.read(2000)
    except OSError:
        return False  # reading it will tell
    return OWN_PAGE in head if suffix in (".html", ".htm") else is_own(head)
