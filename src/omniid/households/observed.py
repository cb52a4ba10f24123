"""What entities hold: distinct values per entity, the pairs of entities that share one, and whether a pair shares any."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.key_order import find_places, numbered, order_of
from omniid.tables import Codes, Column

__all__ = ["Held", "first_codes", "held_names", "number_tuples", "observed_values", "pairs_within", "share_any"]

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Held(NamedTuple):
    """Which entity holds which value: each pair once, by (value, entity)."""

    entity: Numbers
    value: Numbers

    @classmethod
    def of(cls, entity: Codes | Numbers, value: Codes | Numbers) -> "Held":
        """Sort observations and drop repeated ones.

        Examples
        --------
        >>> held = Held.of(np.array([4, 1, 4]), np.array([0, 0, 0]))
        >>> held.entity.tolist(), held.value.tolist()
        ([1, 4], [0, 0])
        """
        width = int(entity.max(initial=0)) + 1
        keys = np.sort(np.asarray(value, np.int64) * width + entity)
        keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
        return cls(keys % width, keys // width)

    def per_value(self) -> Numbers:
        """Entities per value."""
        return np.bincount(self.value)

    def where(self, keep: Flags) -> "Held":
        """A selection, in the same order."""
        return Held(self.entity[keep], self.value[keep])


def observed_values(column: Column, entity: Codes, of_value: Codes | None = None) -> Held:
    """Which entity holds which value of a column.

    Parameters
    ----------
    column
        One or several values per record.
    entity
        Entity per record.
    of_value
        int32 per distinct value: the number that it counts as, below 0 for none; None: the values as they are.

    Examples
    --------
    >>> held = observed_values(Column.of(["x", "y", "x"]), np.array([0, 0, 1], np.int32))
    >>> list(zip(held.entity.tolist(), held.value.tolist()))
    [(0, 0), (1, 0), (0, 1)]
    """
    rows, codes = column.present()
    values = codes if of_value is None else of_value.take(codes)
    said = values >= 0
    return Held.of(entity.take(rows[said]), values[said])


def held_names(column: Column, entity: Codes, named: Sequence[Sequence[str]]) -> Held:
    """Which entity holds which of the names that each distinct value of a column stands for.

    Examples
    --------
    >>> held_names(Column.of(["ann lee", "lee"]), np.array([0, 1], np.int32), [("ann", "lee"), ("lee",)]).value.tolist()
    [0, 1, 1]
    """
    names = {name: number for number, name in enumerate(sorted({name for one in named for name in one}))}
    count = np.array([len(one) for one in named], np.int64)
    numbers = np.array([names[name] for one in named for name in one], np.int64)
    rows, codes = column.present()
    repeat = count[codes]
    which = np.repeat(np.arange(len(codes)), repeat)
    start = (np.cumsum(count) - count)[codes]
    at = np.arange(len(which)) - np.repeat(np.cumsum(repeat) - repeat, repeat) + start[which]
    return Held.of(entity.take(rows[which]), numbers[at])


def first_codes(column: Column | None, rows: Numbers) -> Codes:
    """The code of the first value of some rows, -1 where there is none."""
    if column is None:
        return np.full(len(rows), -1, np.int32)
    if column.offsets is None:
        return column.codes.take(rows)
    start, stop = column.offsets[:-1].take(rows), column.offsets[1:].take(rows)
    return np.where(start < stop, np.append(column.codes, np.int32(-1)).take(start), -1).astype(np.int32)


def number_tuples(*parts: Codes | Numbers) -> Numbers:
    """Number the distinct tuples of codes from 0 on; codes of -1 count as values.

    Examples
    --------
    >>> number_tuples(np.array([5, 5, 7]), np.array([-1, 2, -1])).tolist()
    [0, 1, 2]
    """
    whole = np.asarray(parts[0], np.int64)
    for part in parts[1:]:  # dense in between: the product of all may not fit
        _, whole = numbered(whole * (int(part.max(initial=0)) + 2) + part)
    return numbered(whole)[1] if len(parts) == 1 else whole


def pairs_within(held: Held, at_most: int) -> tuple[Numbers, Numbers]:
    """All pairs of entities that share a value which at most `at_most` entities hold, smaller entity first.

    Examples
    --------
    >>> left, right = pairs_within(Held.of(np.array([1, 4, 2, 7]), np.array([0, 0, 0, 1])), at_most=3)
    >>> list(zip(left.tolist(), right.tolist()))
    [(1, 2), (2, 4), (1, 4)]
    """
    count = held.per_value()
    held = held.where((count[held.value] > 1) & (count[held.value] <= at_most))
    lefts, rights = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, at_most):  # entities of one value stand together: each with the one `step` further on
        same = held.value[step:] == held.value[:-step] if step < len(held.value) else np.zeros(0, bool)
        if not same.any():
            break
        lefts.append(held.entity[: len(same)][same])
        rights.append(held.entity[step:][same])
    return np.concatenate(lefts), np.concatenate(rights)


def share_any(left: Numbers, right: Numbers, held: Held, n: int) -> Flags:
    """Say which pairs of entities have a value in common.

    Parameters
    ----------
    left, right
        The pairs.
    held
        Which entity holds which value.
    n
        Number of entities.

    Examples
    --------
    >>> held = Held.of(np.array([0, 1, 1, 2]), np.array([5, 5, 6, 6]))
    >>> share_any(np.array([0, 0]), np.array([1, 2]), held, 3).tolist()
    [True, False]
    """
    out = np.zeros(len(left), bool)
    if not len(held.value) or not len(left):
        return out
    order = order_of(held.entity)
    value, size = held.value[order], np.bincount(held.entity, minlength=n)
    start, count = np.cumsum(size) - size, size[left]
    pair = np.repeat(np.arange(len(left)), count)
    at = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count) + start[left][pair]
    known = held.value * n + held.entity  # ascending, as `Held` is sorted
    wanted = value[at] * n + right[pair]
    place = np.minimum(find_places(known, wanted), len(known) - 1)
    out[pair[known[place] == wanted]] = True
    return out
