"""One comparison of two records in plain Python: the twin of `ComparisonGrader`."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import product
from typing import Protocol

import omniid.comparison as c
from omniid.comparison import Comparison
from omniid.comparison.given_parts import PARTICLES
from omniid.comparison.levels import Level
from omniid.comparison.record_levels import RecordLevel, is_record_level, is_value_level
from omniid.comparison.spelled_out import LONGEST
from omniid.errors import SpecError
from omniid.similarity import EPSILON
from omniid.single_record.name_claims import are_forms, differ
from omniid.single_record.readings import MEMO
from omniid.single_record.spelled_claims import spelled_out
from omniid.single_record.value_levels import Claim, Numbered, claim_of, jaro_winkler, local_part
from omniid.tables import MISSING

__all__ = ["Cell", "HasValues", "PairGrading", "RecordClaim", "Values"]

Values = Mapping[str, tuple[str, ...]]  # field → distinct normal forms of one record; fields without any are left out
Cell = str | tuple[str, ...] | None  # one value, several, or none
RecordClaim = Callable[[Values, Values], bool]


class HasValues(Protocol):
    """A record whose values are worked out when they are asked for."""

    @property
    def values(self) -> Values:
        """Field → distinct values."""


NumberedField = Callable[[str, str, str, int], bool]  # field, and as `Numbered`
NOTHING: tuple[str, ...] = ()
PARTICLES_BEFORE = re.compile(PARTICLES)


class PairGrading:
    """The levels of one comparison, ready to be asked for pairs of records.

    Parameters
    ----------
    comparison
        The declaration.
    numbered
        Whether a word goes with many numbers in a field, see `UnlessNumbered`.

    Raises
    ------
    SpecError
        If a level on whole records is one of your own: nothing here knows how to ask it about one pair.

    Examples
    --------
    >>> grading = PairGrading(c.email("email"), lambda *_: False)
    >>> grading.grade({"email": ("ann.lee@x.com",)}, {"email": ("ann.lee@y.com",)}), grading.grade({}, {"email": ("a@x.com",)})
    (3, -1)
    """

    def __init__(self, comparison: Comparison, numbered: NumberedField) -> None:
        own = comparison.fields[0]
        by_field: dict[str, list[tuple[int, Level]]] = {}
        for number, level, field in comparison.parts():
            if is_value_level(level):
                by_field.setdefault(field, []).append((number, level))
        self.fields = tuple(by_field)
        self._on_records = [(n, _record_claim(level, own)) for n, level, _ in comparison.parts() if is_record_level(level)]
        self._conditions = [(number, _record_claim(condition, own)) for number, condition in comparison.conditions()]
        self.top = len(comparison.levels)
        self.reads_records = bool(self._on_records)
        self.may_be_missing = bool(self._conditions)
        # How long a look at two new values takes, roughly: spelling keys are some 100 µs a name, all else far less.
        kinds = {type(level) for _, level, _ in comparison.parts()}
        self.cost = 2 * (c.OtherSpelling in kinds) + bool(kinds & {c.SameStreet, c.AlikeWithoutDifferingNumber})
        self._of_field = [
            (field, _FieldGrading(levels, partial(numbered, field), recurs=self.cost > 0 or len(by_field) > 1))
            for field, levels in by_field.items()
        ]
        self._is_on_whole = self.reads_records or self.may_be_missing
        self.lone_field = self.fields[0] if len(self.fields) == 1 else None
        # Equal single values of the only field are at the closest level for certain, whatever else is there.
        self.exact_field = None
        if len(self._of_field) == 1 and all(number != self.top for number, _ in self._conditions):
            ((field, grading),) = self._of_field
            self.exact_field = field if grading.is_exact_at(self.top) else None

    def grade_cells(self, left: Cell, right: Cell, one: HasValues, two: HasValues) -> int:
        """The same as `grade`, of records whose values of the only field are known to the caller.

        Parameters
        ----------
        left, right
            The value of `lone_field`, where there is one.
        one, two
            The records.
        """
        if type(left) is not str or type(right) is not str:
            return self.grade(one.values, two.values)
        found = self._of_field[0][1].grade_two(left, right)
        return self._on_whole(found, one.values, two.values) if self._is_on_whole else found

    def grade(self, one: Values, two: Values) -> int:
        """The level of a pair of records, before other comparisons silence it; -1 where there is nothing to compare."""
        found = MISSING
        for field, grading in self._of_field:
            left, right = one.get(field), two.get(field)
            if left and right:
                found = max(found, grading.grade(left, right))
        return self._on_whole(found, one, two) if self._is_on_whole else found

    def _on_whole(self, found: int, one: Values, two: Values) -> int:
        """The level once levels and conditions on whole records have been asked."""
        for number, claim in self._on_records:
            if found < number and claim(one, two):
                found = number
        for number, condition in self._conditions:
            if found == number and condition(one, two):
                found = MISSING
        return found


class _FieldGrading:
    """The levels of one comparison on one field, the closest first; `recurs`: pairs of values are asked about again."""

    def __init__(self, levels: Sequence[tuple[int, Level]], numbered: Numbered, *, recurs: bool) -> None:
        self._levels = sorted(levels, key=lambda part: -part[0])
        parts = [(number, one) for number, level in self._levels for one in _alternatives(level)]
        self._claims: list[tuple[int, Claim]] = [(number, claim_of(level, numbered)) for number, level in parts]
        self._sets = [(number, level.at_least) for number, level in self._levels if isinstance(level, c.Overlap)]
        self._grade = lru_cache(MEMO)(self._look) if recurs else self._look

    def grade_two(self, one: str, two: str) -> int:
        """The closest level of two values."""
        return self._grade(one, two) if one < two else self._grade(two, one)

    def is_exact_at(self, top: int) -> bool:
        """Whether equal values are at the closest level, and no others."""
        closest = [level for number, level in self._levels if number == top]
        return bool(closest) and all(isinstance(level, c.Exact) for level in closest)

    def grade(self, left: tuple[str, ...], right: tuple[str, ...]) -> int:
        """The closest level over all pairs of values."""
        if len(left) == 1 and len(right) == 1:
            return self.grade_two(left[0], right[0])
        found = max(self._grade(min(pair), max(pair)) for pair in product(left, right))
        if self._sets:
            shared = len(set(left) & set(right))
            found = max([found, *(number for number, least in self._sets if shared >= least)])
        return found

    def _look(self, one: str, two: str) -> int:
        for number, claim in self._claims:
            if claim(one, two):
                return number
        return 0


def _alternatives(level: Level) -> Sequence[Level]:
    """The levels of which one is enough."""
    return [one for inner in level.levels for one in _alternatives(inner)] if isinstance(level, c.AnyOf) else [level]


def _record_claim(level: RecordLevel, own: str) -> RecordClaim:
    """What says whether a level or condition on whole records holds of two of them."""
    if isinstance(level, c.SwappedParts):
        return _swapped(level, own)
    if isinstance(level, c.GivenParts):
        return _given_parts(level, own)
    if isinstance(level, c.SpelledFromNames):
        return _spelled(level, own)
    if isinstance(level, c.SpelledOut):
        return spelled_out(level.names, own)
    raise SpecError(
        f"level {level.name!r} is a {type(level).__name__} of your own on whole records, which one pair alone cannot be asked; "
        f"leave it out of a spec for a store"
    )


def _swapped(level: c.SwappedParts, own: str) -> RecordClaim:
    other, cut = level.other, level.at_least - EPSILON

    def alike(one: str, two: str) -> bool:
        return are_forms(one, two) or one == two or (jaro_winkler(one, two) >= cut and not differ(one, two))

    def claim(one: Values, two: Values) -> bool:
        f, g = one.get(own, NOTHING), two.get(own, NOTHING)
        m, n = one.get(other, NOTHING), two.get(other, NOTHING)
        forth, back = not set(f).isdisjoint(n), not set(g).isdisjoint(m)
        if not (forth or back) or (m and set(m) == set(n)):
            return False
        if (forth and back) or (forth and not g and not m) or (back and not f and not n):
            return True
        crossing = product(g, m) if forth else product(f, n)
        return any(alike(*pair) for pair in crossing)

    return claim


def _given_parts(level: c.GivenParts, own: str) -> RecordClaim:
    middle = level.middle

    def claim(one: Values, two: Values) -> bool:
        f, g = one.get(own, NOTHING), two.get(own, NOTHING)
        m, n = one.get(middle, NOTHING), two.get(middle, NOTHING)
        if bool(m) == bool(n) or max(map(len, (f, g, m, n))) > 1:
            return False
        lone, first, second = (g, f, m) if m else (f, g, n)
        if not lone:
            return False
        name, rest = lone[0].replace(" ", ""), PARTICLES_BEFORE.sub("", second[0]).replace(" ", "")
        return name == rest or (bool(first) and name == first[0].replace(" ", "") + rest)

    return claim


def _spelled(condition: c.SpelledFromNames, own: str) -> RecordClaim:
    names, no_slip = condition.names, spelled_out(condition.names, own)

    def claim(one: Values, two: Values) -> bool:
        if no_slip(one, two):
            return True
        mine, yours = one.get(own, NOTHING), two.get(own, NOTHING)
        for name in names:
            left = _stems(mine, one.get(name, NOTHING))
            if left and not left.isdisjoint(_stems(yours, two.get(name, NOTHING))):
                return True
        return False

    return claim


@lru_cache(MEMO)
def _stems(addresses: tuple[str, ...], names: tuple[str, ...]) -> frozenset[str]:
    """The four-letter stems of names that addresses hold."""
    found = set()
    for address in addresses:
        local = local_part(address)
        if sum(mark in "0123456789" for mark in local) < 3:
            for name in names:
                compact = name.replace(" ", "")
                if len(compact) > 2 and compact[:4] in local[:LONGEST]:
                    found.add(compact[:4])
    return frozenset(found)
