"""Writes docs/checks.md, the manual of the checks, from lexicons/check_names.tsv and the examples in the docstrings.

python tools/build_check_manual.py            (tests compare the file with what this makes)
"""

from __future__ import annotations

import re
from pathlib import Path

from reportminer import checks

HEAD = """# 核查手册

编号永久不变。**错误**：文字写明了关系，考虑四舍五入与“约、多、余、近”之后仍不可能同时成立；**待核**：需要有人看一眼；**提示**：供参考，不计入问题。
每条结果附算式、可能范围、原句和按代价排列的解释；同一个错数引起的几处只报一处。核对后成立的关系在 `verified.jsonl`，其中说明以“推定”开头的，
是因数字恰好相符而认定，文中并没有写明。`（）` 内是例句所在的报告，`／` 是换行。

本页由 `tools/build_check_manual.py` 生成。
"""


def examples(function: object, word: str) -> list[str]:
    """The examples of a docstring."""
    return re.findall(rf"{word}: (.+)", getattr(function, "__doc__", "") or "")


def manual() -> str:
    """The page."""
    out = [HEAD]
    for title, table in (("一份报告之内", checks.CHECKS), ("各年份、各地区之间", checks.ACROSS)):
        out.append(f"\n## {title}\n")
        for check, function in table.items():
            name, _, what = checks.manual()[check].partition("：")
            note = "（只作提示）" if check in checks.NOTES else ""
            out.append(f"\n### {check} {name}{note}\n\n{what}。\n")
            fires, quiet = examples(function, "Fires"), examples(function, "Quiet")
            out += [f"- 报告：{x}\n" for x in fires] + [f"- 不报告：{x}\n" for x in quiet]
    out.append(
        "\n## 不报告的\n\n口径调整、普查、区划变动、预计数与决算数之间的差别（`lexicons/base_breaks.tsv`）只作提示；"
        "“其中”只列一部分的、“等”没有列完的、类别可以重叠的（女教师与党员）、不变价增速与名义数、含糊的说法（近四分之一）不作矛盾。\n"
    )
    return "".join(out)


if __name__ == "__main__":
    (Path(__file__).resolve().parents[1] / "docs" / "checks.md").write_text(manual(), encoding="utf-8")
