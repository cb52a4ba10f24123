"""Scene C, live: a mailbox and a mobile turn generic when the town's customers arrive, and personal again when they leave."""

from pathlib import Path

import pytest

import omniid
from omniid import Email, Model, PersonName, Phone, Resolver, Spec
from oracle import live_reading as reading

NAMES = """\
Anna Boris Carla David Emma Farid Grace Hiro Ines Jonas Karol Lena Marek Nadia Omar Petra Quentin Rosa Stefan Tanya
Kowalska Orlov Rossi Smith Weber Rezaei Okafor Tanaka Garcia Lindqvist Dubois Novak Haddad Murphy Silva"""
FIRST, LAST = (line.split() for line in NAMES.splitlines())
TOWN = [f"{first} {last}" for first in FIRST for last in LAST]  # 300 different customers
MAILBOX, MOBILE = "office@corner-shop.example", "+48 601 234 567"
SPEC = Spec(fields=[Email(), Phone(), PersonName(full="name")], incremental=True)
CRM1, WEB1, CRM2, WEB2 = (("records", name) for name in ("crm1", "web1", "crm2", "web2"))


def record(record_id: str, **told: str) -> dict[str, str | None]:
    return {"id": record_id, **dict.fromkeys(("name", "email", "phone")), **told}


EARLY = [
    record("crm1", name="Zofia Wrona", email=MAILBOX),
    record("web1", email=MAILBOX),
    record("crm2", name="Yusuf Demir", phone=MOBILE),
    record("web2", phone=MOBILE),
]
OTHERS = [record(f"o{i}{j}", name=name, email=f"{i}@own.example") for i, name in enumerate(TOWN[::7]) for j in range(2)]
FLOOD = [record(f"m{i}", name=name, email=MAILBOX) for i, name in enumerate(TOWN)]
FLOOD += [record(f"p{i}", name=name, phone=MOBILE) for i, name in enumerate(TOWN)]


@pytest.fixture(scope="module")
def model() -> Model:
    return omniid.resolve([*EARLY, *OTHERS], SPEC).model


def early(path: Path | str, model: Model) -> Resolver:
    resolver = omniid.open(path, SPEC, model=model)
    resolver.upsert([*EARLY, *OTHERS])
    return resolver


def test_scene_c_a_mailbox_and_a_mobile_turn_generic_late_and_personal_again(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    resolver = early(path, model)
    first = reading.ids(resolver)
    assert first[CRM1] == first[WEB1]
    assert first[CRM2] == first[WEB2]
    since = resolver.cursor
    for start in range(0, len(FLOOD), 100):
        resolver.upsert(FLOOD[start : start + 100])
    named = reading.ids(resolver)
    assert named[CRM1] != named[WEB1]
    assert named[CRM2] != named[WEB2]
    splits = {name: became for kind, name, _, became in reading.feed(resolver, since=since) if kind == "split"}
    for one, other in ((CRM1, WEB1), (CRM2, WEB2)):
        assert {named[one], named[other]} <= splits[first[one]]
    assert {row["cause"] for row in reading.rows(resolver.changes(since=since)) if row["kind"] == "split"} == {"record"}
    holders = reading.groups(resolver).values()
    assert max(len({TOWN[int(key[1][1:])] for key in members if key[1][0] in "mp"}) for members in holders) == 1
    resolver.close()
    with omniid.open(path) as resolver:
        assert reading.ids(resolver) == named
        assert not resolver.rebuild()
        resolver.delete([("records", str(row["id"])) for row in FLOOD])
        again = reading.ids(resolver)
        assert again == first
        assert not resolver.rebuild()


def test_scene_c_a_customer_of_two_hundred_nameless_orders_keeps_his_mailbox(model: Model) -> None:
    with early(":memory:", model) as resolver:
        resolver.upsert(record("vip", name="Ada Adams", email="ada@adams.example"))
        for start in range(0, 200, 40):
            resolver.upsert([record(f"order{i}", email="ada@adams.example") for i in range(start, start + 40)])
        named = reading.ids(resolver)
        assert {named["records", f"order{i}"] for i in range(200)} == {named["records", "vip"]}
        resolver.delete([("records", "vip")])  # now nobody says whose it is: 200 nameless records are not one person
        assert len({name for key, name in reading.ids(resolver).items() if key[1].startswith("order")}) == 200
        resolver.upsert(record("vip", name="Ada Adams", email="ada@adams.example"))
        assert reading.ids(resolver) == named
