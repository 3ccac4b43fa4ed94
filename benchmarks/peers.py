"""Value and unit of quantity expressions, and speed: JioNLP and Recognizers-Text against ours, on sentences of our own.

usage: python benchmarks/peers.py            (peers that are not installed are left out)
The peers are never a dependency: install them beside reportminer in a scratch environment
(``pip install jionlp recognizers-text-suite "emoji<2"``). Sentences: the rows of tests/tables/quantities.tsv whose value is
printed, and corpora/demo for speed. A quantity counts when its place overlaps ours and value, or value and unit, agree.
"""

import contextlib
import io
import platform
import time
from decimal import Decimal, InvalidOperation
from importlib.metadata import version
from pathlib import Path

import reportminer

ROOT = Path(__file__).resolve().parent.parent
# names that the peers give to units, and the factor to our canonical unit
NAMES = {
    "Chinese yuan": ("元", 1), "United States dollar": ("美元", 1), "Euro": ("欧元", 1), "Japanese yen": ("日元", 1),
    "Hong Kong dollar": ("港元", 1), "New Taiwan dollar": ("新台币", 1), "Thai baht": ("泰铢", 1), "Russian ruble": ("卢布", 1),
    "Square meter": ("平方米", 1), "Square kilometer": ("平方米", 10**6), "Mu": ("平方米", Decimal("666.6667")), "Hectare": ("平方米", 10**4),
    "Kilometer": ("米", 1000), "Meter": ("米", 1), "Centimeter": ("米", Decimal("0.01")), "Ton": ("吨", 1), "Kilogram": ("吨", Decimal("0.001")),
    "Gram": ("吨", Decimal("0.000001")), "Cubic meter": ("立方米", 1), "%": ("%", 1),
}  # fmt: skip


def gold():
    """(text, quantities) of the table rows that state a value."""
    lines = (ROOT / "tests" / "tables" / "quantities.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            text, expected = line.split("\t")
            found = [e for e in expected.split(" | ") if e != "无"]
            rows = []
            for e in found:
                printed, _, rest = e.rpartition("=")
                value, unit, bound = rest.split(" ")
                if value in ("掩码", "无值") or "—" in value:
                    continue
                rows.append((printed, Decimal(value), None if unit == "-" else unit, bound))
            yield text, rows, not found


def ours():
    """reportminer itself."""

    def parse(text):
        return [
            (q.start, q.end, q.value, q.unit) for q in reportminer.quantities(text) if q.value is not None
        ]

    return f"reportminer {version('reportminer')}", parse


def jionlp():
    """JioNLP: money only (it has no other quantity)."""
    with contextlib.redirect_stdout(io.StringIO()):
        import jionlp as jio

    def parse(text):
        out = []
        for m in jio.ner.extract_money(text, with_parsing=True) or []:
            detail = m.get("detail") or {}
            number = detail.get("num")
            number = number[0] if isinstance(number, list) else number
            with contextlib.suppress(InvalidOperation, TypeError):
                out.append((*m["offset"], Decimal(number), detail.get("case")))
        return out

    return f"JioNLP {version('jionlp')} (money)", parse


def recognizers():
    """Recognizers-Text: number, percentage, currency, dimension."""
    from recognizers_number import Culture, NumberRecognizer
    from recognizers_number_with_unit import NumberWithUnitRecognizer

    numbers, units = NumberRecognizer(Culture.Chinese), NumberWithUnitRecognizer(Culture.Chinese)
    models = [
        units.get_currency_model(), units.get_dimension_model(), numbers.get_percentage_model(), numbers.get_number_model(),
    ]  # fmt: skip

    def parse(text):
        out = []
        for model in models:
            for r in model.parse(text):
                resolution = r.resolution or {}
                printed = str(resolution.get("value") or "")
                with contextlib.suppress(InvalidOperation):
                    value = Decimal(printed.rstrip("%"))
                    unit, factor = NAMES.get(
                        "%" if printed.endswith("%") else resolution.get("unit"), (None, 1)
                    )
                    out.append((r.start, r.end + 1, value * factor, unit))
        return out

    return f"Recognizers-Text {version('recognizers-text-suite')}", parse


def score(parse):
    """(values right, value and unit right, all, false readings in texts without any quantity)."""
    right = both = total = 0
    wrong = empty = 0
    for text, rows, none in gold():
        found = parse(text)
        if none:
            empty += 1
            wrong += any(unit for *_, unit in found)
            continue
        for printed, value, unit, _ in rows:
            total += 1
            start = text.find(printed)
            near = [f for f in found if f[0] < start + len(printed) and start < f[1]]
            right += any(f[2] == value for f in near)
            both += any(f[2] == value and f[3] == unit for f in near)
    return right, both, total, wrong, empty


def main():
    texts = [
        p.read_text(encoding="utf-8", errors="replace")
        for p in sorted((ROOT / "corpora" / "demo").glob("*.txt"))
    ]
    sentences = [s for t in texts for s in t.replace("\n", "").split("。") if s][:150]
    characters = sum(map(len, sentences))
    print(f"Python {platform.python_version()}; speed on {characters} characters of corpora/demo, one core\n")
    print(
        "| reader | value | value and unit | texts without a quantity read wrongly (with a unit) | characters/s |"
    )
    print("| --- | --- | --- | --- | --- |")
    for load in (ours, recognizers, jionlp):
        try:
            name, parse = load()
        except ImportError as e:
            print(f"| {load.__name__} | not installed ({e.name}) | | | |")
            continue
        right, both, total, wrong, empty = score(parse)
        start = time.process_time()
        for s in sentences:
            parse(s)
        speed = characters / max(time.process_time() - start, 1e-9)
        print(
            f"| {name} | {right}/{total} ({right / total:.1%}) | {both}/{total} ({both / total:.1%}) | {wrong}/{empty} | {speed:,.0f} |"
        )


if __name__ == "__main__":
    main()
