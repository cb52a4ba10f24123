"""The walk over many components at once: best-first merging on padded matrices, one union per component and step."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering.field_conflicts import Columns, fewest_columns, join, sum_heard
from omniid.clustering.merge_values import MergeRule, NodeConflicts
from omniid.key_order import order_of
from omniid.tables import Rows, Weights
from omniid.tables.arrays import distinct

__all__ = ["NodeLinks", "fits_arrays", "merge_groups", "strengths"]

CELLS = 1 << 16  # of one matrix: all of a batch together take a few MB, which stay in the caches
NONE = np.iinfo(np.int64).min
ROOM = 1 << 62

Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.signedinteger]


class NodeLinks(NamedTuple):
    """Links between different nodes, with their evidence as one integer each (`strengths`)."""

    left: Rows
    right: Rows
    strength: Weights


def _tier_step(heaviest: int) -> int:
    """What a tier adds to a strength: more than any weight above the threshold."""
    return 1 << heaviest.bit_length()


def strengths(
    tier: npt.NDArray[np.int8], weight: Weights, place: npt.NDArray[np.int16], rule: MergeRule, heaviest: int
) -> Weights:
    """Tier, weight and place as one integer in the same order: the weight above the threshold, below the tier; then the place.

    Parameters
    ----------
    tier, weight, place
        Of each link.
    rule
        The threshold, and how many places there are.
    heaviest
        The largest weight above the threshold.

    Examples
    --------
    >>> strengths(np.array([0, 1], np.int8), np.array([9, 2]), np.array([0, 1]), MergeRule(2, (3, 2), places=2), 7).tolist()
    [15, 16]
    """
    evidence = tier.astype(np.int64) * _tier_step(heaviest) + (weight - rule.link_at)
    return evidence * rule.places + (rule.places - 1 - place)


def fits_arrays(records: Counts, highest_tier: int, heaviest: int, worst: int, rule: MergeRule) -> npt.NDArray[np.bool_]:
    """Say for which components all values of unions are exact in 64 bits.

    Parameters
    ----------
    records
        Records of each component.
    highest_tier, heaviest, worst
        The highest tier of a link, the largest weight above the threshold, and the worst conflict of a record pair.
    rule
        When a union is good enough.

    Examples
    --------
    >>> fits_arrays(np.array([120, 5_000]), 1, 40_000_000, -60_000_000, MergeRule(0, (3, 2))).tolist()
    [True, False]
    """
    top = (highest_tier + 1) * _tier_step(heaviest)
    sizes = [int(size) for size in distinct(records).tolist()]
    fit = [size for size in sizes if _fits(size * size // 4 + 1, top, heaviest, -worst, rule)]
    return np.isin(records, np.array(fit, np.int64))


def _fits(most: int, top: int, heaviest: int, worst: int, rule: MergeRule) -> bool:
    """Whether sums, products and scaled values of unions over at most `most` record pairs stay within 62 bits."""
    times, parts = rule.beta
    scaled = (top + 1) * _scale(most, parts) * rule.places
    return max(scaled, (heaviest + 1) * parts * most + times * worst * most, (parts * most) ** 3) < ROOM


def _scale(most: int, parts: int) -> int:
    """Two values differ by at least one over the product of their denominators; scaled by it, rounding keeps the order."""
    return (parts * most) ** 2


def merge_groups(
    groups: Places, sizes: Counts, links: NodeLinks, conflicts: NodeConflicts, rule: MergeRule, heaviest: int
) -> Rows:
    """Join the nodes of each group along links, always the best union first, until none reaches the threshold.

    As `merge_best_first` without limits or decisions, for many groups at once: in every step each group makes its best
    union, so that there are as many steps as the largest group has unions.

    Parameters
    ----------
    groups
        The group of each node. Node numbers break ties.
    sizes
        Records per node.
    links
        Links between nodes of one group.
    conflicts
        Sums of conflicts between nodes of one group.
    rule
        When a union is good enough.
    heaviest
        The largest weight above the threshold, as for `strengths`.

    Returns
    -------
    numpy.ndarray
        int32 per node: the smallest node of its set.

    Examples
    --------
    >>> rows = np.array([0, 1], np.int32)
    >>> links = NodeLinks(rows, rows + 1, np.array([9, 5]))
    >>> disagree = NodeConflicts(np.array([0], np.int32), np.array([2], np.int32), np.array([[-16]]), np.array([1]))
    >>> merge_groups(np.zeros(3, np.int32), np.ones(3, np.int64), links, disagree, MergeRule(0, (3, 2)), 9).tolist()
    [0, 0, 2]
    """
    order = order_of(groups)
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    members = np.diff(starts, append=len(order))
    number = np.empty(len(order), np.int64)  # of each node's group
    number[order] = np.repeat(np.arange(len(starts)), members)
    place = np.empty(len(order), np.int64)  # of each node in its group
    place[order] = np.arange(len(order)) - np.repeat(starts, members)
    roots = np.arange(len(order), dtype=np.int32)
    link_groups, conflict_groups = number[links.left], number[conflicts.left]
    totals, open_fields = fewest_columns(len(starts), conflict_groups, conflicts.totals())
    by_size = np.lexsort((members, open_fields))
    parts = np.split(by_size, np.flatnonzero(np.diff(open_fields[by_size])) + 1)
    for some in (batch for part in parts for batch in _batches(part, members[part])):
        slot = np.full(len(starts), -1)
        slot[some] = np.arange(len(some))
        width = int(members[some].max())
        mine = np.flatnonzero(slot[number] >= 0)
        ours, against = np.flatnonzero(slot[link_groups] >= 0), np.flatnonzero(slot[conflict_groups] >= 0)
        columns = 1 + int(open_fields[some[0]])
        steps = _Steps(len(some), width, columns + (columns > 1), rule, heaviest)
        steps.records[slot[number[mine]], place[mine]] = sizes[mine]
        steps.add_links(slot[link_groups[ours]], place[links.left[ours]], place[links.right[ours]], links.strength[ours])
        ends = place[conflicts.left[against]], place[conflicts.right[against]]
        steps.add_conflicts(slot[conflict_groups[against]], *ends, totals[against])
        root = steps.run()[slot[number[mine]], place[mine]]
        roots[mine] = order[starts[number[mine]] + root]
    return roots


def _batches(by_size: Places, members: Places) -> Iterator[Places]:
    """Groups of similar size together, so that little is padded."""
    start = 0
    while start < len(by_size):
        stop = start + 1
        # Widths ascend: a batch that starts with small groups ends before it would have to be padded to twice their width.
        fit = (members[start:] * members[start:] * np.arange(1, len(by_size) - start + 1) <= CELLS) & (
            members[start:] <= 2 * members[start]
        )
        stop = start + max(1, int(np.argmin(fit)) if not fit.all() else len(fit))
        yield by_size[start:stop]
        start = stop


class _Steps:
    """Some groups of at most `width` nodes: strengths of links, conflict sums and values of all unions, as matrices."""

    def __init__(self, n: int, width: int, columns: int, rule: MergeRule, heaviest: int) -> None:
        self.records = np.zeros((n, width), np.int64)
        self._best = np.full((n, width, width), NONE)
        self._sums = [np.zeros((n, width, width), np.int64) for _ in range(columns)]
        self._rule, self._tier_step = rule, _tier_step(heaviest)

    def add_links(self, slot: Places, left: Places, right: Places, strength: Weights) -> None:
        """Note the best link between two nodes."""
        np.maximum.at(self._best, (slot, left, right), strength)
        np.maximum.at(self._best, (slot, right, left), strength)

    def add_conflicts(self, slot: Places, left: Places, right: Places, total: Columns) -> None:
        """Note the sum of conflicts between two nodes."""
        for number, sums in enumerate(self._sums):
            sums[slot, left, right] = sums[slot, right, left] = total[:, number]

    def run(self) -> Places:
        """Make unions until none is left; return the place of the smallest node of each node's set."""
        n, width = self.records.shape
        roots = np.tile(np.arange(width), (n, 1))
        most = int(self.records.sum(axis=1).max()) ** 2 // 4 + 1
        self._scaled = _scale(most, self._rule.beta[1])
        values = self._value(self._best, self._sums, self.records[:, :, None] * self.records[:, None, :])
        alive = np.arange(n)
        while len(alive):
            flat = values.reshape(len(alive), -1)
            top = flat.argmax(axis=1)  # of equal values the first: the smaller set, then the smaller other set
            going = flat[np.arange(len(alive)), top] != NONE
            if not going.all():
                alive, top, values = alive[going], top[going], values[going]
                self._best, self.records = self._best[going], self.records[going]
                self._sums = [sums[going] for sums in self._sums]
                if not len(alive):
                    break
            one, other = np.divmod(top, width)
            self._join(values, one, other)
            mine = roots[alive]
            roots[alive] = np.where(mine == other[:, None], one[:, None], mine)
        return roots

    def _join(self, values: Weights, one: Places, other: Places) -> None:
        """Put set `other` of every group into set `one`."""
        at = np.arange(len(one))
        best = np.maximum(self._best[at, one], self._best[at, other])
        best[at, one] = best[at, other] = NONE
        first, *several = self._sums
        sums = [first[at, one] + first[at, other], *[join(matrix[at, one], matrix[at, other]) for matrix in several]]
        self.records[at, one] += self.records[at, other]
        value = self._value(best, sums, self.records[at, one][:, None] * self.records)
        for matrix, row in ((self._best, best), *zip(self._sums, sums, strict=True), (values, value)):
            matrix[at, one] = row
            matrix[at, :, one] = row
        for matrix in (self._best, values):
            matrix[at, other] = NONE
            matrix[at, :, other] = NONE

    def _value(self, best: Weights, sums: Sequence[Weights], count: Counts) -> Weights:
        """The value of unions, scaled; `NONE` where there is no link or it is too weak."""
        times, parts = self._rule.beta
        denominator = np.maximum(parts * count, 1)
        against = times * sum_heard(sums)
        linked = best != NONE
        strength, place = np.divmod(np.where(linked, best, 0), self._rule.places)
        whole, rest = np.divmod(against, denominator)
        enough = (strength % self._tier_step) * denominator + against >= 0
        value = ((strength + whole) * self._scaled + rest * self._scaled // denominator) * self._rule.places + place
        return np.where(linked & enough, value, NONE)
