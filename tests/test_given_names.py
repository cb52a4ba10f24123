"""The table of given names: which are different people's, and which may be slips of each other."""

import csv
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.given_names import are_different_names, different_names, given_name_codes, is_given_name, womans_and_mans_names
from omniid.nicknames import nickname_families
from omniid.tables.arrays import text_array

ROWS = list(csv.DictReader(files("omniid").joinpath("data/given_names.csv").read_text(encoding="utf-8").splitlines()))
NAMES = st.sampled_from(
    ["paul", "paula", "pavel", "samir", "samira", "bob", "robert", "robin", "xiaoming", "xiaohong", "qwerty"]
)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("daniel", "daniela"), ("maria", "mario"), ("goran", "zoran"), ("rakesh", "rajesh"), ("yuko", "yuki"),
        ("robert", "robin"), ("samir", "samira"), ("xiaoming", "xiaohong"), ("laszlo", "laszlone"), ("olga", "oleg"),
    ],
)  # fmt: skip
def test_names_of_different_people(one, two):
    assert are_different_names(one, two)
    assert are_different_names(two, one)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("rob", "robin"), ("rob", "robert"), ("jon", "john"), ("jessic", "jessica"), ("helen", "helena"), ("anna", "anna"),
        ("kristin", "kristina"), ("alexander", "aleksandr"), ("qwerty", "qwertz"),
    ],
)  # fmt: skip
def test_names_that_may_be_one_persons(one, two):
    assert not are_different_names(one, two)


@given(NAMES, NAMES)
def test_difference_is_symmetric_and_never_of_relatives(one, two):
    assert are_different_names(one, two) is are_different_names(two, one)
    families = [set(family) for family in nickname_families()] + [set(row["forms"].split()) for row in ROWS]
    if any({one, two} <= family for family in families):
        assert not are_different_names(one, two)


def test_codes_of_many_are_those_of_each():
    names = ["paul", "paula", "qwerty", "xiaoming", "wei"]
    codes = given_name_codes(text_array(names))
    assert (codes >= 0).tolist() == [True, True, False, True, True]
    assert len(set(codes.tolist())) == len(names)
    assert different_names(codes[[0, 0, 2]], codes[[1, 0, 3]]).tolist() == [True, False, False]
    assert codes.dtype == np.int32
    assert is_given_name("paul")
    assert not is_given_name("huang")


def test_a_woman_has_the_ending():
    names = text_array(["ivan", "ivana", "peter", "petra", "mario", "maria", "jan", "ann", "anna"])
    assert sorted(womans_and_mans_names(names)) == [(1, 0), (3, 2), (5, 4)]


def test_the_table_is_in_normal_form_and_free_of_repeats():
    assert len({tuple(row.values()) for row in ROWS}) == len(ROWS) > 5000
    assert {row["gender"] for row in ROWS} == {"f", "m", "u"}
    assert all(form.isascii() and form.isalpha() and form.islower() for row in ROWS for form in row["forms"].split())
