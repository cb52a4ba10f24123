"""Filing: under which keys the records of a store stand, so that those that may be one person find each other."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from omniid.resolver.bulk_postings import Entries
from omniid.resolver.people import Signature
from omniid.resolver.postings import change_many, change_postings, grow_buckets, rows_under
from omniid.store import Snapshot, Transaction

__all__ = [
    "NOWHERE",
    "Devices",
    "Filed",
    "devices_of",
    "filed_rows",
    "holders_of",
    "pack_keys",
    "refile",
    "signatures_of_rows",
    "unpack_keys",
]


Keys = AbstractSet[int]
Pair = tuple[int, int]
Sought = Mapping[int, bool]  # key → whether sharing it makes a pair for certain
NOBODY: Mapping[int, Sought] = MappingProxyType({})
MANY = 1000  # keys from which on arrays change their buckets sooner


class Filed(NamedTuple):
    """The keys of one record.

    Parameters
    ----------
    values
        (Number of the column, key) of its contact values and devices, whose people are counted.
    keys
        Of the blocks that it is in.
    devices
        Of those devices that may say whose it is.
    who
        Who it says it is.
    silent
        Whether it names nobody.
    """

    values: tuple[tuple[int, int], ...] = ()
    keys: tuple[int, ...] = ()
    devices: tuple[int, ...] = ()
    who: Signature = Signature()
    silent: bool = False

    @property
    def all(self) -> set[int]:
        """All keys under which the record is found."""
        return {*self.keys, *(key for _, key in self.values)}


NOWHERE = Filed()


def pack_keys(keys: Iterable[int]) -> bytes:
    """Keys as bytes, eight each.

    Examples
    --------
    >>> unpack_keys(pack_keys([7, -2]))
    [7, -2]
    """
    return array("q", keys).tobytes()


def unpack_keys(packed: object) -> list[int]:
    """Keys that `pack_keys` packed."""
    out = array("q")
    if isinstance(packed, bytes):
        out.frombytes(packed)
    return out.tolist()


def filed_rows(store: Snapshot, rows: Iterable[int]) -> dict[int, Filed]:
    """Row → its keys, of those of the rows that are filed."""
    return {row: _read(*parts) for row, *parts in store.rows("filed", "row", rows)}


def signatures_of_rows(store: Snapshot, rows: Iterable[int]) -> dict[int, Signature]:
    """Row → who its record says it is, of those of the rows that are filed."""
    return {row: _signature(who) for row, _, _, _, who, _ in store.rows("filed", "row", rows)}


class Devices(NamedTuple):
    """The devices that may say whose a record is, and whether the record names nobody."""

    keys: list[int]
    silent: bool


def devices_of(store: Snapshot, rows: Iterable[int]) -> dict[int, Devices]:
    """Row → its devices, of those of the rows that are filed."""
    found = store.rows("filed", "row", rows)
    return {row: Devices(unpack_keys(devices) if devices else [], bool(silent)) for row, _, _, devices, _, silent in found}


def _read(values: bytes, keys: bytes, devices: bytes, who: bytes, silent: int) -> Filed:
    flat = unpack_keys(values)
    return Filed(
        tuple(zip(flat[::2], flat[1::2], strict=True)),
        tuple(unpack_keys(keys)),
        tuple(unpack_keys(devices)),
        _signature(who),
        bool(silent),
    )


def _signature(who: object) -> Signature:
    first, last, birth, *logins = unpack_keys(who)
    return Signature((first, last, birth), tuple(logins))


def _row(row: int, one: Filed) -> tuple[int, bytes, bytes, bytes, bytes, int]:
    flat = [number for pair in one.values for number in pair]
    who = pack_keys((*one.who.parts, *one.who.logins))
    return row, pack_keys(flat), pack_keys(one.keys), pack_keys(one.devices), who, int(one.silent)


def holders_of(store: Snapshot, keys: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Key → the rows that stand under it, ascending, of those of the keys that any does."""
    return rows_under(store, keys)


def refile(
    store: Transaction, before: Mapping[int, Filed], after: Mapping[int, Filed], seekers: Mapping[int, Sought] = NOBODY
) -> dict[Pair, bool]:
    """File records under other keys; a row that is not in `after` is filed nowhere any more.

    Parameters
    ----------
    store
        The store.
    before, after
        Row → its keys so far, and from now on.
    seekers
        Row → the keys under which its record looks for others, and whether sharing one makes them a pair for certain.

    Returns
    -------
    dict
        (smaller row, larger row) of a seeker and a record under one of its keys → whether they are a pair for certain.
    """
    come, gone = dict[int, Keys](), dict[int, Keys]()
    for row in sorted(before.keys() | after.keys()):
        old, new = before.get(row, NOWHERE).all, after.get(row, NOWHERE).all
        come[row], gone[row] = new - old, old - new
    buckets = grow_buckets(store, max(after, default=-1) + 1)
    store.remove("filed", "row", sorted(before.keys() - after.keys()))
    store.put("filed", [_row(row, one) for row, one in sorted(after.items()) if before.get(row) != one])
    if sum([len(keys) for some in (come, gone, seekers) for keys in some.values()]) > MANY:
        return _meetings(store, buckets, Entries.of(come), Entries.of(gone), seekers)
    sought = {key for keys in seekers.values() for key in keys}
    return _met(seekers, change_postings(store, buckets, _by_key(come), _by_key(gone), sought))


def _by_key(keys_of: Mapping[int, Keys]) -> dict[int, tuple[int, ...]]:
    """Key → its rows, of row → its keys, the rows ascending."""
    found: dict[int, tuple[int, ...]] = {}
    for row, keys in keys_of.items():
        for key in keys:
            found[key] = (*found[key], row) if key in found else (row,)
    return found


def _met(seekers: Mapping[int, Sought], held: Mapping[int, Sequence[int]]) -> dict[Pair, bool]:
    """Seekers and who stands under their keys, see `refile`."""
    found: dict[Pair, bool] = {}
    for row, sought in seekers.items():
        for key, is_certain in sought.items():
            for other in held.get(key, ()):
                if other != row:
                    pair = (row, other) if row < other else (other, row)
                    found[pair] = found.get(pair, False) or is_certain
    return found


def _meetings(
    store: Transaction, buckets: int, come: Entries, gone: Entries, seekers: Mapping[int, Sought]
) -> dict[Pair, bool]:
    """Change many postings, and find who meets, see `refile`."""
    keys, seeking = Entries.of(seekers)
    certain = np.fromiter((sure for sought in seekers.values() for sure in sought.values()), np.int64, len(keys))
    at, other = change_many(store, buckets, come, gone, keys)
    row = seeking[at]
    met = np.flatnonzero(row != other)
    row, other = row[met], other[met]
    pairs = np.unique((np.minimum(row, other) << 32 | np.maximum(row, other)) << 1 | certain[at[met]])
    last = np.append(pairs[1:] >> 1 != pairs[:-1] >> 1, True)[: len(pairs)]  # of a pair, that for certain comes last
    code, sure = pairs[last] >> 1, (pairs[last] & 1) > 0
    return dict(zip(zip((code >> 32).tolist(), (code & 0xFFFFFFFF).tolist(), strict=True), sure.tolist(), strict=True))
