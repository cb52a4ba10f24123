"""Candidates: the pairs of one piece of a blocking rule that no earlier rule made."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.kernel.record_matrix import BYTE, NearRecords
from omniid.tables import Finder, LocalPairs

__all__ = ["EarlierRules"]


class EarlierRules(NamedTuple):
    """How to tell that a rule before this one has made a pair already.

    Parameters
    ----------
    columns
        How many of the earlier rules one code expresses: theirs are the first columns of keys.
    others
        The earlier rules that only can be asked.
    """

    columns: int
    others: tuple[Finder, ...]

    @classmethod
    def of(cls, number: int, finders: Sequence[Finder]) -> "EarlierRules":
        """Those before rule `number`."""
        others = tuple(finder for finder in finders[:number] if finder.key is None)
        return cls(number - len(others), others)

    def unmade(self, pairs: LocalPairs, near: NearRecords) -> npt.NDArray[np.intp] | None:
        """Positions of the pairs that no earlier rule has made; None where that is all of them."""
        known = np.zeros(len(pairs.left), bool)
        if self.columns:
            held = near.rules(pairs.left, pairs.right)
            for first in range(0, self.columns, BYTE):
                known |= (held[:, first // BYTE] & np.uint8((1 << min(self.columns - first, BYTE)) - 1)) != 0
        if self.others:  # they take longer
            rest = np.flatnonzero(~known)
            some = LocalPairs(pairs.rows, pairs.left.take(rest), pairs.right.take(rest))
            for finder in self.others:
                known[rest] |= finder.holds(some)
        return np.flatnonzero(~known) if known.any() else None
