"""Tables as text (.csv, .tsv, and the text that programs export under the name of .xls): one table, whatever separates its cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest.sheets import CellBudget, Sheet, document
from reportminer.ingest.txt import decoded
from reportminer.ingest.txt import read as read_text

_LONGEST_FIELD = 2**20
# first lines of the tables that this program writes or is given beside reports: comparison (long, wide, SDMX), suppressions,
# official figures and what came of comparing with them
_OWN = re.compile(
    r"area,area_code,period,indicator,scope,|地区,时期,|DATAFLOW,REF_AREA,|编号,理由,核查人,日期|地区,年份,指标,数值,单位|结果,地区,年份,指标,报告数,"
)


def is_own(head: bytes) -> bool:
    """Whether a table begins as those do that this program writes."""
    return bool(_OWN.match(head[:400].decode("utf-8-sig", errors="ignore")))


def read(data: bytes, source: str) -> RawDocument:
    """A table in text form; text without separators is read as prose. Raises UnreadableFile, also for a table that this program wrote."""
    if is_own(data[:400]):
        raise UnreadableFile(f"“{source}”是本程序写出或使用的表，不是报告。", "请给出原来的报告文件。")
    text, charset = decoded(data, source)
    separator = _separator(text)
    if separator is None:
        return read_text(data, source)
    budget = CellBudget(source)
    sheet = Sheet("")
    before = csv.field_size_limit(_LONGEST_FIELD)
    try:
        for r, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
            for c, cell in enumerate(row):
                if cell.strip():
                    budget.spend()
                    sheet.cells[r, c] = _plain(cell)
    except csv.Error as e:
        raise UnreadableFile(f"“{source}”不能作为表格读取：引号没有成对，或一格内容过长。", "请用 Excel 或 WPS 打开，另存为 .xlsx。") from e  # fmt: skip
    finally:
        csv.field_size_limit(before)
    return document([sheet], data, source, "csv", charset=charset)


def _separator(text: str) -> str | None:
    """What the most lines hold equally often."""
    lines = [x for x in text[:100_000].splitlines()[:200] if x.strip()]
    best, most = None, 0
    for separator in ("\t", ",", ";", "|"):
        counts = Counter(n for x in lines if (n := x.count(separator)))
        if counts and (score := counts.most_common(1)[0][1]) > most:
            best, most = separator, score
    return best if best and (most * 2 >= len(lines) or most >= 2) else None


def _plain(cell: str) -> str:
    """``="0012"`` and ``'0012`` are how programs keep the zeros of a number in a table of text."""
    if m := re.fullmatch(r'\s*="([^"]*)"\s*', cell):
        return m[1]
    return cell[1:] if cell.startswith("'") else cell
