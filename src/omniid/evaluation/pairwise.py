"""Pairwise measures: all pairs of records, joined or not."""

import math

import numpy as np

from omniid.evaluation.contingency import Contingency, Counts

__all__ = ["count_pairs", "pairwise_precision"]


def count_pairs(sizes: Counts) -> int:
    """Count the pairs of records inside groups.

    Parameters
    ----------
    sizes
        Records per group.

    Returns
    -------
    int
        The sum of size × (size - 1) / 2.

    Examples
    --------
    >>> count_pairs(np.array([3, 1, 2]))
    4
    """
    return int(np.sum(sizes * (sizes - 1) // 2))


def pairwise_precision(cells: Contingency) -> float:
    """Give the share of the pairs joined by the crosswalk that belong together.

    Parameters
    ----------
    cells
        Records per predicted cluster and true entity.

    Returns
    -------
    float
        Common pairs / predicted pairs; nan if the crosswalk joins no two records.

    References
    ----------
    Christen, *Data Matching*, Springer 2012, section 7.2.

    Examples
    --------
    >>> pairwise_precision(Contingency.of(np.array([0, 0, 0]), np.array([0, 0, 1])))
    0.3333333333333333
    """
    predicted = count_pairs(cells.predicted_sizes)
    return count_pairs(cells.shared) / predicted if predicted else math.nan
