"""Cities in other languages."""

import pyarrow as pa
import pytest

from omniid.normalization import normalize_city
from omniid.normalization.address_shapes import read_towns
from omniid.normalization.cities import city_names

SAME = [
    ("Москва", "Moscow", "Moskau", "г. Москва"),
    ("Wien", "Vienna", "Вена"),
    ("Praha", "Prague", "Прага"),
    ("Köln", "Cologne", "Koeln"),
    ("München", "Munich", "Мюнхен"),
    ("北京", "Beijing", "Peking"),
    ("تهران", "Tehran", "Teheran"),
    ("القاهرة", "Cairo", "Kairo"),
    ("東京", "Tokyo"),
    ("서울", "Seoul"),
    ("ירושלים", "Jerusalem"),
    ("Санкт-Петербург", "St. Petersburg", "Saint Petersburg", "Sankt Petersburg"),
    ("Київ", "Kyiv", "Kiev"),
    ("Αθήνα", "Athens", "Athen"),
    ("मुंबई", "Mumbai", "Bombay"),
]


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[-1])
def test_one_city_in_many_languages(names):
    assert len({normalize_city(name).value for name in names}) == 1
    assert normalize_city(names[0]).display == names[0]


def test_no_name_stands_for_two_cities():
    folded = city_names()
    assert all(folded[english] == english for english in folded.values())


def test_many_at_once_as_one_by_one():
    names = [name for group in SAME for name in group] + ["Springfield", "Bad Nauheim", "12345", "Nowa Wieś"]
    assert read_towns(pa.array(names, pa.large_string())).value.to_pylist() == [normalize_city(name).value for name in names]
