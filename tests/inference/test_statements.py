"""Columns of statements: taken where the header is clear and the values read as yes or no, and nowhere else."""

import pytest

import omniid
from omniid import Attribute, Consent, Verified
from omniid.inference.contents import Contents
from omniid.inference.statements import judge_statement
from omniid.tables.arrays import text_array

YES_NO = Contents.of(text_array(["yes", "no"]))


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("email_verified", ("verified", "email_verified")),
        ("isEmailConfirmed", ("verified", "email_verified")),
        ("newsletter_opt_in", ("consent", "newsletter_consent")),
        ("Accepts Email Marketing", ("consent", "email_marketing_consent")),
        ("marketing_consent", ("consent", "marketing_consent")),
        ("sms_ok", ("consent", "sms_consent")),
        ("Согласие на рассылку", ("consent", "newsletter_consent")),
        ("zgoda_marketingowa", ("consent", "marketing_consent")),
        ("HasOptedOutOfEmail", ("opt_out", "email_opt_out")),
        ("do_not_call", ("opt_out", "phone_opt_out")),
        ("unsubscribed", ("opt_out", "contact_opt_out")),
    ],
)
def test_clear_headers(header: str, found: tuple[str, str]) -> None:
    told = judge_statement(header, YES_NO)
    assert told is not None
    assert told[:2] == found


@pytest.mark.parametrize(
    "header",
    [
        "newsletter",
        "consent",
        "verified",
        "phone_ok",
        "phone_subscription",
        "call_accepted",
        "email_status",
        "marketing_budget",
        "opt_in",
    ],
)
def test_unclear_headers_are_left_alone(header: str) -> None:
    assert judge_statement(header, YES_NO) is None


def test_values_that_are_no_answers_are_left_alone() -> None:
    for values in (["3", "7", "12"], ["2024-01-01"], ["n/a", ""], [*map(str, range(5)), "yes"]):
        assert judge_statement("newsletter_consent", Contents.of(text_array(values))) is None
    assert judge_statement("email_verified", Contents.of(text_array(["2024-01-01", "no"]))) is not None


def test_statements_need_something_to_speak_of() -> None:
    rows = [{"id": str(n), "email": f"a{n}@x.com", "news_id": n, "sms_ok": "1", "newsletter_ok": "yes"} for n in range(3)]
    spec = omniid.infer_spec({"web": rows, "till": [{"id": "1", "marketing_opt_in": "yes"}]})
    assert Consent("newsletter_consent", of="email", purpose="newsletter") in spec.fields
    assert {Attribute("sms_ok"), Attribute("marketing_opt_in")} <= set(spec.fields)
    reasons = {guess.column: guess.reason for guess in spec.guesses}
    assert reasons["sms_ok"].endswith("but no column of the source holds phone")
    both = omniid.infer_spec([{**row, "phone": f"+4850150250{row['id']}", "email_verified": "true"} for row in rows])
    assert {Consent("sms_consent", of="phone", purpose="sms"), Verified("email_verified", of="email")} <= set(both.fields)
