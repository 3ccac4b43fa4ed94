"""Rich text (.rtf): through LibreOffice where it is installed, else by striprtf, which keeps text and table cells and no more."""

from __future__ import annotations

import re
from hashlib import sha256

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest import office

_NOTE = "没有安装 LibreOffice，由内置程序读取：修订、脚注和自动编号没有还原"
_CODEPAGE = re.compile(rb"\\ansicpg(\d{1,5})")


def read(data: bytes, source: str) -> RawDocument:
    """A .rtf file. Raises UnreadableFile for a broken or empty one."""
    if office.program() is not None:
        return office.read_text_document(data, source, "rtf")
    from striprtf.striprtf import rtf_to_text

    m = _CODEPAGE.search(data[:2000])
    charset = "gb18030" if m is None or m[1] in (b"936", b"0") else f"cp{m[1].decode()}"
    try:
        text: str = rtf_to_text(data.decode("latin-1"), encoding=charset, errors="replace")
    except Exception as e:  # striprtf raises ValueError, IndexError, LookupError … all mean: not usable
        raise UnreadableFile(
            f"“{source}”已损坏，不能作为 RTF 文档打开。", "请用 Word 或 WPS 打开并另存为 .docx。"
        ) from e
    if not text.strip():
        raise UnreadableFile(f"“{source}”里没有文字。", "请确认上传的是完整的报告。")
    return RawDocument(source, sha256(data).hexdigest(), "rtf", text, notes=(_NOTE,))
