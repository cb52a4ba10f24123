"""u probabilities: how often strangers agree, from value counts where those tell, else from random pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.errors import SpecError
from omniid.hashing import hash_strings, mix
from omniid.matching.frequencies import value_counts
from omniid.matching.patterns import CompareRows, Multiplicity, self_pairs
from omniid.tables import SILENT, ComparisonTraits, RecordTable, Rows, pairs_among

__all__ = ["Chance", "estimate_chance", "exact_share", "random_pairs", "without_matches"]

Floats = npt.NDArray[np.float64]

UNSEEN = 0.3  # pairs that are added, spread over the levels, to what random pairs show: no level is impossible
FLOOR_PAIRS = 0.25  # a level keeps at least this many stranger pairs …
FLOOR_SHARE = 0.00025  # … and this part of the level's own pairs, however many matches are subtracted
ODD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: spreads small integers over all 64 bits


@dataclass(frozen=True, eq=False)
class Chance:
    """How all record pairs, matches among them, spread over one comparison's levels.

    Parameters
    ----------
    share
        Share of each level among pairs that can be compared; sums to 1.
    pairs
        Number of record pairs that can be compared (neither side missing).
    swapped
        Position of a level whose share is that of strangers already, as it follows from other levels; None without one.
    """

    share: Floats
    pairs: float
    swapped: int | None = None


def random_pairs(
    table: RecordTable, size: int, seed: int = 0, *, multiplicity: Multiplicity | None = None
) -> tuple[Rows, Rows, npt.NDArray[np.int64]]:
    """Draw pairs of records by a hash of their keys: all pairs of a small table, about `size` of a large one.

    Records are put in order of their hash, and each is paired with those a few pseudo-random distances further. The draw
    depends on the set of record keys and the seed only, not on the order of rows or the machine.

    Parameters
    ----------
    table
        The records.
    size
        Pairs wanted; when the table has no more than that many pairs, all are returned.
    seed
        Another seed draws other pairs.
    multiplicity
        int64 per row: identical records that it stands for, and that are drawn as often; a row may meet itself then.

    Returns
    -------
    left, right
        int32 rows, left <= right, no pair twice unless rows stand for several records.
    counts
        int64, how many record pairs each stands for.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": str(i)} for i in range(4)])
    >>> left, right, counts = random_pairs(table, 100)
    >>> len(left), counts.sum().item()
    (6, 6)
    """
    n = len(table)
    if n * (n + 1) // 2 <= size:
        left, right = (side.astype(np.int32) for side in np.triu_indices(n, 1))
        if multiplicity is None:
            return left, right, np.ones(len(left), np.int64)
        rows, own = self_pairs(multiplicity)
        counts = np.append(multiplicity[left] * multiplicity[right], own)
        return np.append(left, rows), np.append(right, rows), counts
    order = _hash_order(table, seed, multiplicity)
    half = (len(order) - 1) // 2  # distances beyond half meet the same pairs from the other side
    rounds = min(-(-size // len(order)), half)
    distances = 1 + np.argsort(mix(np.arange(half, dtype=np.uint64) * ODD + np.uint64(seed)), kind="stable")[:rounds]
    start = np.arange(len(order) * rounds, dtype=np.int64)[:size]
    rank, distance = start % len(order), distances[start // len(order)]
    one, two = order[rank], order[(rank + distance) % len(order)]
    return np.minimum(one, two), np.maximum(one, two), np.ones(len(one), np.int64)


def _hash_order(table: RecordTable, seed: int, multiplicity: Multiplicity | None) -> Rows:
    """All records (rows as often as they stand for) in the order of a hash of their keys."""
    names = hash_strings(pa.array(list(table.sources), pa.large_string()), seed)
    hashes = mix(hash_strings(table.record_id, seed) ^ mix(names[table.source] + ODD))
    rows = np.arange(len(table), dtype=np.int32)
    if multiplicity is not None:
        rows = np.repeat(rows, multiplicity)
        copy = np.arange(len(rows)) - np.repeat(np.cumsum(multiplicity) - multiplicity, multiplicity)
        hashes = mix(hashes[rows] + copy.astype(np.uint64) * ODD)
    return rows[np.argsort(hashes, kind="stable")]


def exact_share(table: RecordTable, field: str, multiplicity: Multiplicity | None = None) -> float:
    """Chance that two records with a value have the same one, in closed form: Σ c(c-1) / N(N-1).

    Parameters
    ----------
    table
        The records.
    field
        Field whose values are counted; a record that holds several counts for each.
    multiplicity
        Identical records that each row stands for.

    Examples
    --------
    >>> exact_share(RecordTable.of([{"record_id": i, "sex": s} for i, s in enumerate("ffmf")]), "sex")
    0.5
    """
    counts, present = value_counts(table.columns[field], multiplicity)
    return min(int((counts * (counts - 1)).sum()) / max(present * (present - 1), 1), 1.0)


def estimate_chance(
    table: RecordTable,
    traits: Sequence[ComparisonTraits],
    compare_rows: CompareRows,
    *,
    size: int = 400_000,
    seed: int = 0,
    multiplicity: Multiplicity | None = None,
) -> tuple[Chance, ...]:
    """Estimate, for each comparison, how all record pairs spread over its levels.

    The exact level of a comparison with a `frequency` field comes from value counts, exactly; all others from random pairs.

    Parameters
    ----------
    table
        The records.
    traits
        The comparisons.
    compare_rows
        Compares given rows.
    size, seed
        Random pairs to draw, and how.
    multiplicity
        Identical records that each row stands for.

    Returns
    -------
    tuple of Chance
        One per comparison.

    Raises
    ------
    SpecError
        If a comparison's `frequency` field is not in the table.
    """
    for trait in traits:
        if trait.frequency is not None and trait.frequency not in table.columns:
            raise SpecError(
                f"comparison {trait.name!r} reads the frequencies of field {trait.frequency!r}, which the table does not have; "
                f"its fields are {', '.join(sorted(table.columns)) or 'none'}"
            )
    records = len(table) if multiplicity is None else int(multiplicity.sum())
    left, right, counts = random_pairs(table, size, seed, multiplicity=multiplicity)
    levels = compare_rows(left, right)
    chances: dict[str, Chance] = {}
    for number, trait in enumerate(traits):
        column = levels[:, number]
        seen = np.zeros(len(trait.levels) + 1, np.int64)
        np.add.at(seen, column, counts)  # missing (-1) lands in the extra last place
        drawn = int(seen[:-1].sum())
        share = np.asarray(seen[:-1] + UNSEEN / len(trait.levels), np.float64)
        share /= share.sum()
        known = records
        if trait.frequency is not None:
            share = _with_exact(share, trait.exact, exact_share(table, trait.frequency, multiplicity))
            share = _shrunk(share, value_counts(table.columns[trait.frequency], multiplicity)[1])
            known = records + SILENT
        chances[trait.name] = Chance(share, pairs_among(known) * drawn / max(int(counts.sum()), 1))
    return tuple(_with_swap(trait, chances, traits) for trait in traits)


def _with_exact(share: Floats, exact: int, known: float) -> Floats:
    """Set the exact level's share and scale the others to fill the rest."""
    rest = np.where(np.arange(len(share)) == exact, 0.0, share)
    share = np.asarray(rest / max(rest.sum(), 1e-300) * (1 - known), np.float64)
    share[exact] = known
    return np.asarray(share / share.sum(), np.float64)


def _shrunk(share: Floats, present: int) -> Floats:
    """Chance as if `SILENT` strangers more had been seen, who agree with nobody.

    A handful of records, most of them one person's, says little about strangers; a thousand hardly notice the addition.
    """
    seen = pairs_among(present) / pairs_among(present + SILENT)
    out = share * seen
    out[0] += 1.0 - seen
    return np.asarray(out, np.float64)


def _with_swap(trait: ComparisonTraits, chances: Mapping[str, Chance], traits: Sequence[ComparisonTraits]) -> Chance:
    """Give a swapped level the chance that both parts agree at once.

    Crosswise agreement of strangers is at most as likely (Cauchy-Schwarz), and random pairs show hardly any but that of
    matches, which cannot be told apart there.
    """
    chance = chances[trait.name]
    for partner in traits:
        if partner.name == trait.swaps_with and "swapped" in trait.levels:
            swapped = trait.levels.index("swapped")
            both = chance.share[trait.exact] * chances[partner.name].share[partner.exact]
            share = np.where(np.arange(len(chance.share)) == swapped, both, chance.share)
            return Chance(share / share.sum(), chance.pairs, swapped)
    return chance


def without_matches(chance: Chance, matches: Floats) -> Floats:
    """The u of one comparison: what remains of each level's pairs when the expected matches are taken out.

    Parameters
    ----------
    chance
        How all record pairs spread over the levels.
    matches
        Expected matching pairs per level.

    Returns
    -------
    numpy.ndarray
        u per level, positive, summing to 1.

    Examples
    --------
    >>> without_matches(Chance(np.array([0.9, 0.1]), 1000.0), np.array([0.0, 50.0])).round(3).tolist()
    [0.947, 0.053]
    """
    pairs = chance.share * chance.pairs
    left = np.maximum(pairs - matches, 0.0) + FLOOR_PAIRS + FLOOR_SHARE * pairs
    if chance.swapped is not None:
        left[chance.swapped] = pairs[chance.swapped] + FLOOR_PAIRS
    return np.asarray(left / left.sum(), np.float64)
