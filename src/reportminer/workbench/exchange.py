"""Reports with their observations for other programs, and back: our own JSON Lines (as in ``corpora``) and the JSON of Label Studio.

What comes back is compared with what is there: only differences become corrections.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reportminer.core import Observation, Report
from reportminer.errors import BadOption
from reportminer.export import jsonl
from reportminer.store.store import Store
from reportminer.workbench.correcting import add, review, seen_version
from reportminer.workbench.corrections import FIELDS, fields_of
from reportminer.workbench.documents import Document, load

_MOST = 50_000


@dataclass(frozen=True)
class Annotation:
    """One annotated figure: its place in the file and its fields; ``part_of`` is the id of another annotation."""

    id: str
    start: int
    end: int
    fields: dict[str, Any]


@dataclass(frozen=True)
class Imported:
    """What an import changed."""

    corrected: int
    added: int
    deleted: int
    same: int


def to_jsonl(report: Report) -> bytes:
    """One line per observation with the fields of ``corpora``; numbers as JSON numbers."""
    return jsonl(_line(o) for o in report.observations)


def _line(o: Observation) -> dict[str, Any]:
    fields = {n: getattr(o, n) for n in FIELDS}
    return {"id": o.id, "quote": o.text, **fields, "scope": dict(o.scope), "start": o.start, "end": o.end}


def to_label_studio(report: Report) -> bytes:
    """A task of Label Studio: labels are indicators, the other fields are the region's meta, part-of are relations."""
    result: list[dict[str, Any]] = []
    for o in report.observations:
        value = {"start": o.start, "end": o.end, "text": o.text, "labels": [o.indicator]}
        fields = {k: v for k, v in fields_of(o).items() if k not in ("indicator", "part_of")}
        result.append(
            {"id": o.id, "from_name": "indicator", "to_name": "text", "type": "labels", "value": value,
             "meta": {"text": [json.dumps(fields, ensure_ascii=False)]}}
        )  # fmt: skip
    for o in report.observations:
        if o.part_of:
            result.append(
                {
                    "type": "relation",
                    "from_id": o.id,
                    "to_id": o.part_of,
                    "direction": "right",
                    "labels": ["part_of"],
                }
            )
    data = {"text": report.text.raw.text, "source": report.source, "sha256": report.text.raw.sha256}
    task = {"data": data, "annotations": [{"result": result}]}
    return json.dumps([task], ensure_ascii=False, indent=1).encode()


def read(data: bytes, report: Report) -> list[Annotation]:
    """Annotations of a report from either format. Raises BadOption with the line or region that cannot be used."""
    try:
        text = data.decode("utf-8-sig")
        if text.lstrip().startswith("["):
            found = _from_label_studio(json.loads(text, parse_float=str), report)
        else:
            lines = [line for line in text.splitlines() if line.strip()]
            found = [_from_line(json.loads(line, parse_float=str)) for line in lines]
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as e:
        raise BadOption(
            "标注文件不是可读的 JSON。", "请使用本程序或 Label Studio 导出的文件（UTF-8）。"
        ) from e
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as e:
        raise BadOption(
            f"标注文件缺少字段或写法不对（{type(e).__name__} {e}）。",
            "请使用本程序或 Label Studio 导出的文件。",
        ) from e
    if not found:
        raise BadOption("标注文件里没有一处标注。", "请检查是不是选错了文件；报告没有改动。")
    if len(found) > _MOST:
        raise BadOption(f"标注超过 {_MOST} 处。", "请拆分后导入。")
    size = len(report.text.raw.text)
    for a in found:
        if not 0 <= a.start < a.end <= size:
            raise BadOption(
                f"标注“{a.id}”的位置 {a.start}—{a.end} 不在报告里。", "请确认它是这份报告的标注。"
            )
    return found


def _fields(given: Mapping[str, Any]) -> dict[str, Any]:
    fields = {n: given[n] for n in FIELDS if n in given}
    for n in ("value", "value2"):
        if fields.get(n) is not None:
            fields[n] = str(fields[n])
    if "scope" in fields:
        fields["scope"] = dict(fields["scope"] or {})
    return fields


def _from_line(line: Mapping[str, Any]) -> Annotation:
    return Annotation(str(line["id"]), int(line["start"]), int(line["end"]), _fields(line))


def _from_label_studio(tasks: Any, report: Report) -> list[Annotation]:
    task = next((t for t in tasks if t["data"].get("text") == report.text.raw.text), None)
    if task is None:
        raise BadOption("标注文件里没有这份报告的正文。", "请确认它是这份报告导出的任务。")
    result = task["annotations"][-1]["result"]
    wholes = {r["from_id"]: r["to_id"] for r in result if r.get("type") == "relation"}
    found = []
    for r in result:
        if r.get("type") != "labels":
            continue
        meta = (r.get("meta") or {}).get("text") or ["{}"]
        fields = _fields(json.loads(meta[0] if isinstance(meta, list) else meta, parse_float=str))
        fields["indicator"] = r["value"]["labels"][0]
        fields["part_of"] = wholes.get(r["id"])
        found.append(Annotation(str(r["id"]), int(r["value"]["start"]), int(r["value"]["end"]), fields))
    return found


def take(
    store: Store, project: int, document: Document, annotations: Iterable[Annotation], who: str
) -> Imported:
    """Make the report say what the annotations say, by corrections that are kept like those of a person. Added figures come first, so that
    others may be part of them."""
    source, wanted = document.report.source, list(annotations)
    at = {(a.start, a.end): a for a in wanted}
    have = {(o.start, o.end): o for o in document.report.observations}
    corrected = added = deleted = same = 0
    reason = "导入标注"
    for place, o in have.items():
        if place not in at:
            review(store, project, document, o.id, "delete", _version(document, o.id), None, reason, who)
            deleted += 1
    document = load(store, project, source)
    for place, a in at.items():
        if place not in have:
            fields = {k: v for k, v in a.fields.items() if k != "part_of"}
            add(store, project, document, *place, seen_version(document, *place), fields, reason, who)
            added += 1
            document = load(store, project, source)
    ids = {(o.start, o.end): o.id for o in document.report.observations}
    names = {a.id: ids[p] for p, a in at.items() if p in ids}
    for place, a in at.items():
        o = next(o for o in document.report.observations if o.id == ids[place])
        before = fields_of(o)
        whole = a.fields.get("part_of")
        after = {**before, **a.fields, "part_of": names.get(whole, whole) if whole else None}
        if after == before:
            same += place in have
            continue
        review(store, project, document, o.id, "correct", _version(document, o.id), after, reason, who)
        corrected += place in have
        document = load(store, project, source)
    return Imported(corrected, added, deleted, same)


def _version(document: Document, observation: str) -> int:
    c = document.corrected.get(observation)
    return c.version if c else 0
