"""How cost grows with the number of records, nothing declared: `python benchmarks/scaling.py [--largest]`.

Resolves generated channel files of 10k, 100k, 300k and 1M records (and 5M with --largest) and saves the results, each in a
fresh process; with --memory-limit, within that. From 100k on it prints the exponents of CPU seconds, less those of the 10k run,
and of the pairs that the blocking rules make: the slopes of straight lines through the logarithms. The files are made once and
kept in --folder.
"""

import argparse
import sys
from pathlib import Path
from statistics import median

import numpy as np

from channel_files import channel_files
from common import machine
from stage_clock import Outcome, run_fresh

SMALLEST, SIZES, LARGEST = 10_000, (100_000, 300_000, 1_000_000), 5_000_000
HERE = Path(__file__).parent


def exponent(sizes: list[int], costs: list[float]) -> float:
    """The power of n with which a cost grows."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def run_size(folder: Path, records: int, repeat: int, limit: list[str]) -> tuple[float, Outcome]:
    """The median CPU seconds of a size, and the last run; prints a row."""
    files = channel_files(folder, records)
    outcomes = [run_fresh(sys.executable, HERE / "resolve_side.py", files, "--rules", *limit) for _ in range(repeat)]
    cpu, wall, last = median(run.cpu for run in outcomes), median(run.wall for run in outcomes), outcomes[-1]
    facts = last.facts
    print(
        f"{facts['records']:>11,}{cpu:>9.1f}{wall:>9.1f}{last.peak_gib:>10.2f}{facts['pairs']:>14,}{facts['compared']:>14,}"
        f"{facts['pairs'] / facts['records']:>12.2f}",
        flush=True,
    )
    return cpu, last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="sizes from 100k on, ascending")
    parser.add_argument("--largest", action="store_true", help="resolve 5M records, too")
    parser.add_argument("--repeat", type=int, default=1, metavar="K", help="runs of each size; medians are printed")
    parser.add_argument("--memory-limit", metavar="SIZE", help='what each run may hold, such as "8 GiB" (default: no limit)')
    parser.add_argument("--folder", type=Path, default=Path("channels"), help="where the files are kept (default: channels)")
    arguments = parser.parse_args()
    if min(arguments.sizes) <= SMALLEST:
        parser.error(f"--sizes: give sizes above {SMALLEST:,}, whose cost is subtracted as fixed")
    sizes = [*arguments.sizes, *([LARGEST] if arguments.largest else [])]
    limit = ["--memory-limit", arguments.memory_limit] if arguments.memory_limit else []
    print(machine(), end="\n\n", flush=True)
    print(
        f"{'records':>11}{'CPU s':>9}{'wall s':>9}{'peak GiB':>10}{'raw pairs':>14}{'compared':>14}{'a record':>12}", flush=True
    )
    fixed, _ = run_size(arguments.folder, SMALLEST, arguments.repeat, limit)
    runs = [run_size(arguments.folder, records, arguments.repeat, limit) for records in sizes]
    if len(sizes) > 1:
        cpu, pairs = [cpu - fixed for cpu, _ in runs], [run.facts["pairs"] for _, run in runs]
        print(f"\nfrom {sizes[0]:,} to {sizes[-1]:,} records")
        print(f"CPU seconds, less {fixed:.1f}, grow like n^{exponent(sizes, cpu):.3f}")
        print(f"raw pairs grow like n^{exponent(sizes, pairs):.3f}")


if __name__ == "__main__":
    main()
