"""Eight processes ask a resolver while one writes: `python benchmarks/resolver_readers.py [--seconds 60] [--readers 8]`.

Each write moves two records from one customer to the other in one call. A reader asks for the crosswalk, a profile, a
look-up, the whole result and the feed, and looks for an answer that shows one half of a move. Ends with an error if there was
any.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import machine

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from oracle import live_readers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=8)
    options = parser.parse_args()
    print(machine(), end="\n\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.omniid"
        with live_readers.make(path) as writer:
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            code = f"from oracle.live_readers import read_for; read_for({str(path)!r}, {options.seconds})"
            command = [sys.executable, "-c", code]
            readers = [
                subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(options.readers)
            ]
            started, step = time.perf_counter(), 0
            while any(reader.poll() is None for reader in readers):
                step += 1
                live_readers.move(writer, step)
            spent = time.perf_counter() - started
            said = [reader.communicate()[0].splitlines() for reader in readers]
            problems = writer.check()
            if differs := writer.rebuild():
                problems.append(f"a rebuild differs: {differs}")
    problems += [line for lines in said for line in lines[1:-1]]
    problems += [f"a reader ended with {reader.returncode}" for reader in readers if reader.returncode]
    answers = sum(int(lines[-1]) for lines in said if lines)
    print(f"{options.readers} readers, {5 * answers:,} answers; one writer, {step:,} calls; {spent:.0f} s")
    for problem in problems[:20]:
        print(problem)
    if problems:
        raise SystemExit(1)
    print("no error, and no answer mixed two states")


if __name__ == "__main__":
    main()
