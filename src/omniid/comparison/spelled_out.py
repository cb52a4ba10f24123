"""Addresses and handles that are spelled right from the names of their records: what lies between two is no slip of the pen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.comparison.field_items import Combinations, FieldItems, Records, combinations
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


class _Letters(NamedTuple):
    """The letters of some of a field's values: `texts[i]` those of value `codes[i]`, ascending, `sizes[i]` how many."""

    codes: Codes
    texts: pa.LargeStringArray
    sizes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, items: FieldItems, codes: Codes, part: str) -> "_Letters":
        distinct = np.unique(codes)
        texts = _letters(items.values.array(part).take(arrow_array(distinct)))
        return cls(distinct, texts, numpy_array(pc.utf8_length(texts)).astype(np.int64))

    def at(self, codes: Codes) -> npt.NDArray[np.intp]:
        return np.searchsorted(self.codes, codes)

    def some(self, places: npt.NDArray[np.intp], most: int | None = None) -> pa.LargeStringArray:
        """The letters at some places, or the first ones of each."""
        return pc.utf8_slice_codeunits(self.texts.take(arrow_array(places)), 0, most)


def _spelled(addresses: FieldItems, names: Sequence[FieldItems], rows: Rows) -> npt.NDArray[np.int8]:
    """How much of an address of each row its names spell: 0, `STEM` or `WHOLE`."""
    out = np.zeros(len(rows), np.int8)
    mine = addresses.codes[rows]
    own = combinations(addresses, mine, addresses, mine)  # each row with its own addresses; of several, with each
    own = Combinations(*(side[own.left == own.right] for side in own))
    local, words = _Letters.of(addresses, own.left, "local_part"), []
    texts = text_objects(local.texts)
    for items in names:
        found = combinations(addresses, mine, items, items.codes[rows])
        words.append(_Letters.of(items, found.right, "value"))
        at = words[-1].at(found.right)
        usable = np.flatnonzero(words[-1].sizes.take(at) > 2)
        stems = text_objects(pc.utf8_slice_codeunits(words[-1].texts, 0, 4)).take(at.take(usable))
        held = holds_text(texts.take(local.at(found.left.take(usable))), stems, LONGEST)
        out[found.pair[usable[held]]] = STEM
    for first, second in permutations(range(len(names)), 2):
        both = combinations(names[first], names[first].codes[rows], names[second], names[second].codes[rows])
        mine_at, both_at = _of_one_row(own.pair, both.pair, len(rows))
        address = local.at(own.left.take(mine_at))
        one, two = words[first].at(both.left.take(both_at)), words[second].at(both.right.take(both_at))
        for most_one, most_two in ((None, None), (1, None), (None, 1)):  # in full, or but for an initial
            made = _first(words[first].sizes.take(one), most_one) + _first(words[second].sizes.take(two), most_two)
            fits = np.flatnonzero(local.sizes.take(address) == made)  # few do, and texts take long
            left, right = words[first].some(one.take(fits), most_one), words[second].some(two.take(fits), most_two)
            same = pc.equal(local.some(address.take(fits)), pc.binary_join_element_wise(left, right, text_scalar("")))
            out[own.pair[mine_at[fits[numpy_array(same)]]]] = WHOLE
    return out


def _of_one_row(
    one: npt.NDArray[np.intp], other: npt.NDArray[np.intp], n_rows: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """All (place in one, place in the other) with equal row numbers, of which `one` is ascending."""
    counts = np.bincount(one, minlength=n_rows)
    times, start = counts.take(other), (np.cumsum(counts) - counts).take(other)
    there = np.repeat(np.arange(len(other)), times)
    within = np.arange(len(there)) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(start, times) + within, there


def _first(sizes: npt.NDArray[np.int64], most: int | None) -> npt.NDArray[np.int64]:
    return sizes if most is None else np.minimum(sizes, most)


def holds_text(texts: npt.NDArray[np.object_], stems: npt.NDArray[np.object_], most: int) -> Bools:
    """Whether each text holds its stem of four letters, within its first letters."""
    longest = min(most, max(map(len, texts), default=1)) or 1
    found: Bools = np.strings.find(texts.astype(f"U{longest}"), stems.astype("U4")) >= 0
    return found
