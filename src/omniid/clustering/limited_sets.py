"""Disjoint sets that know which unions a limit or a CANNOT_LINK forbids."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from omniid.clustering.union_find import UnionFind
from omniid.tables import Codes, Rows

__all__ = ["LimitedSets", "values_by_node"]

NOTHING: frozenset[int] = frozenset()


class LimitedSets:
    """Disjoint sets over range(n) that carry limited values and know what must stay apart.

    A set that exceeds a limit from the start, by a decision or as a single record, is *overridden*: it keeps what it has
    and takes no new value of that kind.

    Parameters
    ----------
    n
        Number of nodes; at first each is a set of its own.
    caps
        Per limit, the largest number of distinct values in one set.
    values
        Per limit, node → its codes; nodes without a value are absent.
    parted
        Pairs of nodes that a CANNOT_LINK keeps apart.

    Examples
    --------
    >>> sets = LimitedSets(3, caps=[1], values=[{0: frozenset({7}), 1: frozenset({8})}], parted=[(0, 2)])
    >>> sets.barrier(0, 1), sets.barrier(0, 2), sets.barrier(1, 2)
    (0, 1, None)
    """

    def __init__(
        self, n: int, caps: Sequence[int], values: Sequence[Mapping[int, frozenset[int]]], parted: Iterable[tuple[int, int]]
    ) -> None:
        self._sets = UnionFind(n)
        self._caps = caps
        self._values = [dict(of_limit) for of_limit in values]
        self._parted: defaultdict[int, set[int]] = defaultdict(set)
        for left, right in parted:
            self._parted[left].add(right)
            self._parted[right].add(left)
        limited = zip(caps, values, strict=True)
        self._overridden = {node for cap, of_limit in limited for node, codes in of_limit.items() if len(codes) > cap}

    def find(self, node: int) -> int:
        """Name the set of a node: its smallest node."""
        return self._sets.find(node)

    def values(self, root: int, limit: int) -> frozenset[int]:
        """The codes of one limited kind that the set named `root` holds."""
        return self._values[limit].get(root, NOTHING)

    def is_overridden(self, root: int) -> bool:
        """Whether the set named `root` exceeds a limit."""
        return root in self._overridden

    def barrier(self, left: int, right: int) -> int | None:
        """Say what forbids the union of two sets.

        Parameters
        ----------
        left, right
            Names of two different sets.

        Returns
        -------
        int or None
            The position of the first limit in the way, the number of limits for a CANNOT_LINK (which is looked at first),
            None where nothing forbids the union.
        """
        if right in self._parted.get(left, ()):
            return len(self._caps)
        for limit, cap in enumerate(self._caps):
            mine, theirs = self.values(left, limit), self.values(right, limit)
            if not mine or not theirs or mine == theirs or (together := len(mine | theirs)) <= cap:
                continue
            over = [len(side) for side in (mine, theirs) if len(side) > cap]
            if not over or min(over) < together:
                return limit
        return None

    def union(self, left: int, right: int) -> int:
        """Join two sets, whether or not something forbids it, and name the union.

        Parameters
        ----------
        left, right
            Names of two different sets.

        Returns
        -------
        int
            The smaller of the two names.
        """
        root, gone = min(left, right), max(left, right)
        self._sets.union(root, gone)
        for of_limit in self._values:
            if taken := of_limit.pop(gone, None):
                of_limit[root] = taken | of_limit.get(root, NOTHING)
        if gone in self._overridden:
            self._overridden.add(root)
        for other in self._parted.pop(gone, ()):
            self._parted[other].discard(gone)
            if other != root:
                self._parted[other].add(root)
                self._parted[root].add(other)
        return root


def values_by_node(nodes: Rows, codes: Codes) -> dict[int, frozenset[int]]:
    """Gather the codes of every node.

    Parameters
    ----------
    nodes, codes
        One entry per observed value.

    Returns
    -------
    dict
        Node → its codes. Equal single codes share one object, as nearly all nodes hold a single code.

    Examples
    --------
    >>> values_by_node(np.array([4, 4], np.int32), np.array([7, 8], np.int32)) == {4: frozenset({7, 8})}
    True
    """
    single = {code: frozenset((code,)) for code in np.unique(codes).tolist()}
    values: dict[int, frozenset[int]] = {}
    for node, code in zip(nodes.tolist(), codes.tolist(), strict=True):
        values[node] = values[node] | single[code] if node in values else single[code]
    return values
