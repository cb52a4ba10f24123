"""Names of persons onto a record table: parts from their own columns, gaps filled from whole names."""

from collections.abc import Sequence

from omniid.normalization.forms import Entries, Forms, aligned
from omniid.normalization.full_name import NameParts, split_first_name, split_full_name
from omniid.normalization.name import name_words, normalize_name, normalize_suffix, normalize_title
from omniid.normalization.results import Results, known_only
from omniid.normalization.text import tidy
from omniid.tables import Column, FieldPlan, NormalForm

__all__ = ["apply_person"]


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
    whole = [split_full_name(value) for value in columns["full"].vocabulary.to_pylist()]
    if "full" in field.roles:
        results.reject(field.roles["full"], columns["full"], Forms.of([part.first for part in whole]).reason)
    alone, apart = _first_names(columns["first"])
    if "first" in field.roles:
        results.reject(field.roles["first"], columns["first"], Forms.of([part.first for part in alone]).reason)
    last_forms, last_suffix = _last_names(columns["last"])
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
        .otherwise(Entries.of(columns["first"], Forms.of([part.first for part in alone])).where(~split))
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


def _part(column: Column, parts: Sequence[NameParts], name: str) -> Entries:
    """One part of names, as entries derived from the column that held them."""
    return known_only(Entries.of(column, Forms.of([getattr(part, name) for part in parts])))


def _own(results: Results, field: FieldPlan, columns: dict[str, Column], role: str) -> Entries:
    """Middle name or suffix from its own column."""
    scalar = normalize_name if role == "middle" else normalize_suffix
    forms = Forms.each(scalar, columns[role].vocabulary.to_pylist())
    if role in field.roles:
        results.reject(field.roles[role], columns[role], forms.reason)
    return Entries.of(columns[role], forms)


def _first_names(column: Column) -> tuple[list[NameParts], list[NameParts]]:
    """First names read as they stand, and read as whole names, for records that say no last name."""
    alone = [split_first_name(value) for value in column.vocabulary.to_pylist()]
    apart = [
        split_full_name(value) if read.first.value and not read.middle.value and " " in read.first.value else NameParts()
        for value, read in zip(column.vocabulary.to_pylist(), alone, strict=True)
    ]
    return alone, apart


def _last_names(column: Column) -> tuple[Forms, Forms]:
    """Last names, and the suffixes written behind them."""
    values = column.vocabulary.to_pylist()
    forms = [normalize_name(value) for value in values]
    suffixes = []
    for value, form in zip(values, forms, strict=True):
        words = name_words(tidy(value)) if form.value and " " in value.strip() else None
        found = words is not None and words.suffix is not None
        suffixes.append(NormalForm(words.suffix, words.suffix_written) if words is not None and found else NormalForm(None))
    return Forms.of(forms), Forms.of(suffixes)
