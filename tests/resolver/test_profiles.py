import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid.resolver import profiles
from omniid.resolver.profiles import profile_texts
from oracle.asked_stores import asked_store, channels

TEXTS = st.none() | st.text(max_size=6)
ROW = st.tuples(TEXTS, st.integers(0, 9), st.lists(st.text(max_size=6), max_size=3))
ROWS = st.lists(ROW, min_size=1, max_size=8).map(lambda rows: rows * (profiles.FEW // len(rows) + 1))


@given(ROWS)
def test_profiles_of_many_are_spelled_as_those_of_few(rows: list[tuple[str | None, int, list[str]]]) -> None:
    lists = pa.large_list(pa.large_string())
    table = pa.table(
        {
            "email": pa.array([one for one, _, _ in rows], pa.large_string()).dictionary_encode(),
            "records": pa.array([number for _, number, _ in rows], pa.int64()),
            "emails": pa.array([some for _, _, some in rows], lists),
        }
    )
    each = [text for at in range(0, len(rows), 50) for text in profile_texts(table.slice(at, 50))]
    assert profile_texts(table) == each


@pytest.fixture(scope="module")
def resolver() -> omniid.Resolver:
    return asked_store()


def test_provenance_lists_what_survived_and_what_lost(resolver: omniid.Resolver) -> None:
    batch = resolver.resolution()
    entity_id = max(batch.profiles, key=lambda one: one["records"])["entity_id"]
    told = resolver.get_profile(entity_id=entity_id, provenance=True)
    values = told.pop("provenance")
    assert told == resolver.get_profile(entity_id=entity_id)
    assert {one["survived"] for one in values} == {True, False}
    expected = [{**one} for one in batch.provenance if one["entity_id"] == entity_id]
    for one in expected:
        del one["entity_id"]
    assert sorted(map(str, values)) == sorted(map(str, expected))


def test_profiles_are_those_of_a_batch_run_after_a_load_and_after_a_small_change(resolver: omniid.Resolver) -> None:
    expected = {one["entity_id"]: one for one in resolver.resolution().profiles}
    assert len(expected) > 10
    for entity_id, profile in expected.items():
        assert _without_empty(resolver.get_profile(entity_id=entity_id)) == _without_empty(profile)
    name, rows = next((name, rows) for name, rows in channels().items() if "email" in rows[0])
    told = resolver.upsert({**rows[0], "source": name, "email": "quite.new@example.com"})
    (entity_id,) = told.entity_ids
    fresh = resolver.get_profile(entity_id=entity_id)
    assert "quite.new@example.com" in fresh["emails"]
    assert resolver.lookup(email="quite.new@example.com").profile == fresh
    (batch,) = [one for one in resolver.resolution().profiles if one["entity_id"] == entity_id]
    assert _without_empty(fresh) == _without_empty(batch)


def _without_empty(profile: dict[str, object]) -> dict[str, object]:
    return {name: told for name, told in profile.items() if told not in (None, []) and name != "household_id"}
