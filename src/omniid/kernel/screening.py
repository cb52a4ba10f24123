"""Screening: a piece of a blocking rule → the few pairs that may reach the cut, by codes, letter counts and look-up tables."""

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.kernel.bounds import LEVEL_OF, OPEN, Bounds
from omniid.kernel.candidates import EarlierRules
from omniid.kernel.record_matrix import RecordMatrix, Workspace
from omniid.kernel.survivors import Survivors
from omniid.tables import KernelPlan, LocalPairs, OutcomeMasks

__all__ = ["Screened", "Screening"]

WORTH = 0.9  # pairs are moved together when at most this share of them is left
TRIED = 4096  # pairs of a rule's first large piece on which all comparisons are tried, to see which tell most


class Screened(NamedTuple):
    """The survivors of one piece, and how many pairs it went through."""

    survivors: Survivors
    made: int


class Screening:
    """The cheap half of the kernel, made ready for one plan; pieces may be screened in any order and in any thread.

    Parameters
    ----------
    plan
        The plan.
    bounds
        Its bounds.
    """

    def __init__(self, plan: KernelPlan, bounds: Bounds) -> None:
        self._plan, self._bounds = plan, bounds
        self._matrix = RecordMatrix(plan.n_rows, bounds.screens, plan.finders)
        self._earlier = [EarlierRules.of(number, plan.finders, self._matrix.rule_column) for number in range(len(plan.finders))]
        self._orders: dict[int, list[int]] = {}
        self._own = threading.local()

    def tasks(self, chunk: int) -> Iterator[Callable[[], Screened]]:
        """Work on all candidate pairs, about `chunk` at a time."""
        for number, finder in enumerate(self._plan.finders):
            for piece in finder.pieces(chunk):
                yield partial(self.screen, number, piece)

    def screen(self, number: int, piece: Callable[[], LocalPairs]) -> Screened:
        """Make the pairs of a piece of a rule, and drop those that an earlier rule made or that cannot reach the cut."""
        pairs, space = piece(), self._space()
        made = len(pairs.left)
        agreements = self._matrix.agreements(*pairs, space, rule_bytes=len(self._earlier[number].masks))
        bound = self._bounds.from_states(agreements.states)
        reach, allowed = self._earlier[number].fresh(agreements), self._bounds.allowed(agreements.states)
        if self._plan.cut is not None:
            most = bound + self._bounds.highest.take(pairs.rows).take(pairs.left)
            may = most >= self._plan.cut
            if allowed is not None:
                may |= allowed
            reach = may if reach is None else reach & may
        kept = np.arange(made) if reach is None else np.flatnonzero(reach)
        pairs = LocalPairs(pairs.rows, pairs.left.take(kept), pairs.right.take(kept))
        if (unasked := self._earlier[number].unasked(pairs)) is not None:
            kept = kept.take(unasked)
            pairs = LocalPairs(pairs.rows, pairs.left.take(unasked), pairs.right.take(unasked))
        survivors = Survivors(
            pairs.rows.take(pairs.left).astype(np.intp),
            pairs.rows.take(pairs.right).astype(np.intp),
            np.full(len(kept), number, np.int16),
            bound.take(kept),
            np.zeros(len(kept), bool) if allowed is None else allowed.take(kept),
            self._bounds.masks([state.take(kept) for state in agreements.states]),
        )
        self._add_frequencies(survivors)
        self._narrow(survivors, self._order_for(number, survivors))
        return Screened(survivors, made)

    def _space(self) -> Workspace:
        if not hasattr(self._own, "space"):
            self._own.space = Workspace()
        space: Workspace = self._own.space
        return space

    def _add_frequencies(self, pairs: Survivors) -> None:
        """Say more exactly what value frequencies add."""
        for number in self._bounds.boosted:
            pairs.bound += self._bounds.frequency(number, pairs.masks[number], pairs.left, pairs.right)
        self._drop(pairs)

    def _order_for(self, number: int, pairs: Survivors) -> list[int]:
        """In which order to narrow the pairs of a rule: first what lowered the bounds of the first of them most.

        Pairs of one rule are alike, those of several rules are not: where the names agree already, the birth date tells. The
        order is a matter of speed only.
        """
        if number not in self._orders and len(pairs) > 4 * TRIED:
            few = pairs.first(TRIED)
            falls = {comparison: -int(self._narrowed(few, comparison)[1].sum()) for comparison in self._bounds.telling}
            self._orders[number] = sorted(self._bounds.telling, key=lambda comparison: -falls[comparison])
        return self._orders.get(number, self._bounds.telling)

    def _narrow(self, pairs: Survivors, order: Sequence[int]) -> None:
        """Rule out what letter counts and look-up tables rule out, comparison by comparison."""
        for number in order:
            at, lower, masks = self._narrowed(pairs, number)
            if len(at):
                pairs.masks[number, at] = masks
                pairs.bound[at] += lower
                self._drop(pairs)

    def _narrowed(self, pairs: Survivors, number: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int32], OutcomeMasks]:
        """Which pairs one comparison leaves open, by how much a closer look lowers their bounds, and their masks then."""
        masks = pairs.masks[number]
        differ = self._bounds.told_by_codes[number]
        open_ = np.flatnonzero(masks == differ if differ else LEVEL_OF.take(masks) == OPEN)
        left, right, before = pairs.left.take(open_), pairs.right.take(open_), masks.take(open_)
        after = before & self._plan.grader.possible(number, left, right, differ=differ > 0)
        if self._bounds.silencers[number]:
            after |= self._bounds.silenced(number, pairs.masks.take(open_, axis=1))
        lower = self._bounds.contribution(number, after, left, right)
        lower -= self._bounds.contribution(number, before, left, right)
        return open_, lower, after

    def _drop(self, pairs: Survivors) -> None:
        """Drop the pairs that can't reach the cut, if there are enough of them."""
        kept = pairs.within_reach(self._plan.cut)
        if len(kept) <= WORTH * len(pairs):
            pairs.keep(kept)
