"""Orders of integer keys: each key and its position are sorted as one number, a fifth of the time of sorting positions."""

import numpy as np
import numpy.typing as npt

__all__ = ["find_places", "numbered", "order_of"]

Positions = npt.NDArray[np.int64]
FEW = 1 << 14  # keys that the caches hold
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


def numbered(keys: npt.NDArray[np.integer]) -> tuple[npt.NDArray[np.integer], Positions]:
    """Return the distinct keys, ascending, and the number of each key among them: ``np.unique(keys, return_inverse=True)``.

    Examples
    --------
    >>> distinct, number = numbered(np.array([7, 3, 7]))
    >>> distinct.tolist(), number.tolist()
    ([3, 7], [1, 0, 1])
    """
    order = order_of(keys)
    ascending = keys[order]
    begins = np.ones(len(keys), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=begins[1:])
    number = np.empty(len(keys), np.int64)
    number[order] = np.cumsum(begins) - 1
    return ascending[begins], number


def find_places(known: npt.NDArray[np.integer], wanted: npt.NDArray[np.integer]) -> Positions:
    """Return ``np.searchsorted(known, wanted)`` for many keys in any order, looked up in their own order.

    A million keys in any order, looked up in two million, miss the caches at every step and take eight times as long.

    Parameters
    ----------
    known
        Ascending.
    wanted
        What to look up.

    Examples
    --------
    >>> find_places(np.array([2, 5, 9]), np.array([9, 1, 6])).tolist()
    [2, 0, 2]
    """
    if len(known) < FEW or len(wanted) < FEW:
        return np.searchsorted(known, wanted)
    order = order_of(wanted)
    places = np.empty(len(wanted), np.int64)
    places[order] = np.searchsorted(known, wanted[order])
    return places
