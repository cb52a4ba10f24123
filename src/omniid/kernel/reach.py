"""Reach: the pairs of one piece that may still reach the cut, by their positions in the piece's short list of rows.

Nearly all pairs are dropped here, while what is looked up for them lies in the processor's caches.
"""

import numpy as np
import numpy.typing as npt

from omniid.kernel.bounds import Bounds
from omniid.kernel.record_matrix import NearRecords, States
from omniid.kernel.survivors import Survivors
from omniid.tables import LocalPairs, OutcomeMasks, Rows

__all__ = ["Reach"]

Places = npt.NDArray[np.intp]
Bits32 = npt.NDArray[np.int32]

WORTH = 0.75  # pairs are moved together when at most this share of them is left


class Reach:
    """Pairs of one piece on their way to the cut.

    Parameters
    ----------
    pairs
        The pairs.
    near
        Their records.
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
    """

    def __init__(
        self,
        pairs: LocalPairs,
        near: NearRecords,
        states: States,
        bounds: Bounds,
        bound: Bits32,
        spared: npt.NDArray[np.bool_] | None,
        cut: int | None,
        masks: dict[int, OutcomeMasks] | None = None,
    ) -> None:
        self.pairs, self.near, self.states, self.bound, self.spared = pairs, near, states, bound, spared
        self._bounds, self._cut, self._masks = bounds, cut, masks or {}

    @classmethod
    def of(cls, pairs: LocalPairs, near: NearRecords, bounds: Bounds, cut: int | None) -> "Reach":
        """Those of the pairs that may reach the cut by their codes, and by how rare the values are that agree."""
        states = near.states(pairs.left, pairs.right)
        bound, most = bounds.from_states(states), near.number("highest")
        bound += most.take(pairs.left)
        reach = cls(pairs, near, states, bounds, bound, bounds.allowed(states), cut)
        reach.drop()
        reach.bound -= most.take(reach.pairs.left)
        for number in bounds.boosts:
            boost = near.number(f"boost {number}")
            reach.bound += bounds.frequency(number, reach.masks(number), *reach.pairs[1:], boost)
        reach.drop()
        return reach

    def __len__(self) -> int:
        return len(self.bound)

    def masks(self, number: int) -> OutcomeMasks:
        """What one comparison may come to, as far as it is known."""
        found = self._masks.get(number)
        return self._bounds.masks(number, self.states) if found is None else found

    def contribution(self, number: int, masks: OutcomeMasks, left: Places, right: Places) -> Bits32:
        """The most that one comparison adds to the weight of pairs of positions."""
        boost = self.near.number(f"boost {number}") if number in self._bounds.boosts else None
        return self._bounds.contribution(number, masks, left, right, boost)

    def narrow(self, number: int, masks: OutcomeMasks) -> None:
        """Say what one comparison may come to."""
        self._masks[number] = masks

    def drop(self) -> None:
        """Drop the pairs that can't reach the cut, if there are enough of them."""
        if self._cut is not None:
            within = self.bound >= self._cut
            if self.spared is not None:
                within |= self.spared
            if np.count_nonzero(within) <= WORTH * len(within):
                self.keep(np.flatnonzero(within))

    def keep(self, kept: Places) -> None:
        """Drop all pairs but those at the given positions."""
        self.pairs = LocalPairs(self.pairs.rows, self.pairs.left.take(kept), self.pairs.right.take(kept))
        self.states = [state.take(kept) for state in self.states]
        self.bound = self.bound.take(kept)
        self.spared = None if self.spared is None else self.spared.take(kept)
        self._masks = {number: masks.take(kept) for number, masks in self._masks.items()}

    def first(self, n: int) -> "Reach":
        """The first of the pairs, to try something on them: none of them is dropped."""
        pairs = LocalPairs(self.pairs.rows, self.pairs.left[:n], self.pairs.right[:n])
        masks = {number: masks[:n].copy() for number, masks in self._masks.items()}
        states = [state[:n] for state in self.states]
        return Reach(pairs, self.near, states, self._bounds, self.bound[:n].copy(), None, None, masks)

    def rows(self, at: Places) -> tuple[Rows, Rows]:
        """Rows of both sides of the pairs at some positions."""
        of, left, right = self.pairs
        return of.take(left.take(at)), of.take(right.take(at))

    def survivors(self, rule: int) -> Survivors:
        """The pairs that are left, by their rows."""
        rows, left, right = self.pairs
        masks = [self.masks(number) for number in range(len(self._bounds.screens))]
        return Survivors(
            rows.take(left).astype(np.intp),
            rows.take(right).astype(np.intp),
            np.full(len(left), rule, np.int16),
            self.bound,
            np.zeros(len(left), bool) if self.spared is None else self.spared,
            np.stack(masks) if masks else np.zeros((0, len(left)), np.uint16),  # nothing is compared where nothing is evidence
        )
