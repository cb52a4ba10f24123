"""The sieve: strips of a blocking rule → the few of their pairs that may reach the cut, without making the others.

Each record is compared with all its partners at once, a byte per value: two rows of bytes, shifted against each other. What
codes and ends tell is added up in 16-bit numbers; what is left is asked for the comparisons that tell most. That takes half as
long as to make all pairs and look up their codes. Different values may have equal bytes: a bound is too high then, never too
low.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.kernel.bounds import Bounds
from omniid.kernel.looking_up import FirstLook
from omniid.kernel.record_matrix import RecordMatrix, ShortCodes, Workspace
from omniid.kernel.rectangles import Rectangle
from omniid.tables import UNKNOWN, KernelPlan, LocalPairs, Rows, Strip

__all__ = ["Sieve"]

Bits16 = npt.NDArray[np.int16]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
MOST = 30_000  # units of a whole bound: it fits 16 bits
TRIED = 4096  # pairs of a rule on which all comparisons are tried, to see which tell most
TELLS = 0.85  # a comparison is asked where at most this share of pairs is left


class Steps(NamedTuple):
    """What one comparison adds to a bound, in units, rounded up.

    Parameters
    ----------
    base
        Both values are there and differ, as far as can be told.
    near
        More than that, if one of their ends is the same; 0 for a comparison without ends.
    equal
        And more than both, if the values are the same, their frequency apart.
    absent
        More than the base, if one of them is missing.
    """

    base: int
    near: int
    equal: int
    absent: int


class Lot(NamedTuple):
    """Pairs as positions in a strip, and their bounds."""

    left: Places
    right: Places
    bound: npt.NDArray[np.int32]

    def at(self, places: Places) -> "Lot":
        """Some of them."""
        return Lot(self.left.take(places), self.right.take(places), self.bound.take(places))

    def at_least(self, cut: int) -> "Lot":
        """Those that reach the cut."""
        kept = np.flatnonzero(self.bound >= cut)
        return self if len(kept) == len(self.bound) else self.at(kept)


class Sieve:
    """Bounds of pairs by bytes.

    Parameters
    ----------
    plan
        The plan.
    bounds
        Its bounds.
    matrix
        Its codes.
    looks
        Comparisons whose levels are known for most pairs.
    """

    def __init__(self, plan: KernelPlan, bounds: Bounds, matrix: RecordMatrix, looks: Mapping[int, FirstLook]) -> None:
        self._grader, self._bounds, self._matrix = plan.grader, bounds, matrix
        self.works = plan.cut is not None and not plan.needed
        self._unit = _unit(plan, bounds)
        self._steps = [self._steps_of(number) for number in range(len(bounds.screens))]
        self._by_absent = np.array([one.absent for one in self._steps], np.int16)
        self._start = int(self._units(np.array([plan.weights.start]))[0]) + sum(one.base for one in self._steps)
        self._ended = [number for number, screen in enumerate(bounds.screens) if screen.ends is not None]
        self._cut = min(max((plan.cut or 0) // self._unit, -MOST - 1), MOST + 1)
        self._looks = {number: (look.known, self._units(look.falls)) for number, look in looks.items()}
        asked = [number for number in bounds.telling if bounds.told_by_codes[number] and number not in self._ended]
        self._falls = {number: self._units(self._lower(number)) for number in asked}

    def _units(self, weights: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Weights in units, rounded up."""
        return (-(-weights // self._unit)).astype(np.int32)

    def _steps_of(self, number: int) -> Steps:
        far, different, equal, absent = _heights(self._bounds, number)
        parts = np.array([far, max(different - far, 0), max(equal - different, 0), absent - far])
        return Steps(*self._units(parts).tolist())

    def _lower(self, number: int) -> npt.NDArray[np.int32]:
        """Per outcome mask, how far the bound of a pair of different values falls."""
        best, before = self._bounds.best[number], self._bounds.screens[number].if_different
        after = np.arange(len(best)) & before | (before & 1 if self._bounds.silencers[number] else 0)
        lower: npt.NDArray[np.int32] = np.minimum(best.take(after) - best[before], 0)
        return lower

    def order(self, strip: Strip, space: Workspace) -> list[int]:
        """Which comparisons to ask a rule's pairs for beyond their codes, one by one, as they tell on some of the pairs."""
        codes = self._matrix.short_codes(strip.rows)
        lot = self._by_codes(strip, codes, space)
        lot = lot.at(np.arange(0, len(lot.left), len(lot.left) // TRIED + 1))
        falls = {number: self._fall(number, lot, strip.rows, codes) for number in self._falls}
        chosen: list[int] = []
        bound = lot.bound
        while falls and len(bound):
            left = {number: int(np.count_nonzero(bound + fall >= self._cut)) for number, fall in falls.items()}
            best = min(left, key=lambda number: left[number])
            if left[best] > TELLS * len(bound):
                break
            chosen.append(best)
            bound = bound + falls.pop(best)
            kept = np.flatnonzero(bound >= self._cut)
            bound, falls = bound.take(kept), {number: fall.take(kept) for number, fall in falls.items()}
        return chosen

    def sift(self, strip: Strip, order: Sequence[int], space: Workspace) -> LocalPairs:
        """The pairs of a strip that may reach the cut."""
        codes = self._matrix.short_codes(strip.rows)
        lot = self._by_codes(strip, codes, space)
        for number in order:
            lot.bound[:] += self._fall(number, lot, strip.rows, codes)
            lot = lot.at_least(self._cut)
        pairs = strip.kept(LocalPairs(strip.rows, lot.left, lot.right))
        used = np.zeros(len(pairs.rows), bool)
        used[pairs.left] = used[pairs.right] = True
        place = np.cumsum(used) - 1
        return LocalPairs(pairs.rows[used], place.take(pairs.left), place.take(pairs.right))

    def _by_codes(self, strip: Strip, codes: ShortCodes, space: Workspace) -> Lot:
        """The pairs that may reach the cut by codes and ends."""
        pairs = Rectangle(strip)
        left, right, equal, near = self._weights(strip.rows, codes, pairs.n)
        bound, part = (space.array(name, pairs.shape, np.int16) for name in ("bound", "part"))
        same, other = (space.array(name, pairs.shape, np.bool_) for name in ("same", "other"))
        np.add(pairs.left(left), pairs.right(pairs.padded(right)), out=bound)
        for values, weight in zip(pairs.padded(codes.codes), equal, strict=True):
            np.equal(pairs.left(values), pairs.right(values), out=same)
            bound += np.multiply(same.view(np.int8), pairs.left(weight), out=part)
        ends = pairs.padded(codes.ends)
        for first, last, weight in zip(ends[::2], ends[1::2], near, strict=True):
            np.equal(pairs.left(first), pairs.right(first), out=same)
            np.equal(pairs.left(last), pairs.right(last), out=other)
            same |= other
            bound += np.multiply(same.view(np.int8), pairs.left(weight), out=part)
        np.greater_equal(bound, np.int16(self._cut), out=same)
        at = pairs.flagged(same)
        return Lot(*pairs.positions(at), bound.ravel().take(at).astype(np.int32))

    def _fall(self, number: int, lot: Lot, rows: Rows, codes: ShortCodes) -> npt.NDArray[np.int32]:
        """How far the bounds of some pairs fall by a closer look at one comparison."""
        if number in self._looks:
            known, by_level = self._looks[number]
            places = known.places.take(rows)
            levels = known.levels(places.take(lot.left), places.take(lot.right))
            falls = by_level.take(levels + np.int8(2))
            at = np.flatnonzero(levels == UNKNOWN)
        else:
            falls, at = np.zeros(len(lot.left), np.int32), np.arange(len(lot.left))
        values, left, right = codes.codes[number], lot.left.take(at), lot.right.take(at)
        one, other = values.take(left), values.take(right)
        differ = np.flatnonzero((one != other) & (one > 0) & (other > 0))
        pairs = rows.take(left.take(differ)), rows.take(right.take(differ))
        masks = self._grader.possible(number, *pairs, differ=True, looked_up=number in self._looks)
        falls[at.take(differ)] = self._falls[number].take(masks)
        return falls

    def _weights(self, rows: Rows, codes: ShortCodes, n: int) -> tuple[Bits16, Bits16, Bits16, Bits16]:
        """What a pair's bound has by its left record, by its right one, and per comparison by equal codes and by equal ends."""
        absent = codes.codes == 0
        right = (self._by_absent[:, None] * absent).sum(axis=0, dtype=np.int16)
        equal = np.empty((len(self._steps), n), np.int16)
        near = np.empty((len(self._ended), n), np.int16)
        for place, number in enumerate(self._ended):
            weight, loose = np.int16(self._steps[number].near), codes.loose[place] & ~absent[number]
            right += loose * weight
            near[place] = ~(absent[number, :n] | loose[:n]) * weight
        left = right[:n] + np.int16(self._start)
        for number, steps in enumerate(self._steps):
            equal[number] = steps.equal
            if number in self._bounds.boosts:
                equal[number], always = self._frequency(number, rows[:n])
                left += always
            equal[number, absent[number, :n]] = -steps.absent  # equal to what is missing: missing too
        return left, right, equal, near

    def _frequency(self, number: int, rows: Rows) -> tuple[npt.NDArray[np.int32] | int, Bits16 | np.int16]:
        """What equal values add, frequency included, and what it may add to any pair."""
        screen, exact = self._bounds.screens[number], int(self._bounds.exact[number])
        boost = self._bounds.boosts[number].take(rows)
        if (screen.if_different | screen.if_absent) & exact:
            return self._steps[number].equal, self._units(np.maximum(boost, 0)).astype(np.int16)
        if not screen.if_equal & exact:
            return self._steps[number].equal, np.int16(0)
        _, different, equal, _ = _heights(self._bounds, number)
        boost = boost if screen.if_equal == exact else np.maximum(boost, 0)
        return self._units(np.maximum(boost + (equal - different), 0)), np.int16(0)


def _heights(bounds: Bounds, number: int) -> tuple[int, int, int, int]:
    """The best of one comparison where both ends differ, where codes differ, where they are equal, and where one is missing."""
    screen, best = bounds.screens[number], bounds.best[number]
    far = screen.if_different if screen.ends is None else screen.ends.if_far | (screen.if_different & 1)
    return int(best[far]), int(best[screen.if_different]), int(best[screen.if_equal]), int(best[screen.if_absent])


def _unit(plan: KernelPlan, bounds: Bounds) -> int:
    """How many millionths of a bit one unit is, so that no sum exceeds 16 bits."""
    most = abs(plan.weights.start)
    for number, best in enumerate(bounds.best):
        single = 1 << np.arange(len(best).bit_length() - 1)
        most += 10 * max(
            *map(abs, _heights(bounds, number)), int(np.abs(best[single & bounds.screens[number].if_different]).max())
        )
    most += sum(2 * int(np.abs(boost).max(initial=0)) for boost in bounds.boosts.values())
    return most // (MOST - 10 * len(bounds.best)) + 1
