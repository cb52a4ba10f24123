"""Bounds never rule out a pair that reaches a cut, in any script, and do rule out strangers."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein_py, OSA_py

from omniid import similarity
from omniid.comparison import bounds
from omniid.comparison.bounds import common_letters, letter_bags, may_be_edits, may_be_jaro_winkler, may_be_ratio

TEXT = st.one_of(
    st.text("abc", max_size=6),
    st.text("abcdefgh .@12-", max_size=12),
    st.text("0123456789+-", max_size=12),
    st.text("абвгдеёжзийклмн ", max_size=8),
    st.text("محمدعليفاطمة", max_size=8),
    st.text("王李张刘陈山田太郎", max_size=4),
    st.text(max_size=6),
    st.builds(lambda text, n: text * n, st.text("abя", min_size=1, max_size=3), st.integers(10, 70)),
)
CUTS = st.floats(0.05, 1)
ZERO, ONE = np.array([0], np.int32), np.array([1], np.int32)


def bags_of(texts, **options):
    return letter_bags(pa.array(texts, pa.large_string()), **options)


def common(a, b, digits=None):
    return common_letters(bags_of([a, b], digits=digits), ZERO, ONE)


@given(TEXT, TEXT, CUTS, st.booleans())
def test_a_pair_that_reaches_the_cut_is_never_ruled_out(a, b, cut, digits):
    if similarity.jaro_winkler(a, b) >= cut - similarity.EPSILON:
        assert may_be_jaro_winkler(common(a, b, digits), cut)[0]
    if similarity.ratio(a, b) >= cut - similarity.EPSILON:
        assert may_be_ratio(common(a, b, digits), cut)[0]


@given(TEXT, st.data(), CUTS)
def test_a_value_just_beside_another_is_never_ruled_out(a, data, cut):
    at = data.draw(st.integers(0, len(a)))
    b = data.draw(st.sampled_from([a[:at] + a[at + 1 :], a[:at] + "x" + a[at:], a[:at] + a[at:][:2][::-1] + a[at + 2 :]]))
    test_a_pair_that_reaches_the_cut_is_never_ruled_out.hypothesis.inner_test(a, b, cut, digits=data.draw(st.booleans()))
    assert may_be_edits(common(a, b), 1)[0]


@given(TEXT, TEXT, st.integers(0, 5), st.booleans())
def test_a_pair_within_the_edits_is_never_ruled_out(a, b, at_most, digits):
    if min(OSA_py.distance(a, b), Levenshtein_py.distance(a, b)) <= at_most:
        assert may_be_edits(common(a, b, digits), at_most)[0]


@given(st.lists(TEXT, min_size=1, max_size=5), st.lists(TEXT, min_size=1, max_size=5), st.booleans())
def test_letters_in_common_are_bounded_and_not_by_more_than_there_are(texts, others, digits):
    left, right = (grid.ravel().astype(np.int32) for grid in np.meshgrid(range(len(texts)), range(len(others))))
    found = common_letters(bags_of(texts, digits=digits), left, right, others=bags_of(others, digits=digits))
    for k, (i, j) in enumerate(zip(left, right, strict=True)):
        a, b = texts[i], others[j]
        prefix = next((n for n in range(min(4, len(a), len(b))) if a[n] != b[n]), min(4, len(a), len(b)))
        assert found.first[k] >= prefix
        if max(len(a), len(b)) < bounds.LONG:
            assert (Counter(a) & Counter(b)).total() <= found.most[k] <= min(len(a), len(b))
            assert found.lengths[k] == len(a) * 64 + len(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("anna", "boris"),
        ("kuznetsova", "smith"),
        ("+79162000001", "+493335588"),
        ("кузнецова", "шмит"),
        ("محمد", "سارة"),
        ("王小明", "李雪"),
    ],
)
def test_strangers_are_ruled_out(a, b):
    assert not may_be_jaro_winkler(common(a, b), 0.7)[0]
    assert not may_be_ratio(common(a, b), 0.7)[0]
    assert not may_be_edits(common(a, b), 1)[0]


def test_digits_that_recur_are_counted():
    bags = bags_of(["+79162000001", "+79162333444", "+79165000100"])
    left = np.array([0, 0], np.int32)
    assert common_letters(bags, left, np.array([1, 2], np.int32)).most.tolist() == [6, 11]


def test_many_values_are_counted_in_steps(monkeypatch):
    texts = [f"value {i % 7}{'x' * (i % 5)}{'ю' * (i % 3)}" for i in range(50)]
    left, right = np.arange(50, dtype=np.int32), np.arange(50, dtype=np.int32)[::-1]
    expected = bags_of(texts), may_be_ratio(common_letters(bags_of(texts), left, right), 0.9)
    monkeypatch.setattr(bounds, "STEP", 7)
    found = bags_of(texts), may_be_ratio(common_letters(bags_of(texts), left, right), 0.9)
    assert expected[0].tolist() == found[0].tolist()
    assert expected[1].tolist() == found[1].tolist()


def test_slices_of_arrays_are_read_where_they_begin():
    texts = pa.array(["zzz", "анна", "bob", "yyy"], pa.large_string())
    assert letter_bags(texts.slice(1, 2)).tolist() == bags_of(["анна", "bob"]).tolist()
    assert letter_bags(texts.slice(4)).shape == (0, 2)
    assert letter_bags(pa.array([], pa.large_string())).shape == (0, 2)
