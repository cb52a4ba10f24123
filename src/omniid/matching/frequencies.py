"""Term frequencies: agreement on a rare value weighs more than agreement on a common one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.hashing import by_hash, from_hexadecimal, hash_strings
from omniid.tables import SILENT, Column, ComparisonWeights, Rows
from omniid.tables.arrays import arrow_array, distinct, text_array

__all__ = [
    "TermFrequencies",
    "ValueRanks",
    "field_salt",
    "learn_frequencies",
    "pair_ranks",
    "rank_values",
    "single_ranks",
    "value_counts",
]

Floats = npt.NDArray[np.float64]
Ranks = npt.NDArray[np.int32]  # 0 missing, else 1 + position among the distinct shares, rarest first

FEWEST_OTHERS = 0.1  # other people expected with a contact value that one person was seen with


@dataclass(frozen=True)
class TermFrequencies:
    """What one field's value counts say: shares of its frequent values by hash, one share for all others.

    `typical` is the share of the value that a random record meets; None where fuzzy levels are not to be adjusted.
    """

    frequency: Mapping[str, float]
    rare: float
    typical: float | None


@dataclass(frozen=True, eq=False)
class ValueRanks:
    """The distinct shares that a model knows, ascending, and where each entry of a column stands among them.

    Parameters
    ----------
    shares
        float64, ascending.
    ranks
        int32, per entry of the column: 1 + position in `shares`, 0 where missing.
    """

    shares: Floats
    ranks: Ranks

    def with_least_share(self, column: Column, values: npt.NDArray[np.bool_], least: float) -> "ValueRanks":
        """Let some of the column's distinct values count as no rarer than a share.

        Examples
        --------
        >>> ranks = ValueRanks(np.array([0.1, 0.5]), np.array([1, 2, 0], np.int32))
        >>> raised = ranks.with_least_share(Column.of(["a", "b", None]), np.array([True, True]), 0.2)
        >>> raised.shares.tolist(), raised.ranks.tolist()
        ([0.1, 0.2, 0.5], [2, 3, 0])
        """
        shares = distinct(np.append(self.shares, least))
        moved = np.append(0, 1 + np.searchsorted(shares, self.shares)).astype(np.int32)[self.ranks]
        raised = np.append(values, False)[column.codes]
        return ValueRanks(
            shares, np.where(raised, np.maximum(moved, 1 + np.searchsorted(shares, least)), moved).astype(np.int32)
        )


def value_counts(column: Column) -> tuple[npt.NDArray[np.int64], int]:
    """Records per distinct value, and records with any value.

    A record that holds several values counts once for each of them.

    Examples
    --------
    >>> counts, present = value_counts(Column.of(["x", None, "y", "x"]))
    >>> counts.tolist(), present
    ([2, 1], 3)
    """
    size = len(column.vocabulary)
    if not column.is_multi:
        counts = np.bincount(column.codes + 1, minlength=size + 1)[1:].astype(np.int64)
        return counts, int(counts.sum())
    rows, codes = column.present()
    once = distinct(rows.astype(np.int64) * max(size, 1) + codes)  # a value that a record holds twice is still one record
    rows, codes = once // max(size, 1), once % max(size, 1)
    return np.bincount(codes, minlength=size).astype(np.int64), int(np.count_nonzero(np.diff(rows, prepend=-1)))


def learn_frequencies(
    field: str,
    column: Column,
    average_u: float,
    *,
    people: npt.NDArray[np.int64] | None = None,
    min_records: int = 5,
    fuzzy: bool = True,
) -> TermFrequencies:
    """Learn how often strangers share each value of a field.

    Parameters
    ----------
    field
        The field's name, which salts the hashes.
    column
        Its values.
    average_u
        Chance that strangers agree on the field; half of it is the least share of any value.
    people
        People per value of the column's vocabulary. Given for contact values and identifiers, it replaces the counts: a
        value that one person uses in 200 orders is still rare. They tell how much rarer one value is than another, and
        `average_u` how rare they are on the whole: over all records, the shares come to it.
    min_records
        Values in fewer records are not stored: the model must not single out a person.
    fuzzy
        Whether levels between "else" and "exact" are adjusted too (never with `people`).

    Returns
    -------
    TermFrequencies

    References
    ----------
    Winkler, "Frequency-based matching in Fellegi-Sunter model of record linkage" (2000).

    Examples
    --------
    >>> learned = learn_frequencies("city", Column.of(["Rome"] * 60 + ["Oslo"] * 2), 0.1)
    >>> [round(share, 2) for share in learned.frequency.values()], learned.rare
    ([0.54], 0.05)
    """
    counts, present = value_counts(column)
    if people is None:
        everything = present + SILENT
        share, unseen = np.maximum(counts / everything, average_u / 2), max(1 / everything, average_u / 2)
    else:
        others = np.where(counts > 0, np.maximum(people - 1, FEWEST_OTHERS), 0.0)
        scale = average_u * present / max(float((counts * others)[np.lexsort((others, counts))].sum()), FEWEST_OTHERS)
        share, unseen = np.minimum(others * scale, 1.0), min(FEWEST_OTHERS * scale, 1.0)
    unstored = (counts < min_records) & (counts > 0)
    rare = _mean_share(counts[unstored], share[unstored], unseen)
    stored = np.flatnonzero((counts >= min_records) & (share > rare))
    hashes = hash_strings(column.vocabulary.take(arrow_array(stored)), field_salt(field))
    frequency = by_hash(hashes, share[stored].tolist())
    squares = int((counts * counts).sum())
    typical = squares / (present + SILENT) ** 2 if fuzzy and people is None and squares else None
    return TermFrequencies(frequency, rare, typical)


def _mean_share(counts: npt.NDArray[np.int64], share: Floats, otherwise: float) -> float:
    """The share that a random agreeing pair of these values has; `otherwise` where no two records agree."""
    pairs = counts * (counts - 1)
    if not pairs.any():
        return float(otherwise)
    order = np.lexsort((share, counts))  # a fixed order of addition, whatever the code numbering
    return float((pairs * share)[order].sum() / pairs.sum())


def rank_values(field: str, column: Column, weights: ComparisonWeights) -> ValueRanks:
    """Look up the share of every value of a column in a model.

    Parameters
    ----------
    field
        The field's name, which salts the hashes.
    column
        Its values; a value that the model does not hold has the share `weights.rare`.
    weights
        A comparison with term frequencies (`rare` is not None).

    Returns
    -------
    ValueRanks

    Examples
    --------
    >>> column = Column.of(["Rome"] * 6 + ["Oslo", "Oslo"])
    >>> learned = learn_frequencies("city", column, 0.1)
    >>> city = ComparisonWeights("city", ("else", "exact"), (0.1, 0.9), (0.5, 0.5), (), learned.frequency, learned.rare)
    >>> found = rank_values("city", column, city)
    >>> found.shares.tolist(), found.ranks.tolist()
    ([0.05, 0.10344827586206896], [2, 2, 2, 2, 2, 2, 1, 1])
    """
    rare = 0.0 if weights.rare is None else weights.rare
    shares = distinct(np.array([*weights.frequency.values(), rare], np.float64))
    ranks = np.full(len(column.vocabulary) + 1, 1 + np.searchsorted(shares, rare), np.int32)
    ranks[-1] = 0  # where code -1 reads
    if weights.frequency and len(column.vocabulary):
        known = from_hexadecimal(weights.frequency)
        place = 1 + np.searchsorted(shares, np.array(list(weights.frequency.values()), np.float64)).astype(np.int32)
        order = np.argsort(known)
        hashes = hash_strings(column.vocabulary, field_salt(field))
        at = np.minimum(np.searchsorted(known[order], hashes), len(known) - 1)
        found = np.flatnonzero(known[order][at] == hashes)
        ranks[found] = place[order][at[found]]
    return ValueRanks(shares, ranks.take(column.codes))


def pair_ranks(column: Column, ranks: Ranks, left: Rows, right: Rows) -> Ranks:
    """The rank of the value that two records share.

    Two values that differ (a fuzzy level) count as the more frequent one. Where a record holds several values, the rarest that
    both share counts; where they share none they have rank 0, so that nothing is adjusted.

    Parameters
    ----------
    column
        The values.
    ranks
        Rank per entry of the column, 0 where missing.
    left, right
        Rows of each pair.

    Examples
    --------
    >>> column = Column.of(["a", "b", "b", "a", "c"], np.array([0, 2, 4, 5]))
    >>> pair_ranks(column, np.array([2, 1, 1, 2, 3], np.int32), np.array([0, 0, 2]), np.array([1, 2, 2])).tolist()
    [1, 0, 3]
    """
    if column.offsets is None:
        return np.maximum(ranks.take(left), ranks.take(right))
    size = len(column.vocabulary)
    (pair, entry), (other_pair, other_entry) = (_entries(column.offsets, rows) for rows in (left, right))
    code, other_code = column.codes[entry].astype(np.int64), column.codes[other_entry]
    theirs = (other_pair * max(size, 1) + other_code)[other_code >= 0]
    shared = (code >= 0) & np.isin(pair * max(size, 1) + code, theirs)
    highest = np.int32(np.iinfo(np.int32).max)
    best = np.full(len(left), highest)
    np.minimum.at(best, pair[shared], ranks[entry[shared]])
    ranked = np.where(best == highest, np.int32(0), best)
    only, rank = single_ranks(column, ranks)
    alone = only[left] & only[right]
    return np.where(alone, np.maximum(rank[left], rank[right]), ranked)


def single_ranks(column: Column, ranks: Ranks) -> tuple[npt.NDArray[np.bool_], Ranks]:
    """Per row, whether it holds one value at most, and that value's rank, 0 without one.

    Examples
    --------
    >>> column = Column.of(["a", None, "b", "c"], np.array([0, 2, 4]))
    >>> [part.tolist() for part in single_ranks(column, np.array([5, 0, 6, 7], np.int32))]
    [[True, False], [5, 0]]
    """
    rows = column.rows[column.codes >= 0]
    only = np.bincount(rows, minlength=column.n_rows) <= 1
    rank = np.zeros(column.n_rows, np.int32)
    rank[rows] = ranks[column.codes >= 0]
    return only, np.where(only, rank, np.int32(0)).astype(np.int32)


def _entries(offsets: npt.NDArray[np.int64], rows: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(position in `rows`, position in the column) of every entry of the given rows."""
    sizes = (offsets[1:] - offsets[:-1]).take(rows)
    at = np.repeat(np.arange(len(rows), dtype=np.int64), sizes)
    inside = np.arange(len(at)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return at, np.repeat(offsets[:-1].take(rows), sizes) + inside


def field_salt(field: str) -> int:
    """A seed of the field's own, so that one value has unrelated hashes in two fields."""
    return int(hash_strings(text_array([field]))[0])
