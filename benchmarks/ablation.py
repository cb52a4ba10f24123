"""F1 with one technique left out each, on all sets: `python benchmarks/ablation.py --data FOLDER`.

Nothing declared. Differences below .002 are noise: another seed of the random pairs moves F1 by as much. The sets are those of
accuracy.py, made there or here. See `variations` for what is changed, and how.
"""

from collections.abc import Iterator

from accuracy_sets import Set
from variation_scores import NOISE, Scores, sets_and_scores, table
from variations import TECHNIQUES


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
    sets, scores = sets_and_scores(__doc__)
    table(["without", *(one.name for one in sets)], lines(scores, sets))


if __name__ == "__main__":
    main()
