"""Record pairs that speak for two sets: those of their first few records, each scored once."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering.field_conflicts import Columns, add_columns, heard, mark_shared, only_shared
from omniid.clustering.links import Links, is_among, pair_keys
from omniid.clustering.merge_values import ConflictOf, node_conflicts
from omniid.tables import Rows, Weights

__all__ = ["SPEAKERS", "Between", "SpokenPairs"]

SPEAKERS = 4  # records that speak for a set, so at most 16 pairs between two sets; customers mostly have no more
BATCH = 1 << 19  # record pairs scored in one call

Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.signedinteger]


class Between(NamedTuple):
    """Between two sets: the conflicts over the record pairs that speak for them, summed in columns, and how many these are."""

    columns: Columns
    pairs: Counts

    @property
    def total(self) -> Weights:
        """What counts of the conflicts."""
        return heard(self.columns)


class SpokenPairs:
    """What is known of the record pairs of some large components.

    Parameters
    ----------
    records
        The records in these components, ascending; of equal ones that which stands for them.
    nodes
        The node of each.
    links
        Links between `records`: such pairs have no conflict, but may share values.
    conflict, link_at
        Match weight and conflict of row pairs, and from which weight a pair is a link.
    last
        The place by priority of links that scoring finds.
    """

    def __init__(self, records: Rows, nodes: Rows, links: Links, conflict: ConflictOf, link_at: int, last: int = 0) -> None:
        self._records, self._nodes = records, nodes
        self._is_each_alone = int(np.bincount(nodes, minlength=1).max()) < 2
        self._conflict, self._link_at, self._last = conflict, link_at, last
        self.most = SPEAKERS
        self._keys, at = np.unique(pair_keys(links.left, links.right), return_index=True)
        self._against = np.zeros((len(self._keys), 1 + links.shared.shape[1]), np.int64)
        mark_shared(self._against, np.arange(len(at)), links.shared[at])

    def speakers(self, roots: Rows) -> tuple[Rows, Counts, Counts]:
        """The records that speak for each set, the first by key.

        Parameters
        ----------
        roots
            Per node, the node that names its set.

        Returns
        -------
        rows, start, count
            All speakers, set by set; per node that names a set where its speakers start, and how many they are.
        """
        of_record = roots.take(self._nodes)
        order = np.argsort(of_record, kind="stable")
        sets = of_record[order]
        place = np.arange(len(order)) - np.searchsorted(sets, sets)
        heard = place < self.most
        count = np.bincount(sets[heard], minlength=len(roots))
        return self._records[order[heard]], np.cumsum(count) - count, count

    def between(self, roots: Rows, one: Rows, other: Rows) -> tuple[Between, Links]:
        """Conflicts between sets, and the links that scoring found.

        Parameters
        ----------
        roots
            Per node, the node that names its set.
        one, other
            Pairs of sets, each once.

        Returns
        -------
        Between
            Per pair of sets.
        Links
            Record pairs that proved to be links.
        """
        return self.between_rows(*self.product(self.speakers(roots), one, other), len(one))

    def product(self, speakers: tuple[Rows, Counts, Counts], one: Rows, other: Rows) -> tuple[Places, Rows, Rows]:
        """All record pairs between the speakers of pairs of sets: which pair of sets, and the two rows."""
        rows, start, count = speakers
        many = count[other]
        sizes = count[one] * many
        pair = np.repeat(np.arange(len(one)), sizes)
        step = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        here, there = np.divmod(step, many[pair])
        return pair, rows[start[one][pair] + here], rows[start[other][pair] + there]

    def between_rows(self, pair: Places, here: Rows, there: Rows, n: int) -> tuple[Between, Links]:
        """Conflicts over given record pairs, summed by `pair`, an ascending number below `n`."""
        # Looking up sorted keys is several times quicker than looking them up as they come.
        keys, which = np.unique(pair_keys(np.minimum(here, there), np.maximum(here, there)), return_inverse=True)
        found = self._score(keys)
        against = self._against[np.searchsorted(self._keys, keys)][which]
        if self._is_each_alone:
            return Between(add_columns(n, pair, against), np.bincount(pair, minlength=n)), found
        # Records that decisions made one are one node: the pair that agrees best counts for all pairs between two nodes.
        ends = (self._nodes[np.searchsorted(self._records, side)] for side in (here, there))
        low, high = (side + pair * len(self._records) for side in ends)
        nodes = node_conflicts(low, high, against, np.ones(len(pair), np.int64))
        of_node = nodes.left // max(len(self._records), 1)
        pairs = np.zeros(n, np.int64)
        np.add.at(pairs, of_node, nodes.pairs)
        return Between(add_columns(n, of_node, nodes.totals()), pairs), found

    def _score(self, keys: npt.NDArray[np.int64]) -> Links:
        """Score the record pairs that are not known yet; `keys` ascend."""
        keys = keys[~is_among(keys, self._keys)]
        left, right = (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
        scored = [self._conflict(left[at : at + BATCH], right[at : at + BATCH]) for at in range(0, len(keys), BATCH)]
        weight = np.concatenate([np.zeros(0, np.int64), *(weights for weights, _ in scored)])
        negative = np.concatenate([self._against[:0], *(columns for _, columns in scored)])
        linked = weight >= self._link_at
        negative[linked] = only_shared(negative[linked])
        merged = np.concatenate([self._keys, keys])
        order = np.argsort(merged, kind="stable")
        self._keys = merged[order]
        self._against = np.concatenate([self._against, negative])[order]
        at = np.flatnonzero(linked)
        tier, place, shared = np.zeros(len(at), np.int8), np.full(len(at), self._last, np.int16), (negative[at, 1:] & 1) > 0
        return Links(left[at], right[at], tier, weight[at], place, shared)
