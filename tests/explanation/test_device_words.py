"""Anonymous records: explanations name the device, the people and the policy."""

import pytest

import omniid
from omniid import Email, Identifier, PersonName, Spec, Timestamp

FIELDS = [Email(), PersonName(), Identifier("cookie", kind="cookie"), Timestamp("at")]
PEOPLE = [
    {
        "id": "ann",
        "email": "ann@x.com",
        "first_name": "Ann",
        "last_name": "Lee",
        "cookie": "kiosk",
        "at": "2026-01-01T09:00:00",
    },
    {
        "id": "tom",
        "email": "tom@x.com",
        "first_name": "Tom",
        "last_name": "Ray",
        "cookie": "kiosk",
        "at": "2026-01-01T10:00:00",
    },
    {"id": "eve", "email": "eve@x.com", "first_name": "Eve", "last_name": "Fox", "cookie": "own", "at": "2026-01-01T11:00:00"},
]
VISITS = [
    {"id": "v1", "cookie": "kiosk", "at": "2026-01-01T09:30:00"},
    {"id": "v2", "cookie": "own", "at": "2026-01-01T11:30:00"},
    {"id": "v3", "cookie": "lone", "at": "2026-01-01T11:30:00"},
]


def key(record: str) -> tuple[str, str]:
    return "records", record


@pytest.fixture(scope="module")
def found() -> omniid.Resolution:
    return omniid.resolve(PEOPLE + VISITS, Spec(fields=FIELDS))


def test_several_people_used_it(found: omniid.Resolution) -> None:
    told = found.explain(key("v1"), key("ann"))
    expected = "records:v1 names nobody, and 2 people used cookie kiosk; the policy unassigned gives it to none of them."
    assert (told.is_linked, told.reason) == (False, f"Not linked: {expected}")
    entity = {row["record_id"]: row["entity_id"] for row in found.crosswalk}["v1"]
    assert expected in str(found.explain_entity(entity))


def test_the_only_person_who_used_it(found: omniid.Resolution) -> None:
    told = found.explain(key("eve"), key("v2"))
    expected = "records:v2 names nobody; only this person used cookie own."
    assert (told.is_linked, told.path) == (True, (key("eve"), key("v2")))
    assert told.reason == f"Linked by device, without evidence between the two: {expected}"
    entity = {row["record_id"]: row["entity_id"] for row in found.crosswalk}["eve"]
    assert expected in str(found.explain_entity(entity))


def test_nobody_used_it(found: omniid.Resolution) -> None:
    entity = {row["record_id"]: row["entity_id"] for row in found.crosswalk}["v3"]
    assert "records:v3 names nobody, and nobody who is known used its devices." in str(found.explain_entity(entity))


def test_a_policy_is_named_with_the_record_that_decided(found: omniid.Resolution) -> None:
    spec = found.spec.replace(devices="last_authenticated")
    told = omniid.resolve(PEOPLE + VISITS, spec, model=found.model).explain(key("v1"), key("ann"))
    assert told.reason.endswith("2 people used cookie kiosk; by the policy last_authenticated it goes with records:ann.")
