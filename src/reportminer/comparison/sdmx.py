"""SDMX-CSV 1.0: one line per cell, for statistical data bases."""

from __future__ import annotations

import csv
import io

from reportminer.core import Table

DATAFLOW = "REPORTMINER:LOCAL_REPORTS(1.0)"
COLUMNS = (
    "DATAFLOW",
    "REF_AREA",
    "INDICATOR",
    "SCOPE",
    "KIND",
    "TIME_PERIOD",
    "UNIT_MEASURE",
    "OBS_VALUE",
    "OBS_STATUS",
    "CONF_STATUS",
    "COMMENT",
)
#: SDMX code list CL_OBS_STATUS: A normal, M missing (masked), E estimated, F forecast
_STATUS = {"actual": "A", "planned": "F", "required": "N"}


def sdmx_csv(table: Table) -> bytes:
    """The comparison as SDMX-CSV; REF_AREA is the GB/T 2260 code where known, periods in ISO 8601 (spans as start/end)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for c in table.cells:
        scope = ";".join(f"{k}={v}" for k, v in sorted(c.scope.items()))
        status = (
            "M"
            if c.masked or c.value is None
            else ("E" if c.bound == "approx" else _STATUS.get(c.status, "A"))
        )
        value = "" if c.value is None else format(c.value.normalize(), "f")
        comment = "" if c.bound in ("eq", "approx") else f"bound={c.bound}"
        row = (
            DATAFLOW,
            c.area_code or c.area,
            c.indicator,
            scope,
            c.kind,
            c.period or "",
            c.unit or "",
            value,
            status,
            "F",
            comment,
        )
        writer.writerow(["'" + x if x[:1] in "=+@" and x else x for x in row])
    return out.getvalue().encode()
