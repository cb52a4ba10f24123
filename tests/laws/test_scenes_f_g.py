"""Scenes F (a proxy phone that 500 buyers share) and G (one person in two scripts)."""

import pytest

import omniid
from omniid import Email, Identifier, PersonName, Phone, Source, Spec

PEOPLE = """Anna Kowalska, Boris Orlov, Carla Rossi, David Smith, Emma Weber, Farid Rezaei, Grace Okafor,
Hiro Tanaka, Ines Garcia, Jonas Lindqvist, Karim Haddad, Laura Novak, Miguel Torres, Nadia Petrova,
Oscar Nilsson, Paula Costa, Quentin Dubois, Rosa Marino, Samuel Green, Tomasz Zielinski"""
NAMES = [tuple(name.split()) for name in PEOPLE.split(",")]
LINE = "+48 22 219 01 01"


def entities(found: omniid.Resolution) -> dict[tuple[str, str], str]:
    table = found.table("crosswalk").to_pydict()
    return dict(zip(zip(table["source"], table["record_id"], strict=True), table["entity_id"], strict=True))


def buyers() -> list[dict[str, str]]:
    """500 buyers, all with the marketplace's own phone; a third of them gave no name."""
    rows = []
    for number in range(500):
        first, last = NAMES[number % 20][0], NAMES[number // 20 % 20][1]
        name = {} if number % 3 == 0 else {"first_name": first, "last_name": last}
        rows.append({"id": f"B{number}", "buyer": f"MKT-{number * 7919 % 100003:06d}", "line": LINE, **name})
    return rows


@pytest.mark.parametrize("kind", ["proxy_phone", "call_center_line"])
def test_f_a_proxy_phone_shared_by_500_buyers_joins_nobody(kind: str) -> None:
    fields = [Identifier("buyer", kind="marketplace_buyer"), Identifier("line", kind=kind), PersonName()]
    found = omniid.resolve({"market": buyers()}, Spec(sources={"market": Source(region="PL")}, fields=fields))
    shared = [one for one in found.profiles if one["records"] > 1]
    # Buyers of one name may be one person by their names; the line joins nobody, least of all those who gave no name.
    assert all(one["first_name"] for one in shared)
    nameless = [one for one in found.profiles if one["first_name"] is None]
    assert len(nameless) == 167
    assert {one["line"] for one in nameless} == {"+48222190101"}
    alone = omniid.resolve({"market": buyers()}, Spec(sources={"market": Source(region="PL")}, fields=[fields[0], fields[2]]))
    assert entities(found) == entities(alone)


def test_f_a_proxy_phone_that_nobody_declared_joins_nobody_either() -> None:
    fields = [Identifier("buyer", kind="marketplace_buyer"), Phone("line"), PersonName()]
    found = omniid.resolve({"market": buyers()}, Spec(sources={"market": Source(region="PL")}, fields=fields))
    assert len([one for one in found.profiles if one["first_name"] is None]) == 167
    assert max(one["records"] for one in found.profiles) <= 2


def test_f_inference_takes_it_for_what_it_is() -> None:
    rows = [{**row, "proxy phone": row.pop("line")} for row in buyers()]
    assert Identifier("proxy_phone", kind="proxy_phone") in omniid.infer_spec(rows).fields


def others(at: int) -> list[dict[str, str]]:
    return [
        {
            "id": f"o{n}",
            "name": " ".join(name),
            "phone": f"+4850123{at}{n:03d}",
            "email": f"{name[0]}.{name[1]}{at}@example.com",
        }
        for n, name in enumerate(NAMES)
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Анна Кузнецова", "phone": "8 (916) 200-00-01"}, {"name": "Anna Kuznetsova", "phone": "+79162000001"}),
        ({"name": "Łukasz Wójcik", "phone": "+48 601 222 333"}, {"name": "Lukasz Wojcik", "phone": "601222333"}),
        ({"name": "Łukasz Wójcik", "email": "l.w@example.pl"}, {"name": "WOJCIK LUKASZ", "email": "L.W@example.pl"}),
        ({"name": "محمد رضایی", "phone": "۰۹۱۲۱۲۳۴۵۶۷"}, {"name": "Mohammad Rezaei", "phone": "+98 912 123 4567"}),
        ({"name": "محمد رضایی", "email": "m.rezaei@example.ir"}, {"name": "Mohammad Rezaei", "email": "M.Rezaei@example.ir"}),
    ],
)
def test_g_one_person_in_two_scripts_is_one_profile(one: dict[str, str], other: dict[str, str]) -> None:
    region = "IR" if "محمد" in one["name"] else "PL" if "uk" in one["name"] else "RU"
    spec = Spec(
        sources={"shop": Source(region=region), "web": Source(region=region)},
        fields=[PersonName(full="name"), Phone(), Email()],
    )
    found = omniid.resolve({"shop": [*others(1), {"id": "x", **one}], "web": [*others(2), {"id": "y", **other}]}, spec)
    by_key = entities(found)
    assert by_key["shop", "x"] == by_key["web", "y"]
    assert next(profile["records"] for profile in found.profiles if profile["entity_id"] == by_key["shop", "x"]) == 2


def test_g_nothing_has_to_be_declared() -> None:
    shop = [{"id": "x", "имя": "Анна Кузнецова", "телефон": "8 (916) 200-00-01"}]
    web = [{"id": "y", "name": "Anna Kuznetsova", "phone": "+79162000001"}]
    assert len(set(entities(omniid.resolve({"shop": shop, "web": web})).values())) == 1
