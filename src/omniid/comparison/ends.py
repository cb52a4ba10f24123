"""Ends: one edit leaves a value's beginning or its end as it was, so that two bytes a record tell most pairs apart."""

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.comparison.values import Values
from omniid.hashing import hash_strings

__all__ = ["value_ends"]

SHORTEST = 0.02  # share of values that may be too short to tell: ends half as long as nearly all values tell most


def value_ends(values: Values, *, exchanges: bool) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Hashed beginnings and ends of values, such that one edit leaves one of the two as it was.

    Parameters
    ----------
    values
        The values.
    exchanges
        Whether two neighbours exchanged count as one edit too; one letter between the two ends keeps those apart.

    Returns
    -------
    codes, loose
        uint8 of shape (values, 2); bool per value: too short, so that its ends tell nothing.

    Examples
    --------
    >>> codes, loose = value_ends(Values(["12345678", "12345687", "87654321"]), exchanges=True)
    >>> (codes[0] == codes[1]).tolist(), (codes[0] == codes[2]).tolist(), loose.tolist()
    ([True, False], [False, False], [False, False, False])
    """
    lengths = values.lengths()
    if not len(lengths):
        return np.zeros((0, 2), np.uint8), np.zeros(0, bool)
    between = int(exchanges)
    size = max((int(np.sort(lengths)[int(SHORTEST * len(lengths))]) - between) // 2, 1)
    array = values.array()
    ends = (pc.utf8_slice_codeunits(array, 0, size), pc.utf8_slice_codeunits(array, -size))
    codes = np.stack([(hash_strings(end) & np.uint64(0xFF)).astype(np.uint8) for end in ends], axis=1)
    return codes, lengths < 2 * size + between
