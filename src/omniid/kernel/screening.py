"""Screening: pieces of blocking rules → the few pairs that may reach the cut, by codes, letter counts and look-up tables."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

import numpy as np

from omniid.kernel.bounds import LEVEL_OF, OPEN, Bounds
from omniid.kernel.candidates import EarlierRules
from omniid.kernel.looking_up import first_looks
from omniid.kernel.reach import Reach
from omniid.kernel.record_matrix import NearRecords, RecordMatrix, Workspace
from omniid.kernel.sieve import Sieve
from omniid.kernel.survivors import Survivors
from omniid.tables import KernelPlan, LocalPairs, Strip

__all__ = ["SIFTED", "TOGETHER", "Piece", "Screened", "Screening"]

TOGETHER = 2  # chunks full of pairs that are left of a rule's pieces are narrowed at once
TRIED = 4096  # pairs of a rule's first large piece on which all comparisons are tried, to see which tell most
SIFTED = 2  # chunks that a strip would make: the sieve takes less memory for a pair, and long calls in threads disturb less
LEAST = 0.05  # of these: where fewer fall below the cut, a rule's pairs are not narrowed, as nearly all have to be compared


class Piece(NamedTuple):
    """A piece of a blocking rule: which rule, what makes its pairs, and how many it goes through; None: all that are made."""

    rule: int
    make: Callable[[], LocalPairs]
    made: int | None = None


class Screened(NamedTuple):
    """The survivors of some pieces, and how many pairs these went through."""

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
    chunk
        About how many pairs a piece makes.
    """

    def __init__(self, plan: KernelPlan, bounds: Bounds, chunk: int) -> None:
        self._plan, self._bounds, self._chunk = plan, bounds, chunk
        self._looks = first_looks(plan.grader, bounds)
        self._matrix = RecordMatrix(bounds.screens, plan.finders)
        self._sieve = Sieve(plan, bounds, self._matrix, self._looks)
        self._earlier = [EarlierRules.of(number, plan.finders) for number in range(len(plan.finders))]
        self._orders: dict[int, list[int]] = {}
        self._own = threading.local()

    def pieces(self) -> Iterator[Piece]:
        """All candidate pairs, about a chunk at a time."""
        for rule, finder in enumerate(self._plan.finders):
            strips = finder.strips(SIFTED * self._chunk) if self._sieve.works else None
            if strips is None:
                for make in finder.pieces(self._chunk):
                    yield Piece(rule, make)
            else:
                order: list[int] | None = None
                for strip in strips:
                    order = self._sieve.order(strip, self._space()) if order is None else order
                    yield Piece(rule, partial(self._sifted, strip, order), int(strip.partners.sum()))

    def _sifted(self, strip: Strip, order: Sequence[int]) -> LocalPairs:
        return self._sieve.sift(strip, order, self._space())

    def _lots(self, pieces: Iterable[Piece]) -> Iterator[tuple[LocalPairs, int]]:
        """The pairs of some pieces, about a chunk of them at most at a time, and how many have been gone through for them."""
        for piece in pieces:
            pairs = piece.make()
            made = len(pairs.left) if piece.made is None else piece.made
            if piece.made is None or len(pairs.left) <= self._chunk:
                yield pairs, made
            else:
                for start in range(0, len(pairs.left), self._chunk):
                    part = slice(start, start + self._chunk)
                    yield LocalPairs(pairs.rows, pairs.left[part], pairs.right[part]), 0 if start else made

    def screen(self, pieces: Sequence[Piece]) -> Screened:
        """Make the pairs of some pieces, and drop those that an earlier rule made or that cannot reach the cut.

        Codes are looked up piece by piece, while they lie in the processor's caches. What that leaves of a rule's pieces is
        narrowed together: a call costs as much for a few pairs as for hundreds of them, and two threads that make short calls
        wait for each other.
        """
        made, found = 0, []
        for rule, of_rule in groupby(pieces, key=lambda piece: piece.rule):
            lots: list[Reach] = []
            order: list[int] | None = None  # the same for all pieces, as those narrowed together must have been looked up alike
            for pairs, through in self._lots(of_rule):
                made += through
                near = self._matrix.load(pairs.rows, self._space(), self._earlier[rule].columns)
                reach = Reach.of(pairs, near, self._bounds, self._plan.cut)
                order = self._order_for(rule, reach) if order is None else order
                if order and order[0] in self._looks:  # a look-up costs less than to ask for earlier rules
                    self._look(reach, order[0])
                self._drop_made(reach, rule, pairs, near)
                lots.append(reach)
                if sum(map(len, lots)) >= TOGETHER * self._chunk:
                    found.append(self._narrowed(rule, lots, order))
                    lots = []
            if lots:
                found.append(self._narrowed(rule, lots, order or []))
        return Screened(Survivors.join(found), made)

    def _narrowed(self, rule: int, lots: Sequence[Reach], order: Sequence[int]) -> Survivors:
        """The survivors of what is left of some pieces of a rule."""
        reach = Reach.join(lots)
        for comparison in order:
            self._narrow(reach, comparison)
        return reach.survivors(rule, narrowed=len(order) > 0)

    def _space(self) -> Workspace:
        if not hasattr(self._own, "space"):
            self._own.space = Workspace()
        space: Workspace = self._own.space
        return space

    def _order_for(self, number: int, reach: Reach) -> list[int]:
        """In which order to narrow the pairs of a rule: first what lowered the bounds of the first of them most.

        Pairs of one rule are alike, those of several rules are not: where the names agree already, the birth date tells. The
        order is a matter of speed only. It is empty where next to none would be dropped.
        """
        if number not in self._orders and len(reach) > 4 * TRIED:
            left = {}
            for comparison in self._bounds.telling:
                few = reach.first(TRIED)
                self._narrow(few, comparison)
                left[comparison] = int(few.bound.sum(dtype=np.int64))
            order = sorted(self._bounds.telling, key=lambda comparison: left[comparison])
            self._orders[number] = order if self._tells(reach.first(TRIED), order) else []
        return self._orders.get(number, self._bounds.telling)

    def _tells(self, few: Reach, order: Sequence[int]) -> bool:
        """Whether enough of some pairs fall below the cut."""
        for comparison in order:
            self._narrow(few, comparison)
        return self._plan.cut is not None and int((few.bound < self._plan.cut).sum()) >= LEAST * len(few)

    def _drop_made(self, reach: Reach, rule: int, pairs: LocalPairs, near: NearRecords) -> None:
        """Drop the pairs of a piece that an earlier rule made."""
        if reach.places is not None:
            pairs = LocalPairs(pairs.rows, pairs.left.take(reach.places), pairs.right.take(reach.places))
        if (unmade := self._earlier[rule].unmade(pairs, near)) is not None:
            reach.keep(unmade)

    def _narrow(self, reach: Reach, number: int) -> None:
        """Rule out of one comparison's outcomes what letter counts and look-up tables rule out."""
        if number in self._looks:
            self._look(reach, number)
        masks, differ = reach.masks(number), self._bounds.told_by_codes[number]
        open_ = np.flatnonzero(masks == differ if differ else LEVEL_OF.take(masks) == OPEN)
        if not len(open_):
            return
        before, left, right = masks.take(open_), reach.left.take(open_), reach.right.take(open_)
        after = self._plan.grader.possible(number, left, right, differ=differ > 0, looked_up=number in self._looks)
        after &= before
        if self._bounds.silencers[number]:
            after |= self._bounds.silenced(number, lambda other: reach.masks(other).take(open_))
        lower = self._bounds.contribution(number, after, left, right)
        lower -= self._bounds.contribution(number, before, left, right)
        masks[open_] = after
        reach.narrow(number, masks)
        reach.bound[open_] += lower
        reach.drop()

    def _look(self, reach: Reach, number: int) -> None:
        """Narrow one comparison to its level where that is known."""
        if number in reach.looked_up:
            return
        look = self._looks[number]
        reach.looked_up.add(number)
        places = look.known.places
        levels = look.known.levels(places.take(reach.left), places.take(reach.right))
        reach.bound += look.falls.take(levels + np.int8(2))
        reach.narrow(number, look.leaves.take(levels + np.int8(2)))
        reach.drop()
        reach.narrow(number, reach.masks(number) & self._bounds.masks(number, reach.states))
