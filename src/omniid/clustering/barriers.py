"""What limits and decisions put between clusters that something other than a link would join."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from omniid.clustering.ground import Ground, number_nodes
from omniid.clustering.links import Links
from omniid.clustering.merge_values import MergeRule
from omniid.tables import Limit, Refusal, Rows

__all__ = ["Barriers", "read_again", "refused_unions"]


class Barriers:
    """What stands between pairs of clusters of a partition.

    Parameters
    ----------
    limits
        What no cluster may exceed.
    cannot
        int32 of shape (k, 2): pairs of rows that decisions part.
    labels
        int32 per row: the smallest row of its cluster.
    one, other
        The names of the two clusters of each pair.

    Examples
    --------
    >>> pair = [np.array([row], np.int32) for row in (0, 1)]
    >>> Barriers([], np.array([[0, 1]], np.int32), np.arange(2, dtype=np.int32), *pair).free().tolist()
    [False]
    """

    def __init__(self, limits: Sequence[Limit], cannot: Rows, labels: Rows, one: Rows, other: Rows) -> None:
        self._limits, self._one, self._other = limits, one, other
        self._holds = bool(len(one)) and (bool(limits) or len(cannot) > 0)
        if not self._holds:
            return
        touched = np.zeros(len(labels), bool)
        touched[one], touched[other] = True, True
        rows = np.flatnonzero(touched.take(labels)).astype(np.int32)
        inside = cannot[touched.take(labels.take(cannot)).all(axis=1)]
        ground = Ground(labels, labels, labels, Links.none(), limits, inside, MergeRule(0, (0, 1)))
        nodes = number_nodes(ground, rows)
        self._sets, self._node = nodes.start(), nodes.of_row
        roots = np.arange(len(nodes.names), dtype=np.int32)
        self._sets.foresee_between(roots, nodes.of_row.take(one), nodes.of_row.take(other))

    def free(self) -> npt.NDArray[np.bool_]:
        """Between which pairs nothing stands."""
        if not self._holds:
            return np.ones(len(self._one), bool)
        pairs = zip(self._node.take(self._one).tolist(), self._node.take(self._other).tolist(), strict=True)
        return np.array([self._sets.barrier(*pair) is None for pair in pairs], bool)

    def between(self, one: int, other: int) -> tuple[str, tuple[int, ...], tuple[int, ...]] | None:
        """The name of what stands between two of the clusters, and the limited codes of both; None for nothing."""
        if not self._holds:
            return None
        pair = int(self._node[one]), int(self._node[other])
        barrier = self._sets.barrier(*pair)
        if barrier is None:
            return None
        if barrier == len(self._limits):
            return "CANNOT_LINK", (), ()
        left, right = (tuple(sorted(self._sets.values(node, barrier))) for node in pair)
        return self._limits[barrier].name, left, right


def read_again(
    refusals: Iterable[Refusal], labels: Rows, touched: npt.NDArray[np.bool_], limits: Sequence[Limit], cannot: Rows
) -> list[Refusal]:
    """Bring refusals up to a coarser partition: which limit stands between the clusters now, and what these hold.

    Parameters
    ----------
    refusals
        Links between different clusters.
    labels
        The partition.
    touched
        bool per row: names of clusters that grew; refusals between others stay as they are.
    limits, cannot
        As for `Barriers`.

    Returns
    -------
    list of Refusal
        In the same order.
    """
    listed = list(refusals)
    ends = labels.take(np.array([(one.left, one.right) for one in listed], np.int32).reshape(-1, 2))
    grown = ends[touched.take(ends).any(axis=1)]
    barriers = Barriers(limits, cannot, labels, grown[:, 0], grown[:, 1])
    out = []
    for one, (left, right) in zip(listed, ends.tolist(), strict=True):
        found = barriers.between(left, right) if touched[left] or touched[right] else None
        out.append(one if found is None else one._replace(limit=found[0], left_codes=found[1], right_codes=found[2]))
    return out


def refused_unions(
    unions: Sequence[tuple[int, int, int, int]], labels: Rows, limits: Sequence[Limit], cannot: Rows
) -> list[Refusal]:
    """Refusals of unions that no link asked for.

    Parameters
    ----------
    unions
        Of each union two rows, one of either cluster, its weight and its mean conflict.
    labels
        The partition.
    limits, cannot
        As for `Barriers`; one of them stands between the two clusters.
    """
    ends = labels.take(np.array([union[:2] for union in unions], np.int32).reshape(-1, 2))
    barriers = Barriers(limits, cannot, labels, ends[:, 0], ends[:, 1])
    out = []
    for (left, right, weight, mean), pair in zip(unions, ends.tolist(), strict=True):
        found = barriers.between(*pair)
        if found is not None:
            out.append(Refusal(left, right, weight, *found, False, mean))
    return out
