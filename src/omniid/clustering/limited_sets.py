"""Disjoint sets that know which unions a limit or a CANNOT_LINK forbids."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from omniid.clustering.held_values import HeldValues
from omniid.clustering.union_find import UnionFind
from omniid.tables import Rows

__all__ = ["LimitedSets"]


class LimitedSets:
    """Disjoint sets over range(n) that carry limited values and know what must stay apart.

    A set that exceeds a limit from the start, by a decision or as a single record, is *overridden*: it keeps what it has
    and takes no new value of that kind.

    Parameters
    ----------
    n
        Number of nodes; at first each is a set of its own.
    held
        Per limit, what the nodes hold; followed from now on.
    parted
        Pairs of nodes that a CANNOT_LINK keeps apart.

    Examples
    --------
    >>> from omniid.clustering.held_values import Counted
    >>> passports = Counted({0: frozenset({7}), 1: frozenset({8})}, n=1)
    >>> sets = LimitedSets(3, [passports], parted=[(0, 2)])
    >>> sets.barrier(0, 1), sets.barrier(0, 2), sets.barrier(1, 2)
    (0, 1, None)
    """

    def __init__(self, n: int, held: Sequence[HeldValues] = (), parted: Iterable[tuple[int, int]] = ()) -> None:
        self._sets = UnionFind(n)
        self._held = held
        self._parted: defaultdict[int, set[int]] = defaultdict(set)
        for left, right in parted:
            self._parted[left].add(right)
            self._parted[right].add(left)
        self._overridden: set[int] = set().union(*(of_limit.over() for of_limit in held))

    def find(self, node: int) -> int:
        """Name the set of a node: its smallest node."""
        return self._sets.find(node)

    def values(self, root: int, limit: int) -> frozenset[int]:
        """The codes of one limited kind that the set named `root` holds."""
        return self._held[limit].codes(root)

    def is_overridden(self, root: int) -> bool:
        """Whether the set named `root` exceeds a limit."""
        return root in self._overridden

    def foresee(self, groups: Rows) -> None:
        """Learn at once what unions within groups of nodes will ask for.

        Parameters
        ----------
        groups
            The group of each node, -1 for none.
        """
        for of_limit in self._held:
            of_limit.foresee(groups)

    def foresee_between(self, roots: Rows, one: Rows, other: Rows) -> None:
        """Learn at once what unions of pairs of sets will ask for.

        Parameters
        ----------
        roots
            The name of each node's set.
        one, other
            Names of the two sets of each pair.
        """
        for of_limit in self._held:
            of_limit.foresee_between(roots, one, other)

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
            return len(self._held)
        for limit, of_limit in enumerate(self._held):
            if of_limit.forbids(left, right):
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
        for of_limit in self._held:
            of_limit.union(root, gone)
        if gone in self._overridden:
            self._overridden.add(root)
        for other in self._parted.pop(gone, ()):
            self._parted[other].discard(gone)
            if other != root:
                self._parted[other].add(root)
                self._parted[root].add(other)
        return root
