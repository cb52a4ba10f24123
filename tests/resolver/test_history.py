import pytest

import omniid
from oracle.asked_stores import asked_store, channels


def test_every_state_can_be_read_as_of_its_cursor() -> None:
    with asked_store(filled=False) as resolver:
        seen: list[tuple[int, list[dict[str, str]], dict[str, dict[str, object]]]] = []
        for name, rows in list(channels().items())[:4]:
            resolver.upsert(list(rows), source=name)
            seen.append(_state(resolver))
        name, rows = next(iter(channels().items()))
        resolver.delete([(name, next(iter(rows[0].values())))])
        seen.append(_state(resolver))
        for cursor, crosswalk, profiles in seen:
            assert resolver.crosswalk(as_of=cursor) == crosswalk
            for entity_id in list(profiles)[::7]:
                assert resolver.get_profile(entity_id=entity_id, as_of=cursor) == profiles[entity_id]
        assert resolver.crosswalk(as_of=0) == []
        assert resolver.crosswalk(as_of=seen[1][0] - 1) == seen[0][1]  # in the middle of the second transaction
        with pytest.raises(omniid.InputError, match="as_of"):
            resolver.crosswalk(as_of=resolver.cursor + 1)


def _state(resolver: omniid.Resolver) -> tuple[int, list[dict[str, str]], dict[str, dict[str, object]]]:
    crosswalk = resolver.crosswalk()
    profiles = {one["entity_id"]: resolver.get_profile(entity_id=one["entity_id"]) for one in crosswalk}
    return resolver.cursor, crosswalk, profiles


def test_the_feed_goes_on_from_any_cursor() -> None:
    with asked_store() as resolver:
        whole = resolver.changes()
        assert [one["cursor"] for one in whole] == list(range(1, len(whole) + 1))
        assert resolver.changes(3, limit=4) == whole[3:7]
        assert resolver.changes(resolver.cursor) == []
        assert {one["kind"] for one in whole} == {"created"}


def test_a_former_id_leads_to_the_one_of_today() -> None:
    with asked_store() as resolver:
        first, second = [one for one in resolver.crosswalk() if one["entity_kind"] == "person"][:2]
        before = resolver.cursor
        if first["entity_id"] == second["entity_id"]:
            second = next(one for one in resolver.crosswalk() if one["entity_id"] != first["entity_id"])
        resolver.merge(first["entity_id"], second["entity_id"])
        (moved,) = resolver.redirects()
        assert {moved["entity_id"], moved["redirects_to"]} == {first["entity_id"], second["entity_id"]}
        told = resolver.get_profile(entity_id=moved["entity_id"])
        assert (told["entity_id"], told["redirected_from"]) == (moved["redirects_to"], moved["entity_id"])
        assert resolver.get_profile(entity_id=moved["entity_id"], as_of=before)["entity_id"] == moved["entity_id"]
        with pytest.raises(omniid.InputError, match="named nobody at that cursor"):
            resolver.get_profile(entity_id=moved["entity_id"], as_of=resolver.cursor)


def test_who_names_nobody_is_an_error_that_says_so() -> None:
    with asked_store() as resolver:
        with pytest.raises(omniid.InputError, match="there is no entity 'nope'"):
            resolver.get_profile(entity_id="nope")
        with pytest.raises(omniid.InputError, match="not in the store"):
            resolver.get_profile(record=("crm", "nope"))
        with pytest.raises(omniid.InputError, match="one of"):
            resolver.get_profile()
        one = resolver.crosswalk()[0]
        key = one["source"], one["record_id"]
        assert resolver.get_profile(record=key) == resolver.get_profile(entity_id=one["entity_id"])
        gone = [(row["source"], row["record_id"]) for row in resolver.crosswalk() if row["entity_id"] == one["entity_id"]]
        resolver.delete(gone)
        with pytest.raises(omniid.InputError, match="its records are gone"):
            resolver.get_profile(entity_id=one["entity_id"])
        assert {row["entity_id"]: row["redirects_to"] for row in resolver.redirects()} == {one["entity_id"]: None}
