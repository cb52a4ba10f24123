"""Other spellings of a name, judged one by one."""

import pytest

from omniid.datasets.spelling import feminine, mishear, romanize, strip_accents


@pytest.mark.parametrize(
    ("name", "culture", "plain", "variant"),
    [
        ("Кузнецов", "ru", "Kuznetsov", "Kuznecov"),
        ("Юлия", "ru", "Yuliya", "Iuliia"),
        ("Островский", "ru", "Ostrovsky", "Ostrovskii"),
        ("Шевченко", "ru", "Shevchenko", "Shevchenko"),
        ("გელაშვილი", "ka", "Gelashvili", "Gelashvili"),
        ("Παπαδόπουλος", "el", "Papadopoulos", "Papadopoulos"),
        ("Kowalski", "pl", "Kowalski", "Kowalski"),
    ],
)
def test_romanize(name: str, culture: str, plain: str, variant: str) -> None:
    assert romanize(name, culture) == plain
    assert romanize(name, culture, variant=True) == variant


@pytest.mark.parametrize(
    ("name", "culture", "expected"),
    [
        ("Nowicki", "pl", "Nowicka"),
        ("Kowalczyk", "pl", "Kowalczyk"),
        ("Szczęsny", "pl", "Szczęsna"),
        ("Соловьёв", "ru", "Соловьёва"),
        ("Бондаренко", "ru", "Бондаренко"),
        ("Καραγιάννης", "el", "Καραγιάννη"),
        ("Smith", "en", "Smith"),
        ("Podolski", "de", "Podolski"),
    ],
)
def test_feminine(name: str, culture: str, expected: str) -> None:
    assert feminine(name, culture) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("Łódź", "Lodz"), ("Groß", "Gross"), ("José", "Jose"), ("Кузнецов", "Кузнецов"), ("Smith", "Smith")]
)
def test_strip_accents(name: str, expected: str) -> None:
    assert strip_accents(name) == expected


@pytest.mark.parametrize("name", ["Wojciechowski", "Thompson", "Schmidt", "Кузнецов", "Li"])
def test_mishear_is_settled_and_keeps_the_first_letter(name: str) -> None:
    assert mishear(name) == mishear(name)
    assert mishear(name)[0] == name[0]
    assert abs(len(mishear(name)) - len(name)) <= 1
