"""Where the data files are, in a wheel, an editable install and a checkout alike."""

from __future__ import annotations

from pathlib import Path

from reportminer.errors import LexiconError

_PACKAGE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """The folder of bundled data ``name`` (``"lexicons"``): inside the package in a wheel, at the root of a checkout.

    Raises LexiconError when neither is there (a broken installation).
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent.parent / name):
        if candidate.is_dir():
            return candidate
    raise LexiconError(f"找不到程序自带的数据目录 {name}。", "请重新安装 reportminer。")
