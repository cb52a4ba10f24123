"""Hashes depend on the bytes alone."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from omniid.hashing import by_hash, from_hexadecimal, hash_strings, hexadecimal, mix

MASK = 2**64 - 1
TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=20)


def slow_mix(value):
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def slow_hash(text, seed):
    data = text.encode()
    state = slow_mix((len(data) + slow_mix((seed + 0x9E3779B97F4A7C15) & MASK)) & MASK)
    for start in range(0, len(data), 8):
        state = slow_mix(state ^ int.from_bytes(data[start : start + 8], "little"))
    return state


def array(texts):
    return pa.array(texts, pa.large_string())


@given(st.lists(st.integers(0, MASK), max_size=20))
def test_mix_equals_plain_arithmetic(values):
    assert mix(np.array(values, np.uint64)).tolist() == [slow_mix(value) for value in values]


@given(TEXTS, st.integers(0, MASK))
def test_hash_equals_the_slow_twin(texts, seed):
    assert hash_strings(array(texts), seed).tolist() == [slow_hash(text, seed) for text in texts]


@given(TEXTS, st.integers(0, 5), st.integers(0, 5))
def test_a_slice_hashes_like_its_strings(texts, start, length):
    whole = array(texts)
    assert hash_strings(whole.slice(start, length)).tolist() == hash_strings(array(texts[start : start + length])).tolist()


def test_nulls_hash_like_the_empty_string():
    assert len(set(hash_strings(array([None, "", None])).tolist())) == 1


def test_no_strings_give_no_hashes():
    assert hash_strings(array([])).tolist() == []


def test_similar_strings_do_not_collide():
    texts = [f"{a}{b}{c}" for a in range(40) for b in "xyz\u0436\0" for c in range(40)] + ["\0", "\0\0", "\0" * 8, "\0" * 9]
    assert len(set(hash_strings(array(texts)).tolist())) == len(texts)


def test_seeds_give_unrelated_hashes():
    texts = array([str(i) for i in range(2000)])
    differing = [
        (a ^ b).bit_count() for a, b in zip(hash_strings(texts, 0).tolist(), hash_strings(texts, 1).tolist(), strict=True)
    ]
    assert 31 < np.mean(differing) < 33


def test_hashes_do_not_depend_on_the_process():
    code = (
        "import pyarrow as pa; from omniid.hashing import hash_strings as h; print(h(pa.array(['anna'], pa.large_string()))[0])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {f"{slow_hash('anna', 0)}\n"}


@given(st.lists(st.integers(0, 2**64 - 1), unique=True))
def test_hashes_are_spelled_and_read_and_order_what_they_name(hashes: list[int]) -> None:
    given_hashes = np.array(hashes, np.uint64)
    assert hexadecimal(given_hashes).to_pylist() == [f"{one:016x}" for one in hashes]
    assert from_hexadecimal(hexadecimal(given_hashes).to_pylist()).tolist() == hashes
    assert list(by_hash(given_hashes, hashes).items()) == [(f"{one:016x}", one) for one in sorted(hashes)]
