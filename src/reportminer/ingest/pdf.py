"""Pdf: characters and straight lines of each page from pdfium; pages without usable text go to recognition where it is installed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from reportminer.core import RawDocument, Sheet
from reportminer.errors import UnreadableFile
from reportminer.ingest import ocr, pdf_paths
from reportminer.ingest.pages.assemble import assemble
from reportminer.ingest.pages.glyphs import PageContent, no_glyphs
from reportminer.ingest.pdf_text import PageText
from reportminer.ingest.pdfium_calls import with_system_fonts, without_system_fonts
from reportminer.limits import limit, stated

_SCAN_AREA = 0.5  # of a page that pictures cover
_SCAN_CHARACTERS = 30  # a page with fewer and such a picture is a scan with a stamp or a page number
_OCR_PIXELS = 2000  # longer side of a page that is drawn for recognition, in pixels
_MAX_OCR_SCALE = 4.0  # pixels for one point: of small pages

_NO_OCR = "请安装文字识别：pip install 'reportminer[ocr]'；或用其他软件识别后另存为可搜索的 PDF 或 .docx。"
_NEEDS_OCR = ("scan", "garbled")
# why a page is left out: of the whole file, of one page, and the way out
_NOTHING = {
    "garbled": "的文字层是乱码（字体没有附带文字对照）",
    "scan": "是扫描件，没有文字层",
    "broken": "的页面已损坏，无法读取",
}
_LEFT_OUT = {"garbled": "的文字层是乱码", "scan": "是扫描件", "broken": "已损坏"}
_WAYS = {"garbled": _NO_OCR, "scan": _NO_OCR, "broken": "请重新下载或导出该文件。"}


def read(data: bytes, source: str) -> RawDocument:
    """A .pdf file; ``hidden`` are headers, footers, page numbers and watermarks, ``layout`` has the place of every character.

    Raises UnreadableFile for a broken, encrypted or oversized one, and for a scanned one where the extra ``ocr`` is not installed.
    """
    with without_system_fonts():
        pages, left_out = _opened(data, source)
    if not any(p.glyphs.text for p in pages):
        for state, error in _NOTHING.items():
            if left_out[state]:
                raise UnreadableFile(f"“{source}”{error}。", _WAYS[state])
        raise UnreadableFile(f"“{source}”里没有文字。", "请确认文件内容，或重新导出该文件。")
    notes = [
        f"{_numbers(left_out[state])}{_LEFT_OUT[state]}，没有读取。{_WAYS[state]}"
        for state in _NOTHING
        if left_out[state]
    ]
    return assemble(pages, source, sha256(data).hexdigest(), "pdf", notes)


def _opened(data: bytes, source: str) -> tuple[list[PageContent], dict[str, list[int]]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as e:
        if "password" in str(e).lower():
            raise UnreadableFile(f"“{source}”有密码保护。", "请在 PDF 阅读器中去掉密码后另存。") from e
        raise UnreadableFile(f"“{source}”已损坏，不能作为 PDF 打开。", "请重新下载或导出该文件。") from e
    pictures = _Pictures(data)
    try:
        return _pages(document, source, pictures)
    finally:
        pictures.close()
        document.close()


class _Pictures:
    """The pages of a file as they are drawn for recognition, with the fonts of this machine where the file brings none along."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._document: Any = None

    def page(self, n: int, scale: float) -> Any:
        """Page ``n`` (from 0) as pixels."""
        import pypdfium2

        with with_system_fonts():
            if self._document is None:
                self._document = pypdfium2.PdfDocument(self._data)
            page = self._document[n]
            bitmap = page.render(scale=scale, rev_byteorder=True, draw_annots=False, maybe_alpha=False)
            try:
                return bitmap.to_numpy()[:, :, :3].copy()
            finally:
                bitmap.close()
                page.close()

    def close(self) -> None:
        """Forget the file."""
        if self._document is not None:
            self._document.close()


def _pages(document: Any, source: str, pictures: _Pictures) -> tuple[list[PageContent], dict[str, list[int]]]:
    """What stands on each page, and the numbers of the pages left out by the reason (keys of ``_NOTHING``)."""
    import pypdfium2

    count = len(document)
    if count > limit("pdf_pages"):
        raise UnreadableFile(f"“{source}”有 {count} 页，超过{stated('pdf_pages')}。", "请拆分后再读。")
    pages: list[PageContent] = []
    left_out: dict[str, list[int]] = {state: [] for state in _NOTHING}
    characters = 0
    before = None  # stays open while the next page is loaded: pdfium forgets fonts that no open page uses
    for n in range(count):
        try:
            page = document[n]
        except pypdfium2.PdfiumError:
            left_out["broken"].append(n + 1)
            pages.append(PageContent(Sheet(1.0, 1.0), no_glyphs()))
            continue
        if before is not None:
            before.close()
        before = page
        content, state = _content(page, source, n + 1)
        characters += len(content.glyphs.text)
        if characters > limit("pdf_characters"):
            raise UnreadableFile(f"“{source}”的字符超过{stated('pdf_characters')}。", "请拆分后再读。")
        if state in _NEEDS_OCR and ocr.available() is not None:
            content = _recognised(pictures, n, content)
        elif state:
            left_out[state].append(n + 1)
        pages.append(content)
    return pages, left_out


def _numbers(pages: Sequence[int]) -> str:
    shown = "、".join(map(str, pages[:10]))
    return f"第 {shown} 页" if len(pages) <= 10 else f"第 {shown} 等 {len(pages)} 页"


def _content(page: Any, source: str, number: int) -> tuple[PageContent, str]:
    """What stands on a page, and ``scan``, ``garbled`` or ``broken`` when its text cannot be used (it is left out then)."""
    import pypdfium2

    try:
        text = PageText(page)
    except pypdfium2.PdfiumError:
        return PageContent(Sheet(*page.get_size()), no_glyphs()), "broken"
    count = text.count()
    if count > limit("page_characters"):
        raise UnreadableFile(
            f"“{source}”第 {number} 页有 {count} 个字符，超过{stated('page_characters')}。",
            "请核实文件来源，或拆分后再读。",
        )
    text.load()
    if len(text.text) < _SCAN_CHARACTERS and pdf_paths.picture_share(page, text.place.box) > _SCAN_AREA:
        return PageContent(text.place.sheet(), no_glyphs()), "scan"
    if text.is_garbled():
        return PageContent(text.place.sheet(), no_glyphs()), "garbled"
    glyphs, aside = text.upright()
    rules = pdf_paths.find_rules(page, text.place.to_lines) if glyphs.text else []
    return PageContent(text.place.sheet(), glyphs, rules, aside), ""


def _recognised(pictures: _Pictures, n: int, content: PageContent) -> PageContent:
    """The page drawn and recognised; places in points of the page as it is shown."""
    width, height = content.sheet.width, content.sheet.height
    scale = min(_OCR_PIXELS / max(width, height, 1.0), _MAX_OCR_SCALE)
    return ocr.recognise(pictures.page(n, scale)).page(width, height)
