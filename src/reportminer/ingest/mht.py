"""Web archives (.mht, .mhtml) and what Word saves as one: a message with parts, of which the first page is read."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import Message
from hashlib import sha256

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest import html, txt
from reportminer.limits import limit, stated


def read(data: bytes, source: str) -> RawDocument:
    """The page of a web archive; pictures, style sheets and frames are left. Raises UnreadableFile."""
    pages, texts = _parts(data, source)
    for part in pages:
        try:
            made = html.read(part, source)
        except UnreadableFile:
            continue  # an empty frame: another page may hold the text
        return replace(made, sha256=sha256(data).hexdigest(), format="mht")
    for part in texts:
        if part.strip():
            return replace(txt.read(part, source), sha256=sha256(data).hexdigest(), format="mht")
    raise UnreadableFile(
        f"“{source}”是网页归档，但其中没有正文或已损坏。", "请在浏览器或 Word 中打开，另存为 .docx 或 .txt。"
    )


def _parts(data: bytes, source: str) -> tuple[list[bytes], list[bytes]]:
    """The html parts, those with the most characters first, and the plain ones."""
    pages: list[bytes] = []
    texts: list[bytes] = []
    try:
        message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=policy.compat32)
        for n, part in enumerate(message.walk()):
            if n >= limit("mail_parts"):
                raise UnreadableFile(
                    f"“{source}”有 {n} 个以上的部分（{stated('mail_parts')}）。", "请另存为 .docx 或 .txt。"
                )
            kind = part.get_content_type()
            if kind in ("text/html", "application/xhtml+xml"):
                pages.append(_content(part))
            elif kind == "text/plain":
                texts.append(_content(part))
    except (
        ValueError,
        LookupError,
        RecursionError,
        AttributeError,
        TypeError,
    ) as e:  # broken headers or nesting
        raise UnreadableFile(
            f"“{source}”已损坏，不能作为网页归档打开。", "请重新保存，或另存为 .docx。"
        ) from e
    return sorted(pages, key=len, reverse=True), texts


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
