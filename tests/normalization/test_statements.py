"""Statements: words of many languages, never a guess."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.normalization import normalize_consent, normalize_opt_out, normalize_verified

YES = [
    "yes",
    "Y",
    "TRUE",
    "1",
    "1.0",
    "да",
    "tak",
    "так",
    "ja",
    "oui",
    "sí",
    "si",
    "evet",
    "ano",
    "是",
    "はい",
    "네",
    "بله",
    "نعم",
]
NO = ["no", "N", "False", "0", "0.0", "нет", "nie", "ні", "nein", "non", "não", "nao", "hayır", "ne", "否", "いいえ", "خیر"]


def test_yes_and_no_are_read_in_many_languages() -> None:
    for scalar, yes, no in (
        (normalize_consent, "granted", "denied"),
        (normalize_verified, "yes", "no"),
        (normalize_opt_out, "denied", None),
    ):
        assert {scalar(value).value for value in YES} == {yes}
        assert {scalar(value).value for value in NO} == {no}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Opted-In", "granted"),
        ("opted_out", "denied"),
        ("  UNSUBSCRIBED. ", "denied"),
        ("zgoda", "granted"),
        ("Brak zgody", "denied"),
        ("не согласен", "denied"),
        ("согласна", "granted"),
        ("désabonné", "denied"),
        ("Widerrufen", "denied"),
        ("STOP", "denied"),
        ("Unsub", "denied"),
        ("spam complaint", "denied"),
        ("expired", "denied"),
        ("N/A", None),
        ("", None),
    ],
)
def test_words_of_consent(value: str, said: str | None) -> None:
    form = normalize_consent(value)
    assert (form.value, form.reason) == (said, None)


@pytest.mark.parametrize("value", ["pending", "2026-01-01", "yes and no", "maybe", "2", "x" * 101])
def test_what_is_neither_yes_nor_no_is_no_consent(value: str) -> None:
    assert normalize_consent(value).value is None
    assert normalize_consent(value).reason is not None


def test_a_date_is_the_time_of_a_verification_or_objection() -> None:
    for scalar in (normalize_verified, normalize_opt_out):
        assert scalar("1.3.2026 10:00").value == "2026-03-01T10:00:00Z"
        assert scalar("2026").value is None
        assert scalar("ref. 2026-17").reason is not None


pieces = st.sampled_from([*YES, *NO, "opted", "out", "-", "_", " ", "2026", "01", "n/a", "?", "1", "unsubscribed", "\u200b"])


@given(st.lists(pieces, max_size=4).map("".join))
def test_a_statement_is_read_alike_twice_and_only_into_its_words(value: str) -> None:
    for scalar, words in (
        (normalize_consent, {"granted", "denied"}),
        (normalize_verified, {"yes", "no"}),
        (normalize_opt_out, {"denied"}),
    ):
        found = scalar(value)
        assert found.value is None or found.value in words or found.value.endswith("Z")
        if found.value is not None:
            assert scalar(found.value).value == found.value
            assert found.reason is None


def test_no_word_means_two_things() -> None:
    lines = files("omniid.normalization").joinpath("data/statements.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    for group, yes in (("consent", "granted"), ("verified", "yes")):
        said = [
            (spelling, yes if word in ("yes", yes) else "no")
            for name, word, all_ in rows
            for spelling in all_.split("|")
            if name in ("answer", group)
        ]
        assert len(dict(said)) == len(said)


@pytest.mark.parametrize("mark", ["x", " X ", "Х", "STOP", "Cancelled"])
def test_a_mark_or_a_stop_word_in_a_column_of_objections_is_one(mark: str) -> None:
    assert normalize_opt_out(mark).value == "denied"


def test_a_mark_says_neither_yes_nor_no_of_consent() -> None:
    assert normalize_consent("x").reason is not None
