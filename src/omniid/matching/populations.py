"""Populations: first and last names of one language go together, so that agreeing on both says less than their product.

Strangers who share the rare name Giorgi share the surname Beridze far more often than strangers at large. A latent class model
of whole names finds the populations that a name list is made of, each with its own first and last names; nobody says which
languages there are, or how many. It is learned from distinct whole names, and believed only if it explains names that it did
not see better than independence does.

All sums are over whole numbers, so that nothing depends on the order of rows or the numbering of values.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from omniid.hashing import by_hash, from_hexadecimal, hash_strings, mix
from omniid.matching.frequencies import field_salt
from omniid.matching.homes import UNIT, find_place, with_homes
from omniid.tables import Column, ComparisonTraits, Levels, Populations, RecordTable
from omniid.tables.arrays import new_values

__all__ = ["average_tie", "find_populations", "learn_populations", "log_tie", "name_fields", "values_to_populations"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

CLASSES = (2, 4, 8, 16)  # numbers of populations that are tried: few names tell few apart
PARTNERS = 3  # other names that a name must go with to tell its population
WHOLE_NAMES = 150_000  # distinct whole names that are looked at; the other names are told by whom they go with
ROUNDS, GAIN = 60, 1e-3  # most rounds; a round that gains fewer nats per name is the last
SHRINK = 2.0  # names that population shares count for, in what one name says of itself
TESTED = 5  # one whole name in five is kept apart, to see whether the populations are there
CERTAIN = 3.0  # standard errors that the gain on names kept apart must be above 0
MILLE = 1000  # a name's shares are kept in thousandths


@dataclass(frozen=True, eq=False)
class WholeNames:
    """Distinct pairs of values that occur together, as codes into the two vocabularies, and records that have each."""

    first: Codes
    last: Codes
    records: Codes

    def __len__(self) -> int:
        return len(self.first)

    def only(self, keep: npt.NDArray[np.bool_]) -> "WholeNames":
        """Those that are flagged."""
        return WholeNames(self.first[keep], self.last[keep], self.records[keep])


def whole_names(first: Column, last: Column) -> WholeNames:
    """The distinct whole names of the records that have both."""
    one, two = first.codes.astype(np.int64), last.codes.astype(np.int64)
    size, both = max(len(last.vocabulary), 1), (one >= 0) & (two >= 0)
    found = np.sort(one[both] * size + two[both])
    start = np.flatnonzero(new_values(found))
    return WholeNames(*np.divmod(found[start], size), np.diff(np.append(start, len(found))))


def name_fields(traits: Sequence[ComparisonTraits], table: RecordTable) -> tuple[int, int] | None:
    """Positions of the comparisons of first and last name whose values count, or None where there are not both."""
    for number, trait in enumerate(traits):
        other = next((at for at, partner in enumerate(traits) if partner.name == trait.swaps_with), None)
        fields = (trait.frequency, None if other is None else traits[other].frequency)
        if other is not None and all(field in table.columns and not table.columns[field].is_multi for field in fields if field):
            return (number, other) if None not in fields else None
    return None


def find_populations(table: RecordTable, traits: Sequence[ComparisonTraits]) -> Populations | None:
    """Learn which first and last names of a table go together, and how much likelier strangers therefore agree on both.

    Parameters
    ----------
    table
        The records.
    traits
        The comparisons: those of first and last name are the two of which one may have the other's value.

    Returns
    -------
    Populations or None
        None where the table has not both names, or they go together no more than chance would have it.
    """
    at = name_fields(traits, table)
    if at is None:
        return None
    fields = (str(traits[at[0]].frequency), str(traits[at[1]].frequency))
    columns = (table.columns[fields[0]], table.columns[fields[1]])
    if (found := learn_populations(fields, columns)) is None:
        return None
    found = replace(found, tie=average_tie(found, columns))
    return with_homes(found, table, traits, values_to_populations(found, columns), columns)


def learn_populations(
    fields: tuple[str, str], columns: tuple[Column, Column], *, rounds: int = ROUNDS, min_records: int = PARTNERS
) -> Populations | None:
    """Find the populations behind first and last names, if there are any.

    Parameters
    ----------
    fields
        Names of the two fields.
    columns
        Their values; one per record.
    rounds
        Most rounds of EM.
    min_records
        Names that go with fewer others are not looked at, and not stored.

    Returns
    -------
    Populations or None
        None where names kept apart are not explained better than by independence.

    References
    ----------
    Hofmann, "Probabilistic latent semantic analysis", UAI 1999.
    """
    hashes = [hash_strings(column.vocabulary, field_salt(field)) for field, column in zip(fields, columns, strict=True)]
    sizes = [len(one) for one in hashes]
    names = whole_names(*columns)
    names = _telling(_with_some_last_names(names, hashes[1], WHOLE_NAMES), sizes, min_records)
    if not len(names):
        return None
    keys = mix(hashes[0][names.first] ^ mix(hashes[1][names.last]))
    apart = keys % np.uint64(TESTED) == 0
    learned = names.only(~apart)
    if not len(learned):
        return None
    found, best = None, 0.0
    for classes in CLASSES:
        shares, parts = _mixture(learned, hashes, classes, rounds)
        gain = _gain(names.only(apart), shares, parts)
        if gain > best:
            found, best = (shares, parts), gain
    if found is None:
        return None
    shares, parts = found
    profiles = {}
    for field, hashed, part in zip(fields, hashes, parts, strict=True):
        told = np.flatnonzero(part.sum(axis=1) > 0)
        profiles[field] = by_hash(hashed[told], list(map(tuple, np.rint(MILLE * part[told]).astype(np.int64).tolist())))
    return Populations(fields, tuple(np.round(shares, 6).tolist()), profiles)


def _with_some_last_names(names: WholeNames, hashes: npt.NDArray[np.uint64], size: int) -> WholeNames:
    """About `size` of many whole names: all that some last names go with, drawn by hash, so that each stays whole."""
    if len(names) <= size:
        return names
    return names.only(hashes[names.last] < np.uint64(2**64 * (size / len(names))))


def _telling(names: WholeNames, sizes: Sequence[int], least: int) -> WholeNames:
    """Whole names of which both parts go with several others."""
    for _ in range(2):  # leaving out a rare surname may leave a first name with few
        first, last = (np.bincount(codes, minlength=size) for codes, size in zip((names.first, names.last), sizes, strict=True))
        names = names.only((first[names.first] >= least) & (last[names.last] >= least))
    return names


def _mixture(
    names: WholeNames, hashes: Sequence[npt.NDArray[np.uint64]], classes: int, rounds: int
) -> tuple[Floats, list[Floats]]:
    """EM: shares of the populations, and per field the share of each population among those who bear a name.

    Distinct whole names tell populations apart, each counting once, so that records of one person do not; records then tell how
    large these are.
    """
    codes, used = [], []
    for given in (names.first, names.last):
        distinct, code = np.unique(given, return_inverse=True)
        codes.append(code)
        used.append(distinct)
    parts = [_start(hashed[distinct], classes) for hashed, distinct in zip(hashes, used, strict=True)]
    shares, before = np.full(classes, 1.0 / classes), -np.inf
    begins = np.flatnonzero(new_values(codes[0]))  # whole names come by first name
    for _ in range(rounds):
        joint, gain = _posteriors(parts, shares, codes)
        shares, parts = _maximized(joint, begins, codes[1])
        if gain - before < GAIN:
            break
        before = gain
    joint, _ = _posteriors(parts, shares, codes)
    shares, parts = _maximized(joint * names.records, begins, codes[1])
    out = []
    for part, distinct, hashed in zip(parts, used, hashes, strict=True):
        full = np.zeros((len(hashed), classes))
        full[distinct] = part.T
        out.append(full)
    return shares, out


def _posteriors(parts: Sequence[Floats], shares: Floats, codes: Sequence[Codes]) -> tuple[Floats, float]:
    """The share of each population in each whole name, in whole units, and the log-likelihood per name (E-step)."""
    joint = np.empty((len(shares), len(codes[0])))
    for number, share in enumerate(shares):
        joint[number] = parts[0][number].take(codes[0]) * parts[1][number].take(codes[1]) / share
    total = joint.sum(axis=0)
    gain = float(np.rint(UNIT * np.log(total)).sum()) / UNIT / max(len(total), 1)
    joint *= UNIT / total
    return np.rint(joint, out=joint), gain


def _maximized(joint: Floats, begins: Codes, last: Codes) -> tuple[Floats, list[Floats]]:
    """Shares of the populations, and per field, population and name the population's share in the name (M-step)."""
    of_first = np.add.reduceat(joint, begins, axis=1)  # a third of the time of counting by number
    of_last: Floats = np.stack([np.bincount(last, weights=row) for row in joint])
    shares = of_first.sum(axis=1)
    shares = np.asarray(shares / shares.sum(), np.float64)
    return shares, [_shares_of_names(sums, shares) for sums in (of_first, of_last)]


def _start(hashes: npt.NDArray[np.uint64], classes: int) -> Floats:
    """A first guess per name, drawn by its hash, mostly of one population: so that they drift apart soon."""
    drawn = np.stack([mix(hashes + np.uint64(7919 * (1 + number))) for number in range(classes)])
    spread = -np.log((drawn.astype(np.float64) + 1.0) / 2.0**64)
    spread = spread * spread + 0.1
    return np.asarray(spread / spread.sum(axis=0), np.float64)


def _shares_of_names(sums: Floats, shares: Floats) -> Floats:
    """Per population and name, the population's share among those who bear the name, shrunk to that among all."""
    sums = sums / UNIT
    total = sums.sum(axis=0)
    return np.asarray((sums + SHRINK * shares[:, None]) / (total + SHRINK), np.float64)


def _gain(apart: WholeNames, shares: Floats, parts: Sequence[Floats]) -> float:
    """How much more likely names kept apart are than independence makes them, in nats per name; 0 where that may be chance."""
    known = (parts[0][apart.first].sum(axis=1) > 0) & (parts[1][apart.last].sum(axis=1) > 0)
    names = apart.only(known)
    if len(names) < 2:
        return 0.0
    gain = np.log((parts[0][names.first] * parts[1][names.last] / shares).sum(axis=1))
    mean = float(np.rint(UNIT * gain).sum()) / UNIT / len(names)
    return mean if mean > CERTAIN * float(gain.std()) / len(names) ** 0.5 else 0.0


def values_to_populations(
    populations: Populations, columns: tuple[Column, Column], *, local: bool = False
) -> tuple[Floats, Floats]:
    """Per value of both vocabularies, how much more often each population bears it than all do: shape (values, populations).

    A name that the model does not hold is at home where the names are that it goes with in these records.

    Parameters
    ----------
    populations
        What was learned.
    columns
        The two columns.
    local
        Whether a name that the model does not hold counts as borne everywhere alike, whatever it goes with here.

    Returns
    -------
    first, last
        float64; a name that goes with none that is known counts as borne everywhere alike (1).
    """
    shares = np.maximum(np.asarray(populations.shares, np.float64), 1e-9)
    stored = [stored_profiles(populations, field, column) for field, column in zip(populations.fields, columns, strict=True)]
    names = whole_names(*columns)
    sides = (names.first, names.last)
    out = []
    for number in (0, 1):
        mine, other = stored[number], stored[1 - number]
        is_known = mine.sum(axis=1, keepdims=True) > 0
        if local:
            out.append(np.where(is_known, mine / MILLE / shares, 1.0))
            continue
        met = other[sides[1 - number]]  # whole numbers: the same sum in any order
        sums = np.stack(
            [np.bincount(sides[number], weights=met[:, k], minlength=len(mine)) for k in range(len(shares))], axis=1
        )
        total, shrink = sums.sum(axis=1, keepdims=True), SHRINK * MILLE
        out.append(np.where(is_known, mine / MILLE, (sums + shrink * shares) / (total + shrink)) / shares)
    return out[0], out[1]


def stored_profiles(populations: Populations, field: str, column: Column) -> Floats:
    """Thousandths that the model stores per value, 0 where it does not know it; shape (values, populations).

    Parameters
    ----------
    populations
        What was learned.
    field, column
        One of its fields, and the values.
    """
    profiles = populations.profiles[field]
    found = np.zeros((len(column.vocabulary), len(populations.shares)))
    if profiles and len(found):
        known = from_hexadecimal(profiles)
        rows = np.array(list(profiles.values()), np.float64)
        order = np.argsort(known)
        hashes = hash_strings(column.vocabulary, field_salt(field))
        at = np.minimum(np.searchsorted(known[order], hashes), len(known) - 1)
        hit = np.flatnonzero(known[order][at] == hashes)
        found[hit] = rows[order[at[hit]]]
    return found


def average_tie(populations: Populations, columns: tuple[Column, Column]) -> float:
    """How much likelier strangers agree on both names than the product says, over all pairs of strangers.

    Parameters
    ----------
    populations
        What was learned.
    columns
        The two columns.
    """
    shares = np.asarray(populations.shares, np.float64)
    together, product = np.outer(shares, shares), 1.0
    for ratio, column in zip(values_to_populations(populations, columns), columns, strict=True):
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(ratio)).astype(np.float64)
        borne = ratio * (counts / max(counts.sum(), 1.0))[:, None]  # share of each value in each population
        borne /= np.maximum(borne.sum(axis=0), 1e-300)
        same = borne.T @ borne
        together, product = together * same, product * float(shares @ same @ shares)
    return max(round(float(together.sum()) / max(product, 1e-300), 4), 1.0)


def log_tie(populations: Populations | None, traits: Sequence[ComparisonTraits], levels: Levels) -> Floats | None:
    """Per agreement pattern, log of how much likelier strangers show it than the product of its levels says.

    Parameters
    ----------
    populations
        What was learned; None gives None.
    traits
        The comparisons.
    levels
        int8 of shape (patterns, comparisons).
    """
    if populations is None:
        return None
    both = np.ones(len(levels), bool)
    for number, trait in enumerate(traits):
        if trait.frequency in populations.fields:
            both &= levels[:, number] == trait.exact
    place = find_place(traits) if populations.place else None
    there = both & (levels[:, place[0]] == place[1]) if place is not None else False
    return np.where(both, np.log(populations.tie), 0.0) + np.where(there, np.log(populations.home_tie), 0.0)
