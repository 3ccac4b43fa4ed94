"""A workbench as a user starts it, for tests that need a process of its own; the load test has the same."""

from __future__ import annotations

import sys

from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from workbench import load as under_load
from workbench import lost, quantile, serving, settle

__all__ = ["lost", "quantile", "serving", "settle", "under_load"]
