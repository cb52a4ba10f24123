"""Values made of all that the member records say: totals and counts, each thing counted once."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.survivorship.deciding import Survivors
from omniid.survivorship.entries import Entries, normal_column
from omniid.survivorship.rule_words import quoted
from omniid.survivorship.rules import Ranks, SurvivorshipRule
from omniid.tables import Codes, Column, RecordTable, coded_column
from omniid.tables.arrays import arrow_array, distinct, new_values, text_array

__all__ = ["combine", "count", "first_codes", "total"]

NUMBER = re.compile(r"\s*([+-]?\d{1,15})(?:[.,](\d{1,2})|\.(\d{3,9}))?\s*")  # 1,234 may be either, and is none


def total(once_per: str | None = None, source: str | None = None) -> SurvivorshipRule:
    """Add up the numbers of all member records; what is no plain number is listed, and not added.

    Parameters
    ----------
    once_per
        A field whose every value counts once, such as "order_id", so that an order that two sources tell of is not added twice:
        the record that comes first by the other rules of the chain counts. Records without that value count each.
    source
        The only source, or channel, whose records count; None: all.

    Examples
    --------
    >>> total().name, total(once_per="order_id", source="shop").name
    ('total', 'total(once_per=order_id, source=shop)')
    """
    return _combining("total", once_per, source)


def count(once_per: str | None = None, source: str | None = None) -> SurvivorshipRule:
    """Count the member records that have a value.

    Parameters
    ----------
    once_per
        A field whose every value counts once, as for `total`.
    source
        The only source, or channel, whose records count; None: all.

    Examples
    --------
    >>> count(once_per="order_id").name
    'count(once_per=order_id)'
    """
    return _combining("count", once_per, source)


def _combining(what: str, once_per: str | None, source: str | None) -> SurvivorshipRule:
    told = {name: quoted(value) for name, value in (("once_per", once_per), ("source", source)) if value is not None}
    name = f"{what}({', '.join(f'{option}={value}' for option, value in told.items())})" if told else what

    def rank(entries: Entries) -> Ranks:
        """Records of the source that counts come first, so that of two that tell of one thing one of it counts."""
        if source is None or source not in entries.sources:
            return np.zeros(len(entries), np.int64)
        return np.asarray(entries.source == entries.sources.index(source), np.int64)

    return SurvivorshipRule(name, rank, combines=what, once_per=once_per, of_source=source)


def combine(
    survivors: Survivors, rule: SurvivorshipRule, table: RecordTable, n: int, pinned: npt.NDArray[np.bool_]
) -> tuple[Survivors, pa.DictionaryArray]:
    """Say which entries count, and what they come to.

    Parameters
    ----------
    survivors
        The entries, ranked.
    rule
        What `total` or `count` gave.
    table
        Normalized records.
    n
        How many entities there are.
    pinned
        bool per entity: where a person pinned a value, which then stands alone.

    Returns
    -------
    survivors, values
        The entries that count survive; one value per entity, null where nothing counts.
    """
    entries = survivors.entries
    told = _numbers(entries.display, entries.shown) if rule.combines == "total" else _ones(len(entries.display))
    counts = _counts_once(survivors, rule, table) & told.is_number[entries.shown] & ~pinned.take(entries.entity)
    if rule.of_source is not None:
        counts &= np.array([one == rule.of_source for one in entries.sources])[entries.source]
    entity, shown = entries.entity[counts], entries.shown[counts]
    sums, digits = np.zeros(n, told.units.dtype), np.full(n, -1, np.int64)
    np.add.at(sums, entity, told.units[shown])
    np.maximum.at(digits, entity, told.digits[shown])  # of the entity's own numbers: no other record shows in its total
    texts: list[str | None] = []
    codes = np.full(n, -1, np.int32)
    for places in distinct(digits[digits >= 0]).tolist():
        which = np.flatnonzero(digits == places)
        totals, place = np.unique(sums[which], return_inverse=True)
        codes[which] = len(texts) + place
        texts += [format(Decimal(int(value)).scaleb(-told.scale).quantize(Decimal(1).scaleb(-places)), "f") for value in totals]
    keep = survivors.primary[pinned.take(entries.entity[survivors.primary])]
    codes[entries.entity[keep]] = len(texts) + np.arange(len(keep), dtype=np.int32)
    survived = counts.copy()
    survived[keep] = True
    values = pa.concat_arrays([text_array(texts), entries.display.take(arrow_array(entries.shown[keep]))])
    at = np.flatnonzero(survived)
    first = at[new_values(entries.entity[at])]
    return replace(survivors, survived=survived, primary=first), coded_column(codes, values)


class Amounts(NamedTuple):
    """Distinct values as numbers.

    Parameters
    ----------
    units
        Whole numbers of 10 ** -scale; Python's own where their sums may not fit 64 bits.
    digits
        Decimal places that the value is written with.
    is_number
        Whether it is one.
    scale
        Decimal places of the smallest unit.
    """

    units: npt.NDArray[Any]
    digits: npt.NDArray[np.int64]
    is_number: npt.NDArray[np.bool_]
    scale: int


def _ones(n: int) -> Amounts:
    return Amounts(np.ones(n, np.int64), np.zeros(n, np.int64), np.ones(n, bool), 0)


def _counts_once(survivors: Survivors, rule: SurvivorshipRule, table: RecordTable) -> npt.NDArray[np.bool_]:
    """Which entries count: each, the first of each record, or the first of each value of `once_per`."""
    entries = survivors.entries
    if rule.combines == "total" and rule.once_per is None:
        return np.ones(len(entries), bool)
    out = np.zeros(len(entries), bool)
    if rule.once_per is None:
        out[np.unique(entries.row, return_index=True)[1]] = True
        return out
    codes = first_codes(normal_column(table, rule.once_per), len(table)).take(entries.row)
    key = np.where(codes < 0, -1 - entries.row.astype(np.int64), codes)  # a record that names none is its own
    _, key = np.unique(key, return_inverse=True)
    both = entries.entity.astype(np.int64) * (len(entries) + 1) + key
    out[np.unique(both, return_index=True)[1]] = True
    if rule.combines == "total":  # all that the record says which comes first
        winners = np.unique(both, return_index=True)
        out = entries.row == entries.row[winners[1]].take(np.searchsorted(winners[0], both))
    return out


def first_codes(column: Column | None, n: int) -> Codes:
    """The value of each of n records in a column, of several the first; -1 where it has none.

    Examples
    --------
    >>> first_codes(Column(np.array([-1, 0, 1], np.int32), text_array(["a", "b"]), np.array([0, 3, 3])), 2).tolist()
    [0, -1]
    """
    if column is not None and column.offsets is None:
        return column.codes
    out = np.full(n, -1, np.int32)
    if column is not None:
        rows, codes = column.present()
        out[rows[::-1]] = codes[::-1]  # of two on one row the last one written stays
    return out


def _numbers(display: pa.LargeStringArray, shown: Codes) -> Amounts:
    """Read the distinct values that are shown."""
    used = distinct(shown)
    found = [NUMBER.fullmatch(text) for text in display.take(arrow_array(used)).to_pylist()]
    parts = [None if one is None else (one[1], one[2] or one[3] or "") for one in found]
    scale = max((len(part[1]) for part in parts if part is not None), default=0)
    whole = [0 if part is None else int(Decimal(f"{part[0]}.{part[1] or 0}").scaleb(scale)) for part in parts]
    fits = max(map(abs, whole), default=0) * len(shown) < 2**63
    units = np.zeros(len(display), np.int64 if fits else object)
    digits, is_number = np.zeros(len(display), np.int64), np.zeros(len(display), bool)
    units[used] = whole
    digits[used] = [0 if part is None else len(part[1]) for part in parts]
    is_number[used] = [part is not None for part in parts]
    return Amounts(units, digits, is_number, scale)


def _text(units: int, scale: int, digits: int) -> str:
    """Units of 10 ** -scale, written with so many decimal places."""
    return format(Decimal(units).scaleb(-scale).quantize(Decimal(1).scaleb(-digits)), "f")
