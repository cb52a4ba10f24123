"""One field decided: its entries ranked within each entity, which of them survive, and by which rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from omniid.survivorship.entries import Entries, RecordFacts
from omniid.survivorship.ranking import best_first
from omniid.survivorship.rules import SurvivorshipRule
from omniid.tables import Codes, RecordTable, Rows

__all__ = ["LOST", "ONLY", "TIED", "Survivors", "decide", "entries_of", "take_entries"]

Chain = Sequence[SurvivorshipRule]
Numbers = npt.NDArray[np.int64]

ONLY, TIED, LOST = -1, -2, -3  # in place of a rule: there was but one value; code points decided; it did not lose


@dataclass(frozen=True, eq=False)
class Survivors:
    """The outcome for one field: entries ranked within their entity, and which of them survived.

    Parameters
    ----------
    entries
        By entity, the best first.
    places
        int64 per entry: its position in the field's columns.
    survived
        bool per entry.
    primary
        int64: positions of the entries that stand in the profile, one of an entity at most, by entity.
    rule
        int8 per entry: the place in the chain of the rule that decided its entity's value, or `ONLY` or `TIED`.
    lost_by
        int8 per entry: the place of the rule by which it fell behind the best, `TIED`, or `LOST` where it says the same.
    """

    entries: Entries
    places: Numbers
    survived: npt.NDArray[np.bool_]
    primary: Numbers
    rule: npt.NDArray[np.int8]
    lost_by: npt.NDArray[np.int8]

    def winners(self, n: int) -> Rows:
        """The row that won, per entity; -1 where none did."""
        rows = np.full(n, -1, np.int32)
        rows[self.entries.entity[self.primary]] = self.entries.row[self.primary]
        return rows


def entries_of(
    table: RecordTable, field: str, entity: Codes, order: Rows, facts: RecordFacts, winners: Mapping[str, Rows]
) -> tuple[Entries, Numbers]:
    """Gather the present values of a field by entity and row, and where each stands in the field's columns.

    Parameters
    ----------
    table
        Normalized records.
    field
        The field.
    entity, order
        The entity of each row, and the rows by entity.
    facts, winners
        As `Entries` has them.
    """
    display = table.display[field]
    same = table.columns.get(field, display)  # what counts as one value; a field that is only shown has no normal forms
    if display.offsets is None:
        places = order[display.codes.take(order) >= 0].astype(np.int64)
        rows = places.astype(np.int32)
    else:
        sizes = np.diff(display.offsets).take(order)
        places = np.arange(len(display.codes)) + np.repeat(display.offsets.take(order) - (np.cumsum(sizes) - sizes), sizes)
        rows = np.repeat(order, sizes)
        here = display.codes.take(places) >= 0
        places, rows = places[here], rows[here]
    codes, shown = same.codes.take(places), display.codes.take(places)
    entries = Entries(entity.take(rows), rows, codes, shown, display.vocabulary, same.vocabulary, facts, winners, (field,))
    return entries, places


def decide(entries: Entries, places: Numbers, chain: Chain) -> Survivors:
    """Rank the entries of every entity by the chain, then by what is shown most, then by code point and row."""
    ranks = [np.asarray(rule.rank(entries)) for rule in chain]
    order = best_first(entries, ranks)
    entries, places = take_entries(entries, order), places.take(order)
    mixed = np.flatnonzero(entries.are_mixed(entries.value))
    rule, lost_by = np.full(len(order), ONLY, np.int8), np.full(len(order), LOST, np.int8)
    contested = take_entries(entries, mixed)
    rule[mixed], lost_by[mixed] = _deciding_rules(contested, [rank.take(order.take(mixed)) for rank in ranks])
    survived = entries.begins.copy()
    if any(one.keeps_all for one in chain):
        firsts = _first_of_value(contested)
        most = min((one.most for one in chain if one.keeps_all and one.most), default=None)
        survived[mixed[firsts if most is None else firsts[_place_within(contested.entity[firsts]) < most]]] = True
    return Survivors(entries, places, survived, np.flatnonzero(entries.begins), rule, lost_by)


def take_entries(entries: Entries, order: Numbers) -> Entries:
    """Some entries, in that order."""
    return replace(
        entries,
        entity=entries.entity.take(order),
        row=entries.row.take(order),
        value=entries.value.take(order),
        shown=entries.shown.take(order),
    )


def _first_of_value(entries: Entries) -> npt.NDArray[np.intp]:
    """Positions of the best-ranked entry of each distinct value of each entity, ascending."""
    key = entries.entity.astype(np.int64) * (int(entries.value.max(initial=0)) + 1) + entries.value
    firsts: npt.NDArray[np.intp] = np.sort(np.unique(key, return_index=True)[1])
    return firsts


def _place_within(entity: Rows) -> npt.NDArray[np.intp]:
    """0, 1, 2 … within each entity; entities ascend."""
    return np.arange(len(entity)) - np.searchsorted(entity, entity)


def _deciding_rules(
    entries: Entries, ranks: Sequence[npt.NDArray[np.generic]]
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """The first rule after which only the winner's value was left, and the rule by which each entry fell behind.

    All entities are mixed. An entry that says what the winner says did not lose, whatever its rank.
    """
    segment, starts = entries.segment, np.flatnonzero(entries.begins)
    decided = np.full(len(starts), TIED, np.int8)
    loses = entries.value != entries.value.take(starts).take(segment)
    lost_by = np.where(loses, TIED, LOST).astype(np.int8)
    alive = np.ones(len(entries), bool)
    for i, rank in enumerate(ranks):
        beaten = alive & (rank != rank.take(starts).take(segment))
        lost_by[beaten & loses] = i
        alive &= ~beaten
        open_ = np.zeros(len(starts), bool)
        open_[segment[alive & loses]] = True
        decided[~open_ & (decided == TIED)] = i
    return decided.take(segment), lost_by
