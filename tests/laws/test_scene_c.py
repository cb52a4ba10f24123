"""Scene C: a mailbox and a mobile that the whole town uses, and a customer who orders a lot without saying who he is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid import Email, Identifier, PersonName, Phone, Spec
from omniid.evidence import classify_values, thresholds_for
from omniid.sharing import value_classes_table
from omniid.tables import RecordTable

FIELDS = [Email(), Phone(), PersonName(full="name")]
NAMES = """\
Anna Boris Carla David Emma Farid Grace Hiro Ines Jonas Karol Lena Marek Nadia Omar Petra Quentin Rosa Stefan Tanya
Kowalska Orlov Rossi Smith Weber Rezaei Okafor Tanaka Garcia Lindqvist Dubois Novak Haddad Murphy Silva"""
FIRST, LAST = (line.split() for line in NAMES.splitlines())
TOWN = [f"{first} {last}" for first in FIRST for last in LAST]  # 300 different customers
MAILBOX, MOBILE = "office@corner-shop.example", "+48 601 234 567"
EARLY = [
    {"id": "crm1", "name": "Zofia Wrona", "email": MAILBOX, "phone": None},
    {"id": "web1", "name": None, "email": MAILBOX, "phone": None},
    {"id": "crm2", "name": "Yusuf Demir", "email": None, "phone": MOBILE},
    {"id": "web2", "name": None, "email": None, "phone": MOBILE},
]
OTHERS = [
    {"id": f"o{i}{j}", "name": name, "email": f"{i}@own.example", "phone": None}
    for i, name in enumerate(TOWN[::7])
    for j in range(2)
]
FLOOD = [{"id": f"m{i}", "name": name, "email": MAILBOX} for i, name in enumerate(TOWN)]
FLOOD += [{"id": f"p{i}", "name": name, "phone": MOBILE} for i, name in enumerate(TOWN)]
FAMILY = ("Leo", "Mia", "Ida")
ORDERS = [{"id": "vip", "name": "Ada Adams", "email": "ada@adams.example"}]
ORDERS += [{"id": f"order{i}", "name": None, "email": "ada@adams.example"} for i in range(200)]


def same(found: omniid.Resolution, one: str, other: str) -> bool:
    entity = {row["record_id"]: row["entity_id"] for row in found.table("crosswalk").to_pylist()}
    return bool(entity[one] == entity[other])


@pytest.fixture(scope="module")
def before() -> omniid.Resolution:
    return omniid.resolve([*EARLY, *OTHERS], Spec(fields=FIELDS))


def test_scene_c_before_the_flood_the_mailbox_and_the_mobile_join(before: omniid.Resolution) -> None:
    assert same(before, "crm1", "web1")
    assert same(before, "crm2", "web2")
    assert before.table("value_classes").num_rows == 0


@pytest.mark.parametrize("is_frozen", [True, False], ids=["frozen model", "new model"])
def test_scene_c_after_the_flood_both_are_generic_and_join_nobody(before: omniid.Resolution, is_frozen: bool) -> None:
    found = omniid.resolve([*EARLY, *OTHERS, *FLOOD], Spec(fields=FIELDS), model=before.model if is_frozen else None)
    assert not same(found, "crm1", "web1")
    assert not same(found, "crm2", "web2")
    listed = {row["value"]: row for row in found.table("value_classes").to_pylist()}
    assert {(value, row["class"]) for value, row in listed.items()} == {(MAILBOX, "shared"), ("+48601234567", "shared")}
    assert listed[MAILBOX]["records"] == 302
    assert listed[MAILBOX]["people"] > 250  # names that sound alike count once
    assert "more than the 6 of a household" in listed[MAILBOX]["reason"]
    assert found.summary.generic == {"email": 1, "phone": 1}
    names = {}
    for row in found.table("crosswalk").to_pylist():
        names.setdefault(row["entity_id"], set()).add(row["record_id"])
    holders = [{record for record in records if record[0] in "mp"} for records in names.values()]
    assert max(len({TOWN[int(record[1:])] for record in records}) for records in holders) == 1
    again = omniid.resolve([*EARLY, *OTHERS], Spec(fields=FIELDS), model=found.model)
    assert same(again, "crm1", "web1")  # both ways: the flood goes, and the value is personal again
    assert again.table("value_classes").num_rows == 0


def test_scene_c_a_customer_of_two_hundred_nameless_orders_keeps_his_mailbox() -> None:
    found = omniid.resolve([*ORDERS, *OTHERS], Spec(fields=FIELDS))
    assert all(same(found, "vip", f"order{i}") for i in range(200))
    assert found.table("value_classes").num_rows == 0


def test_a_value_of_many_nameless_records_joins_none_of_them_on_its_own() -> None:
    nameless = [row for row in ORDERS if row["id"] != "vip"]
    for spec in (Spec(fields=FIELDS), Spec(fields=FIELDS, link_at=-3.0)):
        found = omniid.resolve([*nameless, *OTHERS], spec)
        assert not same(found, "order0", "order1")
        (listed,) = found.table("value_classes").to_pylist()
        assert (listed["class"], listed["people"], listed["records"]) == ("weak", None, 200)
        frozen = omniid.resolve([*ORDERS, *OTHERS], Spec(fields=FIELDS), model=found.model)
        assert same(frozen, "order0", "order1")  # a record with a name says whose it is


def test_a_frozen_model_that_never_saw_a_weak_value_still_does_not_let_it_link_alone() -> None:
    model = omniid.resolve(OTHERS, Spec(fields=FIELDS)).model
    nameless = [row for row in ORDERS if row["id"] != "vip"]
    found = omniid.resolve([*OTHERS, *nameless], Spec(fields=FIELDS), model=model)
    assert not same(found, "order0", "order1")


@pytest.mark.parametrize(("most", "joined"), [(2, False), (3, True)])
def test_the_threshold_is_declared_and_frozen_in_the_model(most: int, joined: bool) -> None:
    family = [
        {"id": f"f{i}", "name": f"{name} Berg", "email": "berg@home.example"} for i, name in enumerate(("Leo", "Mia", "Ida"))
    ]
    spec = Spec(fields=FIELDS, people_at_most={"email": most})
    found = omniid.resolve([*family, *OTHERS], spec)
    assert found.table("value_classes")["class"].to_pylist() == ["household" if joined else "shared"]
    frozen = omniid.resolve([*family, *OTHERS], Spec(fields=FIELDS), model=found.model)
    assert frozen.model.people_at_most["email"] == most
    assert frozen.table("value_classes").equals(found.table("value_classes"))


def test_placeholders_are_listed_with_their_reasons() -> None:
    rows = [{"id": str(i), "name": "Ann Lee", "email": "test@test.com", "phone": "+48000000000"} for i in range(3)]
    listed = omniid.resolve(rows, Spec(fields=FIELDS)).table("value_classes").to_pylist()
    assert [(row["field"], row["value"], row["class"], row["records"]) for row in listed] == [
        ("email", "test@test.com", "placeholder", 3),
        ("phone", "+48000000000", "placeholder", 3),
    ]
    assert all(row["reason"] for row in listed)


SPEC = Spec(fields=[Email(), PersonName(), Identifier("login", kind="login")])
rows = st.lists(
    st.fixed_dictionaries(
        {
            "email": st.sampled_from([None, "a@x.com", "b@x.com"]),
            "first_name": st.sampled_from([None, "ann", "tom", "eve", "raj"]),
            "last_name": st.sampled_from([None, "lee", "stone", "hart"]),
            "login": st.sampled_from([None, None, "u1", "u2"]),
        }
    ),
    max_size=14,
)


@given(rows, st.randoms(use_true_random=False))
def test_classes_depend_on_neither_order_nor_keys(people, random) -> None:
    spec = SPEC.replace(people_at_most={"email": 2}, rows_above=4)

    def listed() -> list[dict[str, object]]:
        named = [{"record_id": f"{i:02}", **row} for i, row in enumerate(people)]
        table = RecordTable.of(named or [{"record_id": "0", "email": None}])
        return value_classes_table(table, classify_values(table, spec, thresholds_for(spec))).to_pylist()

    first = listed()
    random.shuffle(people)
    assert listed() == first
