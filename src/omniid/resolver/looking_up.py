"""Looking up: identifiers → whom they name, or who may be meant."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from omniid.resolver.asking import Asked, Asking, Named
from omniid.resolver.candidates import weigh_asked
from omniid.resolver.classes import Count, stored_counts
from omniid.resolver.filing import holders_of
from omniid.resolver.golden import current_profile
from omniid.resolver.keyed_values import value_key
from omniid.resolver.looked_up import LookedUp
from omniid.sharing import VALUE_CLASSES
from omniid.store import Snapshot

__all__ = ["look_up"]

SHARED = VALUE_CLASSES.index("shared")


def look_up(
    store: Snapshot,
    asking: Asking,
    identifiers: Mapping[str, Any],
    limit: int,
) -> LookedUp:
    """Say whom identifiers name.

    Parameters
    ----------
    store
        The store.
    asking
        What it resolves by.
    identifiers
        Field → value.
    limit
        The most candidates.
    """
    asked = asking.read(identifiers)
    held = _held(store, asked.named)
    notes, generic = list(asked.notes), _generic(store, asked.named, held)
    for one in asked.named:
        if one.key in generic:
            notes.append(f"{one.field} {one.shown} is shared by {generic[one.key].people} people and names nobody")
    entities = _named_by(store, [one for one in asked.named if one.key not in generic], held)
    if len(entities) == 1 and not asked.beside:
        (entity,) = entities
        profile = current_profile(store, asking, entity)
        return LookedUp(profile["entity_id"], profile["entity_kind"], profile, True, (), tuple(notes))
    if not (asked.beside or entities):
        return LookedUp(notes=tuple(notes))
    near = [row for one in asked.named if one.key not in generic for row in held.get(one.key, ())]
    return _by_weight(store, asking, asked, near, limit, notes)


def _held(store: Snapshot, named: Collection[Named]) -> dict[int, tuple[int, ...]]:
    """Key → the rows that hold the value; a declared hash finds every spelling that may have been hashed."""
    held = holders_of(store, [one.key for one in named])
    for one in named:
        if one.is_hash:
            key = value_key(f"hash {one.column}", one.shown)
            found = {row for table in ("hashed", "spelled") for _, row in store.rows(table, "key", [key])}
            if found:
                held[one.key] = tuple(sorted(found.union(held.get(one.key, ()))))
    return held


def _generic(store: Snapshot, named: Collection[Named], held: Mapping[int, Sequence[int]]) -> dict[int, Count]:
    """The counts of values that too many people share, by key; a value of one record is not looked up."""
    counts = stored_counts(store, [one.key for one in named if len(held.get(one.key, ())) > 1])
    return {key: count for key, count in counts.items() if count.class_ == SHARED}


def _named_by(store: Snapshot, named: Collection[Named], held: Mapping[int, Sequence[int]]) -> set[int]:
    """The entities that all identifiers agree on, else all that any of them names.

    What names a person counts before a device, and on a device persons before those whom nobody knows.
    """
    rows = sorted({row for one in named for row in held.get(one.key, ())})
    if not rows:
        return set()
    members = {row: (entity, person) for row, entity, _, person in store.rows("members", "row", rows)}
    found: dict[bool, list[set[int]]] = {False: [], True: []}
    for one in named:
        if here := [members[row] for row in held.get(one.key, ())]:
            persons = {entity for entity, person in here if person}
            found[one.is_device].append(persons if one.is_device and persons else {entity for entity, _ in here})
    strong, devices = found[False], found[True]
    best = set.intersection(*strong) if strong else set()
    narrower = best.intersection(*devices) if best else set.intersection(*devices) if devices and not strong else set()
    return narrower or best or set().union(*strong, *devices)


def _by_weight(store: Snapshot, asking: Asking, asked: Asked, near: Sequence[int], limit: int, notes: list[str]) -> LookedUp:
    """Weigh what was asked against the records that may be meant; one entity that reaches the threshold is the answer."""
    weighed = weigh_asked(store, asking, asked, near)
    notes += weighed.notes
    linked = [one for one in weighed.candidates if one.match_weight >= weighed.link_at]
    shown = tuple(weighed.candidates[:limit])
    if len(linked) != 1:
        return LookedUp(candidates=shown, notes=tuple(notes))
    profile = current_profile(store, asking, weighed.numbers[linked[0].entity_id])
    return LookedUp(linked[0].entity_id, profile["entity_kind"], profile, False, shown, tuple(notes))
