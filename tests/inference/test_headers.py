"""Splitting, folding and reading headers, and the table of phrases itself."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.inference.headers import read_header, split_header, tidy_name

TABLE = tomllib.loads(files("omniid.inference").joinpath("data/headers.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("FirstName", ("first", "name")),
        ("dateOfBirth", ("date", "of", "birth")),
        ("PESELNumber", ("pesel", "number")),
        ("address_line1", ("address", "line", "1")),
        ("E-mail", ("e", "mail")),
        ("\ufeffİmię", ("imie",)),
        ("Straße Łódź", ("strasse", "lodz")),
        ("كد ملي", ("کد", "ملی")),
        ("№ карты", ("no", "карты")),
        ("", ()),
        ("---", ()),
    ],
)
def test_words_of_a_header(header, words):
    assert split_header(header) == words


@pytest.mark.parametrize(
    ("header", "kind", "exactness", "setting", "denied"),
    [
        ("email", "email", 0, None, None),
        ("customer email", "email", 1, None, None),
        ("zebra email", "email", 2, None, None),
        ("billing city", "city", 1, "billing", None),
        ("Адрес доставки", "?address", 1, "shipping", None),
        ("email sent", "email", 2, None, "sent"),
        ("zebra name", None, 0, None, None),
        ("useremail", "email", 1, None, None),
        ("rechnungsort", "city", 1, "billing", None),
        ("standby", None, 0, None, None),
        ("shipping address zip", "postcode", 1, "shipping", None),
        ("by", "birth_year", 0, None, None),
    ],
)
def test_reading_a_header(header, kind, exactness, setting, denied):
    reading = read_header(header)
    assert (reading.kind, reading.exactness, reading.setting, reading.denied) == (kind, exactness, setting, denied)


def test_each_phrase_of_the_table_is_read_as_it_says():
    for entry in TABLE["meaning"]:
        for words in (value for value in entry.values() if isinstance(value, list)):
            for phrase in words:
                reading = read_header(phrase)
                assert reading.meaning is not None, phrase
                assert (reading.meaning.kind, reading.meaning.field) == (entry["kind"], entry["field"]), phrase


@given(st.text(max_size=30))
@example("AᎠ")  # folding case makes Cherokee upper case
def test_case_and_separators_do_not_matter(header):
    assert split_header("_".join(split_header(header))) == split_header(header)
    assert read_header(header).header == header


@given(st.text(max_size=200))
def test_tidy_names_are_stable(header):
    name = tidy_name(header)
    assert tidy_name(name) == name
    assert len(name) <= 80


def test_tidy_names_keep_the_script():
    assert [tidy_name(header) for header in ("Zgoda na e-mail", "Код товара", "orderId", "नाम पता")] == [
        *("zgoda_na_e_mail", "код_товара", "order_id", "नाम_पता"),
    ]
