"""Profiles with their provenance, made anew of the records of one entity: now, or as they were."""

import json
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from omniid.compilation import field_plans, regions_of
from omniid.errors import InputError
from omniid.normalization import normalize
from omniid.resolver.asking import Asking
from omniid.resolver.assembling import assemble, sent_table, stored_records
from omniid.resolver.decided import pins_on
from omniid.resolver.history import follow, last_cursor, learned_at, members_at, state_at
from omniid.resolver.incoming import join_key, part_key
from omniid.resolver.learned import Learned
from omniid.resolver.profiles import profile_texts, read_profile
from omniid.single_record import forms_of, table_of
from omniid.stop_values import with_stop_values
from omniid.store import Snapshot
from omniid.survivorship_plans import compile_pins, make_profiles
from omniid.tables import Profiles, RecordTable
from omniid.tables.arrays import text_array
from omniid.view_results import as_view, view_named

__all__ = ["current_profile", "entity_named", "profile_of"]

Key = tuple[str, str]
Profile = dict[str, Any]
REMEMBERED = 10_000  # profiles that a process keeps beside those in the store: 10 MB


class Entity(NamedTuple):
    """An entity: its number and id, and the id under which it was asked for where that is another one."""

    number: int
    entity_id: str
    asked: str | None = None


def profile_of(
    store: Snapshot,
    asking: Asking,
    *,
    entity_id: str | None,
    record: Key | None,
    as_of: int | None,
    provenance: bool,
    view: str | None = None,
) -> Profile:
    """The profile of an entity, or of the entity that a record belongs to.

    Raises
    ------
    InputError
        If neither or both are given, or they name nobody.
    """
    if (entity_id is None) == (record is None):
        raise InputError("get_profile needs one of entity_id=… and record=(source, record_id)")
    state = state_at(store, as_of)
    one = entity_named(store, entity_id, state) if record is None else _entity_holding(store, record, state)
    if state is None and not provenance and view is None:
        profile = current_profile(store, asking, one.number)
    else:
        profile = _made_anew(store, asking, one, state, provenance, view)
    return profile if one.asked is None else {**profile, "redirected_from": one.asked}


def current_profile(store: Snapshot, asking: Asking, number: int) -> Profile:
    """The profile of an entity as it is now: as it is kept, else made of its records and remembered until it changes."""
    ((_, text, since, model),) = store.rows("profiles", "entity", [number])
    if text and model == asking.learned.number:
        return read_profile(text, asking.profile_names)
    held = asking.made.get(number)
    if held is None or held[0] != since:
        ((_, entity_id, _),) = store.rows("entities", "number", [number])
        (text,) = profile_texts(_golden(store, asking, Entity(number, entity_id), None, traced=False).entities)
        if len(asking.made) >= REMEMBERED:
            asking.made.clear()
        held = asking.made[number] = since, text
    return read_profile(held[1], asking.profile_names)


def entity_named(store: Snapshot, entity_id: str | None, state: int | None) -> Entity:
    """The entity that an id names after a transaction; None: now, a former id being followed to the one of today.

    Raises
    ------
    InputError
        If it names nobody.
    """
    found = store.rows("entities", "entity_id", [entity_id])
    if not found:
        raise InputError(f"there is no entity {entity_id!r}; ids stand in crosswalk(), former ones in redirects()")
    ((number, name, to),) = found
    if state is not None:
        if not any(since <= state < until for _, since, until, *_ in store.rows("memberships", "entity", [number])):
            raise InputError(f"entity {name!r} named nobody at that cursor; see changes() for what became of it")
        return Entity(number, name)
    redirects = {number: to}
    while to >= 0 and to not in redirects:
        ((at, _, to),) = store.rows("entities", "number", [to])
        redirects[at] = to
    lives = {entity for _, entity, *_ in store.rows("members", "entity", sorted(redirects))}
    now = follow(redirects, number, lives)
    if now is None:
        raise InputError(f"entity {name!r} names nobody any more: its records are gone")
    ((_, current, _),) = store.rows("entities", "number", [now])
    return Entity(now, current, None if now == number else name)


def _entity_holding(store: Snapshot, record: Key, state: int | None) -> Entity:
    if isinstance(record, str) or len(record) != 2:
        raise InputError(f"{record!r} is no record key; write (source, record_id), for example ('crm', '17')")
    rows = store.rows("records", "key", [join_key(str(record[0]), str(record[1]))])
    owner = None
    if rows and state is None:
        owner = next((entity for _, entity, *_ in store.rows("members", "row", [rows[0][0]])), None)
    elif rows and state is not None:
        history = store.rows("memberships", "row", [rows[0][0]])
        owner = next((entity for _, since, until, entity, _ in history if since <= state < until), None)
    if owner is None:
        when = "" if state is None else " at that cursor"
        raise InputError(f"record {tuple(record)} is not in the store{when}; keys are (source, record_id) as in crosswalk()")
    ((number, name, _),) = store.rows("entities", "number", [owner])
    return Entity(number, name)


def _made_anew(store: Snapshot, asking: Asking, one: Entity, state: int | None, provenance: bool, view: str | None) -> Profile:
    """The profile from its member records."""
    golden = _golden(store, asking, one, state, view)
    if view is None:
        (text,) = profile_texts(golden.entities)
        profile = read_profile(text, asking.profile_names)
    else:
        (profile,) = golden.entities.to_pylist()
    return {**profile, "provenance": golden.provenance.drop_columns(["entity_id"]).to_pylist()} if provenance else profile


def _golden(
    store: Snapshot, asking: Asking, one: Entity, state: int | None, view: str | None = None, *, traced: bool = True
) -> Profiles:
    """What survives of the records of an entity; `traced`: with provenance."""
    learned, until = asking.learned, None
    if state is None:
        members = store.rows("members", "entity", [one.number])
        stored = stored_records(store, [row for row, *_ in members])
        keys, table = [told.key for told in stored], assemble(store, stored, learned).table
        kind = "person" if all(person for *_, person in members) else "anonymous"
    else:
        records, kind = members_at(store, one.number, state)
        learned, until = learned_at(store, learned, state), last_cursor(store, state)
        keys, table = [key for key, _ in records], _normal(records, learned)
    table = with_stop_values(table, learned.spec.stop_values, learned.spec.fields, regions_of(learned.spec))
    shown = None if view is None else view_named(learned.spec, view)
    plan = (asking if learned is asking.learned else Asking(learned)).survivorship(shown)
    told = pins_on(store, keys, until)
    plan = replace(plan, pins=compile_pins(table, told)) if told else plan
    entity, ids = np.zeros(len(table), np.int32), text_array([one.entity_id])
    golden = make_profiles(table, entity, ids, plan, entity_kind=kind, traced=traced)
    return golden if shown is None else as_view(shown, plan, table, golden)


def _normal(records: list[tuple[str, str]], learned: Learned) -> RecordTable:
    """Their normal forms, in all columns that the store knows."""
    spec = learned.spec
    sent = sent_table([(key, json.loads(content)) for key, content in records], spec)
    forms, keys = forms_of(normalize(sent, field_plans(spec, learned.model.frozen))), [part_key(key) for key, _ in records]
    return table_of(forms, keys, learned.columns, sources=learned.sources)
