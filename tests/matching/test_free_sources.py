"""Which sources hold no duplicates, from counts."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle.one_to_one as oracle
from omniid.matching import find_free_sources, free_sources
from omniid.tables import BITS
from oracle.cluster import Link
from oracle.scenes import scored


def run(pairs, source, sources):
    made = scored([Link(left, right, bits * BITS) for left, right, bits in sorted(pairs)])
    return find_free_sources(made, np.array(source, np.int32), sources).tolist()


@given(st.data())
def test_the_package_finds_what_the_slow_obvious_way_finds(data):
    sources, each = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 90))
    source = [row // each for row in range(sources * each)]
    across = [(row, row + each, data.draw(st.sampled_from([3, 4, 9]))) for row in range(len(source) - each)]
    inside = [(row, row + 1, 9) for row in range(0, len(source) - 1, 2) if source[row] == source[row + 1]]
    pairs = across + inside[: data.draw(st.integers(0, 4))]
    assert run(pairs, source, sources) == oracle.find_free_sources(pairs, source, sources)
    with patch.object(free_sources, "LOT", 7):
        assert run(pairs, source, sources) == oracle.find_free_sources(pairs, source, sources)


LISTS = [(row, row + 100, 9) for row in range(100)]


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        (LISTS, [True, True]),
        (LISTS[:20], [False, False]),  # too few to say
        ([*LISTS, (0, 1, 9), (2, 3, 9), (4, 5, 9)], [False, True]),
        ([(left, right, 2) for left, right, _ in LISTS], [False, False]),  # nothing is sure
    ],
)
def test_judged_cases(pairs, wanted):
    assert run(pairs, [0] * 100 + [1] * 100, 2) == wanted


def test_a_source_alone_is_never_free():
    assert run([], [0] * 100, 1) == [False]
