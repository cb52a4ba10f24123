"""Fields as plain data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import (
    Address,
    Attribute,
    Category,
    Company,
    Consent,
    Date,
    Email,
    Identifier,
    PersonName,
    Phone,
    SpecError,
    Text,
    Timestamp,
    Verified,
)
from omniid.fields import FIELD_KINDS
from omniid.identifier_kinds import BEHAVIORS, KINDS
from omniid.spec_files import field_from_dict, field_to_dict

column = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
part = st.one_of(st.none(), column)
some = st.lists(column, min_size=1, max_size=2).map(tuple)
purposes = st.lists(column, max_size=2).map(tuple)
kinds = column.filter(lambda kind: kind not in FIELD_KINDS)
fields = st.one_of(
    *(st.builds(make, column) for make in (Attribute, Category, Company, Email, Phone, Text, Timestamp)),
    st.builds(Identifier, column, kind=kinds, behavior=st.sampled_from(BEHAVIORS), purposes=purposes),
    st.builds(Identifier, column, kind=st.sampled_from(sorted(set(KINDS) - FIELD_KINDS))),
    *(st.builds(make, column, behavior=st.sampled_from([None, *BEHAVIORS]), purposes=purposes) for make in (Email, Phone)),
    st.builds(Verified, column, column),
    st.builds(Consent, column, of=part | some, purpose=column | some, time=part, opt_out=st.booleans()),
    st.builds(Date, column, year=part, month=part, day=part),
    st.builds(PersonName, part, part, middle=part, suffix=part, title=part, full=column),
    st.builds(Address, column, part, part, house_number=part, unit=part, region=part, country=part, full=part),
)


@given(fields)
def test_every_field_is_written_and_read(field) -> None:
    assert field_from_dict(field_to_dict(field)) == field


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("email", "must have kind and columns"),
        ({"kind": "email"}, "must have kind and columns"),
        ({"kind": "email", "columns": ["a"], "colour": 1}, "must have kind and columns"),
        ({"kind": "email", "columns": "mail"}, "write a list such as"),
        ({"kind": "email", "columns": []}, "write a list such as"),
        ({"kind": "email", "columns": ["a", "b"]}, "can't be made of columns"),
        ({"kind": "address", "columns": ["a"], "behavior": "weak"}, "can't be made of columns"),
        ({"kind": "badge", "columns": ["a"]}, "identifier kind 'badge' is unknown"),
        ({"kind": "passprt", "columns": ["a"]}, "did you mean 'passport'"),
        ({"kind": "passport", "columns": ["a"], "behavior": "strange"}, "did you mean 'strong'"),
        ({"kind": "address", "columns": {"stret": "a"}}, "can't be made of columns"),
        ({"kind": "consent", "columns": ["a"]}, "says for no purpose"),
        ({"kind": "consent", "columns": "a", "purpose": "news"}, "write it as"),
        ({"kind": "verified", "columns": ["a"]}, "missing 1 required"),
        ({"kind": "verified", "columns": ["a"], "of": "email", "purpose": "news"}, "unexpected keyword"),
        ({"kind": "opt_out", "columns": ["a"], "of": []}, "give a name such as"),
    ],
)
def test_what_is_no_field_is_refused(data, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        field_from_dict(data)
