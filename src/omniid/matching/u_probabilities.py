"""u probabilities: how often strangers agree, from value counts where those tell, else from random pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from omniid.errors import SpecError
from omniid.hashing import hash_strings, mix
from omniid.matching.frequencies import value_counts
from omniid.matching.patterns import CompareRows
from omniid.tables import SILENT, ComparisonTraits, RecordTable, Rows, pairs_among
from omniid.tables.arrays import text_array

__all__ = [
    "Chance",
    "at_least_seen",
    "estimate_chance",
    "exact_share",
    "no_stronger_than_exact",
    "random_pairs",
    "without_matches",
]

Floats = npt.NDArray[np.float64]

UNSEEN = 0.3  # pairs that are added, spread over the levels, to what random pairs show: no level is impossible
CHUNK = 1 << 16  # pairs compared at a time: all at once touched twice as much fresh memory
POOL = 16_384  # records among which random pairs are drawn
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


def random_pairs(table: RecordTable, size: int, seed: int = 0) -> tuple[Rows, Rows]:
    """Draw pairs of records by a hash of their keys: all pairs of a small table, about `size` of a large one.

    The first `POOL` records in order of their hash are paired, each with those a few pseudo-random distances further. So few
    records tell as much as all: what limits the precision is the number of pairs that agree, and few values are to be read.
    The draw depends on the set of record keys and the seed only, not on the order of rows or the machine.

    Parameters
    ----------
    table
        The records.
    size
        Pairs wanted; when the table has no more than that many pairs, all are returned.
    seed
        Another seed draws other pairs.

    Returns
    -------
    left, right
        int32 rows, left < right, no pair twice.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": str(i)} for i in range(4)])
    >>> left, right = random_pairs(table, 100)
    >>> len(left)
    6
    """
    n = len(table)
    if n * (n + 1) // 2 <= size:
        left, right = np.triu_indices(n, 1)
        return left.astype(np.int32), right.astype(np.int32)
    order = _pool(table, seed)
    half = (len(order) - 1) // 2  # distances beyond half meet the same pairs from the other side
    rounds = min(-(-size // len(order)), half)
    distances = 1 + np.argsort(mix(np.arange(half, dtype=np.uint64) * ODD + np.uint64(seed)), kind="stable")[:rounds]
    start = np.arange(len(order) * rounds, dtype=np.int64)[:size]
    rank, distance = start % len(order), distances[start // len(order)]
    one, two = order[rank], order[(rank + distance) % len(order)]
    return np.minimum(one, two), np.maximum(one, two)


def _pool(table: RecordTable, seed: int) -> Rows:
    """The first `POOL` records in the order of a hash of their keys."""
    names = hash_strings(text_array(table.sources), seed)
    hashes = mix(hash_strings(table.record_id, seed) ^ mix(names + ODD).take(table.source))
    first = np.argpartition(hashes, POOL)[:POOL] if len(hashes) > POOL else np.arange(len(hashes))
    return first[np.lexsort((first, hashes[first]))].astype(np.int32)


def exact_share(table: RecordTable, field: str) -> float:
    """Chance that two records with a value have the same one, in closed form: Σ c(c-1) / N(N-1).

    Parameters
    ----------
    table
        The records.
    field
        Field whose values are counted; a record that holds several counts for each.

    Examples
    --------
    >>> exact_share(RecordTable.of([{"record_id": i, "sex": s} for i, s in enumerate("ffmf")]), "sex")
    0.5
    """
    return _agreeing(*value_counts(table.columns[field]))


def _agreeing(counts: npt.NDArray[np.int64], present: int) -> float:
    """Share of record pairs that agree, from records per value and records with any."""
    return min(int((counts * (counts - 1)).sum()) / max(present * (present - 1), 1), 1.0)


def estimate_chance(
    table: RecordTable,
    traits: Sequence[ComparisonTraits],
    compare_rows: CompareRows,
    *,
    size: int = 400_000,
    seed: int = 0,
) -> tuple[Chance, ...]:
    """Estimate, for each comparison, how all record pairs spread over its levels.

    The exact level of a comparison with a `frequency` field, or of one that is exact where a field's values are equal, comes
    from value counts, exactly; all others from random pairs.

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
    left, right = random_pairs(table, size, seed)
    chances: dict[str, Chance] = {}
    for trait, seen in zip(traits, _level_counts(left, right, traits, compare_rows), strict=True):
        share = np.asarray(seen + UNSEEN / len(trait.levels), np.float64)
        share /= share.sum()
        known = len(table)
        counted = trait.frequency or trait.equals
        if counted is not None and counted in table.columns:
            counts, present = value_counts(table.columns[counted])
            share = _shrunk(_with_exact(share, trait.exact, _agreeing(counts, present)), present)
            known = len(table) + SILENT
        chances[trait.name] = Chance(share, pairs_among(known) * int(seen.sum()) / max(len(left), 1))
    return tuple(_with_swap(trait, chances, traits) for trait in traits)


def at_least_seen(chances: Sequence[Chance], seen: Sequence[Floats], traits: Sequence[ComparisonTraits]) -> tuple[Chance, ...]:
    """Raise the share of looser levels to what the candidate pairs show: pairs that were made are there.

    Random pairs tell nothing about levels that one pair in a million has, such as e-mail addresses that differ by a digit,
    but blocking looks for these. What it finds is a lower bound of how many there are, matches among them.

    Parameters
    ----------
    chances
        One per comparison.
    seen
        Candidate pairs per level, one array per comparison.
    traits
        The comparisons.

    Examples
    --------
    >>> email = ComparisonTraits("email", ("else", "few edits", "exact"), (0.2, 0.1, 0.7))
    >>> (raised,) = at_least_seen([Chance(np.array([0.9, 0.0, 0.1]), 1000.0)], [np.array([0.0, 50.0, 200.0])], [email])
    >>> raised.share.tolist()
    [0.85, 0.05, 0.1]
    """
    raised = []
    for chance, counts, trait in zip(chances, seen, traits, strict=True):
        inner = np.arange(len(chance.share))
        looser = (inner > 0) & (inner != trait.exact) & (inner != chance.swapped)
        share = np.where(looser, np.maximum(chance.share, counts / max(chance.pairs, 1.0)), chance.share)
        share[0] = max(1.0 - share[1:].sum(), 0.0)
        raised.append(replace(chance, share=share / share.sum()))
    return tuple(raised)


def _level_counts(
    left: Rows, right: Rows, traits: Sequence[ComparisonTraits], compare_rows: CompareRows
) -> list[npt.NDArray[np.int64]]:
    """Pairs per level of each comparison, missing ones apart."""
    counts = [np.zeros(len(trait.levels), np.int64) for trait in traits]
    for start in range(0, len(left), CHUNK):
        levels = compare_rows(left[start : start + CHUNK], right[start : start + CHUNK])
        for number, count in enumerate(counts):
            column = levels[:, number]
            count += np.bincount(column[column >= 0], minlength=len(count))
    return counts


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


def no_stronger_than_exact(u: Floats, m: Floats, exact: int, swapped: int | None = None) -> Floats:
    """Raise u where a looser level would weigh more than the exact one.

    Few strangers agree loosely, and fewer than their number can be told from random pairs: a level that none of them showed
    seems to be next to impossible by chance. It is at least as likely, next to matches, as being equal is.

    Parameters
    ----------
    u, m
        Per level, sums 1.
    exact
        Position of the exact level.
    swapped
        Position of a level that is exempt, as its u follows from other levels; None without one.

    Examples
    --------
    >>> no_stronger_than_exact(np.array([0.9, 0.0001, 0.0999]), np.array([0.1, 0.1, 0.8]), 2).round(3).tolist()
    [0.889, 0.012, 0.099]
    """
    least = m * (u[exact] / max(m[exact], 1e-300))
    if swapped is not None:
        least[swapped] = 0.0
    raised = np.maximum(u, np.where(np.arange(len(u)) == 0, 0.0, least))
    return np.asarray(raised / raised.sum(), np.float64)
