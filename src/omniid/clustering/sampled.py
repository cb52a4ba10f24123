"""Conflicts between large sets, over a sample of their record pairs."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from omniid.clustering.conflicting import score_inner_pairs
from omniid.clustering.links import Links, pair_keys
from omniid.clustering.merge_values import ConflictOf, node_conflicts
from omniid.tables import Rows

__all__ = ["SAMPLE", "SampledConflicts"]

SAMPLE = 4  # records of a set that speak for it, so at most 16 pairs between two sets; customers mostly have no more


Key = tuple[int, int, int, int]


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
        self._known: dict[Key, tuple[int, int]] = {}
        self._taken = np.zeros(0, np.int64)
        self._found: dict[Key, Links] = {}  # links that scoring found

    def sample(self, one: int) -> list[int]:
        """The records that speak for a set."""
        return self.members[one][:SAMPLE]

    def between(self, one: int, other: int) -> tuple[int, int]:
        """The sum of the conflicts over the sampled record pairs between two sets, and the number of pairs."""
        key = self.key(one, other)
        if key not in self._known:
            self.prefetch([(one, other)])
        return self._known[key]

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
        found, against = score_inner_pairs(left, right, self._links, self._conflict, self._link_at)
        ends = [self._node[left].tolist(), self._node[right].tolist()]
        columns = [*ends, against.tolist(), (self._stands_for[left] * self._stands_for[right]).tolist()]
        stop = np.cumsum(sizes).tolist()
        for key, start, end in zip(wanted, [0, *stop], stop, strict=False):
            terms = node_conflicts(*(column[start:end] for column in columns)).values()
            self._known[key] = sum(value for value, _ in terms), sum(count for _, count in terms)
        linked = np.flatnonzero(np.isin(pair_keys(left, right), pair_keys(found.left, found.right)))
        keys = list(wanted)
        for place, pair in zip(np.searchsorted(stop, linked, side="right").tolist(), linked.tolist(), strict=True):
            at = np.flatnonzero((found.left == left[pair]) & (found.right == right[pair]))
            self._found[keys[place]] = self._found.get(keys[place], found.take(at[:0])).join(found.take(at))

    def take_found(self, pairs: Iterable[tuple[int, int]]) -> Links:
        """Hand over the links that scoring found between pairs of sets, each once."""
        links = self._links.take(np.zeros(0, np.intp))
        for one, other in pairs:
            if found := self._found.get(self.key(one, other)):
                links = links.join(found)
        new = ~np.isin(pair_keys(links.left, links.right), self._taken)
        self._taken = np.append(self._taken, pair_keys(links.left, links.right)[new])
        return links.take(np.flatnonzero(new))

    def sample_size(self, one: int) -> int:
        """How many records the sample of a set stands for."""
        return sum(self._stands_for[self.sample(one)].tolist())

    def key(self, one: int, other: int) -> Key:
        """Names two sets as they are now: a set that grew is another set."""
        low, high = (one, other) if one < other else (other, one)
        return low, len(self.members[low]), high, len(self.members[high])
