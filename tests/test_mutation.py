"""Every relation that a corpus states in words and that holds is broken by one figure, and must be found; unbroken ones accuse nobody.

Relations whose partners were only found to fit (note begins with 推定) are not stated by any words, so a figure that no longer fits proves
nothing: they are counted, not asked for. A change that stays inside what print allows is no change.
"""

from __future__ import annotations

import dataclasses
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from reportminer import checks
from reportminer.checks.common import INFERRED
from reportminer.core import Observation, Report, Verified
from reportminer.pipeline import read_file, read_raw

ROOT = Path(__file__).resolve().parents[1]
CORPORA = [p for p in (ROOT / "corpora" / "demo", ROOT / "corpora" / "train") if any(p.glob("*.txt"))]
FLOOR = 0.97
NUMBER = re.compile(r"[\d０-９](?:[\d０-９,，]|(?<=[\d０-９])[ 　](?=\d{3}))*(?:[.．][\d０-９]+)?")
WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")


def corpus(folder: Path) -> list[Report]:
    return [read_file(p, p.name) for p in sorted(folder.glob("*.txt"))]


def mutations(text: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """The text with its figure changed: two digits swapped, one dropped, ten times, 万 lost or added, three per cent more or less."""
    m = NUMBER.search(text)
    if m is None:
        return
    plain = re.sub(r"[,， 　]", "", m.group().translate(WIDE))
    grouped = "," in m.group() or "，" in m.group()
    decimals = len(plain.partition(".")[2])
    digits = [i for i, c in enumerate(plain) if c.isdigit()]
    new: dict[str, str] = {}
    swaps = [(i, j) for i, j in pairwise(digits) if plain[i] != plain[j] and not (i == 0 and plain[j] == "0")]
    if swaps:
        i, j = rng.choice(swaps)
        s = list(plain)
        s[i], s[j] = s[j], s[i]
        new["swap"] = "".join(s)
    if len(plain.partition(".")[0]) > 1 and plain[1] != "0":
        new["drop"] = plain[1:] if rng.random() < 0.5 else plain[0] + plain[2:]
    value = Decimal(plain)
    new["ten"] = f"{value * 10:.{decimals}f}"
    for name, factor in (("more", Decimal("1.03")), ("less", Decimal("0.97"))):
        changed = (value * factor).quantize(Decimal(1).scaleb(-decimals))
        if abs(changed - value) > 2 * Decimal(1).scaleb(-decimals):
            new[name] = f"{changed}"
    for name, figure in new.items():
        if figure != plain and not figure.endswith("."):
            shown = f"{Decimal(figure):,}" if grouped else figure
            yield name, text[: m.start()] + shown + text[m.end() :]
    tail = text[m.end() :]
    if tail.startswith(("万", "萬")):
        yield "scale", text[: m.end()] + tail[1:]
    elif tail.startswith("元"):
        yield "scale", text[: m.end()] + "万" + tail


def stated(report: Report) -> list[Verified]:
    return [v for v in checks.run([report]).verified if not v.note.startswith(INFERRED)]


def broken(report: Report, members: list[Observation], o: Observation, new: str, check: str) -> bool | None:
    """Whether the changed report is accused at the changed relation; None when the relation still holds within print."""
    raw = report.text.raw.text
    text = raw[: o.start] + new + raw[o.end :]
    shift = len(new) - (o.end - o.start)
    again = read_raw(dataclasses.replace(report.text.raw, text=text))
    here = {x.id for x in again.observations if x.start < o.start + len(new) and x.end > o.start}
    places = {m.start + (shift if m.start > o.start else 0) for m in members}
    near = {x.id for x in again.observations if x.start in places} | here
    result = checks.run([again])
    for f in result.findings:
        if (
            f.severity != "info"
            and f.type != "masked"
            and (here & set(f.members) or len(near & set(f.members)) > 1)
        ):
            return True
    holds = any(
        v.check == check and here & set(v.members) and near >= set(v.members) for v in result.verified
    )
    return None if holds else False


@pytest.mark.parametrize("folder", CORPORA, ids=lambda p: p.name)
def test_one_changed_figure_is_found(folder: Path) -> None:
    rng = random.Random(20240531)
    found: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    missed = []
    for report in corpus(folder):
        by_id = {o.id: o for o in report.observations}
        for v in stated(report):
            members = [by_id[m] for m in v.members]
            for o in members:
                choices = list(mutations(report.text.raw.text[o.start : o.end], rng))
                if v.check == "R1":
                    choices = [c for c in choices if c[0] == "swap"]
                if not choices or re.search(r"分之|成|半", " ".join(m.text for m in members)):
                    continue  # 近四分之一: a manner of speaking
                name, new = rng.choice(choices)
                hit = broken(report, members, o, new, v.check)
                if hit is None:
                    continue
                asked[v.check] += 1
                found[v.check] += hit
                if not hit:
                    missed.append((report.source, v.check, name, o.text, new, [m.text for m in members]))
    total, hits = sum(asked.values()), sum(found.values())
    assert total > 50
    assert hits >= FLOOR * total, (f"{hits}/{total}", dict(asked), missed)


@pytest.mark.parametrize("folder", CORPORA, ids=lambda p: p.name)
def test_unchanged_relations_accuse_nobody(folder: Path) -> None:
    """No figure of a relation that holds is accused, but where the corpus has a planted contradiction."""
    for report in corpus(folder):
        info = json.loads((folder / report.source).with_suffix(".json").read_text(encoding="utf-8"))
        errors = [f for f in checks.run([report]).findings if f.severity == "error"]
        assert len(errors) <= len(info.get("findings", [])), [f.message for f in errors]
