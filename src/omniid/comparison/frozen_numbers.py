"""Numbered words, frozen: which words go with many numbers is counted once, and no longer a matter of the records at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow.compute as pc

from omniid.comparison.comparisons import Comparison
from omniid.comparison.contact_levels import UnlessNumbered
from omniid.comparison.levels import AnyOf, On
from omniid.comparison.record_levels import Unless
from omniid.comparison.values import Values, dense_codes
from omniid.hashing import hash_strings
from omniid.tables import Codes, RecordTable
from omniid.tables.arrays import distinct

__all__ = ["FrozenNumbers", "freeze_numbered", "numbered_words"]

Words = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class FrozenNumbers(UnlessNumbered):
    """As `UnlessNumbered`, of words that are listed.

    Parameters
    ----------
    words
        Signed 64-bit hashes of the values without their digits, of those that go with many numbers.

    Examples
    --------
    >>> from omniid.comparison.contact_levels import EmailEdits
    >>> FrozenNumbers(EmailEdits(2), words=(5,)).at_least
    3
    """

    words: tuple[int, ...] = field(default=(), kw_only=True, repr=False)

    def words_of(self, values: Values) -> Codes:
        """Equal numbers for values that are one listed word but for digits; -1 elsewhere."""
        bare = pc.replace_substring_regex(values.array(self.of), "[0-9]+", "")
        listed = np.isin(hash_strings(bare).view(np.int64), np.array(self.words, np.int64))
        return np.where(listed, dense_codes(bare), -1).astype(np.int32)


def freeze_numbered(comparisons: Sequence[Comparison], table: RecordTable, known: Words | None) -> tuple[Comparison, ...]:
    """Return the comparisons with the words listed that go with many numbers.

    Parameters
    ----------
    comparisons
        Any comparisons.
    table
        Normal forms, which are counted where `known` is None.
    known
        What `numbered_words` gave at the fit.

    Examples
    --------
    >>> from omniid.comparison.library import email
    >>> rows = [{"record_id": str(i), "email": f"anna{i}@a.com"} for i in range(3)]
    >>> frozen = freeze_numbered([email("email")], RecordTable.of(rows), None)
    >>> {name: len(words) for name, words in numbered_words(frozen).items()}
    {'email, local_part, 3': 1, 'email, value, 3': 1}
    """
    return tuple(
        replace(one, levels=tuple(_frozen(level, one.fields[0], table, known) for level in one.levels)) for one in comparisons
    )


def _frozen(level: Any, name: str, table: RecordTable, known: Words | None) -> Any:
    """A level, and those that it is made of, with their words listed."""
    if isinstance(level, UnlessNumbered):
        words = _counted(level, name, table) if known is None else known.get(_spelled(level, name), ())
        inner = _frozen(level.level, name, table, known)
        return FrozenNumbers(inner, of=level.of, at_least=level.at_least, words=tuple(words))
    if isinstance(level, AnyOf):
        return replace(level, levels=tuple(_frozen(one, name, table, known) for one in level.levels))
    if isinstance(level, On):
        return replace(level, level=_frozen(level.level, level.field, table, known))
    if isinstance(level, Unless):
        return replace(level, level=_frozen(level.level, name, table, known))
    return level


def _spelled(level: UnlessNumbered, name: str) -> str:
    return f"{name}, {level.of}, {level.at_least}"


def _counted(level: UnlessNumbered, name: str, table: RecordTable) -> tuple[int, ...]:
    """The words that go with many numbers in these records."""
    if name not in table.columns:
        return ()
    texts = Values(table.columns[name].vocabulary).array(level.of)
    bare = pc.replace_substring_regex(texts, "[0-9]+", "")
    words = UnlessNumbered(level.level, of=level.of, at_least=level.at_least).words_of(Values(table.columns[name].vocabulary))
    found: list[int] = distinct(hash_strings(bare).view(np.int64)[words >= 0]).tolist()
    return tuple(found)


def numbered_words(comparisons: Sequence[Comparison]) -> dict[str, tuple[int, ...]]:
    """The listed words of frozen comparisons, by field, part and number, to be kept in the model."""
    found: dict[str, tuple[int, ...]] = {}

    def look(level: Any, name: str) -> None:
        if isinstance(level, FrozenNumbers):
            found[_spelled(level, name)] = level.words
        for inner in [*getattr(level, "levels", ()), *([level.level] if hasattr(level, "level") else [])]:
            look(inner, level.field if isinstance(level, On) else name)

    for one in comparisons:
        for level in one.levels:
            look(level, one.fields[0])
    return dict(sorted(found.items()))
