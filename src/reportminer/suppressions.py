"""The suppression file: findings that somebody has looked at and dismissed, with a reason, a name and a date.

A CSV table that Excel opens (UTF-8 with BOM): 编号,理由,核查人,日期. Finding ids are stable, so it serves every later run.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportminer.core import Finding
from reportminer.errors import BadOption, OutputNotWritable

COLUMNS = ("编号", "理由", "核查人", "日期")
_NAMES = {
    "id": 0,
    "编号": 0,
    "finding": 0,
    "reason": 1,
    "理由": 1,
    "说明": 1,
    "who": 2,
    "核查人": 2,
    "人": 2,
    "date": 3,
    "日期": 3,
}
_ID = re.compile(r"f[0-9a-f]{12}")
#: words that are no reason: an official rule of statistics offices refuses them too
_EMPTY = re.compile(r"[\s.。…/\\-]*|核实无误|无误|没问题|正确|ok|OK|已核|已核实|忽略|无")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One dismissed finding."""

    id: str
    reason: str
    who: str
    date: str


@dataclass(frozen=True, slots=True)
class Screened:
    """Findings after the suppression file: what stays, what was dismissed and why, and entries that match nothing any more."""

    kept: tuple[Finding, ...]
    dismissed: tuple[tuple[Finding, Suppression], ...]
    unused: tuple[Suppression, ...]


def load(path: Path) -> tuple[Suppression, ...]:
    """The entries of a suppression file. Raises BadOption with the line for an unknown id, an empty reason, a missing name or a bad date."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise BadOption(
            f"免核清单“{path.name}”无法读取。", "请用 Excel 另存为“CSV UTF-8”格式，或检查路径。"
        ) from e
    rows = [r for r in csv.reader(io.StringIO(text)) if any(c.strip() for c in r)]
    if not rows:
        return ()
    head = [_NAMES.get(c.strip(), -1) for c in rows[0]]
    if 0 not in head or 1 not in head:
        raise BadOption(f"免核清单“{path.name}”缺少表头。", f"第一行应为：{','.join(COLUMNS)}。")
    found: dict[str, Suppression] = {}
    for n, row in enumerate(rows[1:], 2):
        cells = ["", "", "", ""]
        for at, cell in zip(head, row, strict=False):
            if at >= 0:
                cells[at] = cell.strip()
        entry = Suppression(*cells)
        _validate(entry, f"免核清单“{path.name}”第 {n} 行")
        found[entry.id] = entry
    return tuple(found.values())


def says_nothing(reason: str) -> bool:
    """Whether a reason is none: empty, or words such as 核实无误."""
    return bool(_EMPTY.fullmatch(reason))


def _validate(entry: Suppression, where: str) -> None:
    if not _ID.fullmatch(entry.id):
        raise BadOption(
            f"{where}的编号“{entry.id}”不是核查结果的编号。", "编号形如 f3a0…，见 findings.jsonl 或核查报告。"
        )
    if says_nothing(entry.reason):
        raise BadOption(
            f"{where}没有真实的理由（“{entry.reason}”）。",
            "请写明为什么这处不是问题，例如“学校数含教学点，见统计年报”。",
        )
    if not entry.who:
        raise BadOption(f"{where}没有核查人。", "请填写是谁核实的。")
    try:
        datetime.date.fromisoformat(entry.date)
    except ValueError:
        raise BadOption(f"{where}的日期“{entry.date}”不对。", "请写成 2024-05-31 的样子。") from None


def add(path: Path, entry: Suppression) -> None:
    """Append an entry (or replace the one of the same id). Raises BadOption as ``load`` does, OutputNotWritable."""
    _validate(entry, "该条")
    entries = {e.id: e for e in load(path)} if path.exists() else {}
    entries[entry.id] = entry
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for e in sorted(entries.values(), key=lambda e: (e.date, e.id)):
        writer.writerow([_plain(x) for x in (e.id, e.reason, e.who, e.date)])
    temporary = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
        temporary.replace(path)
    except OSError as e:
        raise OutputNotWritable(
            f"免核清单“{path}”无法写入（{e.strerror or e}）。", "请检查写权限，或关闭正打开它的程序。"
        ) from e


def _plain(text: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return "'" + text if text[:1] in "=+-@\t" and text else text


def screen(findings: Sequence[Finding], entries: Iterable[Suppression]) -> Screened:
    """Divide findings by a suppression file."""
    by_id = {e.id: e for e in entries}
    kept = tuple(f for f in findings if f.id not in by_id)
    dismissed = tuple((f, by_id[f.id]) for f in findings if f.id in by_id)
    present = {f.id for f in findings}
    return Screened(kept, dismissed, tuple(e for e in by_id.values() if e.id not in present))
