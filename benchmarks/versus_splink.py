"""Matching against Splink: `python benchmarks/versus_splink.py --records 1000000 --rules light --splink-python PATH`.

Both match the same Parquet file by the same rules, levels and threshold (`people_task`), in a fresh process each, back to back
and in turn. The clock covers everything from the start of the process to the clusters, imports and training included; Splink
uses DuckDB with all cores. The keys that are no field of the file (soundex, year, initial, postcode area) are made for Splink
beforehand and free of charge; omniid derives them on its own clock. Both clusterings are scored by the same code.
"""

import argparse
import sys
from pathlib import Path

from common import machine
from engines import Engine, keyed_file, print_ratios, require, run_in_turn
from people_set import people_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rules", choices=("light", "heavy"), default="light")
    parser.add_argument("--repeat", type=int, default=1, metavar="K", help="runs of each engine, in turn; medians are printed")
    parser.add_argument("--splink-python", default=sys.executable, metavar="PATH", help="an interpreter that has Splink")
    parser.add_argument("--folder", type=Path, default=Path("people"), help="where the sets are kept (default: people)")
    arguments = parser.parse_args()
    require(arguments.splink_python, "splink", "splink==5.0.0", "--splink-python")
    print(machine(), flush=True)
    people = people_file(arguments.folder, arguments.records)
    ours = Engine("omniid", sys.executable, "matching_core.py", people)
    theirs = Engine("Splink", arguments.splink_python, "splink_side.py", keyed_file(people))
    print(f"{arguments.records:,} records, {arguments.rules} rules\n", flush=True)
    run_in_turn([ours, theirs], people, arguments.rules, arguments.repeat)
    print_ratios(ours, theirs)


if __name__ == "__main__":
    main()
