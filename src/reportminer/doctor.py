"""What works on this machine and how to turn on what does not: ``reportminer doctor``."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from reportminer.errors import BadOption
from reportminer.ingest import ocr, office
from reportminer.limits import LIMITS, limit, variable

ON, PARTLY, OFF = "可用", "部分可用", "未启用"
_PACKAGES = ("lxml", "olefile", "openpyxl", "pypdfium2", "striprtf", "xlrd", "numpy", "msgspec")
_INSTALL_OFFICE = (
    "安装 LibreOffice：Windows、macOS 从官网下载安装包；Debian、Ubuntu、统信、麒麟用 apt-get install libreoffice-writer libreoffice-calc；"
    f"装在别处时用环境变量 {office.VARIABLE} 指出 soffice 的路径。"
)
_INSTALL_FONT = "安装中文字体（Debian：apt-get install fonts-noto-cjk），否则图表和转换出的文件没有汉字。"
_FONT_PLACES = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "C:/Windows/Fonts", "/System/Library/Fonts", "/Library/Fonts",
)  # fmt: skip
_FONT = re.compile(
    r"cjk|wqy|simsun|simhei|msyh|simkai|fangsong|pingfang|heiti|songti|fandol|droidsansfallback|sourcehan",
    re.I,
)
_LEAST_FREE = 500 * 2**20


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the answer: what, its state, details, and what to do about it (empty when nothing is to be done)."""

    group: str
    name: str
    state: str
    detail: str = ""
    fix: str = ""


def examine() -> list[Item]:
    """Everything that this program may find or miss on a machine."""
    return [*_formats(), *_extras(), *_system(), *_limits(), *_versions()]


def _formats() -> Iterator[Item]:
    group = "文件格式"
    for name in (
        "txt、md",
        "html、mht",
        "docx",
        "xlsx、xls、et",
        "csv、tsv",
        "pdf（有文字层）",
        "zip（可嵌套）",
    ):
        yield Item(group, name, ON)
    engine = ocr.available()
    yield Item(group, "扫描 pdf、jpg、png、tif、bmp", ON if engine else OFF, engine or "需要文字识别", "" if engine else "pip install 'reportminer[ocr]'")  # fmt: skip
    found = office_version()
    if found:
        for name in ("doc、wps", "rtf", "odt、ods、xlsb、Office 2003 XML"):
            yield Item(group, name, ON, found)
        return
    yield Item(group, "doc、wps", PARTLY, "内置程序读取，自动编号没有还原", _INSTALL_OFFICE)
    yield Item(group, "rtf", PARTLY, "内置程序读取，修订、脚注和自动编号没有还原", _INSTALL_OFFICE)
    yield Item(group, "odt、ods、xlsb、Office 2003 XML", OFF, "需要 LibreOffice", _INSTALL_OFFICE)


def office_version() -> str | None:
    """The version of LibreOffice, None where it is missing, switched off or does not start."""
    program = office.program()
    if program is None:
        return None
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return " ".join(done.stdout.split()[:2]) or "LibreOffice"


def _extras() -> Iterator[Item]:
    for name, package, extra in (
        ("图表（compare --out 图.png）", "matplotlib", "charts"), ("parquet、to_frame()", "pandas", "frames"), ("训练（train）", "sklearn", "train"),
        ("多人共用的数据库、query（--store）", "duckdb", "store"), ("多台机器（--engine dask）", "distributed", "scale"), ("工作台（serve）", "fastapi", "web"),
    ):  # fmt: skip
        there = find_spec(package) is not None
        yield Item(
            "附加功能", name, ON if there else OFF, "", "" if there else f"pip install 'reportminer[{extra}]'"
        )


def _system() -> Iterator[Item]:
    group = "系统"
    font = _font()
    yield Item(group, "中文字体", ON if font else OFF, font or "没有找到", "" if font else _INSTALL_FONT)
    place = tempfile.gettempdir()
    try:
        with tempfile.TemporaryFile() as f:
            f.write(b"\0" * 4096)
        free = shutil.disk_usage(place).free
    except OSError as e:
        yield Item(group, "临时文件夹", OFF, f"{place} 不能写入（{e.strerror}）", "请用环境变量 TMPDIR（Windows：TEMP）指定一个能写入的文件夹。")  # fmt: skip
        return
    enough = free >= _LEAST_FREE
    yield Item(
        group, "临时文件夹", ON if enough else PARTLY, f"{place}，剩余 {free >> 20} MB", "" if enough else "请清理磁盘，或用环境变量 TMPDIR（Windows：TEMP）换一个文件夹。"
    )  # fmt: skip


def _font() -> str | None:
    for place in _FONT_PLACES:
        for folder, _, files in os.walk(Path(place).expanduser()):
            for name in sorted(files):
                if _FONT.search(name) and name.lower().endswith((".ttf", ".ttc", ".otf", ".otc")):
                    return str(Path(folder) / name)
    return None


def _limits() -> Iterator[Item]:
    for name, known in LIMITS.items():
        if os.environ.get(variable(name)):
            try:
                yield Item(
                    "上限",
                    known.meaning,
                    ON,
                    f"{limit(name)}{known.unit}（{variable(name)}；默认 {known.default}）",
                )
            except BadOption as e:
                yield Item("上限", known.meaning, OFF, e.error, e.fix)


def _versions() -> Iterator[Item]:
    from reportminer import __version__

    yield Item("版本", "reportminer", ON, __version__)
    yield Item("版本", "Python", ON, f"{platform.python_version()}（{sys.platform}）")
    for name in _PACKAGES:
        try:
            yield Item("版本", name, ON, version(name))
        except PackageNotFoundError:
            yield Item("版本", name, OFF, "没有安装", "请重新安装：pip install reportminer")


def lines(items: list[Item]) -> Iterator[str]:
    """The answer as text: a mark, the name, details, and below it the way to turn it on."""
    group, told = "", set()
    for item in items:
        if item.group != group:
            yield ("\n" if group else "") + item.group
            group = item.group
        mark = {ON: "✓", PARTLY: "△", OFF: "✗"}[item.state]
        yield f"  {mark} {item.name}" + (f"：{item.detail}" if item.detail else "" if item.state == ON else f"：{item.state}")  # fmt: skip
        if item.fix and item.fix not in told:
            told.add(item.fix)
            yield f"      → {item.fix}"
    wanting = sum(1 for i in items if i.state != ON)
    yield "\n" + (f"{wanting} 项未启用或部分可用，不影响其余功能。" if wanting else "全部可用。")
