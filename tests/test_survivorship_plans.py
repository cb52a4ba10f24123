"""Survivorship compiled: what a spec says of trust, and what it may not name."""

import pytest

import omniid
from omniid import SpecError
from omniid.declarations import Source
from omniid.fields import Attribute, Date, Email, Identifier, Verified
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


def test_half_a_date_has_half_the_trust_in_a_batch_and_in_a_store() -> None:
    rows = {
        "crm": [{"id": "1", "email": "ann@x.com", "born": "31/02/1971"}],
        "web": [{"id": "2", "email": "ann@x.com", "born": "1971-02-03"}],
    }
    spec = Spec(
        sources={"crm": Source(trust=70), "web": Source(trust=40)},
        fields=[Email("email"), Date("born")],
        survivorship={"born": ["trusted"]},
        incremental=True,
    )
    assert omniid.resolve(rows, spec).profiles[0]["born"] == "1971-02-03"
    much = spec.replace(sources={"crm": Source(trust=90), "web": Source(trust=40)})
    assert omniid.resolve(rows, much).profiles[0]["born"] == "1971-02"
    with omniid.open(":memory:", spec=spec, backend="rows") as people:
        people.upsert(rows)
        people.fit()
        people.pin(("crm", "1"), "email")  # made anew of its records
        assert people.get_profile(record=("crm", "1"))["born"] == "1971-02-03"


def test_a_group_of_a_field_that_is_not_there_is_refused() -> None:
    spec = Spec(fields=FIELDS, survivorship={"city, strete": ["most_recent"]})
    with pytest.raises(SpecError, match="survivorship names 'strete'; the fields are city, email"):
        omniid.resolve([{"id": "1", "email": "ann@x.com", "city": "Omsk"}], spec)


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
