"""Statements of contact values: what they may speak of, and that they are neither evidence nor a value of a profile."""

import pytest

import omniid
from omniid import Consent, Date, Email, Identifier, Phone, Spec, SpecError, Timestamp, Verified
from omniid.statement_fields import contact_columns, purposes_of


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ([Email(), Verified("ok", of="mail")], "did you mean 'email'"),
        ([Verified("ok", of="phone")], "those are none"),
        ([Email(), Consent("ok", purpose="news-letter"), Consent("no", purpose="Newsletter", opt_out=True)], "in one way"),
        ([Email(), Consent("ok", of=["email", "fax"], purpose="news")], "'fax', which is no field"),
        ([Email(), Consent("ok", purpose="news"), Verified("ok", of="email")], "'ok' is read by"),
        ([Email(), Consent("email", purpose="news")], "'email' is read by"),
        ([Timestamp("at"), Consent("ok", purpose="news", time="at")], "leave time= out"),
        ([Date(), Consent("ok", purpose="news", time="birth_date")], "leave time= out"),
    ],
)
def test_statements_that_do_not_fit_are_refused(fields, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        Spec(fields=fields)


def test_statements_may_share_a_time_and_speak_of_hashes() -> None:
    hashed = Identifier("em", kind="email_hash")
    said = [Consent("ok", of="email", purpose="news", time="at"), Consent("sms", of="phone", purpose="sms", time="at")]
    spec = Spec(fields=[Email(), Phone(), hashed, *said, Consent("out", of="em", opt_out=True)])
    assert purposes_of(spec.fields) == ("news", "sms")
    assert list(contact_columns(spec.fields)) == ["email", "phone"]
    assert "opt-out, of em, for all purposes" in str(spec)


def test_a_statement_is_no_evidence_and_stands_on_no_profile(tmp_path) -> None:
    told = {"ok": "yes", "sure": "yes", "at": "1 May 2026"}
    rows = [{"id": str(n), "email": f"{'ab'[n > 1]}@example.com", **told} for n in range(4)]
    said = [Verified("sure", of="email"), Consent("ok", of="email", purpose="news", time="at")]
    bare, found = (omniid.resolve(rows, Spec(fields=[Email(), *more])) for more in ((), said))
    assert found.crosswalk == bare.crosswalk
    assert found.profiles == bare.profiles
    assert found.model == bare.model.replace(frozen=found.model.frozen)
    found.save(tmp_path)
    assert omniid.load(tmp_path).parts.records.columns["at"].entries_of(0) == ["2026-05-01T00:00:00Z"]


def test_a_store_keeps_statements_beside_their_values() -> None:
    spec = Spec(fields=[Email(), Verified("sure", of="email"), Consent("ok", of="email", purpose="news", time="at")])
    rows = [{"id": str(n), "email": f"{n}@example.com", "ok": "da", "sure": "perhaps", "at": "2026-05-01"} for n in range(3)]
    with omniid.open(":memory:", spec, backend="rows") as people:
        people.upsert({"web": rows})
        people.fit()
        people.upsert({"source": "web", "id": "9", "email": "1@example.com", "ok": "revoked", "sure": "да"})
        records = people.resolution().parts.records
        assert [records.columns[name].entries_of(3) for name in ("ok", "sure", "at")] == [["denied"], ["yes"], [None]]
        assert records.rejects["reason"].to_pylist() == ["says neither yes nor no, and is no time: perhaps"] * 3
        assert not {"ok", "sure", "at"} & set(people.get_profile(record=("web", "9")))
        assert people.check() == []
