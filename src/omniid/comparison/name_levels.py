"""Comparison levels for the names of persons: short forms, initials, compound names."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pyarrow.compute as pc

from omniid.comparison.values import Bools, ValuePairs, Values, dense_codes
from omniid.comparison.words import Words
from omniid.nicknames import nickname_codes, nickname_matrix
from omniid.tables import Codes
from omniid.tables.arrays import numpy_array, text_array

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

NONE, SEVERAL = -1, -2  # a value that holds no known name, or several


@dataclass(frozen=True)
class Nickname:
    """One first name is a short form of the other, or both of one formal name; in compound names, some word of each.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(Nickname(), "bill", "will"), level_holds(Nickname(), "katya", "ekaterina maria")
    (True, True)
    """

    by_codes: ClassVar[bool] = True
    name: str = field(default="nickname", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "one name is a short form of the other"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of nicknames."""
        names, only = pairs.values.derived("known names", _known_names)
        left, right = only.take(pairs.left), only.take(pairs.right)
        found = np.zeros(len(pairs), bool)
        single = np.flatnonzero((left >= 0) & (right >= 0))
        found[single] = nickname_matrix()[left[single], right[single]]
        several = np.flatnonzero((np.minimum(left, right) == SEVERAL) & (np.maximum(left, right) != NONE) & ~pairs.equal())
        words = names.pairs(pairs.left[several], pairs.right[several])
        found[several] = words.any(lambda one, two: nickname_matrix()[one, two])
        return found


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
        first = pairs.values.derived("first letters", lambda v: dense_codes(pc.utf8_slice_codeunits(v.array(), 0, 1)))
        single = pairs.values.derived("single letters", lambda v: v.lengths() == 1)
        found: Bools = single.take(pairs.left) | single.take(pairs.right)
        few = np.flatnonzero(found)
        found[few] = first.take(pairs.left[few]) == first.take(pairs.right[few])
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

    by_codes: ClassVar[bool] = True
    shortest: int = field(default=3, kw_only=True)
    name: str = field(default="shared part", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return f"a word of {self.shortest} letters or more in common, or equal without spaces"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair that shares a word."""
        parts = pairs.values.derived(f"parts of {self.shortest}", self._parts)
        long = pairs.values.derived(f"compact from {self.shortest}", lambda v: v.lengths("compact") >= self.shortest)
        several = pairs.values.derived("compound", lambda v: v.word_counts() > 1)
        found: Bools = pairs.equal() & long.take(pairs.left)
        compound = np.flatnonzero(several.take(pairs.left) | several.take(pairs.right))
        some = pairs.at(compound)
        found[compound] = some.equal("compact") & long.take(some.left) | (parts.shared(some.left, some.right) > 0)
        return found

    def _parts(self, values: Values) -> Words:
        """Words that count as a part."""
        words = values.words()
        particles = pc.is_in(words.vocabulary, value_set=text_array(sorted(PARTICLES)))
        long = numpy_array(pc.utf8_length(words.vocabulary)) >= self.shortest
        return words.only(long & ~numpy_array(particles))


def _known_names(values: Values) -> tuple[Words, Codes]:
    """Each value's words that the table of nicknames knows, and the one that it has (`NONE`, `SEVERAL`: it has not one)."""
    words = values.words()
    codes = nickname_codes(words.vocabulary.to_pylist())
    known = words.only(codes >= 0)
    names = known.renumbered(codes)
    only = np.where(names.sizes == 0, NONE, SEVERAL).astype(np.int32)
    one = np.flatnonzero(names.sizes == 1)
    only[one] = names.codes.take(names.starts.take(one))
    return names, only
