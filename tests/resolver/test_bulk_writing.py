"""Who is who where nobody was known, written by arrays and by a thread of its own: the rows that plain Python writes."""

from unittest.mock import patch

import pytest

import omniid
from omniid.errors import CancelledError
from omniid.resolver import bulk_filing, bulk_forms, bulk_writing, profiles, rebuilding
from omniid.resolver.shapes import DERIVED
from oracle.small_town import COUPLE, contents, learned, opened, town

DATED = [{**row, "signup_date": f"2026-01-{1 + n % 28:02}"} if n % 3 else row for n, row in enumerate((*COUPLE, *town()))]


def filled(rows, workers=1, portion=7):
    with (
        patch.object(rebuilding, "threads_for", return_value=workers),
        patch.object(rebuilding, "PORTION", portion),
        patch.object(bulk_filing, "PORTION", portion),
        patch.object(bulk_forms, "PORTION", portion),
        patch.object(profiles, "PORTION", portion),
        opened(rows) as resolver,
    ):
        assert resolver.check() == []
        return contents(resolver)


@pytest.mark.parametrize("rows", [DATED, DATED[::-1], DATED[:1]])
def test_first_records_are_written_as_one_by_one(rows):
    with patch.object(rebuilding, "is_first", return_value=False):
        slow = filled(rows, portion=1 << 16)
    for workers in (1, 2):
        assert filled(rows, workers) == slow
    assert slow["members"]


def test_a_store_with_ids_is_not_written_so():
    with patch.object(rebuilding, "write_first", side_effect=bulk_writing.write_first) as first, opened(DATED) as resolver:
        assert first.call_count == 1
        resolver.upsert([{**row, "id": f"{row['id']}+"} for row in DATED])
        assert not resolver.rebuild()
        assert first.call_count == 1


def test_the_feed_goes_on_where_all_that_was_known_is_erased():
    with opened(DATED[:2]) as resolver:
        for row in DATED[:2]:
            resolver.erase(record=(row["source"], row["id"]))
        before = resolver.changes()
        resolver.upsert(DATED[2:])
        assert resolver.changes()[: len(before)] == before
        assert {one["kind"] for one in resolver.changes()[len(before) :]} == {"created"}
        assert not resolver.rebuild()


def test_nothing_is_filed_once_all_records_are_deleted():
    with opened(DATED) as resolver:
        resolver.delete([(row["source"], row["id"]) for row in DATED])
        with resolver.store.reading() as store:
            assert {name: n for name in (*DERIVED, "popular", "members") if (n := store.count(name))} == {}
        assert resolver.check() == []
        assert not resolver.rebuild()


def test_records_without_a_model_are_kept():
    with omniid.open(":memory:") as resolver:
        assert resolver.upsert(DATED).new == len(DATED)
        with resolver.store.reading() as store:
            assert store.count("records") == len(DATED)


def test_a_first_load_that_is_cancelled_leaves_nothing():
    spec, model = learned()
    with (
        patch.object(rebuilding, "threads_for", return_value=2),
        omniid.open(":memory:", spec, model=model, backend="rows") as resolver,
    ):
        with pytest.raises(CancelledError):
            resolver.upsert(DATED, progress=lambda stage, *_: stage != "cluster")
        with resolver.store.reading() as store:
            assert [store.count(name) for name in ("records", "forms", "members", "changes")] == [0, 0, 0, 0]
        assert resolver.upsert(DATED).new == len(DATED)
        assert resolver.check() == []
