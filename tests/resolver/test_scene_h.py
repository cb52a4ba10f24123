"""Scene H, live: twins stay two people, and so do a parent and a child of one name, whoever arrives first."""

from pathlib import Path
from typing import Any

import omniid
from oracle import live_reading as reading

TWINS_HOME = {"street": "ul. Lipowa 5/3", "postcode": "00-950", "city": "Warszawa", "country": "PL"}
HUGHES_HOME = {"street": "ul. Polna 12", "postcode": "30-001", "city": "Kraków", "country": "PL"}
CARDS = (
    {"record_id": "twin1", "first_name": "Piotr", "last_name": "Zieliński", "birth_date": "2001-05-05", **TWINS_HOME},
    {"record_id": "twin2", "first_name": "Paweł", "last_name": "Zieliński", "birth_date": "2001-05-05", **TWINS_HOME},
    {"record_id": "father", "first_name": "Robert", "last_name": "Hughes", "birth_date": "1960-03-03", **HUGHES_HOME},
    {"record_id": "son", "first_name": "Robert", "last_name": "Hughes", "birth_date": "1988-07-19", **HUGHES_HOME},
)


def test_scene_h_twins_and_a_parent_and_child_of_one_name(store: Path, town: dict[str, Any]) -> None:
    empty: dict[str, Any] = dict.fromkeys(town["loyalty"][0])
    limits = [omniid.disagree("first_name"), omniid.disagree("birth_date")]
    with omniid.open(store) as resolver:
        resolver.apply(resolver.what_if(limits=limits))
        for cards in (CARDS, CARDS[::-1]):
            for card in cards:
                resolver.upsert({**empty, **card}, source="loyalty")
            named = reading.ids(resolver)
            names = [named["loyalty", card["record_id"]] for card in CARDS]
            assert len(set(names)) == 4
            profiles = {name: resolver.get_profile(entity_id=name) for name in names}
            assert {profiles[name]["first_name"] for name in names[:2]} == {"Piotr", "Paweł"}
            assert {profiles[name]["birth_date"] for name in names[2:]} == {"1960-03-03", "1988-07-19"}
            assert not resolver.rebuild()
            resolver.delete([("loyalty", card["record_id"]) for card in cards])
