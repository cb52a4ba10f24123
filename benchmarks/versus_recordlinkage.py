"""Matching against recordlinkage: `python benchmarks/versus_recordlinkage.py --recordlinkage-python PATH`.

The same file, rules and threshold for both, measured as in versus_splink.py; recordlinkage finds the derived keys ready made in
its file. See recordlinkage_side.py for what it leaves out.
"""

import argparse
import sys
from pathlib import Path

from common import machine
from engines import Engine, keyed_file, print_ratios, require, run_in_turn
from people_set import people_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rules", choices=("light", "heavy"), default="light")
    parser.add_argument("--repeat", type=int, default=1, metavar="K", help="runs of each engine, in turn; medians are printed")
    parser.add_argument("--recordlinkage-python", default=sys.executable, metavar="PATH", help="an interpreter that has it")
    parser.add_argument("--folder", type=Path, default=Path("people"), help="where the sets are kept (default: people)")
    arguments = parser.parse_args()
    require(arguments.recordlinkage_python, "recordlinkage", "recordlinkage==0.16 pyarrow", "--recordlinkage-python")
    print(machine(), flush=True)
    people = people_file(arguments.folder, arguments.records)
    ours = Engine("omniid", sys.executable, "matching_core.py", people)
    theirs = Engine("recordlinkage", arguments.recordlinkage_python, "recordlinkage_side.py", keyed_file(people))
    print(f"{arguments.records:,} records, {arguments.rules} rules\n", flush=True)
    run_in_turn([ours, theirs], people, arguments.rules, arguments.repeat)
    print_ratios(ours, theirs)


if __name__ == "__main__":
    main()
