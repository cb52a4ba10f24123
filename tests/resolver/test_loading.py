from functools import cache

import pytest

import omniid
from oracle.asked_stores import channels, learned


@cache
def found() -> omniid.Resolution:
    spec, model = learned()
    names = {name: dict.fromkeys(column for row in rows for column in row) for name, rows in channels().items()}
    rows = {name: [{**names[name], **row} for row in some] for name, some in channels().items()}
    before = omniid.resolve({name: some[: len(some) // 2] for name, some in rows.items()}, spec, model=model)
    return omniid.resolve(rows, spec, model=model, previous=before)


def ids(crosswalk: list[dict[str, str]]) -> dict[tuple[str, str], str]:
    return {(row["source"], row["record_id"]): row["entity_id"] for row in crosswalk}


def test_a_store_goes_on_from_a_batch_result() -> None:
    with omniid.open(":memory:", found(), backend="rows") as resolver:
        assert ids(resolver.crosswalk()) == ids(found().crosswalk)
        assert resolver.changes() == []
        assert resolver.redirects() == found().redirects
        one = next(one for one in found().profiles if one["email"])
        assert resolver.get_profile(entity_id=one["entity_id"])["email"] == one["email"]
        name, rows = next(iter(channels().items()))
        key = name, next(iter(rows[0].values()))
        told = resolver.delete(key)
        assert told.deleted == 1
        assert resolver.upsert(rows[0], source=name).entity_ids == (ids(found().crosswalk)[key],)
        back = resolver.resolution()
        assert ids(back.crosswalk) == ids(found().crosswalk)


def test_what_a_source_sends_again_counts_as_the_same_record() -> None:
    with omniid.open(":memory:", found(), backend="rows") as resolver:
        name, rows = next(iter(channels().items()))
        assert resolver.upsert(rows[0], source=name).new == 0
        assert ids(resolver.crosswalk()) == ids(found().crosswalk)


def test_a_result_that_cannot_live_in_a_store_is_refused() -> None:
    plain = omniid.resolve([{"id": str(n), "email": f"{n % 7}@x.com"} for n in range(20)])
    with pytest.raises(omniid.SpecError, match="incremental=True"):
        omniid.open(":memory:", plain)
    with pytest.raises(omniid.InputError, match="its own model"):
        omniid.open(":memory:", found(), model=found().model)
