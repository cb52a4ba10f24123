"""B-cubed measures: how good a cluster is, seen from each of its records."""

import math

import numpy as np

from omniid.evaluation.contingency import Contingency

__all__ = ["b_cubed_precision"]


def b_cubed_precision(cells: Contingency) -> float:
    """Average, over all records, the share of a record's cluster (itself included) that belongs with it.

    Large clusters weigh by their records and not by their pairs, so one giant cluster does not hide the rest. Every record
    has equal weight; some tools give every true entity equal weight instead, which is another number.

    Parameters
    ----------
    cells
        Records per predicted cluster and true entity; at least one record.

    Returns
    -------
    float
        The mean over all records of shared / cluster size. It is summed by cluster size in whole numbers, so the order of
        the records does not change a digit.

    References
    ----------
    Bagga and Baldwin, "Entity-based cross-document coreferencing using the vector space model", COLING-ACL 1998.
    Amigó, Gonzalo, Artiles and Verdejo, "A comparison of extrinsic clustering evaluation metrics based on formal constraints",
    Information Retrieval 12, 2009.

    Examples
    --------
    >>> b_cubed_precision(Contingency.of(np.array([0, 0, 1]), np.array([0, 1, 1])))
    0.6666666666666666
    """
    size = cells.predicted_sizes[cells.predicted]
    squares = np.zeros(int(size.max()) + 1, np.int64)
    np.add.at(squares, size, cells.shared**2)
    present = np.flatnonzero(squares)
    return math.fsum((squares[present] / present).tolist()) / int(cells.shared.sum())
