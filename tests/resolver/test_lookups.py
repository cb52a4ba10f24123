from hashlib import sha256

import pytest

import omniid
from omniid.fields import Email, Identifier, PersonName, Phone
from oracle.asked_stores import asked_store


@pytest.fixture(scope="module")
def resolver() -> omniid.Resolver:
    return asked_store()


def people(resolver: omniid.Resolver, *fields: str) -> list[dict[str, str]]:
    found = resolver.resolution().profiles
    return [one for one in found if one["entity_kind"] == "person" and all(one[field] for field in fields)]


def test_any_spelling_of_an_identifier_names_its_person(resolver: omniid.Resolver) -> None:
    found = 0
    for one in people(resolver, "email", "phone"):
        for asked in ({"email": f" {one['email'].upper()} "}, {"phone": one["phone"].replace("+", "00 ")}):
            told = resolver.lookup(**asked)
            if told.exact:
                assert told.profile == resolver.get_profile(entity_id=told.entity_id)
                found += told.entity_id == one["entity_id"]
    assert found > 6


def test_the_hash_of_a_contact_value_does_as_well(resolver: omniid.Resolver) -> None:
    one = next(one for one in people(resolver, "email", "phone") if resolver.lookup(email=one["email"]).exact)
    normal = next(value for value in one["emails"] if value == value.lower())
    digest = sha256(normal.encode()).hexdigest()
    assert resolver.lookup(email=digest).entity_id == resolver.lookup(email_hash=digest.upper()).entity_id == one["entity_id"]
    phone = sha256(one["phone"].encode()).hexdigest()
    assert resolver.lookup(phone=phone).entity_id == resolver.lookup(phone=one["phone"]).entity_id
    assert "no SHA-256" in str(resolver.lookup(email_hash="abc"))


def test_a_partial_person_gets_candidates_with_weights(resolver: omniid.Resolver) -> None:
    known = people(resolver, "first_name", "last_name", "birth_date")
    assert len(known) > 4
    for one in known:
        told = resolver.lookup(**{field: one[field] for field in ("first_name", "last_name", "birth_date")}, limit=4)
        assert not told.exact
        assert 0 < len(told.candidates) <= 4
        best = told.candidates[0]
        assert best.entity_id == one["entity_id"]
        weights = [candidate.match_weight for candidate in told.candidates]
        assert weights == sorted(weights, reverse=True)
        assert 0 <= best.match_probability <= 1
        assert "last_name" in best.agreed or "birth_date" in best.agreed


def test_what_a_candidate_comes_to_is_what_its_record_would(resolver: omniid.Resolver) -> None:
    one = people(resolver, "first_name", "last_name", "birth_date")[0]
    asked = {field: one[field] for field in ("first_name", "last_name", "birth_date")}
    best = resolver.lookup(**asked).candidates[0]
    with asked_store() as other:
        other.upsert({"source": "crm", "id": "asked", **asked})
        told = other.explain(("crm", "asked"), best.record)
        if len(told.steps) == 1:
            assert told.steps[0].match_weight == pytest.approx(best.match_weight)


def test_what_is_wrong_is_said(resolver: omniid.Resolver) -> None:
    with pytest.raises(omniid.InputError, match="did you mean 'email'"):
        resolver.lookup(e_mail="a@x.com")
    with pytest.raises(omniid.InputError, match="needs an identifier"):
        resolver.lookup()
    told = resolver.lookup(email="nobody", phone=None)
    assert not told
    assert "no @ sign" in str(told)
    assert not resolver.lookup(email="not.here@example.com").candidates
    with omniid.open(":memory:") as empty, pytest.raises(omniid.NotFittedError):
        empty.lookup(email="a@x.com")


def small_store() -> omniid.Resolver:
    rows = [
        {"id": str(number), "email": f"{name}@x.com", "name": f"{name} {family}", "phone": f"50123456{number % 10}"}
        for number, (name, family) in enumerate(
            (name, family) for name in ("ann", "bob", "eve", "tom") for family in ("lee", "fox", "may", "roy")
        )
    ]
    fields = [
        Email(),
        Phone(),
        PersonName(full="name"),
        Identifier("cookie", kind="cookie"),
        Identifier("em", kind="email_hash"),
    ]
    resolver = omniid.open(":memory:", omniid.Spec(fields=fields), backend="rows")
    resolver.upsert([{**row, "cookie": None, "em": None} for row in rows])
    resolver.fit()
    return resolver


def test_a_value_of_too_many_people_names_nobody_and_a_device_names_its_person() -> None:
    with small_store() as resolver:
        names = ("ann lee", "bob fox", "cy may", "di roy", "ed kay", "flo day", "gus ray", "hal jay")
        rows = [{"id": f"s{number}", "name": name, "email": "shop@mail.org"} for number, name in enumerate(names)]
        resolver.upsert(rows)
        told = resolver.lookup(email="SHOP@mail.org")
        assert not told
        assert "shared by 8 people" in str(told)
        resolver.upsert({"id": "v", "name": "Ida Orr", "email": "ida@orr.org", "cookie": "c-77"})
        told = resolver.lookup(cookie="C-77")
        assert told.exact
        assert told.entity_kind == "person"
        assert told.profile["email"] == "ida@orr.org"
        assert told == resolver.lookup(email="ida@orr.org", cookie="c-77")


def test_a_declared_hash_and_its_value_meet() -> None:
    with small_store() as resolver:
        digest = sha256(b"ida@orr.org").hexdigest()
        resolver.upsert({"id": "h", "em": digest, "name": "Ida Orr"})
        assert resolver.lookup(em=digest).exact
        assert resolver.lookup(email="ida@orr.org").entity_id == resolver.lookup(em=digest).entity_id
        resolver.upsert({"id": "w", "email": "ida@orr.org", "name": "Ida Orr"})
        told = resolver.lookup(em=digest)
        assert told.exact
        assert told.profile["records"] == 2
        assert resolver.lookup(email="ida@orr.org") == told
