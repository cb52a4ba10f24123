"""One to one: between two sources without duplicates a record has one partner at most, so that candidates are rivals."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import BITS, Codes, ScoredPairs, Weights

__all__ = ["OneToOne", "weigh_one_to_one"]

ROUNDS = 15  # of learning the shares; they settle within a few
MOST = 31 / 32  # the largest share with a partner: that a record has none never counts for less than 5 bits
CLIP = 40  # bits beyond which odds are not told apart

Floats = npt.NDArray[np.float64]
Shares = Mapping[tuple[int, int], float]


class OneToOne(NamedTuple):
    """Pairs between sources without duplicates, as they weigh beside their rivals.

    Parameters
    ----------
    at
        Positions of these pairs, ascending.
    weight
        int64, their weights in millionths of a bit.
    shares
        (source, source), the smaller number first → the share of the smaller source's records that have a partner there.
    """

    at: npt.NDArray[np.intp]
    weight: Weights
    shares: Shares


def weigh_one_to_one(pairs: ScoredPairs, source: Codes, free: npt.NDArray[np.bool_], shares: Shares | None = None) -> OneToOne:
    """Weigh the pairs between sources without duplicates against each other.

    Alone, a pair of odds o is a match with probability o / (1 + o). If a record has one partner at most, its pair competes
    with the odds of all its other pairs with that source, and with the chance 1 - s that it has no partner there:
    o / (1 - s + rivals + o). So a lone candidate gains where nearly all records have a partner, and rivals lose.

    Parameters
    ----------
    pairs
        Scored pairs.
    source
        Per row, the position of its source.
    free
        bool per source: whether it has no duplicates.
    shares
        Shares with a partner that were learned before; None learns them: each is the sum of the probabilities that it leads
        to, over the size of the smaller source, found by repeated substitution.

    Returns
    -------
    OneToOne

    References
    ----------
    That links between two lists exclude each other is Jaro's assignment, "Advances in record-linkage methodology", JASA 84
    (1989), here as odds rather than as a choice, so that doubt stays doubt.

    Examples
    --------
    >>> none = np.zeros(2, np.int16)
    >>> pairs = ScoredPairs(
    ...     np.array([0, 0], np.int32), np.array([1, 2], np.int32), np.array([4 * BITS, 4 * BITS]), none.astype(np.int8), none,
    ...     np.zeros((2, 0), np.int8), (), ("name",))
    >>> found = weigh_one_to_one(pairs, np.array([0, 1, 1]), np.array([True, True]), {(0, 1): 0.5})
    >>> (found.weight / BITS).round(2).tolist()  # two equal rivals: neither is surer than even
    [-0.04, -0.04]
    """
    sources = len(free)
    one, other = source.take(pairs.left), source.take(pairs.right)
    at = np.flatnonzero((one != other) & free.take(one) & free.take(other))
    turned = one[at] > other[at]  # so that the ends of the smaller source stand on one side
    here, there = (np.where(turned, *ends) for ends in ((pairs.right[at], pairs.left[at]), (pairs.left[at], pairs.right[at])))
    one, other = source.take(here).astype(np.int64), source.take(there).astype(np.int64)
    odds = np.exp2(np.clip(pairs.weight[at] / BITS, -CLIP, CLIP))
    rivals = _rivals(here.astype(np.int64) * sources + other, odds) + _rivals(there.astype(np.int64) * sources + one, odds)
    names, between = np.unique(one * sources + other, return_inverse=True)
    if shares is None:
        size = np.bincount(source, minlength=sources)
        smaller = np.minimum(size[names // sources], size[names % sources])
        share = _learned(odds, rivals, between, smaller)
    else:
        share = np.array([shares.get((int(name) // sources, int(name) % sources), 0.0) for name in names])
    weight = np.rint(BITS * np.log2(odds / (1 - share[between] + rivals))).astype(np.int64)
    learned = {(int(name) // sources, int(name) % sources): float(one) for name, one in zip(names, share, strict=True)}
    return OneToOne(at, weight, learned)


def _rivals(group: npt.NDArray[np.int64], odds: Floats) -> Floats:
    """Per pair, the odds of all other pairs of its group."""
    which = np.unique(group, return_inverse=True)[1]
    total = np.bincount(which, odds)
    alone = np.bincount(which)[which] == 1
    return np.where(alone, 0.0, np.maximum(total[which] - odds, 0.0))


def _learned(odds: Floats, rivals: Floats, between: npt.NDArray[np.intp], smaller: npt.NDArray[np.int64]) -> Floats:
    """Per pair of sources, the share of the smaller source's records that have a partner."""
    share = np.minimum(np.bincount(between, odds / (1 + odds), minlength=len(smaller)) / smaller, MOST)
    for _ in range(ROUNDS):
        chance = odds / (1 - share[between] + rivals + odds)
        share = np.minimum(np.bincount(between, chance, minlength=len(smaller)) / smaller, MOST)
    return np.asarray(share.round(4), np.float64)
