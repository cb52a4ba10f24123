"""How large the clusters are: the first thing to look at after clustering."""

from dataclasses import dataclass

import numpy as np

from omniid.tables import Rows

__all__ = ["ClusterSizes", "summarize_sizes"]


@dataclass(frozen=True)
class ClusterSizes:
    """The sizes of all clusters, and the largest by name.

    Parameters
    ----------
    records, clusters
        How many there are.
    largest
        (smallest row, records) of the largest clusters, largest first, then by row.
    distribution
        (records in a cluster, number of such clusters), by ascending size.

    Examples
    --------
    >>> summarize_sizes(np.array([0, 0, 2], np.int32)).records
    3
    """

    records: int
    clusters: int
    largest: tuple[tuple[int, int], ...]
    distribution: tuple[tuple[int, int], ...]


def summarize_sizes(labels: Rows, *, top: int = 5) -> ClusterSizes:
    """Count clusters by size and name the largest.

    One wrong link joins two whole clusters, so a weak matcher shows first in clusters that are too large.

    Parameters
    ----------
    labels
        int32, one per row: the smallest row of its cluster.
    top
        How many of the largest clusters to name.

    Returns
    -------
    ClusterSizes
        Counts, the largest clusters, and the size distribution.

    Examples
    --------
    >>> sizes = summarize_sizes(np.array([0, 0, 2, 0, 4], np.int32), top=1)
    >>> sizes.clusters, sizes.largest, sizes.distribution
    (3, ((0, 3),), ((1, 2), (3, 1)))
    """
    counts = np.bincount(labels, minlength=1)
    names = np.flatnonzero(counts)
    sizes = counts[names]
    first = np.lexsort((names, -sizes))[:top]
    size, number = np.unique(sizes, return_counts=True)
    return ClusterSizes(
        records=len(labels),
        clusters=len(names),
        largest=tuple(zip(names[first].tolist(), sizes[first].tolist(), strict=True)),
        distribution=tuple(zip(size.tolist(), number.tolist(), strict=True)),
    )
