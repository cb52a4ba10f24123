"""Why a value says nothing about a pair: rejected, shared by too many people, or declared to be no evidence."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from omniid.fields import kind_of
from omniid.meeting import is_evidence
from omniid.results import Parts
from omniid.tables import Column

__all__ = ["never_evidence", "who_uses", "why_silent"]

NEVER = {
    "proxy": "issued by a third party or shared, so it is never evidence",
    "device": "which ties records to a device, not to a person",
}


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


def never_evidence(parts: Parts, rows: tuple[int, int]) -> list[str]:
    """Say which values two records share that are declared to be no evidence: proxies, devices, those for other purposes."""
    said = []
    for field in parts.spec.fields:
        kind = kind_of(field)
        column = next(iter(field.columns()), "")
        if kind is None or column not in parts.records.columns:
            continue
        why = f"a {kind.name}, {NEVER[kind.behavior]}" if kind.behavior in NEVER else ""
        if not is_evidence(field, parts.spec.purpose):
            why = f"which is evidence for {' and '.join(getattr(field, 'purposes', ()))} only"
        both = [set(_values(parts.records.columns[column], row)) for row in rows]
        said += [f"{column}: both have {value}, {why}" for value in sorted(both[0] & both[1]) if why]
    return said


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
    came = parts.records.raw.get(field)
    if came is not None and not _values(came, row):  # nothing came, so nothing was rejected
        return
    source, record_id = parts.records.key(row)
    rejects = parts.records.rejects
    for column, wanted in (("record_id", record_id), ("source", source), ("field", field)):
        rejects = rejects.filter(pc.equal(rejects[column], wanted))
        if not rejects.num_rows:  # nearly always at once: most records have no reject
            return
    for told in rejects.to_pylist():
        yield f"{field}: {told['value']!r} of {source}:{record_id} was rejected: {told['reason']}"


def _values(column: Column, row: int) -> list[str]:
    return [value for value in column.entries_of(row) if value is not None]
