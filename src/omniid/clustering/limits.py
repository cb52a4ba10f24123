"""Which sets of records hold more distinct values than a limit allows."""

import numpy as np

from omniid.tables import Limit, Rows

__all__ = ["sets_over_limit"]


def sets_over_limit(limit: Limit, labels: Rows) -> Rows:
    """Find the sets of a partition that exceed a limit.

    A limit counts distinct values, so it is hereditary: a subset of a set within the limit is within it too. That is why a
    component that keeps all limits as a whole needs no further look.

    Parameters
    ----------
    limit
        What no set may exceed.
    labels
        int32, one per row: the set that the row belongs to, named by one of its rows.

    Returns
    -------
    numpy.ndarray
        int32, ascending: the names of the sets that hold more than `limit.n` distinct values.

    Examples
    --------
    >>> limit = Limit("at_most(email, 1)", "email", 1, np.array([0, 1, 2], np.int32), np.array([7, 8, 8], np.int32))
    >>> sets_over_limit(limit, np.array([0, 0, 2], np.int32)).tolist()
    [0]
    """
    names = labels.take(limit.rows)
    # Counting entries is cheap and clears most sets; only what is left is sorted to count distinct values.
    crowded = np.bincount(names, minlength=1).take(names) > limit.n
    names, codes = names[crowded].astype(np.int64), limit.codes[crowded].astype(np.int64)
    if not len(names):
        return np.zeros(0, np.int32)
    width = int(codes.max()) + 1
    distinct = np.unique(names * width + codes) // width
    over, counts = np.unique(distinct, return_counts=True)
    return over[counts > limit.n].astype(np.int32)
