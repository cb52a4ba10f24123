"""Ids in a store: the part of the id ledger that a neighborhood touches, read before and written after it is derived."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from omniid.entity_ids import IdLedger, PastSets, RecordKeys, new_entity_id
from omniid.resolver.incoming import part_key
from omniid.resolver.settings import last_number, number_of, set_number
from omniid.store import Snapshot, Transaction
from omniid.tables import Codes
from omniid.tables.arrays import text_array

__all__ = ["LedgerPart", "Member", "read_ledger_part", "write_ledger_part"]

Member = tuple[int, int, int, int]


class LedgerPart(NamedTuple):
    """The ids, members and past sets that matter for some rows.

    Parameters
    ----------
    ledger
        As a batch run takes it; ids stand in their order of issue.
    numbers
        The store's number of each id.
    members
        Row → (row, entity number, votes, person) of the rows, as they were.
    sets
        The numbers of the past sets that were read.
    row_of
        Key → row, for all records that the ledger names.
    """

    ledger: IdLedger
    numbers: tuple[int, ...]
    members: dict[int, Member]
    sets: tuple[int, ...]
    row_of: dict[tuple[str, str], int]


def read_ledger_part(store: Snapshot, rows: Iterable[int], living: Mapping[int, str]) -> LedgerPart:
    """Read what the ids of some rows may depend on.

    Parameters
    ----------
    store
        The store.
    rows
        Rows of a neighborhood, with those of deleted records that belonged to it.
    living
        Row → key, of those that live.
    """
    wanted = sorted(set(rows))
    members = {int(one[0]): one for one in store.rows("members", "row", wanted)}
    owners = {int(one[1]) for one in members.values()}
    sets = _sets_behind(store, wanted, owners)
    contents = _contents(store, sets)
    ids = owners | {number for _, owner, into, _ in sets for number in (owner, into) if number >= 0}
    ids |= _in_use(store, living.values())
    named = store.rows("entities", "number", sorted(ids))
    place = {number: at for at, (number, *_) in enumerate(named)}
    every = sorted({*members, *(row for held in contents.values() for row in held)})
    keys = {row: part_key(key) for row, key, *_ in store.rows("records", "row", every)}
    held = sorted(members, key=lambda row: keys[row])
    ledger = IdLedger(
        entity_ids=text_array([entity_id for _, entity_id, _ in named]),
        redirects=np.array([place.get(to, -1) for _, _, to in named], np.int32),
        keys=RecordKeys.of([keys[row] for row in held]),
        owner=np.array([place[members[row][1]] for row in held], np.int32),
        votes=np.array([bool(members[row][2]) for row in held], bool),
        past=_past_sets(sets, contents, place, keys),
        run=number_of(store, "run"),
    )
    row_of = {key: row for row, key in keys.items()}
    return LedgerPart(ledger, tuple(place), members, tuple(one[0] for one in sets), row_of)


def _sets_behind(store: Snapshot, rows: Sequence[int], owners: set[int]) -> list[tuple[int, int, int, int]]:
    """Past sets that hold one of the rows, and those that made the ids what they are; none of ids that live elsewhere."""
    numbers = {number for number, _ in store.rows("past_members", "row", rows)}
    found = {one[0]: one for one in store.rows("past_sets", "number", sorted(numbers))}
    waiting, seen = set(owners), set[int]()
    while waiting:
        seen |= waiting
        near = store.rows("past_sets", "into", sorted(waiting))
        found |= {one[0]: one for one in near}
        waiting = {one[1] for one in near} - seen
    others = sorted({one[1] for one in found.values()} - owners)
    elsewhere = {one[1] for one in store.rows("members", "entity", others)}
    return sorted(one for one in found.values() if one[1] not in elsewhere)


def _contents(store: Snapshot, sets: Sequence[tuple[int, int, int, int]]) -> dict[int, list[int]]:
    out: dict[int, list[int]] = {number: [] for number, *_ in sets}
    for number, row in store.rows("past_members", "number", sorted(out)):
        out[number].append(row)
    return out


def _past_sets(
    sets: Sequence[tuple[int, int, int, int]],
    contents: Mapping[int, Sequence[int]],
    place: Mapping[int, int],
    keys: Mapping[int, tuple[str, str]],
) -> PastSets:
    filled = [one for one in sets if contents[one[0]]]
    return PastSets(
        owner=np.array([place[one[1]] for one in filled], np.int32),
        into=np.array([place.get(one[2], -1) for one in filled], np.int32),
        ended=np.array([one[3] for one in filled], np.int32),
        member_of=np.repeat(np.arange(len(filled), dtype=np.int32), [len(contents[one[0]]) for one in filled]),
        keys=RecordKeys.of([keys[row] for one in filled for row in contents[one[0]]]),
    )


def _in_use(store: Snapshot, keys: Iterable[str]) -> set[int]:
    """Numbers of ids that a new entity with one of the keys as its smallest would else be given."""
    found: set[int] = set()
    if not store.span("entities", "number", limit=1):
        return found
    waiting, n = sorted(keys), 0
    while waiting:
        ids = {key: new_entity_id(*part_key(key), n) for key in waiting}
        busy = {entity_id: number for number, entity_id, _ in store.rows("entities", "entity_id", sorted(ids.values()))}
        found |= {int(number) for number in busy.values()}
        waiting, n = [key for key, entity_id in ids.items() if entity_id in busy], n + 1
    return found


def write_ledger_part(store: Transaction, before: LedgerPart, after: IdLedger) -> dict[int, int]:
    """Write what became of the ids.

    Parameters
    ----------
    store
        The store.
    before
        What was read.
    after
        The ledger after the neighborhood was derived.

    Returns
    -------
    dict
        Position in the new ledger → number of the id.
    """
    n_old = len(before.numbers)
    start = last_number(store, "entities", "number") + 1
    numbers = [*before.numbers, *range(start, start + len(after.entity_ids) - n_old)]
    redirects = [numbers[to] if to >= 0 else -1 for to in after.redirects.tolist()]
    old_redirects = [before.numbers[to] if to >= 0 else -1 for to in before.ledger.redirects.tolist()]
    names = after.entity_ids.to_pylist()
    changed = [
        (numbers[at], names[at], redirects[at])
        for at in range(len(numbers))
        if at >= n_old or redirects[at] != old_redirects[at]
    ]
    store.put("entities", changed)
    if not _same_sets(before.ledger.past, after.past):
        _write_sets(store, before, after.past, numbers)
    if after.run != before.ledger.run:
        set_number(store, "run", after.run)
    return dict(enumerate(numbers))


def _same_sets(one: PastSets, other: PastSets) -> bool:
    same = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("owner", "into", "ended", "member_of"))
    return same and one.keys.pairs() == other.keys.pairs()


def _write_sets(store: Transaction, before: LedgerPart, past: PastSets, numbers: Sequence[int]) -> None:
    store.remove("past_sets", "number", before.sets)
    store.remove("past_members", "number", before.sets)
    start = last_number(store, "past_sets", "number") + 1
    rows = [before.row_of[key] for key in past.keys.pairs()]
    ends: Codes = past.into
    store.put(
        "past_sets",
        [
            (start + at, numbers[owner], numbers[into] if into >= 0 else -1, ended)
            for at, (owner, into, ended) in enumerate(zip(past.owner.tolist(), ends.tolist(), past.ended.tolist(), strict=True))
        ],
    )
    store.put("past_members", sorted({(start + of, row) for of, row in zip(past.member_of.tolist(), rows, strict=True)}))
