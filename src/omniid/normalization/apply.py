"""The stage itself: field plans onto a record table, each normaliser once per distinct value."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import SpecError
from omniid.normalization.address_columns import apply_address
from omniid.normalization.company import normalize_company
from omniid.normalization.date_columns import apply_date, apply_time
from omniid.normalization.email_arrays import email_forms, is_masked
from omniid.normalization.forms import Entries, Forms, by_context
from omniid.normalization.handle import NETWORKS
from omniid.normalization.handle_arrays import handle_forms
from omniid.normalization.hashed import normalize_hash
from omniid.normalization.identifier_arrays import identifier_forms
from omniid.normalization.person_columns import apply_person
from omniid.normalization.phone_arrays import phone_forms
from omniid.normalization.results import Results
from omniid.normalization.statements import STATEMENTS, write_statement
from omniid.normalization.text import normalize_attribute, normalize_category, normalize_text
from omniid.normalization.website import normalize_website
from omniid.tables import Column, FieldPlan, NormalForm, RecordTable
from omniid.tables.arrays import arrow_array, text_scalar

__all__ = ["normalize"]


def _each(scalar: Callable[[str], NormalForm], vocabulary: pa.LargeStringArray) -> Forms:
    return Forms.each(scalar, vocabulary.to_pylist())


SIMPLE: Mapping[str, Callable[[pa.LargeStringArray], Forms]] = {
    "email": email_forms,
    "identifier": identifier_forms,
    "category": partial(_each, normalize_category),
    "hash": partial(_each, normalize_hash),
    **{name: partial(handle_forms, name) for name in NETWORKS},
    "company": partial(_each, normalize_company),
    "website": partial(_each, normalize_website),
    "text": partial(_each, normalize_text),
    "attribute": partial(_each, normalize_attribute),
    **{kind: partial(_each, scalar) for kind, scalar in STATEMENTS.items()},
}
ROLES: Mapping[str, tuple[str, ...]] = {
    "phone": ("phone",),
    "person_name": ("first", "last", "middle", "full", "suffix", "title"),
    "date": ("date", "year", "month", "day"),
    "time": ("time",),
    "address": ("street", "house_number", "unit", "city", "postcode", "region", "country", "full"),
    **{kind: (kind,) for kind in SIMPLE},
    "consent": ("consent", "time"),
    "opt_out": ("opt_out", "time"),
}


def normalize(table: RecordTable, plan: Sequence[FieldPlan], *, workers: int = 1) -> RecordTable:
    """Return the table with the normal and display form of every planned value beside the raw one.

    Parameters
    ----------
    table
        Raw records.
    plan
        What each column holds.
    workers
        Threads; with two or more, addresses, contact values and identifiers are read beside names and dates, and columns are
        encoded meanwhile.

    Returns
    -------
    RecordTable
        The same rows in the same order. `columns` and `display` hold the planned fields, entry by entry aligned with `raw`.
        Parts read from another column (first name from a full name, a masked e-mail) get columns of their own, `raw` too.
        Each value that could not be used stands in `rejects` with its reason, once per record that sent it.

    Raises
    ------
    SpecError
        If a plan names an unknown kind or role, or two plans write one column.

    Examples
    --------
    >>> raw = RecordTable.of([{"record_id": "1", "mail": "Anna@Gmail.com"}, {"record_id": "2", "mail": "anna"}])
    >>> table = normalize(raw, [FieldPlan("email", {"email": "mail"})])
    >>> table.columns["mail"].entries_of(0), table.display["mail"].entries_of(0)
    (['anna@gmail.com'], ['Anna@gmail.com'])
    >>> table.rejects.select(["record_id", "value", "reason"]).to_pylist()
    [{'record_id': '2', 'value': 'anna', 'reason': 'no @ sign'}]
    """
    for field in plan:
        _check(field)
    with ThreadPoolExecutor(max(workers - 1, 1)) as pool:
        results = Results(table, plan, pool if workers > 1 else None)
        _apply_all(results, plan, pool if workers > 1 else None)
        return results.done()


def _apply_all(results: Results, plan: Sequence[FieldPlan], pool: Executor | None) -> None:
    """Apply every field plan, some in the pool: those that write at once in the order of the plan, then what was read."""
    turns = sorted(range(len(plan)), key=lambda place: plan[place].kind in READ)
    at = {place: results.at(place, turn) for turn, place in enumerate(turns)}

    def write(places: Sequence[int]) -> None:
        for place in places:
            APPLY[plan[place].kind](at[place], plan[place])

    own = [place for place in turns if plan[place].kind in APPLY]
    beside = [place for place in own if pool is not None and plan[place].kind in BESIDE]
    begun = pool.submit(write, beside) if pool is not None and beside else None
    ahead = {}
    for place in turns[len(own) :]:
        read = partial(READ[plan[place].kind], at[place], plan[place])
        ahead[place] = read if pool is None else pool.submit(read).result
    write([place for place in own if place not in beside])
    if begun is not None:
        begun.result()
    for place, reading in ahead.items():
        WRITE.get(plan[place].kind, _write)(at[place], plan[place], *reading())


def _check(field: FieldPlan) -> None:
    """Refuse a kind or role that no normaliser knows."""
    if field.kind not in ROLES:
        raise SpecError(f"field kind {field.kind!r} is unknown; use one of {', '.join(sorted(ROLES))}")
    if not field.roles:
        raise SpecError(f"a {field.kind} field names no column; give it one of the roles {', '.join(ROLES[field.kind])}")
    for role in field.roles:
        if role not in ROLES[field.kind]:
            raise SpecError(f"a {field.kind} field has no role {role!r}; use {', '.join(ROLES[field.kind])}")


def _read_values(results: Results, field: FieldPlan) -> tuple[Column, Forms]:
    """Kinds with one column and no context."""
    column = results.column(field.roles[field.kind])
    read = SIMPLE[field.kind]
    return column, Forms.in_pieces(lambda piece: read(column.vocabulary[piece]), len(column.vocabulary))


def _read_phones(results: Results, field: FieldPlan) -> tuple[Column, Forms]:
    """Phone numbers in the region that their source declares."""
    regions: list[str | None] = [None, *sorted(set(field.regions.values()))]
    of_source = np.array([regions.index(field.regions.get(source)) for source in results.table.sources], np.int32)
    column, contexts = by_context(results.column(field.roles["phone"]), of_source[results.table.source])
    size = len(column.vocabulary)
    return column, Forms.in_pieces(lambda piece: phone_forms(column.vocabulary[piece], contexts[piece], regions), size)


def _write(results: Results, field: FieldPlan, column: Column, forms: Forms) -> None:
    """What was read of one column, and what could not be."""
    name = field.roles[field.kind]
    results.write(name, Entries.of(column, forms))
    results.reject(name, column, forms.reason)


def _write_emails(results: Results, field: FieldPlan, column: Column, forms: Forms) -> None:
    """E-mail addresses; masked ones go to a column of their own and are missing in this one."""
    name = field.roles["email"]
    results.reject(name, column, forms.reason)
    masked = is_masked(forms.value)
    entries = Entries.of(column, forms)
    hidden = np.append(masked, False)[column.codes]
    results.write(name, _withheld(entries, masked))
    results.write(results.name(None, f"masked_{name}", name), entries.where(hidden), if_any=True)


def _withheld(entries: Entries, masked: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Entries:
    """Entries whose masked normal forms are null; their raw values stay."""
    if not masked.any():
        return entries
    value = pc.if_else(arrow_array(~masked), entries.value, text_scalar(None))
    return Entries(entries.codes, value, entries.display, entries.raw, entries.offsets)


APPLY: Mapping[str, Callable[[Results, FieldPlan], None]] = {
    "person_name": apply_person,
    "date": apply_date,
    "time": apply_time,
    "address": apply_address,
}
BESIDE = ("address",)  # kinds of fields whose columns' names do not depend on those of other kinds, nor do others' on theirs
READ: Mapping[str, Callable[[Results, FieldPlan], tuple[Column, Forms]]] = {
    "phone": _read_phones,
    **dict.fromkeys(SIMPLE, _read_values),
}
WRITE: Mapping[str, Callable[[Results, FieldPlan, Column, Forms], None]] = {
    "email": _write_emails,
    **dict.fromkeys(STATEMENTS, write_statement),
}
