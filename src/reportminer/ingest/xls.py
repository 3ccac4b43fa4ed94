"""Old Excel workbooks (.xls, old .et) by xlrd, which knows their number formats, merged cells and hidden sheets."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest.number_formats import shown
from reportminer.ingest.sheets import CellBudget, Sheet, document

_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = range(1, 6)


def read(data: bytes, source: str) -> RawDocument:
    """A workbook of Excel 5 to 2003, its visible sheets one after another; formulas count with the result that was saved.

    Raises UnreadableFile for a broken, encrypted, empty or oversized one.
    """
    book = _open(data, source)
    budget = CellBudget(source)
    sheets = []
    try:
        for source_sheet in book.sheets():
            sheet = Sheet(source_sheet.name, source_sheet.visibility != 0)
            if not sheet.hidden:
                _fill(book, source_sheet, sheet, budget)
            sheets.append(sheet)
    except UnreadableFile:
        raise
    except (
        Exception
    ) as e:  # xlrd trusts what the file says: IndexError, KeyError, AttributeError … all mean: broken
        raise _broken(source) from e
    return document(sheets, data, source, "xls")


def _stream(data: bytes, source: str) -> bytes:
    """The workbook in its container. olefile unpacks it, since xlrd goes round for ever where the chain of a damaged one bites its tail."""
    import olefile

    if not data.startswith(olefile.MAGIC):
        return data
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            name = next((n for n in ("Workbook", "Book") if container.exists(n)), None)
            if name is not None:
                stream: bytes = container.openstream(name).read()
                return stream
    except MemoryError:
        raise
    except Exception as e:  # it trusts what the file says too
        raise _broken(source) from e
    raise _broken(source)


def _open(data: bytes, source: str) -> Any:
    import xlrd

    data = _stream(data, source)
    with Path(os.devnull).open("w") as nowhere:
        for charset in (None, "gb18030"):  # files of the nineties may not name theirs
            try:
                return xlrd.open_workbook(
                    file_contents=data, formatting_info=True, ragged_rows=True, logfile=nowhere, encoding_override=charset
                )  # fmt: skip
            except xlrd.XLRDError as e:
                if "encrypted" in str(e):
                    raise UnreadableFile(
                        f"“{source}”有密码保护。", "请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx。"
                    ) from e
                raise _broken(source) from e
            except UnicodeDecodeError as e:
                if charset:
                    raise _broken(source) from e
            except MemoryError:
                raise
            except Exception as e:  # as above
                raise _broken(source) from e
    raise _broken(source)


def _broken(source: str) -> UnreadableFile:
    return UnreadableFile(
        f"“{source}”已损坏，不能作为 Excel 表格打开。", "请用 Excel 或 WPS 打开并另存为 .xlsx。"
    )


def _fill(book: Any, source: Any, sheet: Sheet, budget: CellBudget) -> None:
    from xlrd.biffh import error_text_from_code

    for r in range(source.nrows):
        kinds, values = source.row_types(r), source.row_values(r)
        for c, kind in enumerate(kinds):
            value = values[c]
            if kind == _TEXT:
                text = value
            elif kind in (_NUMBER, _DATE):
                style = book.xf_list[source.cell_xf_index(r, c)]
                code = book.format_map[style.format_key].format_str
                text = shown(value, code, bool(book.datemode)) if abs(value) < 1e15 else repr(value)
            elif kind == _BOOLEAN:
                text = "TRUE" if value else "FALSE"
            elif kind == _ERROR:
                text = error_text_from_code.get(value, "")
            else:
                continue
            if text:
                budget.spend()
                sheet.cells[r, c] = text
