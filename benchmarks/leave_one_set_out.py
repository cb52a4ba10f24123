"""Would the constants be others if a set were not there? `python benchmarks/leave_one_set_out.py --data FOLDER`.

The constants that were set by eye each have a grid around the shipped value (`variations.CONSTANTS`). The first table scores
every point on every set, the other constants as shipped: how far does F1 move? The second leaves out one set after the other:
each constant takes the value that the *other* sets choose, all these together resolve the set left out, and the loss is what
that costs against the shipped constants. A set on which the constants had been fitted would lose by it. The others choose by
the median of their changes and, for comparison, by the mean. A value is better only by more than one standard error of the
changes (the rule of Breiman et al., "Classification and Regression Trees", 1984), each of which is taken to vary by `NOISE`
at least: less is the scatter of a few sets. Where no value is better than the shipped one, that stays. Scores are kept in
--folder until the library changes, so that a run can go on where it stopped.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from statistics import mean, median, stdev

from accuracy_sets import Set
from variation_scores import NOISE, Scores, sets_and_scores, table
from variations import CONSTANTS, SHIPPED, Variation


def sensitivity(scores: Scores, sets: Sequence[Set]) -> Iterator[list[str]]:
    """A line for each value of each constant: the change of F1 on each set, their median and mean."""
    for constant, grid in CONSTANTS.items():
        for variation in grid:
            moved = [scores.f1(one, [variation]) - scores.f1(one) for one in sets]
            yield [constant, variation.value, *(f"{change:+.4f}" for change in [*moved, median(moved), mean(moved)])]


def chosen_by(scores: Scores, sets: Sequence[Set], middle: Callable[[list[float]], float]) -> list[Variation]:
    """The value of each constant that some sets choose; the shipped one where none is better beyond the scatter."""

    def gain(variation: Variation) -> float:
        changes = [scores.f1(one, [variation]) - scores.f1(one) for one in sets]
        found = round(middle(changes), 4)
        varies = max(stdev(changes), NOISE) if len(changes) > 1 else NOISE
        return found if found > varies / math.sqrt(len(changes)) else 0.0

    best = [max((SHIPPED, *grid), key=gain) for grid in CONSTANTS.values()]
    return [variation for variation in best if variation != SHIPPED]


def losses(scores: Scores, sets: Sequence[Set]) -> Iterator[list[str]]:
    """A line for each set and way to choose: what the others choose, and what that does to it."""
    for left_out in sets:
        others, shipped = [one for one in sets if one != left_out], scores.f1(left_out)
        for name, middle in (("median", median), ("mean", mean)):
            chosen = chosen_by(scores, others, middle)
            without = scores.f1(left_out, chosen)
            words = ", ".join(variation.key for variation in chosen) or "as shipped"
            yield [left_out.name, name, f"{shipped:.4f}", f"{without:.4f}", f"{shipped - without:+.4f}", words]


def main() -> None:
    sets, scores = sets_and_scores(__doc__)
    table(["constant (shipped)", "value", *(one.name for one in sets), "median", "mean"], sensitivity(scores, sets))
    print()
    table(["set left out", "others choose by", "shipped", "as they choose", "loss", "what they choose"], losses(scores, sets))


if __name__ == "__main__":
    main()
