"""How match weights are distributed, beside the thresholds; and how large clusters are."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from omniid.clustering import ClusterSizes
from omniid.report.numbers import bits, count
from omniid.report.shown_table import ShownTable
from omniid.results import Parts
from omniid.tables import BITS

__all__ = ["FATES", "WeightBin", "cluster_sizes", "sizes_table", "weight_bins", "weights_table"]

FATES = ("linked", "refused", "below the threshold")
BINS = 60  # bars that can still be told apart on a phone
STEPS = (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100)
SIZES = 24  # cluster sizes of their own; larger ones are put in one


class WeightBin(NamedTuple):
    """Scored pairs with weights from `low` (bits) up to `high`, by what became of them, as in `FATES`."""

    low: float
    high: float
    counts: tuple[int, int, int]


def weight_bins(parts: Parts) -> list[WeightBin]:
    """Count scored pairs by match weight: linked in one cluster, refused by a limit or conflict, or below the threshold.

    Pairs below the threshold to review were dropped as soon as they were weighed, and are not counted.
    """
    scores, labels = parts.scores, parts.clustering.labels
    if not len(scores.weight):
        return []
    low, high = int(scores.weight.min()) / BITS, int(scores.weight.max()) / BITS
    step = next((step for step in STEPS if (high - low) / step <= BINS), STEPS[-1])
    place = np.floor(scores.weight / BITS / step).astype(np.int64)
    first = math.floor(low / step)
    fate = np.where(scores.weight < parts.link_at, 2, labels[scores.left] != labels[scores.right])
    counts = np.bincount((place - first) * 3 + fate)
    told = np.append(counts, np.zeros(-len(counts) % 3, counts.dtype)).reshape(-1, 3).tolist()
    return [WeightBin((first + at) * step, (first + at + 1) * step, (one[0], one[1], one[2])) for at, one in enumerate(told)]


def weights_table(bins: Sequence[WeightBin]) -> ShownTable:
    """The distribution as a table."""
    rows = [(f"{bits(one.low)} to {bits(one.high)}", *map(count, one.counts)) for one in bins if sum(one.counts)]
    columns = ("match weight in bits", *(f"{fate}#" for fate in FATES))
    return ShownTable("Match weights", "Scored pairs by match weight, and what became of them.", columns, rows, len(rows))


def cluster_sizes(sizes: ClusterSizes) -> list[tuple[str, int, int]]:
    """Clusters by size: what to call the size, clusters of it, and the records in them; the largest sizes in one line."""
    told = [(str(size), clusters, size * clusters) for size, clusters in sizes.distribution]
    if len(told) <= SIZES:
        return told
    rest = sizes.distribution[SIZES - 1 :]
    more = f"{rest[0][0]}–{rest[-1][0]}"
    return [*told[: SIZES - 1], (more, sum(number for _, number in rest), sum(size * number for size, number in rest))]


def sizes_table(sizes: ClusterSizes) -> ShownTable:
    """Cluster sizes as a table."""
    rows = [(name, count(clusters), count(records)) for name, clusters, records in cluster_sizes(sizes)]
    caption = "How many clusters have so many records. One wrong link joins two whole clusters, so look at the largest."
    return ShownTable("Cluster sizes", caption, ("records in a cluster", "clusters#", "records#"), rows, len(rows))
