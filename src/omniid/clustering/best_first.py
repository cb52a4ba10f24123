"""The walk: best-first merging of sets, one allowed union at a time."""

import heapq

import numpy as np

from omniid.clustering.limited_sets import LimitedSets
from omniid.clustering.merge_values import MergeValues
from omniid.tables import Rows

__all__ = ["merge_best_first"]


def merge_best_first(sets: LimitedSets, n: int, left: Rows, right: Rows, rank: Rows, values: MergeValues | None = None) -> None:
    """Join sets along links, always the best union that nothing forbids, until none is left.

    The value of a union is the best link between its two sets, and what `values` makes of it. Of equal values the two sets'
    smallest nodes decide, sorted, and all of this is read anew after every union. A union that a limit refused waits until
    one of its sides grows into an overridden set: then it is tried again, because such a set may already hold the value that
    stood in the way. One that conflicts made too weak is tried again whenever one of its sides grows.

    Parameters
    ----------
    sets
        Sets of nodes, each still on its own; they are joined in place.
    n
        Number of nodes.
    left, right
        The two different nodes of each link.
    rank
        The place of each link's evidence among all, 0 for the best; equal evidence shares a rank.
    values
        What conflicts leave of a link; None where a union is worth its best link.

    Examples
    --------
    >>> from omniid.clustering.held_values import Counted
    >>> sets = LimitedSets(3, [Counted({0: frozenset({7}), 1: frozenset({8})}, n=1)])
    >>> merge_best_first(sets, 3, np.array([0, 1]), np.array([2, 2]), np.array([1, 0]))
    >>> [sets.find(node) for node in range(3)]
    [0, 1, 1]
    """
    best = _best_links(left, right, rank)

    def entry(one: int, other: int) -> int | None:
        # One integer, in the order (value, smaller set, larger set): quicker to compare than tuples.
        value = best[one][other] if values is None else values.of(best[one][other], one, other)
        return None if value is None else (value * n + min(one, other)) * n + max(one, other)

    entries = (entry(one, other) for one, near in best.items() for other in near if one < other)
    heap = sorted(item for item in entries if item is not None)  # sorted is a heap
    while heap:
        item = heapq.heappop(heap)
        one, other = divmod(item % (n * n), n)
        # An entry is out of date if a set was absorbed since, or the union's value changed.
        if other not in best[one] or entry(one, other) != item or sets.barrier(one, other) is not None:
            continue
        sets.union(one, other)
        changed = _absorb(best, one, other)
        if values is not None:
            values.absorb(one, other)
        for third in best[one] if values is not None or sets.is_overridden(one) else changed:
            if (again := entry(one, third)) is not None:
                heapq.heappush(heap, again)


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
