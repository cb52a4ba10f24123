"""A first look at a pair of records: what is known by which values are there and which are equal, before any is compared."""

from collections.abc import Sequence
from functools import lru_cache
from operator import eq
from typing import NamedTuple

from omniid.single_record.grading import PairGrading
from omniid.single_record.readings import MEMO
from omniid.single_record.ready_records import NOBODY, ReadyRecord
from omniid.single_record.ready_rules import BELOW, UNSEEN, ReadyRule
from omniid.single_record.weighing import Weighing
from omniid.tables import MISSING

__all__ = ["LEAST", "FirstLooks", "Seen"]

LEAST = -(1 << 62)  # no bound is lower
Silencers = Sequence[Sequence[tuple[int, frozenset[int]]]]


class Rest(NamedTuple):
    """What pairs have in common of which both records fill the same comparisons."""

    levels: list[int]
    bounds: list[int]
    bound: int
    exact: list[int]
    order: list[int]
    rules: list[ReadyRule]


class Pattern(NamedTuple):
    """What pairs of plain records have in common of which the same comparisons are filled, and the same of those equal.

    Parameters
    ----------
    levels, bounds, bound
        As in `Rest`, with the levels of equal values; what these add depends on the values and is left out.
    settled, open_
        Comparisons of equal values that no other silences, and the others to be looked at, in their order.
    equal
        Those of `open_` whose values are equal.
    rules
        Link rules that may hold, with all that must agree.
    """

    levels: list[int]
    bounds: list[int]
    bound: int
    settled: list[int]
    open_: list[int]
    equal: list[int]
    rules: list[ReadyRule]


class Seen(NamedTuple):
    """What equality alone tells of a pair.

    Parameters
    ----------
    levels, bounds, bound
        As in `Rest`.
    exact
        What each comparison adds of which the single values are equal.
    order
        Comparisons that are still to be looked at.
    a, b
        What the others add.
    rules
        Link rules that may hold.
    """

    levels: list[int]
    bounds: list[int]
    bound: int
    exact: dict[int, tuple[int, int]]
    order: list[int]
    a: int
    b: int
    rules: list[ReadyRule]


class FirstLooks:
    """Comparisons and link rules, ready for a look at pairs of records.

    Parameters
    ----------
    gradings
        The comparisons.
    silencers
        Per comparison, the comparisons that silence it, and at which of their levels.
    order
        Comparisons in the order in which they are to be looked at.
    rules
        The link rules.
    weighing
        What levels weigh.
    """

    def __init__(
        self,
        gradings: Sequence[PairGrading],
        silencers: Silencers,
        order: Sequence[int],
        rules: Sequence[ReadyRule],
        weighing: Weighing,
    ) -> None:
        self._gradings, self._silencers, self._order, self._rules, self.weighing = gradings, silencers, order, rules, weighing
        self._elsewhere = {  # whose weight is moved by the frequency of another field's value
            number for number, moved in enumerate(weighing.values) if moved.field != gradings[number].exact_field
        }
        self._exactly = lru_cache(MEMO)(self._added_by)
        self._rests: dict[int, Rest] = {}
        self._patterns: dict[tuple[int, int, bytes], Pattern] = {}
        self._bounds = [self._most(number) for number in range(len(gradings))]

    def at(self, one: ReadyRecord, two: ReadyRecord) -> Seen:
        """What equality alone tells: levels, the most that each comparison can add to A, and the most that A can be."""
        mask = one.mask & two.mask
        rest = self._rests.get(mask) or self._rest(mask)
        levels, bounds, bound = list(rest.levels), list(rest.bounds), rest.bound
        mine, yours, exact = one.cells, two.cells, {}
        for number in rest.exact:
            left, right = mine[number], yours[number]
            if left == right and type(left) is str:
                levels[number] = self._gradings[number].top
                exact[number] = self._equal(number, one, two)
                most = exact[number][0]
                most = max(most, 0) if self._silencers[number] else most
            elif type(left) is str and type(right) is str:
                continue
            elif left is None or right is None:  # only another field of theirs can speak
                levels[number] = UNSEEN if self._gradings[number].reads_records else MISSING
                most = bounds[number] if self._gradings[number].reads_records else 0
            else:
                levels[number], most = UNSEEN, self._bounds[number][1]
            bound += most - bounds[number]
            bounds[number] = most
        return Seen(levels, bounds, bound, exact, rest.order, 0, 0, rest.rules)

    def at_plain(self, one: ReadyRecord, two: ReadyRecord, cut: int) -> Seen | None:
        """The same of plain records; None where the pair is below the cut for certain, and no link rule holds of it."""
        same = bytes(map(eq, one.cells, two.cells))
        mask = one.mask & two.mask
        key = (mask, one.filled & two.filled, same)
        pattern = self._patterns.get(key) or self._pattern(*key)
        a = b = 0
        for number in pattern.settled:
            more_a, more_b = self._equal(number, one, two)
            a, b = a + more_a, b + more_b
        exact = {number: self._equal(number, one, two) for number in pattern.equal}
        bound = pattern.bound + a + sum([max(more_a, 0) for more_a, _ in exact.values()])
        if bound < cut and not pattern.rules:
            return None
        bounds = list(pattern.bounds)
        for number, (more_a, _) in exact.items():
            bounds[number] = max(more_a, 0)
        return Seen(list(pattern.levels), bounds, bound, exact, pattern.open_, a, b, pattern.rules)

    def graded(self, one: ReadyRecord, two: ReadyRecord) -> list[int]:
        """The level of every comparison before others silence it."""
        mask, mine, yours = one.mask & two.mask, one.cells, two.cells
        levels = [MISSING] * len(self._gradings)
        for number in (self._rests.get(mask) or self._rest(mask)).order:
            left, right, grading = mine[number], yours[number], self._gradings[number]
            if left == right and type(left) is str and grading.exact_field is not None:
                levels[number] = grading.top
            else:
                levels[number] = grading.grade_cells(left, right, one, two)
        return levels

    def added(self, number: int, level: int, one: ReadyRecord, two: ReadyRecord) -> tuple[int, int]:
        """What a level adds to A and to B."""
        if level <= 0:
            return self.weighing.differing[number] if level == 0 else (0, 0)
        return self.weighing.added(number, level, one.said, two.said, (one.weak, two.weak))

    def _equal(self, number: int, one: ReadyRecord, two: ReadyRecord) -> tuple[int, int]:
        """What a comparison adds of two records that hold one value, the same."""
        if one.weak or two.weak or number in self._elsewhere:
            return self.weighing.added(number, self._gradings[number].top, one.said, two.said, (one.weak, two.weak))
        return self._exactly(number, one.cells[number])

    def _pattern(self, mask: int, filled: int, same: bytes) -> Pattern:
        """What plain pairs have in common; bit n of `filled`: both hold a value that comparison n looks at first."""
        rest = self._rests.get(mask) or self._rest(mask)
        levels, bounds = list(rest.levels), list(rest.bounds)
        settled, equal = list[int](), list[int]()
        for number in rest.exact:
            grading = self._gradings[number]
            if not filled >> number & 1:  # only another field of theirs can speak
                levels[number] = UNSEEN if grading.reads_records else MISSING
                bounds[number] = bounds[number] if grading.reads_records else 0
            elif same[number]:
                levels[number], bounds[number] = grading.top, 0
                (equal if self._silencers[number] else settled).append(number)
        open_ = [number for number in rest.order if number not in settled and levels[number] != MISSING]
        rules = [rule for rule in rest.rules if rule.may_agree(levels)]
        bound = self.weighing.start + sum(bounds)
        found = self._patterns[mask, filled, same] = Pattern(levels, bounds, bound, settled, open_, equal, rules)
        return found

    def _added_by(self, number: int, value: str) -> tuple[int, int]:
        """What agreement on one value adds, of records that hold no other."""
        grading = self._gradings[number]
        values = {grading.exact_field or "": (value,)}
        return self.weighing.added(number, grading.top, values, values, (NOBODY, NOBODY))

    def _rest(self, mask: int) -> Rest:
        """What is the same for all pairs of which both records fill the same comparisons."""
        levels, bounds, exact = [MISSING] * len(self._gradings), [0] * len(self._gradings), []
        for number, grading in enumerate(self._gradings):
            if mask >> number & 1:
                levels[number] = UNSEEN if grading.exact_field is None else BELOW
                bounds[number] = self._bounds[number][grading.exact_field is None]
                if grading.exact_field is not None:
                    exact.append(number)
        rules = [rule for rule in self._rules if all(mask >> number & 1 for number, _, _ in rule.agree)]
        order = [number for number in self._order if mask >> number & 1]
        found = Rest(levels, bounds, self.weighing.start + sum(bounds), exact, order, rules)
        self._rests[mask] = found
        return found

    def _most(self, number: int) -> tuple[int, int]:
        """The most that a comparison can add to A where single values differ, and anywhere."""
        a, shift = self.weighing.a[number], self.weighing.values[number]
        top = len(a) - 2  # the last entry is that of missing
        fuzzy = [*shift.fuzzy, *[0] * len(a)]
        sums = [a[level] + fuzzy[level] for level in range(top + 1)]
        sums[shift.exact] += shift.most_at_exact
        below = max([0, *sums[:top]]) if self._may_be_missing(number) else max(sums[:top])
        return below, max(0, below, sums[top])

    def _may_be_missing(self, number: int) -> bool:
        """Whether the comparison may be missing though both records fill its field."""
        return bool(self._silencers[number]) or self._gradings[number].may_be_missing
