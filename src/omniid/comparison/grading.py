"""Pairs of records → levels of one comparison: first what may hold, from numbers alone, then an exact look at what is left."""

import functools
from collections.abc import Callable, Iterator, Sequence
from operator import or_
from typing import Any

import numpy as np
import numpy.typing as npt

from omniid.comparison.date_levels import SameDate
from omniid.comparison.ends import value_ends
from omniid.comparison.field_items import Combinations, FieldItems, combinations
from omniid.comparison.level_memo import LevelMemo
from omniid.comparison.levels import Exact, Level, Overlap, is_by_codes, may_hold
from omniid.comparison.outcomes import ABSENT, OUTCOME_OF, Outcomes, least_level, outcome, undecided
from omniid.comparison.text_levels import DamerauLevenshtein, Levenshtein
from omniid.comparison.values import ValuePairs
from omniid.tables import UNKNOWN, Codes, Ends, KnownLevels

__all__ = ["FieldGrader", "Grades"]

Grades = npt.NDArray[np.int8]
_ONLY_OF_EQUALS = (Exact, Overlap, SameDate)  # of single values
_EDITS = (Levenshtein, DamerauLevenshtein)
COMBINATIONS = 4_000_000  # value pairs held at a time where records have several values: some 100 MB


class FieldGrader:
    """Levels of one comparison on one field.

    Parameters
    ----------
    items
        The field.
    levels
        (level number, level), any order; the highest number that holds counts.
    """

    def __init__(self, items: FieldItems, levels: Sequence[tuple[int, Level]]) -> None:
        self._items = items
        self._levels = sorted(levels, key=lambda part: part[0])
        self._sets = [(number, level) for number, level in self._levels if isinstance(level, Overlap)]
        top, closest = self._levels[-1]
        self._if_equal = outcome(top) if isinstance(closest, Exact) else None

    def possible(self, left: Codes, right: Codes, *, differ: bool = False, looked_up: bool = False) -> Outcomes:
        """Which levels each pair of codes may have; strings are looked at only where both values are frequent, and once.

        Parameters
        ----------
        left, right
            Codes of the field's items, int32.
        differ
            Whether all of them are known to be there and to differ.
        looked_up
            Whether `known_levels` have been asked, in vain.
        """
        if differ and looked_up:
            return self._bounded(left, right)
        if differ:
            return (self._possible_sets if self._items.is_multi else self._possible_values)(left, right)
        found = np.full(len(left), ABSENT, np.uint16)
        todo = np.flatnonzero((left | right) >= 0)
        one, two = left.take(todo), right.take(todo)
        if self._if_equal is not None:
            found[todo] = self._if_equal
            unequal = np.flatnonzero(one != two)
            todo, one, two = todo.take(unequal), one.take(unequal), two.take(unequal)
        if len(todo):
            found[todo] = (self._possible_sets if self._items.is_multi else self._possible_values)(one, two)
        return found

    def grade(self, left: Codes, right: Codes, among: Outcomes | None = None) -> Grades:
        """The level of each pair of codes; -1 where a side is missing.

        Parameters
        ----------
        left, right
            Codes of the field's items, int32.
        among
            What `possible` said of them, if it has been asked.
        """
        found = self.possible(left, right) if among is None else among
        grades = least_level(found)
        todo = undecided(found)
        if len(todo) and self._items.is_multi:
            low, high, _, inverse = distinct_pairs(left.take(todo), right.take(todo), self._items.n_codes)
            grades[todo] = self._by_parts(self._grade_sets, low, high, np.int8)[inverse]
        elif len(todo):
            grades[todo] = self._grade_values(left.take(todo), right.take(todo), found.take(todo))
        return grades

    def outcomes_by_codes(self) -> tuple[int, int]:
        """Which levels pairs of equal codes may have, and pairs of different ones."""
        if self._items.is_multi:
            return self._if_equal or self.outcomes, self.outcomes
        equal = self._if_equal
        if equal is None:
            every = np.arange(len(self._items.values), dtype=np.int32)
            equal = int(np.bitwise_or.reduce(self.possible(every, every))) or self.outcomes
        unequal = (number for number, level in self._levels if not isinstance(level, _ONLY_OF_EQUALS))
        return equal, functools.reduce(or_, map(outcome, unequal), outcome(0))

    def ends(self) -> Ends | None:
        """What tells most pairs of codes apart, where all levels but that of equal values allow for one edit at most."""
        loose_levels = [level for _, level in self._levels if not isinstance(level, _ONLY_OF_EQUALS)]
        one_edit = all(isinstance(level, _EDITS) and level.at_most <= 1 for level in loose_levels)
        if self._items.is_multi or not loose_levels or not one_edit:
            return None
        exchanges = any(isinstance(level, DamerauLevenshtein) for level in loose_levels)
        codes, loose = self._items.values.derived(f"ends, {exchanges}", lambda v: value_ends(v, exchanges=exchanges))
        of_row = self._items.codes
        none = np.zeros((1, 2), np.uint8)  # a row without a value reads the last place
        return Ends(
            np.concatenate([codes, none]).take(of_row, axis=0, mode="wrap"),
            np.append(loose, True).take(of_row, mode="wrap"),
            outcome(0),
        )

    @property
    def outcomes(self) -> int:
        """Which levels pairs of codes may have at all."""
        return functools.reduce(or_, (outcome(number) for number, _ in self._levels), outcome(0))

    def prepare(self) -> None:
        """Derive from the values what `possible` needs."""
        none = np.zeros(0, np.int32)
        self._possible_values(none, none)

    @functools.cached_property
    def _memo(self) -> LevelMemo | None:
        codes = self._items.codes
        if self._items.is_multi or all(is_by_codes(level) for _, level in self._levels):
            return None  # a set's best pair is no look-up, and what codes tell needs none
        counts = np.bincount(codes[codes >= 0], minlength=len(self._items.values)).astype(np.int64)
        return LevelMemo.of(counts, self._items.values.array())

    def known_levels(self) -> KnownLevels | None:
        """What finds the levels of most pairs of rows at once, where frequent values recur."""
        if self._memo is None:
            return None
        memo = self._memo
        places = np.append(memo.places, np.int32(memo.outside)).take(self._items.codes, mode="wrap")
        return KnownLevels(places, functools.partial(memo.levels, grade=self._grade_unmet))

    def _possible_values(self, left: Codes, right: Codes) -> Outcomes:
        if self._memo is None:
            return self._bounded(left, right)
        places = self._memo.places
        levels = self._memo.levels(places.take(left), places.take(right), self._grade_unmet)
        found = OUTCOME_OF.take(levels + np.int8(2))
        rest = np.flatnonzero(levels == UNKNOWN)
        if len(rest):
            found[rest] = self._bounded(left.take(rest), right.take(rest))
        return found

    def _grade_unmet(self, left: Codes, right: Codes) -> Grades:
        return self._grade_values(left, right, self._bounded(left, right))

    def _bounded(self, left: Codes, right: Codes) -> Outcomes:
        pairs = ValuePairs(self._items.values, left, right)
        found = np.full(len(left), outcome(0), np.uint16)
        for number, level in self._levels:
            may = may_hold(level, pairs)
            if is_by_codes(level):  # it does hold: nothing below can be the closest
                found[may] = outcome(number)
            else:
                found |= may.astype(np.uint16) << np.uint16(number + 1)
        return found

    def _grade_values(self, left: Codes, right: Codes, found: Outcomes) -> Grades:
        grades = least_level(found)
        todo = undecided(found)
        low, high, example, inverse = distinct_pairs(left.take(todo), right.take(todo), len(self._items.values))
        grades[todo] = self._grade_distinct(low, high, found.take(todo).take(example))[inverse]
        return grades

    def _grade_distinct(self, low: Codes, high: Codes, found: Outcomes) -> Grades:
        """An exact look, the closest level first, each at the pairs of which it may hold and no closer one does."""
        pairs = ValuePairs(self._items.values, low, high)
        grades = least_level(found)
        for number, level in reversed(self._levels):
            if not is_by_codes(level):
                todo = np.flatnonzero((found & outcome(number)).astype(bool) & (grades < number))
                grades[todo[level.holds(pairs.at(todo))]] = number
        return grades

    def _possible_sets(self, left: Codes, right: Codes) -> Outcomes:
        found: Outcomes = self._by_parts(self._possible_some_sets, left, right, np.uint16)
        return found

    def _possible_some_sets(self, left: Codes, right: Codes) -> Outcomes:
        """What the best of all value pairs of two sets may be."""
        found = combinations(self._items, left, self._items, right)
        each = self._possible_values(found.left, found.right)
        starts = np.searchsorted(found.pair, np.arange(len(left)))
        least = np.maximum.reduceat(each & (~each + np.uint16(1)), starts)
        sets: Outcomes = np.bitwise_or.reduceat(each, starts) & ~(least - np.uint16(1))
        for number, held in self._overlapping(found, len(left)):
            sets = np.where(held, (sets | outcome(number)) & ~np.uint16(outcome(number) - 1), sets).astype(np.uint16)
        return sets

    def _grade_sets(self, low: Codes, high: Codes) -> Grades:
        """The best level over all value pairs of two sets."""
        found = combinations(self._items, low, self._items, high)
        grades = np.zeros(len(low), np.int8)
        each = self._grade_values(found.left, found.right, self._possible_values(found.left, found.right))
        np.maximum.at(grades, found.pair, each)
        for number, held in self._overlapping(found, len(low)):
            grades[held & (grades < number)] = number
        return grades

    def _overlapping(self, found: Combinations, n: int) -> Iterator[tuple[int, npt.NDArray[np.bool_]]]:
        """Pairs of sets that have enough values in common, by level."""
        if self._sets:
            shared = np.bincount(found.pair[found.left == found.right], minlength=n)
            for number, level in self._sets:
                yield number, level.holds_sets(shared)

    def _by_parts(
        self, look: Callable[[Codes, Codes], npt.NDArray[Any]], left: Codes, right: Codes, dtype: type[np.integer[Any]]
    ) -> npt.NDArray[Any]:
        """Look at pairs of sets, so many at a time that their value pairs stay within `COMBINATIONS`."""
        answer = np.empty(len(left), dtype)
        ends = np.cumsum(self._items.counts(left) * self._items.counts(right))
        start = 0
        while start < len(left):
            limit = (ends[start - 1] if start else 0) + COMBINATIONS
            stop = max(start + 1, int(np.searchsorted(ends, limit, side="right")))
            answer[start:stop] = look(left[start:stop], right[start:stop])
            start = stop
        return answer


def distinct_pairs(left: Codes, right: Codes, n_codes: int) -> tuple[Codes, Codes, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Distinct unordered pairs (low, high), an example of each, and the position among them of every pair."""
    keys = np.minimum(left, right).astype(np.int64) * n_codes + np.maximum(left, right)
    order = np.argsort(keys)  # not stable: which example is taken does not matter, and it takes half the time of np.unique
    keys = keys.take(order)
    fresh = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=fresh[1:])
    inverse = np.empty(len(keys), np.intp)
    inverse[order] = np.cumsum(fresh) - 1
    example = order[fresh]
    low, high = np.divmod(keys[fresh], max(n_codes, 1))
    return low.astype(np.int32), high.astype(np.int32), example, inverse
