"""What hashes stand for: the hash of an address or number that is known is evidence as that address or number.

Platforms ask for E.164 with or without the plus, and for addresses trimmed and in lower case but otherwise as written; so a
value has several *spellings* that others may have hashed, each with one of several algorithms.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc

from omniid.fields import Email, IdentifierField
from omniid.normalization.hashed import ALGORITHMS, hash_text
from omniid.tables import Codes, RecordTable, Rows
from omniid.tables.arrays import arrow_array, distinct

__all__ = ["HashMeanings", "Spelled", "Spelling", "hash_texts", "meanings_of", "spellings_in"]

# Meeting column → hash → the normal form that it stands for; None: a masked address, which is nobody's.
HashMeanings = Mapping[str, Mapping[str, str | None]]
MASKED, WRITTEN, WITHOUT_PLUS, NORMAL = range(4)  # where spellings of different values are alike, the last counts


class Spelling(NamedTuple):
    """What others may have hashed, and the normal form that it stands for; None for a masked address."""

    text: str
    normal: str | None
    rank: int


class Spelled(NamedTuple):
    """Distinct spellings, and which records hold them: (rows[i], spellings[codes[i]])."""

    rows: Rows
    codes: Codes
    spellings: list[Spelling]


def spellings_in(member: IdentifierField, table: RecordTable) -> Iterator[Spelled]:
    """Find the spellings of the values of a field.

    Parameters
    ----------
    member
        An e-mail or phone field with plain values.
    table
        Normalised records without stop values.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "email": "ann@x.com"}])
    >>> [(found.rows.tolist(), found.spellings) for found in spellings_in(Email(), table)]
    [([0], [Spelling(text='ann@x.com', normal='ann@x.com', rank=3)])]
    """
    masked = table.columns.get(f"masked_{member.column}") if isinstance(member, Email) else None
    if masked is not None:
        yield Spelled(*masked.present(), [Spelling(text, None, MASKED) for text in masked.vocabulary.to_pylist()])
    if member.normalizer == "email":
        yield from _as_written(member.column, table)
    rows, codes = table.columns[member.column].present()
    texts = table.columns[member.column].vocabulary.to_pylist()
    yield Spelled(rows, codes, [Spelling(text, text, NORMAL) for text in texts])
    if any(text.startswith("+") for text in texts):
        yield Spelled(rows, codes, [Spelling(text.removeprefix("+"), text, WITHOUT_PLUS) for text in texts])


def _as_written(name: str, table: RecordTable) -> Iterator[Spelled]:
    """Trimmed lower-case raw values that differ from their normal form."""
    column, raw = table.columns[name], table.raw.get(name)
    if raw is None or len(raw.codes) != len(column.codes):
        return
    both = np.flatnonzero((raw.codes >= 0) & (column.codes >= 0))
    width = max(len(column.vocabulary), 1)
    keys, place = np.unique(raw.codes[both].astype(np.int64) * width + column.codes[both], return_inverse=True)
    written = pc.utf8_lower(pc.utf8_trim_whitespace(raw.vocabulary.take(arrow_array(keys // width))))
    normal = column.vocabulary.take(arrow_array(keys % width))
    texts = zip(written.to_pylist(), normal.to_pylist(), strict=True)
    spellings = [Spelling(text, stands_for, WRITTEN) for text, stands_for in texts]
    differs = np.array([one.text != one.normal for one in spellings], bool)
    if differs.any():
        kept = differs[place]
        yield Spelled(column.rows[both][kept], place[kept].astype(np.int32), spellings)


def hash_texts(text: str, sizes: Collection[int]) -> list[str]:
    """Hash a spelling in each of some lengths, given in hexadecimal digits.

    Examples
    --------
    >>> [one[:8] for one in hash_texts("abc", [32, 64])]
    ['90015098', 'ba7816bf']
    """
    return [hash_text(text, ALGORITHMS[size]) for size in sizes]


def meanings_of(found: Iterable[Spelled], hashes: Collection[str]) -> dict[str, str | None]:
    """Say what hashes stand for, of those that stand for a known value.

    Where a text is one value's normal form and another's spelling, it means the first.

    Parameters
    ----------
    found
        Of all values that are known.
    hashes
        Hashes, in hexadecimal digits.

    Examples
    --------
    >>> abc = Spelled(np.zeros(1, np.int32), np.zeros(1, np.int32), [Spelling("abc", "abc", NORMAL)])
    >>> meanings_of([abc], [*hash_texts("abc", [32]), "7f3a" * 8])
    {'900150983cd24fb0d6963f7d28e17f72': 'abc'}
    """
    wanted, sizes = set(hashes), sorted({len(one) for one in hashes})
    held: dict[int, set[Spelling]] = {}
    for layer in found:
        for code in distinct(layer.codes).tolist():
            one = layer.spellings[code]
            held.setdefault(one.rank, set()).add(one)
    known: dict[str, str | None] = {}
    for rank in sorted(held):  # only what is written in other ways than its normal form can be claimed by two values
        some = sorted(held[rank], key=lambda one: one.normal or "", reverse=True) if rank == WRITTEN else held[rank]
        for one in some:
            known.update((hashed, one.normal) for hashed in hash_texts(one.text, sizes) if hashed in wanted)
    return known
