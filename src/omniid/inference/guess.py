"""One guess per column of a source: headers read, values sampled, rivals settled, attributes named."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.declarations import Guess
from omniid.identifier_kinds import KINDS
from omniid.inference.contents import Contents
from omniid.inference.headers import read_header, tidy_name
from omniid.inference.judging import Verdict, judge_column
from omniid.inference.rivals import Judged, settle_rivals
from omniid.inference.sample import all_distinct, sample_rows
from omniid.inference.statements import STATEMENTS, channels_asked
from omniid.statement_fields import CHANNEL_OF
from omniid.tables.arrays import numpy_array

__all__ = ["guess_columns"]

RECORD_ID_NAMES = ("record_id", "unique_id", "rec_id", "id")
SOURCE_NAME = "source"
_EMPTY = Verdict("ignored", None, "every value is missing")
_FEW = 500  # a column with fewer values in the sample of rows is sampled by itself

# Names that an attribute may not take: fields of any source, and columns of the results.
_TAKEN = frozenset(
    {
        *("record_id", "source", "entity_id", "updated_at", "email", "phone"),
        *("first_name", "last_name", "last_name_2", "maiden_name", "middle_name", "full_name", "name", "name_suffix", "title"),
        *("birth_date", "birth_year", "birth_month", "birth_day", "gender", "company"),
        *("nationality", "occupation", "marital_status", "language"),
        *("street", "house_number", "unit", "city", "postcode", "region", "country", "address"),
        *KINDS,
        *("twitter", "linkedin", "tiktok", "odnoklassniki", "line", "wechat", "skype", "marketplace", "proxy_email"),
    }
)


def guess_columns(source: str, table: pa.Table) -> tuple[Guess, ...]:
    """Guess what every column of a source holds, by its header and by a sample of its values.

    The guesses do not depend on the order of the rows. That a value belongs to one person only is never guessed.

    Parameters
    ----------
    source
        Name of the source.
    table
        large_string or large_list<large_string> columns; null is missing.

    Returns
    -------
    tuple of Guess
        One per column, in column order. `kind` "attribute" is kept on the profile and never evidence, "ignored" is left out;
        "record_id", "source" and "ignored" have no field, and at most one column is the record's "time".

    Examples
    --------
    >>> cells = {"id": ["1", "2"], "Имя": ["Анна", "Пётр"], "Фамилия": ["Кузнецова", "Орлов"], "c7": ["anna@example.com", None]}
    >>> table = pa.table({name: pa.array(values, pa.large_string()) for name, values in cells.items()})
    >>> for guess in guess_columns("shop", table):
    ...     print(guess.column, guess.kind, guess.field)
    id record_id None
    Имя first_name first_name
    Фамилия last_name last_name
    c7 email email
    """
    names = [str(name) for name in table.column_names]
    readings = [read_header(name) for name in names]
    record_id = _record_id(names, table)
    empty = [table.column(i).null_count == table.num_rows or not _filled(table.column(i)) for i in range(len(names))]
    apart: dict[int, Verdict] = {}
    for i, name in enumerate(names):
        if i == record_id:
            apart[i] = Verdict("record_id", None, f"header '{name}'; unique and never missing")
        elif name == SOURCE_NAME:
            apart[i] = Verdict("source", None, "the column named 'source' names each record's source")
        elif empty[i]:
            apart[i] = _EMPTY
    kinds = [None if i in apart else readings[i].kind for i in range(len(names))]
    rows = sample_rows(table)
    judged: list[Judged] = []
    for i, name in enumerate(names):
        if i not in apart:
            contents = _contents(table, rows, i)
            peers = frozenset(kind.removeprefix("?") for j, kind in enumerate(kinds) if kind is not None and j != i)
            verdict = judge_column(readings[i], contents, peers) if len(contents) else _EMPTY
            judged.append(Judged(name, readings[i], contents, verdict))
    settled = iter(settle_rivals(judged))
    verdicts = _with_something_to_say([apart[i] if i in apart else next(settled) for i in range(len(names))])
    return _name_attributes(source, names, verdicts)


def _with_something_to_say(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Take a statement for an attribute where the source has no column of what it speaks of."""
    there = {verdict.kind for verdict in verdicts}
    out = []
    for verdict in verdicts:
        asked = channels_asked(verdict.kind, str(verdict.field))
        if (asked and not there.issuperset(asked)) or (verdict.kind in STATEMENTS and not there & set(CHANNEL_OF)):
            what = " and ".join(asked) or "contact values"
            verdict = Verdict("attribute", None, f"{verdict.reason}, but no column of the source holds {what}")
        out.append(verdict)
    return out


def _filled(column: pa.ChunkedArray) -> int:
    """Rows of a column that hold a value: neither null nor an empty list."""
    missing = column.null_count
    if pa.types.is_large_list(column.type):
        missing += sum(np.count_nonzero(numpy_array(pc.list_value_length(chunk), null=1) == 0) for chunk in column.chunks)
    return int(len(column) - missing)


def _record_id(names: Sequence[str], table: pa.Table) -> int | None:
    """The first column by the order of the names that is unique and never missing; None if there is none."""
    lowered = [name.lower() for name in names]
    for wanted in RECORD_ID_NAMES:
        for i, name in enumerate(lowered):
            column = table.column(i)
            if name != wanted or not pa.types.is_large_string(column.type) or column.null_count or not len(column):
                continue
            if all_distinct(column):
                return i
    return None


def _contents(table: pa.Table, rows: pa.Table, i: int) -> Contents:
    """A column's contents in the sample of rows, or in a sample of its own if that holds too few of its values."""
    whole, part = table.column(i), rows.column(i)
    filled = _filled(whole)
    if rows.num_rows < table.num_rows and _filled(part) < _FEW <= filled:
        part = sample_rows(pa.table({"": whole.drop_null()})).column(0)
    elif filled < _FEW:
        part = whole.drop_null()
    return Contents.of(part, filled, table.num_rows)


def _name_attributes(source: str, names: Sequence[str], verdicts: Sequence[Verdict]) -> tuple[Guess, ...]:
    """Give every attribute a field of its own that no kind claims."""
    used = {verdict.field for verdict in verdicts} | _TAKEN
    guesses: list[Guess] = []
    for i, (name, verdict) in enumerate(zip(names, verdicts, strict=True)):
        field = verdict.field
        if verdict.kind == "attribute":
            stem = tidy_name(name) or f"column_{i + 1}"
            stem = f"{stem}_other" if stem in _TAKEN else stem
            field = next(tried for n in range(1, len(names) + 2) if (tried := stem if n == 1 else f"{stem}_{n}") not in used)
            used.add(field)
        guesses.append(Guess(source, name, field, verdict.kind, verdict.reason))
    return tuple(guesses)
