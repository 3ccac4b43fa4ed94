"""Pages as pictures for people: one page of a pdf or of a scan, upright, no larger than a browser needs."""

from __future__ import annotations

import io
from typing import Any

from reportminer.errors import UnreadableFile
from reportminer.ingest import image
from reportminer.ingest.kinds import kind_of

LONGEST = 1800  # pixels of the longer side: sharp at twice the usual width of a column
_MOST_SCALE = 8.0  # pixels for one point: of small pages
_QUALITY = 82


def draw(data: bytes, source: str, page: int, turn: int = 0) -> bytes:
    """Page ``page`` (from 1) of a file as JPEG, turned by ``turn`` quarters against the clock. Raises UnreadableFile for a page that is not
    there or cannot be drawn, and for a file without pages."""
    kind = kind_of(data, source)
    if kind == "pdf":
        picture = _of_pdf(data, source, page)
    elif kind == "image":
        picture = _of_picture(data, source, page)
    else:
        raise UnreadableFile(f"“{source}”没有页面图像。", "请看正文。")
    from PIL import Image

    if turn % 4:
        turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
        picture = picture.transpose(turns[turn % 4 - 1])
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _of_pdf(data: bytes, source: str, number: int) -> Any:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as e:
        raise _failed(source, number) from e
    try:
        if not 1 <= number <= len(document):
            raise _absent(source, number)
        page = document[number - 1]
        scale = min(LONGEST / max(*page.get_size(), 1.0), _MOST_SCALE)
        return page.render(scale=scale, maybe_alpha=False).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ValueError) as e:
        raise _failed(source, number) from e
    finally:
        document.close()


def _of_picture(data: bytes, source: str, number: int) -> Any:
    from PIL import Image

    if number < 1:
        raise _absent(source, number)
    shown = next(image.shown_pages(data, source, number - 1), None)
    if shown is None:
        raise _absent(source, number)
    picture = Image.fromarray(shown.picture)
    picture.thumbnail((LONGEST, LONGEST))
    return picture


def _absent(source: str, number: int) -> UnreadableFile:
    return UnreadableFile(f"“{source}”没有第 {number} 页。", "请刷新页面。")


def _failed(source: str, number: int) -> UnreadableFile:
    return UnreadableFile(f"“{source}”第 {number} 页画不出来。", "请用 PDF 阅读器打开原文件查看。")
