"""The judged tables of name pairs by culture: how many are judged right, and each that is not.

Run ``python benchmarks/names.py`` from the root of the repository. ``--apart`` scores only the third of the pairs that was
kept apart while the tables of names were made, ``--tuned`` only the rest.
"""

import argparse
import csv
import hashlib
from collections import defaultdict
from pathlib import Path

from omniid.names import name_levels, same_names

DATA = Path(__file__).parents[1] / "tests" / "data"


def is_apart(row: dict[str, str]) -> bool:
    """Whether a pair belongs to the third that was kept apart: by a hash of its names."""
    return int(hashlib.md5(f"{row['left']}|{row['right']}".encode()).hexdigest(), 16) % 3 == 0


def main() -> None:
    """Print the score by culture, and each miss with the levels that led to it."""
    parser = argparse.ArgumentParser(description=__doc__)
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--apart", action="store_true", help="only the third that was kept apart")
    group.add_argument("--tuned", action="store_true", help="only the other two thirds")
    options = parser.parse_args()
    paths = sorted(DATA.glob("name_pairs*.csv"))
    rows = [row for path in paths for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]
    if options.apart or options.tuned:
        rows = [row for row in rows if is_apart(row) is options.apart]
    verdicts = same_names([row["left"] for row in rows], [row["right"] for row in rows]).tolist()
    right: dict[str, list[bool]] = defaultdict(list)
    for row, verdict in zip(rows, verdicts, strict=True):
        right[row["culture"]].append(verdict == (row["same"] == "1"))
        if not right[row["culture"]][-1]:
            levels = ", ".join(f"{part}: {level}" for part, level in name_levels(row["left"], row["right"]).items())
            print(f"{row['culture']}: {row['left']} | {row['right']} ({row['note']}) should be {row['same']}; {levels}")
    print()
    for culture, found in sorted(right.items(), key=lambda item: (sum(item[1]) / len(item[1]), item[0])):
        print(f"{culture:16s} {sum(found):4d} of {len(found):4d}  {sum(found) / len(found):.3f}")
    every = [verdict for found in right.values() for verdict in found]
    print(f"{'all':16s} {sum(every):4d} of {len(every):4d}  {sum(every) / len(every):.4f}")


if __name__ == "__main__":
    main()
