"""Ids of entities."""

from hypothesis import given
from hypothesis import strategies as st

from omniid.entity_ids import new_entity_ids

keys = st.lists(st.tuples(st.text(), st.text()), unique=True, max_size=20)


@given(keys)
def test_ids_depend_on_their_key_alone_and_are_distinct(keys) -> None:  # type: ignore[no-untyped-def]
    ids = new_entity_ids(keys)
    assert len(set(ids)) == len(keys)
    assert [new_entity_ids([key])[0] for key in keys] == ids


def test_an_id_in_use_is_passed_over() -> None:
    (first,) = new_entity_ids([("crm", "1")])
    (second,) = new_entity_ids([("crm", "1")], taken=[first])
    assert second not in (first, *new_entity_ids([("crm", "2")]))
    assert len(second) == 16


def test_source_and_record_id_do_not_run_together() -> None:
    assert len(set(new_entity_ids([("a", "bc"), ("ab", "c"), ("a,b", "c")]))) == 3
