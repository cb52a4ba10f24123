"""F1 with one technique left out each, on all sets: `python benchmarks/ablation.py --data FOLDER`.

Nothing declared. Differences below .002 are noise: another seed of the random pairs moves F1 by as much. The sets are those of
accuracy.py, made there or here. See `variations` for what is changed, and how.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from accuracy_sets import Set, available, make
from common import machine
from variation_scores import SMALL, Scores, table
from variations import TECHNIQUES

NOISE = 0.002


def lines(scores: Scores, sets: list[Set]) -> Iterator[list[str]]:
    """A line for each technique left out, changes beyond noise in bold."""
    base = [scores.f1(one) for one in sets]
    yield ["nothing", *(f"{value:.4f}" for value in base)]
    for technique in TECHNIQUES:
        found = [scores.f1(one, [technique]) for one in sets]
        yield [technique.name, *(spelled(value, shipped) for value, shipped in zip(found, base, strict=True))]


def spelled(value: float, shipped: float) -> str:
    """An F1, bold where it differs beyond noise."""
    return f"**{value:.4f}**" if abs(value - shipped) > NOISE else f"{value:.4f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with sets and their truth (default: data)")
    parser.add_argument("--folder", type=Path, default=Path("accuracy"), help="where sets and scores are kept")
    parser.add_argument("--only", nargs="+", default=SMALL, metavar="NAME", help="these sets (default: the smaller ones)")
    arguments = parser.parse_args()
    print(machine(), end="\n\n", flush=True)
    there = available(arguments.data, [5_000])
    sets = [make(arguments.folder, arguments.data, name, there[name]) for name in arguments.only if name in there]
    table(["without", *(one.name for one in sets)], lines(Scores(arguments.folder), sets))


if __name__ == "__main__":
    main()
