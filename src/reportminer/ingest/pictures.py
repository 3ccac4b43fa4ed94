"""Which files are pictures: told without loading what reads them."""

from __future__ import annotations

_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_BMP_HEADS = (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0", b"\x0c\0\0\0")  # sizes of the second head


def is_image(data: bytes) -> bool:
    """A picture of a format read here, by its first bytes."""
    if data.startswith(
        b"BM"
    ):  # two letters say little: the reserved bytes of the head are zero and the size of the next is known
        return data[6:10] == b"\0\0\0\0" and data[14:18] in _BMP_HEADS
    return data.startswith(_BEGINNINGS)
