"""What counts as one record: equal records whose pair is a link."""

import numpy as np

from omniid.clustering.links import Links
from omniid.tables import Rows

__all__ = ["stand_in_records"]


def stand_in_records(n_rows: int, originals: Rows | None, links: Links, decided: Rows) -> Rows:
    """Let one record stand for all that are equal to it and link to it.

    Parameters
    ----------
    n_rows
        Number of rows.
    originals
        int32 per row: the smallest row that equals it in all that comparisons and limits read; None if nobody looked.
    links
        All links; a pair of a row and its original among them makes the two one node.
    decided
        Rows that decisions name: they stand for themselves, and for nobody else.

    Returns
    -------
    numpy.ndarray
        int32 per row: the row that stands for it, mostly itself.

    Examples
    --------
    >>> none = np.zeros(2, np.int16)
    >>> links = Links.of(np.array([0, 0], np.int32), np.array([1, 2], np.int32), none.astype(np.int8), np.array([9, 9]), none)
    >>> stand_in_records(4, np.array([0, 0, 2, 0], np.int32), links, np.zeros(0, np.int32)).tolist()
    [0, 0, 2, 3]
    """
    records = np.arange(n_rows, dtype=np.int32)
    if originals is None:
        return records
    free = np.ones(n_rows, bool)
    free[decided] = False
    equal = (originals.take(links.right) == links.left) & free[links.left] & free[links.right]
    records[links.right[equal]] = links.left[equal]
    return records
