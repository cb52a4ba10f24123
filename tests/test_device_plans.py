"""Devices through the whole pipeline: scene A, and what a declaration of devices can get wrong."""

from itertools import permutations

import pytest

from omniid import Address, Email, Identifier, PersonName, Spec, SpecError, Timestamp, at_most, resolve, time_window
from omniid.comparison import device
from omniid.devices import DevicePolicy
from omniid.frames import read_inputs
from omniid.gathering import gather
from omniid.results import records_table
from omniid.stages import Stages
from omniid.tables import Decision

FIELDS = [Identifier("login", kind="login"), Identifier("cookie", kind="cookie"), Timestamp("at")]
KIOSK = [
    {"id": "ann", "login": "ann71", "cookie": "kiosk4711", "at": "2026-05-01T10:00:00"},
    {"id": "bob", "login": "bob82", "cookie": "kiosk4711", "at": "2026-05-01T11:00:00"},
    {"id": "eve", "login": "eve93", "cookie": "kiosk4711", "at": "2026-05-01T12:00:00"},
    {"id": "v1", "login": None, "cookie": "kiosk4711", "at": "2026-05-01T09:50:00"},
    {"id": "v2", "login": None, "cookie": "kiosk4711", "at": "2026-05-01T11:30:00"},
    {"id": "v3", "login": None, "cookie": "kiosk4711", "at": None},
]
GOES_TO = {
    "unassigned": {},
    "last_authenticated": {"v2": "bob"},
    "first_authenticated": {"v1": "ann", "v2": "ann"},
    time_window("30m", "2h"): {"v1": "ann", "v2": "bob"},
}


def entities(found) -> dict[str, str]:
    return {row["record_id"]: row["entity_id"] for row in found.table("crosswalk").to_pylist()}


def who(found) -> dict[str, str]:
    """Visit → the customer whom it belongs to."""
    rows = found.table("crosswalk").to_pylist()
    named = {row["entity_id"]: row["record_id"] for row in rows if row["record_id"] in ("ann", "bob", "eve")}
    assert len(named) == 3
    assert all((row["entity_id"] in named) == (row["entity_kind"] == "person") for row in rows)
    return {name: named[entity] for name, entity in entities(found).items() if name[0] == "v" and entity in named}


@pytest.mark.parametrize("policy", list(GOES_TO), ids=str)
def test_scene_a_kiosk(policy: str | DevicePolicy) -> None:
    spec = Spec(fields=FIELDS, devices=policy)
    first = resolve(KIOSK, spec)
    assert who(first) == GOES_TO[policy]
    assert first.summary.people == 3
    assert first.summary.anonymous.entities == 3 - len(GOES_TO[policy])
    for order in list(permutations(range(6)))[::103]:
        found = resolve([KIOSK[event] for event in order], spec, model=first.model)
        assert found.table("crosswalk").equals(first.table("crosswalk"))
        assert found.table("profiles").equals(first.table("profiles"))


def test_scene_a_all_720_orders_of_six_events_are_read_as_the_same_records() -> None:
    """All that follows, under every policy, is a function of these records, the spec and the model."""
    spec = Spec(fields=FIELDS)
    first = resolve(KIOSK, spec).parts.sent
    for order in permutations(range(6)):
        sent = gather(read_inputs([KIOSK[event] for event in order]), spec, Stages()).table
        assert records_table(sent).equals(records_table(first))
        assert {name: column.codes.tolist() for name, column in sent.columns.items()} == {
            name: column.codes.tolist() for name, column in first.columns.items()
        }


def test_a_policy_renames_nobody_even_where_a_visit_has_the_smaller_key() -> None:
    early = [{**row, "id": f"a-{row['id']}" if row["id"][0] == "v" else f"b-{row['id']}"} for row in KIOSK]
    names = [entities(resolve(early, Spec(fields=FIELDS, devices=policy))) for policy in GOES_TO]
    for person in ("b-ann", "b-bob", "b-eve"):
        assert len({one[person] for one in names}) == 1
    assert names[1]["a-v2"] == names[1]["b-bob"]


def test_profiles_say_who_is_a_person() -> None:
    kinds = resolve(KIOSK, Spec(fields=FIELDS)).table("profiles")["entity_kind"].to_pylist()
    assert sorted(kinds) == ["anonymous"] * 3 + ["person"] * 3


def test_a_visit_on_one_persons_own_cookie_is_theirs_whatever_the_time() -> None:
    rows = [{"id": "1", "login": "ann71", "cookie": "own-cookie-1"}, {"id": "2", "login": None, "cookie": "own-cookie-1"}]
    found = resolve(rows, Spec(fields=FIELDS[:2]))
    assert found.summary.people == 1
    assert found.summary.anonymous.placed == 1
    assert found.table("profiles").num_rows == 1


def test_a_shared_cookie_joins_no_two_persons_however_alike_they_are() -> None:
    rows = [{"id": str(i), "name": "Ann Lee" if i < 2 else "Tom Ray", "cookie": "c-4711"} for i in range(4)]
    found = resolve(rows, Spec(fields=[PersonName(full="name"), FIELDS[1]], link_at=50.0))
    assert found.summary.people == 4
    assert not found.table("scored_pairs").column_names.count("cookie")


def test_limits_and_decisions_hold_for_visits() -> None:
    rows = [
        {"id": "1", "login": "ann71", "cookie": "c-1"},
        {"id": "2", "login": None, "cookie": ["c-1", "c-2"]},
        {"id": "3", "login": None, "cookie": "c-1"},
        {"id": "4", "login": None, "cookie": ["c-1", "c-3"]},
    ]
    spec = Spec(fields=FIELDS[:2], limits=[at_most("cookie", 2)])
    found = resolve(rows, spec)
    entity = entities(found)
    assert entity["1"] == entity["2"] == entity["3"] != entity["4"]
    parted = [Decision("CANNOT_LINK", (("records", "1"),), (("records", "3"),))]
    entity = entities(resolve(rows, spec, decisions=parted))
    assert entity["1"] == entity["2"]
    assert entity["1"] != entity["3"]


def test_records_of_other_data_are_no_anonymous_visitors() -> None:
    rows = [{"id": str(i), "city": "Omsk"} for i in range(3)]
    assert resolve(rows, Spec(fields=[Address(city="city")])).summary.anonymous.records == 0
    mixed = [{"id": "1", "city": "Omsk", "email": "a@example.com"}, {"id": "2", "city": "Perm", "email": None}]
    found = resolve(mixed, Spec(fields=[Address(city="city"), Email()]))
    assert found.table("crosswalk")["entity_kind"].to_pylist() == ["person", "anonymous"]


def test_a_part_of_the_records_may_have_no_times() -> None:
    timeless = [{**row, "at": None} for row in KIOSK]
    found = resolve(timeless, Spec(fields=FIELDS, devices="last_authenticated", limits=[at_most("cookie", 1, per="1d")]))
    assert found.table("crosswalk")["entity_kind"].to_pylist().count("anonymous") == 3


def test_what_can_not_work_is_said_at_once() -> None:
    with pytest.raises(SpecError, match="needs event times, and no record has one; declare Timestamp"):
        resolve([{"id": "1", "login": "ann71", "cookie": "c-1"}], Spec(fields=FIELDS[:2], devices="last_authenticated"))
    with pytest.raises(SpecError, match="no field holds devices; declare one"):
        resolve([{"id": "1", "login": "ann71"}], Spec(fields=FIELDS[:1], devices="last_authenticated"))
    with pytest.raises(SpecError, match="comparison 'cookie' reads 'cookie', a cookie: no evidence between persons"):
        resolve(KIOSK, Spec(fields=FIELDS, comparisons=[device("cookie")]))
