"""How value frequencies move one comparison's weight, pair by pair, and how far at most."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from omniid.matching.frequencies import Ranks, pair_ranks, single_ranks
from omniid.tables import Column, Rows

__all__ = ["FieldShift", "best_by_mask"]

Shift = npt.NDArray[np.int64]

NEVER = -(2**50)  # what an outcome mask of no outcome can add, in millionths of a bit: a thousand of them do not overflow


@dataclass(frozen=True, eq=False)
class FieldShift:
    """How value frequencies move one comparison's weight: integer tables by (level, rank of the value).

    The last row (missing level) and column 0 (missing value) are zeros. Rank r stands for the share `shares[r - 1]`.
    """

    column: Column
    ranks: Ranks
    exact: int
    a: Shift
    b: Shift
    shares: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def of(self, level: npt.NDArray[np.int8], left: Rows, right: Rows) -> tuple[npt.NDArray[np.intp], Shift]:
        """Positions of the pairs that are moved, and where to read their shift in the flattened tables."""
        at = np.flatnonzero((level >= 1) & (level <= self.exact))
        rank = pair_ranks(self.column, self.ranks, left[at], right[at])
        return at, level[at].astype(np.int64) * self.a.shape[1] + rank

    def fuzzy(self) -> Shift:
        """Per level, the most that value frequency can add; 0 at the exact level, which `boost` bounds row by row."""
        most = np.zeros(len(self.a), np.int64)
        most[1 : self.exact] = self.a[1 : self.exact].max(axis=1)
        return most

    def boost(self, rows: Rows) -> Shift:
        """Per row, the most that value frequency can add at the exact level to a pair with that row.

        Where records hold one value that is its own shift: a pair of equal values has just that, a pair of others that of the
        more frequent one, which is no more. A row without a value sets no bound, as the other row may be rare.
        """
        if self.column.offsets is None:
            return np.asarray(self._of_rank.take(self.ranks.take(rows)), np.int64)
        return np.asarray(self._of_row.take(rows), np.int64)

    @cached_property
    def _of_rank(self) -> Shift:
        """The bound per rank; rank 0 (missing) has that of any."""
        table: Shift = self.a[self.exact].copy()
        table[0] = table.max()
        return table

    @cached_property
    def _of_row(self) -> Shift:
        """The bound per row where some hold several values: that of the rarest, and 0 where two records share none."""
        most = np.zeros(self.column.n_rows, np.int64)
        np.maximum.at(most, self.column.rows, self.a[self.exact].take(self.ranks))
        only, rank = single_ranks(self.column, self.ranks)
        silent = only & (rank == 0)
        most[silent] = self.a[self.exact].max()
        return most


def best_by_mask(a: Shift, shift: FieldShift | None) -> Shift:
    """The most that a comparison can add, for each set of outcomes that are still possible.

    Parameters
    ----------
    a
        Weight of each level, and 0 at the end for missing.
    shift
        How value frequencies move it; that of the exact level does not enter.

    Returns
    -------
    numpy.ndarray
        int64 per outcome mask: bit 0 stands for missing, bit 1 + l for level l.

    Examples
    --------
    >>> best_by_mask(np.array([-3, 5, 0]), None)[1:].tolist()
    [0, -3, 0, 5, 5, 5, 5]
    """
    most = a if shift is None else a + shift.fuzzy()
    best = np.full(1, NEVER, np.int64)
    for value in np.roll(most, 1).tolist():  # missing first
        best = np.append(best, np.maximum(best, value))
    return best
