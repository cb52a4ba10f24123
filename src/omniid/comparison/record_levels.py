"""Comparison levels that read two fields of both records: names in the wrong column, e-mail addresses made of the names."""

from dataclasses import dataclass, field
from typing import Protocol, TypeGuard, runtime_checkable

import numpy as np
import pyarrow.compute as pc

from omniid import similarity
from omniid.comparison.field_items import Combinations, FieldItems, Records, any_of, combinations
from omniid.comparison.levels import Level, check_share
from omniid.comparison.spelled_out import LONGEST, SpelledOut, holds_text
from omniid.comparison.values import Bools, ValuePairs, Values
from omniid.errors import SpecError
from omniid.given_names import different_names, given_name_codes
from omniid.nicknames import nickname_codes, nickname_matrix
from omniid.tables import Codes, Column, Rows
from omniid.tables.arrays import numpy_array, text_objects

__all__ = ["RecordLevel", "SpelledFromNames", "SwappedParts", "Unless", "is_record_level", "is_value_level", "may_hold_rows"]


@runtime_checkable
class RecordLevel(Protocol):
    """A level or condition on whole records: it may hold where the comparison's own field is missing.

    A method `may_hold_rows`, called as `holds_rows`, is welcome: a cheap condition that is true wherever the level holds.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - as in Level

    @property
    def means(self) -> str: ...  # noqa: D102 - as in Level

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads besides the comparison's own."""
        ...

    def holds_rows(self, records: Records, own: str, left: Rows, right: Rows) -> Bools:
        """Whether it holds of each pair of rows; `own` is the comparison's field."""
        ...


def is_record_level(level: Level | RecordLevel) -> TypeGuard[RecordLevel]:
    """Whether a level is on whole records; much cheaper than asking the protocol."""
    return hasattr(level, "holds_rows")


def is_value_level(level: Level | RecordLevel) -> TypeGuard[Level]:
    """Whether a level is on two values."""
    return not hasattr(level, "holds_rows")


def may_hold_rows(level: RecordLevel, records: Records, own: str, left: Rows, right: Rows) -> Bools:
    """A cheap necessary condition of `holds_rows`; where False the level does not hold."""
    condition = getattr(level, "may_hold_rows", None)
    may: Bools = np.ones(len(left), bool) if condition is None else condition(records, own, left, right)
    return may


@dataclass(frozen=True)
class SwappedParts:
    """First and last name stand in each other's column.

    It holds where both agree crosswise; where one agrees crosswise and the other is alike so; and where each record has only
    one of the two names, in different columns, and they are equal. It never holds where the other names agree as they stand.

    Parameters
    ----------
    other
        The other field.
    at_least
        Jaro–Winkler cut for the crosswise pair that is not equal.
    """

    other: str
    at_least: float = field(default=0.85, kw_only=True)
    name: str = field(default="swapped", kw_only=True)

    def __post_init__(self) -> None:
        check_share(self, self.at_least)

    @property
    def means(self) -> str:
        """In words."""
        return f"equal crosswise with {self.other}, or equal on one side and alike or a short form on the other"

    @property
    def reads(self) -> tuple[str, ...]:
        """The other field."""
        return (self.other,)

    def holds_rows(self, records: Records, own: str, left: Rows, right: Rows) -> Bools:
        """True per pair of rows with names exchanged."""
        mine, other = records.items(own), records.items(self.other)
        my_left, my_right = mine.codes.take(left), mine.codes.take(right)
        other_left, other_right = other.codes.take(left), other.codes.take(right)
        forth, back = self._crosswise(records, own, left, right)
        lone = (forth & (my_right < 0) & (other_left < 0)) | (back & (my_left < 0) & (other_right < 0))
        nearly = np.flatnonzero((forth ^ back) & (other_left != other_right))
        if len(nearly):  # the crossing that is not equal decides
            first = np.where(forth[nearly], my_right[nearly], my_left[nearly])
            second = np.where(forth[nearly], other_left[nearly], other_right[nearly])
            rest = combinations(mine, first, other, second)
            lone[nearly] |= any_of(rest, self._alike(mine, other, rest), len(nearly))
        answer: Bools = ((forth & back) | lone) & ((other_left != other_right) | (other_left < 0))
        return answer

    def may_hold_rows(self, records: Records, own: str, left: Rows, right: Rows) -> Bools:
        """True per pair of rows of which one name is equal crosswise and the other names are not equal as they stand."""
        other = records.items(self.other).codes
        forth, back = self._crosswise(records, own, left, right)
        may, other_left = np.flatnonzero(forth | back), other.take(left)
        answer = np.zeros(len(left), bool)
        answer[may] = (other_left[may] != other.take(right[may])) | (other_left[may] < 0)
        return answer

    def _crosswise(self, records: Records, own: str, left: Rows, right: Rows) -> tuple[Bools, Bools]:
        """Whether the left record's own name is the right one's other name, and the reverse."""
        mine, other = records.items(own), records.items(self.other)
        renumber = records.joint_codes(own, self.other)
        if not mine.is_multi and not other.is_multi:
            own_codes = mine.codes
            as_own = records.derived(f"{self.other} as {own}", lambda: np.append(renumber, -2)[other.codes])  # -2: never equal
            return own_codes.take(left) == as_own.take(right), own_codes.take(right) == as_own.take(left)
        one = combinations(mine, mine.codes.take(left), other, other.codes.take(right))
        two = combinations(mine, mine.codes.take(right), other, other.codes.take(left))
        return any_of(one, one.left == renumber[one.right], len(left)), any_of(two, two.left == renumber[two.right], len(left))

    def _alike(self, mine: FieldItems, other: FieldItems, found: Combinations) -> Bools:
        texts = mine.values.texts[found.left], other.values.texts[found.right]
        known = [items.values.derived("nicknames", lambda v: nickname_codes(v.texts.tolist())) for items in (mine, other)]
        one, two = known[0].take(found.left), known[1].take(found.right)
        short: Bools = (one >= 0) & (two >= 0) & nickname_matrix()[one, two]
        size = len(mine.values)  # two names in pinyin that differ must not have one number by chance
        first = mine.values.derived("known given names", lambda v: given_name_codes(v.array()))
        second = other.values.derived(f"names beside {size}", lambda v: given_name_codes(v.array(), beside=size))
        apart = different_names(first.take(found.left), second.take(found.right))
        alike: Bools = similarity.similarities("jaro_winkler", *texts) >= self.at_least - similarity.EPSILON
        return short | (alike & ~apart)


@dataclass(frozen=True)
class SpelledFromNames:
    """Both e-mail addresses are spelled from a name that both records have, so that they agree because the names do.

    A local part counts as spelled from a name when it holds the name's first four letters and fewer than three digits. Names in
    each other's column, or read from other scripts, count where the addresses are `SpelledOut`.

    Parameters
    ----------
    names
        Fields of the names.
    """

    names: tuple[str, ...]
    name: str = field(default="spelled from the names", kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))

    @property
    def means(self) -> str:
        """In words."""
        return "both addresses are spelled from the same name of their records"

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields of the names."""
        return self.names

    def holds_rows(self, records: Records, own: str, left: Rows, right: Rows) -> Bools:
        """True per pair of rows whose addresses repeat a name of both."""
        answer = SpelledOut(self.names).holds_rows(records, own, left, right)
        for name in self.names:
            items = _kept_stems(records, own, name)
            found = combinations(items, items.codes[left], items, items.codes[right])
            answer |= any_of(found, found.left == found.right, len(left))
        return answer


def _kept_stems(records: Records, email: str, name: str) -> FieldItems:
    return records.derived(f"{name} within {email}", lambda: _stems(records, email, name))


def _stems(records: Records, email: str, name: str) -> FieldItems:
    """Per record the four-letter stems of its name that its own e-mail addresses hold."""
    emails, names = records.items(email), records.items(name)
    stems = pc.utf8_slice_codeunits(names.values.array("compact"), 0, 4).dictionary_encode()
    code_of: Codes = numpy_array(stems.indices).astype(np.int32)
    local = emails.values.view("local_part")
    few_digits = emails.values.derived("few digits", _few_digits)
    usable = names.values.lengths("compact") > 2
    found = combinations(emails, emails.codes, names, names.codes)
    keep = few_digits[found.left] & usable[found.right]
    rows, addresses, codes = found.pair[keep], found.left[keep], code_of[found.right[keep]]
    # Records share addresses and names: each pair of an address and a stem is looked at once.
    _, example, inverse = np.unique(
        addresses.astype(np.int64) * len(stems.dictionary) + codes, return_index=True, return_inverse=True
    )
    once = np.zeros(len(example), bool)
    stem_texts = text_objects(stems.dictionary)
    for start in range(0, len(example), 200_000):  # fixed-width letters take 256 bytes each: 50 MB a step
        part = example[start : start + 200_000]
        once[start : start + 200_000] = holds_text(local[addresses[part]], stem_texts[codes[part]], LONGEST)
    inside = once[inverse]
    rows, codes = rows[inside], codes[inside]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(emails.codes)))]).astype(np.int64)
    return FieldItems(Column(codes, stems.dictionary, offsets))


def _few_digits(emails: Values) -> Bools:
    digits = pc.count_substring_regex(emails.array("local_part"), "[0-9]")
    few: Bools = numpy_array(digits) < 3
    return few


@dataclass(frozen=True)
class Unless:
    """A level that says nothing where a condition explains it: the comparison is then missing.

    Parameters
    ----------
    level
        What must hold of the values.
    condition
        What explains it away.

    Examples
    --------
    >>> from omniid.comparison import SameLocalPart
    >>> Unless(SameLocalPart(), SpelledFromNames(("first_name", "last_name"))).name
    'same local part'
    """

    level: Level
    condition: RecordLevel

    def __post_init__(self) -> None:
        if is_record_level(self.level) or isinstance(self.level, Unless):
            raise SpecError(f"Unless takes a level on values, not {type(self.level).__name__}")

    @property
    def name(self) -> str:
        """The inner level's name."""
        return self.level.name

    @property
    def means(self) -> str:
        """In words."""
        return f"{self.level.means}; missing where {self.condition.means}"

    def holds(self, pairs: ValuePairs) -> Bools:
        """As the inner level; the condition is checked on the records."""
        return self.level.holds(pairs)
