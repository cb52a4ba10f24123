"""Manners of sources: what they write themselves is written again as it was, and what they don't show is not guessed."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from omniid.writeback import (
    ADDRESSES,
    NAMES,
    DateStyle,
    compose,
    date_style,
    letter_case,
    own_spellings,
    phone_style,
    told_template,
)
from omniid.writeback.dates import STYLES

dates = st.dates(dt.date(1900, 1, 1), dt.date(2025, 12, 31)).map(str)
words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=8).map(str.title)


@given(st.sampled_from(STYLES), st.lists(dates, min_size=1, max_size=6))
def test_a_style_of_dates_is_told_by_what_it_wrote(style: DateStyle, written: list[str]) -> None:
    texts = [(style.write(one), one) for one in written]
    found = date_style((text, one) for text, one in texts if text is not None)
    assert [found.write(one) for one in written] == [text for text, _ in texts]


def test_months_are_not_dates() -> None:
    assert DateStyle().write("1980-05") is None
    assert date_style([("1980", "1980")]) == DateStyle()


@given(
    st.sampled_from(["+## ### ### ###", "### ### ###", "0048 (##) ### ## ##", "#########", "+##-###-###-###", "0 ### ### ###"]),
    st.lists(st.integers(200_000_000, 999_999_999), min_size=1, max_size=5),
)
def test_a_style_of_phones_is_told_by_what_it_wrote(shape: str, numbers: list[int]) -> None:
    def text(number: int) -> str:
        digits = iter(f"48{number}"[-shape.count("#") :])
        return "".join(next(digits) if sign == "#" else sign for sign in shape)

    style = phone_style((text(one), f"+48{one}", "48") for one in numbers)
    assert style.write("+48501234567", "48") == text(501234567)
    assert style.write("+14155550123", "1") == "+14155550123"  # never seen here: international


def test_texts_of_other_numbers_show_no_style() -> None:
    assert phone_style([("ask Bob", "+48501234567", "48"), ("4567", "+48501234567", "48")]).templates == {}


people = st.lists(st.tuples(words, words), min_size=1, max_size=5).filter(lambda found: any(a != b for a, b in found))


@given(st.sampled_from(NAMES), people)
def test_the_order_of_names_is_told_by_names(template: str, people: list[tuple[str, str]]) -> None:
    parts = [{"first": first, "last": last, "middle": None} for first, last in people]
    found = told_template(((compose(template, one) or "", one) for one in parts), NAMES)
    same = {compose(one, part) == compose(template, part) for part in parts for one in [found or ""]} if found else set()
    assert same == {True}


def test_every_order_of_addresses_is_told_by_an_address() -> None:
    parts = {"street": "12 High St", "city": "York", "postcode": "YO1 7EP", "region": "Yorkshire", "country": "GB"}
    for template in ADDRESSES:
        known = {name: value for name, value in parts.items() if f"{{{name}}}" in template}
        written = compose(template, known)
        assert written is not None
        assert compose(told_template([(written, known)], ADDRESSES) or "", known) == written
    assert compose("{street}, {city}", parts) is None  # no place for the postcode


def test_words_and_letters_are_those_of_most_texts() -> None:
    assert own_spellings([("m", "male"), ("M", "male"), ("M", "male")]) == {"male": "M"}
    assert own_spellings([("b", "x"), ("a", "x")]) == {"x": "a"}  # a tie by code point
    assert (letter_case(["anna", "jan"]), letter_case([])) == ("lower", "")
