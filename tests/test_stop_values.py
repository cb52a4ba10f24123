"""Declared stop values: null to every stage, kept as sent, listed; those that ship can be taken back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid import Date, Email, Identifier, PersonName, Phone, Spec, SpecError
from omniid.fields import roles
from omniid.normalization import normalize
from omniid.stop_values import settle_stop_values, with_stop_values
from omniid.tables import FieldPlan, RecordTable

FIELDS = {
    "email": Email("x"),
    "phone": Phone("x"),
    "whatsapp": Identifier("x", kind="whatsapp"),
    "loyalty": Identifier("x", kind="loyalty"),
    "vk": Identifier("x", kind="vk"),
}


def stopped(kind: str, value: str | list[str], declared: dict[str, list[str]]) -> RecordTable:
    field = FIELDS[kind]
    table = normalize(
        RecordTable.of([{"record_id": "1", "x": value}]), [FieldPlan(field.normalizer, roles(field), {"records": "PL"})]
    )
    return with_stop_values(table, settle_stop_values(declared, [field]), [field], {"records": "PL"})


@pytest.mark.parametrize(
    ("kind", "value", "declared"),
    [
        ("phone", "+48 22 219-01-01", {"phone": ["22 219 01 01"]}),
        ("whatsapp", "+48 22 219-01-01", {"phone": ["222190101"]}),
        ("whatsapp", "+48 22 219-01-01", {"whatsapp": ["*219-01-01"]}),
        ("email", "Sales@Shop.example.com", {"email": ["sales@shop.example.com"]}),
        ("email", "no@noreply.example.com", {"email": ["*@noreply.*"]}),
        ("email", "Anna.K@gmail.com", {"email": ["annak@gmail.com"]}),
        ("loyalty", "99-9999-7", {"loyalty": ["/9{6}7/"]}),
        ("loyalty", "STAFF 17", {"loyalty": ["staff*"]}),
        ("vk", "vk.com/id777", {"vk": ["777"]}),
    ],
)
def test_a_declared_value_is_null_and_listed_and_kept_as_sent(kind: str, value: str, declared: dict[str, list[str]]) -> None:
    assert stopped(kind, value, {}).columns["x"].entries_of(0) != [None]
    table = stopped(kind, value, declared)
    assert (table.columns["x"].entries_of(0), table.display["x"].entries_of(0)) == ([None], [None])
    assert table.raw["x"].entries_of(0) == [value]
    assert table.rejects.select(["field", "record_id", "reason"]).to_pylist() == [
        {"field": "x", "record_id": "1", "reason": "stop value: declared"}
    ]


@pytest.mark.parametrize(
    ("kind", "value", "declared"),
    [
        ("phone", "+48 22 219-01-02", {"phone": ["22 219 01 01"]}),
        ("phone", "+48 22 219-01-01", {"email": ["*"]}),
        ("loyalty", "X STAFF 17", {"loyalty": ["staff*"]}),
        ("loyalty", "a+b", {"loyalty": ["aab"]}),
        ("loyalty", "STAFF 17", {"loyalty": ["staff*", "!staff 17"]}),
    ],
)
def test_other_values_stay(kind: str, value: str, declared: dict[str, list[str]]) -> None:
    table = stopped(kind, value, declared)
    assert table.columns["x"].entries_of(0) != [None]
    assert table.rejects.num_rows == 0


@pytest.mark.parametrize(
    ("kind", "value", "normal"),
    [
        ("loyalty", "1111", "1111"),
        ("loyalty", "anonymous", "anonymous"),
        ("loyalty", "-1", "1"),
        ("phone", "+48 111 111 111", "+48111111111"),
        ("phone", "1111111", "+481111111"),
        ("email", "noreply@example.com", "noreply@example.com"),
        ("vk", "guest", "guest"),
    ],
)
def test_what_the_package_ships_can_be_taken_back(kind: str, value: str, normal: str) -> None:
    for taken_back in (f"!{value}", "!*"):
        table = stopped(kind, value, {kind: [taken_back]})
        assert table.columns["x"].entries_of(0) == [normal]
        assert table.rejects.num_rows == 0


def test_only_what_is_taken_back_comes_back() -> None:
    table = stopped("loyalty", ["1111", "0000", "L-47", "x"], {"loyalty": ["!1111", "L-47"]})
    assert table.columns["x"].entries_of(0) == ["1111", None, None, "x"]
    assert table.display["x"].entries_of(0) == ["1111", None, None, "x"]
    assert table.columns["x"].vocabulary.to_pylist() == sorted(table.columns["x"].vocabulary.to_pylist())


@given(st.lists(st.text("019a-", max_size=5), max_size=5), st.lists(st.text("019a-", min_size=1, max_size=5), max_size=3))
def test_nothing_is_dropped_and_nothing_else_is_touched(values: list[str], stops: list[str]) -> None:
    before, after = stopped("loyalty", values, {}), stopped("loyalty", values, {"loyalty": stops})
    assert before.raw["x"].entries_of(0) == after.raw["x"].entries_of(0)
    forms = {value for stop in stops for value in stopped("loyalty", stop, {}).columns["x"].entries_of(0)} | set(stops)
    for one, other in zip(before.columns["x"].entries_of(0), after.columns["x"].entries_of(0), strict=True):
        assert other == one or (other is None and one is not None)
        assert not (one in forms and other is not None)
    lost = sum(one != other for one, other in zip(*(t.columns["x"].entries_of(0) for t in (before, after)), strict=True))
    assert after.rejects.num_rows == before.rejects.num_rows + lost


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"phon": ["1"]}, "did you mean 'phone'"),
        ({"phone": "1"}, "give a list, even of one"),
        ({"phone": None}, "give a list, even of one"),
        (["1"], "map kinds to lists"),
        ({"phone": [1]}, "is no text"),
        ({"phone": ["!"]}, "is no text"),
        ({"phone": ["/(/"]}, "is no regular expression"),
    ],
)
def test_what_is_no_stop_value_is_refused(declared: dict[str, list[str]], says: str) -> None:
    with pytest.raises(SpecError, match=says):
        Spec(fields=[Phone()], stop_values=declared)


def test_any_field_may_have_stop_values() -> None:
    spec = Spec(
        fields=[PersonName(), Date("birth_date"), Identifier("badge", kind="badge", behavior="weak")],
        stop_values={"first_name": ["Shop"], "birth_date": ["1.1.1990"], "badge": [re.compile("b.*")]},
    )
    rows = [
        {"id": "1", "first_name": "Shop", "last_name": "Weber", "birth_date": "1990-01-01", "badge": "B7"},
        {"id": "2", "first_name": "Ann"},
    ]
    found = omniid.resolve(rows, spec)
    assert found.parts.records.rejects["field"].to_pylist() == ["first_name", "birth_date", "badge"]
    assert all(found.parts.evidence.columns[name].entries_of(0) == [None] for name in ("first_name", "birth_date", "badge"))
    assert Spec.from_dict(spec.to_dict()) == spec
