"""What a project sets for itself: its own words, official figures to compare with, limits. Files in its folder, written as a whole."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from reportminer.batch import cores
from reportminer.errors import BadOption
from reportminer.reference import load
from reportminer.store.log import Log
from reportminer.store.store import Store

_RANGES = {
    "seconds": (5, 3600),
    "megabytes": (300, 64000),
    "upload_megabytes": (1, 4096),
    "processes": (1, 64),
}
_NAMES = {"seconds": "读一个文件的时间", "megabytes": "读一个文件的内存", "upload_megabytes": "上传文件的大小", "processes": "同时读取的个数"}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What one file may use (``seconds``, ``megabytes``), how large an upload may be, how many files are read at once."""

    seconds: int = 300
    megabytes: int = 3000
    upload_megabytes: int = 200
    processes: int = 0

    def __post_init__(self) -> None:
        if not self.processes:
            object.__setattr__(self, "processes", min(64, cores()))


def limits(store: Store, project: int) -> Limits:
    """The limits of a project."""
    file = store.folder(project) / "limits.json"
    if not file.exists():
        return Limits()
    known = {f.name for f in fields(Limits)}
    return Limits(**{k: v for k, v in json.loads(file.read_text(encoding="utf-8")).items() if k in known})


def set_limits(store: Store, project: int, values: dict[str, Any], who: str) -> Limits:
    """Other limits. Raises BadOption with the one that cannot be."""
    before = limits(store, project)
    new = asdict(before)
    for name, value in values.items():
        if name not in _RANGES:
            raise BadOption(f"没有“{name}”这项设置。", f"可用：{'、'.join(_NAMES.values())}。")
        low, high = _RANGES[name]
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise BadOption(f"“{_NAMES[name]}”应是 {low} 到 {high} 之间的整数。", "请改正后保存。")
        new[name] = value
    store.projects.get(project)
    write_whole(store.folder(project) / "limits.json", json.dumps(new).encode())
    _log(store, project, who, "settings.limits")
    return Limits(**new)


def overlay_folder(store: Store, project: int) -> Path | None:
    """The folder of a project's own words, None when it has none."""
    folder = store.folder(project) / "lexicon"
    return folder if folder.is_dir() and any(folder.glob("*.tsv")) else None


def reference_file(store: Store, project: int) -> Path | None:
    """The official figures of a project, None when it has none."""
    folder = store.folder(project) / "reference"
    return next((folder / n for n in ("reference.csv", "reference.xlsx") if (folder / n).exists()), None)


def write_whole(path: Path, data: bytes) -> None:
    """A file that is there as a whole or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _log(store: Store, project: int, who: str, action: str) -> None:
    log: Log = store.log
    log.write(who, action, f"project:{project}", project)


def keep_reference(store: Store, project: int, name: str, data: bytes, who: str) -> int:
    """Keep a table of official figures (csv or xlsx) to compare with; returns its rows. Raises BadOption for one that cannot be read."""
    ending = name.lower().rpartition(".")[2]
    if ending not in ("csv", "xlsx"):
        raise BadOption(f"“{name}”不是参照数据。", "请给出 csv 或 xlsx，含地区、年份、指标、数值、单位五列。")
    store.projects.get(project)
    with tempfile.TemporaryDirectory() as folder:
        tried = Path(folder) / f"reference.{ending}"
        tried.write_bytes(data)
        rows = len(load(tried))
    forget_reference(store, project, who)
    write_whole(store.folder(project) / "reference" / f"reference.{ending}", data)
    _log(store, project, who, "settings.reference")
    return rows


def forget_reference(store: Store, project: int, who: str) -> None:
    """Compare with no official figures any more."""
    if (file := reference_file(store, project)) is not None:
        file.unlink(missing_ok=True)
        _log(store, project, who, "settings.reference.remove")
