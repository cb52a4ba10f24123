"""Whole addresses taken apart on arrays, against taking each apart."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.normalization import address_arrays, shapes, split_address
from omniid.normalization.address_arrays import read_addresses
from omniid.normalization.full_address import AddressParts
from omniid.normalization.words import word_table

CODES = (
    "62704 62704-1234 00-950 10115 123456 1234 12345678 SW1A 1AA EC1A 1BB K1A 0B6 K1A0B6 1234 AB 12345/6 12-345-6 012345 "
    "00-000 00000 12345ł ł12345 12345_ 99-9999 99-99 1-234 454234 ٠١٢٣٤ 1a234 12345a"
)
PIECES = [
    *CODES.split(" "),
    *["SW1A 1AA", "1234 AB", "K1A 0B6", "TX 78240", "NY 10001", "12345 - 6", "12345 /6", "00-950 / 1"],
    *[
        "12 Main St.",
        "ul. Łąkowa 5 m. 3/4",
        "ул. Ленина, д. 5, кв. 7",
        "Hauptstr. 12a",
        "解放路1号3室",
        "5 - Dąbrowskiego",
        "PO Box 17",
    ],
    *[
        "Apt 4",
        "Springfield",
        "Warszawa",
        "г. Москва",
        "東京",
        "Bad Nauheim",
        "London",
        "USA",
        "Polska",
        "The Netherlands",
        "PL",
        "UK",
    ],
    *[
        "Россия",
        "日本",
        "Deutschland",
        "n/a",
        "-",
        "'",
        "½",
        "№5",
        "🙂",
        "\u200b",
        "e\u0301",
        "Street",
        "улица",
        "a",
        "St",
        "(x)",
        "CADDESİ",
    ],
]
gaps = st.sampled_from([", ", ", ", ", ", ",", " , ", " ", "  ", "\n", "\r\n", ",,", ";", "\t", "\xa0", " - ", "/", "."])
pieces = st.one_of(st.sampled_from(PIECES), st.sampled_from(PIECES), st.text(max_size=4)).filter(
    lambda text: text.encode("utf-8", "ignore").decode() == text
)
addresses = st.builds(
    lambda first, rest: first + "".join(gap + piece for gap, piece in rest),
    pieces,
    st.lists(st.tuples(gaps, pieces), max_size=6),
)


def check(values):
    values = list(dict.fromkeys(values))
    expected = [split_address(value) for value in values]
    found = read_addresses(pa.array(values, pa.large_string()))
    assert list(found) == list(AddressParts._fields)
    for name, forms in found.items():
        for side, part in enumerate(forms):
            assert dict(zip(values, part.to_pylist(), strict=True)) == dict(
                zip(values, (getattr(parts, name)[side] for parts in expected), strict=True)
            )


@pytest.fixture(autouse=True)
def always_on_arrays(monkeypatch):
    monkeypatch.setattr(shapes, "FEW", 0)
    monkeypatch.setattr(address_arrays, "FEW", 0)


@given(st.lists(addresses, max_size=12))
@example(
    ["12345", "12345,", ",12345", "12345 Main St", "Main St 12345", "a, 12345 b, 67890", "12345 , a", "Dallas, TX 75001 USA"]
)
@example(["12345", "67890 12345", "1", "2345 Main St", "", ",", ", ,", "Main St 1,", "54321"])
@example(["Oak St " * 40, "Oak St " * 90, "Oak St 5, " + "x" * 400, "Łódź 90-001, ul. Długa 5"])
@example(["a, 12345ł, 54321", "a, 12345é", "a 12345é", "12345-6789 / 5, a", "ł00-950 a", "a_00-950 b", "a (00-950) b"])
@example([])
def test_reading_on_arrays_equals_reading_each(drawn):
    check(drawn)


def test_every_pair_of_pieces_is_read_alike():
    check([f"{one}, {two}" for one in PIECES for two in PIECES] + [f"{one} {two}, x" for one in PIECES for two in PIECES])


def test_every_country_is_read_alike():
    check([f"Oak St 5, Springfield, {country}" for country in word_table("countries.tsv")["country"]])


def test_a_kind_of_street_is_recognized_in_any_spelling():
    kinds = [
        spelling for word in word_table("addresses.tsv")["street"] for spelling in (word, word.upper(), f"{word.title()}.")
    ]
    check([f"Old {kind}, Springfield" for kind in kinds] + [f"Springfield, {kind} Old, x 5" for kind in kinds])
