"""Kill a writing process at random moments, hundreds of times, and check after each that nothing is lost or half done.

`python benchmarks/crashes.py --kills 200` kills a writer of the plain store; `--job module:Class` another one (the protocol
stands in tests/oracle/crashes.py). The store goes on from one kill to the next. Ends with an error if anything was wrong.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from oracle.crashes import crash


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--longest", type=float, default=0.4, help="the most seconds from the opened store to the kill")
    parser.add_argument("--job", default="oracle.crashes:StoreJob")
    options = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.omniid"
        out = crash(options.job, path, kills=options.kills, seed=options.seed, longest=options.longest)
        size = path.stat().st_size / 2**20
    print(f"{out.kills} kills in {time.perf_counter() - started:.0f} s, {out.while_opening} of them before the store was open")
    print(f"{out.steps} steps stand; {out.one_more} times the last one stood without having been acknowledged; {size:.1f} MiB")
    for problem in out.problems:
        print(problem)
    if out.problems:
        raise SystemExit(1)
    print("nothing acknowledged was lost, nothing stands in part, every check was clean")


if __name__ == "__main__":
    main()
