"""What the benchmark of live stores counts: values whose class flips, and the rows that a transaction writes."""

import sys
from pathlib import Path

import omniid

sys.path.insert(0, str(Path(omniid.__file__).parents[2] / "benchmarks"))  # scripts, not a package

from watched_store import PERSONAL, Watched


def test_flips_are_counted_and_rows_are_written() -> None:
    household = PERSONAL + 1
    with omniid.open(":memory:") as resolver:
        watched = Watched(resolver.store)
        with watched.writing() as store:
            store.put("contacts", [(1, 2, 2, household), (2, 1, 5, PERSONAL)])
            assert store.count("contacts") == 2
        assert (watched.flips, watched.written["contacts"]) == (1, 2)
        watched.begin()
        with watched.writing() as store:
            store.put("contacts", [(1, 3, 3, household)])
            store.remove("contacts", "key", [1, 2])
        assert (watched.flips, watched.written["contacts"]) == (1, 1)
        with watched.reading() as store:
            assert store.count("contacts") == 0
