"""Several people at work at once on a real server: a small run of ``benchmarks/workbench.py``. Nothing that anybody did is lost; speed is measured there."""

from __future__ import annotations

from pathlib import Path

from serving import under_load


def test_of_what_ten_do_at_once_nothing_is_lost(tmp_path: Path) -> None:
    """All decide the same few findings: who comes second is told so, looks again, and both are in the history."""
    work = {"correct": 4, "decide": 8, "upload": 1, "report": 1, "findings filter": 2, "compare table": 1}
    times, users, _, done, gone = under_load(tmp_path / "store", 10, 10, 0.0, 0, work=work, findings=3)
    assert gone == []
    assert [w for u in users for w in u.wrong] == []
    assert done > 50 and all(u.corrected or u.decided or u.uploaded for u in users)
    assert set(work) <= set(times)
