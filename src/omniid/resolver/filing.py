"""Filing: under which keys the records of a store stand, so that those that may be one person find each other."""

from array import array
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from omniid.resolver.people import Signature
from omniid.resolver.postings import change_postings, grow_buckets, rows_under
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
    store: Transaction, before: Mapping[int, Filed], after: Mapping[int, Filed], sought: Iterable[int] = ()
) -> dict[int, tuple[int, ...]]:
    """File records under other keys; a row that is not in `after` is filed nowhere any more.

    Parameters
    ----------
    store
        The store.
    before, after
        Row → its keys so far, and from now on.
    sought
        Further keys that somebody looks for.

    Returns
    -------
    dict
        Key → the rows that stand under it now, ascending, of all keys sought and of those that rows came to or left.
        Keys under which nobody stands are left out.
    """
    come, gone = list[tuple[int, int]](), list[tuple[int, int]]()
    for row in sorted(before.keys() | after.keys()):
        old, new = before.get(row, NOWHERE).all, after.get(row, NOWHERE).all
        come += [(key, row) for key in new - old]
        gone += [(key, row) for key in old - new]
    grow_buckets(store, max(after, default=-1) + 1)
    held = change_postings(store, _by_key(come), _by_key(gone), sought)
    store.remove("filed", "row", sorted(before.keys() - after.keys()))
    store.put(
        "filed",
        [_row(row, one) for row, one in sorted(after.items()) if before.get(row) != one],
    )
    return held


def _by_key(pairs: list[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    """Key → its rows, of pairs of both."""
    return {key: tuple([row for _, row in some]) for key, some in groupby(sorted(pairs), itemgetter(0))}
