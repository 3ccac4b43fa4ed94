"""The words that a person chooses from."""

from __future__ import annotations

from functools import cache
from typing import Any

from reportminer.comparison.layout import indicator_names
from reportminer.names import BOUNDS, KINDS, SCOPES, STATUSES

SEVERITIES = {"error": "错误", "warning": "待核", "info": "提示"}
VERDICTS = {"open": "未定", "confirmed": "属实", "false_alarm": "误报", "explained": "已说明"}


@cache
def choices() -> dict[str, Any]:
    """Chinese names by id of all that can be chosen."""
    return {
        "indicator": indicator_names(),
        "kind": KINDS,
        "status": STATUSES,
        "bound": BOUNDS,
        "scope": SCOPES,
    }
