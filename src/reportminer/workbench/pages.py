"""Pages of a report as pictures with the places of its marks: drawn when somebody looks, in a process of its own, kept in the folder of the
project by the hash of the content."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from reportminer.batch import process_pool
from reportminer.core import Box, Sheet
from reportminer.errors import NoSuchThing, UnreadableFile
from reportminer.ingest import archive
from reportminer.ingest.drawing import draw
from reportminer.store.store import Store
from reportminer.workbench.documents import Document
from reportminer.workbench.files import uploads_folder
from reportminer.workbench.marks import Mark
from reportminer.workbench.marks import Sheet as MarkedText
from reportminer.workbench.settings import write_whole
from reportminer.worker import confine

_VERSION = 1  # of how pages are drawn
_MEGABYTES = 1500  # that drawing one page may use
_SECONDS = 30  # that it may take
_KEPT = 500 << 20  # bytes of pictures of one project
_EMPTY = 2.0  # sides of a page that could not be read


@dataclass(frozen=True)
class Place:
    """A mark on a page, upright, in the units of the page."""

    mark: Mark
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Page:
    """A page as it is shown: its number, its size when upright, the marks on it. ``drawn``: there is a picture of it."""

    number: int
    width: float
    height: float
    places: tuple[Place, ...]
    drawn: bool


def pages(document: Document, sheet: MarkedText) -> tuple[Page, ...]:
    """The pages of a report with the marks that its text shows; none where the format has no pages."""
    report = document.report
    layout = report.text.raw.layout
    if layout is None:
        return ()
    of = {o.id: o for o in report.observations}
    places: list[list[Place]] = [[] for _ in layout.sheets]
    for _, piece in sheet.pieces:
        if isinstance(piece, Mark):
            for box in report.boxes(of[piece.id]):
                side = layout.sheets[box.page - 1]
                places[box.page - 1].append(Place(piece, *_upright(box, side, _turn(side))))
    out = []
    for number, (side, found) in enumerate(zip(layout.sheets, places, strict=True), 1):
        width, height = (side.height, side.width) if _turn(side) % 2 else (side.width, side.height)
        out.append(Page(number, width, height, tuple(found), min(width, height) > _EMPTY))
    return tuple(out)


def _turn(side: Sheet) -> int:
    """Quarter turns against the clock that make the lines of a page upright."""
    return round(math.atan2(side.matrix[1], side.matrix[0]) / (math.pi / 2)) % 4


def _upright(box: Box, side: Sheet, turn: int) -> tuple[float, float, float, float]:
    """Left, top, width and height of a box after the page was turned."""
    wide, high = box.right - box.left, box.bottom - box.top
    if turn == 1:
        return box.top, side.width - box.right, high, wide
    if turn == 2:
        return side.width - box.right, side.height - box.bottom, wide, high
    if turn == 3:
        return side.height - box.bottom, box.left, high, wide
    return box.left, box.top, wide, high


class Drawer:
    """Draws pages. A page that takes too long, too much memory or the process with it costs nothing else."""

    def __init__(self) -> None:
        self._pool: Any = None
        self._lock = Lock()

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            if self._pool is not None:
                self._pool.stop()
                self._pool.join()
                self._pool = None

    def page(self, store: Store, project: int, document: Document, number: int) -> bytes:
        """A page as JPEG, upright. Raises NoSuchThing for one that is not there or cannot be drawn."""
        raw = document.report.text.raw
        if raw.layout is None or not 1 <= number <= len(raw.layout.sheets):
            raise NoSuchThing(f"“{raw.source}”没有第 {number} 页的图像。", "请看正文。")
        turn = _turn(raw.layout.sheets[number - 1])
        kept = pages_folder(store, project) / raw.sha256 / f"{number}-{turn}-{_VERSION}.jpg"
        try:
            return kept.read_bytes()
        except FileNotFoundError:
            pass  # nobody has looked at it yet
        for source in _names(store, project, raw.source, raw.sha256):
            file = _file(store, project, source)
            if file is not None:
                picture = self._drawn((file, source, raw.sha256, number, turn))
                write_whole(kept, picture)
                _bound(pages_folder(store, project))
                return picture
        raise NoSuchThing(f"“{raw.source}”的原文件已不在项目里，页面画不出来。", "请看正文，或重新上传。")

    def _drawn(self, task: tuple[Path, str, str, int, int]) -> bytes:
        from concurrent.futures import TimeoutError as TookTooLong

        from pebble import ProcessExpired

        with self._lock:
            if self._pool is None:
                self._pool = process_pool(1, confine, _MEGABYTES)
            future = self._pool.schedule(_draw, args=(task,), timeout=_SECONDS)
        try:
            picture: bytes = future.result()
            return picture
        except UnreadableFile as e:
            raise NoSuchThing(e.error, e.fix) from e
        except (TookTooLong, ProcessExpired, MemoryError) as e:
            raise NoSuchThing(
                f"“{task[1]}”第 {task[3]} 页画不出来（太大或太复杂）。", "请用别的程序打开原文件查看。"
            ) from e


def pages_folder(store: Store, project: int) -> Path:
    """Where pictures of pages are kept."""
    return store.folder(project) / "pages"


def forget_pages(store: Store, project: int) -> None:
    """Remove the pictures of contents that are no longer in the project."""
    folder = pages_folder(store, project)
    if not folder.is_dir():
        return
    kept = {d["sha256"] for d in store.results.rows(project, "documents")}
    for old in folder.iterdir():
        if old.name not in kept:
            shutil.rmtree(old, ignore_errors=True)


def _names(store: Store, project: int, source: str, content: str) -> Sequence[str]:
    """All names under which a content was given: the first may have been removed since."""
    rows = store.results.rows(project, "documents", {"sha256": content})
    return [source, *(n for r in rows for n in r["names"] if n != source)]


def _file(store: Store, project: int, source: str) -> Path | None:
    """The uploaded file that a report is, or is in."""
    folder = uploads_folder(store, project)
    for u in store.projects.uploads(project):
        if (u.name == source or source.startswith(u.name + "/")) and (folder / u.name).is_file():
            return folder / u.name
    return None


def _bound(folder: Path) -> None:
    """Keep the pictures of a project within their limit, the newest of them."""
    found = sorted(
        ((s.st_mtime, s.st_size, f) for f in folder.glob("*/*.jpg") if (s := f.stat())), reverse=True
    )
    size = 0
    for _, bytes_, file in found:
        size += bytes_
        if size > _KEPT:
            file.unlink(missing_ok=True)


def _draw(task: tuple[Path, str, str, int, int]) -> bytes:
    """Runs in the process that draws."""
    file, source, expected, number, turn = task
    data = None
    if file.name == source:
        data = file.read_bytes()
    else:
        for name, content in archive.contents(file, file.name):
            if name == source:
                data = content()
                break
    if data is None or sha256(data).hexdigest() != expected:
        raise UnreadableFile(f"“{source}”在读取后改变了。", "请重新读取后再看页面。")
    return draw(data, source, number, turn)
