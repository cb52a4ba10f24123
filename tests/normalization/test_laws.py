"""Laws that every normaliser keeps: pure, idempotent, clean, and either a value or a reason."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import omniid.normalization as n
from omniid.tables import NormalForm

SCALARS = {
    "email": n.normalize_email,
    "phone": n.normalize_phone,
    "phone in Russia": lambda value: n.normalize_phone(value, "RU"),
    "phone in the US": lambda value: n.normalize_phone(value, "US"),
    "phone in Poland": lambda value: n.normalize_phone(value, "PL"),
    "name": n.normalize_name,
    "suffix": n.normalize_suffix,
    "title": n.normalize_title,
    "first part": lambda value: n.split_first_name(value).first,
    "date": n.normalize_date,
    "date, month first": lambda value: n.normalize_date(value, "month-first"),
    "time": n.normalize_time,
    "street": n.normalize_street,
    "house number": n.normalize_house_number,
    "unit": n.normalize_unit,
    "postcode": n.normalize_postcode,
    "city": n.normalize_city,
    "region": n.normalize_region,
    "country": n.normalize_country,
    "identifier": n.normalize_identifier,
    "category": n.normalize_category,
    "text": n.normalize_text,
    "attribute": n.normalize_attribute,
}
SAMPLE = """
mr mrs Mr. dr. Sr jr Jr. ii III Ph.D. van de bin Anna ANNA Łukasz O'Brien Анна Сергеевна Кузнецова Ильич г-н г. ул. д. кв. корп.
стр. 5 12 12a 10/12 3-5 No. # apt flat unit Main St. Street Avenue straße Hauptstr. po box p.o. Saint st the uk USA 24 06 1971
71 June июня czerwca . , - / : T Z 10:30 +02:00 +7 8 00 (0) 916 2000001 tel: whatsapp: ext. x доб. @ gmail.com a.b+c a@b.com
<a@b.com> mailto: googlemail.com yandex.ru ä.de example.test user -1 0000 1111 - _ 00-950 SW1A 1AA n/a null нет محمد رضایی
王小明 김민수 ½ ﬁ ẞ İ ' ( ) 年 月 日
"""
WORDS = [*SAMPLE.split(), "\u200b", "\u200c", "\u202e", "\u0301", "\x00", "\ud800", '"']
pieces = st.lists(st.sampled_from(WORDS), max_size=7).flatmap(
    lambda words: st.sampled_from(["", " ", ", "]).map(lambda gap: gap.join(words))
)
values = st.one_of(pieces, st.text(max_size=30), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))


@pytest.mark.parametrize("kind", SCALARS)
@given(value=values)
@example("\ud800")
@example("\x00\x01")
@example("\u202eanna\u202c")
def test_a_normaliser_is_pure_and_idempotent_and_says_why(kind, value):
    scalar = SCALARS[kind]
    form = scalar(value)
    assert form == scalar(value)
    assert isinstance(form, NormalForm)
    if form.value is None:
        assert form.display is None
        return
    assert form.reason is None or form.reason.startswith(("impossible day: ", "impossible month: "))
    assert form.value == form.value.strip() != ""
    assert form.display
    form.value.encode()
    form.display.encode()
    again = scalar(form.value)
    assert again.value == form.value, (value, form, again)


@pytest.mark.parametrize("kind", SCALARS)
@pytest.mark.parametrize(
    "nothing",
    [None, "", "  ", "N/A", "nan", "None", "null", "-", "--", "?", "\x00", "\u200f", "не указано", "BRAK", "nicht bekannt"],
)
def test_missing_is_neither_value_nor_reject(kind, nothing):
    assert SCALARS[kind](nothing) == NormalForm(None)


@pytest.mark.parametrize("kind", sorted(set(SCALARS) - {"attribute"}))
def test_ten_megabytes_are_rejected_at_once_with_their_length(kind):
    form = SCALARS[kind]("x1" * 5_000_000)
    assert form.value is None
    assert "10000000 characters" in form.reason


@pytest.mark.parametrize("kind", SCALARS)
def test_unseen_characters_change_nothing(kind):
    scalar = SCALARS[kind]
    for value in ("Anna", "anna@example.com", "+48501234567", "1971-06-24", "Main Street 12", "jr", "SW1A 1AA"):
        dirty = "\u200f" + value[:2] + "\x00\u200b" + value[2:] + "\ud800\ufeff"
        assert scalar(dirty).value == scalar(value).value


@given(value=values)
def test_tidy_and_fold_are_idempotent(value):
    assert n.tidy(n.tidy(value)) == n.tidy(value)
    assert n.fold(n.fold(value)) == n.fold(value)
    assert n.fold(value).isascii()


@given(value=values)
def test_whole_names_and_addresses_come_apart_without_error_and_stay_normal(value):
    parts = n.split_full_name(value)
    for part in (parts.first, parts.middle, parts.last):
        assert part.value is None or n.fold(part.value) == part.value
    address = n.split_address(value)
    for part, scalar in zip(
        address,
        (n.normalize_street, n.normalize_unit, n.normalize_city, n.normalize_postcode, n.normalize_country),
        strict=True,
    ):
        assert part.value is None or scalar(part.value).value == part.value
