#!/usr/bin/env python3
"""Turn reports written with marks into a report, its reference observations and its document fields.

usage: tools/annotate.py SRC_DIR OUT_DIR [--uncovered]

SRC_DIR/NAME.src is the report as a user would have it, with every observation marked in place::

    # title: 青山县2019年合格学校建设工作总结
    # area: 青山县
    # year: 2019
    # genre: summary
    # script: traditional
    # encoding: gb18030
    # finding: sum a1 a2 a3 | 14+9+11=34，多于33
    # trap: a4 a5 | 毛入园率可以超过100%
    ---
    全县投入⟦160多万元|a1|1600000 元 ge|fund_investment|投入⟧，其中……

A mark is ``⟦quote|id|value unit bound|indicator|label|kind|status|period|area|part_of|scope⟧``; what is left empty or out is the default: kind
``level``, status ``actual``, period the year of the report, area that of the report, part_of and scope none. The value field is ``1600000 元``,
``1600000 元 ge``, ``2000~3000 元 range``, ``10 比 10:1`` (a ratio with its print), ``null 元 ge masked``, ``null 人 approx``. Period ``-`` is null.
``script`` and ``encoding`` are optional: the body is converted after the marks are read. Prints every error with file and mark, writes nothing
for a file with an error, exits 1 when there was one. ``--uncovered`` lists numerals that no mark covers, to be read by eye.
"""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MARK = re.compile(r"⟦(.*?)⟧", re.S)
BOUNDS = {"eq", "ge", "le", "approx", "range"}
KINDS = {"level", "change", "growth", "share", "ratio", "rank", "price"}
STATUS = {"actual", "planned", "required"}
GENRES = {"work_report", "progress_report", "summary", "plan", "news", "analysis", "compilation"}
PERIOD = re.compile(r"\d{4}(-\d\d){0,2}(/\d{4}(-\d\d){0,2})?$")
NUMERAL = re.compile(
    r"[\d０-９]+(?:[.,，．][\d０-９]+)*|[一二三四五六七八九十百千两廿〇]+(?=[多余几]?[万亿]?[所个人名次轮栋间台套项元条件倍成亩户村])"
)


def indicators() -> set[str]:
    """The ids of the lexicon."""
    lines = (ROOT / "lexicons/indicators.tsv").read_text(encoding="utf-8").splitlines()
    return {line.split("\t")[0] for line in lines if line and not line.startswith("#")}


def number(text: str) -> int | float | None:
    """A JSON number, None for ``null``; raises InvalidOperation."""
    if text == "null":
        return None
    d = Decimal(text)
    return int(d) if d == d.to_integral() else float(d)


class Source:
    """One marked report; ``errors`` is empty when it is in order."""

    def __init__(self, name: str, text: str, known: set[str]) -> None:
        """Read the head and every mark of ``text``."""
        self.name, self.known = name, known
        self.errors: list[str] = []
        self.head: dict[str, str] = {}
        self.findings: list[dict[str, Any]] = []
        self.traps: list[dict[str, Any]] = []
        self.rows: list[dict[str, Any]] = []
        head, _, body = text.partition("\n---\n")
        if not body:
            self.errors.append("没有“---”行")
        for line in head.splitlines():
            self._head_line(line)
        if self.head.get("genre") not in GENRES:
            self.errors.append(f"genre {self.head.get('genre')!r}")
        self.text = self._body(body)
        self._references()

    def _head_line(self, line: str) -> None:
        m = re.match(r"#\s*(\w+):\s*(.*)$", line)
        if not m:
            if line.strip():
                self.errors.append(f"读不懂的头部行：{line}")
            return
        key, value = m.groups()
        if key in ("finding", "trap"):
            words, _, why = value.partition("|")
            ids = words.split()
            if key == "finding":
                self.findings.append({"type": ids[0], "members": ids[1:], "why": why.strip()})
            else:
                self.traps.append({"members": ids, "why": why.strip()})
        else:
            self.head[key] = value.strip()

    def _body(self, body: str) -> str:
        convert = _traditional() if self.head.get("script") == "traditional" else str
        out: list[str] = []
        length = last = 0
        for m in MARK.finditer(body):
            plain = convert(body[last : m.start()])
            out.append(plain)
            length += len(plain)
            fields = list(m[1].split("|"))
            quote = convert(fields[0])
            row = self._row(fields)
            if row is not None:
                self.rows.append(
                    {"id": row["id"], "quote": quote} | row | {"start": length, "end": length + len(quote)}
                )
            out.append(quote)
            length += len(quote)
            last = m.end()
        out.append(convert(body[last:]))
        return "".join(out)

    def _row(self, fields: list[str]) -> dict[str, Any] | None:
        f = [x.strip() for x in fields[1:]] + [""] * 11
        identity, amount, indicator, label, kind, status, period, area, part, scope = f[:10]
        where = f"{fields[0]!r} {identity}"
        words = amount.split()
        row: dict[str, Any] = {"id": identity}
        try:
            low, _, high = words[0].partition("~")
            row["value"] = number(low)
            if high:
                row["value2"] = number(high)
        except (InvalidOperation, IndexError):
            self.errors.append(f"{where}: 数值 {amount!r}")
            return None
        rest = words[2:]
        row["unit"] = None if len(words) < 2 or words[1] == "-" else words[1]
        row["bound"] = next((w for w in rest if w in BOUNDS), "range" if "value2" in row else "eq")
        row["masked"] = "masked" in rest
        text = next((w for w in rest if ":" in w), None)
        if text:
            row["value_text"] = text
        row |= {
            "indicator": indicator,
            "label": label,
            "kind": kind or "level",
            "status": status or "actual",
            "period": None if period == "-" else period or self.head.get("year") or None,
            "area": None if area == "-" else area or self.head.get("area") or None,
            "part_of": part or None,
        }
        if row["period"] == "null":
            row["period"] = None
        if row["area"] == "null":
            row["area"] = None
        if scope:
            row["scope"] = dict(x.split("=", 1) for x in scope.split(","))
        for key, allowed in (("indicator", self.known), ("kind", KINDS), ("status", STATUS)):
            if row[key] not in allowed:
                self.errors.append(f"{where}: {key} {row[key]!r}")
        if row["period"] and not PERIOD.match(row["period"]):
            self.errors.append(f"{where}: period {row['period']!r}")
        if row["masked"] and row["value"] is not None:
            self.errors.append(f"{where}: masked 却有数值")
        return row

    def _references(self) -> None:
        ids = [r["id"] for r in self.rows]
        self.errors += [f"编号重复 {i}" for i in {i for i in ids if ids.count(i) > 1}]
        for r in self.rows:
            if r["part_of"] and r["part_of"] not in ids:
                self.errors.append(f"{r['id']}: part_of {r['part_of']} 不存在")
        for f in [*self.findings, *self.traps]:
            self.errors += [f"{f['members']}: {i} 不存在" for i in f["members"] if i not in ids]

    def document(self) -> dict[str, Any]:
        """What NAME.json says."""
        year = self.head.get("year")
        area = self.head.get("area")
        out: dict[str, Any] = {
            "title": self.head.get("title") or None,
            "area": None if area in (None, "", "null") else area,
            "year": int(year) if year and year != "null" else None,
            "genre": self.head["genre"],
            "findings": self.findings,
        }
        if self.traps:
            out["traps"] = self.traps
        return out

    def uncovered(self) -> list[str]:
        """Numerals that no mark covers, with their surroundings."""
        spans = [(r["start"], r["end"]) for r in self.rows]
        out = []
        for m in NUMERAL.finditer(self.text):
            if not any(s < m.end() and m.start() < e for s, e in spans):
                around = self.text[max(0, m.start() - 14) : m.end() + 10].replace("\n", "⏎")
                out.append(f"{m[0]}  …{around}…")
        return out


def _traditional() -> Any:
    from opencc import OpenCC

    return OpenCC("s2t").convert


def main() -> int:
    """Build every .src of a folder."""
    source_dir, out_dir = Path(sys.argv[1]), Path(sys.argv[2])
    out_dir.mkdir(parents=True, exist_ok=True)
    known = indicators()
    bad = total = 0
    for path in sorted(source_dir.glob("*.src")):
        s = Source(path.stem, path.read_text(encoding="utf-8"), known)
        for e in s.errors:
            print(f"{path.name}: {e}")
        if s.errors:
            bad += 1
            continue
        total += len(s.rows)
        data = s.text.encode(s.head.get("encoding", "utf-8"))
        (out_dir / f"{s.name}.txt").write_bytes(data)
        rows = [json.dumps(r, ensure_ascii=False) for r in s.rows]
        (out_dir / f"{s.name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
        (out_dir / f"{s.name}.json").write_text(
            json.dumps(s.document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        if "--uncovered" in sys.argv:
            print(f"== {s.name}: {len(s.rows)} observations; not covered:")
            for line in s.uncovered():
                print("   ", line)
    print(f"{total} observations; {bad} files with errors")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
