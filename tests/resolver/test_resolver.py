"""A store says of its records what a batch run says of them, whatever came when."""

import random
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import omniid
from oracle.asked_stores import channels, learned

Row = dict[str, str]
Partition = frozenset[frozenset[tuple[str, str]]]


def parts_of(crosswalk: Iterable[Row]) -> Partition:
    sets: dict[str, set[tuple[str, str]]] = {}
    for row in crosswalk:
        sets.setdefault(row["entity_id"], set()).add((row["source"], row["record_id"]))
    return frozenset(map(frozenset, sets.values()))


def store() -> omniid.Resolver:
    spec, model = learned()
    return omniid.open(":memory:", spec, model=model, backend="rows")


def batch(rows: Mapping[str, Iterable[Row]]) -> Partition:
    spec, model = learned()
    found = omniid.resolve({name: list(some) for name, some in rows.items() if some}, spec, model=model)
    return parts_of(found.crosswalk)


@pytest.mark.parametrize("share", [0.0, 0.9])
def test_upserting_in_parts_gives_what_a_batch_run_gives(share: float) -> None:
    with store() as resolver:
        if share:
            resolver.upsert({name: list(rows[: int(len(rows) * share)]) for name, rows in channels().items()})
        for name, rows in channels().items():
            resolver.upsert(list(rows[int(len(rows) * share) :]), source=name)
        assert parts_of(resolver.crosswalk()) == batch(channels())


@settings(max_examples=2)
@given(seed=st.integers(0, 2**16))
def test_any_order_of_small_calls_gives_what_a_batch_run_gives(seed: int) -> None:
    draw = random.Random(seed)
    rows = [(name, row) for name, some in channels().items() for row in some]
    draw.shuffle(rows)
    rows = rows[:45]
    kept: dict[str, list[Row]] = {}
    for name, row in rows:
        kept.setdefault(name, []).append(row)
    with store() as resolver:
        for start in range(0, len(rows), 15):
            some: dict[str, list[Row]] = {}
            for name, row in rows[start : start + 15]:
                some.setdefault(name, []).append(row)
            resolver.upsert(some)
        assert parts_of(resolver.crosswalk()) == batch(kept)


def test_deleting_undoes_upserting_and_ids_come_back() -> None:
    everything = {name: list(rows) for name, rows in channels().items()}
    with store() as resolver:
        resolver.upsert(everything)
        before = {(row["source"], row["record_id"]): row["entity_id"] for row in resolver.crosswalk()}
        name = next(iter(everything))
        some = everything[name][:5]
        ids = [row[next(iter(row))] for row in some]
        told = resolver.delete([(name, record_id) for record_id in ids])
        assert told.deleted == 5
        left = {**everything, name: everything[name][5:]}
        assert parts_of(resolver.crosswalk()) == batch(left)
        resolver.upsert(some, source=name)
        assert {(row["source"], row["record_id"]): row["entity_id"] for row in resolver.crosswalk()} == before


def test_syncing_deletes_what_a_source_no_longer_holds() -> None:
    with omniid.open(":memory:", backend="rows") as resolver:
        resolver.upsert([{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "ann@x.com"}], source="shop")
        resolver.upsert({"source": "web", "id": "1", "email": "ann@x.com"})
        resolver.fit()
        told = resolver.sync("shop", [{"id": "2", "email": "ann@x.com"}, {"id": "3", "email": "bo@x.com"}])
        assert (told.new, told.deleted, told.unchanged) == (1, 1, 1)
        assert {(row["source"], row["record_id"]) for row in resolver.crosswalk()} == {
            ("shop", "2"),
            ("shop", "3"),
            ("web", "1"),
        }


def test_nothing_is_resolved_before_the_first_fit() -> None:
    with omniid.open(":memory:") as resolver:
        assert resolver.upsert({"id": "1", "email": "ann@x.com"}).entity_ids == (None,)
        with pytest.raises(omniid.NotFittedError, match="fit"):
            resolver.crosswalk()


def test_a_model_that_was_not_learned_for_a_store_is_refused() -> None:
    found = omniid.resolve([{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "ann@x.com"}])
    with pytest.raises(omniid.SpecError, match="incremental=True"):
        omniid.open(":memory:", found.spec, model=found.model)
