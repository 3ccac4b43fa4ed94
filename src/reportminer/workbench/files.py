"""The files of a project on the disk: uploads, part files, settings."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from types import TracebackType

from reportminer.errors import StoreError
from reportminer.store.records import Upload
from reportminer.store.store import Store

#: what can be given, as told to people: kind → endings; the content decides in the end
FORMATS = {
    "Word、WPS": (".docx", ".doc", ".wps", ".docm", ".dot", ".wpt", ".rtf", ".odt"),
    "PDF": (".pdf",),
    "扫描件和照片": (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"),
    "表格": (".xlsx", ".xls", ".xlsm", ".et", ".ods", ".csv"),
    "网页和文本": (".html", ".htm", ".mht", ".mhtml", ".txt", ".md"),
    "压缩包": (".zip",),
}
_ENDINGS = tuple(e for endings in FORMATS.values() for e in endings)
_SPARE = 200 << 20  # bytes of the disk that no upload may take
_ONE_AT_A_TIME = Lock()  # names are given to one file after the other


class TooLarge(StoreError):
    """An upload beyond the limits."""


@dataclass(frozen=True)
class Received:
    """What became of a file that was given. ``duplicate``: the name under which the same content is already there."""

    upload: Upload
    duplicate: bool


def uploads_folder(store: Store, project: int) -> Path:
    """Where the files of a project are."""
    place = store.folder(project) / "uploads"
    place.mkdir(exist_ok=True)
    return place


def parts_folder(store: Store, project: int) -> Path:
    """Where what was read of them is kept."""
    return store.folder(project) / "parts"


def safe_name(name: str) -> str:
    """The last part of a file name, without what a file system or a page could stumble over. Raises StoreError for a name without letters."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(
        c if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*' else "_"
        for c in name.encode("utf-8", "replace").decode()
    )
    name = re.sub(r"\s+", " ", name).strip().lstrip(".~$ ")
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if dot else (name, "")
    while len((stem + ending).encode()) > 180 and stem:
        stem = stem[:-1]
    if not stem.strip("._ ") or len(ending) > 20:
        raise StoreError("文件没有可用的名称。", "请给文件起一个名字后再上传。")
    return stem + ending


class Receiving:
    """A file on its way in: written to the disk piece by piece, there as a whole or not at all.

    ``with Receiving(store, project, name, limit) as r: r.write(...); done = r.finish(who)``. Raises StoreError for a name or format that
    cannot be read, for a file beyond ``limit`` bytes, for a full disk.
    """

    def __init__(self, store: Store, project: int, name: str, limit: int) -> None:
        self._store, self._project, self._limit = store, project, limit
        self._name = safe_name(name)
        if not self._name.lower().endswith(_ENDINGS):
            raise StoreError(f"“{self._name}”不是能读的格式。", f"可以上传：{'；'.join(FORMATS)}（zip）。")
        store.projects.get(project)
        self._folder = uploads_folder(store, project)
        self._digest = sha256()
        self._size = 0

    def __enter__(self) -> Receiving:
        handle, name = tempfile.mkstemp(prefix=".new-", dir=self._folder)
        self._file = os.fdopen(handle, "wb")
        self._path = Path(name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Some more bytes."""
        self._size += len(data)
        if self._size > self._limit:
            raise TooLarge(
                f"“{self._name}”超过上限 {self._limit >> 20} MB。", "请拆分后上传，或请管理员放宽上限。"
            )
        if shutil.disk_usage(self._folder).free < _SPARE:
            raise StoreError("服务器磁盘空间不足，文件没有保存。", "请清理磁盘后重试。")
        self._digest.update(data)
        self._file.write(data)

    def finish(self, who: str) -> Received:
        """All bytes are there. The same content under any name is the file that is there already."""
        if not self._size:
            raise StoreError(f"“{self._name}”是空文件。", "请检查文件后重新上传。")
        self._file.flush()
        os.fsync(self._file.fileno())
        content = self._digest.hexdigest()
        with _ONE_AT_A_TIME:
            known = self._store.projects.uploads(self._project)
            same = next((u for u in known if u.sha256 == content), None)
            if same is not None:
                return Received(same, True)
            name = _free(self._name, {u.name for u in known})
            self._path.replace(self._folder / name)
            sync(self._folder)
            return Received(
                self._store.projects.add_upload(self._project, name, content, self._size, who), False
            )


def sync(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _free(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    n, free = 2, name
    while free in taken:
        free, n = f"{stem}（{n}）{dot}{ending}", n + 1
    return free


def remove_upload(store: Store, project: int, upload: int, who: str) -> None:
    """Take a file out of a project; its results go with the next reading."""
    for u in store.projects.uploads(project):
        if u.id == upload:
            store.projects.remove_upload(upload, who)
            (uploads_folder(store, project) / u.name).unlink(missing_ok=True)
            return
    store.projects.remove_upload(-1, who)  # raises: no such file in this project


def tidy_uploads(store: Store) -> None:
    """At the start: forget what was on its way in when the program was stopped."""
    for project in store.projects.all(archived=True):
        folder = uploads_folder(store, project.id)
        known = {u.name for u in store.projects.uploads(project.id)}
        for file in folder.iterdir():
            if file.name not in known:
                file.unlink(missing_ok=True)
