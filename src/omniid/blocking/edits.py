"""Values one typing error apart, found through their deletion neighbourhoods."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from omniid.blocking.codes import Int64s, KeyReader, pair_count
from omniid.blocking.finders import sort_blocks
from omniid.blocking.rules import BlockingRule
from omniid.blocking.values import FoundPairs, code_points, record_pairs

__all__ = ["find_one_edit"]

LONGEST = 64  # characters; longer values are no contact values, and each has as many neighbours as characters
GROUP = 8  # values per shared deletion; more are no typing errors but runs of numbers, and counted as left out
RECORDS = 10  # records per value; a value in more records is no typing error
PART = 1 << 22  # deletions held at once
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
        owner, deletion = _deletions(vocabulary, np.uint64(part), np.uint64(parts))
        pairs, crowded = _meetings(owner, deletion, len(vocabulary))
        found.append(pairs)
        left_out += crowded
    one, other = np.divmod(np.unique(np.concatenate(found)), max(len(vocabulary), 1))
    near = _one_edit_apart(vocabulary, one, other)
    result = record_pairs(column, values[one[near]].astype(np.int64), values[other[near]].astype(np.int64), RECORDS)
    return result._replace(left_out=result.left_out + left_out)


def _deletions(vocabulary: pa.LargeStringArray, part: np.uint64, parts: np.uint64) -> tuple[Int64s, npt.NDArray[np.uint64]]:
    """(value, hash) of every value itself and all its one-character deletions whose hash falls into a part.

    With H = Σ cᵢ·Bⁱ modulo 2⁶⁴, dropping character i leaves the sum before i plus the sum after i divided by B.
    """
    owners, hashes = [], []
    inverse = np.uint64(pow(int(_BASE), -1, 2**64))
    for low in range(0, len(vocabulary), 1 << 16):
        text, start = code_points(vocabulary.slice(low, 1 << 16))
        length = np.diff(start)
        value = np.repeat(np.arange(len(length)), length)
        powers = np.concatenate([[np.uint64(1)], np.cumprod(np.full(LONGEST, _BASE), dtype=np.uint64)])
        terms = (text.astype(np.uint64) + np.uint64(1)) * powers.take(np.arange(len(text)) - start[value])
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)])
        whole = sums[start[1:]] - sums[start[:-1]]
        before = sums[:-1] - sums[start[value]]
        after = sums[start[value + 1]] - sums[1:]
        owner = np.concatenate([np.arange(len(length)), value]) + low
        deletion = np.concatenate([whole, before + after * inverse])
        mine = (deletion >> np.uint64(32)) % parts == part
        owners.append(owner[mine])
        hashes.append(deletion[mine])
    if not owners:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    return np.concatenate(owners), np.concatenate(hashes)


def _meetings(owner: Int64s, deletion: npt.NDArray[np.uint64], n_values: int) -> tuple[Int64s, int]:
    """Codes of the value pairs that share a deletion, and the pairs of groups that are too large."""
    order = np.argsort(deletion)
    owner, deletion = owner[order], deletion[order]
    new = np.ones(len(deletion), bool)
    new[1:] = deletion[1:] != deletion[:-1]
    group = np.cumsum(new) - 1
    meets = np.bincount(group, minlength=1)[group] > 1
    entries = np.unique(group[meets] * np.int64(max(n_values, 1)) + owner[meets])  # "aab" loses an "a" in two ways
    group, owner = np.divmod(entries, max(n_values, 1))
    sizes = np.bincount(group, minlength=1).astype(np.int64)
    small = sizes[group] <= GROUP
    blocks = sort_blocks(owner[small].astype(np.int32), (np.unique(group[small], return_inverse=True)[1]).astype(np.int32))
    if not len(blocks.rows):
        return np.zeros(0, np.int64), pair_count(sizes[sizes > GROUP])
    pairs = blocks.pairs(0, len(blocks.rows))
    one, other = pairs.rows.take(pairs.left).astype(np.int64), pairs.rows.take(pairs.right)
    return np.unique(one * n_values + other), pair_count(sizes[sizes > GROUP])


def _one_edit_apart(vocabulary: pa.LargeStringArray, one: Int64s, other: Int64s) -> npt.NDArray[np.bool_]:
    """Which value pairs are one edit apart indeed."""
    if not len(one):
        return np.zeros(0, bool)
    left, right = (vocabulary.take(pa.array(side)).to_pylist() for side in (one, other))
    return np.asarray(process.cpdist(left, right, scorer=OSA.distance, score_cutoff=1, dtype=np.int32) == 1)
