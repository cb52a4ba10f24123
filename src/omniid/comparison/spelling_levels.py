"""Comparison level for names that are usual spellings of one name, across scripts and rules of romanisation."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from omniid.comparison.values import Bools, ValuePairs, Values
from omniid.comparison.words import Words
from omniid.spellings import key_lists
from omniid.tables.arrays import text_array

__all__ = ["OtherSpelling"]


@dataclass(frozen=True)
class OtherSpelling:
    """Both are usual spellings of one name, of other scripts, by other rules of romanisation, or but for spaces.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(OtherSpelling(), "yuliya", "julia"), level_holds(OtherSpelling(), "maria", "mario")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    name: str = field(default="other spelling", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "usual spellings of one name"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair that shares a spelling key, and per pair of equal values."""
        written, read = pairs.values.derived("spelling keys", _key_words)
        found: Bools = pairs.equal() | _meet(written, read, pairs)
        return found if read is written else found | _meet(read, written, pairs)


def _key_words(values: Values) -> tuple[Words, Words]:
    """The spelling keys of each value as numbers: as written, and as it may be read."""
    keys = key_lists(values.array().to_pylist())
    written = Words(keys.written, keys.written_starts, text_array([]))
    return written, (written if keys.read is keys.written else Words(keys.read, keys.read_starts, text_array([])))


def _meet(one: Words, other: Words, pairs: ValuePairs) -> Bools:
    """Whether the left value has a key in `one` that the right one has in `other`."""
    found = np.zeros(len(pairs), bool)
    near = np.flatnonzero(one.marks.take(pairs.left) & other.marks.take(pairs.right))
    if len(near):
        found[near] = one.across(other, pairs.left.take(near), pairs.right.take(near)).any(lambda left, right: left == right)
    return found
