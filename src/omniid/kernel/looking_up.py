"""First looks: comparisons whose level is known at once for most pairs, as both values are frequent."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.kernel.bounds import LEVEL_OF, Bounds
from omniid.tables import KnownLevels, OutcomeMasks, PairGrader

__all__ = ["FirstLook", "first_looks"]

OUTCOMES = 16  # one for each bit of an outcome mask


class FirstLook(NamedTuple):
    """A comparison whose levels are known for most pairs; both tables are read by level + 2, so that the unknown come first.

    Parameters
    ----------
    known
        What finds the levels.
    falls
        int32, how far the bound of a pair falls that has this level, where the codes were all that was known.
    leaves
        uint16, the outcome mask that a level leaves.
    """

    known: KnownLevels
    falls: npt.NDArray[np.int32]
    leaves: OutcomeMasks


def first_looks(grader: PairGrader, bounds: Bounds) -> dict[int, FirstLook]:
    """The comparisons that can be looked up, by number: those of which a level tells all that their codes leave open."""
    looks = {}
    for number, screen in enumerate(bounds.screens):
        if screen.ends is None and bounds.told_by_codes[number] and (known := grader.known_levels(number)) is not None:
            falls, leaves = np.zeros(OUTCOMES + 2, np.int32), np.full(OUTCOMES + 2, 0xFFFF, np.uint16)
            best = bounds.best[number]
            for level in range(len(best).bit_length() - 2):
                leaves[level + 2] = 2 << level
                if level != LEVEL_OF[screen.if_equal]:  # equal codes have told that already
                    falls[level + 2] = best[2 << level] - best[screen.if_different]
            looks[number] = FirstLook(known, falls, leaves)
    return looks
