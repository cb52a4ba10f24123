"""A person with two loyalty cards, e-mails or phones: what shows one of them finds the person, and not a stranger."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

import omniid
from omniid import Email, Identifier, PersonName, Phone, Spec
from oracle import live_reading as reading

TWO = {
    "card": ("C77001", "C77002"),
    "email": ("one.ann@example.com", "other.ann@example.com"),
    "phone": ("+1 305 555 0101", "+1 305 555 0102"),
}
TOLD = {"card": {"phone": "+1 305 555 0199"}, "email": {"phone": "+1 305 555 0199"}, "phone": {"email": "ann@example.com"}}
FIELDS = [Phone("phone"), Email("email"), Identifier("card", kind="loyalty"), PersonName(full="name")]


def row(number: str, **cells: str) -> dict[str, Any]:
    return {"id": number, **dict.fromkeys(("name", "phone", "email", "card")), **cells}


@cache
def others() -> list[dict[str, Any]]:
    """Thirty people told twice, so that the model knows what a different card says."""
    told = []
    for number in range(30):
        cells = {"name": f"N{number:02d}a Smith{number}", "phone": f"+1 212 555 {1000 + number}"}
        cells |= {"email": f"mail{number}@example.com", "card": f"C{number:05d}"}
        told += [row(f"p{number}{side}", **cells) for side in "ab"]
    return told


def own(kind: str, **more: str) -> list[dict[str, Any]]:
    """Two records of one person: the same contact, and one of two values of the kind each."""
    return [row(f"x{number}", **TOLD[kind], **{kind: value}, **more) for number, value in enumerate(TWO[kind])]


@pytest.mark.parametrize("kind", sorted(TWO))
def test_sightings_of_either_value_follow_the_person(kind: str) -> None:
    visits = [
        {"at": f"2024-05-0{day}T10:00:00Z", "event": "purchase", "order_id": f"O{day}", "total": "5", kind: value}
        for day, value in enumerate(TWO[kind], 1)
    ]
    found = omniid.resolve({"crm": [*others(), *own(kind)]}, Spec(fields=FIELDS), events={"web": visits})
    entity = {(line["source"], line["record_id"]): line["entity_id"] for line in found.crosswalk}
    assert entity["crm", "x0"] == entity["crm", "x1"]
    assert [line["orders"] for line in found.activity if line["entity_id"] == entity["crm", "x0"]] == [2]
    told = found.explain_entity(entity["crm", "x0"])
    assert all(union.conflict == 0 for union in told.unions)


def test_a_live_store_says_so_too(tmp_path: Path) -> None:
    with omniid.open(str(tmp_path / "people.omniid"), Spec(fields=FIELDS, incremental=True)) as store:
        store.upsert({"crm": others()})
        store.fit()
        for record in (*own("card"), row("s0", card=TWO["card"][0]), row("s1", card=TWO["card"][1])):
            store.upsert({"crm": [record]})
        told = reading.ids(store)
    assert len({told["crm", name] for name in ("x0", "x1", "s0", "s1")}) == 1


def test_another_name_is_no_owner_of_a_second_card() -> None:
    """Two records that share the first card and name others: the second card's owner still speaks against them."""
    records = [*others(), row("x0", name="Ann Lee", **TOLD["card"], card="C77001")]
    records += [row("x1", name="Ann Lee", **TOLD["card"], card="C77002"), row("x2", name="Zoltan Berg", card="C77001")]
    found = omniid.resolve({"crm": records}, Spec(fields=FIELDS))
    entity = {line["record_id"]: line["entity_id"] for line in found.crosswalk}
    assert entity["x0"] == entity["x1"] != entity["x2"]
