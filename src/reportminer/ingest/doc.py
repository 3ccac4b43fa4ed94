"""Word 97–2003 documents (.doc, .wps): through LibreOffice where it is installed, else by the reader of ``word97``, which knows its limits."""

from __future__ import annotations

from dataclasses import replace

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest import office, word97
from reportminer.ingest.word97 import LOST as _LOST


def read(data: bytes, source: str) -> RawDocument:
    """A .doc file. Raises UnreadableFile for a broken, encrypted or empty one."""
    word97.check(
        data, source
    )  # a password is told before LibreOffice is asked, which would only say that it failed
    if office.program() is None:
        return word97.read(data, source)
    try:
        own = word97.read(data, source)
    except UnreadableFile:  # Word 6 or 95, or broken: LibreOffice may still know better
        return office.read_text_document(data, source, "doc")
    try:
        made = office.read_text_document(data, source, "doc")
    except UnreadableFile as e:
        return replace(own, notes=(f"LibreOffice 未能转换（{e.error}），由内置程序读取：{_LOST}",))
    if len(made.tables) < len(
        own.tables
    ):  # LibreOffice 7.4 runs the cells of a document together that begins with a table
        return replace(own, notes=(f"LibreOffice 转换时丢失了表格，由内置程序读取：{_LOST}",))
    return made
