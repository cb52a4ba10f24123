"""How large the clusters are: the first thing to look at after clustering."""

from dataclasses import dataclass

import numpy as np

from omniid.tables import Rows

__all__ = ["ClusterSizes", "summarize_sizes"]

BANDS = (1, 2, 5, 10, 20, 50)  # the most records in a cluster of each band but the last


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

    def __str__(self) -> str:
        """The distribution in a few bands.

        Examples
        --------
        >>> print(summarize_sizes(np.array([0, 0, 2, 2, 2, 2, 6], np.int32)))
        1 record: 1, 2: 1, 3–5: 1
        """
        told, least = [], 1
        for most in (*BANDS, None):
            if count := sum(clusters for size, clusters in self.distribution if least <= size <= (most or size)):
                told.append(f"{_band(least, most)}: {count:,}")
            least = (most or least) + 1
        return ", ".join(told)


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


def _band(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return "1 record" if most == 1 else f"{most}" if least == most else f"{least}–{most}"
