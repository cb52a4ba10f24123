"""Judged pairs in the mixture: pairs of which people said whether they are the same person.

**What is done.** A judged pair is one of the candidate pairs whose class is known. Where EM would share it among the classes by
its levels, it goes to the same person wholly; one judged different is shared between strangers and relatives only, as nobody
said which. It counts as one pair, like every other, beside the Dirichlet priors.

**Why the choice of the judged pairs does not matter.** Nobody judges a random sample: people look at doubtful pairs. So judged
pairs are not *added* to the counts, and no rate is estimated from the share of "same" among them. The pairs of a pattern remain
as many as they are, and what is known of some of them replaces what was assumed of those. Wherever pairs are chosen by what can
be seen of them (their levels, their weight), the likelihood of all pairs with the classes of some is the right one, without
a term for the choice (missing at random, Rubin 1976). Were only suspected mistakes judged, found by other means than the
records, that would not hold; a count of one each keeps the harm small.

**Truth columns are another matter.** Of whole persons drawn at random, a share f of all, a share f of the pairs of one person
is judged and f² of the others: among judged pairs "same" is 1 / f times too frequent, at any levels. How the column came about
is unknown, so its pairs carry a `slack` of log2(1 / f) bits: shifts are learned (`label_shift`) up to a constant of that size,
common to all of these pairs and thrown away, as in a case-control study (Prentice and Pyke 1979).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.matching.patterns import CompareRows, Patterns, distinct_patterns
from omniid.tables import Levels, Rows

__all__ = ["Judged", "JudgedPairs", "with_judged"]

Floats = npt.NDArray[np.float64]


class JudgedPairs(NamedTuple):
    """Candidate pairs that people judged: rows, left < right, and whether they are the same person.

    `slack` is how many bits the odds of "same" may be off because of how pairs came to be judged; None: not at all.

    Examples
    --------
    >>> pairs = JudgedPairs(np.array([0, 0], np.int32), np.array([1, 2], np.int32), np.array([True, False]))
    >>> pairs.in_order().same.tolist()
    [True, False]
    """

    left: Rows
    right: Rows
    same: npt.NDArray[np.bool_]
    slack: Floats | None = None

    def in_order(self) -> "JudgedPairs":
        """The same by rows, so that nothing depends on the order in which they were judged."""
        order = np.lexsort((self.same, self.right, self.left))
        return self.take(order)

    def take(self, at: npt.NDArray[np.intp]) -> "JudgedPairs":
        """Some of them."""
        slack = np.zeros(len(self.left)) if self.slack is None else self.slack
        return JudgedPairs(self.left[at], self.right[at], self.same[at], slack[at])


class Judged(NamedTuple):
    """Judged pairs per agreement pattern."""

    same: Floats
    different: Floats

    @property
    def total(self) -> Floats:
        """All of them."""
        return self.same + self.different


def with_judged(patterns: Patterns, pairs: JudgedPairs, compare_rows: CompareRows) -> tuple[Patterns, Levels, Judged]:
    """Say how many pairs of each pattern were judged the same person, and how many different.

    Parameters
    ----------
    patterns
        Agreement patterns of the candidate pairs.
    pairs
        The judged pairs.
    compare_rows
        Compares given rows.

    Returns
    -------
    patterns, levels, judged
        The patterns, which hold at least the judged pairs even where they were counted in a sample that has none of them; the
        levels of the judged pairs; and their number per pattern.

    Examples
    --------
    >>> one = distinct_patterns(np.array([[0], [1], [1]], np.int8))
    >>> pairs = JudgedPairs(np.array([0], np.int32), np.array([1], np.int32), np.array([True]))
    >>> found, _, judged = with_judged(one, pairs, lambda left, right: np.ones((len(left), 1), np.int8))
    >>> found.counts.tolist(), judged.same.tolist()
    ([1, 2], [0.0, 1.0])
    """
    levels = compare_rows(pairs.left, pairs.right)
    none = np.zeros(len(patterns.counts), np.int64)
    every = np.concatenate([patterns.levels, levels])

    def counted(counts: npt.NDArray[np.int64], judged: npt.NDArray[np.int64]) -> Patterns:
        return distinct_patterns(every, np.concatenate([counts, judged]))

    same, different = (counted(none, chosen.astype(np.int64)) for chosen in (pairs.same, ~pairs.same))
    found = counted(patterns.counts, np.zeros(len(levels), np.int64))
    known = Judged(same.counts.astype(float), different.counts.astype(float))
    return Patterns(found.levels, np.maximum(found.counts, same.counts + different.counts)), levels, known
