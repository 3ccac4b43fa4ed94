"""Imported by the server that workers are forked from, and by nobody else: loads once what every worker needs, so that a worker starts in a few
milliseconds and shares the memory of it."""

from __future__ import annotations

import contextlib
import gc

from reportminer.checks import load
from reportminer.errors import ReportMinerError
from reportminer.worker import lexicon_of, warm

with contextlib.suppress(ReportMinerError):  # told with the first file, where it can be answered
    warm(lexicon_of(None))
    load(lexicon_of(None))
gc.collect()
gc.freeze()  # what is loaded stays: no worker need look through it, and its pages stay shared
