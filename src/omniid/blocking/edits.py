"""Values one typing error apart, found through their deletion neighbourhoods."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from omniid.blocking.blocks import Span, sort_blocks
from omniid.blocking.codes import KeyReader
from omniid.blocking.groups import Int64s, pair_count, run_lengths
from omniid.blocking.rules import BlockingRule
from omniid.blocking.values import FoundPairs, code_points, record_pairs
from omniid.errors import SpecError
from omniid.hashing import hash_strings, mix
from omniid.tables import Column
from omniid.tables.arrays import arrow_array, distinct, new_values, numpy_array

__all__ = ["BASE", "FROZEN_BITS", "LONGEST", "Crowding", "find_frozen_edits", "find_one_edit"]

LONGEST = 64  # characters; longer values are no contact values, and each has as many neighbours as characters
GROUP = 8  # values per shared deletion; more are no typing errors but runs of numbers, and counted as left out
FROZEN_BITS = 40  # of a deletion's hash tell it in a frozen plan; 24 are left for the number of the value
RECORDS = 10  # records per value; a value in more records is no typing error
MATRIX = 1 << 14  # deletions worked on at once: matrices of 128 KiB stay in the processor's cache
BASE = 0x9E3779B97F4A7C15  # of the hash of a text; odd, hence invertible modulo 2^64
PART = 1 << 24  # deletions held at once: 128 MiB, and as much again while they are sorted
Hashes = npt.NDArray[np.uint64]

_POWERS = np.array([pow(BASE, exponent, 2**64) for exponent in range(LONGEST)], np.uint64)
_INVERSE = np.uint64(pow(BASE, -1, 2**64))


class Crowding(NamedTuple):
    """Deletions around which too many values stand, and values that too many records have, as ascending hashes."""

    deletions: Int64s
    values: Int64s


def find_one_edit(rule: BlockingRule, read: KeyReader) -> FoundPairs:
    """Record pairs whose values are exactly one insertion, deletion, replacement or swap of neighbours apart.

    Two such values share a one-character deletion of one of them, or of both. Deletions are compared by hash, in parts of
    bounded size, and what meets is verified. Left out, and counted where counting is cheap: groups of more than `GROUP` values
    around one deletion, and values of more than `RECORDS` records; values longer than `LONGEST` characters are not looked at.
    """
    column, values, vocabulary = _looked_at(rule, read)
    pairs, left_out, _ = _near_values(vocabulary, len(vocabulary).bit_length(), None)
    one, other = (values[side].astype(np.int64) for side in pairs)
    result = record_pairs(column, one, other, RECORDS)
    return result._replace(left_out=result.left_out + left_out)


def find_frozen_edits(rule: BlockingRule, read: KeyReader, frozen: Crowding | None) -> tuple[FoundPairs, Crowding]:
    """As `find_one_edit`, but what is crowded is known by a list, so that a pair depends on its two records only.

    Parameters
    ----------
    rule
        The rule.
    read
        Reads the field.
    frozen
        What is crowded; None: what is so here. A deletion is known by `FROZEN_BITS` bits of its hash, a value by its hash.

    Raises
    ------
    SpecError
        If there are more values than the bits that are left can number.
    """
    column, values, vocabulary = _looked_at(rule, read)
    if len(vocabulary) >= 1 << (64 - FROZEN_BITS):
        raise SpecError(
            f"blocking rule {str(rule)!r} takes at most {1 << (64 - FROZEN_BITS):,} values with incremental=True, "
            f"and there are {len(vocabulary):,}; leave the rule or incremental out"
        )
    pairs, left_out, crowded = _near_values(vocabulary, 64 - FROZEN_BITS, None if frozen is None else frozen.deletions)
    one, other = (values[side].astype(np.int64) for side in pairs)
    if frozen is None:
        common = _records_of(column) > RECORDS
        common &= np.isin(np.arange(len(common)), values)
        found = Crowding(crowded, np.sort(hash_strings(column.vocabulary.filter(arrow_array(common))).view(np.int64)))
    else:
        common, found = np.zeros(len(column.vocabulary), bool), frozen
        if len(frozen.values):
            common[np.isin(hash_strings(column.vocabulary).view(np.int64), frozen.values)] = True
    result = record_pairs(column, one, other, common)
    return result._replace(left_out=result.left_out + left_out), found


def _looked_at(rule: BlockingRule, read: KeyReader) -> tuple[Column, Int64s, pa.LargeStringArray]:
    """The field, the places of its values that are neither too short nor too long, and these values."""
    column = read.column(rule.keys[0].fields[0], rule)
    length = numpy_array(pc.utf8_length(column.vocabulary))
    values = np.flatnonzero((length >= rule.option("shortest")) & (length <= LONGEST))
    return column, values, column.vocabulary.take(arrow_array(values))


def _records_of(column: Column) -> Int64s:
    """Records per value; one that names a value twice counts once."""
    rows, codes = column.present()
    if not column.is_multi:
        return np.bincount(codes, minlength=len(column.vocabulary)).astype(np.int64)
    once = distinct(codes.astype(np.int64) * max(column.n_rows, 1) + rows)
    return np.bincount(once // max(column.n_rows, 1), minlength=len(column.vocabulary)).astype(np.int64)


def _near_values(
    vocabulary: pa.LargeStringArray, number_bits: int, frozen: Int64s | None
) -> tuple[tuple[Int64s, Int64s], int, Int64s]:
    """Places of the value pairs one edit apart, pairs left out because a deletion is crowded, and the crowded deletions."""
    found, crowded, left_out = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for packed in _deletions(vocabulary, number_bits):
        pairs, more, deletions = _meetings(packed, len(vocabulary), number_bits, frozen)
        found.append(pairs)
        crowded.append(deletions)
        left_out += more
    one, other = np.divmod(distinct(np.concatenate(found)), max(len(vocabulary), 1))
    near = _one_edit_apart(vocabulary, one, other)
    return (one[near], other[near]), left_out, distinct(np.concatenate(crowded))


def _deletions(vocabulary: pa.LargeStringArray, bits: int) -> Iterator[Hashes]:
    """Every value itself and all its one-character deletions, one sorted array for each length, or several if that is large.

    Each is its hash, the lowest bits replaced by the value's number: equal deletions then stand side by side.
    """
    text, start = code_points(vocabulary)
    code = mix(np.arange(1, int(text.max(initial=0)) + 2, dtype=np.uint64))  # what stands for each character
    number_bits = np.uint64(bits)
    length = np.diff(start)
    for width in np.flatnonzero(np.bincount(length)).tolist():
        longer, same = np.flatnonzero(length == width), np.flatnonzero(length == width - 1)
        size = len(longer) * width + len(same)
        parts = size // PART + 1
        for part in range(parts):
            packed, filled = np.empty(size, np.uint64), 0
            for values, n_chars, hashes in ((longer, width, _shortened), (same, width - 1, _whole)):
                step = MATRIX // width
                for low in range(0, len(values), step):
                    value = values[low : low + step]
                    letters = text.take(start.take(value)[:, None] + np.arange(n_chars))
                    entries = hashes(code.take(letters))
                    entries >>= number_bits
                    entries <<= number_bits
                    entries |= value.astype(np.uint64)[:, None]
                    mine = entries.ravel() if parts == 1 else entries[(entries >> np.uint64(32)) % np.uint64(parts) == part]
                    packed[filled : filled + len(mine)] = mine
                    filled += len(mine)
            packed = packed[:filled]
            packed.sort()
            yield packed


def _whole(codes: Hashes) -> Hashes:
    """H = Σ cᵢ·Bⁱ modulo 2⁶⁴ of every row of characters."""
    hashes: Hashes = (codes * _POWERS[: codes.shape[1]]).sum(axis=1, keepdims=True, dtype=np.uint64)
    return hashes


def _shortened(codes: Hashes) -> Hashes:
    """The hashes of every row without each of its characters: the sum before it plus the sum after it divided by B."""
    terms = codes * _POWERS[: codes.shape[1]]
    sums = np.cumsum(terms, axis=1, dtype=np.uint64)
    after = sums[:, -1:] - sums
    after *= _INVERSE
    after += sums
    after -= terms
    return after


def _meetings(packed: Hashes, n_values: int, bits: int, frozen: Int64s | None) -> tuple[Int64s, int, Int64s]:
    """Codes of the value pairs that share a deletion, the pairs of groups that are too large, and the deletions of these."""
    number_bits = np.uint64(bits)
    met = np.zeros(len(packed) + 1, bool)
    for low in range(0, len(packed) - 1, MATRIX):
        near = packed[low : low + MATRIX + 1]
        np.less(near[1:] ^ near[:-1], np.uint64(1) << number_bits, out=met[low + 1 : low + len(near)])
    packed = packed[met[1:] | met[:-1]]  # most deletions are nobody else's
    packed = packed[new_values(packed)]  # "aab" loses an "a" in two ways
    shortened = packed >> number_bits
    sizes, deletion = run_lengths(shortened), shortened[new_values(shortened)].astype(np.int64)
    large = sizes > GROUP if frozen is None else np.isin(deletion, frozen)
    small = (sizes > 1) & ~large
    inside = np.repeat(small, sizes)
    owner = (packed[inside] & ((np.uint64(1) << number_bits) - np.uint64(1))).astype(np.int32)
    blocks = sort_blocks(owner, np.repeat(np.arange(small.sum(), dtype=np.int32), sizes[small]))
    pairs = blocks.pairs(Span(0, len(owner))) if len(owner) else None
    crowded = pair_count(sizes[large])
    if pairs is None:
        return np.zeros(0, np.int64), crowded, deletion[large]
    one, other = pairs.rows.take(pairs.left).astype(np.int64), pairs.rows.take(pairs.right)
    return distinct(one * n_values + other), crowded, deletion[large]


def _one_edit_apart(vocabulary: pa.LargeStringArray, one: Int64s, other: Int64s) -> npt.NDArray[np.bool_]:
    """Which value pairs are one edit apart indeed."""
    if not len(one):
        return np.zeros(0, bool)
    left, right = (vocabulary.take(arrow_array(side)).to_pylist() for side in (one, other))
    return np.asarray(process.cpdist(left, right, scorer=OSA.distance, score_cutoff=1, dtype=np.int32) == 1)
