"""All records that a store holds of somebody: those that live, and those that were deleted and left their past."""

from collections.abc import Iterable

from omniid.errors import InputError
from omniid.resolver.incoming import join_key
from omniid.store import Snapshot

__all__ = ["entity_number", "former_numbers", "rows_of_entity", "rows_of_records"]

Key = tuple[str, str]


def entity_number(store: Snapshot, entity_id: str) -> int:
    """The store's number of an entity; of a merged one, that of the entity that took its place.

    Raises
    ------
    InputError
        If there never was such an entity.
    """
    found = store.rows("entities", "entity_id", [entity_id])
    if not found:
        raise InputError(f"there is no entity {entity_id!r}; crosswalk() lists all")
    number, _, into = found[0]
    while not store.rows("members", "entity", [number]) and into >= 0:
        ((number, _, into),) = store.rows("entities", "number", [into])
    return int(number)


def former_numbers(store: Snapshot, number: int) -> set[int]:
    """Numbers of the entities that were merged into one, and its own."""
    into = {one: to for one, _, to in store.span("entities", "number") if to >= 0}
    found, size = {number}, 0
    while len(found) > size:
        size = len(found)
        found |= {one for one, to in into.items() if to in found}
    return found


def rows_of_entity(store: Snapshot, number: int) -> list[int]:
    """Rows of all records of an entity, and of those deleted ones that were of it when they went."""
    living = {row for row, *_ in store.rows("members", "entity", [number])}
    past = {row for row, *_ in store.rows("memberships", "entity", [number])} - living
    last: dict[int, tuple[int, int]] = {}
    for row, since, _, entity, _ in store.rows("memberships", "row", sorted(past)):
        last[row] = max(last.get(row, (-1, -1)), (since, entity))
    erased = {row for _, row, *_ in store.rows("tombstones", "row", sorted(past))}
    deleted = {row for row, _, _, gone, *_ in store.rows("records", "row", sorted(past - erased)) if gone}
    return sorted(living | {row for row in deleted if last[row][1] == number})


def rows_of_records(store: Snapshot, keys: Iterable[Key]) -> dict[str, int | None]:
    """Stored key → row; None where the store has none."""
    wanted = [join_key(*key) for key in keys]
    rows = {key: int(row) for row, key, *_ in store.rows("records", "key", wanted)}
    return {key: rows.get(key) for key in wanted}
