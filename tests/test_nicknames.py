"""Nicknames: symmetric, not transitive, and a table in normal form."""

import csv
import itertools
import re
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.nicknames import are_nicknames, nickname_codes, nickname_matrix, nickname_roots

with files("omniid").joinpath("data/nicknames.csv").open(encoding="utf-8") as lines:
    ROWS = [tuple(row.values()) for row in csv.DictReader(lines)]
FAMILIES = {key: {key[1]} | {row[2] for row in rows} for key, rows in itertools.groupby(ROWS, key=lambda row: row[:2])}
NAMES = [*sorted(set().union(*FAMILIES.values())), "qwerty"]


def slow(a, b):
    return a != b and any(a in family and b in family for family in FAMILIES.values())


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_agrees_with_the_table_read_aloud(a, b):
    assert are_nicknames(a, b) == are_nicknames(b, a) == slow(a, b)


@given(st.sampled_from(sorted(FAMILIES)), st.data())
def test_members_of_one_family_are_nicknames(key, data):
    a, b = data.draw(st.sampled_from(sorted(FAMILIES[key]))), data.draw(st.sampled_from(sorted(FAMILIES[key])))
    assert are_nicknames(a, b) == (a != b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("bob", "robert"),
        ("bill", "will"),
        ("sasha", "aleksandra"),
        ("sasha", "aleksandr"),
        ("katya", "catherine"),
        ("iuliia", "julia"),
        ("kuba", "jakub"),
        ("pepe", "jose"),
        ("sepp", "josef"),
        ("beppe", "giuseppe"),
        ("manu", "emmanuel"),
        ("mohamad", "mhmd"),
    ],
)
def test_known_nicknames(a, b):
    assert are_nicknames(a, b)


def test_the_relation_is_not_transitive():
    assert are_nicknames("robert", "rob")
    assert are_nicknames("rob", "robin")
    assert not are_nicknames("robert", "robin")


@pytest.mark.parametrize(("a", "b"), [("anna", "maria"), ("qwerty", "qwerty"), ("bob", "bob"), ("emma", "emily"), ("", "bob")])
def test_not_nicknames(a, b):
    assert not are_nicknames(a, b)


def test_roots():
    assert ("robert", "roberto", "robin")[0] in nickname_roots("rob")
    assert {"evgeniy", "evgeniya"} < set(nickname_roots("zhenya"))
    assert nickname_roots("qwerty") == ("qwerty",)
    assert all(name in nickname_roots(name) for _, name in FAMILIES)


def test_codes_and_matrix():
    codes = nickname_codes(NAMES)
    assert codes.dtype == np.int32
    assert (codes[:-1] >= 0).all()
    assert codes[-1] == -1
    assert (nickname_matrix() == nickname_matrix().T).all()
    assert not nickname_matrix().diagonal().any()


CULTURES = {"de", "en", "es", "fa", "fr", "it", "pl", "ru", "uk", "cs", "el", "pt", "nl", "hu", "tr", "he"}


def test_the_table_is_sorted_in_normal_form_and_free_of_repeats():
    assert len(set(ROWS)) == len(ROWS)
    assert all(re.fullmatch("[a-z]{2,}", word) for row in ROWS for word in row)
    assert all(formal != short for _, formal, short in ROWS)
    assert len(FAMILIES) == len({row[:2] for row in ROWS})
    assert sum(culture == "en" for culture, _ in FAMILIES) >= 250
    assert {culture for culture, _ in FAMILIES} >= CULTURES
