"""Word 97–2003 documents (.doc, .wps): through LibreOffice where it is installed, else by the reader of ``word97``, which knows its limits."""

from __future__ import annotations

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest import office, word97


def read(data: bytes, source: str) -> RawDocument:
    """A .doc file. Raises UnreadableFile for a broken, encrypted or empty one."""
    word97.check(
        data, source
    )  # a password is told before LibreOffice is asked, which would only say that it failed
    if office.program() is None:
        return word97.read(data, source)
    try:
        return office.read_text_document(data, source, "doc")
    except UnreadableFile as failed:
        try:
            return word97.read(data, source)
        except UnreadableFile:
            raise failed from None
