"""Eight processes read one store while one writes, for a minute: no error, and no answer that mixes two states.

`python benchmarks/readers.py --readers 8 --seconds 60`. Each answer is read from two tables that agree only when a
write has ended.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from omniid.store import SqliteStore
from oracle.store import SHAPES, write

READ = """
import sys, time
sys.path.insert(0, sys.argv[1])
from omniid.store import SqliteStore
from oracle.store import SHAPES, one_state
states, last, until, slowest = 0, 0, time.monotonic() + float(sys.argv[3]), 0.0
with SqliteStore(sys.argv[2], SHAPES) as store:
    while time.monotonic() < until:
        started = time.perf_counter()
        with store.reading() as tables:
            newest = max(one_state(tables), default=0)
        slowest = max(slowest, time.perf_counter() - started)
        assert newest >= last, "an older state than before"
        states, last = states + 1, newest
print(states, round(slowest * 1000))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.omniid"
        command = [sys.executable, "-c", READ, sys.path[0], str(path), str(options.seconds)]
        readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(options.readers)]
        number, until = 0, time.monotonic() + options.seconds
        with SqliteStore(path, SHAPES) as store:
            while time.monotonic() < until:
                number += 1
                write(store, number)
            told = [reader.communicate()[0].split() for reader in readers]
            problems = store.check()
    failed = sum(reader.returncode != 0 for reader in readers)
    states = sum(int(words[0]) for words in told if words)
    slowest = max((int(words[1]) for words in told if words), default=0)
    print(f"{number} writes; {states} states read by {options.readers} processes, the slowest in {slowest} ms")
    print(f"{failed} readers failed; check: {problems or 'clean'}")
    raise SystemExit(bool(failed or problems))


if __name__ == "__main__":
    main()
