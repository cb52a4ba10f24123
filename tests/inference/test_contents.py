"""What values look like, pattern by pattern."""

import pyarrow as pa
import pytest

from omniid.inference.contents import Contents, Years
from omniid.inference.patterns import PIECE_PATTERNS, VALUE_PATTERNS


def of(*values: str) -> Contents:
    return Contents.of(pa.array(list(values), pa.large_string()))


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        (
            "email",
            ["a@x.com", "Anna <a@x.com>", "mailto:a@x.co.uk", "a@x.com, b@y.org", "анна@пример.рф"],
            ["a@x", "a b@x.com", "@x.com", "x"],
        ),
        (
            "phone",
            [
                "+7 916 200-00-01",
                "8(916)2000001",
                "212.555.0123 ext. 12",
                "9162000001.0",
                "tel: +48501200300",
                "501200300; 602300400",
            ],
            [
                "123456",
                "2024-01-02",
                "01.02.2024 10:11",
                "1234567.89",
                "192.168.100.120",
                "4111 1111 1111 1111",
                "call 5",
                "N1234567",
            ],
        ),
        (
            "date",
            [
                "1984-05-17",
                "17/05/84",
                "17.05.1984",
                "19840517",
                "19840517.0",
                "17 May 1984",
                "May 17, 1984",
                "1984-05-17T00:00:00Z",
                "5 мая 1984",
            ],
            ["1984", "17.05", "123-45-6789", "12345678", "May", "1984-05"],
        ),
        ("year", ["1984", "2001", "1363", "1984.0"], ["84", "3000", "19840"]),
        (
            "postcode",
            ["02139", "00-950", "SW1A 1AA", "LV-1010", "101000", "1234567890"],
            ["x", "north", "12 Main Street, Boston"],
        ),
        ("house number", ["5", "7a", "12/3", "д. 5", "No 12"], ["Main", ""]),
        ("honorific", ["Mr", "mrs.", "Dr.", "Г-н", "Frau Dr."], ["Sales manager", "Drew"]),
        ("words", ["Anna Meier", "Meier, Anna", "محمد رضایی"], ["Anna", "#1001", "Anna 5"]),
        ("hash", ["5d41402abc4b2a76b9719d911017c592"], ["5d41", "xyz"]),
        ("uuid", ["6fa459ea-ee8a-3ca4-894e-db77e160355e"], ["6fa459ea"]),
        (
            "dialled",
            ["+79162000001", "(212) 555-0123", "09121234567", "312-555-0188"],
            ["4500123456", "0000012345", "12345678"],
        ),
    ],
)
def test_pattern(name, yes, no):
    assert [value for value in yes if of(value).share(name) < 1] == []
    assert [value for value in no if value and of(value).share(name) > 0] == []


def test_every_pattern_compiles_and_shares_lie_between_zero_and_one():
    contents, nothing = of("a@x.com", "17.05.1984", "Anna"), of()
    for name in [*VALUE_PATTERNS, *PIECE_PATTERNS, "phone", "at"]:
        assert 0 <= contents.share(name) <= 1
        assert nothing.share(name) == 0


def test_digits_of_other_scripts_are_digits():
    assert of("۰۹۱۲۱۲۳۴۵۶۷", "٠٩١٢١٢٣٤٥٦٧").share("phone") == 1


def test_years_of_two_calendars():
    assert of("17.05.1984", "1363/02/27", "20010101").years() == Years(1984, 1984)
    assert of("x", "y", "1984-05-17").years() is None


@pytest.mark.parametrize(
    ("value", "share"), [("4111111111111111", 1), ("411111******1111", 1), ("4111111111111112", 0), ("7700123456", 0)]
)
def test_payment_cards(value, share):
    assert of(value).payment_card_share() == share
