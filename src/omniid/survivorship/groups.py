"""Groups: fields that are decided together, so that one record gives them all, as the parts of an address."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import SpecError
from omniid.survivorship.aggregates import first_codes
from omniid.survivorship.deciding import Survivors, decide, entries_of
from omniid.survivorship.entries import Entries, RecordFacts, normal_column
from omniid.survivorship.rules import SurvivorshipRule
from omniid.tables import Codes, Column, RecordTable, Rows
from omniid.tables.arrays import arrow_array, text_scalar

__all__ = ["Group", "Leader", "decide_member", "group_fields", "groups_among", "lead"]

Chain = Sequence[SurvivorshipRule]


class Group(NamedTuple):
    """Fields that one record gives, and the chain that chooses it."""

    name: str
    fields: tuple[str, ...]
    chain: Chain


class Leader(NamedTuple):
    """The records that gave the fields of a group.

    Parameters
    ----------
    group
        Which one.
    row
        Per entity: the row that won, -1 where no record fills any of the fields.
    place
        int64 per row of the table: its place within its entity, 0 for the winner; large where it fills none.
    agrees
        bool per row: whether it agrees with the winner on one of the fields, and contradicts it on none.
    rule
        int8 per entity: which rule of the chain decided.
    """

    group: Group
    row: Rows
    place: npt.NDArray[np.int64]
    agrees: npt.NDArray[np.bool_]
    rule: npt.NDArray[np.int8]


def group_fields(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the fields that a key such as "street, city" names; none where it is a field's name itself, or "*".

    Examples
    --------
    >>> group_fields("street, city", {"street", "city"}), group_fields("city", {"city"})
    (('street', 'city'), ())
    """
    return () if name in known or "," not in name else tuple(part.strip() for part in name.split(","))


def groups_among(rules: Mapping[str, Chain], known: Collection[str]) -> list[Group]:
    """Find the groups among the keys of chains.

    Parameters
    ----------
    rules
        Field, "*", or fields between commas → chain.
    known
        Names of all fields.

    Raises
    ------
    SpecError
        If a field stands in two groups, or has a chain of its own too, or a group's chain has a rule that is not about one
        record.

    Examples
    --------
    >>> from omniid.survivorship.rules import most_recent
    >>> groups_among({"street, city": [most_recent()]}, {"street", "city"})[0].fields
    ('street', 'city')
    """
    groups = [Group(name, fields, chain) for name, chain in rules.items() if (fields := group_fields(name, known))]
    where: dict[str, str] = {name: name for name in rules if name in known}
    for group in groups:
        for field in group.fields:
            if field in where:
                raise SpecError(f"survivorship decides {field!r} by {where[field]!r} and by {group.name!r}; leave one out")
            where[field] = group.name
        for rule in group.chain:
            if rule.keeps_all or rule.combines:
                raise SpecError(
                    f"survivorship of {group.name!r}: one record gives all of a group, so {rule.name} has no place in its chain"
                )
            if rule.after in group.fields:
                raise SpecError(f"survivorship of {group.name!r}: {rule.name} waits for a field of the same group")
    return groups


def lead(
    table: RecordTable, group: Group, entity: Codes, order: Rows, facts: RecordFacts, winners: Mapping[str, Rows], n: int
) -> Leader:
    """Choose the record of each entity that gives the fields of a group.

    Parameters
    ----------
    table, entity, order, facts, winners
        As for `entries_of`.
    group
        The fields and their chain.
    n
        How many entities there are.
    """
    codes = [first_codes(normal_column(table, field), len(table)) for field in group.fields]
    filled = np.zeros(len(table), bool)
    for one in codes:
        filled |= one >= 0
    rows = order[filled.take(order)].astype(np.int32)
    value, normal = _combined([normal_column(table, field) for field in group.fields], rows, len(table))
    shown, display = _combined([table.display.get(field) for field in group.fields], rows, len(table))
    entries = Entries(entity.take(rows), rows, value, shown, display, normal, facts, winners, group.fields)
    found = decide(entries, np.zeros(len(rows), np.int64), group.chain)
    ranked = found.entries
    place = np.full(len(table), len(table), np.int64)
    starts = np.flatnonzero(ranked.begins)
    place[ranked.row] = np.arange(len(ranked)) - starts.take(ranked.segment)
    won, rule = found.winners(n), np.full(n, -1, np.int8)
    rule[ranked.entity[starts]] = found.rule[starts]
    return Leader(group, won, place, _agreeing(codes, won.take(entity)), rule)


def _agreeing(codes: Sequence[Codes], won: Rows) -> npt.NDArray[np.bool_]:
    """Which rows agree with the row that won on one of the fields, and contradict it on none."""
    there = won >= 0
    agrees, contradicts = np.zeros(len(won), bool), np.zeros(len(won), bool)
    for one in codes:
        best = one.take(np.where(there, won, 0)) if len(one) else one
        both = there & (one >= 0) & (best >= 0)
        agrees |= both & (one == best)
        contradicts |= both & (one != best)
    return agrees & ~contradicts


def _combined(columns: Sequence[Column | None], rows: Rows, n: int) -> tuple[Codes, pa.LargeStringArray]:
    """What some rows say in several columns as one code each, by code point, what is missing last; and as text, with commas."""
    codes = [first_codes(column, n).take(rows) for column in columns]
    combined = np.zeros(len(rows), np.int64)
    for one in codes:
        most = int(one.max(initial=-1)) + 1
        _, combined = np.unique(combined * (most + 1) + np.where(one < 0, most, one), return_inverse=True)
    _, firsts = np.unique(combined, return_index=True)
    parts = [
        column.vocabulary.take(arrow_array(one[firsts], present=one[firsts] >= 0))
        for column, one in zip(columns, codes, strict=True)
        if column is not None
    ]
    return combined.astype(np.int32), pc.binary_join_element_wise(*parts, text_scalar(", "), null_handling="skip")


def decide_member(table: RecordTable, field: str, leader: Leader, entity: Codes, order: Rows, facts: RecordFacts) -> Survivors:
    """Decide a field of a group: the value of the record that won the group.

    Where that record has no value, that of the best record which agrees with it in another field of the group and contradicts
    it in none; where there is no such record, none survives: no profile mixes two addresses.
    """
    entries, places = entries_of(table, field, entity, order, facts, {})
    near = SurvivorshipRule("agrees", lambda e: np.where(leader.row.take(e.entity) == e.row, 2, leader.agrees.take(e.row)))
    found = decide(entries, places, (near, SurvivorshipRule("place", lambda e: -leader.place.take(e.row))))
    ranked, first = found.entries, found.primary
    own = leader.row.take(ranked.entity) == ranked.row
    fits = (own | leader.agrees.take(ranked.row))[first]
    survived = np.zeros(len(ranked), bool)
    survived[first[fits]] = True
    filled = np.zeros(len(leader.row), bool)
    filled[ranked.entity[first[fits & ~own[first]]]] = True
    rule = np.where(filled, len(leader.group.chain), leader.rule).astype(np.int8).take(ranked.entity)
    nobody = np.ones(len(leader.row), bool)
    nobody[ranked.entity[first[fits]]] = False
    lost_by = np.where((found.lost_by < 0) & ~nobody.take(ranked.entity), found.lost_by, rule)
    return replace(found, survived=survived, primary=first[fits], rule=rule, lost_by=lost_by)
