"""The whole pipeline against its tiny twin, and the laws that hold from end to end."""

import random
from collections.abc import Mapping
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid import Attribute, Comparison, Date, Email, Model, PersonName, Spec, all_pairs, most_frequent
from omniid.comparison import Exact
from omniid.tables import ComparisonWeights
from oracle import tiny

SPEC = Spec(
    fields=[Email("email"), PersonName("first_name", "last_name"), Date("birth_date"), Attribute("note")],
    blocking=[all_pairs()],
    comparisons=[Comparison(field, (field,), (Exact(),), (0.2, 0.8)) for field in tiny.FIELDS],
    survivorship={"*": [most_frequent()]},
)
MODEL = Model(
    tuple(
        ComparisonWeights(field, ("else", "exact"), (1 - tiny.M[field], tiny.M[field]), (1 - tiny.U[field], tiny.U[field]))
        for field in tiny.FIELDS
    ),
    prior=tiny.PRIOR,
    link_at=0.0,
    review_at=-3.0,
)

VALUES = {
    "email": ["a@x.com", "b@x.com", "B@X.com ", "c@x.com", "nobody", "n/a", None],
    "first_name": ["anna", "Anna", "maria", "petra", "", None],
    "last_name": ["lee", "novak", "NOVAK", None],
    "birth_date": ["1980-01-02", "1990-03-04", "1990-02-31", None],
}


@st.composite
def raw_records(draw: st.DrawFn, largest: int = 6) -> dict[tuple[str, str], dict[str, str | None]]:
    n = draw(st.integers(1, largest))
    keys = [(source, str(i)) for source, i in product(("crm", "web"), range(n))][:n]
    return {key: {field: draw(st.sampled_from(values)) for field, values in VALUES.items()} | {"note": "kept"} for key in keys}


def as_rows(raw: Mapping[tuple[str, str], Mapping[str, str | None]]) -> list[dict[str, str | None]]:
    return [{"source": source, "record_id": record_id, **record} for (source, record_id), record in raw.items()]


def clusters(found: omniid.Resolution) -> dict[frozenset[tuple[str, str]], str]:
    groups: dict[str, set[tuple[str, str]]] = {}
    for row in found.crosswalk:
        groups.setdefault(row["entity_id"], set()).add((row["source"], row["record_id"]))
    return {frozenset(members): entity for entity, members in groups.items()}


@given(raw_records())
def test_the_pipeline_agrees_with_its_tiny_twin(raw: dict[tuple[str, str], dict[str, str | None]]) -> None:
    found = omniid.resolve(as_rows(raw), SPEC, model=MODEL)
    expected = tiny.resolve(raw)
    got = clusters(found)
    assert set(got) == set(expected)
    profiles = {row["entity_id"]: row for row in found.profiles}
    for group, entity in got.items():
        for field in ("email", "first_name", "last_name", "birth_date"):
            value = profiles[entity].get(field)
            assert (value.lower() if value else None) == expected[group][field], (field, group)


@given(raw_records(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(raw: dict[tuple[str, str], dict[str, str | None]], shuffle: random.Random) -> None:
    rows = as_rows(raw)
    mixed = list(rows)
    shuffle.shuffle(mixed)
    one, two = omniid.resolve(rows, SPEC), omniid.resolve(mixed, SPEC)
    for name in ("crosswalk", "profiles", "provenance", "scored_pairs", "rejects", "review"):
        assert one.table(name).equals(two.table(name)), name
    assert one.model == two.model


@given(raw_records())
def test_no_value_is_lost_and_every_value_has_a_record(raw: dict[tuple[str, str], dict[str, str | None]]) -> None:
    found = omniid.resolve(as_rows(raw), SPEC, model=MODEL)
    traced = {(row["source"], row["record_id"], row["field"]) for row in found.provenance}
    refused = {(row["source"], row["record_id"], row["field"]) for row in found.rejects}
    for (source, record_id), record in raw.items():
        for field, value in record.items():
            if value and value.strip() and value != "n/a":
                assert (source, record_id, field) in traced | refused
    shown = {(row["entity_id"], row["field"]): row["value"] for row in found.provenance if row["survived"]}
    for profile in found.profiles:
        for field in ("email", "first_name", "last_name", "birth_date", "note"):
            assert profile.get(field) == shown.get((profile["entity_id"], field))


def test_a_lone_record_shows_what_it_came_with() -> None:
    row = {
        "id": "1",
        "first_name": "Łukasz",
        "last_name": "O'Brien",
        "email": "l.obrien@example.com",
        "city": "Łódź",
        "shoe size": "43",
    }
    profile = omniid.resolve([row]).profiles[0]
    expected = {name: row[name] for name in ("first_name", "last_name", "email", "city")}
    assert expected == {name: profile[name] for name in expected}
    assert profile["shoe_size"] == "43"
    assert profile["records"] == 1
