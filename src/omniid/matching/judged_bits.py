"""Where judged pairs move weights, and where they don't: nobody judged pairs below some weight, so none of those is raised."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.tables import BITS, Levels, Model, Weights

__all__ = ["JudgedBits"]

Shift = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class JudgedBits:
    """Millionths of a bit that judged pairs added to the tables of a model.

    What holds among the pairs that people looked at need not hold far below: of ten judged pairs of 0 bits nine may be the same
    person, and of a million pairs of -8 bits none. So a pair whose weight without shifts lies below those that were judged is
    never raised by them. Lowering it does no harm, and keeps the first sum an upper bound.

    Parameters
    ----------
    start
        Added to every pair.
    levels
        Added per level of each comparison; the last entry, for missing, is 0.
    least
        Weight without shifts below which nothing is added.
    """

    start: int
    levels: tuple[Shift, ...]
    least: int

    @classmethod
    def of(cls, model: Model) -> "JudgedBits | None":
        """What a model holds of judged pairs; None where that moves nothing."""
        if not model.shift and not any(one.shift for one in model.comparisons):
            return None
        tables = tuple(level_shift(one.shift, len(one.levels)) for one in model.comparisons)
        return cls(round(model.shift * BITS), tables, round(model.shift_from * BITS))

    def added(self, levels: Levels) -> Weights:
        """What was added to each pair."""
        total = np.full(len(levels), self.start, np.int64)
        for number, table in enumerate(self.levels):
            total += table.take(levels[:, number], mode="wrap")
        return total

    def where_judged(self, weight: Weights, levels: Levels) -> Weights:
        """Take back what was added to pairs that nobody judged the like of.

        Examples
        --------
        >>> bits = JudgedBits(2, (np.array([0, 1, 0]),), least=0)
        >>> bits.where_judged(np.array([5, 2]), np.array([[1], [1]], np.int8)).tolist()
        [5, -1]
        """
        added = self.added(levels)
        plain = weight - added
        return np.where((plain < self.least) & (added > 0), plain, weight)


def level_shift(shift: tuple[float, ...], n_levels: int) -> Shift:
    """Millionths of a bit per level, and 0 at the end, where a missing level reads."""
    bits = np.array(shift or (0.0,) * n_levels, np.float64)
    return np.append(np.rint(bits * BITS).astype(np.int64), 0)
