"""A hundred people whose records two sources hold, a model learned from them once, and stores that resolve by it."""

import random
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import omniid
from omniid import Decision, Email, Model, PersonName, Phone, Resolver, Spec
from omniid.resolver.shapes import SHAPES

Row = dict[str, str]
Key = tuple[str, str]
Partition = frozenset[frozenset[Key]]

FIRST = ["Ann", "Bo", "Cid", "Dora", "Eve", "Finn", "Gus", "Hana", "Ian", "Jo", "Kay", "Leo", "Mia", "Ned", "Ola", "Pia"]
LAST = ["Nowak", "Kowal", "Smith", "Jones", "Brown", "Stone", "Field", "Marsh", "Young", "Wood", "Hill", "Lake"]
SPEC = Spec(fields=[PersonName(), Email(), Phone()])
COUPLE: Sequence[Row] = (  # two people with one mailbox; without a first name nothing tells them apart
    {"source": "shop", "id": "h1", "last_name": "Nowak", "email": "nowak@x.com", "phone": "+48602000001"},
    {"source": "shop", "id": "w1", "last_name": "Nowak", "email": "nowak@x.com", "phone": "+48602000002"},
    {"source": "web", "id": "h2", "first_name": "Jan", "last_name": "Nowak", "phone": "+48602000001"},
    {"source": "web", "id": "w2", "first_name": "Anna", "last_name": "Nowak", "phone": "+48602000002"},
    {"source": "web", "id": "x1", "last_name": "Nowak", "email": "nowak@x.com"},
    {"source": "web", "id": "x2", "last_name": "Nowak", "email": "nowak@x.com"},
    {"source": "web", "id": "y1", "first_name": "Eve", "last_name": "Lake", "email": "eve@x.com"},
    {"source": "shop", "id": "y2", "first_name": "Eve", "last_name": "Lake", "email": "eve.lake@x.com"},
    {"source": "shop", "id": "y3", "first_name": "Eva", "last_name": "Lake", "email": "eve.lake@x.com"},
)


@cache
def town(people: int = 100) -> tuple[Row, ...]:
    """Their records."""
    draw = random.Random(people)
    out = []
    for i in range(people):
        first, last = draw.choice(FIRST), draw.choice(LAST)
        for j in range(draw.randint(1, 3)):
            row = {"source": draw.choice(("shop", "web")), "id": f"{i}-{j}", "first_name": first, "last_name": last}
            row |= {"email": f"{first}.{last}{i}@x.com".lower()} if draw.random() < 0.8 else {}
            row |= {"phone": f"+48501{i:06d}"} if draw.random() < 0.7 else {}
            out.append(row)
    return tuple(out)


@cache
def learned() -> tuple[Spec, Model]:
    """What a store learns from them."""
    with omniid.open(":memory:", SPEC) as resolver:
        resolver.upsert(list(town()))
        resolver.fit()
        return resolver.spec, resolver.model


def opened(rows: Iterable[Row] = (), path: str | Path = ":memory:") -> Resolver:
    """A store that holds some records and resolves them by the learned model."""
    spec, model = learned()
    resolver = omniid.open(path, spec, model=model, backend="rows")
    if some := list(rows):
        resolver.upsert(some)
    return resolver


def key_of(row: Row) -> Key:
    """The key of a record."""
    return row["source"], row["id"]


def batch(rows: Iterable[Row], decisions: Iterable[Decision] = (), resolver: Resolver | None = None) -> omniid.Resolution:
    """A batch run of some records, by the model of a store."""
    spec, model = learned() if resolver is None else (resolver.spec, resolver.model)
    return omniid.resolve(list(rows), spec, model=model, decisions=list(decisions), workers=1)


def parts_of(crosswalk: Iterable[Any]) -> Partition:
    """Who is who, without ids."""
    sets: dict[str, set[Key]] = {}
    for row in crosswalk:
        sets.setdefault(row["entity_id"], set()).add((row["source"], row["record_id"]))
    return frozenset(map(frozenset, sets.values()))


def ids_of(resolver: Resolver) -> dict[Key, str]:
    """Record → entity."""
    return {(row["source"], row["record_id"]): row["entity_id"] for row in resolver.crosswalk()}


def contents(resolver: Resolver) -> dict[str, list[Any]]:
    """All that a store holds."""
    with resolver.store.reading() as store:
        return {shape.name: store.span(shape.name, shape.primary[0]) for shape in SHAPES}
