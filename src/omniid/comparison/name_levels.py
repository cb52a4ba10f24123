"""Comparison levels for the names of persons: short forms, initials, compound names."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from omniid.comparison.values import Bools, ValuePairs, Values
from omniid.nicknames import are_nicknames, nickname_codes, nickname_matrix

__all__ = ["PARTICLES", "Initial", "Nickname", "SharedPart"]

# Words that many surnames have in common: sharing only these is no shared part.
PARTICLES = frozenset(
    word
    for words in (
        "abu bar ben bin bint dal das dei del della den der des dit dos ibn las",
        "los mac saint san santa ter the und van vom von zum zur",
    )
    for word in words.split()
)


@dataclass(frozen=True)
class Nickname:
    """One first name is a short form of the other, or both of one formal name; in compound names, some word of each.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(Nickname(), "bill", "will"), level_holds(Nickname(), "katya", "ekaterina maria")
    (True, True)
    """

    name: str = field(default="nickname", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "one name is a short form of the other"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of nicknames."""
        codes = pairs.values.derived("nickname codes", lambda v: nickname_codes(v.texts.tolist()))
        left, right = codes[pairs.left], codes[pairs.right]
        known = np.flatnonzero((left >= 0) & (right >= 0))
        found = np.zeros(len(pairs), bool)
        found[known] = nickname_matrix()[left[known], right[known]]
        return found | pairs.where(_compound(pairs) & ~pairs.equal(), _some_nicknames, pairs.values.words())


@dataclass(frozen=True)
class Initial:
    """One name is a single letter, and the other begins with it.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(Initial(), "j", "john"), level_holds(Initial(), "jo", "john")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    name: str = field(default="initial", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "one is the other's initial"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of an initial and a name, or of equal initials."""
        first = pairs.values.derived("first letters", _first_letters)
        found: Bools = (pairs.shortest() == 1) & (first[pairs.left] == first[pairs.right])
        return found


@dataclass(frozen=True)
class SharedPart:
    """Compound names share a word, or are equal but for spaces; particles such as "van" do not count as a word.

    Parameters
    ----------
    shortest
        Letters that the shared word must have.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(SharedPart(), "smith jones", "jones"), level_holds(SharedPart(), "van dyke", "van gogh")
    (True, False)
    """

    shortest: int = field(default=3, kw_only=True)
    name: str = field(default="shared part", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return f"a word of {self.shortest} letters or more in common, or equal without spaces"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair that shares a word."""
        compound = _compound(pairs)
        if not compound.any():
            return pairs.equal("compact") & (pairs.shortest("compact") >= self.shortest)
        shared = pairs.where(compound, self._shares, pairs.values.words())
        return shared | (pairs.equal("compact") & (pairs.shortest("compact") >= self.shortest))

    def _shares(self, left: tuple[str, ...], right: tuple[str, ...]) -> bool:
        return any(len(word) >= self.shortest and word in right and word not in PARTICLES for word in left)


def _compound(pairs: ValuePairs) -> Bools:
    several = pairs.values.word_counts() > 1
    return several[pairs.left] | several[pairs.right]


def _some_nicknames(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return any(are_nicknames(a, b) for a in left for b in right)


def _first_letters(values: Values) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.fromiter((ord(text[0]) if text else -1 for text in values.texts), np.int32, len(values))
