"""Survivorship rules: each ranks the entries of one field; the best one survives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import SpecError
from omniid.survivorship.entries import Candidate, Entries
from omniid.survivorship.rule_words import quoted
from omniid.tables.arrays import arrow_array, distinct, numpy_array

__all__ = [
    "Ranks",
    "SurvivorshipRule",
    "chosen_by",
    "longest",
    "maximum",
    "minimum",
    "most_complete",
    "most_recent",
    "oldest",
    "same_record_as",
    "shortest",
    "source_priority",
    "union",
]

Ranks = npt.NDArray[np.float64] | npt.NDArray[np.int64] | npt.NDArray[np.int32]


@dataclass(frozen=True)
class SurvivorshipRule:
    """One link of a fallback chain: the entry with the highest rank survives, ties go to the next rule.

    Parameters
    ----------
    name
        How the rule is written in specs and in provenance, for example ``source_priority(crm, web)``.
    rank
        Entries → one number per entry, higher is better.
    keeps_all
        Whether all distinct values are kept beside the primary one.
    after
        The field that must be decided before, for `same_record_as`.
    is_saved
        Whether the rule can be written to a file.
    most
        Of those that are kept, at most so many; None: all.
    combines
        "total" or "count" where the value is made of all entries, for `total` and `count`.
    once_per
        The field whose every value counts once in it.
    of_source
        The only source whose records count in it; None: all.

    Examples
    --------
    >>> most_recent().name
    'most_recent'
    """

    name: str
    rank: Callable[[Entries], Ranks]
    keeps_all: bool = False
    after: str | None = None
    is_saved: bool = True
    most: int | None = None
    combines: str = ""
    once_per: str | None = None
    of_source: str | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SurvivorshipRule) or self.name != other.name:
            return False
        return (self.is_saved and other.is_saved) or self.rank is other.rank  # what is written alike is alike

    def __hash__(self) -> int:
        return hash(self.name)


def most_recent() -> SurvivorshipRule:
    """Prefer the value of the record with the latest event time; records without a time come last.

    Examples
    --------
    >>> most_recent().name
    'most_recent'
    """
    return SurvivorshipRule("most_recent", lambda entries: entries.recency)


def oldest() -> SurvivorshipRule:
    """Prefer the value of the record with the earliest event time; records without a time come last.

    Examples
    --------
    >>> oldest().name
    'oldest'
    """

    def rank(entries: Entries) -> Ranks:
        recency = entries.recency
        return np.where(recency == 0, np.iinfo(np.int32).min, -recency)

    return SurvivorshipRule("oldest", rank)


def source_priority(*sources: str) -> SurvivorshipRule:
    """Prefer sources in the given order; sources that are not named come last, all alike.

    Raises
    ------
    SpecError
        If no source is named.

    Examples
    --------
    >>> source_priority("crm", "web").name
    'source_priority(crm, web)'
    """
    if not sources:
        raise SpecError("source_priority() names no source; write source_priority('crm', 'web')")

    def rank(entries: Entries) -> Ranks:
        order = {source: len(sources) - i for i, source in enumerate(sources)}
        ranks: npt.NDArray[np.int64] = np.array([order.get(source, 0) for source in entries.sources], np.int64)
        return ranks[entries.source]

    return SurvivorshipRule(f"source_priority({', '.join(map(quoted, sources))})", rank)


def most_complete() -> SurvivorshipRule:
    """Prefer the value of the record that fills most fields.

    Examples
    --------
    >>> most_complete().name
    'most_complete'
    """
    return SurvivorshipRule("most_complete", lambda entries: entries.filled)


def _lengths(entries: Entries) -> npt.NDArray[np.int64]:
    lengths = numpy_array(pc.utf8_length(entries.display))
    return np.asarray(lengths, np.int64)[entries.shown]


def longest() -> SurvivorshipRule:
    """Prefer the longest text.

    Examples
    --------
    >>> longest().name
    'longest'
    """
    return SurvivorshipRule("longest", _lengths)


def shortest() -> SurvivorshipRule:
    """Prefer the shortest text.

    Examples
    --------
    >>> shortest().name
    'shortest'
    """
    return SurvivorshipRule("shortest", lambda entries: -_lengths(entries))


def _magnitude(entries: Entries) -> Ranks:
    """Order of normal forms: as numbers where all that the entity holds are, else by code point."""
    used = distinct(entries.value)
    number = np.full(len(entries.normal), np.nan)
    number[used] = _as_numbers(entries.normal.take(arrow_array(used)))
    mine = number.take(entries.value)
    others = np.zeros(int(entries.begins.sum()), bool)
    others[entries.segment[np.isnan(mine)]] = True
    _, order = np.unique(mine, return_inverse=True)
    return np.where(others.take(entries.segment), entries.value, order).astype(np.int64)


def _as_numbers(texts: pa.LargeStringArray) -> npt.NDArray[np.float64]:
    """Texts as numbers; NaN where one is none."""
    is_number = numpy_array(pc.match_substring_regex(texts, r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$"))
    out = np.full(len(texts), np.nan)
    out[is_number] = numpy_array(pc.cast(texts.filter(arrow_array(is_number)), pa.float64()))
    return out


def minimum() -> SurvivorshipRule:
    """Prefer the smallest value: as a number where all of the person are numbers, else by code point (so dates sort right).

    Examples
    --------
    >>> minimum().name
    'min'
    """
    return SurvivorshipRule("min", lambda entries: -_magnitude(entries))


def maximum() -> SurvivorshipRule:
    """Prefer the largest value: as a number where all of the person are numbers, else by code point.

    Examples
    --------
    >>> maximum().name
    'max'
    """
    return SurvivorshipRule("max", _magnitude)


def same_record_as(field: str) -> SurvivorshipRule:
    """Prefer the value of the record that won another field, so that an address stays in one piece.

    Where that record has no value the next rule of the chain decides.

    Examples
    --------
    >>> same_record_as("street").after
    'street'
    """

    def rank(entries: Entries) -> Ranks:
        winners = entries.winners.get(field)
        if winners is None:
            return np.zeros(len(entries), np.int64)
        return np.asarray(winners[entries.entity] == entries.row, np.int64)

    return SurvivorshipRule(f"same_record_as({quoted(field)})", rank, after=field)


def union(most: int | str | None = None) -> SurvivorshipRule:
    """Keep all distinct values, ranked by the other rules of the chain; the first one is the primary value.

    Parameters
    ----------
    most
        Keep the best so many only; None: all.

    Raises
    ------
    SpecError
        If `most` is no number of at least 1.

    Examples
    --------
    >>> union().keeps_all, union(most=5).name
    (True, 'union(most=5)')
    """
    if most is not None:
        if not str(most).isdecimal() or int(most) < 1:
            raise SpecError(f"union: most is {most!r}; give a number of values, at least 1")
        most = int(most)
    name = "union" if most is None else f"union(most={most})"
    return SurvivorshipRule(name, lambda entries: np.zeros(len(entries), np.int64), keeps_all=True, most=most)


def chosen_by(function: Callable[[Sequence[Candidate]], Candidate | None], *, name: str = "callable") -> SurvivorshipRule:
    """Let your function choose among the candidates of each entity that holds more than one value.

    Parameters
    ----------
    function
        Gets the candidates, best first by nothing (in record order), and returns one of them, or None for no opinion.
    name
        Name shown in provenance. A spec with such a rule can't be saved to a file.

    Raises
    ------
    SpecError
        When the function returns something that is not among its candidates.

    Examples
    --------
    >>> chosen_by(lambda candidates: candidates[0], name="first").is_saved
    False
    """

    def rank(entries: Entries) -> Ranks:
        out = np.zeros(len(entries), np.int64)
        starts = np.flatnonzero(np.r_[True, entries.entity[1:] != entries.entity[:-1]]) if len(entries) else np.zeros(0, int)
        for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(entries)], strict=True):
            if (entries.value[start:stop] != entries.value[start]).any():
                candidates = [_candidate(entries, i) for i in range(start, stop)]
                chosen = function(candidates)
                if chosen is not None and chosen not in candidates:
                    raise SpecError(f"survivorship rule {name!r} returned {chosen!r}; return one of its candidates or None")
                out[start:stop] = [candidate == chosen for candidate in candidates]
        return out

    return SurvivorshipRule(name, rank, is_saved=False)


def _candidate(entries: Entries, i: int) -> Candidate:
    time = int(entries.time[i])
    known = time if time != np.iinfo(np.int64).min else None
    return Candidate(entries.display[int(entries.shown[i])].as_py(), entries.sources[int(entries.source[i])], known)
