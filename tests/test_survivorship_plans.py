"""Survivorship compiled: what a spec says of trust, and what it may not name."""

import pytest

import omniid
from omniid import SpecError
from omniid.declarations import Source
from omniid.fields import Attribute, Email, Identifier, Verified
from omniid.spec import Spec

FIELDS = [Email("email"), Attribute("city")]


def city_of(source: Source) -> str:
    sources = {
        "crm": [{"id": "1", "email": "ann@x.com", "city": "Omsk"}],
        "web": [{"id": "2", "email": "ann@x.com", "city": "Perm"}],
    }
    spec = Spec(sources={"crm": source}, fields=FIELDS, survivorship={"city": ["trusted"]})
    return omniid.resolve(sources, Spec.from_dict(spec.to_dict())).profiles[0]["city"]


def test_a_source_is_trusted_field_by_field() -> None:
    assert city_of(Source(trust=60)) == "Omsk"
    assert city_of(Source(trust=60, field_trust={"city": 40})) == "Perm"
    assert city_of(Source(trust=60, field_trust={"email": 40})) == "Omsk"


def test_trust_in_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(SpecError, match=r"field_trust of source 'crm' names 'cty'; the fields are city, email.* 'city'"):
        city_of(Source(field_trust={"cty": 40}))


@pytest.mark.parametrize("trust", [{"city": 101}, {"city": "high"}, 50])
def test_trust_is_a_number_from_0_to_100(trust) -> None:
    with pytest.raises(SpecError, match=r"from 0 to 100|map fields to trust"):
        Source(field_trust=trust)


def test_verified_statements_reach_the_rules() -> None:
    rows = [
        {"id": "1", "crm": "7", "email": "a@x.com", "sure": "no"},
        {"id": "2", "crm": "7", "email": "b@x.com", "sure": "2026-01-01"},
    ]
    fields = [Email(), Identifier("crm", kind="crm_id"), Verified("sure", of="email")]
    found = omniid.resolve(rows, Spec(fields=fields, survivorship={"email": ["verified_first"]}))
    assert [person["email"] for person in found.profiles] == ["b@x.com"]
