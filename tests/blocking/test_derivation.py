"""Derived keys of whole vocabularies equal those of one value at a time."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.blocking import first_words, local_part, sound_of_words, soundex
from omniid.blocking.derivation import derive
from oracle.blocks import derived

AWKWARD = [
    "12 main st",
    "  12   main  st ",
    "12\tmain st",
    "12\u00a0main st",
    "7b high road",
    "éclair street 9",
    "straße 9 nord",
    "12 34",
    " ",
    "@",
    "a@",
    "@b.com",
    "anna.smith@a.com",
    "anna@b@c.com",
    "annäs@a.com",
    "no at sign",
    "ул. ленина 5",
]
KEYS = [first_words("x", 1), first_words("x", 2), first_words("x", 9), sound_of_words("x", 1), sound_of_words("x", 2)]
KEYS += [sound_of_words("x", 5), local_part("x", 1), local_part("x", 5), local_part("x", 6), soundex("x")]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_awkward_values_derive_as_one_by_one(key):
    assert derive(key, pa.array(AWKWARD, pa.large_string())).to_pylist() == [derived(key, value) or None for value in AWKWARD]
    assert derive(key, pa.array([], pa.large_string())).to_pylist() == []
    # A slice of a longer array must not read its neighbours.
    part = pa.array(["x", *AWKWARD, "y"], pa.large_string()).slice(1, len(AWKWARD))
    assert derive(key, part).to_pylist() == [derived(key, value) or None for value in AWKWARD]


@given(st.lists(st.text("ab1 @.ä-", min_size=1, max_size=12), max_size=8), st.sampled_from(KEYS))
def test_any_values_derive_as_one_by_one(values, key):
    assert derive(key, pa.array(values, pa.large_string())).to_pylist() == [derived(key, value) or None for value in values]
