"""Builds ``src/reportminer/ingest/box.ttf``: a font of one glyph, a small box, that stands in for all fonts that a pdf does not bring along.

usage: python tools/build_box_font.py     (needs fonttools, which matplotlib brings along)
"""

import struct
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables.DefaultTable import DefaultTable

TARGET = Path(__file__).resolve().parent.parent / "src" / "reportminer" / "ingest" / "box.ttf"


def main() -> None:
    """Write the font. The box is narrower than any letter, so that a character is as wide as the file says."""
    pen = TTGlyphPen(None)
    for n, point in enumerate([(0, 0), (0, 600), (100, 600), (100, 0)]):
        (pen.lineTo if n else pen.moveTo)(point)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "box"])
    font.setupCharacterMap({})
    glyph = pen.glyph()
    font.setupGlyf({".notdef": glyph, "box": glyph})
    font.setupHorizontalMetrics({".notdef": (500, 0), "box": (500, 0)})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": "Box", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    font.setupPost()
    font.font["cmap"] = _every_character()
    font.font["head"].created = font.font["head"].modified = 0
    font.font.recalcTimestamp = False
    font.save(TARGET)


def _every_character() -> DefaultTable:
    """A cmap with one group of many characters that are one glyph (format 13)."""
    table = DefaultTable("cmap")
    group = struct.pack(">III", 0x21, 0x10FFFF, 1)
    head = struct.pack(">HHIII", 13, 0, 16 + len(group), 0, 1)
    table.data = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + head + group
    return table


if __name__ == "__main__":
    main()
