"""Shared paths; the reference bench is used where it is there and skipped cleanly where it is not."""

from pathlib import Path

import pytest
from hypothesis import settings

# the first example of a run loads the lexicons, and CI machines are busy: a deadline per example tells nothing
settings.register_profile("plain", deadline=None)
settings.load_profile("plain")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
DEMO = ROOT / "corpora" / "demo"


@pytest.fixture(scope="session")
def bench():
    """The folder of the reference bench; skips the test where it is absent."""
    if not (SHARED / "bench").is_dir():
        pytest.skip("../shared/bench 不在此机器上")
    return SHARED / "bench"


@pytest.fixture(scope="session")
def demo_run():
    """The main job over corpora/demo, once per session."""
    from reportminer import pipeline

    return pipeline.run([DEMO])
