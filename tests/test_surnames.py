"""What the surnames of one family have in common."""

import pytest

from omniid.surnames import GENDERED, SPELLINGS, surname_root, surname_roots
from omniid.tables.arrays import text_array

FAMILIES = [
    "kowalski kowalska", "kuznetsov kuznetsova", "novak novakova", "dvorak dvorakova", "kazlauskas kazlauskiene kazlauskaite",
    "stankevicius stankeviciene stankeviciute", "papadopoulos papadopoulou", "petrov petrova", "kuzin kuzina",
]  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_one_root(family):
    assert len({surname_root(name) for name in family.split()}) == 1


def test_strangers_have_their_own():
    assert surname_root("kowalska") != surname_root("kowalczyk")
    assert surname_root("li") == "li"


def test_many_at_once_are_as_each():
    names = [stem + ending for stem in ("kowal", "petr", "jank", "li") for _, endings in GENDERED for ending in endings]
    spellings = {spelling for group in SPELLINGS for spelling in group.split()}
    names = sorted(set(names) - spellings)
    assert surname_roots(text_array(names)).to_pylist() == [surname_root(name) for name in names]


def test_no_spelling_stands_in_two_groups():
    spellings = [spelling for group in SPELLINGS for spelling in group.split()]
    assert len(spellings) == len(set(spellings))
    for group in SPELLINGS:
        assert set(surname_roots(text_array(group.split())).to_pylist()) == {group.split()[0]}
