"""Slow twin of `find_households`: plain loops over sets, one sentence of the rule at a time."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations

from omniid.households import MOST_PEOPLE, family_names

__all__ = ["Row", "slow_households", "slow_ties"]


@dataclass(frozen=True)
class Row:
    """One record: its entity, when, and what it says."""

    entity: int
    time: int = 0
    street: str | None = None
    unit: str | None = None
    city: str | None = None
    postcode: str | None = None
    last_name: str | None = None
    phone: str | None = None
    email: str | None = field(default=None)


def slow_ties(rows: list[Row]) -> dict[tuple[int, int], tuple[set[str], bool]]:  # noqa: C901  # told rule by rule
    """Pair → fields that agree, and whether the two live apart."""
    lived = [row for row in rows if row.street and re.search(r"\d", row.street)]
    latest = {e: max(row.time for row in lived if row.entity == e) for e in {row.entity for row in lived}}
    postcodes: dict[int, set[str]] = defaultdict(set)
    for row in lived:
        if row.postcode and row.time == latest[row.entity]:
            postcodes[row.entity].add(row.postcode)
    names: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        names[row.entity] |= set(family_names(row.last_name or ""))
    fields: dict[tuple[int, int], set[str]] = defaultdict(set)

    def add(people: set[int], most: int, what: str) -> None:
        if len(people) <= most:
            for pair in combinations(sorted(people), 2):
                fields[pair].add(what)

    with_flats = {(row.street, row.postcode) for row in lived if row.postcode and row.unit}
    dwellings: dict[object, set[int]] = defaultdict(set)
    for row in lived:
        if row.postcode and row.time == latest[row.entity] and (row.unit or (row.street, row.postcode) not in with_flats):
            dwellings[row.street, row.postcode, row.unit].add(row.entity)
    for people in dwellings.values():
        add(people, 6, "address")

    places: dict[object, list[Row]] = defaultdict(list)
    for row in lived:
        if row.postcode:
            places[row.street, "postcode", row.postcode].append(row)
        if row.city:
            places[row.street, "city", row.city].append(row)
    for here in places.values():
        for name in {name for row in here for name in names[row.entity]}:
            family = [row for row in here if name in names[row.entity]]
            flats = {row.unit for row in family if row.unit}
            for flat in flats if len(flats) > 1 else [None]:
                add({row.entity for row in family if flat in (None, row.unit)}, 10, "address")

    for column in ("phone", "email"):
        holders: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            if getattr(row, column):
                holders[getattr(row, column)].add(row.entity)
        for people in holders.values():
            add(people, 6, column)

    found = {}
    for (one, other), agree in fields.items():
        if names[one] & names[other]:
            agree.add("last_name")
        near = any({one, other} <= {row.entity for row in here} for here in places.values())
        same_code = bool(postcodes[one] & postcodes[other])
        if agree & {"phone", "email"} and (near or same_code):
            agree.add("address")
        apart = bool(postcodes[one] and postcodes[other]) and not same_code and "address" not in agree
        found[one, other] = agree, apart
    return found


def slow_households(rows: list[Row], most: int = MOST_PEOPLE) -> list[int]:
    """The smallest entity of each entity's household."""
    n = max((row.entity for row in rows), default=-1) + 1
    ties = slow_ties(rows)
    at_home = {pair: len(agree) for pair, (agree, _) in ties.items() if "address" in agree}
    homes = _grow(n, at_home, {}, most)
    home = {e: homes[e] for pair in at_home for e in pair}
    together = {pair: len(agree) + 100 * ("address" in agree) for pair, (agree, apart) in ties.items() if not apart}
    return _grow(n, together, home, most)


def _grow(n: int, strength: dict[tuple[int, int], int], home: dict[int, int], most: int) -> list[int]:
    """Join along ties, one strength after the other, leaving sets as they were that would become too large or get two homes."""
    label = list(range(n))
    for level in sorted(set(strength.values()), reverse=True):
        wider = list(range(n))
        for _ in range(n):
            for (one, other), value in strength.items():
                if value >= level:
                    wider[one] = wider[other] = min(wider[one], wider[other])
        for name in set(wider):
            people = [e for e in range(n) if wider[e] == name]
            if len(people) <= most and len({home[e] for e in people if e in home}) <= 1:
                for e in people:
                    label[e] = name
    return label
