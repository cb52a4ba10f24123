"""What a union is worth: the best link between two sets, and what the conflicts between them take from it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from omniid.clustering.field_conflicts import Columns, least_of_runs, take_pairs, times_pairs
from omniid.key_order import order_of
from omniid.tables import Rows, Weights

__all__ = [
    "BETA",
    "ConflictOf",
    "ConflictSums",
    "Conflicts",
    "MergeRule",
    "MergeValues",
    "NoConflicts",
    "NodeConflicts",
    "counted",
    "node_conflicts",
    "sum_conflicts",
]

ConflictOf = Callable[[Rows, Rows], tuple[Weights, Columns]]


class Conflicts(Protocol):
    """Knows the conflict between any two sets, and follows unions."""

    def between(self, one: int, other: int) -> tuple[int, int]:
        """The sum of the conflicts over the record pairs between two sets, and the number of pairs."""
        ...

    def absorb(self, root: int, gone: int) -> None:
        """Note that the set named `gone` has become part of the set named `root`."""
        ...


class NoConflicts:
    """Nothing conflicts: a union is worth its best link.

    Examples
    --------
    >>> NoConflicts().between(0, 1)
    (0, 1)
    """

    def between(self, one: int, other: int) -> tuple[int, int]:  # noqa: ARG002 - the protocol's arguments
        """No conflict over one pair."""
        return 0, 1

    def absorb(self, root: int, gone: int) -> None:
        """Nothing to note."""


class ConflictSums:
    """Conflicts between sets as sums over record pairs, so that means stay exact.

    Parameters
    ----------
    sizes
        Records per node.
    columns
        Per column of `field_conflicts`, and there per node: other node → the conflicts between their records added up, in
        both directions; where that is 0, it is absent.

    Examples
    --------
    >>> sums = ConflictSums([1, 1, 2], [[{}, {}, {}], [{2: 1}, {2: -8}, {0: 1, 1: -8}]])
    >>> sums.between(1, 2)
    (-4, 2)
    >>> sums.absorb(0, 1)
    >>> sums.between(0, 2)
    (0, 4)
    """

    def __init__(self, sizes: Sequence[int], columns: Sequence[Sequence[dict[int, int]]]) -> None:
        self._sizes = list(sizes)
        self._columns = [[dict(near) for near in sums] for sums in columns]

    def between(self, one: int, other: int) -> tuple[int, int]:
        """What counts of the conflicts between two sets, and the number of record pairs."""
        total = counted([sums[one].get(other, 0) for sums in self._columns])
        return total, self._sizes[one] * self._sizes[other]

    def absorb(self, root: int, gone: int) -> None:
        """Add the sums of one set to another."""
        for sums in self._columns:
            near = sums[root]
            for other, total in sums[gone].items():
                del sums[other][gone]
                if other != root:
                    known = near.get(other, 0)
                    near[other] = sums[other][root] = known + total - (known & total & 1)
            sums[gone] = {}
        self._sizes[root] += self._sizes[gone]


def counted(columns: Sequence[int]) -> int:
    """`heard`, of the numbers of one pair of sets, however large.

    Examples
    --------
    >>> counted([0, -8, -3]), counted([-6, -8, -3])
    (-4, -9)
    """
    silent = columns[0] == 0
    return sum([against >> 1 for against in columns if not (silent and against & 1)])


BETA = (3, 2)  # how much conflicts count in the value of a union, as a fraction


class MergeRule(NamedTuple):
    """When a union is good enough: its link plus β times the mean conflict must reach `link_at`; β is a fraction (p, q).

    Evidence has one of `places` places by priority, which decides between unions of equal value; what the walk finds itself
    has the last.
    """

    link_at: int
    beta: tuple[int, int]
    places: int = 1

    def allows(self, weight: int, total: int, count: int) -> bool:
        """Whether a link of this weight makes up for conflicts of this sum over so many record pairs.

        Examples
        --------
        >>> MergeRule(link_at=0, beta=(3, 2)).allows(weight=6, total=-8, count=2)
        True
        """
        times, parts = self.beta
        return (weight - self.link_at) * parts * count + times * total >= 0

    def allow(self, weight: Weights, total: Weights, count: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """`allows` for many links; for sums that 64 bits hold.

        Examples
        --------
        >>> MergeRule(0, (3, 2)).allow(np.array([6, 5]), np.array([-8, -8]), np.array([2, 2])).tolist()
        [True, False]
        """
        times, parts = self.beta
        return np.asarray((weight - self.link_at) * parts * count + times * total >= 0, np.bool_)


class MergeValues:
    """Values of unions as integers that compare exactly as the fractions do.

    Two values are fractions whose denominators are β's times a number of record pairs, so they differ by at least one over
    the product of the largest two; scaled by more than that, rounding down keeps their order.

    Parameters
    ----------
    rule
        When a union is good enough.
    conflicts
        Follows the unions.
    ranked
        (tier, weight, place by priority) of each rank of links.
    most_records
        Records of the largest component.

    Examples
    --------
    >>> rule, sums = MergeRule(link_at=0, beta=(3, 2)), ConflictSums([1, 1], [[{1: -8}, {0: -8}]])
    >>> values = MergeValues(rule, sums, [(0, 7, 0), (0, 5, 0)], most_records=2)
    >>> values.of(0, 0, 1) is None, values.of(1, 0, 1) is None
    (False, True)
    """

    def __init__(
        self, rule: MergeRule, conflicts: Conflicts, ranked: Sequence[tuple[int, int, int]], *, most_records: int
    ) -> None:
        self._rule, self._conflicts = rule, conflicts
        self._scale = (rule.beta[1] * most_records * most_records) ** 2
        self._weights = [weight for _, weight, _ in ranked]
        self._places = [place for _, _, place in ranked]
        # A tier counts more than any weight: 2**48 millionths are more than 10**8 bits.
        self._values = [-(((tier << 48) + weight) * self._scale) for tier, weight, _ in ranked]

    def of(self, rank: int, one: int, other: int) -> int | None:
        """Value of the union of two sets whose best link has this rank, the better the smaller; None if it is too weak."""
        total, count = self._conflicts.between(one, other)
        if not total:
            return self._values[rank] * self._rule.places + self._places[rank]
        if not self._rule.allows(self._weights[rank], total, count):
            return None
        times, parts = self._rule.beta
        value = self._values[rank] - times * total * self._scale // (parts * count)
        return value * self._rule.places + self._places[rank]

    def absorb(self, root: int, gone: int) -> None:
        """Note a union."""
        self._conflicts.absorb(root, gone)


class NodeConflicts(NamedTuple):
    """Conflicts between nodes, by (left, right): the `least` one between two nodes counts for all their record `pairs`.

    `least` has the columns of `field_conflicts`.
    """

    left: Rows
    right: Rows
    least: Columns
    pairs: npt.NDArray[np.int64]

    def take(self, positions: npt.NDArray[np.intp]) -> "NodeConflicts":
        """A selection of the pairs of nodes, in the order of `positions`."""
        return NodeConflicts(
            self.left[positions], self.right[positions], take_pairs(self.least, positions), self.pairs[positions]
        )

    def totals(self) -> Columns:
        """Their sums over all record pairs."""
        return times_pairs(self.least, self.pairs)


def node_conflicts(left: Rows, right: Rows, against: Columns, count: npt.NDArray[np.int64]) -> NodeConflicts:
    """Sum conflicts by pairs of nodes.

    A node of several records is what decisions made one: whoever agrees with one of them agrees with the person. So in each
    column the least conflict between two nodes counts for all their record pairs.

    Parameters
    ----------
    left, right
        The two nodes of each record pair; pairs inside one node don't count.
    against
        The conflict of each record pair, in columns.
    count
        How many pairs of equal records it stands for.

    Returns
    -------
    NodeConflicts
        One entry per pair of nodes, the smaller node on the left.

    Examples
    --------
    >>> found = node_conflicts(np.array([0, 2, 0]), np.array([1, 0, 2]), np.array([[-6], [-8], [-18]]), np.array([1, 1, 1]))
    >>> [column.tolist() for column in found]
    [[0, 0], [1, 2], [[-6], [-8]], [1, 2]]
    """
    apart = np.flatnonzero(left != right)
    one, other = np.minimum(left, right)[apart], np.maximum(left, right)[apart]
    order = order_of(one, other)
    one, other, against, count = one[order], other[order], take_pairs(against, apart[order]), count[apart[order]]
    first = np.flatnonzero(np.append(True, (np.diff(one) != 0) | (np.diff(other) != 0))[: len(one)])
    if len(first) == len(one):
        return NodeConflicts(one, other, against, count)
    return NodeConflicts(one[first], other[first], least_of_runs(first, against), np.add.reduceat(count, first))


def sum_conflicts(n: int, between: NodeConflicts) -> list[list[dict[int, int]]]:
    """Conflicts of nodes that are sets of their own, as `ConflictSums` takes them.

    Parameters
    ----------
    n
        Number of nodes.
    between
        What `node_conflicts` gave.

    Returns
    -------
    list of list of dict
        Per column, and there per node: other node → sum, in both directions; where it is 0, it is absent.

    Examples
    --------
    >>> one = np.array([0])
    >>> sum_conflicts(2, node_conflicts(one, one + 1, np.array([[-6]]), np.array([2])))
    [[{1: -12}, {0: -12}]]
    """
    columns = []
    for number in range(between.least.shape[1]):
        sums: list[dict[int, int]] = [{} for _ in range(n)]
        told = between.take(np.flatnonzero(between.least[:, number]))
        ends = zip(told.left.tolist(), told.right.tolist(), strict=True)
        # Sums as Python integers: thousands of equal records on both sides outgrow 64 bits.
        for (one, other), least, pairs in zip(ends, told.least[:, number].tolist(), told.pairs.tolist(), strict=True):
            sums[one][other] = sums[other][one] = (least & ~1) * pairs | (least & 1)
        columns.append(sums)
    return columns
