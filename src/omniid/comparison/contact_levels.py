"""Comparison levels for e-mail addresses and phone numbers."""

from dataclasses import dataclass, field
from typing import ClassVar

import pyarrow.compute as pc

from omniid.comparison.bounds import may_be_edits
from omniid.comparison.levels import check_count
from omniid.comparison.values import Bools, ValuePairs, dense_codes

__all__ = ["EmailEdits", "SameEnd", "SameLocalPart"]


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
