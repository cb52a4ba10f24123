"""Contact points, consent and contact lists of whole results."""

import hashlib

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import omniid
from omniid import Consent, Decision, Email, Identifier, InputError, PersonName, Phone, Spec, Timestamp, Verified
from omniid.contacting import may_contact

NEWS = Consent("news", of="email", purpose="newsletter", time="said")
SPEC = Spec(
    fields=[
        *(Email(), Phone(), Identifier("wa", kind="whatsapp"), Identifier("crm", kind="crm_id"), PersonName(full="name")),
        *(Timestamp("seen"), Verified("sure", of="email"), NEWS, Consent("texts", of=["phone", "wa"], purpose="texts")),
    ]
)


def rows(*told: dict[str, object]) -> list[dict[str, object]]:
    columns = ("email", "phone", "wa", "crm", "name", "seen", "sure", "news", "said", "texts")
    return [{"id": str(number), **dict.fromkeys(columns), **row} for number, row in enumerate(told, 1)]


ANN = {"crm": "C17", "name": "Ann Lee"}
PEOPLE = rows(
    {**ANN, "email": "Ann.Lee+old@gmail.com", "seen": "2020-01-01", "sure": "no", "news": "yes", "said": "2020-01-01"},
    {**ANN, "email": "ann@example.com", "seen": "2024-01-01", "sure": "2024-02-01", "news": "granted", "said": "2024-02-01"},
    {**ANN, "email": "annlee@gmail.com", "phone": "+48501502503", "wa": "48 501 502 503", "seen": "2025-01-01", "texts": "1"},
    {**ANN, "email": "ann@x", "phone": "0000000"},
    {"name": "Bob Ray", "email": "bob@example.com", "news": "unsubscribed", "said": "2026-03-01", "crm": "C18"},
    {"name": "Eve Roe", "email": "x7k2p@privaterelay.appleid.com", "crm": "C19", "news": "да"},
    {"name": "Tom Poe", "crm": "C20"},
)


@pytest.fixture(scope="module")
def found() -> omniid.Resolution:
    return omniid.resolve({"web": PEOPLE}, SPEC)


def test_contact_points_are_ranked_with_their_reasons(found) -> None:
    ann = found.crosswalk[0]["entity_id"]
    told = [row for row in found.contacts if row["entity_id"] == ann and row["kind"] == "email"]
    assert [(one["value"], one["rank"], one["is_best"], one["valid"], one["verified"]) for one in told] == [
        ("ann@example.com", 1, True, True, True),
        ("annlee@gmail.com", 2, False, True, False),
        ("ann@x", 3, False, False, None),
    ]
    assert [one["reason"] for one in told] == [
        "before the next: verified; one person's, verified",
        "behind the one before, which is verified; one person's, known not to be verified",
        "behind the one before, which is valid; rejected: the domain 'x' has no dot",
    ]
    assert (told[1]["records"], told[1]["sources"], str(told[1]["last_seen"])[:10]) == (2, 1, "2025-01-01")
    kinds = {(row["kind"], row["value"], row["value_class"]) for row in found.contacts}
    assert {("whatsapp", "+48501502503", "personal"), ("phone", "+48501502503", "personal")} <= kinds
    assert ("masked_email", "x7k2p@privaterelay.appleid.com", None) in kinds
    assert ("phone", "0000000", None) in kinds or ("phone", "0000000", "placeholder") in kinds


def test_consent_names_the_statement_that_decided(found) -> None:
    told = {(row["value"], row["purpose"]): row for row in found.consent}
    granted = told["ann@example.com", "newsletter"]
    assert (granted["state"], granted["source"], granted["record_id"]) == ("granted", "web", "2")
    assert str(granted["time"])[:10] == "2024-02-01"
    assert told["bob@example.com", "newsletter"]["reason"] == "denied by a record of this entity"
    assert {row["state"] for row in found.consent if row["kind"] == "whatsapp"} == {"granted"}  # the number is the phone's
    assert ("+48501502503", "newsletter") not in told


def test_a_list_holds_one_granted_address_a_person_and_says_what_it_refuses(found, tmp_path) -> None:
    listed = found.contact_list("newsletter")
    assert [(row["value"], row["first_name"]) for row in listed.allowed] == [
        ("ann@example.com", "Ann"),
        ("x7k2p@privaterelay.appleid.com", "Eve"),
    ]
    why = {row["value"]: row["why"] for row in listed.refused}
    assert why == {
        "annlee@gmail.com": "superseded by ann@example.com",
        "ann@x": "invalid: the domain 'x' has no dot",
        "bob@example.com": "denied by web:5 on 2026-03-01",
    }
    assert listed.counts["people"] == 4
    assert listed.counts["without"] == 1
    assert "1 × consent denied" in str(listed)
    beside = listed.save(tmp_path / "list.csv")
    assert pd.read_csv(beside)["why"].tolist() == list(listed.tables["refused"]["why"].to_pylist())
    assert pd.read_csv(tmp_path / "list.csv")["value"].tolist() == listed.tables["allowed"]["value"].to_pylist()
    with pytest.raises(InputError, match="ends in neither"):
        listed.save(tmp_path / "list.txt")
    texts = found.contact_list("texts", channel="messenger")
    assert [row["value"] for row in texts.allowed] == ["+48501502503"]
    assert found.contact_list(None, channel="phone").counts["reached"] == 1
    assert {name: flags.sum() for name, flags in may_contact(found.parts, "texts").items()}["phone"] == 1


def test_names_come_from_a_view_where_one_is_named() -> None:
    spec = SPEC.replace(views={"letters": omniid.View(fields=["email", "last_name"])})
    listed = omniid.resolve({"web": PEOPLE}, spec).contact_list("newsletter", view="letters")
    assert listed.allowed[0].items() >= {"value": "ann@example.com", "last_name": "Lee"}.items()
    assert "first_name" not in listed.allowed[0]


def test_an_unknown_purpose_or_channel_is_named(found) -> None:
    with pytest.raises(InputError, match=r"the purposes are newsletter, texts.*did you mean 'newsletter'"):
        found.contact_list("newsleter")
    with pytest.raises(InputError, match="choose from email, phone, messenger, social"):
        found.contact_list("texts", channel="fax")
    with pytest.raises(InputError, match="no consent is declared"):
        omniid.resolve(PEOPLE, Spec(fields=[Email()])).contact_list("newsletter")


def test_a_value_that_too_many_people_use_reaches_nobody_and_a_household_is_written_to_once() -> None:
    first = ["Ann", "Tom", "Eve", "Raj", "Kim", "Leo", "Zoe", "Max"]
    last = ["Lee", "Baker", "Stone", "Patel", "Park", "Rossi", "Hart", "Voss"]
    names = [f"{one} {two}" for one, two in zip(first, last, strict=True)]
    shop = rows(*({"name": name, "email": "shop@example.com", "news": "yes"} for name in names))
    home = rows(
        *(
            {"name": name, "email": "home@example.com", "news": "yes", "said": f"2026-01-0{n}"}
            for n, name in enumerate(names[:2], 1)
        )
    )
    listed = omniid.resolve({"shop": shop, "home": home}, SPEC).contact_list("newsletter")
    assert [row["value"] for row in listed.allowed] == ["home@example.com"]
    assert {row["why"] for row in listed.refused if row["value"] == "shop@example.com"} == {"shared by 8 people"}
    assert listed.counts["listed elsewhere"] == 1


def test_a_hashed_suppression_list_denies_the_address_that_it_stands_for() -> None:
    spec = Spec(fields=[Email(), Identifier("em", kind="email_hash"), NEWS, Consent("out", of="em", opt_out=True)])
    web = [
        {"id": "1", "email": "ann@example.com", "news": "yes", "said": "2026-01-01"},
        {"id": "2", "email": "bob@example.com"},
    ]
    gone = [{"id": "1", "em": hashlib.sha256(b"ann@example.com").hexdigest(), "out": "2026-02-01"}]
    listed = omniid.resolve({"web": web, "gone": gone}, spec).contact_list("newsletter")
    assert not listed.allowed
    assert listed.refused[0]["why"] == "denied by gone:1 on 2026-02-01"


def test_a_hashed_suppression_list_denies_a_masked_address() -> None:
    spec = Spec(fields=[Email(), Identifier("em", kind="email_hash"), NEWS, Consent("out", of="em", opt_out=True)])
    relay = "x7k2p@privaterelay.appleid.com"
    web = [{"id": "1", "email": relay, "news": "yes", "said": "2026-01-01"}, {"id": "2", "email": "bob@example.com"}]
    gone = [{"id": "1", "em": hashlib.sha256(relay.encode()).hexdigest(), "out": "2026-02-01"}]
    listed = omniid.resolve({"web": web, "gone": gone}, spec).contact_list("newsletter")
    assert {row["value"]: row["why"] for row in listed.refused}[relay].startswith("denied by gone:1 on 2026-02-01")
    assert not listed.allowed


def test_a_later_grant_under_a_unique_identifier_lifts_no_denial_of_another_channel() -> None:
    fields = [Email(), Phone(), Identifier("crm", kind="crm_id", behavior="unique"), Timestamp("seen")]
    asked = [Consent("mail", of="email", purpose="offers"), Consent("text", of="phone", purpose="offers")]
    ann = {"crm": "8402157", "email": None, "phone": None, "mail": None, "text": None}
    told = [
        {**ann, "id": "1", "phone": "+48501502503", "text": "yes", "seen": "2025-01-01"},
        {**ann, "id": "2", "phone": "+48501502503", "text": "no", "seen": "2026-01-01"},
        {**ann, "id": "3", "email": "ann@example.com", "mail": "yes", "seen": "2026-02-01"},
    ]
    found = omniid.resolve(told, Spec(fields=[*fields, *asked]))
    assert not found.contact_list("offers", channel="phone").allowed
    assert found.contact_list("offers").counts["reached"] == 1


def test_an_objection_without_an_address_counts_for_the_whole_person_until_a_later_grant() -> None:
    spec = SPEC.replace(fields=[*SPEC.fields, Consent("objects", opt_out=True)])
    web = rows({**ANN, "email": "ann@example.com", "news": "yes", "said": "2026-01-01"})
    call = [{"id": "9", "crm": "C17", "name": "Ann Lee", "objects": "2026-02-01"}]
    listed = omniid.resolve({"web": web, "call": call}, spec).contact_list("newsletter")
    assert [row["why"] for row in listed.refused] == [
        "denied by call:9 on 2026-02-01, which names no such value: it counts for all of them"
    ]
    later = rows({**ANN, "email": "ann@example.com", "news": "yes", "said": "2026-03-01"})
    assert omniid.resolve({"web": later, "call": call}, spec).contact_list("newsletter").counts["reached"] == 1


def test_an_objection_to_everything_counts_for_all_addresses_of_a_person_that_to_one_purpose_for_its_own() -> None:
    web = rows({**ANN, "email": "new@example.com", "news": "yes", "said": "2026-01-01"})
    crm = [{"id": "9", "crm": "C17", "name": "Ann Lee", "email": "old@example.com", "out": "2026-02-01"}]
    for purpose, reached in ((None, 0), ("newsletter", 1)):
        spec = SPEC.replace(fields=[*SPEC.fields, Consent("out", purpose=purpose, opt_out=True)])
        listed = omniid.resolve({"web": web, "crm": crm}, spec).contact_list("newsletter")
        assert (listed.counts["people"], listed.counts["reached"]) == (1, reached)
    back = rows({**ANN, "email": "new@example.com", "news": "yes", "said": "2026-03-01"})
    spec = SPEC.replace(fields=[*SPEC.fields, Consent("out", opt_out=True)])
    assert omniid.resolve({"web": back, "crm": crm}, spec).contact_list("newsletter").counts["reached"] == 1


def test_a_saved_result_and_a_store_say_the_same(found, tmp_path) -> None:
    found.save(tmp_path)
    again = omniid.load(tmp_path)
    with omniid.open(":memory:", SPEC, backend="rows") as people:
        people.upsert({"web": PEOPLE})
        people.fit()
        live = people.resolution()
    for name in ("contacts", "consent"):
        assert pq.read_table(tmp_path / f"{name}.parquet").to_pylist() == found.table(name).to_pylist()
        assert again.table(name).equals(found.table(name))
        assert live.table(name).to_pylist() == found.table(name).to_pylist()


def test_nothing_to_reach_anybody_by() -> None:
    bare = omniid.resolve([{"id": "1", "name": "Ann Lee"}], Spec(fields=[PersonName(full="name")]))
    assert bare.contacts == []
    assert bare.consent == []
    empty = omniid.resolve(
        [{"id": "1", "name": "Ann Lee", "email": None, "news": "no", "said": None}],
        Spec(fields=[PersonName(full="name"), Email(), NEWS]),
    )
    assert empty.contact_list("newsletter").counts["without"] == 1


decided = st.lists(
    st.tuples(st.sampled_from(["MUST_LINK", "CANNOT_LINK"]), st.sampled_from("12345"), st.sampled_from("12345")), max_size=4
)


@settings(max_examples=4)
@given(
    decided,
    st.lists(
        st.tuples(st.sampled_from(["yes", "no", None]), st.sampled_from([None, "2026-01-01", "2026-01-02"])),
        min_size=5,
        max_size=5,
    ),
)
def test_no_decision_makes_an_address_contactable_that_was_not(told, said) -> None:
    web = rows(
        *(
            {"email": f"{'aabbc'[n]}@example.com", "crm": "C1" if n in (0, 2) else None, "news": word, "said": time}
            for n, (word, time) in enumerate(said)
        )
    )
    plain = omniid.resolve({"web": web}, SPEC)
    decisions = [
        Decision(kind, (("web", a),), (("web", b),), time=f"2026-01-0{n + 1}") for n, (kind, a, b) in enumerate(told) if a != b
    ]
    changed = omniid.resolve({"web": web}, SPEC, decisions=decisions)
    before, after = ({row["value"] for row in one.contact_list("newsletter").allowed} for one in (plain, changed))
    granted = [{row["value"] for row in one.consent if row["state"] == "granted"} for one in (plain, changed)]
    assert granted[0] == granted[1]
    assert before | after <= granted[0]
