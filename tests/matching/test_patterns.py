import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from omniid.errors import CancelledError
from omniid.matching.patterns import count_patterns, distinct_patterns, self_pairs
from omniid.tables import ComparisonVectors, VectorChunk
from oracle.matching import count_slowly, make_world

MATRICES = arrays.arrays(np.int8, st.tuples(st.integers(0, 40), st.integers(1, 40)), elements=st.integers(-1, 6))


def as_vectors(levels, sizes):
    def make():
        start = 0
        for size in sizes:
            part = levels[start : start + size]
            rows = np.arange(start, start + len(part), dtype=np.int32)
            yield VectorChunk(rows, rows + 1, np.zeros(len(part), np.int16), part)
            start += size

    width = levels.shape[1]
    return ComparisonVectors(tuple(f"c{k}" for k in range(width)), (7,) * width, ("r",), make)


def as_dict(patterns):
    return {tuple(row): count for row, count in zip(patterns.levels.tolist(), patterns.counts.tolist(), strict=True)}


@given(MATRICES, st.integers(1, 50))
def test_counts_equal_the_slow_twin_for_any_chunks(levels, size):
    vectors = as_vectors(levels, [size] * (len(levels) // size + 1))
    found = count_patterns(vectors)
    assert as_dict(found) == dict(count_slowly(vectors))
    assert found.levels.tolist() == sorted(found.levels.tolist())


@given(MATRICES, st.data())
def test_weights_count_like_repetition(levels, data):
    weights = np.array(data.draw(st.lists(st.integers(1, 4), min_size=len(levels), max_size=len(levels))), np.int64)
    assert as_dict(distinct_patterns(levels, weights)) == as_dict(distinct_patterns(np.repeat(levels, weights, axis=0)))


def test_forty_columns_do_not_overflow():
    levels = np.random.default_rng(0).integers(-1, 7, (500, 40)).astype(np.int8)
    twice = np.concatenate([levels, levels])
    assert set(as_dict(distinct_patterns(twice)).values()) == {2}
    assert len(distinct_patterns(twice).counts) == 500


def test_many_chunks_are_merged_on_the_way(monkeypatch):
    levels = np.random.default_rng(0).integers(-1, 3, (200, 4)).astype(np.int8)
    monkeypatch.setattr("omniid.matching.patterns.MERGE_AT", 10)
    vectors = as_vectors(levels, [7] * 30)
    assert as_dict(count_patterns(vectors)) == dict(count_slowly(vectors))


def test_multiplicity_adds_the_pairs_of_a_row_with_itself():
    world = make_world(20)
    copies = np.ones(len(world.table), np.int64)
    copies[3] = 4
    vectors = world.vectors()
    plain = count_patterns(vectors)
    more = count_patterns(vectors, multiplicity=copies, compare_rows=world.compare_rows)
    left, right = world.candidates()
    touched = int(((left == 3) | (right == 3)).sum())
    assert more.pairs == plain.pairs + 3 * touched + 6
    assert [rows.tolist() for rows in self_pairs(copies)] == [[3], [6]]


def test_progress_cancels():
    with pytest.raises(CancelledError, match="cancelled"):
        count_patterns(make_world(20).vectors(), progress=lambda stage, done, total: False)
