"""Rectangles: all pairs of a strip as a table that is added up column by column, although no pair has been made.

Each record of a strip stands beside those that follow it, shifted by one, by two, and so on; both sides are views of the same
few values, so that they are compared as fast as memory can be read.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from omniid.tables import Strip

__all__ = ["Rectangle"]

Array = npt.NDArray[Any]
Places = npt.NDArray[np.intp]


class Rectangle:
    """The pairs of a strip: records that look for partners, by how far off these are. The longer side comes last.

    Parameters
    ----------
    strip
        The strip.

    Examples
    --------
    >>> rows = np.array([7, 8, 9], np.int32)
    >>> rectangle = Rectangle(Strip(rows, np.array([2, 1]), lambda pairs: pairs))
    >>> values = rectangle.padded(np.array([1, 2, 1]))
    >>> rectangle.left(values) == rectangle.right(values)
    array([[False, False],
           [ True, False]])
    >>> rectangle.positions(rectangle.flagged(rectangle.left(values) == rectangle.right(values)))
    (array([0]), array([2]))
    """

    def __init__(self, strip: Strip) -> None:
        self.n, self.depth = len(strip.partners), int(strip.partners.max())
        self._deep = self.depth > self.n
        self._partners = strip.partners.astype(np.int32)
        self.shape = (self.n, self.depth) if self._deep else (self.depth, self.n)

    def padded(self, values: Array) -> Array:
        """Values of records, and zeros beyond, so that every record has as many that follow it."""
        out = np.zeros((*values.shape[:-1], self.n + self.depth), values.dtype)
        out[..., : values.shape[-1]] = values
        return out

    def left(self, values: Array) -> Array:
        """Values of the records that look for partners."""
        return values[: self.n, None] if self._deep else values[None, : self.n]

    def right(self, values: Array) -> Array:
        """Values, padded, of their partners."""
        return as_strided(values[1:], self.shape, (values.itemsize, values.itemsize), writeable=False)

    def flagged(self, flags: npt.NDArray[np.bool_]) -> Places:
        """Where flags stand, those aside that stand for no pair."""
        offsets = np.arange(self.depth, dtype=np.int32)
        there = np.less(offsets[None, :] if self._deep else offsets[:, None], self.left(self._partners))
        there &= flags
        return np.flatnonzero(there)

    def positions(self, at: Places) -> tuple[Places, Places]:
        """Both positions of pairs."""
        one, other = np.divmod(at.astype(np.int32), np.int32(self.shape[1])) if len(at) else (at, at)
        left, offset = (one, other) if self._deep else (other, one)
        first = left.astype(np.intp)
        return first, first + offset + 1
