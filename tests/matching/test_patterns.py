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


def test_an_original_counts_for_its_copies():
    world = make_world(20)
    n = len(world.table)
    originals = np.append(np.arange(n), [3, 3, 3]).astype(np.int32)  # three more records that equal record 3
    left, right = world.candidates()
    ends = np.array([n, 3], np.int32), np.array([n + 1, n + 2], np.int32)  # pairs with copies count nothing
    plain = count_patterns(world.vectors())
    pairs = np.append(left, ends[0]).astype(np.int32), np.append(right, ends[1]).astype(np.int32)

    def make():
        yield VectorChunk(
            *pairs, np.zeros(len(pairs[0]), np.int16), np.append(world.compare_rows(left, right), [[0] * 4] * 2, 0)
        )

    more = ComparisonVectors(world.vectors().comparisons, (3,) * 4, ("any",), make)
    touched = int(((left == 3) | (right == 3)).sum())
    for stands_for in (1, 5):
        found = count_patterns(more, stands_for=stands_for, originals=originals, compare_rows=world.compare_rows)
        assert found.pairs == stands_for * (plain.pairs + 3 * touched) + 6
    assert as_dict(count_patterns(more, originals=np.arange(n + 3, dtype=np.int32))) == dict(count_slowly(more))


def test_a_million_copies_count_like_a_few():
    world = make_world(2)
    originals = np.zeros(1_000_000, np.int32)
    vectors = ComparisonVectors(world.vectors().comparisons, (3,) * 4, ("any",), lambda: iter(()))
    assert count_patterns(vectors, originals=originals, compare_rows=world.compare_rows).pairs == 120 * 119 // 2


def test_rows_with_copies_and_the_pairs_among_them():
    assert [part.tolist() for part in self_pairs(np.array([1, 4, 0, 2]))] == [[1, 3], [6, 1]]


@given(MATRICES, st.integers(1, 9))
def test_a_pair_of_a_sample_counts_for_all_that_it_stands_for(levels, stands_for):
    vectors = as_vectors(levels, [len(levels)])
    found = as_dict(count_patterns(vectors, stands_for=stands_for))
    assert found == {pattern: stands_for * count for pattern, count in count_slowly(vectors).items()}


def test_progress_cancels():
    with pytest.raises(CancelledError, match="cancelled"):
        count_patterns(make_world(20).vectors(), progress=lambda stage, done, total: False)
