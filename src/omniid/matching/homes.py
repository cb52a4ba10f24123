"""Homes: where each population lives, so that strangers of one language who live in one city are no coincidence.

Few people live in Tbilisi, but most who are called Giorgi Beridze do. What agreement on a city says therefore depends on whose
names agree with it. Which populations there are names tell (`populations`); where they live is counted here.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from omniid.hashing import by_hash, from_hexadecimal, hash_strings
from omniid.matching.frequencies import field_salt
from omniid.tables import Codes, Column, ComparisonTraits, Populations, RecordTable

__all__ = ["find_place", "homes_of_values", "one_each", "with_homes"]

Floats = npt.NDArray[np.float64]

UNIT = 2.0**20  # posteriors become whole numbers of this unit, so that no sum depends on an order
AT_ONCE = 1 << 17  # records looked at together: with 16 populations, 16 MiB for each step of what is worked out
MILLION = 1_000_000  # a city's share of a population is kept in millionths
FEWEST = 5  # records of a city that is stored: the model must not single out a person


def find_place(traits: Sequence[ComparisonTraits]) -> tuple[int, int, str] | None:
    """The comparison of places, its level of one city, and the field of the city; None where there is none.

    Examples
    --------
    >>> find_place([ComparisonTraits("place", ("else", "city", "postcode"), (0.2, 0.3, 0.5), within=(1, "city"))])
    (0, 1, 'city')
    """
    return next(((number, *trait.within) for number, trait in enumerate(traits) if trait.within is not None), None)


def one_each(column: Column) -> Column:
    """A column of one value a record: of several, it is not known which are alike."""
    if column.offsets is None:
        return column
    rows, codes = column.present()
    several = np.bincount(rows, minlength=column.n_rows) > 1
    only = np.full(column.n_rows, -1, np.int32)
    only[rows] = codes
    return Column(np.where(several, np.int32(-1), only).astype(np.int32), column.vocabulary)


def with_homes(
    populations: Populations,
    table: RecordTable,
    traits: Sequence[ComparisonTraits],
    ratios: tuple[Floats, Floats],
    columns: tuple[Column, Column],
) -> Populations:
    """Count where each population lives, by the records that hold a name and a city.

    Parameters
    ----------
    populations
        What was learned of names.
    table
        The records.
    traits
        The comparisons.
    ratios
        Per value of both names, how much more often each population bears it than all do.
    columns
        The names.
    """
    names = (one_each(columns[0]).codes, one_each(columns[1]).codes)
    place = find_place(traits)
    if place is None or place[2] not in table.columns:
        return populations
    column, shares = one_each(table.columns[place[2]]), np.asarray(populations.shares, np.float64)
    rows = np.flatnonzero((column.codes >= 0) & ((names[0] >= 0) | (names[1] >= 0)))
    if not len(rows):
        return populations
    cities, size = column.codes[rows], len(column.vocabulary)
    full = [np.append(ratio, np.ones((1, len(shares))), axis=0) for ratio in ratios]  # no name, -1, tells nothing
    counts, step = np.zeros((size, len(shares))), max(AT_ONCE, size)
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        told = _posteriors(shares, full, (names[0][some], names[1][some]))
        counts += np.stack([np.bincount(column.codes[some], weights=row, minlength=size) for row in told.T], axis=1)
    lived = np.asarray(counts / np.maximum(counts.sum(axis=0), 1.0), np.float64)  # share of each city in each population
    kept = np.flatnonzero(np.bincount(cities, minlength=size) >= FEWEST)
    stored = np.rint(MILLION * lived[kept]).astype(np.int64)
    hashes = hash_strings(column.vocabulary, field_salt(place[2]))[kept]
    homes = by_hash(hashes, list(map(tuple, stored.tolist())))
    return replace(populations, place=place[2], homes=homes, home_tie=_average(populations, ratios, names, lived))


def _posteriors(shares: Floats, ratios: Sequence[Floats], names: tuple[Codes, Codes]) -> Floats:
    """Per record, how likely each population is by its names, in whole numbers of `UNIT`."""
    weights = np.tile(shares, (len(names[0]), 1))
    for ratio, codes in zip(ratios, names, strict=True):
        weights *= ratio[codes]
    total = weights.sum(axis=1, keepdims=True)
    told: Floats = np.rint(UNIT * np.divide(weights, total, out=np.tile(shares, (len(weights), 1)), where=total > 0))
    return told


def _average(populations: Populations, ratios: tuple[Floats, Floats], names: tuple[Codes, Codes], lived: Floats) -> float:
    """How much likelier strangers who agree on both names agree on the city, over all pairs of strangers."""
    shares = np.asarray(populations.shares, np.float64)
    together = np.outer(shares, shares)
    by_city = lived.T @ lived
    alone = float((together * by_city).sum())
    for ratio, codes in zip(ratios, names, strict=True):
        counts = np.bincount(codes[codes >= 0], minlength=len(ratio)).astype(np.float64)
        borne = ratio * (counts / max(counts.sum(), 1.0))[:, None]
        borne /= np.maximum(borne.sum(axis=0), 1e-300)
        together = together * (borne.T @ borne)
    tie = float((together * by_city).sum()) / max(float(together.sum()) * alone, 1e-300)
    return max(round(tie, 4), 1.0)


def homes_of_values(populations: Populations, column: Column) -> Floats:
    """Per value of a column of cities, the share of each population that lives there; 0 where the model knows none.

    Parameters
    ----------
    populations
        What was learned, homes included.
    column
        The cities.

    Returns
    -------
    numpy.ndarray
        float64 of shape (values, populations).
    """
    found = np.zeros((len(column.vocabulary), len(populations.shares)))
    if len(found) and populations.homes:
        known = from_hexadecimal(populations.homes)
        rows, order = np.array(list(populations.homes.values()), np.float64) / MILLION, np.argsort(known)
        hashes = hash_strings(column.vocabulary, field_salt(populations.place))
        at = np.minimum(np.searchsorted(known[order], hashes), len(known) - 1)
        hit = np.flatnonzero(known[order][at] == hashes)
        found[hit] = rows[order[at[hit]]]
    return found
