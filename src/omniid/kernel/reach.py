"""Reach: pairs on their way to the cut, by what their codes tell and by what a closer look has ruled out since."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from omniid.kernel.bounds import Bounds
from omniid.kernel.record_matrix import NearRecords, States
from omniid.kernel.survivors import Survivors
from omniid.tables import LocalPairs, OutcomeMasks

__all__ = ["Reach"]

Places = npt.NDArray[np.intp]
Bits32 = npt.NDArray[np.int32]

WORTH = 0.75  # pairs are moved together when at most this share of them is left


class Reach:
    """Pairs that may still reach the cut.

    Parameters
    ----------
    left, right
        Rows of pair i, as intp: taking by other integers costs twice as much, and there are dozens of takes.
    states
        What their codes tell.
    bounds
        The bounds of the plan.
    bound
        int32, the most that each can weigh.
    spared
        bool per pair: a link rule may hold for it, whatever it weighs; None: there are none.
    cut
        Pairs below it are dropped; None keeps all.
    masks
        Comparison → outcome masks, where more is known than the states tell.
    looked_up
        Comparisons whose known levels have been looked up.
    """

    def __init__(
        self,
        left: Places,
        right: Places,
        states: States,
        bounds: Bounds,
        bound: Bits32,
        spared: npt.NDArray[np.bool_] | None,
        cut: int | None,
        masks: dict[int, OutcomeMasks] | None = None,
        looked_up: Iterable[int] = (),
    ) -> None:
        self.left, self.right, self.states, self.bound, self.spared = left, right, states, bound, spared
        self.places: Places | None = None  # of the pairs left among those that came first; None: all of them
        self.bounds, self.cut, self.known, self.looked_up = bounds, cut, masks or {}, set(looked_up)

    @classmethod
    def of(cls, pairs: LocalPairs, near: NearRecords, bounds: Bounds, cut: int | None) -> "Reach":
        """Those of the pairs that may reach the cut by their codes, and by how rare the values are that agree."""
        rows = pairs.rows.astype(np.intp)
        left, right, states = rows.take(pairs.left), rows.take(pairs.right), near.states(pairs.left, pairs.right)
        bound = bounds.from_states(states)
        bound += bounds.highest.take(left)
        reach = cls(left, right, states, bounds, bound, bounds.allowed(states), cut)
        reach.drop()
        reach.bound -= bounds.highest.take(reach.left)
        for number in bounds.boosts:
            reach.bound += bounds.frequency(number, reach.masks(number), reach.left, reach.right)
        reach.drop()
        return reach

    @classmethod
    def join(cls, parts: Sequence["Reach"]) -> "Reach":
        """Several lots as one; the same comparisons must have been narrowed in all of them."""
        if len(parts) == 1:
            return parts[0]
        one = parts[0]
        return cls(
            np.concatenate([part.left for part in parts]),
            np.concatenate([part.right for part in parts]),
            [np.concatenate([part.states[byte] for part in parts]) for byte in range(len(one.states))],
            one.bounds,
            np.concatenate([part.bound for part in parts]),
            None if one.spared is None else np.concatenate([part.spared for part in parts if part.spared is not None]),
            one.cut,
            {number: np.concatenate([part.known[number] for part in parts]) for number in one.known},
            one.looked_up,
        )

    def __len__(self) -> int:
        return len(self.bound)

    def masks(self, number: int) -> OutcomeMasks:
        """What one comparison may come to, as far as it is known."""
        found = self.known.get(number)
        return self.bounds.masks(number, self.states) if found is None else found

    def narrow(self, number: int, masks: OutcomeMasks) -> None:
        """Say what one comparison may come to."""
        self.known[number] = masks

    def drop(self) -> None:
        """Drop the pairs that can't reach the cut, if there are enough of them."""
        if self.cut is not None:
            within = self.bound >= self.cut
            if self.spared is not None:
                within |= self.spared
            if np.count_nonzero(within) <= WORTH * len(within):
                self.keep(np.flatnonzero(within))

    def keep(self, kept: Places) -> None:
        """Drop all pairs but those at the given positions."""
        self.left, self.right, self.bound = self.left.take(kept), self.right.take(kept), self.bound.take(kept)
        self.places = kept if self.places is None else self.places.take(kept)
        self.states = [state.take(kept) for state in self.states]
        self.spared = None if self.spared is None else self.spared.take(kept)
        self.known = {number: masks.take(kept) for number, masks in self.known.items()}

    def first(self, n: int) -> "Reach":
        """The first of the pairs, to try something on them: none of them is dropped."""
        masks = {number: masks[:n].copy() for number, masks in self.known.items()}
        states = [state[:n] for state in self.states]
        return Reach(
            self.left[:n], self.right[:n], states, self.bounds, self.bound[:n].copy(), None, None, masks, self.looked_up
        )

    def survivors(self, rule: int, *, narrowed: bool) -> Survivors:
        """The pairs that are left, and whether a closer look has been taken."""
        masks = [self.masks(number) for number in range(len(self.bounds.screens))]
        return Survivors(
            self.left,
            self.right,
            np.full(len(self), rule, np.int16),
            self.bound,
            np.zeros(len(self), bool) if self.spared is None else self.spared,
            np.stack(masks) if masks else np.zeros((0, len(self)), np.uint16),  # nothing is compared where nothing is evidence
            narrowed,
        )
