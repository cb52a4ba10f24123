"""Comparison levels for e-mail addresses and phone numbers."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pyarrow.compute as pc

from omniid.comparison.bounds import may_be_edits
from omniid.comparison.levels import Level, check_count, may_hold
from omniid.comparison.values import Bools, ValuePairs, Values, dense_codes
from omniid.tables import Codes
from omniid.tables.arrays import distinct

__all__ = ["EmailEdits", "SameEnd", "SameLocalPart", "UnlessNumbered"]


@dataclass(frozen=True)
class SameLocalPart:
    """The parts before the @ are equal, and long enough to say something.

    Parameters
    ----------
    shortest
        Letters that the local part must have: "info" and "me" recur at every domain.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(SameLocalPart(), "anna.k@example.com", "anna.k@example.org")
    True
    """

    by_codes: ClassVar[bool] = True
    shortest: int = field(default=5, kw_only=True)
    name: str = field(default="same local part", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return f"the same local part, of {self.shortest} characters or more"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair with one local part."""
        return pairs.equal("local_part") & (pairs.shortest("local_part") >= self.shortest)


@dataclass(frozen=True)
class EmailEdits:
    """Few edits lie between two whole addresses, and both local parts are long enough for that to say something.

    Parameters
    ----------
    at_most
        Largest number of edits; two neighbours exchanged are one.
    shortest
        Letters that both local parts must have.
    """

    at_most: int = 2
    shortest: int = field(default=4, kw_only=True)
    name: str = field(default="few edits", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "at_most", self.at_most, 0)

    @property
    def means(self) -> str:
        """In words."""
        return f"at most {self.at_most} edits apart, local parts of {self.shortest} characters or more"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair within the edits."""
        return pairs.within("damerau", self.at_most) & (pairs.shortest("local_part") >= self.shortest)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the addresses have too few letters in common, or their local parts too few at all."""
        return may_be_edits(pairs.common_letters(), self.at_most) & (pairs.shortest("local_part") >= self.shortest)


@dataclass(frozen=True)
class UnlessNumbered:
    """A level holds of two values, unless they are one word with other digits, and the data number that word often.

    `anna1979@` and `anna1970@` are a slip of the pen where nobody else is `anna` with a number, and two people where three
    or more numbers go with it: there a number is how namesakes are told apart.

    Parameters
    ----------
    level
        What else must hold.
    of
        "value", or "local_part" of an e-mail address: where to look.
    at_least
        Different numbers that must go with a word for it to be a common one; two are what a slip makes of one.

    Examples
    --------
    >>> from omniid.comparison.values import ValuePairs, Values
    >>> values = Values(["anna70@a.com", "anna79@a.com", "anna83@a.com", "olga70@a.com", "olga76@a.com"])
    >>> pairs = ValuePairs(values, np.array([0, 3], np.int32), np.array([1, 4], np.int32))
    >>> UnlessNumbered(EmailEdits(2)).holds(pairs).tolist()
    [False, True]
    """

    level: Level
    of: str = field(default="value", kw_only=True)
    at_least: int = field(default=3, kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "at_least", self.at_least, 2)

    @property
    def name(self) -> str:
        """The inner level's name."""
        return self.level.name

    @property
    def means(self) -> str:
        """In words."""
        return f"{self.level.means}; not where only the digits differ, and {self.at_least} numbers or more go with the rest"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of which the level holds and that is no numbered word."""
        found = self._not_numbered(pairs)
        near = np.flatnonzero(found)
        found[near] = self.level.holds(pairs.at(near))
        return found

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False for numbered words, and where the level cannot hold."""
        found: Bools = self._not_numbered(pairs) & may_hold(self.level, pairs)
        return found

    def _not_numbered(self, pairs: ValuePairs) -> Bools:
        """True per pair that does not have one often numbered word."""
        words = pairs.values.derived(f"words of {self.of} with {self.at_least} numbers", self.words_of)
        left = words.take(pairs.left)
        free: Bools = (left < 0) | (left != words.take(pairs.right)) | pairs.equal(self.of)
        return free

    def words_of(self, values: Values) -> Codes:
        """Equal numbers for values that are one word but for digits; -1 where few numbers go with it."""
        texts = values.array(self.of)
        words = dense_codes(pc.replace_substring_regex(texts, "[0-9]+", ""))
        spelled = distinct(words.astype(np.int64) * max(len(texts), 1) + dense_codes(texts))
        numbers = np.bincount(spelled // max(len(texts), 1), minlength=len(texts) + 1)
        return np.where(numbers.take(words) >= self.at_least, words, -1).astype(np.int32)


@dataclass(frozen=True)
class SameEnd:
    """The last characters are equal: a phone number with and without its country code.

    Parameters
    ----------
    length
        Characters that must agree at the end.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(SameEnd(9), "+79162000001", "89162000001"), level_holds(SameEnd(9), "2000001", "+79162000001")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    length: int = 9
    name: str = field(default="same end", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "length", self.length, 1)

    @property
    def means(self) -> str:
        """In words."""
        return f"the last {self.length} characters are equal"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair with one ending."""
        part = f"last {self.length}"
        ends = pairs.values.derived(part, lambda v: dense_codes(pc.utf8_slice_codeunits(v.array(), -self.length)))
        found: Bools = (ends.take(pairs.left) == ends.take(pairs.right)) & (pairs.shortest() >= self.length)
        return found
