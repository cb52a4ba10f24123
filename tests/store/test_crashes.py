"""A killed writer loses nothing that it has acknowledged, and a full disk leaves nothing in part.

`benchmarks/crashes.py` kills 200 times and more.
"""

import os
import subprocess
import sys

import pytest

from omniid.errors import StoreFullError
from oracle.crashes import StoreJob, crash

pytest.importorskip("resource", reason="this system has no limits on file sizes")


def test_a_killed_writer_loses_nothing(tmp_path):
    out = crash("oracle.crashes:StoreJob", tmp_path / "people.omniid", kills=8, seed=1, longest=0.15)
    assert out.problems == []
    assert out.kills == 8
    assert out.steps > 20
    assert not list(tmp_path.glob(".*.new")), "a writer killed while it made the store left its work beside it"


def test_the_harness_notices_what_is_lost_and_what_is_in_part(tmp_path):
    assert "lost" in " ".join(crash("oracle.crashes:ForgetfulJob", tmp_path / "a", kills=2, seed=1).problems)
    assert "totals" in " ".join(crash("oracle.crashes:HalfJob", tmp_path / "b", kills=2, seed=1).problems)


FULL = """
import resource, sys
from pathlib import Path
from oracle.crashes import StoreJob
from omniid.errors import StoreFullError
job, number, failures = StoreJob(), 0, 0
opened = job.open(Path(sys.argv[1]))
for size in (60_000, 120_000, 200_000, 500_000, 900_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        while True:
            job.step(opened, number + 1)
            number += 1
    except StoreFullError as error:
        assert "make room" in str(error), error
        failures += 1
    stands, problems = job.standing(opened)
    assert not problems, problems
    assert stands in (number, number + 1), (stands, number)  # the step's upkeep may fail after its transaction was kept
    number = stands
job.close(opened)
print(failures, number)
"""


def test_a_full_disk_keeps_what_was_written_and_nothing_in_part(tmp_path):
    path = tmp_path / "people.omniid"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    out = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, env=environment, check=False)
    assert out.returncode == 0, out.stderr
    failures, number = map(int, out.stdout.split())
    assert failures == 5
    job = StoreJob()
    opened = job.open(path)
    assert job.standing(opened) == (number, [])
    job.step(opened, number + 1)  # there is room again
    assert job.standing(opened) == (number + 1, [])
    job.close(opened)


def test_a_store_at_its_largest_size_stays_whole_and_goes_on(tmp_path):
    job = StoreJob()
    opened = job.open(tmp_path / "people.omniid")
    writer = opened._connections.writer()
    writer.execute("PRAGMA max_page_count = 30")
    number = 1
    with pytest.raises(StoreFullError, match="Nothing was written: make room"):  # noqa: PT012  # one of them fails
        for number in range(1, 1000):  # the step that fails is read afterwards
            job.step(opened, number)
    assert number > 3
    assert job.standing(opened) == (number - 1, [])
    writer.execute("PRAGMA max_page_count = 4294967294")
    job.step(opened, number)
    assert job.standing(opened) == (number, [])
    job.close(opened)
