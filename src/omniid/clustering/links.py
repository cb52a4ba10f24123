"""Links as plain columns, ranked by their evidence."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import Rows, ScoredPairs, Weights

__all__ = ["Links", "inner_pairs", "is_among", "links_of", "pair_keys", "rank_links"]


class Links(NamedTuple):
    """Pairs of rows that are links, `left` < `right`, with the tier and weight of their evidence."""

    left: Rows
    right: Rows
    tier: npt.NDArray[np.int8]
    weight: Weights

    def take(self, positions: npt.NDArray[np.intp]) -> "Links":
        """A selection of the links, in the order of `positions`."""
        return Links(self.left[positions], self.right[positions], self.tier[positions], self.weight[positions])

    def join(self, other: "Links") -> "Links":
        """These links, then the others."""
        return Links(
            np.concatenate([self.left, other.left]),
            np.concatenate([self.right, other.right]),
            np.concatenate([self.tier, other.tier]),
            np.concatenate([self.weight, other.weight]),
        )

    def with_ends(self, ends: Rows) -> "Links":
        """The same evidence between other rows: those that stand for the ends."""
        left, right = ends.take(self.left), ends.take(self.right)
        return Links(np.minimum(left, right), np.maximum(left, right), self.tier, self.weight)


def links_of(pairs: ScoredPairs, link_at: int) -> Links:
    """Pick the pairs at or above the threshold, sorted by (left, right).

    Examples
    --------
    >>> rows, none = np.array([0, 1], np.int32), np.zeros(2, np.int16)
    >>> weight = np.array([9, 5])
    >>> pairs = ScoredPairs(rows, rows + 1, weight, none.astype(np.int8), none, np.zeros((2, 0), np.int8), (), ("email",))
    >>> links_of(pairs, 6).left.tolist()
    [0]
    """
    at = np.flatnonzero(pairs.weight >= link_at)
    links = Links(pairs.left[at], pairs.right[at], pairs.tier[at], pairs.weight[at])
    keys = pair_keys(links.left, links.right)
    return links if (np.diff(keys) > 0).all() else links.take(np.argsort(keys))


def rank_links(links: Links) -> Rows:
    """Place every link's evidence among all: by tier, then weight, 0 for the best; equal evidence shares a rank.

    Examples
    --------
    >>> rows = np.zeros(3, np.int32)
    >>> rank_links(Links(rows, rows, np.array([0, 1, 0], np.int8), np.array([9, 2, 9]))).tolist()
    [1, 0, 1]
    """
    best_first = np.lexsort((-links.weight, -links.tier))
    tier, weight = links.tier[best_first], links.weight[best_first]
    rank = np.zeros(len(links.left), np.int32)
    rank[best_first[1:]] = np.cumsum((tier[1:] != tier[:-1]) | (weight[1:] != weight[:-1]))
    return rank


def inner_pairs(groups: Rows) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """List all pairs of positions that hold the same group.

    Parameters
    ----------
    groups
        The group of each item, ascending.

    Returns
    -------
    left, right
        Positions, left < right, by (left, right).

    Examples
    --------
    >>> [ends.tolist() for ends in inner_pairs(np.array([3, 3, 3, 7]))]
    [[0, 0, 1], [1, 2, 2]]
    """
    place = np.arange(len(groups))
    later = np.searchsorted(groups, groups, side="right") - place - 1
    left = np.repeat(place, later)
    step = np.arange(len(left)) - np.repeat(np.cumsum(later) - later, later)
    return left, left + 1 + step


def pair_keys(left: Rows, right: Rows) -> npt.NDArray[np.int64]:
    """One integer per pair of rows, in the order (left, right)."""
    return (left.astype(np.int64) << 32) | right


def is_among(keys: npt.NDArray[np.int64], known: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Say which keys are known; `known` ascends.

    Examples
    --------
    >>> is_among(np.array([5, 3]), np.array([1, 5])).tolist()
    [True, False]
    """
    if not len(known):
        return np.zeros(len(keys), bool)
    place = np.searchsorted(known, keys)
    return np.asarray(known.take(place, mode="clip") == keys, np.bool_)
