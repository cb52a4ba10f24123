import pytest

import omniid
from oracle.asked_stores import asked_store


def test_explanations_are_those_of_a_batch_run() -> None:
    with asked_store() as resolver:
        batch = resolver.resolution()
        entity = max(batch.profiles, key=lambda one: one["records"])
        rows = resolver.crosswalk()
        mine = [(one["source"], one["record_id"]) for one in rows if one["entity_id"] == entity["entity_id"]]
        other = next((one["source"], one["record_id"]) for one in rows if one["entity_id"] != entity["entity_id"])
        for pair in ((mine[0], mine[-1]), (mine[0], other)):
            told, expected = resolver.explain(*pair), batch.explain(*pair)
            assert (told.is_linked, str(told)) == (expected.is_linked, str(expected))
        assert str(resolver.explain_entity(entity["entity_id"])) == str(batch.explain_entity(entity["entity_id"]))
        assert str(resolver.explain_entity(entity["entity_id"], "email")) == str(
            batch.explain_entity(entity["entity_id"], "email")
        )


def test_what_is_not_there_is_not_explained() -> None:
    with asked_store() as resolver:
        one = resolver.crosswalk()[0]
        with pytest.raises(omniid.InputError, match="not in the store"):
            resolver.explain((one["source"], one["record_id"]), ("crm", "nope"))
        with pytest.raises(omniid.InputError, match="no record key"):
            resolver.explain("crm", "nope")  # type: ignore[arg-type]
        with pytest.raises(omniid.InputError, match="no entity"):
            resolver.explain_entity("nope")
