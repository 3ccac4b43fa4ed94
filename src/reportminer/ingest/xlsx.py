"""Excel workbooks (.xlsx, .xlsm, new .et): the sheets are streamed and every cell is printed with its number format.

openpyxl is not asked: its streaming reader knows no merged cells and no hidden rows, the other one keeps fifty times the size of the file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest.number_formats import BUILTIN, shown
from reportminer.ingest.package import Package, strict_names
from reportminer.ingest.sheets import CellBudget, Sheet, document, formula_note

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROWS, _COLUMNS = 1_048_576, 16_384  # of a sheet
_DIGITS = 10  # a longer number is no index
_OFF = ("0", "false", "off", None)
_OWN = "reportminer"


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets of a workbook share."""

    package: Package
    strings: list[str]
    formats: list[str]  # by the style of a cell
    date1904: bool
    budget: CellBudget


def read(data: bytes, source: str) -> RawDocument:
    """A workbook, its visible sheets one after another. Formulas count with the result that was saved.

    Raises UnreadableFile for a broken, encrypted, empty or oversized one, and for one that this program wrote.
    """
    package = Package(data, source, " Excel 表格")
    properties = package.part("docProps/core.xml") or b""
    if f">{_OWN}<".encode() in properties:
        raise UnreadableFile(f"“{source}”是本程序写出的表，不是报告。", "请给出原来的报告文件。")
    main = package.main("xl/workbook.xml")
    root = package.xml(main)
    if root is None:
        raise package.broken()
    relations = package.relations(main)
    parts = dict(relations.values())
    settings = root.find(_S + "workbookPr")
    book = _Book(
        package,
        _strings(package, parts.get("sharedStrings", "xl/sharedStrings.xml")),
        _formats(package.xml(parts.get("styles", "xl/styles.xml"))),
        settings is not None and settings.get("date1904") not in _OFF,
        CellBudget(source),
    )
    sheets: list[Sheet] = []
    unsaved: dict[str, int] = {}
    for node in root.iter(_S + "sheet"):
        kind, name = relations.get(node.get(_REFERENCE, ""), ("", ""))
        if kind != "worksheet":
            continue
        sheet = Sheet(node.get("name", ""), node.get("state", "visible") != "visible")
        if not sheet.hidden:
            unsaved[sheet.name] = _fill(book, sheet, name)
        sheets.append(sheet)
    return document(sheets, data, source, "xlsx", formula_note(unsaved))


def _stream(package: Package, name: str, tags: tuple[str, ...]) -> Iterator[Any]:
    """The elements of a part with these tags, each forgotten afterwards. Raises UnreadableFile."""
    from lxml import etree

    data = package.part(name)
    if data is None:
        raise package.broken()
    try:
        events = etree.iterparse(
            io.BytesIO(strict_names(data)), tag=[_S + t for t in tags], resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        for _, node in events:
            yield node
            node.clear()
            while node.getprevious() is not None and node.getparent() is not None:
                del node.getparent()[0]
        root = events.root
    except (etree.XMLSyntaxError, ValueError) as e:
        raise package.broken() from e
    if root is not None:
        package.no_dtd(root)


def _strings(package: Package, name: str) -> list[str]:
    if package.part(name) is None:
        return []
    return [_text(node) for node in _stream(package, name, ("si",))]


def _text(node: Any) -> str:
    """The characters of a string, its runs joined, without readings above them."""
    out = []
    for child in node:
        if child.tag == _S + "t":
            out.append(child.text or "")
        elif child.tag == _S + "r":
            out += [t.text or "" for t in child.iter(_S + "t")]
    return "".join(out)


def _formats(root: Any) -> list[str]:
    """The format of every cell style."""
    if root is None:
        return []
    own = {n.get("numFmtId"): n.get("formatCode", "") for n in root.iter(_S + "numFmt")}
    styles = root.find(_S + "cellXfs")
    out = []
    for xf in styles if styles is not None else ():
        number = xf.get("numFmtId", "0")
        known = number.isdecimal() and len(number) < _DIGITS
        out.append(own.get(number) or (BUILTIN.get(int(number), "General") if known else "General"))
    return out


def _fill(book: _Book, sheet: Sheet, name: str) -> int:
    """Reads the cells of a sheet; returns how many formulas have no saved result."""
    row = column = -1
    unsaved = 0
    for node in _stream(book.package, name, ("c", "row")):
        if node.tag == _S + "row":
            row, column = row + (column < 0), -1
            continue
        place = _place(node.get("r", ""))
        if place is None:  # cells may leave out their name: one after the other
            place = (row + 1 if column < 0 else row, column + 1)
        row, column = place
        if row >= _ROWS or column >= _COLUMNS:
            raise book.package.broken()
        value = node.find(_S + "v")
        if (value is None or not value.text) and node.get("t") != "str" and node.find(_S + "f") is not None:
            unsaved += 1
        text = _cell(book, node, value)
        if text:
            book.budget.spend()
            sheet.cells[row, column] = text
    return unsaved


def _cell(book: _Book, node: Any, value: Any) -> str:
    kind = node.get("t", "n")
    if kind == "inlineStr":
        inline = node.find(_S + "is")
        return _text(inline) if inline is not None else ""
    raw: str = (value.text or "") if value is not None else ""
    if not raw:
        return ""
    if kind == "s":
        return _nth(book.strings, raw, "")
    if kind == "b":
        return "FALSE" if raw in _OFF else "TRUE"
    if kind != "n":
        return raw
    code = _nth(book.formats, node.get("s", "0"), "General")
    try:
        number = float(raw)
    except ValueError:
        return raw
    return shown(number, code, book.date1904) if abs(number) < 1e15 else raw


def _nth(items: list[str], index: str, default: str) -> str:
    """The item that a file names by its number; the default for a number that is none."""
    if not index.isdecimal() or len(index) >= _DIGITS:
        return default
    n = int(index)
    return items[n] if n < len(items) else default


def _place(name: str) -> tuple[int, int] | None:
    """``B3`` → (2, 1)."""
    letters = name.rstrip("0123456789")
    digits = name[len(letters) :]
    if (
        not letters
        or len(letters) > 3
        or not letters.isalpha()
        or not letters.isascii()
        or not 0 < len(digits) < 8
    ):
        return None
    column = 0
    for c in letters.upper():
        column = column * 26 + ord(c) - 64
    return int(digits) - 1, column - 1
