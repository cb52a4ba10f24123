"""The history of a store: what stood at a cursor, what changed since, and which ids lead elsewhere."""

import json
from collections.abc import Container, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from omniid.changes import SCHEMA
from omniid.errors import InputError
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import Learned
from omniid.resolver.settings import last_number
from omniid.resolver.shapes import FOREVER
from omniid.spec import Spec
from omniid.store import Snapshot
from omniid.tables import Model
from omniid.tables.arrays import text_array

__all__ = ["changes_since", "crosswalk_at", "follow", "learned_at", "members_at", "redirects_of", "state_at"]

KINDS = ("anonymous", "person")
START = datetime(1970, 1, 1, tzinfo=UTC)
TIME = SCHEMA.field("time").type


def state_at(store: Snapshot, cursor: int | None) -> int | None:
    """The transaction after which a cursor stood; None: now.

    A cursor in the middle of a transaction, whose changes are told one by one and hold together, means the state before it.

    Raises
    ------
    InputError
        If there is no such cursor yet.
    """
    if cursor is None:
        return None
    last = last_number(store, "changes", "cursor")
    if isinstance(cursor, bool) or not isinstance(cursor, int) or not 0 <= cursor <= max(last, 0):
        raise InputError(f"as_of is {cursor!r}; give a cursor of the change feed, 0 (before all) to {max(last, 0)}")
    after = store.span("changes", "cursor", cursor + 1, limit=1)
    return int(after[0][1]) - 1 if after else FOREVER - 1


def last_cursor(store: Snapshot, transaction: int) -> int:
    """The cursor after all changes up to a transaction: they were told in the order of their transactions."""
    low, high = 0, max(last_number(store, "changes", "cursor"), 0)
    while low < high:
        middle = (low + high + 1) // 2
        ((_, told_in, *_),) = store.rows("changes", "cursor", [middle])
        low, high = (middle, high) if told_in <= transaction else (low, middle - 1)
    return low


def crosswalk_at(store: Snapshot, transaction: int | None) -> pa.Table:
    """source, record_id, entity_id, entity_kind after a transaction; None: now. Sorted by record key."""
    if transaction is None:
        found = [(row, entity, person) for row, entity, _, person in store.span("members", "row")]
    else:
        history = store.span("memberships", "row")
        found = [(row, entity, person) for row, since, until, entity, person in history if since <= transaction < until]
    keys = {row: part_key(key) for row, key, *_ in store.rows("records", "row", [row for row, *_ in found])}
    names = _entity_ids(store, {entity for _, entity, _ in found})
    told = sorted((*keys[row], names[entity], KINDS[person]) for row, entity, person in found)
    columns = ("source", "record_id", "entity_id", "entity_kind")
    return pa.table({name: text_array([one[at] for one in told]) for at, name in enumerate(columns)})


def _entity_ids(store: Snapshot, numbers: Iterable[int]) -> dict[int, str]:
    return {number: entity_id for number, entity_id, _ in store.rows("entities", "number", sorted(numbers))}


def members_at(store: Snapshot, entity: int, transaction: int) -> tuple[list[tuple[str, str]], str]:
    """(key, content) of the records of an entity as they were after a transaction, by key, and its kind."""
    there = [one for one in store.rows("memberships", "entity", [entity]) if one[1] <= transaction < one[2]]
    rows = sorted(row for row, *_ in there)
    keys = {row: key for row, key, *_ in store.rows("records", "row", rows)}
    now = {row: content for row, *_, content, since in store.rows("records", "row", rows) if since <= transaction}
    former = store.rows("versions", "row", rows)
    contents = now | {row: content for row, since, until, _, content in former if since <= transaction < until}
    records = sorted(((keys[row], contents[row]) for row in rows), key=lambda one: part_key(one[0]))
    return records, KINDS[min((person for *_, person in there), default=1)]


def learned_at(store: Snapshot, learned: Learned, transaction: int) -> Learned:
    """What the store resolved by after a transaction."""
    if transaction == FOREVER - 1:
        return learned
    models = store.span("models", "number")
    first = {number: max(cursor + 1, 1) for number, _, _, cursor in models}  # the first change since it is in force
    since = {cursor: when for cursor, when, *_ in store.rows("changes", "cursor", sorted(set(first.values())))}
    by_then = [one for one in models if since.get(first[one[0]], FOREVER) <= transaction] or models[:1]
    number, model, spec, _ = by_then[-1]
    if number == learned.number:
        return learned
    read = Model.from_text(model, place="the store's model")
    return Learned(Spec.from_dict(json.loads(spec)), read, learned.sources, number)


def follow(redirects: Mapping[int, int], number: int, lives: Container[int]) -> int | None:
    """The id that an id stands for, at the end of its redirects; None where it names nobody.

    Examples
    --------
    >>> follow({1: 2, 2: 3, 4: -1}, 1, {3}), follow({1: 2, 4: -1}, 4, {3})
    (3, None)
    """
    seen: set[int] = set()
    while number not in lives and number >= 0 and number not in seen:
        seen.add(number)
        number = redirects.get(number, -1)
    return number if number in lives else None


def changes_since(store: Snapshot, cursor: int, limit: int | None) -> pa.Table:
    """The changes after a cursor, in order."""
    rows = store.span("changes", "cursor", cursor + 1, limit=limit)
    return pa.table(
        [
            pa.array([one[0] for one in rows], pa.int64()),
            text_array([one[2] for one in rows]),
            text_array([one[3] for one in rows]),
            pa.array([json.loads(one[4]) for one in rows], SCHEMA.field("was").type),
            pa.array([json.loads(one[5]) for one in rows], SCHEMA.field("became").type),
            text_array([one[6] for one in rows]),
            pa.array([None if one[7] is None else START + timedelta(microseconds=one[7]) for one in rows], TIME),
        ],
        SCHEMA,
    )


def redirects_of(store: Snapshot) -> pa.Table:
    """entity_id, redirects_to: each id that names nobody now, and the id of its customer now; null where there is none."""
    lives = {entity for _, entity, *_ in store.span("members", "row")}
    entities = {number: (entity_id, to) for number, entity_id, to in store.span("entities", "number")}
    gone = [number for number in entities if number not in lives]
    redirects = {number: to for number, (_, to) in entities.items()}
    now = {number: follow(redirects, number, lives) for number in gone}
    return pa.table(
        {
            "entity_id": text_array([entities[number][0] for number in gone]),
            "redirects_to": text_array([None if (to := now[number]) is None else entities[to][0] for number in gone]),
        }
    )
