"""How the frequency of the value at hand moves a comparison's weight: its tables, made from a model."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.matching.field_shift import FieldShift
from omniid.matching.frequencies import ValueRanks, rank_values
from omniid.tables import BITS, ComparisonTraits, ComparisonWeights, RecordTable

__all__ = ["ALIKE", "SMALLEST", "Alone", "least_share", "shift_by_value"]

ALIKE = 0.02  # chance that two relatives, on what relatives do not share (first name, birth date), look like one person
SMALLEST = 1e-12
FUZZY_POWER, FUZZY_LOW, FUZZY_HIGH = 0.5, -6.0, 4.0  # how far a value's frequency moves the levels below "exact", in bits

Shift = npt.NDArray[np.int64]


class Alone(NamedTuple):
    """Which values are never enough alone, and below how many bits their agreement must therefore stay."""

    values: npt.NDArray[np.bool_] | None
    bits: float


def shift_by_value(
    table: RecordTable,
    weights: ComparisonWeights,
    trait: ComparisonTraits,
    h: Sequence[float],
    a: Shift,
    b: Shift,
    alone: Alone,
) -> FieldShift | None:
    """Make the tables that replace u (and h, where it follows u) by what the value at hand says.

    Parameters
    ----------
    table
        The records.
    weights, trait
        What was learned of the comparison, and the comparison.
    h, a, b
        Its class of relatives, and its tables without shifts.
    alone
        Values that are never enough alone.

    Returns
    -------
    FieldShift or None
        None where value frequency does not count.
    """
    if trait.frequency is None or weights.rare is None or trait.frequency not in table.columns:
        return None
    column = table.columns[trait.frequency]
    found = rank_values(trait.frequency, column, weights)
    if alone.values is not None and alone.values.any():
        found = found.with_least_share(column, alone.values, least_share(weights, trait, alone.bits))
    shape = (len(a), len(found.shares) + 1)
    shift_a, shift_b = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for level in range(1, trait.exact + 1):
        base = max(weights.u[level], SMALLEST)
        u = _u_of_values(weights, level == trait.exact, base, found)
        if u is None or trait.levels[level] == "swapped":  # that says which column a value stands in, not which value
            continue
        moved = np.log2(base) - np.log2(u)
        shift_a[level, 1:] = np.rint(BITS * moved)
        if trait.shared_by_relatives:
            shift_b[level, 1:] = shift_a[level, 1:]
        else:  # relatives agree on such a field like strangers, but for ALIKE of them
            follows = np.maximum(h[level] + (1 - ALIKE) * (u - base), SMALLEST)
            shift_b[level, 1:] = np.rint(BITS * (np.log2(follows) - np.log2(u))).astype(np.int64) - b[level]
    return FieldShift(column, found.ranks, trait.exact, shift_a, shift_b, found.shares)


def least_share(weights: ComparisonWeights, trait: ComparisonTraits, bits: float) -> float:
    """The share that a value must have at least for agreement on it to stay below some bits.

    Parameters
    ----------
    weights, trait
        What was learned of the comparison, and the comparison.
    bits
        As in `Alone`.
    """
    return float(np.exp2(np.log2(max(weights.m[trait.exact], SMALLEST)) - bits))


def _u_of_values(weights: ComparisonWeights, is_exact: bool, base: float, found: ValueRanks) -> npt.NDArray[np.float64] | None:
    """The u of one level for each distinct share of a value; None where the level is not adjusted."""
    shares = np.maximum(found.shares, SMALLEST)
    if is_exact:
        return shares
    if weights.typical is None:
        return None
    move = np.clip(np.log2(shares / max(weights.typical, SMALLEST)), FUZZY_LOW, FUZZY_HIGH)
    return np.minimum(base * np.exp2(FUZZY_POWER * move), 1.0)
