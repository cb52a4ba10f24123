"""Long text: shared q-grams, exactly or by MinHash."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from omniid.blocking.blocks import sort_blocks
from omniid.blocking.codes import Hashes, KeyCodes, KeyReader, distinct_entries
from omniid.blocking.groups import Int64s, pair_count
from omniid.blocking.rules import BlockingRule
from omniid.blocking.values import FoundPairs, code_points, record_pairs
from omniid.hashing import mix
from omniid.tables import LocalPairs
from omniid.tables.arrays import arrow_array, distinct, numpy_array

__all__ = ["find_similar_texts", "minhash_keys"]

CHUNK = 1 << 18


class Grams(NamedTuple):
    """The distinct q-grams of every value of a vocabulary: `grams[start[v]:start[v + 1]]`, ascending hashes."""

    grams: Hashes
    start: Int64s


def text_grams(vocabulary: pa.LargeStringArray, q: int) -> Grams:
    """Hashes of all substrings of `q` characters; a shorter value is one gram by itself."""
    text, start = code_points(vocabulary)
    length = np.diff(start)
    count = np.maximum(length - q + 1, np.minimum(length, 1))
    value = np.repeat(np.arange(len(length)), count)
    first = start[:-1].take(value) + np.arange(len(value)) - np.repeat(np.cumsum(count) - count, count)
    grams = np.zeros(len(value), np.uint64)
    padded = np.append(text, np.zeros(q, text.dtype)).astype(np.uint64)
    for place in range(q):
        inside = first + place < start[1:].take(value)
        grams = np.where(inside, mix(grams + padded.take(first + place) + np.uint64(1)), grams)
    order = np.lexsort([grams, value])
    value, grams = value[order], grams[order]
    new = np.ones(len(value), bool)
    new[1:] = (value[1:] != value[:-1]) | (grams[1:] != grams[:-1])
    return Grams(grams[new], np.concatenate([[0], np.cumsum(np.bincount(value[new], minlength=len(length)))]).astype(np.int64))


def minhash_keys(rule: BlockingRule, read: KeyReader) -> tuple[KeyCodes, Hashes]:
    """One key per band and value: texts with equal bands share a key. Its codes, and the hash that each of them stands for."""
    column = read.column(rule.keys[0].fields[0], rule)
    grams = text_grams(column.vocabulary, int(rule.option("q")))
    bands, rows, seed = (int(rule.option(name)) for name in ("bands", "rows", "seed"))
    n_values = len(column.vocabulary)
    keys = np.empty((n_values, bands), np.uint64)
    for band in range(bands):
        state = mix(np.full(n_values, band + 1, np.uint64))
        for row in range(rows):
            salt = mix(mix(np.array([seed], np.uint64)) + np.uint64(band * rows + row + 1))
            if n_values:
                state = mix(state ^ np.minimum.reduceat(mix(grams.grams ^ salt), grams.start[:-1]))
        keys[:, band] = state
    encoded = arrow_array(keys.ravel()).dictionary_encode()
    codes = numpy_array(encoded.indices).astype(np.int32)
    record, value = column.present()
    banded = (value.astype(np.int64)[:, None] * bands + np.arange(bands)).ravel()
    entries = distinct_entries(np.repeat(record, bands), codes.take(banded).astype(np.int64), len(encoded.dictionary))
    return entries, numpy_array(encoded.dictionary).astype(np.uint64, copy=False)


def find_similar_texts(rule: BlockingRule, read: KeyReader, max_block: int) -> FoundPairs:
    """Record pairs whose texts share at least `threshold` of their q-grams.

    A value's rarest q-grams are indexed, only so many that two values above the threshold must share one of them; the pairs
    that meet are then verified. A q-gram that is among the rarest of more than `max_block` values is not indexed, and
    counted as left out.
    """
    column = read.column(rule.keys[0].fields[0], rule)
    grams = text_grams(column.vocabulary, int(rule.option("q")))
    threshold = float(rule.option("threshold"))
    encoded = arrow_array(grams.grams).dictionary_encode()
    numbers = numpy_array(encoded.indices).astype(np.int64)
    count = np.diff(grams.start)
    value = np.repeat(np.arange(len(count)), count)
    frequency = np.bincount(numbers, minlength=len(encoded.dictionary))
    # Ties between equally rare grams are broken by hash, so that the prefix never depends on the numbering of values.
    order = np.lexsort([grams.grams, frequency.take(numbers), value])
    place = np.arange(len(value)) - grams.start[:-1].take(value)
    needed = count - np.ceil(threshold * count - 1e-9).astype(np.int64) + 1
    indexed = order[place < needed.take(value)]
    sizes = np.bincount(numbers[indexed], minlength=len(frequency))
    usable = sizes[numbers[indexed]] <= max_block
    blocks = sort_blocks(value[indexed][usable].astype(np.int32), numbers[indexed][usable].astype(np.int32))
    entries = value * np.int64(max(len(frequency), 1)) + numbers
    members = np.sort(entries)
    found = [np.arange(len(count), dtype=np.int64) * (len(count) + 1)]
    for span in blocks.spans(CHUNK):
        pairs = blocks.pairs(span)
        found.append(_verified(pairs, grams.start, numbers, members, len(frequency), threshold))
    codes = distinct(np.concatenate(found))
    one, other = np.divmod(codes, max(len(count), 1))
    result = record_pairs(column, one, other, max_block)
    return result._replace(left_out=result.left_out + pair_count(sizes[sizes > max_block].astype(np.int64)))


def _verified(pairs: LocalPairs, start: Int64s, numbers: Int64s, members: Int64s, n_grams: int, threshold: float) -> Int64s:
    """Codes of the value pairs whose Jaccard similarity reaches the threshold."""
    one, other = pairs.rows.take(pairs.left).astype(np.int64), pairs.rows.take(pairs.right).astype(np.int64)
    size = len(start) - 1
    one, other = np.divmod(distinct(one * size + other), size)
    n_one, n_other = start[one + 1] - start[one], start[other + 1] - start[other]
    pair = np.repeat(np.arange(len(one)), n_one)
    entry = start[one].take(pair) + np.arange(len(pair)) - np.repeat(np.cumsum(n_one) - n_one, n_one)
    sought = other.take(pair) * n_grams + numbers.take(entry)
    shared = np.bincount(pair[members.take(np.searchsorted(members, sought), mode="clip") == sought], minlength=len(one))
    reached = shared >= threshold * (n_one + n_other - shared) - 1e-9
    return one[reached] * size + other[reached]
