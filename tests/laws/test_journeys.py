"""Laws of journeys: order of arrival never counts, nothing is lost, and a merge or a split counts nothing twice."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import omniid
from omniid.activity import EVENT_TABLES
from omniid.tables import Decision

CRM = [
    {"id": "1", "email": "ann@example.com", "name": "Ann Lee", "phone": None},
    {"id": "2", "email": "bo@example.com", "name": "Bo Kim", "phone": "+48 601 502 504"},
    {"id": "3", "email": None, "name": "Cy Moon", "phone": "+48 501 502 503"},
]
HEADER = ("at", "event", "cookie", "email", "cart_id", "order_id", "total")
WEB = [
    dict(zip(HEADER, row, strict=True))
    for row in (
        ("2024-05-01T10:00:00Z", "page_view", "c1", None, None, None, None),
        ("2024-05-01T10:00:00Z", "add_to_cart", "c1", None, "B1", None, 20),
        ("2024-05-01T10:10:00Z", "purchase", "c1", "ann@example.com", "B1", "O1", 20),
        ("2024-05-04T10:00:00Z", "add_to_cart", "c2", "bo@example.com", "B2", None, 5),
        ("2024-05-05T10:00:00Z", "page_view", None, None, None, None, None),
    )
]
SHOP_HEADER = ("time", "type", "phone", "mail", "receipt", "amount")
SHOP = [
    dict(zip(SHOP_HEADER, row, strict=True))
    for row in (
        ("2024-05-01 18:00", "order", "501 502 503", None, "O1", "20,00"),
        ("2024-05-06 18:00", "order", "501 502 503", None, "O2", "7,00"),
        ("2024-05-07 18:00", "return", None, "ann@example.com", "O1", "-4,50"),
    )
]


def resolved(web: list[dict[str, Any]], shop: list[dict[str, Any]], **more: Any) -> omniid.Resolution:
    return omniid.resolve({"crm": CRM}, events={"web": web, "shop": shop}, **more)


@pytest.fixture(scope="module")
def found() -> omniid.Resolution:
    return resolved(WEB, SHOP)


@settings(max_examples=8)  # each resolves anew; the order of events alone is shuffled more often in tests/journey
@given(st.permutations(range(len(WEB))), st.permutations(range(len(SHOP))))
def test_late_and_shuffled_events_give_the_same_bytes(found: omniid.Resolution, web: list[int], shop: list[int]) -> None:
    again = resolved([WEB[i] for i in web], [SHOP[i] for i in shop])
    for name in EVENT_TABLES:
        assert as_bytes(again.coded(name)) == as_bytes(found.coded(name)), name
    assert again.spec == found.spec


def as_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def test_nothing_is_dropped(found: omniid.Resolution) -> None:
    counts = found.summary.events
    assert counts is not None
    assert (counts.read, counts.of_people, counts.nameless) == (8, 7, 1)
    assert len(found.events) == 8
    nameless = [event for event in found.events if event["entity_id"] is None]
    assert [(event["type"], event["session_number"]) for event in nameless] == [("page_view", None)]
    assert sum(row["events"] for row in found.activity) == 7


def test_a_merge_counts_no_order_twice_and_a_split_gives_all_back(found: omniid.Resolution) -> None:
    one, other = found.entity_of(("crm", "1")), found.entity_of(("crm", "3"))
    assert one != other
    before = {row["entity_id"]: (row["orders"], row["gross"], row["returned"]) for row in found.lifetime}
    assert before[one] == (1, 20.0, 4.5)
    assert before[other] == (2, 27.0, 0.0)  # the shop knows her by phone, and tells O1, too
    merged = found.what_if(decisions=[Decision("MUST_LINK", (("crm", "1"),), (("crm", "3"),))]).apply()
    mine = merged.entity_of(("crm", "1"))
    assert mine == merged.entity_of(("crm", "3"))
    (life,) = [row for row in merged.lifetime if row["entity_id"] == mine]
    assert (life["orders"], life["gross"], life["returned"], life["revenue"]) == (2, 27.0, 4.5, 22.5)  # O1 and O2, once each
    journey = merged.journey(mine)
    assert len(journey.events) == len(found.journey(one).events) + len(found.journey(other).events)
    assert [event["time"] for event in journey.events] == sorted(event["time"] for event in journey.events)
    split = merged.what_if(decisions=[Decision("UNDO", (("crm", "1"),), (("crm", "3"),))]).apply()
    for name in ("events", "activity", "lifetime"):
        assert as_bytes(split.coded(name)) == as_bytes(found.coded(name))
