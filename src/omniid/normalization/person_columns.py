"""Names of persons onto a record table: parts from their own columns, gaps filled from whole names."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.normalization.forms import Entries, Forms, aligned
from omniid.normalization.full_name import NameParts, split_first_name
from omniid.normalization.name import name_words, normalize_name, normalize_suffix, normalize_title
from omniid.normalization.name_shapes import read_names, read_whole_names
from omniid.normalization.results import Results, known_only
from omniid.normalization.text import tidy
from omniid.tables import Column, FieldPlan, NormalForm
from omniid.tables.arrays import numpy_array

__all__ = ["apply_person", "split_last_name"]


def apply_person(results: Results, field: FieldPlan) -> None:
    """Write first, middle and last name, suffix and title of one field plan.

    A whole name fills what is missing. A first name that holds the whole name is taken apart only where the last name is
    missing; a patronymic glued to it moves to the middle name.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "name": "Kowalska, Anna"}])
    >>> plan = FieldPlan("person_name", {"full": "name"})
    >>> results = Results(table, [plan])
    >>> apply_person(results, plan)
    >>> results.done().columns["last_name"].entries_of(0)
    ['kowalska']
    """
    roles = ("first", "last", "middle", "full", "suffix")
    columns = dict(zip(roles, aligned([results.column(field.roles.get(role)) for role in roles]), strict=True))
    whole = _parts(read_whole_names(columns["full"].vocabulary))
    if "full" in field.roles:
        results.reject(field.roles["full"], columns["full"], whole["first"].reason)
    alone, apart = _first_names(columns["first"].vocabulary)
    if "first" in field.roles:
        results.reject(field.roles["first"], columns["first"], alone["first"].reason)
    last_forms, last_suffix = read_names(columns["last"].vocabulary, split_last_name)
    if "last" in field.roles:
        results.reject(field.roles["last"], columns["last"], last_forms.reason)
    has_last = "last" in field.roles or "full" in field.roles

    last = Entries.of(columns["last"], last_forms).otherwise(_part(columns["full"], whole, "last"))
    guess = _part(columns["first"], apart, "last")
    guess = guess.where(~last.known) if has_last else guess.where(last.known & ~last.known)
    split = guess.known
    first = (
        _part(columns["first"], apart, "first")
        .where(split)
        .otherwise(Entries.of(columns["first"], alone["first"]).where(~split))
        .otherwise(_part(columns["full"], whole, "first"))
    )
    middle = (
        _own(results, field, columns, "middle")
        .otherwise(_part(columns["first"], apart, "middle").where(split))
        .otherwise(_part(columns["first"], alone, "middle").where(~split))
        .otherwise(_part(columns["full"], whole, "middle"))
    )
    suffix = (
        _own(results, field, columns, "suffix")
        .otherwise(known_only(Entries.of(columns["last"], last_suffix)))
        .otherwise(_part(columns["first"], alone, "suffix"))
        .otherwise(_part(columns["full"], whole, "suffix"))
    )
    anchor = next(iter(field.roles.values()))
    if "first" in field.roles or "full" in field.roles:
        results.write(results.name(field.roles.get("first"), "first_name", anchor), first)
    if has_last:
        results.write(results.name(field.roles.get("last"), "last_name", anchor), last.otherwise(guess))
    results.write(results.name(field.roles.get("middle"), "middle_name", anchor), middle, if_any="middle" not in field.roles)
    results.write(results.name(field.roles.get("suffix"), "name_suffix", anchor), suffix, if_any="suffix" not in field.roles)
    if title := field.roles.get("title"):
        column = results.column(title)
        forms = Forms.each(normalize_title, column.vocabulary.to_pylist())
        results.write(title, Entries.of(column, forms))
        results.reject(title, column, forms.reason)


def _parts(forms: list[Forms]) -> dict[str, Forms]:
    """The parts of distinct names by their names."""
    return dict(zip(NameParts._fields, forms, strict=True))


def _part(column: Column, parts: Mapping[str, Forms], name: str) -> Entries:
    """One part of names, as entries derived from the column that held them."""
    return known_only(Entries.of(column, parts[name]))


def _own(results: Results, field: FieldPlan, columns: dict[str, Column], role: str) -> Entries:
    """Middle name or suffix from its own column."""
    scalar = normalize_name if role == "middle" else normalize_suffix
    forms = Forms.each(scalar, columns[role].vocabulary.to_pylist())
    if role in field.roles:
        results.reject(field.roles[role], columns[role], forms.reason)
    return Entries.of(columns[role], forms)


def _first_names(values: pa.LargeStringArray) -> tuple[dict[str, Forms], dict[str, Forms]]:
    """First names read as they stand, and read as whole names, for records that say no last name."""
    alone = _parts(read_names(values, split_first_name))
    several = numpy_array(pc.match_substring(alone["first"].value, " "))
    mask = several & numpy_array(pc.is_null(alone["middle"].value))
    whole, none = _parts(read_whole_names(select(values, mask))), pa.nulls(int((~mask).sum()), pa.large_string())
    at, rest = np.flatnonzero(mask), np.flatnonzero(~mask)
    return alone, {name: Forms.joined((at, forms), (rest, Forms(none, none, none))) for name, forms in whole.items()}


def split_last_name(value: str) -> tuple[NormalForm, NormalForm]:
    """A last name, and the suffix written behind it.

    Examples
    --------
    >>> [form.value for form in split_last_name("Smith Jr.")]
    ['smith', 'jr']
    """
    form = normalize_name(value)
    words = name_words(tidy(value)) if form.value and " " in value.strip() else None
    found = words is not None and words.suffix is not None
    return form, NormalForm(words.suffix, words.suffix_written) if words is not None and found else NormalForm(None)
