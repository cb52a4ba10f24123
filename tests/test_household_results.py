"""Households and relations of a result: frames, ids, what is saved, and people left as they are."""

import pytest

import omniid
from omniid import Resolution, resolve

FIELDS = ("id", "first_name", "last_name", "birth_date", "street", "postcode", "email", "gender")
ROWS = [
    dict(zip(FIELDS, row, strict=True))
    for row in (
        ("h1", "Jan", "Kowalski", "1970-02-01", "ul. Lipowa 5/3", "00-950", "jan@x.com", "m"),
        ("h2", "Maria", "Kowalska", "1972-08-15", "ul. Lipowa 5/3", "00-950", "maria@x.com", "f"),
        ("h3", "Ewa", "Kowalska", "1999-03-30", "ul. Lipowa 5/3", "00-950", "ewa@x.com", "f"),
        ("h4", "Ewa", "Kowalska", "1999-03-30", None, None, "ewa@x.com", None),
        ("t1", "Piotr", "Zielinski", "2001-05-05", "ul. Polna 8", "30-001", "piotr@x.com", "m"),
        ("t2", "Adam", "Zielinski", "2001-05-05", "ul. Polna 8", "30-001", "adam@x.com", "m"),
        ("x1", "Tom", "Hardy", "1960-01-01", "ul. Polna 9", "30-001", "tom@x.com", "m"),
        ("x2", "Mia", "Chen", "1990-09-09", None, None, "mia@x.com", "f"),
    )
]


@pytest.fixture(scope="module")
def found() -> Resolution:
    spec = omniid.infer_spec(ROWS)
    return resolve(ROWS, spec.replace(limits=[omniid.disagree("first_name")]))


@pytest.fixture(scope="module")
def entity(found: Resolution) -> dict[str, str]:
    return {row["record_id"]: row["entity_id"] for row in found.crosswalk}


def test_who_lives_with_whom(found: Resolution, entity: dict[str, str]) -> None:
    assert len(set(entity.values())) == 7
    home = {row["entity_id"]: (row["household_id"], row["size"]) for row in found.households}
    assert set(home) == set(entity.values())
    families = [
        {home[entity[record]] for record in records} for records in (("h1", "h2", "h3", "h4"), ("t1", "t2"), ("x1",), ("x2",))
    ]
    assert [[size for _, size in one] for one in families] == [[3], [2], [1], [1]]
    assert len({identity for one in families for identity, _ in one}) == 4
    assert not {identity for identity, _ in home.values()} & set(entity.values())


def test_profiles_bear_their_household(found: Resolution) -> None:
    home = {row["entity_id"]: row["household_id"] for row in found.households}
    assert {row["entity_id"]: row["household_id"] for row in found.profiles} == home


def test_relations_are_said_in_words(found: Resolution, entity: dict[str, str]) -> None:
    told = {frozenset((row["left_entity_id"], row["right_entity_id"])): row for row in found.relations}
    couple = told[frozenset((entity["h1"], entity["h2"]))]
    assert (couple["relation"], couple["years_apart"], couple["elder_entity_id"]) == ("spouse", 2.5, None)
    assert couple["evidence"] == ["address", "last_name"]
    expected = "born 3 years apart; same address and surname; of like age, and both the age of parents of one they live with"
    assert couple["reason"] == expected
    child = told[frozenset((entity["h1"], entity["h3"]))]
    assert (child["relation"], child["elder_entity_id"]) == ("parent and child", entity["h1"])
    twins = told[frozenset((entity["t1"], entity["t2"]))]
    assert (twins["relation"], twins["reason"]) == ("twin", "born on one day; same address and surname; different first names")
    home = {row["entity_id"]: row["household_id"] for row in found.households}
    assert twins["household_id"] == home[entity["t1"]]
    assert len(told) == 4


def test_ids_depend_on_the_smallest_key_alone(found: Resolution) -> None:
    again = resolve(ROWS[::-1], found.spec)
    assert again.households == found.households
    assert again.relations == found.relations
    fewer = resolve([row for row in ROWS if row["id"] != "h3"], found.spec, model=found.model)
    first = {row["entity_id"]: row["household_id"] for row in found.households}
    kept = {row["entity_id"]: row["household_id"] for row in fewer.households}
    assert {one: kept[one] for one in kept if one in first} == {one: first[one] for one in kept if one in first}


def test_the_summary_counts_households(found: Resolution) -> None:
    assert (found.summary.households, found.summary.largest_household) == (4, 3)
    assert "households" in str(found)


def test_saved_and_opened_again(found: Resolution, tmp_path) -> None:
    found.save(tmp_path, format="csv")
    assert (tmp_path / "households.csv").read_text().startswith('"household_id","entity_id","size"')
    opened = omniid.load(tmp_path)
    assert opened.table("households").equals(found.table("households"))
    assert opened.table("relations").equals(found.table("relations"))


def test_records_without_names_or_addresses() -> None:
    bare = resolve([{"id": "1", "email": "a@x.com"}, {"id": "2", "email": "b@x.com"}])
    assert [row["size"] for row in bare.households] == [1, 1]
    assert list(bare.relations) == []


def test_anonymous_entities_have_no_household() -> None:
    visits = [{"id": f"v{at}", "cookie": "kiosk", "email": None, "name": None} for at in range(3)]
    people = [
        {"id": "p1", "cookie": "kiosk", "email": "ann@x.com", "name": "Ann Lee"},
        {"id": "p2", "cookie": "kiosk", "email": "tom@x.com", "name": "Tom Ray"},
    ]
    found = resolve(visits + people)
    kinds = {row["entity_id"]: row["entity_kind"] for row in found.crosswalk}
    assert set(kinds.values()) == {"person", "anonymous"}
    assert {row["entity_id"] for row in found.households} == {one for one, kind in kinds.items() if kind == "person"}
    assert {row["entity_kind"] for row in found.profiles if row["household_id"] is None} == {"anonymous"}
    assert found.summary.households == len(found.households)
