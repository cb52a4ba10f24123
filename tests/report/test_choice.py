"""The three lists are what a slow look at the crosswalk gives, with equals by entity id."""

from collections import Counter

import pytest

import omniid
from omniid.quality import doubts_table
from omniid.report.choice import choose_entities


@pytest.mark.parametrize("listed", [1, 8, 300])
def test_lists_equal_a_slow_look(found: omniid.Resolution, listed: int) -> None:
    choice = choose_entities(found.parts, listed)
    rows = found.table("crosswalk").to_pylist()
    records = Counter(row["entity_id"] for row in rows)
    sources = {one: len({row["source"] for row in rows if row["entity_id"] == one}) for one in records}
    people = {row["entity_id"] for row in rows if row["entity_kind"] == "person"}
    largest = sorted((one for one in records if records[one] > 1), key=lambda one: (-records[one], one))
    widest = sorted(people, key=lambda one: (-sources[one], -records[one], one))
    named = found.parts.entity_ids.to_pylist()
    assert [named[one] for one in choice.largest] == largest[:listed]
    assert [named[one] for one in choice.widest] == widest[:listed]
    doubts = {
        row["entity_id"]: row["wrong_pairs"] for row in doubts_table(found.parts).to_pylist() if row["wrong_pairs"] >= 0.05
    }
    slow = sorted(doubts, key=lambda one: (-round(doubts[one], 9), one))
    assert [named[one] for one in choice.doubtful] == slow[:listed]
    assert all(choice.wrong_pairs[one] == pytest.approx(doubts[named[one]]) for one in choice.doubtful)


def test_lone_records_are_in_no_list_of_clusters(tiny) -> None:
    choice = choose_entities(tiny({"email": "a@x.com"}, {"email": "b@x.com"}).parts)
    assert (choice.largest, choice.doubtful) == ((), ())
    assert len(choice.widest) == 2
