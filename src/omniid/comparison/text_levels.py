"""Comparison levels for text: similarities that reach a cut, edits that stay within a number."""

from dataclasses import dataclass, field

from omniid.comparison.bounds import may_be_edits, may_be_jaro_winkler
from omniid.comparison.levels import check_count, check_share
from omniid.comparison.values import PARTS, Bools, ValuePairs
from omniid.errors import SpecError

__all__ = ["DamerauLevenshtein", "JaroWinkler", "Levenshtein", "QGrams", "TokenSet"]


@dataclass(frozen=True)
class JaroWinkler:
    """The Jaro–Winkler similarity reaches a cut.

    Parameters
    ----------
    at_least
        Cut in (0, 1]; `EPSILON` below it still counts.
    of
        "value", "local_part" (of an e-mail address) or "compact" (without spaces).

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(JaroWinkler(0.9), "martha", "marhta"), level_holds(JaroWinkler(0.9), "anna", "ivan")
    (True, False)
    """

    at_least: float
    of: str = field(default="value", kw_only=True)
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_share(self, self.at_least)
        if self.of not in PARTS:
            raise SpecError(f"JaroWinkler(of={self.of!r}): a value has no such part; use one of {', '.join(PARTS)}")

    @property
    def means(self) -> str:
        """In words."""
        part = "" if self.of == "value" else f" of the {self.of.replace('_', ' ')}"
        return f"Jaro–Winkler similarity{part} at least {self.at_least:g}"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair at or above the cut."""
        return pairs.at_least("jaro_winkler", self.at_least, self.of)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the values have too few letters in common."""
        return may_be_jaro_winkler(pairs.common_letters(self.of, first=True), self.at_least)


@dataclass(frozen=True)
class TokenSet:
    """The shared words make up most of the text: `similarity.token_set` reaches a cut.

    Parameters
    ----------
    at_least
        Cut in (0, 1].

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(TokenSet(0.9), "blue suede shoes", "shoes of blue suede")
    True
    """

    at_least: float
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_share(self, self.at_least)

    @property
    def means(self) -> str:
        """In words."""
        return f"token-set similarity at least {self.at_least:g}"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair at or above the cut."""
        return pairs.at_least("token_set", self.at_least)


@dataclass(frozen=True)
class QGrams:
    """The share of letter pairs in common reaches a cut.

    Parameters
    ----------
    at_least
        Cut in (0, 1].

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(QGrams(0.8), "night", "nights")
    True
    """

    at_least: float
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_share(self, self.at_least)

    @property
    def means(self) -> str:
        """In words."""
        return f"at least {self.at_least:.0%} of the letter pairs in common"

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair at or above the cut."""
        return pairs.at_least("qgrams", self.at_least)


@dataclass(frozen=True)
class Levenshtein:
    """At most some letters inserted, deleted or substituted.

    Parameters
    ----------
    at_most
        Largest number of edits.
    shortest
        Letters that both values must have, since one edit of a short code says little.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(Levenshtein(1), "12345", "12346"), level_holds(Levenshtein(1, shortest=6), "12345", "12346")
    (True, False)
    """

    at_most: int
    shortest: int = field(default=0, kw_only=True)
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "at_most", self.at_most, 0)

    @property
    def means(self) -> str:
        """In words."""
        return _edit_words(self.at_most, self.shortest, "")

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair within the edits."""
        return pairs.within("levenshtein", self.at_most) & (pairs.shortest() >= self.shortest)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the values have too few letters in common, or too few at all."""
        return may_be_edits(pairs.common_letters(), self.at_most) & (pairs.shortest() >= self.shortest)


@dataclass(frozen=True)
class DamerauLevenshtein:
    """At most some edits, where two neighbouring letters exchanged are one edit.

    Parameters
    ----------
    at_most
        Largest number of edits.
    shortest
        Letters that both values must have, since one edit of a short code says little.

    Examples
    --------
    >>> from omniid.comparison import level_holds
    >>> level_holds(DamerauLevenshtein(1), "brian", "brain"), level_holds(Levenshtein(1), "brian", "brain")
    (True, False)
    """

    at_most: int
    shortest: int = field(default=0, kw_only=True)
    name: str = field(default="alike", kw_only=True)

    def __post_init__(self) -> None:
        check_count(self, "at_most", self.at_most, 0)

    @property
    def means(self) -> str:
        """In words."""
        return _edit_words(self.at_most, self.shortest, " (an exchange of neighbours is one)")

    def holds(self, pairs: ValuePairs) -> Bools:
        """True per pair within the edits."""
        return pairs.within("damerau", self.at_most) & (pairs.shortest() >= self.shortest)

    def may_hold(self, pairs: ValuePairs) -> Bools:
        """False where the values have too few letters in common, or too few at all."""
        return may_be_edits(pairs.common_letters(), self.at_most) & (pairs.shortest() >= self.shortest)


def _edit_words(at_most: int, shortest: int, remark: str) -> str:
    return f"at most {at_most} edit{'s' * (at_most != 1)}{remark}" + (
        f", both of {shortest} characters or more" * (shortest > 0)
    )
