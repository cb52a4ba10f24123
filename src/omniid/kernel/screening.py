"""Screening: a piece of a blocking rule → the few pairs that may reach the cut, by codes, letter counts and look-up tables."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from omniid.kernel.bounds import LEVEL_OF, OPEN, Bounds
from omniid.kernel.candidates import EarlierRules
from omniid.kernel.looking_up import FirstLook, first_looks
from omniid.kernel.reach import Reach
from omniid.kernel.record_matrix import RecordMatrix, Workspace
from omniid.kernel.survivors import Survivors
from omniid.tables import KernelPlan, LocalPairs

__all__ = ["Screened", "Screening"]

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
        self._looks = first_looks(plan.grader, bounds)
        boosts = {f"boost {number}": boost for number, boost in bounds.boosts.items()}
        places = {f"place {number}": look.known.places for number, look in self._looks.items()}
        numbers = {"highest": bounds.highest, **boosts, **places}
        self._matrix = RecordMatrix(bounds.screens, plan.finders, numbers)
        self._earlier = [EarlierRules.of(number, plan.finders) for number in range(len(plan.finders))]
        self._orders: dict[int, list[int]] = {}
        self._own = threading.local()

    def tasks(self, chunk: int) -> Iterator[Callable[[], Screened]]:
        """Work on all candidate pairs, about `chunk` at a time."""
        for number, finder in enumerate(self._plan.finders):
            for piece in finder.pieces(chunk):
                yield partial(self.screen, number, piece)

    def screen(self, number: int, piece: Callable[[], LocalPairs]) -> Screened:
        """Make the pairs of a piece of a rule, and drop those that an earlier rule made or that cannot reach the cut."""
        pairs = piece()
        near = self._matrix.load(pairs.rows, self._space(), self._earlier[number].columns)
        reach = Reach.of(pairs, near, self._bounds, self._plan.cut)
        order = self._order_for(number, reach)
        early = int(order[:1] != [] and order[0] in self._looks)  # a look-up costs less than to ask for earlier rules
        for comparison in order[:early]:
            self._narrow(reach, comparison)
        if (unmade := self._earlier[number].unmade(reach.pairs, near)) is not None:
            reach.keep(unmade)
        for comparison in order[early:]:
            self._narrow(reach, comparison)
        return Screened(reach.survivors(number), len(pairs.left))

    def _space(self) -> Workspace:
        if not hasattr(self._own, "space"):
            self._own.space = Workspace()
        space: Workspace = self._own.space
        return space

    def _order_for(self, number: int, reach: Reach) -> list[int]:
        """In which order to narrow the pairs of a rule: first what lowered the bounds of the first of them most.

        Pairs of one rule are alike, those of several rules are not: where the names agree already, the birth date tells. The
        order is a matter of speed only.
        """
        if number not in self._orders and len(reach) > 4 * TRIED:
            left = {}
            for comparison in self._bounds.telling:
                few = reach.first(TRIED)
                self._narrow(few, comparison)
                left[comparison] = int(few.bound.sum(dtype=np.int64))
            self._orders[number] = sorted(self._bounds.telling, key=lambda comparison: left[comparison])
        return self._orders.get(number, self._bounds.telling)

    def _narrow(self, reach: Reach, number: int) -> None:
        """Rule out of one comparison's outcomes what letter counts and look-up tables rule out."""
        if (look := self._looks.get(number)) is not None:
            self._look(reach, number, look)
        masks, differ = reach.masks(number), self._bounds.told_by_codes[number]
        open_ = np.flatnonzero(masks == differ if differ else LEVEL_OF.take(masks) == OPEN)
        if not len(open_):
            return
        before = masks.take(open_)
        after = self._plan.grader.possible(number, *reach.rows(open_), differ=differ > 0, looked_up=look is not None)
        after &= before
        if self._bounds.silencers[number]:
            after |= self._bounds.silenced(number, lambda other: reach.masks(other).take(open_))
        left, right = reach.pairs.left.take(open_), reach.pairs.right.take(open_)
        lower = reach.contribution(number, after, left, right)
        lower -= reach.contribution(number, before, left, right)
        masks[open_] = after
        reach.narrow(number, masks)
        reach.bound[open_] += lower
        reach.drop()

    def _look(self, reach: Reach, number: int, look: FirstLook) -> None:
        """Narrow one comparison to its level where that is known."""
        places = reach.near.number(f"place {number}")
        levels = look.known.levels(places.take(reach.pairs.left), places.take(reach.pairs.right))
        reach.bound += look.falls.take(levels + np.int8(2))
        reach.narrow(number, look.leaves.take(levels + np.int8(2)))
        reach.drop()
        reach.narrow(number, reach.masks(number) & self._bounds.masks(number, reach.states))
