"""Weak identifiers are weighed with other fields, and never enough alone."""

import random

import pytest

import omniid
from omniid import Email, Identifier, LinkRule, PersonName, Spec

FIRST = "Anna Boris Carla David Emma Farid Grace Hiro Ines Jonas Karim Laura Miguel Nadia Oscar Paula Rosa Samuel Ursula Viktor"
LAST = "Kowalska Orlov Rossi Smith Weber Rezaei Okafor Tanaka Garcia Lindqvist Haddad Novak Torres Petrova Nilsson Costa Dubois"


def rows() -> list[dict[str, str]]:
    """People with a desk number of their own; "b" repeats name and desk, "c" and "e" the desk alone."""
    rng, out = random.Random(7), []
    for number in range(300):
        name = {"first_name": rng.choice(FIRST.split()), "last_name": rng.choice(LAST.split())}
        desk = f"D-{rng.randrange(10**7):07d}"
        out.append({"id": f"{number}a", **name, "desk": desk, "email": f"mail{number * 7919}@example.com"})
        out += [{"id": f"{number}b", **name, "desk": desk}] if number % 3 == 0 else []
        out += [{"id": f"{number}{twin}", "desk": desk} for twin in "ce" if number % 5 == 0]
    return out


@pytest.fixture(scope="module")
def found() -> omniid.Resolution:
    desk = Identifier("desk", kind="desk", behavior="weak")
    return omniid.resolve(rows(), Spec(fields=[PersonName(), Email(), desk]))


def joined(found: omniid.Resolution, one: str, other: str) -> list[bool]:
    table = found.table("crosswalk").to_pydict()
    entity = dict(zip(table["record_id"], table["entity_id"], strict=True))
    return [entity[key] == entity[key[:-1] + one] for key in entity if key.endswith(other)]


def test_with_a_name_beside_it_it_links(found: omniid.Resolution) -> None:
    assert all(joined(found, "a", "b"))


def test_alone_it_links_nobody_not_even_two_records_that_hold_nothing_else(found: omniid.Resolution) -> None:
    assert not any(joined(found, "a", "c"))
    assert not any(joined(found, "c", "e"))
    assert not any(rule.name == "same desk" for rule in found.parts.plan.link_rules)


def test_it_counts_all_the_same(found: omniid.Resolution) -> None:
    weight = next(one for one in found.model.comparisons if one.name == "desk")
    assert weight.m[-1] > 100 * weight.u[-1]
    assert found.table("review").num_rows > 0


def test_explanations_say_so(found: omniid.Resolution) -> None:
    told = str(found.explain(("records", "0a"), ("records", "0c")))
    assert "only desk agrees, a weak identifier, which is never enough alone" in told


def test_a_declared_rule_may_trust_it() -> None:
    desk = Identifier("desk", kind="desk", behavior="weak")
    spec = Spec(fields=[PersonName(), Email(), desk], link_rules=[LinkRule("same desk", {"desk": "exact"})])
    assert all(joined(omniid.resolve(rows(), spec), "a", "c"))
