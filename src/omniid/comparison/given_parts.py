"""Given names spread over two fields: a middle name used as the call name, a compound name that is split or joined."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.comparison.field_items import FieldItems, Records
from omniid.comparison.values import Bools
from omniid.tables import Codes, Rows
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar

__all__ = ["GivenParts"]


PARTICLES = "^(?:(?:de|del|la|las|los|da|do|das|dos) )+"  # "María del Carmen" goes by Carmen


class _Given(NamedTuple):
    """Per row numbers of one vocabulary, -1 where there is none: the first name, the middle name, and both as one word."""

    first: Codes
    middle: Codes
    joined: Codes


@dataclass(frozen=True)
class GivenParts:
    """One record's first name is the other's middle name, or its first and middle name written as one word.

    "John Robert Smith" is called Robert; "Mohammad Reza" is Mohammadreza. It holds of no record with several values in a field.

    Parameters
    ----------
    middle
        The field of the middle name.
    """

    middle: str
    name: str = field(default="given parts", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return f"equal to the other's {self.middle}, or to its first name and {self.middle} as one word"

    @property
    def reads(self) -> tuple[str, ...]:
        """The field of the middle name."""
        return (self.middle,)

    def holds_rows(self, records: Records, own: str, left: Rows, right: Rows) -> Bools:
        """True per pair of rows of which one's first name stands in the other's given names."""
        given: _Given = records.derived(f"given parts of {own}, {self.middle}", lambda: _given(records, own, self.middle))
        found = np.zeros(len(left), bool)
        middle_left, middle_right = given.middle.take(left), given.middle.take(right)
        some = np.flatnonzero((middle_left >= 0) ^ (middle_right >= 0))  # with both there, they tell for themselves
        if len(some):
            full, lone = left[some], right[some]
            turned = middle_left[some] < 0
            full, lone = np.where(turned, lone, full), np.where(turned, full, lone)
            first = given.first.take(lone)
            found[some] = (first >= 0) & ((first == given.middle.take(full)) | (first == given.joined.take(full)))
        return found

    may_hold_rows = holds_rows


def _given(records: Records, own: str, middle: str) -> _Given:
    first, second = records.items(own), records.items(middle)
    none = np.full(records.n_rows, -1, np.int32)
    several = (first.counts(first.codes) > 1) | (second.counts(second.codes) > 1)
    mine, middles_of = _only_values(first, several), _only_values(second, several)
    both = np.flatnonzero((mine >= 0) & (middles_of >= 0))
    width = max(len(second.values), 1)
    distinct, inverse = np.unique(mine[both].astype(np.int64) * width + middles_of[both], return_inverse=True)
    names = first.values.array("compact")
    middles = pc.replace_substring(pc.replace_substring_regex(second.values.array(), PARTICLES, ""), " ", "")
    joined = pc.binary_join_element_wise(
        names.take(arrow_array(distinct // width)), middles.take(arrow_array(distinct % width)), text_scalar("")
    )
    codes = numpy_array(pa.concat_arrays([names, middles, joined]).dictionary_encode().indices).astype(np.int32)
    of_first, of_middle, of_joined = np.split(codes, [len(names), len(names) + len(middles)])
    whole = none.copy()
    whole[both] = of_joined.take(inverse)
    return _Given(np.append(of_first, np.int32(-1))[mine], np.append(of_middle, np.int32(-1))[middles_of], whole)


def _only_values(items: FieldItems, several: Bools) -> Codes:
    """The code of each record's value, -1 where it has none, or holds several in one of the fields."""
    codes = np.full(len(items.codes), -1, np.int32)
    there = np.flatnonzero((items.codes >= 0) & ~several)
    codes[there] = items.value(items.codes[there], np.zeros(len(there), np.int64))
    return codes
