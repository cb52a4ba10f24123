"""Roll-ups: one figure per entity over its events."""

import numpy as np
import numpy.typing as npt

from omniid.journey.groups import Ints

__all__ = ["roll_up"]


def roll_up(operation: str, values: Ints, groups: npt.NDArray[np.signedinteger], n_groups: int, missing: int) -> Ints:
    """Return one figure per group.

    Parameters
    ----------
    operation
        "sum", "count", "min", "max", "first" or "last".
    values
        int64 per event, in the order of the story; `missing` where there is none, and such events take no part.
    groups
        The group of every event.
    n_groups
        Number of groups.
    missing
        What stands for no value; the figure of a group without events, except for counts, which are 0.

    Returns
    -------
    numpy.ndarray
        int64 per group. Sums are exact: the same whatever the order of the events.

    Examples
    --------
    >>> values, groups = np.array([5, 7, -1]), np.array([0, 0, 1])
    >>> [roll_up(name, values, groups, 2, -1).tolist() for name in ("sum", "count", "max", "first")]
    [[12, -1], [2, 0], [7, -1], [5, -1]]
    """
    here = values != missing
    values, groups = values[here], groups[here]
    if operation == "count":
        return np.bincount(groups, minlength=n_groups).astype(np.int64)
    out = np.full(n_groups, missing, np.int64)
    if operation == "last":
        out[groups] = values
    elif operation == "first":
        out[groups[::-1]] = values[::-1]
    else:
        ufunc = {"sum": np.add, "min": np.minimum, "max": np.maximum}[operation]
        order = np.argsort(groups, kind="stable") if (groups[1:] < groups[:-1]).any() else np.arange(len(groups))
        ordered = groups[order]
        starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(ordered) else np.zeros(0, np.intp)
        if len(starts):
            out[ordered[starts]] = ufunc.reduceat(values[order], starts)
    return out
