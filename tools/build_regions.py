"""Builds ``lexicons/regions.tsv`` from three public packages (development only; nothing here runs at the user's).

    npm pack china-division@2.7.0; npm pack gb2260@0.6.0; pip download --no-deps GB2260==0.4.1   # unpack each
    python tools/build_regions.py CHINA_DIVISION/dist GB2260_NPM/lib GB2260_PY/gb2260/data.py lexicons/regions.tsv

A row is one name that one code had: ``from`` is the year of the first revision that has it (empty: the first of all, 2002),
``to`` the year of the last revision that has it (empty: still there in 2023).
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
from pathlib import Path

FIRST, LAST = 2002, 2023

# Lines that group divisions in the standard and are no places.
NO_PLACE = re.compile(r"市辖区$|^(县|市|(省|自治区)?直辖县级行政(区划|单位)|省直辖行政单位)$")

# Names that running text uses as common nouns: only read as places after the name of their parent.
COMMON = frozenset(
    [
        "城区",
        "郊区",
        "矿区",
        "新市区",
        "老城区",
        "新城区",
        "市中区",
        "城中区",
        "市南区",
        "市北区",
        "城北区",
        "城东区",
        "城西区",
        "东区",
        "西区",
        "南区",
        "北区",
        "新区",
        "工业园区",
        "新兴区",
    ]
)

ZONE = re.compile(
    r"(开发区|工业园区|产业园区|新区|管理区|示范区|合作区|工业区|高新区|实验区|管委会|管理委员会|保护区|试验区|产业区|农场|保税区|度假区|风景区|名胜区|集聚区)$"
)

PEOPLES = [
    "壮族",
    "满族",
    "回族",
    "苗族",
    "维吾尔族",
    "土家族",
    "彝族",
    "蒙古族",
    "藏族",
    "布依族",
    "侗族",
    "瑶族",
    "朝鲜族",
    "白族",
    "哈尼族",
    "哈萨克族",
    "黎族",
    "傣族",
    "畲族",
    "傈僳族",
    "仡佬族",
    "东乡族",
    "高山族",
    "拉祜族",
    "水族",
    "佤族",
    "纳西族",
    "羌族",
    "土族",
    "仫佬族",
    "锡伯族",
    "柯尔克孜族",
    "达斡尔族",
    "景颇族",
    "毛南族",
    "撒拉族",
    "布朗族",
    "塔吉克族",
    "阿昌族",
    "普米族",
    "鄂温克族",
    "怒族",
    "京族",
    "基诺族",
    "德昂族",
    "保安族",
    "俄罗斯族",
    "裕固族",
    "乌孜别克族",
    "门巴族",
    "鄂伦春族",
    "独龙族",
    "塔塔尔族",
    "赫哲族",
    "珞巴族",
    "各族",
]
# In names of autonomous areas the people stands with or without 族 (克孜勒苏柯尔克孜自治州, 巴音郭楞蒙古自治州).
PEOPLE = re.compile(
    "(" + "|".join([*PEOPLES, *(p[:-1] for p in PEOPLES if len(p) > 2 and p != "各族")]) + ")$"
)

PROVINCE_SHORT = {"内蒙古自治区": "内蒙古", "广西壮族自治区": "广西", "西藏自治区": "西藏", "宁夏回族自治区": "宁夏", "新疆维吾尔自治区": "新疆",
                  "香港特别行政区": "香港", "澳门特别行政区": "澳门"}  # fmt: skip


def short_name(name: str) -> str:
    """宜章县 → 宜章, 都安瑶族自治县 → 都安; empty when one character or nothing would be left."""
    if name in PROVINCE_SHORT:
        return PROVINCE_SHORT[name]
    if ZONE.search(name):
        return ""
    if name == "神农架林区":
        return "神农架"
    stem, n = re.subn(r"自治[县州旗区]$", "", name)
    if n:
        while len(stem) > 2 and (m := PEOPLE.search(stem)) and m.start() >= 1:
            stem = stem[: m.start()]
        if len(stem) > 2 and any(stem == p for p in PEOPLES):  # 东乡族自治县
            stem = stem[:-1]
    else:
        stem = re.sub(r"(特区|地区|矿区|新区|省|市|县|区|盟|旗|州)$", "", name)
    return stem if len(stem) >= 2 and stem != name else ""


def revisions(npm: Path, py: Path) -> dict[int, dict[str, str]]:
    """Year → code → name; several revisions of one year are joined."""
    out: dict[int, dict[str, str]] = {}
    tree = ast.parse(py.read_text(encoding="utf-8"))
    data = next(
        ast.literal_eval(n.value)
        for n in tree.body
        if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "data"
    )
    for key, table in data.items():
        if key is not None:
            out.setdefault(int(str(key)[:4]), {}).update({str(c): n for c, n in table.items()})
    for path in sorted(npm.glob("20*.json")):
        out.setdefault(int(path.stem[:4]), {}).update(json.loads(path.read_text(encoding="utf-8")))
    return out


def present(dist: Path) -> dict[str, str]:
    """Code → name of 2023."""
    out: dict[str, str] = {}
    for name in ("provinces", "cities", "areas"):
        with (dist / f"{name}.csv").open(encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                out.setdefault(row["code"].ljust(6, "0"), row["name"])
    return out


def main() -> None:
    """Reads the packages, writes the table."""
    dist, npm, py, target = (Path(a) for a in sys.argv[1:5])
    years = revisions(npm, py)
    now = present(dist)
    now.update({c: years[max(years)][c] for c in ("710000", "810000", "820000")})
    spans: dict[tuple[str, str], list[int]] = {}
    for year in sorted(years):
        for code, name in years[year].items():
            spans.setdefault((code, name.strip()), []).append(year)
    for code, name in now.items():
        spans.setdefault((code, name.strip()), []).append(LAST)
    codes = {c for (c, n) in spans if not NO_PLACE.search(n)}
    last_old = max(years)
    lines = []
    for (code, name), seen in sorted(spans.items()):
        if NO_PLACE.search(name):
            continue
        parent = "" if code.endswith("0000") else code[:2] + "0000"
        if not code.endswith("00") and code[:4] + "00" in codes:
            parent = code[:4] + "00"
        start = "" if min(seen) == FIRST else str(min(seen))
        end = "" if max(seen) == LAST else str(max(seen))
        notes = []
        if start == str(LAST):
            notes.append(f"始于{last_old + 1}—{LAST}年间")
        if end == str(last_old):
            notes.append(f"止于{last_old}—{LAST}年间")
        if name in COMMON:
            notes.append("通名")
        if ZONE.search(name) and code[4] in "79":
            notes.append("功能区")
        lines.append("\t".join((code, name, parent, start, end, "；".join(notes), short_name(name))))
    head = [
        "# 县级以上行政区划及其沿革。由 tools/build_regions.py 生成，请勿手改（用户词表目录中的同名文件可增补）。",
        "# 来源：npm china-division 2.7.0（MIT/WTFPL；国家统计局 2023 年统计用区划代码）；PyPI GB2260 0.4.1（BSD-3-Clause）与 npm gb2260 0.6.0（MIT）的 2002—2016 年各版 GB/T 2260。",
        "# from/to：该代码以该名称出现的首、末版年份；from 空＝2002 年或更早，to 空＝2023 年仍在。note：通名＝行文中常作普通名词，须紧接上级名称才算地名。short：简称。",
        "code\tname\tparent\tfrom\tto\tnote\tshort",
    ]
    target.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
