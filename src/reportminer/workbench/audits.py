"""Audit reports of a project, with the decisions of people, as files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reportminer.audit import build, write
from reportminer.store.store import Store
from reportminer.workbench.findings import material


def audit_file(store: Store, project: int, ending: str) -> bytes:
    """The audit report as ``docx``, ``xlsx`` or ``html``."""
    m = material(store, project)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"audit.{ending}"
        write(path, build(m.reports, m.findings, m.verified, m.dismissed))
        return path.read_bytes()
