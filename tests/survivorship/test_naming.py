"""Names of profile columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.survivorship import plural, profile_columns, union


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("email", "emails"),
        ("city", "cities"),
        ("address", "addresses"),
        ("day", "days"),
        ("box", "boxes"),
        ("branch", "branches"),
    ],
)
def test_plurals(field: str, fields: str) -> None:
    assert plural(field) == fields


@given(st.sets(st.sampled_from(["email", "emails", "emails_", "records", "records_", "sources", "entity_id", "city"])))
def test_no_two_columns_have_one_name(fields: set[str]) -> None:
    names = profile_columns({field: [union()] for field in fields})
    made = [name for pair in names.values() for name in pair]
    assert len(set(made) | {"entity_id", "entity_kind", "records", "sources"}) == len(made) + 4
    for field in fields - {"records", "records_", "sources", "entity_id"}:
        assert names[field][0] == field
