"""Hashes in a store: what each stands for by all records, and whose meaning changes when a value comes or goes.

A hash stands for a value that any record holds. So records with plain values are filed under the hashes of all that others may
have hashed, in the lengths that occur, and records with hashes under these: either finds the other. A spec without hash kinds
files nothing.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from omniid.compilation import regions_of
from omniid.fields import IdentifierField
from omniid.hash_meanings import HashMeanings, hash_texts, meanings_of, spellings_in
from omniid.meeting import hashes_in
from omniid.resolver.assembling import StoredRecord, StoredRecords, all_records, assemble, stored_records
from omniid.resolver.keyed_values import value_keys
from omniid.resolver.learned import Learned
from omniid.resolver.settings import set_text, text_of
from omniid.spec import Spec
from omniid.stop_values import with_stop_values
from omniid.store import Snapshot, Transaction
from omniid.tables import RecordTable
from omniid.tables.arrays import text_array

__all__ = ["KnownHashes", "file_all_hashes", "file_hashes", "known_hashes"]

KnownHashes = Callable[[RecordTable], HashMeanings]
Family = Sequence[IdentifierField]
SIZES = "hash_sizes"  # setting: the lengths of the hashes that records of the store hold, in hexadecimal digits


def known_hashes(store: Snapshot, learned: Learned) -> KnownHashes | None:
    """Return what says what the hashes of some records stand for, by all records of a store; None where no field holds any."""
    return (lambda records: _meanings(store, learned, records)) if learned.hash_families else None


def file_hashes(store: Transaction, learned: Learned, changed: set[int], alive: Sequence[StoredRecord]) -> set[int]:
    """File changed records by what their values may be hashed to, and the hashes that they hold.

    Parameters
    ----------
    store
        The store, with the normal forms of the records as they are now.
    learned
        The declaration and the model.
    changed
        Rows of records that came, changed or went.
    alive
        Those of them that live.

    Returns
    -------
    set of int
        Rows of other records whose hashes may stand for another value now.
    """
    if not learned.hash_families:
        return set()
    rows = sorted(changed)
    keys = {key for key, _ in store.rows("spelled", "row", rows)}
    for table in ("spelled", "hashed"):
        store.remove(table, "row", rows)
    keys |= _file(store, learned, alive)
    return {row for _, row in store.rows("hashed", "key", sorted(keys))} - changed


def file_all_hashes(store: Transaction, learned: Learned, records: Sequence[StoredRecord]) -> None:
    """File all records of a store anew, as `file_hashes` does."""
    for table in ("spelled", "hashed"):
        store.clear(table)
    set_text(store, SIZES, "")
    if learned.hash_families:
        _file(store, learned, records)


def _plain(members: Family, table: RecordTable) -> list[IdentifierField]:
    return [member for member in members if member.normalizer != "hash" and member.column in table.columns]


def _keys(members: Family, hashes: Sequence[str]) -> list[int]:
    """The keys of hashes of one family."""
    found: list[int] = value_keys(f"hash {members[0].column}", text_array(hashes)).tolist()
    return found


def _without_stops(stored: StoredRecords, spec: Spec) -> RecordTable:
    return with_stop_values(stored.table, spec.stop_values, spec.fields, regions_of(spec))


def _meanings(store: Snapshot, learned: Learned, records: RecordTable) -> HashMeanings:
    """What the hashes of some records stand for."""
    out = {}
    for members in learned.hash_families:
        hashes = sorted(hashes_in(members, records))
        holders = sorted({row for _, row in store.rows("spelled", "key", _keys(members, hashes))})
        if holders:
            known = _without_stops(assemble(store, stored_records(store, holders), learned), learned.spec)
            layers = (found for member in _plain(members, known) for found in spellings_in(member, known))
            out[members[0].column] = meanings_of(layers, hashes)
    return out


def _file(store: Transaction, learned: Learned, records: Sequence[StoredRecord]) -> set[int]:
    """File records that are not filed, and return the keys that plain values may be hashed to."""
    if not records:
        return set()
    stored = assemble(store, records, learned)
    table = _without_stops(stored, learned.spec)
    store.put("hashed", sorted(set(_held(table, stored.rows, learned))))
    before = {int(size) for size in (text_of(store, SIZES) or "").split()}
    sizes = before | {len(text) for members in learned.hash_families for text in hashes_in(members, table)}
    if sizes != before:  # the first hash of a length: whatever is known may have been hashed so
        set_text(store, SIZES, " ".join(map(str, sorted(sizes))))
        stored = assemble(store, all_records(store), learned)
        table = _without_stops(stored, learned.spec)
    spelled = sorted(set(_spelled(table, stored.rows, learned, sorted(sizes))))
    store.put("spelled", spelled)
    return {key for key, _ in spelled}


def _held(table: RecordTable, rows: Sequence[int], learned: Learned) -> Iterator[tuple[int, int]]:
    """(key, row) of the hashes that records hold."""
    for members in learned.hash_families:
        for member in members:
            if member.normalizer == "hash" and member.column in table.columns:
                column = table.columns[member.column]
                keys = _keys(members, column.vocabulary.to_pylist())
                places, codes = (part.tolist() for part in column.present())
                yield from ((keys[code], rows[place]) for place, code in zip(places, codes, strict=True))


def _spelled(table: RecordTable, rows: Sequence[int], learned: Learned, sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(key, row) of the hashes that the plain values of records may have been turned into."""
    for members in learned.hash_families:
        for member in _plain(members, table):
            for found in spellings_in(member, table):
                used, codes = np.unique(found.codes, return_inverse=True)
                texts = [found.spellings[code].text for code in used.tolist()]
                hashes = [hashed for text in texts for hashed in hash_texts(text, sizes)]
                keys = np.array(_keys(members, hashes), np.int64).reshape(len(texts), len(sizes))
                each = zip(found.rows.tolist(), keys.take(codes, axis=0).tolist(), strict=True)
                yield from ((key, rows[place]) for place, some in each for key in some)
