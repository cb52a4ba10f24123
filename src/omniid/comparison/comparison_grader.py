"""Pairs of rows → levels of one comparison: the closest of its fields, and levels and conditions on whole records."""

import numpy as np

from omniid.comparison.comparisons import Comparison
from omniid.comparison.field_items import Records
from omniid.comparison.grading import FieldGrader, Grades
from omniid.comparison.levels import Exact, Level
from omniid.comparison.outcomes import ABSENT, Outcomes, closest_of, outcome
from omniid.comparison.record_levels import is_record_level, is_value_level, may_hold_rows
from omniid.comparison.screens import Screen
from omniid.comparison.values import Bools
from omniid.tables import MISSING, Codes, Ends, KnownLevels, Rows

__all__ = ["ComparisonGrader"]


class ComparisonGrader:
    """Levels of one comparison on all its fields.

    Parameters
    ----------
    comparison
        The declaration.
    records
        The table's fields.
    """

    def __init__(self, comparison: Comparison, records: Records) -> None:
        self._records = records
        self._own = comparison.fields[0]
        self._conditions = list(comparison.conditions())
        self._on_records = [(number, level) for number, level, _ in comparison.parts() if is_record_level(level)]
        self._levels = [(n, level, field) for n, level, field in comparison.parts() if is_value_level(level)]
        by_field: dict[str, list[tuple[int, Level]]] = {}
        for number, level, field in self._levels:
            by_field.setdefault(field, []).append((number, level))
        self._fields = {field: FieldGrader(records.items(field), levels) for field, levels in by_field.items()}
        for field in comparison.reads:  # a misspelt field is told now, not at the first pair that needs it
            records.items(field)

    def grade(self, left: Rows, right: Rows, among: Outcomes | None = None) -> Grades:
        """The level of each pair of rows; -1 where there is nothing to compare.

        Parameters
        ----------
        left, right
            Rows of pair i at position i.
        among
            Outcomes that are known to be possible, silencing apart.
        """
        if among is not None and len(self._fields) == 1 and not self._on_records and not self._conditions:
            ((field, grader),) = self._fields.items()
            codes = self._records.items(field).codes
            return grader.grade(codes.take(left), codes.take(right), among)
        grades = np.full(len(left), MISSING, np.int8)
        for field, grader in self._fields.items():
            codes = self._records.items(field).codes
            np.maximum(grades, grader.grade(codes.take(left), codes.take(right)), out=grades)
        for number, level in self._on_records:
            low = np.flatnonzero(grades < number)
            held = level.holds_rows(self._records, self._own, left[low], right[low])
            grades[low[held]] = number
        for number, condition in self._conditions:
            there = np.flatnonzero(grades == number)
            explained = condition.holds_rows(self._records, self._own, left[there], right[there])
            grades[there[explained]] = MISSING
        return grades

    def possible(self, left: Rows, right: Rows, *, differ: bool = False, looked_up: bool = False) -> Outcomes:
        """Which levels each pair of rows may have, without a look at strings.

        Parameters
        ----------
        left, right
            Rows of pair i at position i.
        differ
            Whether the codes of the screen are known to be there and to differ.
        looked_up
            Whether `known_levels` have been asked, in vain.
        """
        if differ and len(self._fields) == 1 and not self._on_records:
            ((field, grader),) = self._fields.items()
            codes = self._records.items(field).codes
            return self._explained(grader.possible(codes.take(left), codes.take(right), differ=True, looked_up=looked_up))
        found = np.full(len(left), ABSENT, np.uint16)
        for field, grader in self._fields.items():
            codes = self._records.items(field).codes
            here = grader.possible(codes.take(left), codes.take(right))
            found = here if len(self._fields) == 1 else closest_of(found, here)
        for number, level in self._on_records:
            found = _or_closer(found, number, may_hold_rows(level, self._records, self._own, left, right))
        return self._explained(found)

    def known_levels(self) -> KnownLevels | None:
        """What finds the levels of most pairs of rows at once, where the values of one field are all that counts."""
        (grader, *others) = self._fields.values() or (None,)
        return None if grader is None or others or self._on_records or self._conditions else grader.known_levels()

    def prepare(self) -> None:
        """Derive from the table what `possible` needs."""
        none = np.zeros(0, np.int32)
        for grader in self._fields.values():
            grader.prepare()
        self.possible(none, none)

    def screen(self) -> Screen:
        """What codes alone say of a pair of rows, before silencing."""
        field = self._screened()
        codes, found = np.full(self._records.n_rows, MISSING, np.int32), np.full(3, ABSENT, np.uint16)
        for name, grader in self._fields.items():
            if name == field:
                codes = self._records.items(name).codes
                equal, different = grader.outcomes_by_codes()
                # Where another field alone is there, the codes differ from all others, and this field says nothing.
                here = np.array([equal, different if len(self._fields) == 1 else different | ABSENT, ABSENT], np.uint16)
            else:
                here = np.array([ABSENT | grader.outcomes, ABSENT | grader.outcomes, ABSENT], np.uint16)
            found = closest_of(found, here)
        codes = self._told_apart(codes)
        for number, _ in self._on_records:
            found = _or_closer(found, number, np.ones(3, bool))
        equal, different, absent = self._explained(found).tolist()
        return Screen(codes, equal, different, absent, self._ends())

    def _ends(self) -> Ends | None:
        """What tells most pairs of rows apart, where one field's values are all that counts."""
        (grader, *others) = self._fields.values() or (None,)
        return None if grader is None or others or self._on_records or self._conditions else grader.ends()

    def _told_apart(self, codes: Codes) -> Codes:
        """The same codes, and one of its own for each row that lacks this field and has another one."""
        lone = np.zeros(len(codes), bool)
        for name in self._fields:
            lone |= self._records.items(name).codes >= 0
        rows = np.flatnonzero(lone & (codes < 0)).astype(np.int32)
        if not len(rows):
            return codes
        apart = codes.copy()
        apart[rows] = codes.max() + 1 + rows
        return apart

    def _screened(self) -> str | None:
        """The field in which the closest level is that the values are equal, else the first that has levels."""
        closest = max(self._levels, default=(0, None, None), key=lambda part: part[0])[0]
        exact = [field for number, level, field in self._levels if number == closest and isinstance(level, Exact)]
        return next(iter([*exact, *self._fields]), None)

    def _explained(self, found: Outcomes) -> Outcomes:
        """Where a level may be explained away, the pair may be missing."""
        for number, _ in self._conditions:
            found |= (found >> np.uint16(number + 1)) & np.uint16(ABSENT)
        return found


def _or_closer(found: Outcomes, number: int, may: Bools) -> Outcomes:
    """The same sets, with one more level where it may hold and nothing closer does for certain."""
    open_ = may & ((found & np.uint16(outcome(number) - 1)) > 0)
    return found | (open_.astype(np.uint16) << np.uint16(number + 1))
