"""Marked values: those of which something is wrong or special, record by record."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.data_quality.fields import MeasuredField
from omniid.data_quality.members import Bools, Counts, Holding, Members
from omniid.data_quality.uniqueness import Uses
from omniid.tables import Codes, Rows
from omniid.tables.arrays import matches, numpy_array

__all__ = [
    "INCOMPLETE",
    "LOST",
    "MARKS",
    "Marked",
    "class_marks",
    "day_marks",
    "own_values",
    "part_marks",
    "several_marks",
    "special_marks",
]

# Worst first. Those of LOST are of no use as a value of their person.
MARKS = ("unreadable", "placeholder", "shared", "too frequent", "incomplete", "several people", "weak", "household")
LOST = frozenset({"unreadable", "placeholder", "shared", "too frequent", "weak"})
INCOMPLETE = "incomplete"  # of some use, but no match for a whole value
DAY_LENGTH = len("1970-01-01")
ABOVE = 10  # standard deviations over the mean, and people above the mean: a day is too frequent


class Marked(NamedTuple):
    """Marked values of one field, one entry each.

    Parameters
    ----------
    field
        The field.
    mark
        One of `MARKS`.
    row
        The record.
    value
        Position in `texts`.
    texts
        What to show.
    """

    field: str
    mark: str
    row: Rows
    value: Codes
    texts: pa.LargeStringArray


def special_marks(
    members: Members,
    field: MeasuredField,
    holding: Holding,
    uses: Uses,
    texts: pa.LargeStringArray,
    value_class: Codes | None,
    class_names: Sequence[str],
) -> list[Marked]:
    """Mark the values of a field that could be read and yet are special.

    Parameters
    ----------
    members, field, holding, texts
        The records, the field, its values, and its vocabulary.
    uses
        Who holds which value.
    value_class
        Per distinct value: position in `class_names`, the first of which is personal; None: all are.
    class_names
        Names of the value classes.
    """
    out = [] if value_class is None else class_marks(field, holding, texts, value_class, class_names)
    if field.whole:
        out += part_marks(field, holding, texts)
    if field.is_day:
        out += day_marks(members, field, holding, uses, texts)
    if field.names_one:
        out += several_marks(members, field, holding, uses, texts, value_class)
    return out


def class_marks(
    field: MeasuredField, holding: Holding, texts: pa.LargeStringArray, value_class: Codes, names: Sequence[str]
) -> list[Marked]:
    """Mark the values of a field that are not one person's own, by their value class.

    Parameters
    ----------
    field, holding, texts
        The field, its values, and its vocabulary.
    value_class
        Per distinct value: position in `names`; the first, personal, is not marked.
    names
        Names of the value classes.
    """
    found = value_class.take(holding.value)
    out = []
    for code, name in enumerate(names):
        if code and (here := np.flatnonzero(found == code)).size:
            out.append(Marked(field.name, name, holding.row.take(here), holding.value.take(here), texts))
    return out


def part_marks(field: MeasuredField, holding: Holding, texts: pa.LargeStringArray) -> list[Marked]:
    """Mark the values that say less than they should: a phone number without its country, a birth date without its day.

    Parameters
    ----------
    field, holding, texts
        The field, its values, and its vocabulary.
    """
    here = np.flatnonzero(~matches(texts, field.whole).take(holding.value)) if len(texts) else np.zeros(0, np.intp)
    return [Marked(field.name, INCOMPLETE, holding.row.take(here), holding.value.take(here), texts)] if len(here) else []


def day_marks(members: Members, field: MeasuredField, holding: Holding, uses: Uses, texts: pa.LargeStringArray) -> list[Marked]:
    """Mark the days that far more people of a source have than chance allows, such as the first that a form offers.

    With a mean of m people on a day of the source, those on which more than m + 10 √m + 10 fall: a few people say nothing.

    Parameters
    ----------
    members, field, holding, texts
        The records, the field, its values, and its vocabulary.
    uses
        Who holds which value.
    """
    if not len(texts):
        return []
    begins = _first_uses(uses) & (numpy_array(pc.utf8_length(texts)) == DAY_LENGTH).take(uses.value)
    source, value, people = (part[begins] for part in (uses.source, uses.value, uses.people))
    days = np.maximum(np.bincount(source, minlength=members.n_sources), 1)
    mean = np.bincount(source, weights=people, minlength=members.n_sources) / days
    bad = people > (mean + ABOVE * np.sqrt(mean) + ABOVE).take(source)
    return _marks_of(members, field, "too frequent", holding, (source * len(texts) + value)[bad], texts)


def several_marks(
    members: Members, field: MeasuredField, holding: Holding, uses: Uses, texts: pa.LargeStringArray, value_class: Codes | None
) -> list[Marked]:
    """Mark the values of an identifier that two or more people hold in one source, though each is meant for one.

    Parameters
    ----------
    members, field, holding, texts
        The records, the field, its values, and its vocabulary.
    uses
        Who holds which value.
    value_class
        Per distinct value; those that are not personal (0) are marked as what they are. None: all are personal.
    """
    several = _first_uses(uses) & (uses.people > 1)
    if value_class is not None:
        several &= value_class.take(uses.value) == 0
    return _marks_of(members, field, "several people", holding, (uses.source * len(texts) + uses.value)[several], texts)


def _first_uses(uses: Uses) -> Bools:
    """The first use of each value in each source."""
    begins = np.ones(len(uses.source), bool)
    begins[1:] = (uses.source[1:] != uses.source[:-1]) | (uses.value[1:] != uses.value[:-1])
    return begins


def _marks_of(
    members: Members, field: MeasuredField, mark: str, holding: Holding, bad: Counts, texts: pa.LargeStringArray
) -> list[Marked]:
    """Mark the entries whose source and value are among `bad`, ascending keys."""
    if not len(bad):
        return []
    key = members.source_at.take(holding.presence).astype(np.int64) * len(texts) + holding.value
    here = np.flatnonzero(bad.take(np.minimum(np.searchsorted(bad, key), len(bad) - 1)) == key)
    return [Marked(field.name, mark, holding.row.take(here), holding.value.take(here), texts)]


def own_values(holding: Holding, marked: Sequence[Marked], *, whole: bool = False) -> Holding:
    """Return the values that are their person's own: those not lost by what is wrong with them.

    Parameters
    ----------
    holding
        The values of one field.
    marked
        The marked values of the field, in its own vocabulary.
    whole
        Whether incomplete ones are left out, too.
    """
    left_out = LOST | {INCOMPLETE} if whole else LOST
    lost = [one.row.astype(np.int64) * len(one.texts) + one.value for one in marked if one.mark in left_out]
    if not lost:
        return holding
    here = ~np.isin(holding.row.astype(np.int64) * len(marked[0].texts) + holding.value, np.concatenate(lost))
    return Holding(holding.row[here], holding.presence[here], holding.value[here])
