"""Ways around: of the pairs of records that a third record ties together, how many were seen themselves."""

from typing import NamedTuple

import numpy as np

from omniid.expectation.groups import pairs_in_groups
from omniid.hashing import mix
from omniid.tables import Rows

__all__ = ["Triads", "count_triads"]

MOST = 4_000_000  # ways around that are looked at: beyond, records in the middle are drawn by a hash
SEEN = 20  # pairs that are taken for seen beside those counted, so that a few odd ones don't speak for all
NEAR = 100  # neighbors of one record that are looked at


class Triads(NamedTuple):
    """Pairs of records with a common neighbor, and how many of them are seen, with a link or without.

    Examples
    --------
    >>> Triads(80, 60).share
    0.8
    """

    pairs: int
    seen: int

    @property
    def share(self) -> float:
        """The share that is seen; near 1 where there are few such pairs."""
        return (self.seen + SEEN) / (self.pairs + SEEN)


def count_triads(n: int, left: Rows, right: Rows, seen_left: Rows, seen_right: Rows, *, most: int = MOST) -> Triads:
    """Count the pairs of rows that both link to a third, and those of them that are seen themselves.

    The two ways to know that two records are one person, directly and by a third record, are two catches of the same pairs:
    the share of the second catch that the first has, too, is the share of all that the first has (Lincoln and Petersen).
    Records that say little are missed by both, which makes the share too high; each tied pair counts as one person, which makes
    it too low, and weighs less.

    Parameters
    ----------
    n
        Number of rows.
    left, right
        Links, left < right, each once.
    seen_left, seen_right
        Pairs that are seen themselves, left < right.
    most
        About how many ways around to look at.

    Returns
    -------
    Triads
        Each pair counts once, however many records it has in common.

    References
    ----------
    Seber, *The Estimation of Animal Abundance*, 2nd edition, 1982, chapter 3.

    Examples
    --------
    >>> count_triads(3, np.array([0, 1]), np.array([1, 2]), np.array([0, 1]), np.array([1, 2]))
    Triads(pairs=1, seen=0)
    """
    width = max(n, 1)
    keys = np.concatenate([left.astype(np.int64) * width + right, right.astype(np.int64) * width + left])
    keys.sort()
    middle, near = np.divmod(keys, width)
    degree = np.bincount(middle, minlength=n)
    if degree.max(initial=0) > NEAR:
        nearest = np.arange(len(middle)) - (np.cumsum(degree) - degree)[middle] < NEAR
        middle, near = middle[nearest], near[nearest]
        degree = np.bincount(middle, minlength=n)
    ways = int((degree * (degree - 1) // 2).sum())
    if ways > most:
        kept = mix(np.arange(n, dtype=np.uint64)) < np.uint64(int(most / ways * 2.0**64))
        drawn = np.flatnonzero(kept[middle])
        middle, near = middle[drawn], near[drawn]
    one, other = pairs_in_groups(middle)
    keys = np.sort(near[one] * n + near[other])
    pairs = keys[np.diff(keys, prepend=-1) != 0]
    seen = np.sort(seen_left.astype(np.int64) * n + seen_right)
    at = np.minimum(np.searchsorted(seen, pairs), max(len(seen) - 1, 0))
    return Triads(len(pairs), int((seen[at] == pairs).sum()) if len(seen) else 0)
