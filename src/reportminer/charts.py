"""Pictures of the comparison as svg or png: bars of one year, lines over the years, a heat table. Needs the extra ``charts``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from reportminer.comparison.derive import title
from reportminer.comparison.layout import display_unit, indicator_names
from reportminer.core import ComparisonCell, Table
from reportminer.errors import BadOption

Sort = Literal["bar", "trend", "heat"]
SORTS: tuple[Sort, ...] = ("bar", "trend", "heat")
#: fonts with Chinese glyphs on Windows, macOS and Linux, in order of preference
_FONTS = ("Microsoft YaHei", "SimHei", "PingFang SC", "Hiragino Sans GB", "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Serif CJK SC", "SimSun")  # fmt: skip
_COLOURS = ("#1c3a5e", "#b26a00", "#2a7f62", "#8c3b4a", "#5b6f9c", "#7a6a2f", "#4b8aa8", "#6d4c8c")
_MOST = 30
Column = tuple[object, ...]


def draw(path: Path, table: Table, sort: Sort = "bar") -> None:
    """A picture of ``table`` at ``path`` (.svg or .png). ``bar`` and ``trend`` show the column that most areas fill; ``heat`` shows the
    columns that most areas fill, each scaled from its lowest to its highest value. Raises BadOption without matplotlib, without a Chinese
    font, or when there is nothing to show."""
    plt = _pyplot()
    columns = _columns(table)
    if not columns:
        raise BadOption("比较表里没有可以画图的数。", "请用 --indicators 选一个至少两个地区都有的指标。")
    if sort == "heat":
        figure = _heat(plt, columns)
    elif sort == "trend":
        figure = _trend(
            plt,
            max(columns.items(), key=lambda x: (len({c.period for c in x[1]}) > 1, len(x[1]), str(x[0])))[1],
        )
    else:
        figure = _bar(plt, next(iter(columns.values())))
    figure.savefig(
        path, format=path.suffix.lstrip(".").lower(), dpi=160, bbox_inches="tight", metadata=_metadata(path)
    )
    plt.close(figure)


def _metadata(path: Path) -> dict[str, None]:
    return {"Date": None} if path.suffix.lower() == ".svg" else {}


def _pyplot() -> Any:
    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import font_manager, pyplot
    except ImportError as e:
        raise BadOption("画图需要 matplotlib。", "请安装：pip install 'reportminer[charts]'。") from e
    known = {f.name for f in font_manager.fontManager.ttflist}
    font = next((f for f in _FONTS if f in known), None)
    if font is None:
        raise BadOption(
            "系统里没有中文字体，图上的文字无法显示。", "请安装一种中文字体（如 fonts-noto-cjk）后重试。"
        )
    settings: dict[Any, Any] = {
        "font.family": [font],
        "axes.unicode_minus": False,
        "svg.hashsalt": "reportminer",
        "svg.fonttype": "path",
    }
    pyplot.rcParams.update(settings)
    return pyplot


def _columns(table: Table) -> dict[Column, list[ComparisonCell]]:
    """Cells by column, those that most areas fill first; only plain actual figures of single years."""
    found: dict[Column, list[ComparisonCell]] = defaultdict(list)
    for c in table.cells:
        plain = (
            c.value is not None and not c.masked and c.status == "actual" and c.period and len(c.period) == 4
        )
        if plain and c.kind in ("level", "share", "price", "ratio"):
            found[c.indicator, tuple(sorted(c.scope.items())), c.kind, c.unit].append(c)
    rich = {k: v for k, v in found.items() if len(v) > 1}
    return dict(sorted(rich.items(), key=lambda x: (-len({c.area for c in x[1]}), -len(x[1]), str(x[0]))))


def _value(c: ComparisonCell) -> float:
    return float((c.value or Decimal(0)) / display_unit(c)[1])


def _label(c: ComparisonCell) -> str:
    unit = display_unit(c)[0]
    name = title(c, indicator_names())
    return f"{name}（{unit}）" if unit else name


def _bar(plt: Any, cells: list[ComparisonCell]) -> Any:
    year = max({c.period or "" for c in cells}, key=lambda y: (sum(c.period == y for c in cells), y))
    rows = sorted((c for c in cells if c.period == year), key=_value)[-_MOST:]
    figure, axes = plt.subplots(figsize=(8, 0.45 * len(rows) + 1.6))
    bars = axes.barh(
        [c.area for c in rows],
        [_value(c) for c in rows],
        color=["#c98a84" if c.flags else _COLOURS[0] for c in rows],
    )
    axes.bar_label(bars, [f"{_value(c):g}{' *' if c.flags else ''}" for c in rows], padding=3)
    axes.set_title(f"{year}年{_label(rows[0])}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.12)
    if any(c.flags for c in rows):
        axes.set_xlabel("* 该数有核查结果")
    return figure


def _trend(plt: Any, cells: list[ComparisonCell]) -> Any:
    series: dict[str, list[ComparisonCell]] = defaultdict(list)
    for c in cells:
        series[c.area].append(c)
    years = sorted({int(c.period or 0) for c in cells})
    figure, axes = plt.subplots(figsize=(8, 4.8))
    for n, (area, points) in enumerate(sorted(series.items())[:_MOST]):
        points.sort(key=lambda c: c.period or "")
        colour = _COLOURS[n % len(_COLOURS)]
        axes.plot(
            [int(c.period or 0) for c in points],
            [_value(c) for c in points],
            marker="o",
            color=colour,
            label=area,
        )
        for c in points:
            if c.flags:
                axes.annotate("*", (int(c.period or 0), _value(c)), fontsize=16, color="#b3261e")
    axes.set_xticks(years, [f"{y}年" for y in years])
    axes.set_title(_label(cells[0]))
    axes.legend(frameon=False, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _heat(plt: Any, columns: Mapping[Column, list[ComparisonCell]]) -> Any:
    shown = list(columns.values())[:12]
    grid: dict[tuple[str, int], ComparisonCell] = {}
    for n, cells in enumerate(shown):
        for c in sorted(cells, key=lambda c: c.period or ""):
            grid[c.area, n] = c  # the latest year
    areas = sorted({a for a, _ in grid})[:_MOST]
    figure, axes = plt.subplots(figsize=(1.15 * len(shown) + 2.2, 0.5 * len(areas) + 2.4))
    scaled = [[_scaled(grid, areas, a, n) for n in range(len(shown))] for a in areas]
    axes.imshow(scaled, cmap="Blues", vmin=0, vmax=1.25, aspect="auto")
    for i, a in enumerate(areas):
        for n in range(len(shown)):
            cell = grid.get((a, n))
            text = "—" if cell is None else f"{_value(cell):g}{'*' if cell.flags else ''}"
            colour = "white" if scaled[i][n] > 0.8 else "#1c2733"
            axes.text(n, i, text, ha="center", va="center", fontsize=8, color=colour)
    heads = [f"{_label(cells[0])}\n{max(c.period or '' for c in cells)}年" for cells in shown]
    axes.set_xticks(range(len(shown)), heads, rotation=40, ha="right", fontsize=8)
    axes.set_yticks(range(len(areas)), areas)
    axes.set_title("各地区比较（颜色按列由低到高；* 有核查结果）")
    return figure


def _scaled(grid: Mapping[tuple[str, int], ComparisonCell], areas: list[str], area: str, n: int) -> float:
    values = [_value(grid[a, n]) for a in areas if (a, n) in grid]
    if (area, n) not in grid or max(values) == min(values):
        return 0.0
    return (_value(grid[area, n]) - min(values)) / (max(values) - min(values))
