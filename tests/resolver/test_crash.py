"""Kill -9 while a store is told records: what was acknowledged stands, nothing stands in part, and a rebuild changes nothing.

`benchmarks/crashes.py --job oracle.live_crashes:ResolverJob` kills 200 times and more.
"""

from pathlib import Path

import pytest

from oracle.crashes import crash

pytest.importorskip("resource", reason="this system can't kill a process outright")


def test_a_killed_ingest_loses_nothing_and_leaves_nothing_in_part(tmp_path: Path) -> None:
    out = crash("oracle.live_crashes:ResolverJob", tmp_path / "people.omniid", kills=2, seed=5, longest=0.5)
    assert out.problems == []
    assert out.steps > 1
