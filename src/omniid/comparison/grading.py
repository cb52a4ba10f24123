"""Pairs of records → levels of one comparison: every distinct pair of values is compared once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.comparison.comparisons import Comparison
from omniid.comparison.field_items import FieldItems, Records, combinations
from omniid.comparison.levels import Exact, Level, Overlap
from omniid.comparison.record_levels import RecordLevel
from omniid.comparison.values import ValuePairs
from omniid.tables import MISSING, Codes, Rows

__all__ = ["ComparisonGrader", "FieldGrader"]

Grades = npt.NDArray[np.int8]
COMBINATIONS = 4_000_000  # value pairs held at a time where records have several values: some 100 MB


class FieldGrader:
    """Levels of one comparison on one field.

    Parameters
    ----------
    items
        The field.
    levels
        (level number, level), any order; the highest number that holds counts.
    workers
        Threads for string similarities.
    """

    def __init__(self, items: FieldItems, levels: Sequence[tuple[int, Level]], *, workers: int = 1) -> None:
        self._items = items
        self._levels = sorted(levels, key=lambda part: part[0])
        self._workers = workers
        self._sets = [(number, level) for number, level in self._levels if isinstance(level, Overlap)]

    def grade(self, left: Codes, right: Codes) -> Grades:
        """The level of each pair of codes; -1 where a side is missing.

        Parameters
        ----------
        left, right
            Codes of the field's items, int32.
        """
        grades = np.full(len(left), MISSING, np.int8)
        here = (left >= 0) & (right >= 0)
        top, closest = self._levels[-1]
        if isinstance(closest, Exact):  # equal codes need no strings
            same = here & (left == right)
            grades[same] = top
            here &= ~same
        todo = np.flatnonzero(here)
        low, high, inverse = _distinct(left[todo], right[todo], self._items.n_codes)
        grades[todo] = (self._grade_sets if self._items.is_multi else self._grade_values)(low, high)[inverse]
        return grades

    def _grade_values(self, low: Codes, high: Codes) -> Grades:
        pairs = ValuePairs(self._items.values, low, high, workers=self._workers)
        grades = np.zeros(len(low), np.int8)
        for number, level in self._levels:
            grades[level.holds(pairs)] = number
        return grades

    def _grade_sets(self, low: Codes, high: Codes) -> Grades:
        """The best level over all value pairs of two sets."""
        grades = np.zeros(len(low), np.int8)
        ends = np.cumsum(self._items.counts(low) * self._items.counts(high))
        start = 0
        while start < len(low):
            limit = (ends[start - 1] if start else 0) + COMBINATIONS
            stop = max(start + 1, int(np.searchsorted(ends, limit, side="right")))
            grades[start:stop] = self._grade_some_sets(low[start:stop], high[start:stop])
            start = stop
        return grades

    def _grade_some_sets(self, low: Codes, high: Codes) -> Grades:
        found = combinations(self._items, low, self._items, high)
        first, second, inverse = _distinct(found.left, found.right, len(self._items.values))
        grades = np.zeros(len(low), np.int8)
        np.maximum.at(grades, found.pair, self._grade_values(first, second)[inverse])
        if self._sets:
            shared = np.bincount(found.pair[found.left == found.right], minlength=len(low))
            for number, level in self._sets:
                grades[level.holds_sets(shared) & (grades < number)] = number
        return grades


def _distinct(left: Codes, right: Codes, n_codes: int) -> tuple[Codes, Codes, Codes]:
    """Distinct unordered pairs (low, high), and the position among them of every pair."""
    keys = np.minimum(left, right).astype(np.int64) * n_codes + np.maximum(left, right)
    encoded = pa.array(keys).dictionary_encode()
    distinct = encoded.dictionary.to_numpy()
    low, high = np.divmod(distinct, max(n_codes, 1))
    return low.astype(np.int32), high.astype(np.int32), encoded.indices.to_numpy()


class ComparisonGrader:
    """Levels of one comparison on all its fields.

    Parameters
    ----------
    comparison
        The declaration.
    records
        The table's fields.
    workers
        Threads for string similarities.
    """

    def __init__(self, comparison: Comparison, records: Records, *, workers: int = 1) -> None:
        parts = list(comparison.parts())
        self._records = records
        self._own = comparison.fields[0]
        self._conditions = list(comparison.conditions())
        self._on_records = [(number, level) for number, level, _ in parts if isinstance(level, RecordLevel)]
        by_field: dict[str, list[tuple[int, Level]]] = {}
        for number, level, field in parts:
            if not isinstance(level, RecordLevel):
                by_field.setdefault(field, []).append((number, level))
        self._fields = [
            (records.items(field), FieldGrader(records.items(field), levels, workers=workers))
            for field, levels in by_field.items()
        ]
        for field in comparison.reads:  # a misspelt field is told now, not at the first pair that needs it
            records.items(field)

    def grade(self, left: Rows, right: Rows) -> Grades:
        """The level of each pair of rows; -1 where there is nothing to compare.

        Parameters
        ----------
        left, right
            Rows of pair i at position i.
        """
        grades = np.full(len(left), MISSING, np.int8)
        for items, grader in self._fields:
            np.maximum(grades, grader.grade(items.codes[left], items.codes[right]), out=grades)
        for number, level in self._on_records:
            low = np.flatnonzero(grades < number)
            held = level.holds_rows(self._records, self._own, left[low], right[low])
            grades[low[held]] = number
        for number, condition in self._conditions:
            there = np.flatnonzero(grades == number)
            explained = condition.holds_rows(self._records, self._own, left[there], right[there])
            grades[there[explained]] = MISSING
        return grades
