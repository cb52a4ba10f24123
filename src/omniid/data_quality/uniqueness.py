"""Uniqueness: how many distinct values a source has, and which of them several people hold."""

from typing import NamedTuple

import numpy as np

from omniid.data_quality.members import Bools, Counts, Holding, Members
from omniid.tables.arrays import distinct

__all__ = ["Uniqueness", "Uses", "count_uniqueness", "find_uses"]


class Uses(NamedTuple):
    """Who holds what: each value of a field once per source and entity, sorted by source, value, entity.

    Parameters
    ----------
    source, value, entity
        Of each use.
    people
        Per use: people who hold that value in that source.
    """

    source: Counts
    value: Counts
    entity: Counts
    people: Counts


class Uniqueness(NamedTuple):
    """Values of one field, counted per source.

    Parameters
    ----------
    values
        Values that could be read: one per record, more where a record names several.
    different
        Distinct ones of them.
    several
        Distinct values that two or more people hold.
    several_people
        The people who hold such a value.
    people
        People who hold any value.
    """

    values: Counts
    different: Counts
    several: Counts
    several_people: Counts
    people: Counts


def find_uses(members: Members, holding: Holding, n_values: int) -> Uses:
    """Find each use of a value: who holds it in which source, however many records say so.

    Parameters
    ----------
    members, holding
        The records and the values of one field.
    n_values
        Size of the field's vocabulary.
    """
    n_entities, width = max(len(members.is_person), 1), max(n_values, 1)
    source = members.source_at.take(holding.presence).astype(np.int64)
    entity = members.entity_at.take(holding.presence)
    keys: Counts = distinct((source * width + holding.value) * n_entities + entity)
    of, entity = keys // n_entities, keys % n_entities
    begins = np.ones(len(of), bool)
    begins[1:] = of[1:] != of[:-1]
    number = np.cumsum(begins) - 1
    people = np.bincount(number, weights=members.is_person.take(entity), minlength=0).astype(np.int64)
    return Uses(of // width, of % width, entity, people.take(number) if len(number) else number)


def count_uniqueness(members: Members, holding: Holding, uses: Uses) -> Uniqueness:
    """Count distinct values, and values that several people hold.

    uniqueness = distinct values / values: 1 where no value comes twice, low where a source has many records of one person or
    many people on one value; `several` counts the second alone.

    Parameters
    ----------
    members, holding
        The records and the values of one field.
    uses
        What `find_uses` found.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> rows = [{"record_id": str(i), "card": card} for i, card in enumerate(["7", "7", "8", "8"])]
    >>> members = Members(table := RecordTable.of(rows), np.array([0, 1, 2, 2], np.int32), np.ones(3, bool))
    >>> holding = members.hold(table.columns["card"])
    >>> found = count_uniqueness(members, holding, find_uses(members, holding, 2))
    >>> found.values.tolist(), found.different.tolist(), found.several.tolist(), found.several_people.tolist()
    ([4], [2], [1], [2])
    """
    n = members.n_sources
    begins = np.ones(len(uses.source), bool)
    begins[1:] = (uses.source[1:] != uses.source[:-1]) | (uses.value[1:] != uses.value[:-1])
    theirs: Bools = members.is_person.take(uses.entity)
    return Uniqueness(
        values=np.bincount(members.source_at.take(holding.presence), minlength=n).astype(np.int64),
        different=np.bincount(uses.source[begins], minlength=n).astype(np.int64),
        several=np.bincount(uses.source[begins & (uses.people > 1)], minlength=n).astype(np.int64),
        several_people=_people(members, uses, theirs & (uses.people > 1)),
        people=_people(members, uses, theirs),
    )


def _people(members: Members, uses: Uses, chosen: Bools) -> Counts:
    """People per source among some uses."""
    entities = len(members.is_person)
    keys = distinct(uses.source[chosen] * entities + uses.entity[chosen])
    return np.bincount(keys // max(entities, 1), minlength=members.n_sources).astype(np.int64)
