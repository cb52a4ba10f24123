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
    masks
        Per byte of rules, the bits of the earlier rules that one code expresses.
    others
        The earlier rules that only can be asked.
    """

    masks: tuple[int, ...]
    others: tuple[Finder, ...]

    @classmethod
    def of(cls, number: int, finders: Sequence[Finder], places: Sequence[int | None]) -> "EarlierRules":
        """Those before rule `number`."""
        masks = [0] * -(-sum(place is not None for place in places[:number]) // BYTE)
        for place in places[:number]:
            if place is not None:
                masks[place // BYTE] |= 1 << place % BYTE
        return cls(tuple(masks), tuple(f for f, place in zip(finders[:number], places, strict=False) if place is None))

    def unmade(self, pairs: LocalPairs, near: NearRecords) -> npt.NDArray[np.intp] | None:
        """Positions of the pairs that no earlier rule has made; None where that is all of them."""
        known = np.zeros(len(pairs.left), bool)
        if self.masks:
            held = near.rules(pairs.left, pairs.right)
            for byte, mask in enumerate(self.masks):
                known |= (held[:, byte] & np.uint8(mask)) != 0
        if self.others:  # they take longer
            rest = np.flatnonzero(~known)
            some = LocalPairs(pairs.rows, pairs.left.take(rest), pairs.right.take(rest))
            for finder in self.others:
                known[rest] |= finder.holds(some)
        return np.flatnonzero(~known) if known.any() else None
