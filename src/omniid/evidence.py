"""Which values are evidence: how many people share each contact value, and which are shared by too many."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.clustering import connected_components
from omniid.errors import SpecError
from omniid.fields import kind_of
from omniid.frames.naming import did_you_mean
from omniid.meeting import meeting_columns
from omniid.nicknames import nickname_roots
from omniid.phonetics import soundex_all
from omniid.sharing import PEOPLE_AT_MOST, ROWS_ABOVE, VALUE_CLASSES, Thresholds, ValueClasses, count_people, without_generic
from omniid.spec import Spec
from omniid.tables import Codes, Column, Model, RecordTable, Rows
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_array, text_scalar
from omniid.threads import in_order

__all__ = [
    "SIGNATURE",
    "Classes",
    "choose_names",
    "class_counts",
    "classify_values",
    "first_entries",
    "formal_name",
    "generic_values",
    "login_columns",
    "personal_rows",
    "signature_columns",
    "signature_texts",
    "thresholds_for",
    "value_kinds",
    "weak_values",
    "without_generic_values",
]

Classes = Mapping[str, ValueClasses]
NOBODY: Mapping[str, int] = {}
SIGNATURE = ("first_name", "last_name", "birth_date")


def value_kinds(spec: Spec, table: RecordTable) -> dict[str, tuple[str, str]]:
    """Map every column of the table to its kind, as thresholds name it, and the wider kind that this is of.

    Examples
    --------
    >>> from omniid.fields import Email, Identifier
    >>> table = RecordTable.of([{"record_id": "1", "mail": "a@x.com", "card_no": "17"}])
    >>> value_kinds(Spec(fields=[Email("mail"), Identifier("card_no", kind="loyalty")]), table)
    {'mail': ('email', 'email'), 'card_no': ('loyalty', 'identifier')}
    """
    return {column: both for column, both in _declared_kinds(spec).items() if column in table.columns}


def _declared_kinds(spec: Spec) -> dict[str, tuple[str, str]]:
    out = {}
    for field in spec.fields:
        own = kind_of(field)
        for column, kind in field.columns().items():
            out[column] = (own.name if own is not None and kind in PEOPLE_AT_MOST else kind, kind)
    return out


def thresholds_for(spec: Spec, model: Model | None = None) -> Thresholds:
    """Return how many people each kind allows on one value: declared, else frozen in the model, else the default.

    Raises
    ------
    SpecError
        If a threshold is declared for a kind that no field is of.
    """
    kinds = {kind for both in _declared_kinds(spec).values() if both[1] in PEOPLE_AT_MOST for kind in both}
    for kind in spec.people_at_most:
        if kind not in kinds:
            there = ", ".join(sorted(kinds)) or "none whose people are counted"
            raise SpecError(
                f"people_at_most names the kind {kind!r}, which no field is of; "
                f"there are {there}{did_you_mean(kind, sorted(kinds))}"
            )
    frozen = {} if model is None else model.people_at_most
    at_most = {kind: PEOPLE_AT_MOST[kind] for kind in sorted(kinds) if kind in PEOPLE_AT_MOST}
    rows_above = spec.rows_above if spec.rows_above is not None else ROWS_ABOVE if model is None else model.rows_above
    names = model.frozen.names if spec.incremental and model is not None and model.frozen is not None else None
    return Thresholds({**at_most, **frozen, **spec.people_at_most}, rows_above, names)


def choose_names(table: RecordTable, spec: Spec) -> dict[str, str]:
    """Choose the formal name of each first name that may stand for several, by what is commoner in these records.

    Parameters
    ----------
    table
        Normalised records.
    spec
        The declaration, for the kinds of the columns.

    Returns
    -------
    dict
        First name → formal name, where that is not the first in alphabetical order, which any other name counts as.
    """
    column = next((name for name, (_, wider) in value_kinds(spec, table).items() if wider == "first_name"), None)
    if column is None:
        return {}
    texts: list[str] = table.columns[column].vocabulary.to_pylist()
    records = dict(zip(texts, table.columns[column].counts().tolist(), strict=True))
    chosen = {name: formal_name(name, records) for name in sorted(texts) if records[name]}
    return {name: formal for name, formal in chosen.items() if formal != formal_name(name, {})}


def classify_values(table: RecordTable, spec: Spec, thresholds: Thresholds, *, workers: int = 1) -> dict[str, ValueClasses]:
    """Count the people behind every value of the contact columns, by who their records say they are, and class the values.

    Parameters
    ----------
    table
        Normalised records.
    spec
        The declaration, for the kinds of the columns.
    thresholds
        How many people each kind allows.
    workers
        Threads; columns are counted side by side.

    Returns
    -------
    dict
        Column → classes of its values, for the columns whose people are counted.
    """
    elsewhere = meeting_columns(spec.fields, spec.purpose)  # counted in the column of the kind that they meet
    kinds = {column: both for column, both in value_kinds(spec, table).items() if column not in elsewhere}
    signature = _signature(table, kinds, thresholds.names)
    logins = _logins(table, login_columns(kinds))

    def classes(column: str, kind: str, wider: str) -> ValueClasses:
        people = count_people(table.columns[column], signature, connected_components, logins=logins)
        records = _records_of_value(table.columns[column])
        found = ValueClasses(kind, people, records, thresholds.at_most(kind, wider), thresholds.rows_above)
        declared = spec.value_classes.get(column)
        return found.with_declared(declared, table.columns[column].vocabulary) if declared else found

    counted = {column: both for column, both in kinds.items() if both[1] in PEOPLE_AT_MOST}
    found = in_order((partial(classes, column, *both) for column, both in counted.items()), workers)
    out = dict(zip(counted, found, strict=True))
    for field in sorted(set(spec.value_classes) - set(out)):
        there = ", ".join(sorted(out)) or "none"
        near = did_you_mean(field, sorted(out))
        raise SpecError(f"value_classes names {field!r}, whose people are not counted; those that are: {there}{near}")
    return out


def without_generic_values(table: RecordTable, classes: Classes) -> RecordTable:
    """Return the table as matching sees it: values that too many people share are missing in it."""
    shared = {name: without_generic(table.columns[name], found) for name, found in classes.items()}
    return replace(table, columns={**table.columns, **shared})


def personal_rows(table: RecordTable, classes: Classes) -> dict[str, npt.NDArray[np.bool_]]:
    """Column → bool per row: whether each of the row's values is used by one person only."""
    out = {}
    for name, found in classes.items():
        rows, codes = table.columns[name].present()
        out[name] = np.ones(len(table), bool)
        out[name][rows[~found.is_personal[codes]]] = False
    return out


def generic_values(classes: Classes) -> dict[str, int]:
    """Column → number of its values that too many people share, for columns that have any."""
    counts = {name: int(found.is_generic.sum()) for name, found in classes.items()}
    return {name: count for name, count in counts.items() if count}


def weak_values(classes: Classes) -> dict[str, npt.NDArray[np.bool_]]:
    """Column → bool per distinct value: values that are never enough alone, for columns that have any."""
    return {name: found.is_weak for name, found in classes.items() if found.is_weak.any()}


def class_counts(classes: Classes) -> dict[str, int]:
    """Value class → number of values of it, for the classes other than personal that have any."""
    codes = np.concatenate([np.zeros(0, np.int8), *(found.classes[found.records > 0] for found in classes.values())])
    counts = np.bincount(codes, minlength=len(VALUE_CLASSES)).tolist()
    return {name: count for name, count in zip(VALUE_CLASSES[1:], counts[1:], strict=True) if count}


def _records_of_value(column: Column) -> npt.NDArray[np.int64]:
    """Records per distinct value; one that names a value twice counts once."""
    if not column.is_multi:
        return column.counts()
    rows, codes = column.present()
    size = max(len(column.vocabulary), 1)
    return np.bincount(distinct(rows.astype(np.int64) * size + codes) % size, minlength=len(column.vocabulary)).astype(np.int64)


def _logins(table: RecordTable, columns: list[str]) -> tuple[Rows, Codes] | None:
    """Rows, ascending, and their login ids as codes; None where no column holds any."""
    entries, start = [], 0
    for name in columns:
        rows, codes = table.columns[name].present()
        entries.append((rows, codes + np.int32(start)))
        start += len(table.columns[name].vocabulary)
    if not entries:
        return None
    every, codes = (np.concatenate(part) for part in zip(*entries, strict=True))
    order = np.argsort(every, kind="stable")
    return every.take(order), codes.take(order)


def login_columns(kinds: Mapping[str, tuple[str, str]]) -> list[str]:
    """The columns of login ids, which tell people apart where no signature does."""
    return [column for column, (kind, _) in kinds.items() if kind == "login"]


def signature_columns(kinds: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Map first_name, last_name and birth_date to the first column of that kind, where there is one.

    Examples
    --------
    >>> signature_columns({"given": ("first_name", "first_name"), "mail": ("email", "email")})
    {'first_name': 'given'}
    """
    found = {part: next((name for name, (_, wider) in kinds.items() if wider == part), None) for part in SIGNATURE}
    return {part: name for part, name in found.items() if name is not None}


def signature_texts(column: Column, part: str, formal: Mapping[str, str] | None = None) -> pa.LargeStringArray:
    """What each distinct value of a column says of who somebody is, null where it says too little.

    Of a name how it sounds, of a nickname its formal name, `formal` as of `Thresholds.names`, of an initial nothing; of a
    birth date the whole day.

    Examples
    --------
    >>> signature_texts(Column.of(["kuznetsova", "k"]), "last_name").to_pylist()
    ['k253', None]
    """
    names = column.vocabulary
    lengths = numpy_array(pc.utf8_length(names))  # compared here: a number for pyarrow would load pandas
    enough = arrow_array(lengths == len("1971-06-24") if part == "birth_date" else lengths > 1)
    if part == "birth_date":
        return pc.if_else(enough, names, text_scalar(None))
    if part == "first_name":
        texts: list[str] = names.to_pylist()
        records = dict(zip(texts, column.counts().tolist(), strict=True)) if formal is None else {}
        names = text_array([(formal or {}).get(name) or formal_name(name, records) for name in texts])
    return pc.if_else(enough, pc.coalesce(soundex_all(names), names), text_scalar(None))


def _signature(table: RecordTable, kinds: Mapping[str, tuple[str, str]], formal: Mapping[str, str] | None) -> list[Codes]:
    """Who each record says it is: first-name root, surname as it sounds, birth date; -1 where unknown."""
    named, out = signature_columns(kinds), []
    for part in SIGNATURE:
        codes = np.full(len(table), -1, np.int32)
        if part in named:
            column = table.columns[named[part]]
            said = numpy_array(signature_texts(column, part, formal).dictionary_encode().indices, null=-1)
            codes = first_entries(column, said.astype(np.int32, copy=False))
        out.append(codes)
    return out


def formal_name(name: str, records: Mapping[str, int] = NOBODY) -> str:
    """The formal name that a first name most likely stands for: itself if it is one, else the commonest here of its roots."""
    roots = nickname_roots(name)
    return name if not roots or name in roots else min(roots, key=lambda root: (-records.get(root, 0), root))


def first_entries(column: Column, of_value: Codes) -> Codes:
    """One code per row: that of the row's first value."""
    rows, codes = column.present()
    out = np.full(column.n_rows, -1, np.int32)
    out[rows[::-1]] = of_value[codes][::-1]
    return out
