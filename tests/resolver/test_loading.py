from functools import cache

import pytest

import omniid
from oracle.asked_stores import channels, learned


@cache
def sent() -> dict[str, list[dict[str, str | None]]]:
    """The channels with all columns in every row."""
    names = {name: dict.fromkeys(column for row in rows for column in row) for name, rows in channels().items()}
    return {name: [{**names[name], **row} for row in some] for name, some in channels().items()}


@cache
def found() -> omniid.Resolution:
    (spec, model), rows = learned(), sent()
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


def test_ids_of_people_who_are_gone_are_kept_for_them() -> None:
    """Their numbers lie between those of the living, so that a store of the living alone would number otherwise."""
    named = ids(found().crosswalk)
    shop, rows = next(iter(sent().items()))
    id_of = {next(iter(row.values())): row for row in rows}
    alone = [key for key, name in named.items() if key[0] == shop and list(named.values()).count(name) == 1][:2]
    assert len(alone) == 2
    left = {**sent(), shop: [row for key, row in id_of.items() if (shop, key) not in alone]}
    after = omniid.resolve(left, found().spec, model=found().model, previous=found())
    assert not after.parts.ledger.lives.all()
    assert {named[key] for key in alone} <= {row["entity_id"] for row in after.redirects}
    with omniid.open(":memory:", after, backend="rows") as resolver:
        assert ids(resolver.crosswalk()) == ids(after.crosswalk)
        assert resolver.redirects() == after.redirects
        assert not resolver.rebuild()
        for key in reversed(alone):
            assert resolver.upsert(id_of[key[1]], source=shop).entity_ids == (named[key],)
        assert ids(resolver.crosswalk()) == named
        assert resolver.check() == []


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
