"""Conflicts between large sets, over a sample of their record pairs."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from omniid.clustering.conflicting import score_inner_pairs
from omniid.clustering.links import Links
from omniid.clustering.merge_values import ConflictOf, node_conflicts
from omniid.tables import Rows

__all__ = ["SAMPLE", "SampledConflicts"]

SAMPLE = 6  # records of a set that speak for it, so at most 36 pairs between two sets; customers mostly have fewer


class SampledConflicts:
    """Conflicts between sets, over the pairs of their first records by key.

    Parameters
    ----------
    members
        Per node, the records in it, ascending; of equal records the one that stands for them.
    node
        Row → its node.
    stands_for
        Row → number of equal records that it stands for.
    links
        What is known to link: such pairs have no conflict.
    conflict, link_at
        Match weight and conflict of row pairs, and from which weight a pair is a link.
    """

    def __init__(
        self,
        members: Sequence[Sequence[int]],
        node: Rows,
        stands_for: npt.NDArray[np.int64],
        links: Links,
        conflict: ConflictOf,
        link_at: int,
    ) -> None:
        self.members = [sorted(rows) for rows in members]
        self._node, self._stands_for, self._links, self._conflict, self._link_at = node, stands_for, links, conflict, link_at
        self._known: dict[tuple[int, int, int, int], tuple[int, int]] = {}

    def sample(self, one: int) -> list[int]:
        """The records that speak for a set."""
        return self.members[one][:SAMPLE]

    def between(self, one: int, other: int) -> tuple[int, int]:
        """The sum of the conflicts over the sampled record pairs between two sets, and the number of pairs."""
        self.prefetch([(one, other)])
        return self._known[self.key(one, other)]

    def knows(self, one: int, other: int) -> bool:
        """Whether the conflict between two sets, as they are now, was asked for before."""
        return self.key(one, other) in self._known

    def absorb(self, root: int, gone: int) -> None:
        """Put the records of one set into another."""
        self.members[root] = sorted(self.members[root] + self.members[gone])
        self.members[gone] = []

    def prefetch(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Score the sampled record pairs between many pairs of sets in one call."""
        wanted = {key: pair for pair in pairs if (key := self.key(*pair)) not in self._known}
        if not wanted:
            return
        pairs_of = [
            [(left, right) for left in self.sample(one) for right in self.sample(other)] for one, other in wanted.values()
        ]
        sizes = [len(some) for some in pairs_of]
        rows = np.array([pair for some in pairs_of for pair in some], np.int32)
        left, right = rows.min(axis=1), rows.max(axis=1)
        _, against = score_inner_pairs(left, right, self._links, self._conflict, self._link_at)
        ends = [self._node[left].tolist(), self._node[right].tolist()]
        columns = [*ends, against.tolist(), (self._stands_for[left] * self._stands_for[right]).tolist()]
        stop = np.cumsum(sizes).tolist()
        for key, start, end in zip(wanted, [0, *stop], stop, strict=False):
            terms = node_conflicts(*(column[start:end] for column in columns)).values()
            self._known[key] = sum(value for value, _ in terms), sum(count for _, count in terms)

    def key(self, one: int, other: int) -> tuple[int, int, int, int]:
        """Names two sets as they are now: a set that grew is another set."""
        low, high = min(one, other), max(one, other)
        return low, len(self.members[low]), high, len(self.members[high])
