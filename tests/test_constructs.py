"""How sentences of the genre are to be read: outlooks, recalled targets, lists by name, breakdowns (``tables/constructs.tsv``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportminer import read
from reportminer.core import Observation

_TABLE = Path(__file__).parent / "tables" / "constructs.tsv"
_TITLE = "清河县2020年教育工作总结\n\n"


def _rows() -> list[tuple[str, str]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()[2:]
    return [(text, expected) for text, _, expected in (line.partition("\t") for line in lines if line)]


def _shown(observations: tuple[Observation, ...], o: Observation, field: str) -> str:
    value = getattr(o, field)
    if field == "part_of":
        value = next((x.text for x in observations if x.id == value), None)
    if field == "value" and value is not None:
        return f"{float(value):g}"
    return "无" if value is None else str(value)


@pytest.mark.parametrize(("text", "expected"), _rows())
def test_a_construct(text: str, expected: str) -> None:
    body = text.replace("⏎", "\n")
    observations = read(body[1:] if body.startswith("#") else _TITLE + body).observations
    wrong = []
    for cell in expected.split("；"):
        name, _, wanted = cell.rpartition(" ")
        name, _, place = name.partition("#")
        found = [o for o in observations if o.text == name]
        if wanted == "无":
            wrong += [f"{name}不是数字"] if found else []
            continue
        if len(found) <= int(place or 0):
            wrong.append(f"没有读出{name}")
            continue
        o = found[int(place or 0)]
        for pair in wanted.split(","):
            field, _, value = pair.partition("=")
            if (got := _shown(tuple(observations), o, field)) != value:
                wrong.append(f"{name}的{field}应为{value}，读作{got}")
    assert not wrong, "；".join(wrong)


def test_the_table_is_not_empty() -> None:
    assert len(_rows()) > 100
