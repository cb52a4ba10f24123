"""Levels of the frequent values: what two common names came to once is looked up ever after."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from omniid.tables import Codes

__all__ = ["LevelMemo"]

Grades = npt.NDArray[np.int8]

MOST = 4096  # values: a table of 16 MiB at most, of which only what is met takes memory
LEAST_RECORDS = 20_000  # with fewer, hardly a pair of values is met twice
LEAST_SHARE = 0.25  # of the records whose value is frequent; contact values hardly recur
UNKNOWN = 0  # levels are kept one higher, so that fresh memory says "unknown"


class LevelMemo:
    """A table of levels by two frequent values, filled as pairs are met.

    It may be asked from several threads: what one of them has not seen yet of another's, it works out again.

    Parameters
    ----------
    counts
        int64, records per value.

    Examples
    --------
    >>> memo = LevelMemo.of(np.array([30_000, 1, 20_000]))
    >>> def same_letter(left, right):
    ...     return (left == right).astype(np.int8)
    >>> left, right = np.array([0, 0, 2]), np.array([2, 1, 2])
    >>> at, grades = memo.levels(left, right, same_letter)
    >>> at.tolist(), grades.tolist()
    ([0, 2], [0, 1])
    """

    def __init__(self, counts: npt.NDArray[np.int64]) -> None:
        frequent = np.argsort(-counts, kind="stable")[:MOST]
        frequent = frequent[counts[frequent] > 1]
        self._size = len(frequent)
        self._place = np.full(len(counts), -1, np.int32)
        self._place[frequent] = np.arange(self._size, dtype=np.int32)
        self._known = np.zeros(self._size * self._size, np.int8)

    @classmethod
    def of(cls, counts: npt.NDArray[np.int64]) -> "LevelMemo | None":
        """The memo of a field, None where it would not pay."""
        total = int(counts.sum())
        if total < LEAST_RECORDS:
            return None
        most = -np.sort(-counts)[:MOST]
        return cls(counts) if most[most > 1].sum() >= LEAST_SHARE * total else None

    def levels(self, left: Codes, right: Codes, grade: Callable[[Codes, Codes], Grades]) -> tuple[npt.NDArray[np.intp], Grades]:
        """Levels of the pairs of which both values are frequent.

        Parameters
        ----------
        left, right
            Codes of pair i at position i, none missing.
        grade
            Gives the levels of pairs that have not been met.

        Returns
        -------
        positions, levels
            Which pairs, ascending, and their levels.
        """
        one, other = self._place.take(left), self._place.take(right)
        at = np.flatnonzero((one | other) >= 0)
        key = np.minimum(one.take(at), other.take(at)).astype(np.int64) * self._size + np.maximum(one.take(at), other.take(at))
        kept = self._known.take(key)
        fresh = np.flatnonzero(kept == UNKNOWN)
        if len(fresh):
            new, example, inverse = np.unique(key.take(fresh), return_index=True, return_inverse=True)
            example = at.take(fresh.take(example))
            found = grade(left.take(example), right.take(example)) + np.int8(1)
            self._known[new] = found
            kept[fresh] = found.take(inverse)
        return at, kept - np.int8(1)
