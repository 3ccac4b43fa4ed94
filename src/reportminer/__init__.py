"""Reads Chinese local-government reports: observations, findings, comparisons.

    import reportminer
    report = reportminer.read("report.txt")
    report.to_frame()

Names are loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["check", "compare", "periods", "quantities", "read"]

if TYPE_CHECKING:
    from reportminer.api import check, compare, periods, quantities, read


def __getattr__(name: str) -> Any:
    if name in ("check", "compare", "periods", "quantities", "read"):
        value = getattr(import_module("reportminer.api"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'reportminer' has no attribute {name!r}")
