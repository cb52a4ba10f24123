"""Where the time goes, stage by stage: `python benchmarks/hot_path.py --records 1000000`.

First the matching core on the people set (see versus_splink.py), then the whole of resolve() on channel files with nothing
declared, each in a fresh process: seconds of wall and CPU, the most memory held up to the end of each stage, rows and pairs.
"""

import argparse
import sys
from pathlib import Path

from channel_files import channel_files
from common import machine
from engines import Engine, run_in_turn
from people_set import people_file
from stage_clock import print_stages, run_fresh

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("core", "resolve"), help="only one of the two")
    parser.add_argument("--rules", choices=("light", "heavy"), default="light", help="blocking rules of the core")
    parser.add_argument("--repeat", type=int, default=1, metavar="K")
    parser.add_argument("--folder", type=Path, default=Path("people"), help="where the files are kept (default: people)")
    arguments = parser.parse_args()
    print(machine(), flush=True)
    if arguments.only != "resolve":
        print(f"\nmatching core: {arguments.records:,} records, {arguments.rules} rules", flush=True)
        people = people_file(arguments.folder, arguments.records)
        engine = Engine("omniid", sys.executable, "matching_core.py", people)
        run_in_turn([engine], people, arguments.rules, arguments.repeat)
    if arguments.only != "core":
        print(f"\nresolve(): {arguments.records:,} records in channel files", flush=True)
        files = channel_files(arguments.folder, arguments.records)
        for _ in range(arguments.repeat):
            outcome = run_fresh(sys.executable, HERE / "resolve_side.py", files)
            print(", ".join(f"{count:,} {name}" for name, count in outcome.facts.items()))
            print_stages(outcome)


if __name__ == "__main__":
    main()
