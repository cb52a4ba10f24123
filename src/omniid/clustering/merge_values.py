"""What a union is worth: the best link between two sets, and what the conflicts between them take from it."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from omniid.tables import Rows, Weights

__all__ = [
    "ConflictOf",
    "ConflictSums",
    "Conflicts",
    "MergeRule",
    "MergeValues",
    "NoConflicts",
    "node_conflicts",
    "sum_conflicts",
]

ConflictOf = Callable[[Rows, Rows], tuple[Weights, Weights]]


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
    sums
        Per node, other node → sum of the conflicts between their records, in both directions; where it is 0, it is absent.

    Examples
    --------
    >>> sums = ConflictSums([1, 1, 2], [{2: -8}, {2: -2}, {0: -8, 1: -2}])
    >>> sums.absorb(0, 1)
    >>> sums.between(0, 2)
    (-10, 4)
    """

    def __init__(self, sizes: Sequence[int], sums: Sequence[dict[int, int]]) -> None:
        self._sizes = list(sizes)
        self._sums = [dict(near) for near in sums]

    def between(self, one: int, other: int) -> tuple[int, int]:
        """The sum of the conflicts between two sets, and the number of record pairs."""
        return self._sums[one].get(other, 0), self._sizes[one] * self._sizes[other]

    def absorb(self, root: int, gone: int) -> None:
        """Add the sums of one set to another."""
        near = self._sums[root]
        for other, total in self._sums[gone].items():
            del self._sums[other][gone]
            if other != root:
                near[other] = self._sums[other][root] = near.get(other, 0) + total
        self._sums[gone] = {}
        self._sizes[root] += self._sizes[gone]


class MergeRule(NamedTuple):
    """When a union is good enough: its link plus β times the mean conflict must reach `link_at`; β is a fraction (p, q)."""

    link_at: int
    beta: tuple[int, int]

    def allows(self, weight: int, total: int, count: int) -> bool:
        """Whether a link of this weight makes up for conflicts of this sum over so many record pairs.

        Examples
        --------
        >>> MergeRule(link_at=0, beta=(3, 2)).allows(weight=6, total=-8, count=2)
        True
        """
        times, parts = self.beta
        return (weight - self.link_at) * parts * count + times * total >= 0


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
        (tier, weight) of each rank of links.
    most_records
        Records of the largest component.

    Examples
    --------
    >>> rule, sums = MergeRule(link_at=0, beta=(3, 2)), ConflictSums([1, 1], [{1: -4}, {0: -4}])
    >>> values = MergeValues(rule, sums, [(0, 7), (0, 5)], most_records=2)
    >>> values.of(0, 0, 1) is None, values.of(1, 0, 1) is None
    (False, True)
    """

    def __init__(self, rule: MergeRule, conflicts: Conflicts, ranked: Sequence[tuple[int, int]], *, most_records: int) -> None:
        self._rule, self._conflicts = rule, conflicts
        self._scale = (rule.beta[1] * most_records * most_records) ** 2
        self._weights = [weight for _, weight in ranked]
        # A tier counts more than any weight: 2**48 millionths are more than 10**8 bits.
        self._values = [-(((tier << 48) + weight) * self._scale) for tier, weight in ranked]

    def of(self, rank: int, one: int, other: int) -> int | None:
        """Value of the union of two sets whose best link has this rank, the better the smaller; None if it is too weak."""
        total, count = self._conflicts.between(one, other)
        if not total:
            return self._values[rank]
        if not self._rule.allows(self._weights[rank], total, count):
            return None
        times, parts = self._rule.beta
        return self._values[rank] - times * total * self._scale // (parts * count)

    def absorb(self, root: int, gone: int) -> None:
        """Note a union."""
        self._conflicts.absorb(root, gone)


def node_conflicts(
    left: Sequence[int], right: Sequence[int], against: Sequence[int], count: Sequence[int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Sum conflicts by pairs of nodes.

    A node of several records is what decisions made one: whoever agrees with one of them agrees with the person. So the
    least conflict between two nodes counts for all their record pairs.

    Parameters
    ----------
    left, right
        The two nodes of each record pair; pairs inside one node don't count.
    against
        The conflict of each record pair.
    count
        How many pairs of equal records it stands for.

    Returns
    -------
    dict
        (smaller node, larger node) → sum of the conflicts, number of record pairs.

    Examples
    --------
    >>> node_conflicts([0, 2, 0], [1, 0, 2], [-3, -4, -9], [1, 1, 1])
    {(0, 1): (-3, 1), (0, 2): (-8, 2)}
    """
    least: dict[tuple[int, int], int] = {}
    counts: dict[tuple[int, int], int] = {}
    for one, other, value, pairs in zip(left, right, against, count, strict=True):
        if one != other:
            key = (one, other) if one < other else (other, one)
            least[key] = max(least.get(key, value), value)
            counts[key] = counts.get(key, 0) + pairs
    return {key: (value * counts[key], counts[key]) for key, value in least.items()}


def sum_conflicts(sets: Sequence[int], between: Mapping[tuple[int, int], tuple[int, int]]) -> list[dict[int, int]]:
    """Sum the conflicts of nodes by the sets that the nodes are in.

    Parameters
    ----------
    sets
        Per node, the node that names its set.
    between
        What `node_conflicts` gave.

    Returns
    -------
    list of dict
        Per node that names a set, other such node → sum, in both directions; where it is 0, it is absent.

    Examples
    --------
    >>> sum_conflicts([0, 1, 1], {(0, 1): (-3, 1), (0, 2): (-8, 2)})
    [{1: -11}, {0: -11}, {}]
    """
    sums: list[dict[int, int]] = [{} for _ in sets]
    for (left, right), (value, _) in between.items():
        one, other = sets[left], sets[right]
        if one != other and value:
            sums[one][other] = sums[other][one] = sums[one].get(other, 0) + value
    return sums
