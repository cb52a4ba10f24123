"""Filing: under which keys the records of a store stand, so that those that may be one person find each other."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from omniid.store import Snapshot, Transaction

__all__ = ["Filed", "filed_rows", "holders_of", "pack_keys", "pack_rows", "refile", "unpack_keys", "unpack_rows"]


class Filed(NamedTuple):
    """The keys of one record.

    Parameters
    ----------
    values
        Of its contact values and devices, whose people are counted.
    keys
        Of the blocks that it is in.
    devices
        Of those devices that may say whose it is.
    silent
        Whether it names nobody.
    """

    values: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()
    devices: tuple[int, ...] = ()
    silent: bool = False

    @property
    def all(self) -> set[int]:
        """All keys under which the record is found."""
        return {*self.values, *self.keys}


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
    return _unpacked("q", packed)


def pack_rows(rows: Iterable[int]) -> bytes:
    """Row numbers as bytes, four each.

    Examples
    --------
    >>> unpack_rows(pack_rows([7, 2]))
    [7, 2]
    """
    return array("i", rows).tobytes()


def unpack_rows(packed: object) -> list[int]:
    """Row numbers that `pack_rows` packed."""
    return _unpacked("i", packed)


def _unpacked(code: str, packed: object) -> list[int]:
    out = array(code)
    if isinstance(packed, bytes):
        out.frombytes(packed)
    return out.tolist()


def filed_rows(store: Snapshot, rows: Iterable[int]) -> dict[int, Filed]:
    """Row → its keys, of those of the rows that are filed."""
    return {
        row: Filed(tuple(unpack_keys(values)), tuple(unpack_keys(keys)), tuple(unpack_keys(devices)), bool(silent))
        for row, values, keys, devices, silent in store.rows("filed", "row", rows)
    }


def holders_of(store: Snapshot, keys: Iterable[int]) -> dict[int, list[int]]:
    """Key → the rows that stand under it, ascending, of those of the keys that any does."""
    return {key: unpack_rows(rows) for key, rows in store.rows("postings", "key", keys)}


def refile(store: Transaction, before: Mapping[int, Filed], after: Mapping[int, Filed]) -> None:
    """File records under other keys; a row that is not in `after` is filed nowhere any more.

    Parameters
    ----------
    store
        The store.
    before, after
        Row → its keys so far, and from now on.
    """
    come, gone = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for row in before.keys() | after.keys():
        old, new = before.get(row, NOWHERE).all, after.get(row, NOWHERE).all
        for key in new - old:
            come[key].add(row)
        for key in old - new:
            gone[key].add(row)
    touched = sorted(come.keys() | gone.keys())
    held = holders_of(store, touched)
    kept = {key: sorted((set(held.get(key, ())) - gone[key]) | come[key]) for key in touched}
    store.remove("postings", "key", [key for key, rows in kept.items() if not rows])
    store.put("postings", [(key, pack_rows(rows)) for key, rows in kept.items() if rows])
    store.remove("filed", "row", sorted(before.keys() - after.keys()))
    store.put(
        "filed",
        [
            (row, pack_keys(one.values), pack_keys(one.keys), pack_keys(one.devices), int(one.silent))
            for row, one in sorted(after.items())
            if before.get(row) != one
        ],
    )
