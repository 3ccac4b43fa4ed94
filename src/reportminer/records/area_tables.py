"""Which place or school the figure of a table cell is stated of."""

from __future__ import annotations

import re

from reportminer.core import ReportText, TextTable
from reportminer.records.area_names import Words, institutions
from reportminer.records.draft import Draft
from reportminer.records.own_area import Own
from reportminer.restore.places import code_of, find_places


def area_in_table(report: ReportText, draft: Draft, table: TextTable, own: Own, words: Words) -> None:
    """The first cell of the row or the head of the column may name a school or a place."""
    row, col = draft.mention.row, draft.mention.col
    for cell in table.cells:
        if not ((cell.row == row and cell.col == 0) or (cell.row == 0 and cell.col == col)):
            continue
        text = report.clean[cell.start : cell.end].strip()
        if not 1 < len(text) <= 20 or own.back.match(text):
            continue
        names = institutions(text, words, own.town)
        if names and names[0].kind == "institution" and names[0].start == 0 and names[0].end == len(text):
            draft.area, draft.area_code, draft.area_is_own = text, None, False
            return
        places = find_places(text)
        if places and places[0].start == 0 and places[0].end == len(text):
            draft.area, draft.area_is_own = text, False
            draft.area_code = places[0].code or code_of(text, [own.code] if own.code else [])
            return
        if re.fullmatch(r"[\u4e00-\u9fff]{1,4}(?:镇|乡|街道|村)", text) and text not in (
            "乡镇",
            "农村",
            "城镇",
        ):
            draft.area, draft.area_code, draft.area_is_own = text, None, False
            return
