"""Survivors: pairs that may still reach the cut, with what each of their comparisons may come to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.tables import OutcomeMasks

__all__ = ["Survivors"]


@dataclass(eq=False)
class Survivors:
    """Pairs on their way to the cut; each step narrows the masks, lowers the bounds and drops pairs.

    Parameters
    ----------
    left, right
        Rows, left < right, as intp: taking by other integers costs twice as much, and there are dozens of takes.
    rule
        int16 position of the first blocking rule that found the pair.
    bound
        int32, the most that the pair can weigh, in millionths of a bit.
    spared
        bool: a link rule may hold for the pair, whatever it weighs.
    masks
        uint16 of shape (comparisons, pairs): the outcomes that are still possible.
    narrowed
        Whether they leave out what letter counts and look-up tables rule out, for all pairs.
    """

    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]
    rule: npt.NDArray[np.int16]
    bound: npt.NDArray[np.int32]
    spared: npt.NDArray[np.bool_]
    masks: OutcomeMasks
    narrowed: bool

    def __len__(self) -> int:
        return len(self.left)

    def keep(self, kept: npt.NDArray[np.intp]) -> None:
        """Drop all pairs but those at the given positions."""
        self.left, self.right, self.rule = self.left.take(kept), self.right.take(kept), self.rule.take(kept)
        self.bound, self.spared = self.bound.take(kept), self.spared.take(kept)
        self.masks = self.masks.take(kept, axis=1)

    def within_reach(self, cut: int | None) -> npt.NDArray[np.intp]:
        """Positions of the pairs that may reach the cut."""
        return np.arange(len(self)) if cut is None else np.flatnonzero((self.bound >= cut) | self.spared)

    @classmethod
    def join(cls, parts: Sequence["Survivors"]) -> "Survivors":
        """Several lots as one."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([part.left for part in parts]),
            np.concatenate([part.right for part in parts]),
            np.concatenate([part.rule for part in parts]),
            np.concatenate([part.bound for part in parts]),
            np.concatenate([part.spared for part in parts]),
            np.concatenate([part.masks for part in parts], axis=1),
            all(part.narrowed for part in parts),
        )
