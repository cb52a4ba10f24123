"""Sightings: the distinct identifier tuples of event tables, named so that they meet no record."""

import pytest

import omniid
from omniid import EventColumns, Events, InputError, Source, Spec, SpecError
from omniid.fields import Email, Identifier
from omniid.sightings import read_sightings

ROWS = [
    {"at": "2024-05-01T10:00:00Z", "event": "visit", "cookie": "c1", "mail": None},
    {"at": "2024-05-02T10:00:00Z", "event": "visit", "cookie": "c1", "mail": None},
    {"at": "2024-05-03T10:00:00Z", "event": "login", "cookie": "c1", "mail": "ann@example.com"},
    {"at": "2024-05-04T10:00:00Z", "event": "visit", "cookie": None, "mail": None},
]


def test_each_tuple_is_one_record_with_its_times() -> None:
    seen = read_sightings({"web": ROWS}, None, ["crm"])
    assert seen.frames[0].name == "web events"
    assert seen.frames[0].table.num_rows == 2
    assert sorted(seen.events.sightings.events.tolist()) == [1, 2]
    assert seen.events.sighting.tolist().count(-1) == 1
    found = omniid.resolve({"crm": [{"id": "1", "email": "ann@example.com", "name": "Ann Lee"}]}, events={"web": ROWS})
    assert {(row["email"], row["last_seen"].day) for row in found.sightings} == {(None, 2), ("ann@example.com", 3)}
    assert found.parts.records.time.tolist()[1:] == found.parts.events.sightings.last.tolist()  # type: ignore[union-attr]  # there are events


def test_a_name_that_records_bear_is_refused() -> None:
    with pytest.raises(InputError, match="'web events', which holds records already"):
        read_sightings({"web": ROWS}, None, ["web events"])
    with pytest.raises(InputError, match="would be one source"):
        read_sightings({"web": ROWS, "web events": ROWS}, None, [])
    with pytest.raises(SpecError, match="Events declares 'wep'; the event tables are web; did you mean 'web'"):
        read_sightings({"web": ROWS}, Spec(events=Events(columns={"wep": EventColumns(time="at")})), [])
    with pytest.raises(InputError, match="no column that reads like times"):
        read_sightings([{"event": "visit"}], None, [])


def test_declared_fields_take_columns_by_name_and_by_kind() -> None:
    spec = Spec(fields=[Email("address"), Identifier("cookie", kind="cookie")], sources={"crm": Source(region="PL")})
    seen = read_sightings({"web": ROWS}, spec, [])
    assert seen.sources["web events"].columns == {"cookie": "cookie", "mail": "address"}
    assert seen.sources["web events"].region == "PL"
    unread = read_sightings({"web": ROWS}, Spec(fields=[Identifier("cookie", kind="cookie")]), [])
    assert unread.notes == ("events 'web': no declared field takes mail, so these say nothing of whose event it is",)


def test_an_inferred_spec_runs_again() -> None:
    crm = [{"id": "1", "email": "ann@example.com", "name": "Ann Lee"}]
    first = omniid.resolve({"crm": crm}, events={"web": ROWS})
    again = omniid.resolve({"crm": crm}, first.spec, events={"web": ROWS})
    assert again.table("events").equals(first.table("events"))


def test_events_without_any_identifier_are_nobodys() -> None:
    crm = [{"id": "1", "email": "ann@example.com", "name": "Ann Lee"}]
    found = omniid.resolve({"crm": crm}, events=[{"at": "2024-05-01", "event": "visit"}])
    assert [(row["entity_id"], row["type"]) for row in found.events] == [(None, "visit")]
    assert "have no column of identifiers" in str(found)
    assert found.summary.events is not None
    assert found.summary.events.nameless == 1
