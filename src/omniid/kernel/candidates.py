"""Candidates: the pairs of one piece of a blocking rule that no earlier rule made, with what their codes agree on."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.kernel.record_matrix import BYTE, Agreements
from omniid.tables import Finder, LocalPairs

__all__ = ["EarlierRules"]

Flags = npt.NDArray[np.bool_]


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

    def fresh(self, agreements: Agreements) -> Flags | None:
        """Which pairs no earlier rule with a code has made; None where there is no such rule."""
        found = None
        for byte, mask in zip(agreements.rules, self.masks, strict=True):
            if mask:
                missed = (byte & np.uint8(mask)) == 0
                found = missed if found is None else found & missed
        return found

    def unasked(self, pairs: LocalPairs) -> npt.NDArray[np.intp] | None:
        """Positions of the pairs that none of the other earlier rules has made; None where that is all of them."""
        known = np.zeros(len(pairs.left), bool)
        for finder in self.others:
            known |= finder.holds(pairs)
        return np.flatnonzero(~known) if known.any() else None
