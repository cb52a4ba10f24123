"""Households and relations of a result: what the records hand to the room, and its answers as Arrow tables."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.clustering import connected_components
from omniid.entity_ids import new_entity_ids
from omniid.fields import Address, Category
from omniid.households import RELATIONS, Facts, Households, find_households
from omniid.households.places import AddressColumns
from omniid.results import Parts
from omniid.spec import Spec
from omniid.tables import Codes, RecordTable, coded_column
from omniid.tables.arrays import arrow_array, text_array

__all__ = ["HouseholdIds", "household_ids", "households_table", "live_together", "profiles_table", "relations_table"]

SHARED = ("email", "phone", "identifier")  # kinds of values whose few holders may live together; a device stands in shops too
GENDERS = ("gender", "sex")
# What a relation rests on beside the fields that agree and the years between.
GROUNDS = {
    "twin": "different first names",
    "spouse": "of like age, and both the age of parents of one they live with",
    "possibly the same person": "no name or birth date tells them apart",
}


class HouseholdIds(NamedTuple):
    """The household of every entity.

    Parameters
    ----------
    number
        Position in `ids` per entity; -1 where it is nobody who could live somewhere.
    ids
        The name of each household.
    """

    number: Codes
    ids: pa.LargeStringArray


def live_together(
    spec: Spec, records: RecordTable, evidence: RecordTable, entity: Codes, is_person: npt.NDArray[np.bool_]
) -> Households:
    """Find households and relations.

    Parameters
    ----------
    spec
        Says which columns hold names, dates, the address (the first, where several are declared) and contact values.
    records
        Normalised records.
    evidence
        The same without values that too many people share.
    entity
        Entity per record.
    is_person
        bool per record: whether it belongs to a person, and to no anonymous entity.
    """
    kinds = {column: kind for field in spec.fields for column, kind in field.columns().items()}
    named = {kind: records.columns.get(column) for column, kind in reversed(kinds.items())}
    address = next((field.columns() for field in spec.fields if isinstance(field, Address)), {})
    parts = {kind: records.columns.get(column) for column, kind in address.items()}
    genders = [field.column for field in spec.fields if isinstance(field, Category) and field.column in GENDERS]
    facts = Facts(
        entity=entity,
        time=records.time,
        address=AddressColumns(**{part: parts.get(part) for part in AddressColumns._fields}),
        first_name=named.get("first_name"),
        last_name=named.get("last_name"),
        birth_date=named.get("birth_date"),
        gender=next((records.columns[column] for column in genders if column in records.columns), None),
        contacts={name: evidence.columns[name] for name, kind in kinds.items() if kind in SHARED and name in evidence.columns},
    )
    people = np.zeros(int(entity.max(initial=-1)) + 1, bool)
    people[entity[is_person]] = True
    return replace(find_households(facts, connected_components), is_person=people)


def households_table(parts: Parts, homes: HouseholdIds) -> pa.Table:
    """household_id, entity_id, size (people in the household): one row per person, those of one household together.

    Anonymous entities are nobody who could live somewhere, and have no household.
    """
    number, ids = homes
    order = np.argsort(number, kind="stable").astype(np.int32)
    order = order[number[order] >= 0]
    return pa.table(
        {
            "household_id": coded_column(number[order], ids),
            "entity_id": coded_column(order, parts.entity_ids),
            "size": arrow_array(np.bincount(number[order], minlength=len(ids))[number[order]]),
        }
    )


def profiles_table(parts: Parts, homes: HouseholdIds) -> pa.Table:
    """The golden profiles with the household of each."""
    number, ids = homes
    return parts.golden.entities.add_column(2, "household_id", coded_column(number, ids))


def relations_table(parts: Parts, homes: HouseholdIds) -> pa.Table:
    """Pairs of people with a hint how they may be related, and what speaks for it.

    left_entity_id, right_entity_id, relation, elder_entity_id (the parent or grandparent, else null), years_apart, evidence
    (fields that agree), reason (in words), household_id (null where they live apart).
    """
    found, (number, ids) = parts.households, homes
    relations = found.relations
    together = found.labels[relations.left] == found.labels[relations.right]
    fields = ("address", "last_name", *found.contacts)
    masks, which = np.unique(relations.fields, return_inverse=True)
    agree = [[name for at, name in enumerate(fields) if mask >> at & 1] for mask in masks.tolist()]
    unknown = np.isnan(relations.years_apart)
    return pa.table(
        {
            "left_entity_id": coded_column(relations.left, parts.entity_ids),
            "right_entity_id": coded_column(relations.right, parts.entity_ids),
            "relation": coded_column(relations.relation, text_array(RELATIONS)),
            "elder_entity_id": coded_column(relations.elder, parts.entity_ids),
            "years_apart": arrow_array(np.where(unknown, 0, relations.years_apart).round(1), present=~unknown),
            "evidence": _lists(agree).take(arrow_array(which.reshape(-1))),
            "reason": _reasons(relations.relation, relations.years_apart, which.reshape(-1), together, agree),
            "household_id": coded_column(np.where(together, number[relations.left], -1), ids),
        }
    )


def household_ids(parts: Parts) -> HouseholdIds:
    """Number the households of people, each named by the hash of its smallest record key."""
    labels, entity = parts.households.labels, parts.entity
    people, places = np.unique(labels[parts.households.is_person], return_inverse=True)
    number: Codes = np.full(len(labels), -1, np.int32)
    number[parts.households.is_person] = places.reshape(-1)
    smallest = np.zeros(len(people) + 1, np.int32)
    rows = np.arange(len(entity), dtype=np.int32)[::-1]
    smallest[number.take(entity[::-1])] = rows  # the smallest of each is written last; -1, who have none, is the last place
    smallest = smallest[:-1]
    homes = tuple(f"household of {name}" for name in parts.records.sources)  # so that no household is named as a person is
    keys = parts.records.record_id.take(arrow_array(smallest))
    return HouseholdIds(number, new_entity_ids(homes, parts.records.source.take(smallest), keys))


def _lists(texts: Sequence[Sequence[str]]) -> pa.ListArray:
    """Lists of text; `pa.array` imports pandas."""
    offsets = np.cumsum([0, *map(len, texts)]).astype(np.int32)
    flat = text_array([text for one in texts for text in one]).cast(pa.string())
    return pa.ListArray.from_arrays(arrow_array(offsets), flat)


def _reasons(
    relation: npt.NDArray[np.int8],
    years: npt.NDArray[np.float64],
    which: npt.NDArray[np.int64],
    together: npt.NDArray[np.bool_],
    agree: Sequence[Sequence[str]],
) -> pa.LargeStringArray:
    """A text per hint, made once for all that read alike: years below one, and years that round to one number."""
    rounded = np.select([np.isnan(years), years == 0, years < 1], [-3, -2, -1], np.rint(np.nan_to_num(years))).astype(np.int64)
    key = ((rounded + 3) * max(len(agree), 1) + which) * len(RELATIONS) + relation
    _, first, place = np.unique(key * 2 + together, return_index=True, return_inverse=True)
    columns = (relation, years, which, together)
    rows = zip(*(column[first].tolist() for column in columns), strict=True)
    texts = [_reason(RELATIONS[kind], apart, agree[at], is_together) for kind, apart, at, is_together in rows]
    return text_array(texts).take(arrow_array(place.reshape(-1)))


def _reason(relation: str, years: float, agree: Sequence[str], is_together: bool) -> str:
    """A hint's ground in words, what speaks most first."""
    words = ["surname" if name == "last_name" else name for name in agree]
    shared = f"same {_listed(words)}" if words else "through others of the household"
    said = [_years(years), shared, GROUNDS.get(relation, ""), "" if is_together else "they live at different postcodes"]
    return "; ".join(part for part in said if part)


def _years(years: float) -> str:
    if np.isnan(years):
        return ""
    if years < 1:
        return "born on one day" if years == 0 else "born less than a year apart"
    return f"born {years:.0f} year{'s' * (round(years) != 1)} apart"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
