"""Addresses and handles that are spelled right from the names of their records: what lies between two is no slip of the pen."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.comparison.field_items import FieldItems, Records, combinations
from omniid.comparison.values import Bools, dense_codes
from omniid.tables import Codes, Rows
from omniid.tables.arrays import arrow_array, numpy_array, text_objects, text_scalar

__all__ = ["LONGEST", "MARKS", "NUMBER", "STEM", "WHOLE", "SpelledOut", "holds_text"]

MARKS = r"[!-@\[-`{-~ ]+"  # all in ASCII that is no letter: digits, points and dashes
NUMBER = 3  # digits that say something where both have the same: a year of birth, not the next free number
STEM, WHOLE = 1, 2  # how much of an address a record's names spell: four letters of one, or all of its letters
LONGEST = 64  # letters that are looked at: RFC 5321 allows a local part no more


@dataclass(frozen=True)
class SpelledOut:
    """Both addresses are spelled right from the names of their own records, so that neither is a slip of the other.

    `jan.nowak@` and `jan_nowak2@` of two records of Jan Nowak are what namesakes have, and `jerzynowak@` and `jerzynowyk@` are
    right where one is Jerzy Nowak and the other Jerzy Nowyk; `jan.nowak@` and `jan.nowka@` of two records of Jan Nowak are a
    slip. So it holds where both have their letters in common, digits and marks apart, and a name of the record's own stands
    in each; and where each consists of its record's names. It does not where both have the same number of three digits or
    more.

    Parameters
    ----------
    names
        Fields of the names.
    """

    names: tuple[str, ...]
    name: str = field(default="spelled out", kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))

    @property
    def means(self) -> str:
        """In words."""
        return "both addresses are spelled right from the names of their records"

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields of the names."""
        return self.names

    def holds_rows(self, records: Records, own: str, left: Rows, right: Rows) -> Bools:
        """True per pair of rows whose addresses have no slip in them."""
        answer = np.zeros(len(left), bool)
        if not len(left) or not self.names:
            return answer
        addresses, names = records.items(own), [records.items(name) for name in self.names]
        rows, place = np.unique(np.concatenate([left, right]), return_inverse=True)
        spelled = _spelled(addresses, names, rows)
        at = np.flatnonzero(np.minimum(spelled[place[: len(left)]], spelled[place[len(left) :]]) >= STEM)
        found = combinations(addresses, addresses.codes[left[at]], addresses, addresses.codes[right[at]])
        codes, where = np.unique(np.concatenate([found.left, found.right]), return_inverse=True)
        locals_ = addresses.values.array("local_part").take(arrow_array(codes))
        one, two = where[: len(found.left)], where[len(found.left) :]
        letters, digits = dense_codes(_letters(locals_)), pc.replace_substring_regex(locals_, "[^0-9]+", "")
        number, long = dense_codes(digits), numpy_array(pc.utf8_length(digits)) >= NUMBER
        whole = (np.minimum(spelled[place[: len(left)]], spelled[place[len(left) :]]) == WHOLE)[at][found.pair]
        right_ = (whole | (letters[one] == letters[two])) & ~(long[one] & (number[one] == number[two]))
        answer[at[found.pair[right_]]] = True
        return answer


def _letters(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Texts without digits, points, spaces and the like."""
    return pc.replace_substring_regex(texts, MARKS, "")


def _spelled(addresses: FieldItems, names: Sequence[FieldItems], rows: Rows) -> npt.NDArray[np.int8]:
    """How much of an address of each row its names spell: 0, `STEM` or `WHOLE`."""
    out = np.zeros(len(rows), np.int8)
    mine = addresses.codes[rows]
    for items in names:
        found = combinations(addresses, mine, items, items.codes[rows])
        texts = _words(addresses, found.left, "local_part")
        stems = _words(items, found.right, "value")
        usable = np.flatnonzero(numpy_array(pc.utf8_length(stems)) > 2)
        stems = pc.utf8_slice_codeunits(stems.take(arrow_array(usable)), 0, 4)
        held = holds_text(text_objects(texts.take(arrow_array(usable))), text_objects(stems), LONGEST)
        out[found.pair[usable[held]]] = STEM
    lone = combinations(addresses, mine, addresses, mine)  # each row with its own addresses; of several, with each
    wanted = _numbered(lone.pair, _words(addresses, lone.left, "local_part"))
    for first in names:
        for second in names:
            if first is second:
                continue
            both = combinations(first, first.codes[rows], second, second.codes[rows])
            one, two = _words(first, both.left, "value"), _words(second, both.right, "value")
            for left, right in ((one, two), (_initial(one), two), (one, _initial(two))):
                made = _numbered(both.pair, pc.binary_join_element_wise(left, right, text_scalar("")))
                out[lone.pair[numpy_array(pc.is_in(wanted, value_set=made))]] = WHOLE
    return out


def _words(items: FieldItems, codes: Codes, part: str) -> pa.LargeStringArray:
    """The letters of values, one for each of some codes."""
    distinct, at = np.unique(codes, return_inverse=True)
    return _letters(items.values.array(part).take(arrow_array(distinct))).take(arrow_array(at))


def _initial(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    return pc.utf8_slice_codeunits(texts, 0, 1)


def _numbered(numbers: npt.NDArray[np.intp], texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Each text after the number of its row, so that equal texts of different rows differ."""
    return pc.binary_join_element_wise(arrow_array(numbers).cast(pa.large_string()), texts, text_scalar(" "))


def holds_text(texts: npt.NDArray[np.object_], stems: npt.NDArray[np.object_], most: int) -> Bools:
    """Whether each text holds its stem of four letters, within its first letters."""
    longest = min(most, max(map(len, texts), default=1)) or 1
    found: Bools = np.strings.find(texts.astype(f"U{longest}"), stems.astype("U4")) >= 0
    return found
