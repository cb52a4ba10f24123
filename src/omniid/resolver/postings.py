"""Postings: which records stand under a key, in buckets of many keys each.

A record stands under some thirty keys, most of them its own alone. A row of a table for each took two microseconds to write
and twenty bytes beside what it says; so about a record's worth of keys share a row, a *bucket*: its keys ascending, each as
often as records stand under it, then their rows. How many buckets there are follows from the largest row, so that a store's
content does not depend on the calls that filled it. They grow one by one (linear hashing): with n buckets, a key lies in the
one that its lowest bits number, as many as it takes to number n; where there is none of that number yet, one bit fewer does.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from struct import Struct

import numpy as np
import numpy.typing as npt

from omniid.key_order import order_of_hashes
from omniid.resolver.bulk_postings import ENTRY, BulkPostings, Entries, buckets_of, packed_buckets
from omniid.resolver.settings import number_of, set_number
from omniid.store import Snapshot, Transaction

__all__ = [
    "BUCKETS",
    "bucket_of",
    "bucket_rows",
    "change_many",
    "change_postings",
    "count_buckets",
    "grow_buckets",
    "open_buckets",
    "rows_under",
]

Int64s = npt.NDArray[np.int64]
BUCKETS = "buckets"  # setting: how many there are
_KEY, _ROW = Struct("=q"), Struct("=i")
STEP = 64  # buckets that come at once: to part one with every record took a thirtieth of its time
FEW = 4  # changes to a bucket up to which each is put in its place
Rowsets = Mapping[int, Sequence[int]]  # key → rows
PART = 1 << 22  # entries put in order at once: 27 million of a million records take 1 GiB together, and 0.2 in parts


def bucket_of(key: int, buckets: int) -> int:
    """The bucket of a key.

    Examples
    --------
    >>> [bucket_of(key, 3) for key in (0, 1, 2, 3, -1)], bucket_of(7, 1)
    ([0, 1, 2, 1, 1], 0)
    """
    bits = (buckets - 1).bit_length()
    found = key & ((1 << bits) - 1)
    return found if found < buckets else found & ((1 << (bits - 1)) - 1)


def count_buckets(rows: int) -> int:
    """How many buckets a store has whose rows were numbered up to `rows`, exclusive: a whole number of steps."""
    return max(-(-rows // STEP), 1) * STEP


def rows_under(store: Snapshot, keys: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Key → the rows that stand under it, ascending, of those of the keys that any does."""
    found: dict[int, tuple[int, ...]] = {}
    keys = list(keys)
    wanted = _by_bucket(keys, number_of(store, BUCKETS)) if keys else {}
    for bucket, packed in store.rows("postings", "bucket", sorted(wanted)):
        _look(packed, wanted[bucket], found)
    return found


def change_postings(
    store: Transaction, buckets: int, come: Rowsets, gone: Rowsets, sought: Iterable[int]
) -> dict[int, tuple[int, ...]]:
    """Let rows stand under other keys.

    Parameters
    ----------
    store
        The store.
    buckets
        How many there are.
    come, gone
        Key → rows that stand under it from now on, and those that do no longer.
    sought
        Further keys that somebody looks for.

    Returns
    -------
    dict
        As `rows_under`, of all these keys, after the change.
    """
    wanted = _by_bucket({**come, **gone, **dict.fromkeys(sought)}, buckets)
    before: dict[int, bytes] = dict(store.rows("postings", "bucket", sorted(wanted)))
    found: dict[int, tuple[int, ...]] = {}
    written, empty = [], []
    for bucket, some in wanted.items():
        held = before.get(bucket, b"")
        if len(some) == 1 and len(come.get(some[0], ())) < 2 and some[0] not in gone:
            packed = _entered(held, some[0], come.get(some[0], ()), found)
        else:
            packed = _changed(held, some, come, gone)
            if packed:
                _look(packed, some, found)
        if packed is not held and packed != held:
            if packed:
                written.append((bucket, packed))
            else:
                empty.append(bucket)
    store.remove("postings", "bucket", sorted(empty))
    store.put("postings", sorted(written))
    return found


def change_many(store: Transaction, buckets: int, come: Entries, gone: Entries, sought: Int64s) -> tuple[Int64s, Int64s]:
    """Let rows stand under other keys, as `change_postings` does, by arrays.

    Returns
    -------
    tuple
        Position of each key sought and a row that stands under it after the change, key by key, rows ascending.
    """
    changed = np.concatenate([come.keys, gone.keys])
    numbers = np.unique(buckets_of(np.concatenate([changed, sought]), buckets))
    before: dict[int, bytes] = dict(store.rows("postings", "bucket", numbers.tolist()))
    after = BulkPostings.read(numbers, buckets, before).without(gone).and_also(come)
    written = [(number, packed) for number, packed in after.packed(changed) if packed != before.get(number, b"")]
    store.remove("postings", "bucket", [number for number, packed in written if not packed])
    store.put("postings", [one for one in written if one[1]])
    return after.under(sought)


def grow_buckets(store: Transaction, rows: int) -> int:
    """Part buckets until there are as many as a store with so many rows has; return how many there are."""
    before, after = number_of(store, BUCKETS), count_buckets(rows)
    if after <= before:
        return before
    set_number(store, BUCKETS, after)
    parents = sorted({bucket_of(bucket, before) for bucket in range(before, after)}) if before else []
    held: dict[int, bytes] = dict(store.rows("postings", "bucket", parents))
    found = BulkPostings.read(np.fromiter(held, np.int64), before, held)
    parted = dict(_in_order(buckets_of(found.keys, after), found.keys, found.rows))
    store.remove("postings", "bucket", sorted(held.keys() - parted.keys()))
    store.put("postings", sorted(parted.items()))
    return after


def open_buckets(store: Transaction, rows: int) -> int:
    """How many buckets a store gets whose postings are written anew: as so many rows take, and never fewer than before."""
    buckets = max(count_buckets(rows), number_of(store, BUCKETS))
    set_number(store, BUCKETS, buckets)
    return buckets


def bucket_rows(keys: Int64s, rows: Int64s, buckets: int) -> Iterator[tuple[int, bytes]]:
    """Rows of an empty table of postings, for all keys of all records.

    Parameters
    ----------
    keys, rows
        Which row stands under which key; a pair may come twice.
    buckets
        How many there are to be.
    """
    bucket = buckets_of(keys, buckets)
    parts = len(keys) // PART + 1
    for part in range(parts):
        low, high = (buckets * number // parts for number in (part, part + 1))
        mine = np.flatnonzero((bucket >= low) & (bucket < high)) if parts > 1 else np.arange(len(keys))
        yield from _in_order(bucket[mine], keys[mine], rows[mine])


def _in_order(bucket: Int64s, keys: Int64s, rows: Int64s) -> Iterator[tuple[int, bytes]]:
    order = order_of_hashes(bucket, keys, rows)
    bucket, keys, rows = bucket[order], keys[order], rows[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    bucket, keys, held = bucket[new], keys[new], rows[new].astype(np.int32)
    start = np.flatnonzero(np.append(True, bucket[1:] != bucket[:-1])) if len(bucket) else np.zeros(0, np.intp)
    return packed_buckets(bucket[start], start, np.append(start[1:], len(keys))[: len(start)], keys, held)


def _by_bucket(keys: Iterable[int], buckets: int) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}  # tuples, as most hold one key, and the collector of garbage skips them
    if buckets:
        bits = (buckets - 1).bit_length()
        mask, less = (1 << bits) - 1, (1 << max(bits - 1, 0)) - 1
        for key in keys:
            bucket = key & mask
            if bucket >= buckets:
                bucket &= less
            found[bucket] = (*found[bucket], key) if bucket in found else (key,)
    return found


def _entered(packed: bytes, key: int, come: Sequence[int], found: dict[int, tuple[int, ...]]) -> bytes:
    """A bucket with one row more under one key, or none; add all rows under that key."""
    size = len(packed) // ENTRY
    view = memoryview(packed)
    keys, rows = view[: 8 * size].cast("q"), view[8 * size :].cast("i")
    first = last = bisect_left(keys, key)
    while last < size and keys[last] == key:
        last += 1
    held = tuple(rows[first:last])
    for row in come:
        if row not in held:
            at = first + bisect_left(held, row)
            middle = 8 * size + 4 * at
            packed = b"".join((packed[: 8 * at], _KEY.pack(key), packed[8 * at : middle], _ROW.pack(row), packed[middle:]))
            held = (*held[: at - first], row, *held[at - first :])
    if held:
        found[key] = held
    return packed


def _changed(packed: bytes, keys: Sequence[int], come: Rowsets, gone: Rowsets) -> bytes:
    """A bucket with the rows that come to some of its keys, and without those that go."""
    changes = sum([len(come.get(key, ())) + len(gone.get(key, ())) for key in keys])
    if changes > FEW:
        found = set(zip(*_unpacked(packed), strict=True)).difference((key, row) for key in keys for row in gone.get(key, ()))
        entries = sorted(found.union((key, row) for key in keys for row in come.get(key, ())))
        return _packed(array("q", [key for key, _ in entries]), array("i", [row for _, row in entries]))
    for key in keys if changes else ():
        for row in gone.get(key, ()):
            packed = _without(packed, key, row)
        for row in come.get(key, ()):
            packed = _with(packed, key, row)
    return packed


def _look(packed: bytes, wanted: Iterable[int], found: dict[int, tuple[int, ...]]) -> None:
    """Add the rows under some keys of one bucket."""
    size = len(packed) // ENTRY
    view = memoryview(packed)
    keys, rows = view[: 8 * size].cast("q"), view[8 * size :].cast("i")
    for key in wanted:
        first = bisect_left(keys, key)
        last = first
        while last < size and keys[last] == key:
            last += 1
        if last > first:
            found[key] = tuple(rows[first:last])


def _unpacked(packed: bytes) -> "tuple[array[int], array[int]]":
    """The keys and the rows of a bucket."""
    keys, rows, size = array("q"), array("i"), len(packed) // ENTRY
    keys.frombytes(packed[: 8 * size])
    rows.frombytes(packed[8 * size :])
    return keys, rows


def _packed(keys: "array[int]", rows: "array[int]") -> bytes:
    return keys.tobytes() + rows.tobytes()


def _place(packed: bytes, key: int, row: int) -> tuple[int, bool]:
    """Where in a bucket a key and a row stand, or would stand, and whether they do."""
    size = len(packed) // ENTRY
    view = memoryview(packed)
    keys, rows = view[: 8 * size].cast("q"), view[8 * size :].cast("i")
    at = bisect_left(keys, key)
    while at < size and keys[at] == key and rows[at] < row:
        at += 1
    return at, at < size and keys[at] == key and rows[at] == row


def _with(packed: bytes, key: int, row: int) -> bytes:
    """A bucket with one more entry; the bytes around it are taken over as they are."""
    at, there = _place(packed, key, row)
    if there:
        return packed
    first, second = 8 * at, 8 * (len(packed) // ENTRY) + 4 * at
    return b"".join((packed[:first], _KEY.pack(key), packed[first:second], _ROW.pack(row), packed[second:]))


def _without(packed: bytes, key: int, row: int) -> bytes:
    """A bucket with one entry fewer."""
    at, there = _place(packed, key, row)
    if not there:
        return packed
    first, second = 8 * at, 8 * (len(packed) // ENTRY) + 4 * at
    return b"".join((packed[:first], packed[first + 8 : second], packed[second + 4 :]))
