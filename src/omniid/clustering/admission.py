"""Admit clusters to other clusters one after the other, within limits and decisions."""

from collections.abc import Sequence

import numpy as np

from omniid.clustering.ground import Ground, number_nodes
from omniid.clustering.limits import sets_over_limit
from omniid.clustering.links import Links
from omniid.clustering.merge_values import MergeRule
from omniid.tables import Limit, Rows
from omniid.tables.arrays import distinct

__all__ = ["Admission"]


class Admission:
    """What limits and CANNOT_LINKs forbid when clusters take others in.

    Parameters
    ----------
    limits
        What no cluster may exceed.
    cannot
        int32 of shape (k, 2): pairs of rows that decisions part.
    """

    def __init__(self, limits: Sequence[Limit], cannot: Rows) -> None:
        self._limits, self._cannot = limits, cannot.reshape(-1, 2)

    def broken(self, labels: Rows) -> Rows:
        """Find the sets of a partition in which something is forbidden.

        Parameters
        ----------
        labels
            int32 per row: the smallest row of its set.

        Returns
        -------
        numpy.ndarray
            int32, ascending: their names.
        """
        inside = labels.take(self._cannot)
        parted = inside[inside[:, 0] == inside[:, 1], 0]
        return distinct(np.concatenate([parted, *(sets_over_limit(limit, labels) for limit in self._limits)])).astype(np.int32)

    def admit(self, labels: Rows, units: Rows, persons: Rows) -> Rows:
        """Join clusters with others one after the other; what is forbidden is not made.

        Parameters
        ----------
        labels
            int32 per row: the smallest row of its cluster.
        units
            Names of clusters, ascending: the order in which they are admitted.
        persons
            The cluster that each of them is to join; none of these is a unit.

        Returns
        -------
        numpy.ndarray
            int32 per unit: -1 where it was admitted, else the position of the limit in the way, and the number of limits for a
            CANNOT_LINK.

        Examples
        --------
        >>> admission = Admission([], np.array([[0, 1]], np.int32))
        >>> labels = np.arange(3, dtype=np.int32)
        >>> admission.admit(labels, np.array([1, 2], np.int32), np.array([0, 0], np.int32)).tolist()
        [0, -1]
        """
        groups = np.arange(len(labels), dtype=np.int32)
        groups[units] = persons
        groups = groups.take(labels)
        touched = np.zeros(len(labels), bool)
        touched[persons] = True
        rows = np.flatnonzero(touched.take(groups)).astype(np.int32)
        inside = self._cannot[groups.take(self._cannot[:, 0]) == groups.take(self._cannot[:, 1])]
        ground = Ground(groups, labels, labels, Links.none(), self._limits, inside, MergeRule(0, (0, 1)))
        nodes = number_nodes(ground, rows)
        sets = nodes.start()
        barriers = np.full(len(units), -1, np.int32)
        ends = zip(nodes.of_row.take(units).tolist(), nodes.of_row.take(persons).tolist(), strict=True)
        for number, (unit, person) in enumerate(ends):
            root = sets.find(person)
            barrier = sets.barrier(root, unit)
            if barrier is None:
                sets.union(root, unit)
            else:
                barriers[number] = barrier
        return barriers
