"""Levels of the frequent values: what two common names came to once is looked up ever after."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.tables import UNKNOWN, Codes
from omniid.tables.arrays import arrow_array, numpy_array

__all__ = ["LevelMemo"]

Grades = npt.NDArray[np.int8]

MOST = 4096  # values: a table of 16 MiB at most, of which only what is met takes memory
ENTRIES = 16  # of the table at most, per record: a larger one would be filled for the first time nearly everywhere
LEAST_RECORDS = 20_000  # with fewer, hardly a pair of values is met twice
LEAST_SHARE = 0.25  # of the records whose value is frequent; contact values hardly recur
UNMET = 0  # levels are kept one higher, so that fresh memory says "not met yet"


class LevelMemo:
    """A table of levels by two frequent values, filled as pairs are met.

    A frequent value has a *place* in the table, all others share one beyond it. The memo may be asked from several threads:
    what one of them has not seen yet of another's, it works out again.

    Parameters
    ----------
    counts
        int64, records per value.
    texts
        The values: places in their order, so that those of a block, which begin alike, lie close together in the table.

    Examples
    --------
    >>> memo = LevelMemo.of(np.array([30_000, 1, 20_000]))
    >>> def same_letter(left, right):
    ...     return (left == right).astype(np.int8)
    >>> left, right = np.array([0, 0, 2]), np.array([2, 1, 2])
    >>> memo.levels(memo.places.take(left), memo.places.take(right), same_letter).tolist()
    [0, -2, 1]
    """

    def __init__(self, counts: npt.NDArray[np.int64], texts: pa.LargeStringArray | None = None) -> None:
        frequent = np.argsort(-counts, kind="stable")[: _most(counts)]
        values = frequent[counts[frequent] > 1].astype(np.int32)
        if texts is not None:
            values = values[numpy_array(pc.array_sort_indices(texts.take(arrow_array(values))))]
        self._values = values
        self._size = len(self._values)
        self.outside = self._size * self._size
        self.places = np.full(len(counts), self.outside, np.int32)
        self.places[self._values] = np.arange(self._size, dtype=np.int32)
        self._known = np.zeros(self.outside + 1, np.int8)  # every key with a place outside is clipped to the last
        self._known[-1] = UNKNOWN + 1

    @classmethod
    def of(cls, counts: npt.NDArray[np.int64], texts: pa.LargeStringArray | None = None) -> "LevelMemo | None":
        """The memo of a field, None where it would not pay."""
        total = int(counts.sum())
        if total < LEAST_RECORDS:
            return None
        most = -np.sort(-counts)[: _most(counts)]
        return cls(counts, texts) if most[most > 1].sum() >= LEAST_SHARE * total else None

    def levels(self, one: Codes, other: Codes, grade: Callable[[Codes, Codes], Grades]) -> Grades:
        """Levels of pairs of values.

        Parameters
        ----------
        one, other
            Places of pair i's values at position i.
        grade
            Gives the levels of pairs of codes that have not been met; the same in either direction.

        Returns
        -------
        numpy.ndarray
            int8 of length pairs, -2 where one of the values is not frequent.
        """
        key = one.astype(np.intp) * self._size + other
        kept = self._known.take(key, mode="clip")
        unmet = np.flatnonzero(kept == UNMET)
        if len(unmet):  # a pair that is met twice is not looked for: to find it takes longer than to bound it twice
            ends = one.take(unmet), other.take(unmet)
            found = grade(self._values.take(ends[0]), self._values.take(ends[1])) + np.int8(1)
            self._known[key.take(unmet)] = found
            self._known[ends[1].astype(np.intp) * self._size + ends[0]] = found
            kept[unmet] = found
        return kept - np.int8(1)


def _most(counts: npt.NDArray[np.int64]) -> int:
    """How many values get a place."""
    return min(MOST, math.isqrt(ENTRIES * int(counts.sum())))
