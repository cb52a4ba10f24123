"""What a store holds of somebody, as plain data that leaves nothing out."""

import json
from typing import Any

import pytest

import omniid
from omniid import Decision, Email, InputError, Model, PersonName, Phone, Spec
from omniid.decisions import plain_decision
from omniid.fields import Field

FIELDS: list[Field] = [Email(), Phone(), PersonName(first="first", last="last")]
ANN = [
    {"id": "1", "email": "Ann@x.com", "first": "Ann", "last": "Bee"},
    {"id": "2", "email": "ann@x.com", "phone": "+48501234567", "first": "Ann", "last": "Bee"},
    {"id": "3", "phone": "501 234 567", "first": "Anny", "last": "Bee"},
]
OTHERS = [
    {"id": f"p{n}", "email": f"{first}@x.com".lower(), "first": first, "last": last}
    for n, (first, last) in enumerate([("Boris", "Orlov"), ("Carla", "Rossi"), ("David", "Smith"), ("Emma", "Weber")])
]


def learned() -> tuple[Spec, Model]:
    with omniid.open(":memory:", Spec(fields=FIELDS)) as resolver:
        resolver.upsert([*ANN, *OTHERS, *({**row, "id": f"again-{row['id']}"} for row in OTHERS)])
        resolver.fit()
        return resolver.spec, resolver.model


SPEC, MODEL = learned()


def opened() -> omniid.Resolver:
    return omniid.open(":memory:", SPEC, model=MODEL, backend="rows")


def by_id(held: dict[str, Any]) -> dict[str, Any]:
    return {one["record_id"]: one for one in held["records"]}


def test_an_export_holds_all_versions_deleted_records_and_what_was_made_of_them() -> None:
    with opened() as resolver:
        resolver.upsert({**ANN[0], "last": "Maiden"}, version=None)
        resolver.upsert([*ANN, *OTHERS])
        (decision,) = resolver.decide(Decision("CANNOT_LINK", (("records", "1"),), (("records", "p0"),), author="kim"))
        resolver.delete(("records", "2"))
        held = resolver.export(record=("records", "1"))
        told = resolver.changes()
    assert json.loads(json.dumps(held)) == held
    records = by_id(held)
    assert records["1"]["content"] == ANN[0]
    assert [one["content"]["last"] for one in records["1"]["former_versions"]] == ["Maiden"]
    assert records["1"]["normal_forms"]["email"] == [{"sent": "Ann@x.com", "compared": "ann@x.com", "shown": "Ann@x.com"}]
    assert records["2"]["deleted"]
    assert records["2"]["former_versions"][-1]["content"] == ANN[1]
    assert records["2"]["memberships"][-1]["until"] is not None
    assert (held["profile"]["last"], held["profile"]["entity_id"]) == ("Bee", held["entity_id"])
    assert {one["record_id"] for one in held["provenance"]} <= {*records}
    assert {"field": "email", "value": "ann@x.com", "class": "personal", "people": 1} in held["values"]
    assert held["decisions"] == [json.loads(json.dumps(plain_decision(decision)))]
    named = [one["cursor"] for one in told if held["entity_id"] in (one["entity_id"], *one["was"], *one["became"])]
    assert [one["cursor"] for one in held["changes"]] == named
    assert set(held) - {"about", "cursor", "entity_kind", "former_ids"} == set(held["about"])


def test_nothing_of_anybody_else_is_told_but_keys() -> None:
    with opened() as resolver:
        resolver.upsert([*ANN, *OTHERS])
        held = json.dumps({**resolver.export(record=("records", "p1")), "about": ""})
    assert "carla@x.com" in held
    for word in ("ann@x.com", "Bee", "boris", "Smith"):
        assert word not in held


def test_a_merged_entity_is_exported_under_its_present_id() -> None:
    with opened() as resolver:
        resolver.upsert([*ANN, *OTHERS])
        ids = {row["record_id"]: row["entity_id"] for row in resolver.crosswalk()}
        resolver.merge(ids["p0"], ids["p1"])
        held = [resolver.export(entity_id=ids[name]) for name in ("p0", "p1")]
    assert held[0] == held[1]
    assert {held[0]["entity_id"], *held[0]["former_ids"]} == {ids["p0"], ids["p1"]}
    assert sorted(by_id(held[0])) == ["p0", "p1"]


def test_records_are_exported_before_the_first_fit_and_after_they_are_all_deleted() -> None:
    with omniid.open(":memory:") as resolver:
        resolver.upsert(ANN)
        held = resolver.export(record=("records", "3"))
        assert (held["entity_id"], held["profile"], held["records"][0]["content"]) == (None, None, ANN[2])
    with opened() as resolver:
        resolver.upsert([*ANN, *OTHERS])
        name = resolver.export(record=("records", "p0"))["entity_id"]
        resolver.delete(("records", "p0"))
        held = resolver.export(entity_id=name)
        assert held["profile"] is None
        assert held["records"][0]["former_versions"][0]["content"] == OTHERS[0]


def test_one_of_both_is_named_and_there() -> None:
    with opened() as resolver:
        resolver.upsert(ANN)
        with pytest.raises(InputError, match="takes one of entity_id and record"):
            resolver.export()
        with pytest.raises(InputError, match="no record"):
            resolver.export(record=("records", "0"))
        with pytest.raises(InputError, match="no entity 'x'"):
            resolver.export(entity_id="x")
