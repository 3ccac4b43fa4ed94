"""Characters of symbol fonts, which have no meaning without their font: ±, ≥, ☑ and the few others that reports print."""

from __future__ import annotations

# by the code in the font; what is missing is an ornament and no text
_SYMBOL = {
    0xA2: "′", 0xB2: "″", 0xA3: "≤", 0xB3: "≥", 0xA5: "∞", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xB7: "•", 0x6D: "μ", 0xE5: "∑",
    0x61: "α", 0x62: "β", 0xAE: "→", 0xAD: "↑", 0xAF: "↓",
}  # fmt: skip
_WINGDINGS = {
    0xFE: "☑", 0xFD: "☒", 0xA8: "□", 0x6F: "□", 0x71: "□", 0xFC: "✓", 0xFB: "✗", 0x6C: "●", 0x6E: "■", 0x75: "◆", 0xD8: "➢", 0xE0: "→", 0xB2: "☆", 0xAB: "★",
}  # fmt: skip
_WINGDINGS2 = {0x52: "☑", 0x54: "☒", 0x50: "✓", 0x4F: "✗", 0xA3: "□", 0x2A: "□"}
_PLAIN = range(0x20, 0x40)  # digits and marks of the Symbol font are those of ASCII


def symbol(font: str, code: str) -> str:
    """The character of ``w:sym``: font name and hexadecimal code (F0xx or xx)."""
    try:
        n = int(code, 16)
    except ValueError:
        return ""
    if not 0xF000 <= n <= 0xF0FF and n > 0xFF:
        return chr(n) if n <= 0xD7FF or 0xF900 <= n <= 0xFFFD else ""
    n &= 0xFF
    name = font.lower().replace(" ", "")
    if name == "symbol":
        return _SYMBOL.get(n, chr(n) if n in _PLAIN else "")
    return (_WINGDINGS2 if name == "wingdings2" else _WINGDINGS).get(n, "") if "wingdings" in name else ""
