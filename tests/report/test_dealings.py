"""Contact points, consent and journeys on the page are those of the result."""

import math
from collections import Counter

import pytest

import omniid
from omniid import Consent, Email, PersonName, Spec, Verified
from omniid.contacting import make_contact_book
from omniid.report.dealings import consent_counts, contact_tables, event_facts, journey_tables
from omniid.report.masking import Mask

WEB = [
    {"id": "1", "email": "ann@x.com", "name": "Ann Lee", "seen": "yes", "news": "yes"},
    {"id": "2", "email": "bob@x.com", "name": "Bob Ray", "seen": "no", "news": "no"},
    {"id": "3", "email": "cid@x.com", "name": "Cid Fox", "seen": "", "news": ""},
]
EVENTS = [{"time": f"2024-05-01T10:{at:02}:00Z", "type": "visit", "email": "ann@x.com"} for at in range(40)]
EVENTS += [{"time": "2024-05-02T10:00:00Z", "type": "add_to_cart", "email": "ann@x.com", "cart_id": "B1", "amount": "5"}]
SHOWN, HIDDEN = Mask(values=True), Mask(values=False)


@pytest.fixture(scope="module")
def dealt() -> omniid.Resolution:
    fields = [
        Email("email"),
        PersonName(full="name"),
        Verified("seen", of="email"),
        Consent("news", of="email", purpose="newsletter"),
    ]
    return omniid.resolve({"web": WEB}, Spec(fields=fields), events={"site": EVENTS})


def test_contact_points_stand_with_their_consent(dealt: omniid.Resolution) -> None:
    parts = dealt.parts
    entities = range(len(parts.entity_ids))
    told = contact_tables(parts, make_contact_book(dealt.parts), entities, SHOWN)
    said = {row["value"]: row["state"] for row in dealt.table("consent").to_pylist()}
    assert Counter(said.values()) == {"granted": 1, "denied": 1, "unknown": 1}
    rows = [row for table in told.values() for row in table.rows]
    assert {row[0]: row[5] for row in rows} == {value: f"newsletter: {state}" for value, state in said.items()}
    assert sorted(row[0] for row in rows) == sorted(row["value"] for row in dealt.table("contacts").to_pylist())
    assert consent_counts(parts, make_contact_book(dealt.parts)).rows == [("newsletter, by email", "1", "1", "1")]
    hidden = contact_tables(parts, make_contact_book(dealt.parts), entities, HIDDEN)
    assert {row[0] for table in hidden.values() for row in table.rows} == {"value A"}


def test_journeys_show_the_last_events(dealt: omniid.Resolution) -> None:
    ann = dealt.entity_of(("web", "1"))
    at = dealt.parts.entity_ids.to_pylist().index(ann)
    told = journey_tables(dealt.parts, make_contact_book(dealt.parts), range(len(dealt.parts.entity_ids)), SHOWN)
    assert set(told) == {at}
    journey = dealt.journey(ann)
    assert (told[at].total, told[at].rest) == (len(journey.events), len(journey.events) - len(told[at].rows))
    assert [row[0] for row in told[at].rows] == [
        event["time"].strftime("%Y-%m-%d %H:%M") for event in journey.events[-len(told[at].rows) :]
    ]
    assert "1 basket open." in told[at].caption
    assert math.isclose(5, float(told[at].rows[-1][4].split("amount ")[1].split(",")[0]))
    assert all(not row[4] for row in journey_tables(dealt.parts, make_contact_book(dealt.parts), [at], HIDDEN)[at].rows)
    assert event_facts(dealt.parts)[0].answer == "41 events of 1 customer; 1 open basket, 0 open cases"


def test_a_result_without_events_tells_none(tiny) -> None:
    parts = tiny({"email": "a@x.com"}).parts
    assert journey_tables(parts, make_contact_book(parts), [0], SHOWN) == {}
    assert event_facts(parts) == []


def test_the_page_prefers_no_channel_that_consent_bars() -> None:
    fields = [Email("email"), PersonName(full="name"), Consent("news", of="email", purpose="newsletter")]
    events = [{"time": "2024-05-01T10:00:00Z", "type": "message", "channel": "email", "email": "bob@x.com"}]
    found = omniid.resolve({"web": WEB}, Spec(fields=fields), events={"desk": events})
    every = range(len(found.parts.entity_ids))
    (table,) = journey_tables(found.parts, make_contact_book(found.parts), every, SHOWN).values()
    assert found.journey(("web", "2")).activity["preferred_channel"] is None
    assert "Prefers" not in table.caption
