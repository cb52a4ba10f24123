"""Scene H: twins stay two people, and so do a parent and a child of one name; both pairs show up as relations."""

from functools import cache
from typing import Any

import pytest

import omniid
from omniid.datasets import generate

Records = dict[str, list[dict[str, Any]]]


PHONES = ("+48 600 718 294", "+48 512 930 066", "+48 793 451 820", "+48 668 207 735")
MAILBOXES = ("piotrek@onet.pl", "zielony77@wp.pl", "r.hughes@gmail.com", "thefarmer@outlook.com")
TWINS_HOME = {"street": "ul. Lipowa 5/3", "postcode": "00-950", "city": "Warszawa", "country": "PL"}
HUGHES_HOME = {"street": "ul. Polna 12", "postcode": "30-001", "city": "Kraków", "country": "PL"}
CARDS = (
    {"record_id": "twin1", "first_name": "Piotr", "last_name": "Zieliński", "birth_date": "2001-05-05", **TWINS_HOME},
    {"record_id": "twin2", "first_name": "Paweł", "last_name": "Zieliński", "birth_date": "2001-05-05", **TWINS_HOME},
    {"record_id": "father", "first_name": "Robert", "last_name": "Hughes", "birth_date": "1960-03-03", **HUGHES_HOME},
    {"record_id": "son", "first_name": "Robert", "last_name": "Hughes", "birth_date": "1988-07-19", **HUGHES_HOME},
)


def world(*, own_contacts: bool) -> Records:
    channels = {name: table.to_pylist() for name, table in background().items()}
    told = [
        {**dict.fromkeys(channels["loyalty"][0]), **card, "updated_at": "2024-01-01T00:00:00Z"}
        | ({"phone": PHONES[at], "email": MAILBOXES[at]} if own_contacts else {})
        for at, card in enumerate(CARDS)
    ]
    return {**channels, "loyalty": channels["loyalty"] + told}


@cache
def background() -> Any:
    return generate(3000, seed=5, headers={}).channels


def check(found: omniid.Resolution) -> None:
    entity = {row["record_id"]: row["entity_id"] for row in found.crosswalk if row["source"] == "loyalty"}
    related = {frozenset((row["left_entity_id"], row["right_entity_id"])): row for row in found.relations}
    assert entity["twin1"] != entity["twin2"]
    twins = related[frozenset((entity["twin1"], entity["twin2"]))]
    assert (twins["relation"], twins["years_apart"]) == ("twin", 0.0)
    assert entity["father"] != entity["son"]
    generations = related[frozenset((entity["father"], entity["son"]))]
    assert (generations["relation"], generations["elder_entity_id"]) == ("parent and child", entity["father"])
    assert generations["years_apart"] == pytest.approx(28.4, abs=0.05)
    home = {row["entity_id"]: row["household_id"] for row in found.households}
    assert home[entity["twin1"]] == home[entity["twin2"]]
    assert home[entity["father"]] == home[entity["son"]]


def test_scene_h_by_limits() -> None:
    data = world(own_contacts=False)
    spec = omniid.infer_spec(data).replace(limits=[omniid.disagree("first_name"), omniid.disagree("birth_date")])
    found = omniid.resolve(data, spec)
    check(found)
    told = found.explain(("loyalty", "twin1"), ("loyalty", "twin2"))
    assert "disagree(first_name) stands between their clusters: piotr on the one side, pawel on the other" in told.reason


def test_scene_h_by_weights_alone_where_each_has_a_phone_and_a_mailbox() -> None:
    found = omniid.resolve(world(own_contacts=True))
    check(found)
