"""Plain text and Markdown: the decoded characters, newlines as they are."""

from __future__ import annotations

from hashlib import sha256

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest.charset import decode


def decoded(data: bytes, source: str) -> tuple[str, str]:
    """Text and charset of a text file. Raises UnreadableFile for an empty or binary one."""
    if not data.strip():
        raise UnreadableFile(f"“{source}”是空文件。", "请确认上传的是完整的报告。")
    found = decode(data)
    if found is None:
        raise UnreadableFile(
            f"“{source}”不是文本文件，或编码无法识别。",
            "请用原来的程序打开，另存为 .docx、.pdf 或 UTF-8 编码的 .txt。",
        )
    if not found[0].strip():
        raise UnreadableFile(f"“{source}”没有文字。", "请确认上传的是完整的报告。")
    return found


def read(data: bytes, source: str) -> RawDocument:
    """A .txt file."""
    text, charset = decoded(data, source)
    return RawDocument(source, sha256(data).hexdigest(), "txt", text, charset)


def read_markdown(data: bytes, source: str) -> RawDocument:
    """A .md file; its tables stay in the text, where restore finds them."""
    text, charset = decoded(data, source)
    return RawDocument(source, sha256(data).hexdigest(), "md", text, charset)
