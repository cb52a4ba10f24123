"""Street lines, towns and postcodes read all at once, against reading each."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.normalization import normalize_city, normalize_postcode, normalize_street, shapes
from omniid.normalization.address import split_street
from omniid.normalization.address_shapes import STAND_INS, classify_places, read_postcodes, read_streets, read_towns
from omniid.normalization.words import word_table

SAID = (
    "Oak Main OAK Łąkowa Мира Ленина Hauptstr. Hauptstraße Kerkstraat Strstr Schulstr "
    "Bad-Nauheim Bielsko-Biała A-B Św. św. ul. ул. ул улица St. St Street Ave al. "
    "aleja Jana Pawła II 3 Maja 12 5 12A 12a 66/67 9A/9 3-5 3-5a 12/ /5 - / #7 # 5th "
    "007 k2 bld4 korp корп. 2 к стр. д. д кв. kv 61 apt Apt. Flat unit Suite no No. "
    "nr house dom PO Box P.O. p o box а/я n N s SE x A b г. г. Москва town saint "
    "Saint Санкт-Петербург São Ny-Ålesund n/a brak null ? . , ; : (x) ½ ² ٣ ５ 王府 東京 🙂 "
    "Luxé e\u0301 \u200bOak خیابان کارگر، پلاک 69، 7، 5،، 12A، 3-5، 24º 5ª 24o/24o 3-5a 9a/9b Qxbqk 90073 90073A 907 73 73/90 "
    "中山路64 解放路1号3室 路5 bld7x Oak12 - -a 12- Dąbrowskiego Aé 3-5/7 m. m "
    "it's d'Azur O’C 1st strasse str Alexanderstr Bergstrstr"
)
WORDS = SAID.split(" ")
gaps = st.sampled_from([" ", " ", " ", ", ", ",", "  ", "\t", "\xa0", "-", "/", ".", " - "])
words = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.integers(0, 300).map(str), st.text(max_size=3)).filter(
    lambda text: text.encode("utf-8", "ignore").decode() == text
)
lines = st.builds(
    lambda first, rest: first + "".join(gap + word for gap, word in rest), words, st.lists(st.tuples(gaps, words), max_size=6)
)


def street_line(value):
    street, unit, numbered = split_street(value)
    return street, unit, normalize_street("1" if numbered else "")


READERS = {
    "street": (lambda values: read_streets(values, street_line), street_line),
    "city": (lambda values: [read_towns(values)], lambda value: (normalize_city(value),)),
}


def check(readers, values):
    read_all, reader = readers
    values = list(dict.fromkeys(values))
    expected = [reader(value) for value in values]
    for part, forms in enumerate(read_all(pa.array(values, pa.large_string()))):
        for side, found in enumerate(forms):
            assert dict(zip(values, found.to_pylist(), strict=True)) == dict(
                zip(values, (forms_of[part][side] for forms_of in expected), strict=True)
            )


@pytest.fixture(autouse=True)
def always_by_shape(monkeypatch):
    monkeypatch.setattr(shapes, "FEW", 0)


@pytest.mark.parametrize("reader", READERS)
@given(values=st.lists(lines, max_size=12))
@example(
    values=["5 Oak 5", "5 Oak 6", "Oak Oak 5 5", "5 5", "Oak St 5 apt 5", "ул. Мира, д. 5, корп. 2/3, кв. 7", "Oak apt 12/3 9"]
)
@example(values=["Oak 5 m. 3/4", "Oak 5 m. 3-4", "Oak 5 m. 3a/4", "Oak 5 korp. 2/3", "m. 3/4", "中山路64 - a", "中山路64 / 5"])
@example(values=["12 - Dąbrowskiego", "12 -Aé", "12- Oak", "12 - A", "12 - A5", "12 - Łąkowa"])
def test_reading_by_shape_equals_reading_each(reader, values):
    check(READERS[reader], values)


@pytest.mark.parametrize("reader", READERS)
def test_every_telling_word_is_read_alike_beside_others(reader):
    telling = dict.fromkeys(word for group in word_table("addresses.tsv").values() for word in group)
    frames = ["{} Oak 12", "Oak {} 12", "12 Oak {}", "Oak 12 {} 5", "Oak {}", "12 {} Oak {} 7", "{}-Oak 3/4"]
    check(READERS[reader], [frame.replace("{}", word) for frame in frames for word in (*telling, *WORDS)])


def test_stand_ins_are_of_the_kind_they_stand_for():
    for slot in range(shapes.MOST_SLOTS):
        filled = [stand.filled(slot) for stand in STAND_INS]
        found = classify_places(pa.array([stand.written for stand in filled], pa.large_string()))
        assert found.kind.tolist() == list(range(1, len(STAND_INS) + 1))
        assert found.folded.to_pylist() == [stand.folded for stand in filled]


CODES = [
    "00-950",
    " 00-950 ",
    "00000",
    "00-000",
    "12345-6789",
    "D-10115",
    "SW1A 1AA",
    "1234 AB",
    "1234.0",
    "12",
    "٠١٢٣٤",
    "",
    "n/a",
    "123456\n",
]


@given(st.lists(st.one_of(st.sampled_from(CODES), st.from_regex(r"\A[A-Z0-9 -]{0,9}\Z"), st.text(max_size=8))))
@example(CODES)
def test_postcodes_equal_the_scalar_function(drawn):
    values = [text for text in drawn if text.encode("utf-8", "ignore").decode() == text]
    expected = [normalize_postcode(value) for value in values]
    for side, found in enumerate(read_postcodes(pa.array(values, pa.large_string()))):
        assert found.to_pylist() == [form[side] for form in expected]
