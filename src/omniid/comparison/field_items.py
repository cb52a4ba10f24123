"""One field of every record as integers to compare: a code per record, and the distinct values behind each code."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.comparison.values import Bools, Values
from omniid.errors import SpecError
from omniid.tables import Codes, Column, RecordTable
from omniid.tables.arrays import numpy_array

__all__ = ["Combinations", "FieldItems", "Records", "any_of", "combinations"]

T = TypeVar("T")


class Combinations(NamedTuple):
    """Value pairs of record pairs: entry k belongs to record pair `pair[k]` (ascending)."""

    pair: npt.NDArray[np.intp]
    left: Codes
    right: Codes


class FieldItems:
    """What each record holds in one field.

    A record with one value has the value's code; in a field of several values per record it has the code of its *set* of
    values, so that records with the same values share a code. -1 where nothing is there.

    Parameters
    ----------
    column
        The field's normal forms.

    Examples
    --------
    >>> items = FieldItems(Column.of(["x", "y", "y", "x"], np.array([0, 2, 4])))
    >>> items.codes.tolist(), items.n_codes
    ([0, 0], 1)
    """

    def __init__(self, column: Column) -> None:
        self.values = Values(column.vocabulary)
        self.is_multi = column.is_multi
        if column.is_multi:
            self.codes, self.starts, self.sizes, self.members = _sets(column)
        else:
            self.codes = column.codes
            self.members = np.zeros(0, np.int32)
            self.starts = self.sizes = np.zeros(0, np.int64)

    @property
    def n_codes(self) -> int:
        """Number of distinct codes."""
        return len(self.sizes) if self.is_multi else len(self.values)

    def counts(self, codes: Codes) -> npt.NDArray[np.int64]:
        """Distinct values behind each code; 0 behind -1."""
        return np.append(self.sizes, 0)[codes] if self.is_multi else (codes >= 0).astype(np.int64)

    def value(self, codes: Codes, which: npt.NDArray[np.int64]) -> Codes:
        """The value code at position `which` of each code's values."""
        return self.members[self.starts[codes] + which] if self.is_multi else codes


def _sets(column: Column) -> tuple[Codes, npt.NDArray[np.int64], npt.NDArray[np.int64], Codes]:
    """(set code per row, start and size per set, members): equal sets of values get equal codes, in no order of meaning."""
    rows, codes = column.present()
    order = np.lexsort((codes, rows))
    rows, codes = rows[order], codes[order]
    fresh = np.ones(len(rows), bool)
    fresh[1:] = (rows[1:] != rows[:-1]) | (codes[1:] != codes[:-1])
    rows, codes = rows[fresh], codes[fresh]
    sizes = np.bincount(rows, minlength=column.n_rows).astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    # Rows that agree on their first k values share `state`; one step per value of the largest set, over the rows still live.
    state = np.zeros(column.n_rows, np.int64)
    live, depth = np.flatnonzero(sizes > 0), 0
    while len(live):
        state[live] = np.unique(state[live] * (len(column.vocabulary) + 1) + codes[starts[live] + depth], return_inverse=True)[
            1
        ]
        depth += 1
        live = live[sizes[live] > depth]
    here = np.flatnonzero(sizes > 0)
    _, example, inverse = np.unique(sizes[here] * (column.n_rows + 1) + state[here], return_index=True, return_inverse=True)
    found = np.full(column.n_rows, -1, np.int32)
    found[here] = inverse
    return found, starts[here[example]], sizes[here[example]], codes


def combinations(left: FieldItems, left_codes: Codes, right: FieldItems, right_codes: Codes) -> Combinations:
    """All value pairs behind pairs of codes; pairs with a missing side have none.

    Parameters
    ----------
    left, right
        Fields of the two sides, often the same.
    left_codes, right_codes
        Codes of pair i in them.
    """
    here = np.flatnonzero((left_codes >= 0) & (right_codes >= 0))
    a, b = left_codes[here], right_codes[here]
    if not left.is_multi and not right.is_multi:
        return Combinations(here, a, b)
    across = right.counts(b)
    total = left.counts(a) * across
    which = np.arange(total.sum()) - np.repeat(np.cumsum(total) - total, total)
    width = np.repeat(across, total)
    return Combinations(
        np.repeat(here, total), left.value(np.repeat(a, total), which // width), right.value(np.repeat(b, total), which % width)
    )


def any_of(found: Combinations, holds: Bools, n: int) -> Bools:
    """Whether some value pair of each of `n` record pairs holds."""
    answer = np.zeros(n, bool)
    answer[found.pair[holds]] = True
    return answer


class Records:
    """The fields of a table, made ready for comparing when first asked for.

    Parameters
    ----------
    table
        Records after `normalize`.
    """

    def __init__(self, table: RecordTable) -> None:
        self._columns: Mapping[str, Column] = table.columns
        self.n_rows = len(table)
        self._kept: dict[str, Any] = {}
        self._deriving = threading.RLock()  # what is derived may read what else is derived

    def items(self, field: str) -> FieldItems:
        """The field by name.

        Raises
        ------
        SpecError
            If the table has no such field.
        """
        return self.derived(f"items of {field}", lambda: FieldItems(self._column(field)))

    def derived(self, name: str, make: Callable[[], T]) -> T:
        """What `make` computes, kept under a name; threads that ask at the same time wait for the first of them."""
        if name not in self._kept:
            with self._deriving:
                if name not in self._kept:
                    self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    def joint_codes(self, field: str, other: str) -> Codes:
        """Codes of `other`'s values in `field`'s vocabulary; a value that `field` lacks gets a number of its own."""
        return self.derived(f"{other} in {field}", lambda: _joint(self.items(field).values, self.items(other).values))

    def _column(self, field: str) -> Column:
        if field not in self._columns:
            there = ", ".join(sorted(self._columns)) or "none: normalize the table first"
            raise SpecError(f"a comparison reads the field {field!r}, which the table does not have; fields there: {there}")
        return self._columns[field]


def _joint(values: Values, others: Values) -> Codes:
    at = numpy_array(pc.index_in(others.array(), value_set=values.array()), null=-1)
    own: Codes = np.where(at < 0, len(values) + np.arange(len(others)), at).astype(np.int32)
    return own
