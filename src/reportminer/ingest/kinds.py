"""Which format a file is in: by its content, and by its suffix only where content does not tell.

Offices rename files: a ``.doc`` is often a web page, rich text, a web archive, a newer document or plain text.
"""

from __future__ import annotations

import codecs
import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

from reportminer.errors import UnreadableFile
from reportminer.ingest.html import is_html
from reportminer.ingest.pictures import is_image

OWN_PAGE = b'<meta name="generator" content="reportminer">'  # in every page that this program writes
# suffix → format, for content that does not tell
_SUFFIXES = {
    "md": "md", "markdown": "md", "csv": "csv", "tsv": "csv", "xls": "csv", "xlsx": "csv", "et": "csv",
}  # fmt: skip
# suffixes of formats that are not read, whose content is not known here
_LATER = {
    "ofd": "OFD 版式文件", "ceb": "CEB 版式文件", "caj": "CAJ 文献", "gif": "图片",
    "webp": "图片", "gz": "压缩包", "tar": "压缩包", "rar": "压缩包", "7z": "压缩包", "mp3": "音频", "mp4": "视频", "ppt": "演示文稿", "pptx": "演示文稿", "dps": "演示文稿",
    "epub": "电子书",
}  # fmt: skip
_BEGINNINGS = (
    (b"Rar!\x1a", "压缩包"), (b"7z\xbc\xaf\x27\x1c", "压缩包"), (b"\x1f\x8b\x08", "压缩包"), (b"GIF8", "图片"), (b"HN", "CAJ 文献"), (b"CAJ", "CAJ 文献"),
)  # fmt: skip
# formats that begin with a mark: a file of that name without it is damaged
_MARKED = {"pdf": " PDF ", **dict.fromkeys(("jpg", "jpeg", "png", "tif", "tiff", "bmp"), "图片")}
_SHORT = frozenset({b"HN", b"CAJ"})  # beginnings that a text may have too: they count for binary content only
_WAYS = {
    "图片": "请先做文字识别（OCR），存为 .docx、.txt 或可搜索的 PDF。", "音频": "请提供文字稿。", "视频": "请提供文字稿。",
    "压缩包": "请先解压，或重新压缩为 .zip，再读取其中的文件。", "加密": "请用 Office 或 WPS 打开，去掉密码，另存为 .docx 或 .xlsx。",
}  # fmt: skip
PACKED = (b"PK\x03\x04", b"PK\x05\x06")  # zip archives, empty ones too
# what zipfile raises for a file that is not what it seems; also for a password and for compression that it does not know
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError, struct.error, OverflowError, KeyError, IndexError
)  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # container of old Office files and of encrypted new ones
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# stream → format of an OLE container
_STREAMS = {"worddocument": "doc", "workbook": "xls", "book": "xls"}
# names inside a zip container → format
_MEMBERS = (
    ("word/document", "docx"), ("word/", "docx"), ("xl/workbook.bin", "xlsb"), ("xl/workbook", "xlsx"), ("xl/", "xlsx"), ("ppt/", "演示文稿"), ("ofd.xml", "OFD 版式文件"),
)  # fmt: skip
_MIMES = {
    b"application/vnd.oasis.opendocument.text": "odt", b"application/vnd.oasis.opendocument.spreadsheet": "ods", b"application/vnd.oasis.opendocument.presentation": "演示文稿",
    b"application/epub+zip": "电子书",
}  # fmt: skip
_XML = re.compile(
    rb"(?P<wordml><w:wordDocument\b|progid=.Word\.Document|<pkg:package\b)|(?P<excelml>progid=.Excel\.Sheet|urn:schemas-microsoft-com:office:spreadsheet)"
    rb"|(?P<fodt>office:mimetype=.application/vnd\.oasis\.opendocument\.text)"
)
_MAIL_HEAD = re.compile(
    rb"(?:[A-Za-z][A-Za-z0-9-]{0,40}:[^\n]{0,1000}\n(?:[ \t][^\n]{0,1000}\n){0,20}){2,60}"
)
_WEB_ARCHIVE = re.compile(
    rb"^content-type:\s*(?:multipart/(?:related|alternative|mixed)|text/html)", re.I | re.M
)
_PARTIAL_PAGE = re.compile(rb"\s*<(?:table|meta|style|head|body|div)\b[^<]{0,2000}>", re.I)
_OFFICE = frozenset(
    [
        "doc",
        "dot",
        "wps",
        "wpt",
        "docx",
        "docm",
        "rtf",
        "odt",
        "xls",
        "xlsx",
        "xlsm",
        "et",
        "ett",
        "xlt",
        "ods",
        "csv",
        "htm",
        "html",
        "xml",
    ]
)


def kind_of(data: bytes, source: str) -> str:
    """The format of a file: a key of ``READERS``, or ``zip``. Raises UnreadableFile for one that cannot be read."""
    suffix = Path(source).suffix.lower().lstrip(".")
    if not data.strip(b"\x00 \t\r\n\x1a"):
        raise UnreadableFile(f"“{source}”是空文件。", "请确认文件已完整下载或保存。")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-") or (
        suffix == "pdf" and b"%PDF-" in data[:1024]
    ):
        return "pdf"
    if data.startswith(PACKED):
        return _packed(data, source, suffix)
    if data.startswith(OLE):
        return _compound(data, source, suffix)
    if is_image(data):
        return "image"
    for beginning, what in _BEGINNINGS:
        if data.startswith(beginning) and (beginning not in _SHORT or b"\0" in data[:512]):
            raise unsupported(source, what)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return "rtf"
    if suffix in _MARKED:
        raise UnreadableFile(
            f"“{source}”已损坏或内容与扩展名不符，不能作为{_MARKED[suffix]}打开。", "请重新下载或导出该文件。"
        )
    return _textual(data, source, suffix)


def _textual(data: bytes, source: str, suffix: str) -> str:
    head = _narrow(data[:65536])
    if suffix not in ("md", "markdown") and is_html(head):
        if OWN_PAGE in head[:2000]:
            raise UnreadableFile(f"“{source}”是本程序写出的网页，不是报告。", "请给出原来的报告文件。")
        return "html"
    if suffix not in ("md", "markdown", "txt") and _is_web_archive(head):
        return "mht"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") and (m := _XML.search(head[:4096])):
        return m.lastgroup or "wordml"
    if suffix in _OFFICE and _PARTIAL_PAGE.match(head.lstrip(b"\xef\xbb\xbf")):
        return "html"  # programs export tables without a page around them
    if suffix in _LATER:
        raise unsupported(source, _LATER[suffix])
    return _SUFFIXES.get(suffix, "txt")


def _narrow(head: bytes) -> bytes:
    """The beginning of a text in one byte per ASCII character, as the patterns above want it."""
    for bom, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(bom):
            return head[2:].decode(name, errors="replace").encode("utf-8", errors="replace")
    return head


def _is_web_archive(head: bytes) -> bool:
    m = _MAIL_HEAD.match(head.lstrip(b"\xef\xbb\xbf\r\n").replace(b"\r\n", b"\n"))
    return m is not None and bool(_WEB_ARCHIVE.search(m.group()))


def member_kind(archive: zipfile.ZipFile, suffix: str) -> str:
    """What a zip container is: a format, the name of one that is not read, or ``zip``. Raises what zipfile raises."""
    infos = archive.infolist()
    if infos and infos[0].filename == "mimetype" and infos[0].file_size < 200:
        mime = archive.read(infos[0]).strip()
        if mime in _MIMES:
            return _MIMES[mime]
    names = {i.filename.replace("\\", "/").lstrip("/").lower() for i in infos}
    if "[content_types].xml" in names or "ofd.xml" in names or suffix in ("docx", "xlsx"):
        for beginning, kind in _MEMBERS:
            if any(n.startswith(beginning) for n in names):
                return kind
    return "zip"


def _packed(data: bytes, source: str, suffix: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            kind = member_kind(archive, suffix)
    except BROKEN_ZIP as e:
        what = {"docx": " Word 文档", "xlsx": " Excel 表格"}.get(suffix, "压缩包")
        raise UnreadableFile(
            f"“{source}”已损坏或不完整，不能作为{what}打开。", "请重新下载，或用原来的程序打开并另存。"
        ) from e
    return _known(kind, source)


def _compound(data: bytes, source: str, suffix: str) -> str:
    import olefile

    locked = UnreadableFile(f"“{source}”有密码保护。", _WAYS["加密"])
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            streams = {"/".join(s).lower() for s in container.listdir()}
    except (
        Exception
    ) as e:  # olefile raises OSError, struct.error, IndexError, UnicodeError … all mean: broken
        if _ENCRYPTED in data:
            raise locked from e
        raise UnreadableFile(
            f"“{source}”已损坏，不能作为旧版 Office 文件打开。", "请用 Office 或 WPS 打开并另存，或重新下载。"
        ) from e
    if "encryptedpackage" in streams:
        raise locked
    for stream, kind in _STREAMS.items():
        if stream in streams:
            return kind
    if "powerpoint document" in streams:
        raise unsupported(source, "演示文稿")
    if "__properties_version1.0" in streams:
        raise UnreadableFile(f"“{source}”是 Outlook 邮件。", "请把正文或附件另存为文件再读。")
    raise UnreadableFile(
        f"“{source}”是更早的 WPS 或 Works 文件，或已损坏：其中没有 Word、Excel 的内容。", "请用 WPS 打开，另存为 .docx 或 .xlsx。"
    )  # fmt: skip


def _known(kind: str, source: str) -> str:
    if kind.isascii():
        return kind
    raise unsupported(source, kind)


def unsupported(source: str, what: str) -> UnreadableFile:
    """The error for a format that is known and not read."""
    return UnreadableFile(
        f"“{source}”是{what}，目前还不支持这种格式。", _WAYS.get(what, "请另存为 .docx、.pdf 或 .txt。")
    )
