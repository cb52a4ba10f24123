"""Carrying ids over the slow, obvious way: dicts and sets, the rules read off the text one by one."""

import hashlib
import json
from itertools import count
from typing import NamedTuple

Key = tuple[str, str]


class Past(NamedTuple):
    """A set that an id named until a run; `into` is the id it merged into, None where the id was retired."""

    owner: str
    into: str | None
    ended: int
    members: frozenset[Key]


class Entity(NamedTuple):
    """All records of an entity, and those that vote."""

    records: frozenset[Key]
    voters: frozenset[Key]


class Book(NamedTuple):
    issued: list[str]
    live: dict[str, Entity]
    redirects: dict[str, str | None]
    past: list[Past]
    run: int


EMPTY = Book([], {}, {}, [], 0)


def digest(key, n):
    return hashlib.blake2b(json.dumps([*key, n]).encode(), digest_size=8).hexdigest()


def carried_over(book: Book, entities: list[Entity]) -> Book:
    entities = sorted(entities, key=lambda entity: min(entity.records))
    order = {name: number for number, name in enumerate(book.issued)}
    voters = {key: entity for entity in entities for key in entity.voters}
    nominated: dict[str, Entity] = {}
    for name, before in book.live.items():
        parts: dict[Entity, set[Key]] = {}
        for key in before.voters & voters.keys():
            parts.setdefault(voters[key], set()).add(key)
        if parts:
            nominated |= taken_back(book, name, parts) or {name: max(parts, key=lambda e: (len(parts[e]), -entities.index(e)))}
    names: dict[Entity, str] = {}
    for entity in entities:
        if mine := [name for name, choice in nominated.items() if choice == entity]:
            names[entity] = min(mine, key=order.__getitem__)
    for entity in entities:
        last = [p.owner for p in book.past if p.into != p.owner and p.owner not in nominated and p.members == entity.voters]
        if entity not in names and last:
            names[entity] = min(last, key=order.__getitem__)
    issued = list(book.issued)
    for entity in entities:
        if entity not in names:
            names[entity] = next(d for n in count() if (d := digest(min(entity.voters), n)) not in issued)
            issued.append(names[entity])
    live = {name: entity for entity, name in names.items()}
    return with_history(
        book,
        issued,
        live,
        {name: names[entity] for name, entity in nominated.items()},
        voters | {key: entity for entity in entities for key in entity.records},
        names,
    )


def taken_back(book, name, parts):
    """The newest merges first, then what had been merged before them."""
    if len(parts) < 2:
        return None
    sets, seen, waiting = [], {name}, [name]
    while waiting:
        found = [
            p
            for into in waiting
            for p in sorted(book.past, key=lambda p: (-p.ended, book.issued.index(p.owner)))
            if p.into == into
        ]
        found = [p for p in found if p.owner == name or p.owner not in book.live]
        sets += found
        waiting = list(dict.fromkeys(p.owner for p in found if p.owner not in seen))
        seen |= set(waiting)
    members = frozenset().union(*parts.values())
    sets = [(p.owner, p.members & members) for p in sets]
    merged = frozenset().union(*(s for _, s in sets))
    backs: dict[str, Entity] = {}
    for entity, keys in parts.items():
        if core := frozenset(keys) & merged:
            owner = next((o for o, s in sets if s == core), None)
            if owner is None or owner in backs:
                return None
            backs[owner] = entity
    if len(backs) < 2:
        return None
    if name not in backs and (rest := [entity for entity in parts if entity not in backs.values()]):
        backs[name] = min(rest, key=lambda entity: (-len(parts[entity]), min(entity.records)))
    return backs


def with_history(book, issued, live, settled, where, names):
    """`settled`: nominating id → the id that its choice got; `where`: record → its entity."""
    redirects = {name: book.redirects.get(name) for name in issued}
    past = []
    last = {p.owner: p for p in book.past if p.into != p.owner}
    winners = {to for name, to in settled.items() if to != name}
    for p in book.past:
        if p.into == p.owner or p.owner not in live:
            if p.into != p.owner and p.owner in settled:  # taken back and lost again
                p = p._replace(into=settled[p.owner], ended=book.run)
            past.append(p)
    for name in issued:
        if name in book.live and name not in live:
            redirects[name] = settled.get(name) or most(book.live[name].records, where, names)
            past.append(Past(name, redirects[name], book.run, book.live[name].voters))
        elif name not in book.live and name in settled and name not in live:
            redirects[name] = settled[name]
        if name in live:
            redirects[name] = None
        if name in winners and name in live:
            before = book.live[name].voters if name in book.live else last[name].members
            past.append(Past(name, name, book.run, before))
    partnered = {(p.into, p.ended) for p in past if p.into != p.owner}
    past = [p for p in past if p.into != p.owner or (p.into, p.ended) in partnered]
    changed = {p for p in past if p.ended == book.run}
    return Book(issued, live, redirects, past, book.run + bool(changed))


def most(records, where, names):
    counts: dict[Entity, int] = {}
    for key in records & where.keys():
        counts[where[key]] = counts.get(where[key], 0) + 1
    if not counts:
        return None
    return names[min(counts, key=lambda entity: (-counts[entity], min(entity.records)))]
