"""Limits compiled for data, and what they do to a whole run."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA_py

from omniid import (
    Address,
    Attribute,
    Date,
    Decision,
    Email,
    Identifier,
    PersonName,
    Phone,
    Resolution,
    Spec,
    SpecError,
    Timestamp,
    at_most,
    disagree,
    one_per_source,
    resolve,
    unique,
)
from omniid.comparison import JaroWinkler, level_holds
from omniid.limit_plans import compile_limits, disagreement, more_than_one_edit
from omniid.tables import CountLimit, RecordTable

TABLE = RecordTable.of(
    [
        {"record_id": "1", "source": "crm", "email": ["a@x.com", "b@x.com"], "passport": "P2", "old_passport": "P1"},
        {"record_id": "2", "source": "web", "email": "b@x.com", "passport": "P1", "old_passport": None, "city": "Omsk"},
    ]
)
FIELDS = [Email(), Identifier("passport", kind="passport"), Identifier("old_passport", kind="passport"), Attribute("city")]


def compiled(limit, fields=FIELDS, table=TABLE):
    kinds = {column: kind for field in fields for column, kind in field.columns().items() if column in table.columns}
    comparisons = [one for field in fields for one in field.comparisons(kinds)]
    (found,) = compile_limits([limit], fields, table, comparisons)
    return found


def entries(limit, **options):
    found = compiled(limit, **options)
    values = found.values.to_pylist()
    assert values == sorted(values)
    return {(int(row), values[code]) for row, code in zip(found.limit.rows, found.limit.codes, strict=True)}


@pytest.mark.parametrize("limit", [at_most("passport", 1), unique("passport")], ids=str)
def test_a_limit_on_a_kind_reads_all_its_columns(limit) -> None:
    assert entries(limit) == {(0, "P1"), (0, "P2"), (1, "P1")}
    assert compiled(limit).limit.fields == ("passport", "old_passport")


def test_a_limit_on_one_field_reads_one_column() -> None:
    assert entries(disagree("old_passport")) == {(0, "P1")}
    assert entries(at_most("old_passport", 1)) == {(0, "P1")}


def test_all_values_of_a_cell_count() -> None:
    assert entries(at_most("email", 1)) == {(0, "a@x.com"), (0, "b@x.com"), (1, "b@x.com")}


def test_a_kind_of_field_is_found_under_any_column_name() -> None:
    table = RecordTable.of([{"record_id": "1", "mail": "a@x.com", "given": "ann", "tel": "1", "mobile": "2"}])
    fields = [Email("mail"), PersonName("given", "family"), Phone("tel"), Phone("mobile")]
    assert entries(at_most("email", 1), fields=fields, table=table) == {(0, "a@x.com")}
    assert entries(disagree("first_name"), fields=fields, table=table) == {(0, "ann")}
    assert entries(at_most("phone", 1), fields=fields, table=table) == {(0, "1"), (0, "2")}
    assert entries(at_most("mobile", 1), fields=fields, table=table) == {(0, "2")}


def test_one_per_source_limits_record_ids_and_keeps_copies_apart() -> None:
    found = compiled(one_per_source("crm"))
    assert (found.limit.rows.tolist(), found.values[int(found.limit.codes[0])].as_py()) == ([0], "1")
    assert found.apart.tolist() == [True, False]


def test_a_window_reads_event_times_and_keeps_copies_apart() -> None:
    table = RecordTable.of([{"record_id": "1", "phone": "1"}, {"record_id": "2"}])
    table.time[:] = [7, 8]
    found = compiled(at_most("phone", 1, per="2s"), fields=[Phone()], table=table)
    assert isinstance(found.limit, CountLimit)
    assert (found.limit.times.tolist(), found.limit.window, found.apart.tolist()) == ([7], 2_000_000, [True, False])


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        (at_most("pasport", 1), r"at_most\(pasport, 1\) names no field or identifier kind; .*did you mean 'passport'"),
        (
            unique("loyalty"),
            r"unique\(loyalty\) names no field.*; there are city, email, old_passport, passport",
        ),
        (disagree("first_name"), r"disagree\(first_name\) names no field"),
        (disagree("city"), r"disagree\(city\): no comparison reads city; compared are email, old_passport, passport"),
        (at_most("email", 1, per="1d"), "needs event times, and no record has one: declare Timestamp"),
        (one_per_source("shop"), r"one_per_source\(shop\) names no source; the sources are crm, web"),
        (at_most("attribute", 1), "names no field"),
    ],
    ids=str,
)
def test_a_limit_that_does_not_fit_the_data_is_refused(limit, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        compiled(limit)


def test_a_limit_that_comes_twice_is_compiled_once() -> None:
    """A field may declare what the spec declares too."""
    assert len(compile_limits([unique("passport"), unique("passport")], FIELDS, TABLE, [])) == 1


# ---------------------------------------------------------------- which values may not meet

TEXTS = st.lists(st.text("abc", min_size=1, max_size=5), min_size=2, max_size=8, unique=True).map(sorted)


@given(TEXTS)
def test_more_than_one_edit_is_what_the_plain_distance_says(texts: list[str]) -> None:
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(texts), 1))
    apart = more_than_one_edit(pa.array(texts, pa.large_string()))(left, right)
    assert apart.tolist() == [OSA_py.distance(texts[a], texts[b]) > 1 for a, b in zip(left, right, strict=True)]


@given(TEXTS)
def test_disagreement_is_level_0_of_the_comparison(texts: list[str]) -> None:
    levels = [JaroWinkler(0.9), JaroWinkler(0.7, name="a little")]
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(texts), 1))
    apart = disagreement(pa.array(texts, pa.large_string()), levels)(left, right)
    wanted = [not any(level_holds(level, texts[a], texts[b]) for level in levels) for a, b in zip(left, right, strict=True)]
    assert apart.tolist() == wanted


@pytest.mark.parametrize(
    ("field", "one", "other", "disagrees"),
    [
        ("first_name", "anna", "maria", True),
        ("first_name", "anna", "ann", False),
        ("first_name", "anna", "a", False),  # an initial
        ("first_name", "william", "bill", False),
        ("last_name", "miller", "kuznetsova", True),
        ("birth_date", "1950-03-01", "1978-11-20", True),
        ("birth_date", "1950-03-01", "1950", False),  # a part of it
        ("email", "ann.lee@x.com", "ann.lee@y.com", False),
        ("email", "ann.lee@x.com", "bob@y.com", True),
        ("postcode", "644001", "644010", False),
        ("postcode", "644001", "101000", True),
        ("city", "omsk", "perm", True),
    ],
)
def test_what_disagrees(field: str, one: str, other: str, disagrees: bool) -> None:
    rows = [{"record_id": str(number), field: value} for number, value in enumerate(sorted([one, other]))]
    fields = [PersonName(), Date(), Email(), Address("street", "city", "postcode")]
    limit = compiled(disagree(field), fields=fields, table=RecordTable.of(rows)).limit
    assert limit.apart(np.array([0], np.int32), np.array([1], np.int32)).tolist() == [disagrees]


# ---------------------------------------------------------------- whole runs

PEOPLE = [
    {"id": "1", "first_name": "Anna", "last_name": "Orlova", "birth_date": "1990-05-17", "email": "orlova@example.com"},
    {"id": "2", "first_name": "Anna", "last_name": "Orlova", "birth_date": "1990-05-17", "email": "orlova@example.com"},
    {"id": "3", "first_name": "Marina", "last_name": "Orlova", "birth_date": "1990-05-17", "email": "orlova@example.com"},
    {"id": "4", "first_name": "Ana", "last_name": "Orlova", "birth_date": "1990-05-17", "email": "orlova@example.com"},
]
SPEC = Spec(fields=[PersonName(), Date(), Email()], link_at=-20.0)  # low: what stays apart does so by a limit


def clusters(found: Resolution) -> list[list[str]]:
    members: dict[str, list[str]] = {}
    for row in found.crosswalk:
        members.setdefault(row["entity_id"], []).append(row["record_id"])
    return sorted(members.values())


def test_scene_h_twins_are_two_people_where_first_names_may_not_disagree() -> None:
    assert clusters(resolve(PEOPLE, SPEC)) == [["1", "2", "3", "4"]]
    found = resolve(PEOPLE, SPEC.replace(limits=[disagree("first_name")]))
    assert clusters(found) == [["1", "2", "4"], ["3"]]
    assert {row["limit"] for row in found.refusals} == {"disagree(first_name)"}
    assert {(row["left_value"], row["right_value"]) for row in found.refusals} == {
        ("ana; anna", "marina"),
        ("marina", "ana; anna"),
    }


def test_a_unique_id_forgives_a_slip_and_no_more() -> None:
    rows = [
        row | {"national_id": value}
        for row, value in zip(PEOPLE, ["79927398", "79927398", "79972398", "11223344"], strict=True)
    ]
    spec = SPEC.replace(fields=[*SPEC.fields, Identifier("national_id", kind="national_id")])
    assert clusters(resolve(rows, spec)) == [["1", "2", "3", "4"]]
    found = resolve(rows, spec.replace(limits=[unique("national_id")]))
    assert clusters(found) == [["1", "2", "3"], ["4"]]
    assert {row["limit"] for row in found.refusals} == {"unique(national_id)"}
    assert len(clusters(resolve(rows, spec.replace(limits=[at_most("national_id", 1)])))) == 3  # counts exact forms


def test_a_window_parts_what_is_held_at_a_time() -> None:
    days = ["2024-01-01", "2024-01-01", "2024-12-31", None]
    phones = ["+7 916 200-00-01", "+7 916 200-00-01", "+7 916 555-12-34", None]
    rows = [row | {"phone": phone, "seen": day} for row, phone, day in zip(PEOPLE, phones, days, strict=True)]
    spec = SPEC.replace(fields=[*SPEC.fields, Phone(), Timestamp("seen")])
    assert clusters(resolve(rows, spec.replace(limits=[at_most("phone", 1, per="364d")]))) == [["1", "2", "3", "4"]]
    found = resolve(rows, spec.replace(limits=[at_most("phone", 1, per="365d")]))  # 2024 is a leap year: both ends count
    assert clusters(found) in ([["1", "2", "4"], ["3"]], [["1", "2"], ["3", "4"]])
    assert {row["limit"] for row in found.refusals} == {"at_most(phone, 1, per=365d)"}


def test_a_decision_overrides_every_limit() -> None:
    limits = [disagree("first_name"), at_most("first_name", 1)]
    decisions = [Decision("MUST_LINK", (("records", "1"),), (("records", "3"),), time="2026-05-01")]
    found = resolve(PEOPLE, SPEC.replace(limits=limits), decisions=decisions)
    together = next(members for members in clusters(found) if "1" in members)
    assert together == ["1", "2", "3"]  # 4 would bring a new first name
    assert found.parts.clustering.overridden == (0,)


@pytest.mark.parametrize("limit", [disagree("first_name"), unique("email"), at_most("email", 1, per="1d")], ids=str)
def test_no_order_of_records_matters_under_limits(limit) -> None:
    rows = [row | {"seen": f"2024-01-0{number}"} for number, row in enumerate(PEOPLE, 1)]
    spec = SPEC.replace(fields=[*SPEC.fields, Timestamp("seen")], limits=[limit])
    first, again = (resolve(order, spec) for order in (rows, rows[::-1]))
    assert clusters(first) == clusters(again)
    assert first.table("refusals").equals(again.table("refusals"))
