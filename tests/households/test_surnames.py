"""Surnames of one family are told from strangers', in several languages."""

import pytest

from omniid.households import family_names
from omniid.households.surnames import is_womans

FAMILIES = [
    ("kowalski", "kowalska"),
    ("zawadzki", "zawadzka"),
    ("nowicki", "nowicka"),
    ("kuznetsov", "kuznetsova"),
    ("medvedev", "medvedeva"),
    ("pushkin", "pushkina"),
    ("dostoevskiy", "dostoevskaya"),
    ("tolstoy", "tolstaya"),
    ("novak", "novakova"),
    ("dvorak", "dvorakova"),
    ("papadopoulos", "papadopoulou"),
    ("ioannidis", "ioannidi"),
    ("garcia lopez", "lopez diaz"),
    ("garcia lopez", "garcia"),
    ("lee", "lee-smith"),
    ("van der berg", "berg"),
    ("nowak", "nowak"),
    ("li", "li"),
    ("rezaei", "rezaei"),
]
STRANGERS = [
    ("kowalski", "nowicki"),
    ("kuznetsov", "ivanova"),
    ("li", "lin"),
    ("lee", "ray"),
    ("van der berg", "van der meer"),
    ("de la cruz", "de la torre"),
    ("smith", "smart"),
    ("garcia lopez", "diaz ruiz"),
    ("y", "y"),
]


@pytest.mark.parametrize(("one", "other"), FAMILIES)
def test_one_family(one: str, other: str) -> None:
    assert set(family_names(one)) & set(family_names(other))


@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_strangers(one: str, other: str) -> None:
    assert not set(family_names(one)) & set(family_names(other))


def test_only_endings_that_tell_make_a_woman() -> None:
    names = ("kowalska", "kuznetsova", "papadopoulou", "kowalski", "medina", "costa", "lee", "va")
    assert [is_womans(name) for name in names] == [True] * 3 + [False] * 5
