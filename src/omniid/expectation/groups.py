"""All pairs inside groups, as arrays."""

import numpy as np
import numpy.typing as npt

__all__ = ["pairs_in_groups"]

Positions = npt.NDArray[np.int64]


def pairs_in_groups(groups: npt.NDArray[np.integer]) -> tuple[Positions, Positions]:
    """List all pairs of positions whose groups are equal.

    Parameters
    ----------
    groups
        The group of each position, ascending.

    Returns
    -------
    tuple of numpy.ndarray
        int64, the earlier and the later position of each pair.

    Examples
    --------
    >>> [side.tolist() for side in pairs_in_groups(np.array([4, 4, 4, 7]))]
    [[0, 0, 1], [1, 2, 2]]
    """
    places = np.arange(len(groups), dtype=np.int64)
    after = np.searchsorted(groups, groups, side="right") - places - 1
    one = np.repeat(places, after)
    return one, one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(after) - after, after)
