"""What the records of a result say of contact values, brought to the values: verified, consented to, objected to."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from omniid.consent import Statements, UniqueValues, newest_of, rank_statements
from omniid.contacting.values import ContactValues
from omniid.contacts import MAYBE, NO, YES, ContactPoints
from omniid.fields import Consent, Verified, kind_of
from omniid.meeting import is_evidence
from omniid.results import Parts
from omniid.statement_fields import purposes_of
from omniid.statement_values import Answers, read_answers
from omniid.tables import Codes

__all__ = ["consent_statements", "unique_values", "verified_points"]

SAID_NO, SAID_YES = 0, 1


def consent_statements(parts: Parts, values: ContactValues) -> Statements:
    """All grants and denials: one per record, value and purpose.

    A denial of a record that holds no value of a kind that it speaks of is kept, too, without a value; one of all values for
    all purposes always is, as who says "never contact me" does not mean one address.

    Parameters
    ----------
    parts, values
        The result, and its contact values.
    """
    purposes = purposes_of(parts.spec.fields)
    found: list[Statements] = []
    for field in parts.spec.fields:
        if isinstance(field, Consent):
            answers = read_answers(parts.records, field)
            wanted = [
                number for number, one in enumerate(values.columns) if field.of_fields is None or one.field in field.of_fields
            ]
            person_wide = field.of_fields is None and field.for_purposes is None
            about = _about(values, np.array(wanted, np.int32), answers, person_wide)
            for name in field.for_purposes or purposes:
                found.append(_for_purpose(about, answers, purposes.index(name)))
    return Statements(*(np.concatenate([part[at] for part in found]) for at in range(6))) if found else _none()


def _none() -> Statements:
    codes = np.zeros(0, np.int32)
    return Statements(codes, codes, codes, codes, np.zeros(0, bool), np.zeros(0, np.int64))


def _about(values: ContactValues, wanted: Codes, answers: Answers, person_wide: bool) -> tuple[Codes, Codes, Codes]:
    """(row, value, family) of what the records that answer speak of; value -1 where one denies and holds none of a family.

    A person-wide denial speaks of its record's values, and of all others of the person, too.
    """
    said = answers.said >= 0
    rows, columns, codes = (
        np.concatenate(pair)
        for pair in zip((values.entries.row, values.column, values.entries.value), values.hashed, strict=True)
    )
    here = np.flatnonzero(np.isin(columns, wanted) & said[rows] & values.valid[codes])
    parts = [(rows[here], codes[here], values.family[codes[here]])]
    for family in sorted({values.families.index(values.columns[number].family) for number in wanted.tolist()}):
        bare = answers.said == SAID_NO
        if not person_wide:
            bare[parts[0][0][parts[0][2] == family]] = False
        silent = np.flatnonzero(bare).astype(np.int32)
        parts.append((silent, np.full(len(silent), -1, np.int32), np.full(len(silent), family, np.int32)))
    row, value, of = (np.concatenate([part[at] for part in parts]).astype(np.int32) for at in range(3))
    return row, value, of


def _for_purpose(about: tuple[Codes, Codes, Codes], answers: Answers, purpose: int) -> Statements:
    row, value, family = about
    denied = answers.said[row] == SAID_NO
    return Statements(row, value, family, np.full(len(row), purpose, np.int32), denied, answers.time[row])


def verified_points(parts: Parts, values: ContactValues, points: ContactPoints) -> npt.NDArray[np.int8]:
    """Whether each contact point is verified, by the newest word of the entity's own records: `YES`, `NO` or `MAYBE`.

    Parameters
    ----------
    parts, values, points
        The result, its contact values, and the contact points.
    """
    out = np.full(len(points.entity), MAYBE, np.int8)
    group: list[npt.NDArray[np.int64]] = []
    no: list[npt.NDArray[np.bool_]] = []
    time: list[npt.NDArray[np.int64]] = []
    for field in parts.spec.fields:
        if isinstance(field, Verified):
            answers = read_answers(parts.records, field)
            wanted = [number for number, one in enumerate(values.columns) if one.field == field.of]
            rows = values.entries.row
            here = np.flatnonzero(np.isin(values.column, wanted) & (answers.said[rows] >= 0))
            group.append(points.point[here])
            no.append(answers.said[rows[here]] == SAID_NO)
            time.append(answers.time[rows[here]])
    if not group:
        return out
    points_of, negative, when = np.concatenate(group), np.concatenate(no), np.concatenate(time)
    newest = newest_of(points_of, len(out), rank_statements(negative, when).rank, np.zeros(len(when), np.int32))
    return np.select([newest.denies, newest.grants], [NO, YES], MAYBE).astype(np.int8)


def unique_values(parts: Parts) -> UniqueValues:
    """Which records hold which values of identifiers declared `unique`."""
    rows: list[Codes] = [np.zeros(0, np.int32)]
    codes: list[Codes] = [np.zeros(0, np.int32)]
    start = 0
    for name in _unique_columns(parts):
        row, code = parts.evidence.columns[name].present()
        rows.append(row.astype(np.int32))
        codes.append((code + start).astype(np.int32))
        start += len(parts.evidence.columns[name].vocabulary)
    return UniqueValues(np.concatenate(rows), np.concatenate(codes))


def _unique_columns(parts: Parts) -> Sequence[str]:
    kinds = {field: kind_of(field) for field in parts.spec.fields if is_evidence(field, parts.spec.purpose)}
    return [
        field.column  # type: ignore[attr-defined]  # fields that hold identifiers have one column
        for field, kind in kinds.items()
        if kind is not None and kind.behavior == "unique" and field.column in parts.evidence.columns  # type: ignore[attr-defined]  # as above
    ]
