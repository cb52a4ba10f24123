"""Comparison levels for the names of persons: short forms, initials, compound names."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.comparison.values import Bools, ValuePairs, Values, dense_codes
from omniid.comparison.words import Words
from omniid.nicknames import nickname_codes, nickname_matrix
from omniid.tables import Codes
from omniid.tables.arrays import numpy_array, text_array

__all__ = ["PARTICLES", "Initial", "Nickname", "SharedPart"]

# Words that many surnames have in common: sharing only these is no shared part, and lacking them no difference.
PARTICLES = frozenset(
    word
    for words in (
        "abu al bar ben bin bint da dal das de dei del della den der des di dit do dos du e el i ibn la las le lo los",
        "mac mc o saint san santa st te ten ter the ul und ur van vd vom von y zu zum zur",
    )
    for word in words.split()
)

INITIALS = 3  # letters that initials written together may have: more are a word
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
    """One name is a single letter, and the other begins with it; or it is the initials of the other's words.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(Initial(), "j", "john"), level_holds(Initial(), "jo", "john")
    (True, False)
    >>> level_holds(Initial(), "jp", "jean pierre"), level_holds(Initial(), "j p", "jean pierre")
    (True, True)
    """

    by_codes: ClassVar[bool] = True
    name: str = field(default="initial", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return "one is the other's initial or initials"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of an initial and a name, or of equal initials."""
        first = pairs.values.derived("first letters", lambda v: dense_codes(pc.utf8_slice_codeunits(v.array(), 0, 1)))
        short = pairs.values.derived("single letters and initials", _short_ones)
        found: Bools = short.take(pairs.left) | short.take(pairs.right)
        few = np.flatnonzero(found)
        found[few] = first.take(pairs.left[few]) == first.take(pairs.right[few])
        few = few[found[few]]
        single = pairs.values.derived("single letters", lambda v: v.lengths() == 1)
        compound = np.flatnonzero(~(single.take(pairs.left[few]) | single.take(pairs.right[few])))
        if len(compound):
            left, right = pairs.left[few[compound]], pairs.right[few[compound]]
            compact, initials = pairs.values.derived("letters and initials", _letters_and_initials)
            found[few[compound]] = (compact.take(left) == initials.take(right)) | (compact.take(right) == initials.take(left))
        return found


@dataclass(frozen=True)
class SharedPart:
    """All words of one name stand in the other, in any order, or the two are equal but for spaces.

    Particles such as "van" count on neither side. Where each name has a word that the other lacks, they are two names: García
    López is not García Pérez, Jean-Pierre not Jean-Paul.

    Parameters
    ----------
    shortest
        Letters that a shared word must have.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(SharedPart(), "smith jones", "jones"), level_holds(SharedPart(), "van dyke", "van gogh")
    (True, False)
    >>> level_holds(SharedPart(), "garcia lopez", "lopez garcia"), level_holds(SharedPart(), "garcia lopez", "garcia perez")
    (True, False)
    """

    by_codes: ClassVar[bool] = True
    shortest: int = field(default=3, kw_only=True)
    name: str = field(default="shared part", kw_only=True)

    @property
    def means(self) -> str:
        """In words."""
        return f"all words of one in the other, one of {self.shortest} letters or more, or equal without spaces"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair of which one name holds the other's words."""
        long_parts, parts = pairs.values.derived(f"parts of {self.shortest}", self._parts)
        long = pairs.values.derived(f"compact from {self.shortest}", lambda v: v.lengths("compact") >= self.shortest)
        several = pairs.values.derived("compound", lambda v: v.word_counts() > 1)
        found: Bools = pairs.equal() & long.take(pairs.left)
        compound = np.flatnonzero(several.take(pairs.left) | several.take(pairs.right))
        some = pairs.at(compound)
        held = long_parts.shared(some.left, some.right) > 0
        all_of_one = np.flatnonzero(held)
        left, right = some.left[all_of_one], some.right[all_of_one]
        held[all_of_one] = parts.shared(left, right) >= np.minimum(parts.sizes.take(left), parts.sizes.take(right))
        found[compound] = some.equal("compact") & long.take(some.left) | held
        return found

    def _parts(self, values: Values) -> tuple[Words, Words]:
        """Words that count as a shared part, and all that are no particles; each once per value."""
        words = values.words().once_each()
        particles = numpy_array(pc.is_in(words.vocabulary, value_set=text_array(sorted(PARTICLES))))
        long = numpy_array(pc.utf8_length(words.vocabulary)) >= self.shortest
        return words.only(long & ~particles), words.only(~particles)


def _short_ones(values: Values) -> Bools:
    """Values that may be initials: one letter, two or three together, or letters one by one."""
    compact, words = values.lengths("compact"), values.word_counts()
    short: Bools = (compact == 1) | ((compact <= INITIALS) & ((words == compact) | (words == 1)))
    return short


def _letters_and_initials(values: Values) -> tuple[Codes, Codes]:
    """Numbers of the letters of each value without spaces, and of the initials of its words; -1 and -2: of no use."""
    initials = pc.replace_substring_regex(values.array(), "([^ ])[^ ]* ?", r"\1")
    compact = values.array("compact")
    both = pa.concat_arrays([compact, initials]).dictionary_encode()
    codes = numpy_array(both.indices).astype(np.int32)
    of_letters, of_words = codes[: len(values)].copy(), codes[len(values) :].copy()
    of_letters[~_short_ones(values)] = -1
    of_words[(values.word_counts() < 2) | (values.lengths("compact") == values.word_counts())] = -2
    return of_letters, of_words


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
