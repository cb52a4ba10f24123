"""Scene I, live: one customer in five channels becomes one profile as her records come in; the shop finds her by phone."""

from pathlib import Path
from typing import Any

import omniid
from oracle import live_reading as reading

PHONE, EMAIL = "+48 605 717 828", "ewa.sobolewska@example.com"
TOLD: dict[str, dict[str, Any]] = {
    "app": {"record_id": "ewa", "login_id": "u70000001", "device_id": "0c0ffee000000001", "email": EMAIL, "first_name": "Ewa"}
    | {"last_name": "Sobolewska", "birth_date": None, "updated_at": "2018-06-01T10:00:00Z"},
    "messenger": {"id": "ewa", "whatsapp": PHONE, "display_name": "Ewa", "last_message_at": "2018-06-02T10:00:00Z"},
    "call_centre": {"id": "ewa", "caller_phone": "605 717 828", "caller_name": "Ewa Sobolewska", "dob": None}
    | {"called_at": "03.06.2018 10:00"},
    "web": {"id": "ewa", "email": EMAIL.upper(), "name": "Sobolewska Ewa", "cookie": "0c0ffee0cookie01", "phone": "605717828"}
    | {"country": "PL", "updated_at": "2018-06-04T10:00:00Z"},
    "shop": {"id": "ewa", "card_no": None, "phone": PHONE, "customer_name": "E. Sobolewska", "city": "Warszawa"}
    | {"sold_at": "05.06.2018 12:00"},
}


def test_scene_i_five_channels_one_profile_and_the_shop_finds_it_by_phone(store: Path) -> None:
    with omniid.open(store) as resolver:
        assert resolver.lookup(phone=PHONE).entity_id is None  # first contact: nobody yet
        since = resolver.cursor
        for source in ("app", "messenger"):
            resolver.upsert(TOLD[source], source=source)
        named = reading.ids(resolver)
        assert named["app", "ewa"] != named["messenger", "ewa"]  # nothing in common but a first name
        for source in ("call_centre", "web"):
            resolver.upsert(TOLD[source], source=source)
        both = frozenset((named["app", "ewa"], named["messenger", "ewa"]))
        assert ("merged", named["app", "ewa"], both, frozenset([named["app", "ewa"]])) in reading.feed(resolver, since=since)
    with omniid.open(store) as resolver:  # at the till, another process
        found = resolver.lookup(phone=PHONE)
        assert found.exact
        assert found.profile is not None
        assert (found.profile["first_name"], found.profile["last_name"]) == ("Ewa", "Sobolewska")
        assert set(found.profile["sources"]) == {"app", "call_centre", "messenger", "web"}
        resolver.upsert(TOLD["shop"], source="shop")
        for asked in ({"phone": PHONE}, {"email": EMAIL}, {"login": "u70000001"}):
            found = resolver.lookup(**asked)
            assert found.entity_id == named["app", "ewa"]
            assert found.profile is not None
            assert set(found.profile["sources"]) == set(TOLD)
            assert found.profile["records"] == 5
        assert resolver.lookup(phone="+48 605 717 829").entity_id is None
        assert not resolver.rebuild()
