"""Values one typing error apart, found through their deletion neighbourhoods."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from omniid.blocking.codes import Int64s, KeyReader, distinct, pair_count
from omniid.blocking.finders import sort_blocks
from omniid.blocking.rules import BlockingRule
from omniid.blocking.values import FoundPairs, code_points, record_pairs
from omniid.hashing import mix

__all__ = ["find_one_edit"]

LONGEST = 64  # characters; longer values are no contact values, and each has as many neighbours as characters
GROUP = 8  # values per shared deletion; more are no typing errors but runs of numbers, and counted as left out
RECORDS = 10  # records per value; a value in more records is no typing error
PART = 1 << 24  # deletions held at once: 128 MiB, and as much again while they are sorted
Hashes = npt.NDArray[np.uint64]

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, hence invertible modulo 2^64


def find_one_edit(rule: BlockingRule, read: KeyReader) -> FoundPairs:
    """Record pairs whose values are exactly one insertion, deletion, replacement or swap of neighbours apart.

    Two such values share a one-character deletion of one of them, or of both. Deletions are compared by hash, in parts of
    bounded size, and what meets is verified. Left out, and counted where counting is cheap: groups of more than `GROUP` values
    around one deletion, and values of more than `RECORDS` records; values longer than `LONGEST` characters are not looked at.
    """
    column = read.column(rule.keys[0].fields[0], rule)
    length = pc.utf8_length(column.vocabulary).to_numpy(zero_copy_only=False)
    values = np.flatnonzero((length >= rule.option("shortest")) & (length <= LONGEST))
    vocabulary = column.vocabulary.take(pa.array(values))
    parts = int((length[values] + 1).sum()) // PART + 1
    found, left_out = [np.zeros(0, np.int64)], 0
    for part in range(parts):
        pairs, crowded = _meetings(_deletions(vocabulary, part, parts), len(vocabulary))
        found.append(pairs)
        left_out += crowded
    one, other = np.divmod(distinct(np.concatenate(found)), max(len(vocabulary), 1))
    near = _one_edit_apart(vocabulary, one, other)
    result = record_pairs(column, values[one[near]].astype(np.int64), values[other[near]].astype(np.int64), RECORDS)
    return result._replace(left_out=result.left_out + left_out)


def _deletions(vocabulary: pa.LargeStringArray, part: int, parts: int) -> Hashes:
    """Every value itself and all its one-character deletions, of those whose hash falls into a part, in one sorted array.

    Each is its hash, the lowest bits replaced by the value's number: equal deletions then stand side by side. With
    H = Σ cᵢ·Bⁱ modulo 2⁶⁴, dropping character i leaves the sum before i plus the sum after i divided by B.
    """
    packed = [np.zeros(0, np.uint64)]
    inverse = np.uint64(pow(int(_BASE), -1, 2**64))
    powers = np.concatenate([np.ones(1, np.uint64), np.cumprod(np.full(LONGEST, _BASE), dtype=np.uint64)])
    number_bits = np.uint64(len(vocabulary).bit_length())
    for low in range(0, len(vocabulary), 1 << 14):  # a few hundred thousand characters: they stay in the processor's cache
        text, start = code_points(vocabulary.slice(low, 1 << 14))
        length = np.diff(start)
        value = np.repeat(np.arange(len(length)), length)
        terms = (text.astype(np.uint64) + np.uint64(1)) * powers.take(np.arange(len(text)) - start.take(value))
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)])
        first, last = sums.take(start[:-1]), sums.take(start[1:])
        deleted = sums[:-1] - first.take(value) + (last.take(value) - sums[1:]) * inverse
        hashes = mix(np.concatenate([last - first, deleted]))
        owner = (np.concatenate([np.arange(len(length)), value]) + low).astype(np.uint64)
        entries = (hashes >> number_bits << number_bits) | owner
        packed.append(entries if parts == 1 else entries[(hashes >> np.uint64(32)) % np.uint64(parts) == part])
    return np.sort(np.concatenate(packed))


def _meetings(packed: Hashes, n_values: int) -> tuple[Int64s, int]:
    """Codes of the value pairs that share a deletion, and the pairs of groups that are too large."""
    if not len(packed):
        return np.zeros(0, np.int64), 0
    number_bits = np.uint64(n_values.bit_length())
    packed = packed[np.concatenate([[True], packed[1:] != packed[:-1]])]  # "aab" loses an "a" in two ways
    new = np.concatenate([[True], (packed[1:] >> number_bits) != (packed[:-1] >> number_bits)])
    sizes = np.diff(np.append(np.flatnonzero(new), len(packed)))
    small = (sizes > 1) & (sizes <= GROUP)
    inside = np.repeat(small, sizes)
    owner = (packed[inside] & ((np.uint64(1) << number_bits) - np.uint64(1))).astype(np.int32)
    blocks = sort_blocks(owner, np.repeat(np.arange(small.sum(), dtype=np.int32), sizes[small]))
    pairs = blocks.pairs(0, len(owner)) if len(owner) else None
    crowded = pair_count(sizes[sizes > GROUP].astype(np.int64))
    if pairs is None:
        return np.zeros(0, np.int64), crowded
    one, other = pairs.rows.take(pairs.left).astype(np.int64), pairs.rows.take(pairs.right)
    return distinct(one * n_values + other), crowded


def _one_edit_apart(vocabulary: pa.LargeStringArray, one: Int64s, other: Int64s) -> npt.NDArray[np.bool_]:
    """Which value pairs are one edit apart indeed."""
    if not len(one):
        return np.zeros(0, bool)
    left, right = (vocabulary.take(pa.array(side)).to_pylist() for side in (one, other))
    return np.asarray(process.cpdist(left, right, scorer=OSA.distance, score_cutoff=1, dtype=np.int32) == 1)
