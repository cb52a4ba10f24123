"""Values that people pinned: in a batch, saved and loaded, in what-if, and in a live store."""

import pytest

import omniid
from omniid import InputError, SpecError, pin, undo
from omniid.fields import Attribute, Email
from omniid.spec import Spec

SPEC = Spec(fields=[Email("email"), Attribute("city")], survivorship={"city": ["most_frequent"]}, incremental=True)
ROWS = [{"id": str(n), "email": "ann@x.com", "city": city} for n, city in enumerate(["York", "York", "Leeds", "Hull"])]
HULL = pin(("records", "3"), "city", author="kim", reason="she moved", time="2026-05-02")
LEEDS = pin(("records", "2"), "city", time="2026-05-01")


def city(found) -> str:
    (person,) = found.profiles
    return person["city"]


def test_the_newest_pin_counts_and_is_told() -> None:
    found = omniid.resolve(ROWS, SPEC, decisions=[HULL, LEEDS])
    assert city(found) == "Hull"
    rows = [row for row in found.provenance if row["field"] == "city"]
    assert [(row["value"], row["rule"], row["reason"]) for row in rows][:2] == [
        ("Hull", "pinned", "pinned by kim: she moved"),
        ("Leeds", "pinned", "a person pinned another"),
    ]
    told = str(found.explain_entity(found.profiles[0]["entity_id"], "city"))
    assert "decided by: pinned: pinned by kim: she moved" in told
    assert "lost: a person pinned another" in told
    assert city(omniid.resolve(ROWS, SPEC, decisions=[HULL, LEEDS, *undo(HULL, time="2026-05-03")])) == "Leeds"


def test_a_pin_follows_its_record() -> None:
    found = omniid.resolve(ROWS, SPEC, decisions=[LEEDS])
    (person,) = found.profiles
    apart = found.split(person["entity_id"], [[("records", str(n)) for n in (0, 1, 3)], [("records", "2")]])
    cities = {row["city"] for row in found.what_if(decisions=apart).apply().profiles}
    assert cities == {"York", "Leeds"}


def test_a_pin_is_saved_tried_and_told_as_a_change(tmp_path) -> None:
    found = omniid.resolve(ROWS, SPEC)
    tried = found.what_if(decisions=HULL)
    assert [(row["kind"], row["cause"]) for row in tried.changes] == [("updated", "decision")]
    tried.apply().save(tmp_path)
    assert omniid.read_decisions(tmp_path / "decisions.jsonl") == (HULL,)
    assert omniid.load(tmp_path).table("profiles")["city"].to_pylist() == ["Hull"]


def test_a_pin_may_be_written_by_hand(tmp_path) -> None:
    path = tmp_path / "pins.jsonl"
    path.write_text('{"kind": "PIN", "left": [["records", "3"]], "field": "city"}\n')
    assert city(omniid.resolve(ROWS, SPEC, decisions=path)) == "Hull"


def test_a_live_store_keeps_pins_and_waits_for_records(tmp_path) -> None:
    with omniid.open(tmp_path / "people.db", spec=SPEC, backend="rows") as people:
        people.upsert([*ROWS[:2], {"id": "8", "email": "bob@x.com", "city": "Bath"}])
        people.fit()
        person = ("records", "0")
        waiting = people.pin(("records", "3"), "city", reason="heard")
        assert people.pending() == (waiting,)
        people.upsert(ROWS[2:])
        assert people.pending() == ()
        assert people.get_profile(record=person)["city"] == "Hull"
        before = people.cursor
        people.pin(("records", "2"), "city", author="kim")
        assert people.get_profile(record=person)["city"] == "Leeds"
        assert people.lookup(email="ann@x.com").profile["city"] == "Leeds"
        assert people.get_profile(record=person, as_of=before)["city"] == "Hull"
        assert [row["kind"] for row in people.changes(since=before)] == ["updated"]
        assert {row["city"] for row in people.resolution().profiles} == {"Leeds", "Bath"}
        (told, *_) = [row for row in people.get_profile(record=person, provenance=True)["provenance"] if row["field"] == "city"]
        assert (told["rule"], told["reason"]) == ("pinned", "pinned by kim")
        people.unpin(("records", "2"), "city")
        assert people.get_profile(record=person)["city"] == "Hull"
        people.undo(waiting)
        assert people.get_profile(record=person)["city"] == "York"
        with pytest.raises(InputError, match=r"no PIN on 'city' of .* stands"):
            people.unpin(("records", "2"), "city")
        with pytest.raises(InputError, match="the field 'cty'"):
            people.pin(("records", "2"), "cty")
        people.pin(("records", "2"), "city")
        people.rebuild()
    with omniid.open(tmp_path / "people.db", backend="rows") as people:
        assert people.get_profile(record=person)["city"] == "Leeds"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (pin(("records", "9"), "city"), r"a PIN decision names \('records', '9'\), which is not in the data"),
        (pin(("records", "1"), "cty"), r"the field 'cty'.* 'city'"),
        (undo(LEEDS)[0], "UNDO of 2026-05-01 on 'city' of"),
    ],
)
def test_a_pin_on_what_is_not_there_is_refused(told, says) -> None:
    with pytest.raises(InputError, match=says):
        omniid.resolve(ROWS, SPEC, decisions=told)


def test_a_pin_names_one_record_and_a_field() -> None:
    for parts in ({"left": (("crm", "1"),)}, {"left": (("crm", "1"), ("crm", "2")), "field": "city"}):
        with pytest.raises(SpecError, match="names one record and the field"):
            omniid.Decision("PIN", **parts)
