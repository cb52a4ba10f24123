"""Connected components of a graph that is given as arrays."""

import numpy as np

from omniid.tables import Rows

__all__ = ["connected_components"]


def connected_components(n: int, left: Rows, right: Rows) -> Rows:
    """Label every node with the smallest node that it is connected to.

    Each round hooks the root of every edge's higher end onto the smallest root next to it, then lets all nodes point to
    their new root; edges inside one set drop out. A few rounds suffice, as at least half of the roots that still have edges
    vanish in two rounds.

    Parameters
    ----------
    n
        Number of nodes.
    left, right
        The two ends of each edge, in range(n), in any order; loops and repeated edges do no harm.

    Returns
    -------
    numpy.ndarray
        int32 of length n: the smallest node of each node's component.

    References
    ----------
    Shiloach and Vishkin, "An O(log n) parallel connectivity algorithm", Journal of Algorithms 3(1), 1982.

    Examples
    --------
    >>> connected_components(5, np.array([4, 1], np.int32), np.array([1, 3], np.int32)).tolist()
    [0, 1, 2, 1, 1]
    """
    root = np.arange(n, dtype=np.int32)
    low, high = np.minimum(left, right), np.maximum(left, right)
    while len(low):
        np.minimum.at(root, high, low)
        while not np.array_equal(above := root.take(root), root):
            root = above
        left, right = root.take(low), root.take(high)
        apart = left != right
        left, right = left[apart], right[apart]
        low, high = np.minimum(left, right), np.maximum(left, right)
    return root
