"""Bounds never rule out a pair that reaches a cut, and do rule out strangers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein_py, OSA_py

from omniid import similarity
from omniid.comparison.bounds import letter_counts, may_be_edits, may_be_jaro_winkler, may_be_ratio

TEXT = st.one_of(
    st.text("abc", max_size=6),
    st.text("abcdefgh .@12-", max_size=12),
    st.text(max_size=6),
    st.builds(lambda text, n: text * n, st.text("ab", min_size=1, max_size=3), st.integers(30, 200)),
)
CUTS = st.floats(0.05, 1)


def values_of(a, b):
    return letter_counts(np.array([a, b], object)), np.array([0], np.int32), np.array([1], np.int32)


@given(TEXT, TEXT, CUTS)
def test_a_pair_that_reaches_the_cut_is_never_ruled_out(a, b, cut):
    values, left, right = values_of(a, b)
    if similarity.jaro_winkler(a, b) >= cut - similarity.EPSILON:
        assert may_be_jaro_winkler(values, left, right, cut)[0]
    if similarity.ratio(a, b) >= cut - similarity.EPSILON:
        assert may_be_ratio(values, left, right, cut)[0]


@given(TEXT, TEXT, st.integers(0, 5))
def test_a_pair_within_the_edits_is_never_ruled_out(a, b, at_most):
    values, left, right = values_of(a, b)
    if min(OSA_py.distance(a, b), Levenshtein_py.distance(a, b)) <= at_most:
        assert may_be_edits(values, left, right, at_most)[0]


@given(st.lists(TEXT, max_size=5))
def test_counts_are_counts(texts):
    values = letter_counts(np.array([*texts, "x"], object)[:-1])
    for position, text in enumerate(texts):
        assert values.known[position] == (0 < len(text) <= 120 and text.isascii())
        if values.known[position]:
            expected = np.bincount([ord(letter) % 32 for letter in text], minlength=32)
            assert expected.tolist() == values.counts[position].tolist()
            assert values.first[position] == ord(text[0])


@pytest.mark.parametrize(("a", "b"), [("anna", "boris"), ("kuznetsova", "smith"), ("79162000001", "33355588")])
def test_strangers_are_ruled_out(a, b):
    values, left, right = values_of(a, b)
    assert not may_be_jaro_winkler(values, left, right, 0.7)[0]
    assert not may_be_ratio(values, left, right, 0.7)[0]
    assert not may_be_edits(values, left, right, 2)[0]


def test_many_values_are_counted_in_steps(monkeypatch):
    from omniid.comparison import bounds

    texts = np.array([f"value {i % 7}{'x' * (i % 5)}" for i in range(50)], object)
    left, right = np.arange(50, dtype=np.int32), np.arange(50, dtype=np.int32)[::-1]
    expected = letter_counts(texts), may_be_ratio(letter_counts(texts), left, right, 0.9)
    monkeypatch.setattr(bounds, "STEP", 7)
    found = letter_counts(texts), may_be_ratio(letter_counts(texts), left, right, 0.9)
    assert expected[0].counts.tolist() == found[0].counts.tolist()
    assert expected[1].tolist() == found[1].tolist()
