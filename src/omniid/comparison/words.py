"""The words of many values as numbers, so that shared words, numbers and nicknames are found without a look at strings."""

from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.tables import Codes
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar

__all__ = ["WordPairs", "Words", "words_of"]

Bools = npt.NDArray[np.bool_]
Offsets = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32 | np.intp]
# What str.split splits at, but for the space itself; normal forms have none of it, texts of other tables may.
_OTHER_SPACE = "[\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: neighbouring codes take far bits


def words_of(texts: pa.LargeStringArray) -> "Words":
    """The words of each value, in order, as `str.split` gives them.

    Parameters
    ----------
    texts
        n strings without nulls.

    Examples
    --------
    >>> words = words_of(pa.array(["anna maria", "maria"], pa.large_string()))
    >>> words.codes.tolist(), words.starts.tolist(), words.vocabulary.to_pylist()
    ([0, 1, 1], [0, 2, 3], ['anna', 'maria'])
    """
    if pc.any(pc.match_substring_regex(texts, _OTHER_SPACE)).as_py():
        texts = pc.replace_substring_regex(texts, _OTHER_SPACE, " ")
    pieces = pc.split_pattern(texts, " ")
    starts = numpy_array(pieces.offsets).astype(np.int64)
    flat = pieces.values.slice(starts[0], starts[-1] - starts[0])
    starts -= starts[0]
    empty = numpy_array(pc.binary_length(flat)) == 0
    if empty.any():
        starts, flat = np.concatenate([[0], np.cumsum(~empty)]).take(starts), flat.filter(arrow_array(~empty))
    encoded = flat.dictionary_encode()
    return Words(numpy_array(encoded.indices).astype(np.int32), starts, encoded.dictionary)


class Words:
    """Words of n values: those of value i are `codes[starts[i]:starts[i + 1]]`.

    Parameters
    ----------
    codes
        int32 per word: its position in `vocabulary`.
    starts
        int64, n + 1 of them.
    vocabulary
        Distinct words.
    """

    def __init__(self, codes: Codes, starts: Offsets, vocabulary: pa.LargeStringArray) -> None:
        self.codes = codes
        self.starts = starts
        self.vocabulary = vocabulary

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Words per value."""
        return np.diff(self.starts)

    def only(self, wanted: Bools) -> "Words":
        """Some of the words of each value.

        Parameters
        ----------
        wanted
            Per word of the vocabulary.
        """
        keep = wanted.take(self.codes)
        if keep.all():
            return self
        starts = np.concatenate([[0], np.cumsum(keep)]).take(self.starts)
        return Words(self.codes[keep], starts, self.vocabulary)

    def renumbered(self, codes: Codes) -> "Words":
        """Words under other numbers; the vocabulary stays behind.

        Parameters
        ----------
        codes
            int32 per word of the vocabulary.
        """
        return Words(codes.take(self.codes), self.starts, self.vocabulary[:0])

    def once_each(self) -> "Words":
        """Every word of a value once, in the order of the codes."""
        if not len(self.sizes) or self.sizes.max() < 2:
            return self
        rows = np.repeat(np.arange(len(self.sizes)), self.sizes)
        high = int(self.codes.max()) + 1
        rows, codes = np.divmod(np.unique(rows * high + self.codes, return_index=True)[0], high)
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(self.sizes)))])
        return Words(codes.astype(np.int32), starts, self.vocabulary)

    def joined(self) -> pa.LargeStringArray:
        """The words of each value with one space between them."""
        words = self.vocabulary.cast(pa.string()).take(arrow_array(self.codes))  # binary_join takes no lists of large_string
        lists = pa.ListArray.from_arrays(arrow_array(self.starts.astype(np.int32)), words)
        return pc.binary_join(lists, text_scalar(" ").cast(pa.string())).cast(pa.large_string())

    @cached_property
    def marks(self) -> npt.NDArray[np.uint64]:
        """A 64-bit word per value with a bit for each word of it: where two have no bit in common, they share no word."""
        found = np.zeros(len(self.sizes), np.uint64)
        there = np.flatnonzero(self.sizes)
        if len(there):
            bits = np.uint64(1) << ((self.codes.astype(np.uint64) * _SPREAD) >> np.uint64(58))
            found[there] = np.bitwise_or.reduceat(bits, self.starts.take(there))
        return found

    def pairs(self, left: Positions, right: Positions) -> "WordPairs":
        """All pairs of a word of one value and a word of the other."""
        return self.across(self, left, right)

    def across(self, other: "Words", left: Positions, right: Positions) -> "WordPairs":
        """All pairs of a word of a left value here and a word of a right value among other words of the same values."""
        across = other.sizes.take(right)
        total = self.sizes.take(left) * across
        pair = np.repeat(np.arange(len(left)), total)
        which = np.arange(len(pair)) - np.repeat(np.cumsum(total) - total, total)
        one = self.codes.take(self.starts.take(left).take(pair) + which // across.take(pair))
        two = other.codes.take(other.starts.take(right).take(pair) + which % across.take(pair))
        return WordPairs(len(left), pair, one, two)

    def shared(self, left: Positions, right: Positions) -> npt.NDArray[np.int64]:
        """How many words the values of each pair share, for words that stand once in each value."""
        shared = np.zeros(len(left), np.int64)
        near = np.flatnonzero(self.marks.take(left) & self.marks.take(right))
        found = self.pairs(left.take(near), right.take(near))
        shared[near] = np.bincount(found.pair[found.left == found.right], minlength=len(near))
        return shared


class WordPairs:
    """Pairs of words: entry k belongs to value pair `pair[k]` of n.

    Parameters
    ----------
    n
        Number of value pairs.
    pair, left, right
        Per pair of words: its value pair, and the codes of both words.
    """

    def __init__(self, n: int, pair: npt.NDArray[np.intp], left: Codes, right: Codes) -> None:
        self.n = n
        self.pair = pair
        self.left = left
        self.right = right

    def any(self, holds: Callable[[Codes, Codes], Bools]) -> Bools:
        """Whether a claim holds of some pair of words of each pair of values."""
        answer = np.zeros(self.n, bool)
        answer[self.pair[holds(self.left, self.right)]] = True
        return answer
