"""The golden value of every entity, field by field, with the record that it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.results import Parts
from omniid.tables import Codes, Column, Rows
from omniid.tables.arrays import distinct, numpy_array

__all__ = ["Golden", "golden_values"]


@dataclass(frozen=True, eq=False)
class Golden:
    """The primary value of one field, per entity; -1 where there is none.

    Parameters
    ----------
    normal
        int32, position in the vocabulary of the normal forms.
    shown
        int32, position in the vocabulary of the display forms.
    row
        int32, the record that the value comes from.
    rule
        int32, position in `rules`: what decided.
    rules
        Names of rules.
    """

    normal: Codes
    shown: Codes
    row: Rows
    rule: Codes
    rules: pa.LargeStringArray


def golden_values(parts: Parts) -> Mapping[str, Golden]:
    """Read the golden values off the provenance of a result, whose codes point to records and values already.

    A total or a count is no value of any record, and none here.
    """
    out: dict[str, Golden] = {}
    for batch in parts.golden.provenance.to_batches():
        fields = batch.column("field")
        codes = numpy_array(fields.indices)
        for code in distinct(codes).tolist():
            field = fields.dictionary[code].as_py()
            is_made = any(rule.combines for rule in parts.plan.survivorship.chain_of(field))
            if not is_made and field in parts.records.columns and field in parts.records.display:
                out[field] = _of_field(parts, field, batch, np.flatnonzero(codes == code), out.get(field))
    return out


def _of_field(parts: Parts, field: str, batch: pa.RecordBatch, at: npt.NDArray[np.intp], before: Golden | None) -> Golden:
    """The first surviving row of each entity; those of an earlier batch stand."""
    survived = numpy_array(batch.column("survived"))[at]
    at = at[survived]
    entity, row, shown, rule = (
        numpy_array(batch.column(name).indices, null=-1)[at] for name in ("entity_id", "record_id", "value", "rule")
    )
    entity, first = np.unique(entity, return_index=True)
    n = len(parts.entity_ids)
    if before is None:
        none = np.full(n, -1, np.int32)
        rules = batch.column("rule").dictionary
        before = Golden(none, none, none, none, rules)
    free = before.row[entity] < 0
    entity, first = entity[free], first[free]
    shown, row, rule = (
        _with(old, entity, new[first]) for old, new in ((before.shown, shown), (before.row, row), (before.rule, rule))
    )
    normal = _normal_codes(parts.records.columns[field], parts.records.display[field], row[entity], shown[entity])
    return Golden(_with(before.normal, entity, normal), shown, row, rule, before.rules)


def _with(
    codes: npt.NDArray[np.signedinteger], at: npt.NDArray[np.signedinteger], values: npt.NDArray[np.signedinteger]
) -> Codes:
    out = codes.astype(np.int32)
    out[at] = values
    return out


def _normal_codes(columns: Column, display: Column, rows: Rows, shown: Codes) -> Codes:
    """The normal form of the entry of each row that is shown so."""
    if display.offsets is None:
        return columns.codes[rows]
    wanted = np.full(display.n_rows, -2, np.int32)
    wanted[rows] = shown
    entry_row = display.rows
    hits = np.flatnonzero((display.codes == wanted[entry_row]) & (columns.codes >= 0))
    found = np.full(display.n_rows, -1, np.int32)
    found[entry_row[hits[::-1]]] = columns.codes[hits[::-1]]
    return found[rows]
