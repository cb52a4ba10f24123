"""The walk: best-first merging of sets, one allowed union at a time."""

import heapq

import numpy as np

from omniid.clustering.limited_sets import LimitedSets
from omniid.tables import Rows

__all__ = ["merge_best_first"]


def merge_best_first(sets: LimitedSets, n: int, left: Rows, right: Rows, rank: Rows) -> None:
    """Join sets along links, always the best union that nothing forbids, until none is left.

    The value of a union is the best link between its two sets. Of equal values the two sets' smallest nodes decide, sorted,
    and all of this is read anew after every union. A refused union waits until one of its sides grows into an overridden
    set: then it is tried again, because such a set may already hold the value that stood in the way.

    Parameters
    ----------
    sets
        Sets of nodes, each still on its own; they are joined in place.
    n
        Number of nodes.
    left, right
        The two different nodes of each link.
    rank
        The place of each link's value among all values, 0 for the best; equal values share a rank.

    Examples
    --------
    >>> sets = LimitedSets(3, caps=[1], values=[{0: frozenset({7}), 1: frozenset({8})}], parted=[])
    >>> merge_best_first(sets, 3, np.array([0, 1]), np.array([2, 2]), np.array([1, 0]))
    >>> [sets.find(node) for node in range(3)]
    [0, 1, 1]
    """
    best = _best_links(left, right, rank)
    # One integer per entry, in the order (rank, smaller set, larger set): quicker to compare than tuples. Sorted is a heap.
    heap = sorted((value * n + one) * n + other for one, near in best.items() for other, value in near.items() if one < other)
    while heap:
        value, ends = divmod(heapq.heappop(heap), n * n)
        one, other = divmod(ends, n)
        # An entry is out of date if a set was absorbed since, or the union got a better link.
        if best[one].get(other) != value or sets.barrier(one, other) is not None:
            continue
        sets.union(one, other)
        changed = _absorb(best, one, other)
        for third in best[one] if sets.is_overridden(one) else changed:
            heapq.heappush(heap, (best[one][third] * n + min(one, third)) * n + max(one, third))


def _best_links(left: Rows, right: Rows, rank: Rows) -> dict[int, dict[int, int]]:
    """Node → neighbor → rank of the best link between them, in both directions."""
    worst_first = np.argsort(-rank, kind="stable")
    best: dict[int, dict[int, int]] = {}
    for one, other, value in zip(*(column[worst_first].tolist() for column in (left, right, rank)), strict=True):
        best.setdefault(one, {})[other] = value
        best.setdefault(other, {})[one] = value
    return best


def _absorb(best: dict[int, dict[int, int]], root: int, gone: int) -> list[int]:
    """Hand the links of one set to another; return the neighbors to which it has a new or better link now."""
    changed = []
    near = best[root]
    for other, value in best[gone].items():
        del best[other][gone]
        if other != root and value < near.get(other, value + 1):
            near[other] = best[other][root] = value
            changed.append(other)
    best[gone] = {}
    return changed
