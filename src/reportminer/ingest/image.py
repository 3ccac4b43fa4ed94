"""Scans and photographs (.jpg, .png, .tif with several pages, .bmp): recognised page by page (extra ``ocr``)."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.ingest import ocr, progress
from reportminer.ingest.pages.assemble import assemble
from reportminer.ingest.pages.glyphs import PageContent
from reportminer.limits import limit, stated

_LARGEST = 3000  # pixels of the longer side that recognition needs
# what Pillow raises for a damaged picture
_DAMAGED = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, struct.error, zlib.error, OverflowError, MemoryError, ZeroDivisionError, AttributeError)  # fmt: skip
_NO_OCR = (
    "请安装文字识别：pip install 'reportminer[ocr]'；或用其他软件识别后存为 .docx、.txt 或可搜索的 PDF。"
)


class ShownPage(NamedTuple):
    """A page as it is shown, not larger than recognition needs, with its own width and height, its number (from 1) and how many there are."""

    picture: ocr.Picture
    width: int
    height: int
    number: int
    total: int


def read(data: bytes, source: str) -> RawDocument:
    """A picture of text; boxes are in pixels. Raises UnreadableFile for a broken or oversized one, one without text, and where the extra ``ocr`` is not installed."""
    if ocr.available() is None:
        raise UnreadableFile(f"“{source}”是图片，没有安装文字识别，不能读取。", _NO_OCR)
    pages = _pages(data, source)
    if not any(p.glyphs.text for p in pages):
        raise UnreadableFile(
            f"“{source}”里没有认出文字。",
            "请确认图片清晰、内容是文字，或提高扫描分辨率（建议 150—300 dpi）。",
        )
    return assemble(pages, source, sha256(data).hexdigest(), "image")


def _pages(data: bytes, source: str) -> list[PageContent]:
    out = []
    for p in shown_pages(data, source):
        progress.tell(source, p.number, p.total)
        out.append(ocr.recognise(p.picture).page(float(p.width), float(p.height)))
    return out


def shown_pages(data: bytes, source: str, only: int | None = None) -> Iterator[ShownPage]:
    """Each page, or ``only`` one (from 0; nothing when it is not there). Raises UnreadableFile."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of Pillow, about sizes and damaged tags: the size is checked here
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF", "BMP"))
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        if count > limit("image_pages"):
            raise UnreadableFile(f"“{source}”有 {count} 页，超过{stated('image_pages')}。", "请拆分后再读。")
        for n in range(count) if only is None else range(only, min(only + 1, count)):
            if count > 1:
                image.seek(n)
            if image.width * image.height > limit("image_pixels"):
                raise _too_large(source)
            yield ShownPage(*_prepared(image), n + 1, count)
    except UnreadableFile:
        raise
    except Image.DecompressionBombError as e:
        raise _too_large(source) from e
    except _DAMAGED as e:
        raise UnreadableFile(f"“{source}”已损坏，不能作为图片打开。", "请重新扫描或导出该文件。") from e


def _too_large(source: str) -> UnreadableFile:
    return UnreadableFile(f"“{source}”的像素数超过{stated('image_pixels')}。", "请核实文件来源，缩小后再读。")


def _prepared(image: Any) -> tuple[ocr.Picture, int, int]:
    from PIL import Image, ImageOps

    shown = ImageOps.exif_transpose(image)
    width, height = shown.size
    if shown.mode in ("RGBA", "LA", "PA", "P"):
        shown = shown.convert("RGBA")
        shown = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown)
    elif shown.mode.startswith(("I", "F")):  # 16 bits and more for one point
        shown = _eight_bits(shown)
    shown = shown.convert("RGB")
    shown.thumbnail((_LARGEST, _LARGEST))
    return np.asarray(shown), width, height


def _eight_bits(image: Any) -> Any:
    from PIL import Image

    values = np.asarray(image, np.float64)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(high - low, 1.0))).astype(np.uint8))
