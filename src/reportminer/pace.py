"""How far a run is and how long it will still take, by kind of work: a text takes milliseconds, a scan seconds a page, so that one figure for all
files tells nothing while kinds are done one after the other."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

#: kind → endings of its files, and seconds that one takes as long as none was measured
KINDS: dict[str, tuple[frozenset[str], float]] = {
    "文本、网页": (frozenset((".txt", ".md", ".html", ".htm", ".mht", ".mhtml")), 0.03),
    "Office 文件": (frozenset((".docx", ".xlsx", ".xls", ".et", ".csv", ".rtf")), 0.05),
    "需转换的文件": (frozenset((".doc", ".wps", ".odt")), 1.0),
    "PDF": (frozenset((".pdf",)), 0.2),
    "图片": (frozenset((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp")), 5.0),
    "压缩包": (frozenset((".zip",)), 0.1),
}
OTHER = "其他文件"
CHECKS = "核查比较"
_RECENT = 20  # of a kind: what was read from before goes faster than what is new


def kind_of(source: str) -> str:
    """The kind of work that a file is by its name."""
    ending = PurePosixPath(source).suffix.lower()
    return next((k for k, (endings, _) in KINDS.items() if ending in endings), OTHER)


@dataclass
class Work:
    """One kind of work: how much of it there is, is done, and how many seconds the last of it took each."""

    total: int = 0
    done: int = 0
    took: deque[float] = field(default_factory=lambda: deque(maxlen=_RECENT))

    def left(self, guess: float) -> float:
        """Seconds that the rest takes one after the other; a guess weighs as much as one that was measured."""
        return (self.total - self.done) * (guess + sum(self.took)) / (1 + len(self.took))


class Pace:
    """Counts work as it becomes known and as it is done."""

    def __init__(self, abreast: int, clock: Callable[[], float] = time.monotonic) -> None:
        """``abreast``: how many files are read at a time."""
        self._abreast = max(1, abreast)
        self._clock = clock
        self._works: dict[str, Work] = {}
        self._last = 0.0

    def expect(self, source: str) -> None:
        """A file is to be read."""
        self._work(kind_of(source)).total += 1

    def read(self, source: str, seconds: float) -> None:
        """A file was read."""
        work = self._work(kind_of(source))
        work.done += 1
        work.took.append(seconds)

    def unpacked(self, source: str, members: tuple[str, ...]) -> None:
        """An archive turned out to hold members, which are to be read."""
        self.read(source, 0.0)
        for member in members:
            self.expect(member)

    def checked(self, done: int, total: int) -> None:
        """``done`` of ``total`` reports that checks look at were looked at, by all processes together."""
        work = self._work(CHECKS)
        now = self._clock()
        if done > work.done and self._last:
            each = (now - self._last) / (done - work.done)
            work.took.append(each)
        work.done, work.total, self._last = done, total, now

    def works(self) -> Iterator[tuple[str, int, int, float]]:
        """Kind, done, total and seconds left of each kind of work, in the order of ``KINDS``."""
        order = [*KINDS, OTHER, CHECKS]
        for kind in sorted(self._works, key=order.index):
            work = self._works[kind]
            if kind == CHECKS:
                left = work.left(0.0)
            else:
                left = work.left(KINDS[kind][1] if kind in KINDS else 0.1) / self._abreast
            yield kind, work.done, work.total, left

    def left(self) -> float:
        """Seconds until all that is known is done."""
        return sum(left for *_, left in self.works())

    def _work(self, kind: str) -> Work:
        return self._works.setdefault(kind, Work())


def spoken(seconds: float) -> str:
    """A time as people say it, no more exact than it can be."""
    if seconds < 1:
        return "不到 1 秒"
    if seconds < 90:
        return f"{seconds:.0f} 秒"
    if seconds < 5400:
        return f"{seconds / 60:.0f} 分钟"
    return f"{seconds / 3600:.1f} 小时"
