"""Similarities: symmetric, on one scale, the batch form equal to the plain one."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import JaroWinkler_py, Levenshtein_py, OSA_py

from omniid import SpecError, similarity

WORDS = st.one_of(st.text("ab c1", max_size=8), st.text(max_size=12))
NAMES = sorted(similarity.SIMILARITIES)


@pytest.mark.parametrize("name", NAMES)
@given(WORDS, WORDS)
@example("", "")
@example(" ", "  ")
@example("a", "")
def test_similarity_is_symmetric_and_between_0_and_1(name, a, b):
    score = similarity.SIMILARITIES[name]
    assert 0 <= score(a, b) <= 1
    assert score(a, b) == score(b, a)
    assert score(a, a) == 1


@pytest.mark.parametrize("name", ["damerau", "jaro_winkler", "levenshtein", "ratio"])
@given(WORDS, WORDS)
def test_only_equal_strings_are_fully_similar(name, a, b):
    assert (similarity.SIMILARITIES[name](a, b) == 1) == (a == b)


@pytest.mark.parametrize("name", NAMES)
@given(st.lists(st.tuples(WORDS, WORDS), max_size=6), st.integers(1, 2))
def test_batch_equals_plain(name, pairs, workers):
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    found = similarity.similarities(name, left, right, workers=workers)
    assert found.dtype == np.float64
    assert [similarity.SIMILARITIES[name](a, b) for a, b in pairs] == found.tolist()


@given(st.lists(st.tuples(WORDS, WORDS), max_size=6))
def test_edits_equal_the_textbook(pairs):
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    assert [OSA_py.distance(a, b) for a, b in pairs] == similarity.edits("damerau", left, right).tolist()
    assert [Levenshtein_py.distance(a, b) for a, b in pairs] == similarity.edits("levenshtein", right, left).tolist()


@given(WORDS, WORDS)
def test_jaro_winkler_is_the_published_one(a, b):
    if a or b:
        assert similarity.jaro_winkler(a, b) == pytest.approx(JaroWinkler_py.similarity(min(a, b), max(a, b)), abs=1e-12)


def test_known_values():
    assert similarity.jaro_winkler("dixon", "dicksonx") == pytest.approx(0.8133, abs=1e-4)  # Winkler 1990
    assert similarity.jaro_winkler("dwayne", "duane") == pytest.approx(0.84, abs=1e-4)
    assert similarity.levenshtein("kitten", "sitting") == pytest.approx(1 - 3 / 7)
    assert similarity.token_sort("smith john", "john smith") == 1


def test_unknown_names_are_refused_with_a_list():
    with pytest.raises(SpecError, match="choose one of damerau, jaro_winkler"):
        similarity.similarities("soundslike", ["a"], ["b"])
    with pytest.raises(SpecError, match="damerau or levenshtein"):
        similarity.edits("hamming", ["a"], ["b"])
