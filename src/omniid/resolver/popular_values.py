"""Popular values: who all holders of one say they are, kept together, so that another holder is counted without reading each.

A shop's own number stands in thousands of records, and in every hundredth that comes. What is kept follows from the records as
filed; where it is missing it is read from them once.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from omniid.clustering import connected_components
from omniid.hashing import mix
from omniid.resolver.filing import Filed, signatures_of_rows
from omniid.resolver.people import UNKNOWN, Signature
from omniid.store import Row, Transaction

__all__ = ["MANY", "count_popular", "popular_rows", "said_by_holders"]

MANY = 64  # holders from which on they are kept together: reading so many takes a millisecond

Said = tuple[int, int, int]  # a signature with two or three known parts, or (0, 0, login id)
Int64s = npt.NDArray[np.int64]
Kept = npt.NDArray[np.int64]  # per row what is said, and by how many holders


def count_popular(
    store: Transaction,
    was: Mapping[int, Collection[int]],
    held: Mapping[int, set[int]],
    before: Mapping[int, Filed],
    after: Mapping[int, Filed],
) -> dict[int, int]:
    """Count the people who hold values that many records hold, and keep what that takes.

    Parameters
    ----------
    store
        The store, in which the records are still filed as they were.
    was, held
        Key of a value → the rows that held it, and those that hold it now.
    before, after
        Row → how a record was filed, and how it is.

    Returns
    -------
    dict
        Key → people, of the values that `MANY` records hold.
    """
    popular = {key for key, rows in held.items() if len(rows) >= MANY}
    large = popular.union(key for key, rows in was.items() if len(rows) >= MANY)
    if not large:
        return {}
    stored = {key: np.frombuffer(said, np.int64).reshape(-1, 4) for key, said in store.rows("popular", "key", sorted(large))}
    store.remove("popular", "key", sorted(stored.keys() - popular))
    changes: dict[int, Counter[Said]] = {key: Counter() for key in popular}
    for filed, sign in ((before, -1), (after, 1)):
        for one in filed.values():
            for key in popular.intersection(key for _, key in one.values):
                for said in _said(one.who):
                    changes[key][said] += sign
    now = {key: _changed(stored[key], changes[key]) for key in popular & stored.keys()}
    for key in popular - stored.keys():
        others = signatures_of_rows(store, sorted(held[key] - after.keys())).values()
        now[key] = _of_all([*others, *(after[row].who for row in held[key] & after.keys())])
    store.put("popular", [(key, now[key].tobytes()) for key in sorted(now) if now[key] is not stored.get(key)])
    return {key: _people(kept[:, :3]) for key, kept in now.items()}


def popular_rows(keys: Int64s, places: Int64s, parts: Int64s, logging_in: Int64s, logins: Int64s) -> Iterator[Row]:
    """Rows of the table `popular` for a whole store.

    Parameters
    ----------
    keys, places
        Which value is held by which record, each pair once.
    parts, logging_in, logins
        Who the records say they are, as `signature_arrays` has it.
    """
    order = np.argsort(keys, kind="stable")
    start = np.flatnonzero(np.diff(keys[order], prepend=keys[order][:1] - 1))
    size = np.diff(start, append=len(keys))
    by_place = np.argsort(logging_in, kind="stable")
    logging_in, logins = logging_in[by_place], logins[by_place]
    for first, count in zip(start[size >= MANY].tolist(), size[size >= MANY].tolist(), strict=True):
        held = places[order[first : first + count]]
        named = parts[held]
        named = named[(named != UNKNOWN).sum(axis=1) >= 2]
        begin, end = (np.searchsorted(logging_in, held, side) for side in ("left", "right"))
        ids = logins[np.repeat(end - np.cumsum(end - begin), end - begin) + np.arange((end - begin).sum())]
        said = np.concatenate([named, np.stack([np.full_like(ids, UNKNOWN), np.full_like(ids, UNKNOWN), ids], axis=1)])
        each, counts = np.unique(said, axis=0, return_counts=True)
        yield int(keys[order[first]]), np.column_stack([each, counts]).tobytes()


def said_by_holders(kept: bytes) -> dict[Said, int]:
    """What a row of the table `popular` says, and by how many holders.

    Examples
    --------
    >>> said_by_holders(np.array([[7, 8, 0, 2], [0, 0, 5, 1]]).tobytes())
    {(7, 8, 0): 2, (0, 0, 5): 1}
    """
    return {(one, two, three): count for one, two, three, count in np.frombuffer(kept, np.int64).reshape(-1, 4).tolist()}


def _said(who: Signature) -> list[Said]:
    """What of a record counts: who it says it is, and its login ids."""
    named = [who.parts] if sum(part != UNKNOWN for part in who.parts) >= 2 else []
    return [*named, *((UNKNOWN, UNKNOWN, login) for login in who.logins)]


def _of_all(holders: Iterable[Signature]) -> Kept:
    counts = Counter(said for one in holders for said in _said(one))
    return np.array([(*said, count) for said, count in counts.items()], np.int64).reshape(-1, 4)


def _changed(kept: Kept, changes: Mapping[Said, int]) -> Kept:
    """What is said after some changes; the same array where nothing changes."""
    new = list[tuple[int, int, int, int]]()
    changes = {said: count for said, count in changes.items() if count}
    if not changes:
        return kept
    kept = kept.copy()
    for said, count in changes.items():
        at = np.flatnonzero((kept[:, 2] == said[2]) & (kept[:, 1] == said[1]) & (kept[:, 0] == said[0]))
        kept[at, 3] += count
        if not len(at):
            new.append((*said, count))
    return np.concatenate([kept[kept[:, 3] > 0], np.array(new, np.int64).reshape(-1, 4)])


def _people(said: Kept) -> int:
    """People behind different signatures and login ids, as `count_people_of` counts them.

    Examples
    --------
    >>> _people(np.array([(1, 2, 3), (4, 5, 6), (1, 2, 0), (0, 0, 9)])), _people(np.array([(0, 0, 7), (0, 0, 8)]))
    (2, 2)
    """
    parts = said[(said != UNKNOWN).sum(axis=1) >= 2]
    if not len(parts):
        return len(said)  # nothing but login ids
    left, right = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for third in range(3):
        one, two = (parts[:, at] for at in range(3) if at != third)
        both = mix(mix(one.astype(np.uint64)) ^ two.astype(np.uint64))
        unsure, sure = np.flatnonzero(parts[:, third] == UNKNOWN), np.flatnonzero(parts[:, third] != UNKNOWN)
        if not len(unsure):
            continue
        unsure = unsure[np.argsort(both[unsure])]
        other = unsure[np.minimum(np.searchsorted(both[unsure], both[sure]), len(unsure) - 1)]
        same = (one[sure] == one[other]) & (two[sure] == two[other])
        left.append(sure[same].astype(np.int32))
        right.append(other[same].astype(np.int32))
    labels = connected_components(len(parts), np.concatenate(left), np.concatenate(right))
    return int(np.count_nonzero(labels == np.arange(len(parts))))
