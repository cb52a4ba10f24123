"""Why a value says nothing about a pair: rejected, or shared by too many people."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from omniid.results import Parts
from omniid.tables import Column

__all__ = ["who_uses", "why_silent"]


def why_silent(parts: Parts, fields: Sequence[str], rows: tuple[int, int]) -> list[str]:
    """Say which values of two records could not be compared, and why.

    Parameters
    ----------
    parts
        The result.
    fields
        Columns that the comparison reads.
    rows
        The two records.

    Returns
    -------
    list of str
        Sentences; none where nothing stands in the fields, or on one side only.
    """
    said = []
    for field in fields:
        if field not in parts.records.columns:
            continue
        said += [told for row in rows for told in (*_shared(parts, field, row), *_rejected(parts, field, row))]
    return list(dict.fromkeys(said))


def who_uses(parts: Parts, field: str, value: str) -> str:
    """Say how many people use a value where it is not one person's; "" where it is, or where nobody counts."""
    if field not in parts.classes:
        return ""
    vocabulary, classes = parts.evidence.columns[field].vocabulary, parts.classes[field]
    code = int(pc.index(vocabulary, pa.scalar(value, vocabulary.type)).as_py())
    if code < 0 or classes.is_personal[code]:
        return ""
    if classes.people[code] > 0:
        return f"{classes.people[code]:,} people use {value}"
    return f"{classes.records[code]:,} records hold {value} and none says whose it is"


def _shared(parts: Parts, field: str, row: int) -> Iterator[str]:
    """Values that are no evidence because too many people share them."""
    used = _values(parts.evidence.columns[field], row)
    for value in _values(parts.records.columns[field], row):
        if value not in used and (why := who_uses(parts, field, value)):
            yield f"{field}: {why}, so it is evidence for nobody"


def _rejected(parts: Parts, field: str, row: int) -> Iterator[str]:
    """Values that could not be used."""
    source, record_id = parts.records.key(row)
    rejects = parts.records.rejects
    for column, wanted in (("record_id", record_id), ("source", source), ("field", field)):
        rejects = rejects.filter(pc.equal(rejects[column], wanted))
    for told in rejects.to_pylist():
        yield f"{field}: {told['value']!r} of {source}:{record_id} was rejected: {told['reason']}"


def _values(column: Column, row: int) -> list[str]:
    return [value for value in column.entries_of(row) if value is not None]
