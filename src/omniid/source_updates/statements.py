"""What records say of their contact values: a value that is spoken of is not exchanged, one that is not verified not spread."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from omniid.fields import Consent, Verified
from omniid.results import Parts
from omniid.source_updates.golden import Golden
from omniid.statement_fields import contact_columns
from omniid.tables import Codes

__all__ = ["is_spoken_of", "is_unverified"]

Flags = npt.NDArray[np.bool_]


def is_spoken_of(parts: Parts, field: str, rows: npt.NDArray[np.int64]) -> Flags:
    """Tell which records say of their value of a field that it is verified, consented to or objected to.

    What they say would then stand beside another value, to which nobody agreed.
    """
    out = np.zeros(len(rows), bool)
    reached = contact_columns(parts.spec.fields)
    for one in parts.spec.fields:
        if isinstance(one, Verified):
            speaks = one.of == field
        elif isinstance(one, Consent):
            speaks = field in (one.of_fields if one.of_fields is not None else reached)
        else:
            continue
        raw = parts.sent.raw.get(one.column)
        if speaks and raw is not None:
            says = np.zeros(len(parts.records), bool)
            says[raw.present()[0]] = True
            out |= says[rows]
    return out


def is_unverified(parts: Parts, field: str, entity: Codes, golden: Mapping[str, Golden]) -> Flags:
    """Tell for which entities no record says that the golden value is verified; nobody is asked where no source can say so."""
    asked = [one.column for one in parts.spec.fields if isinstance(one, Verified) and one.of == field]
    asked = [column for column in asked if column in parts.records.columns]
    if not asked:
        return np.zeros(len(entity), bool)
    says = np.zeros(len(parts.records), bool)
    for name in asked:
        statement = parts.records.columns[name]
        rows, codes = statement.present()
        is_yes = np.array([text != "no" for text in statement.vocabulary.to_pylist()], bool)
        says[rows[is_yes[codes]]] = True
    column = parts.records.columns[field]
    rows, codes = column.present()
    yes = says[rows] & (codes == golden[field].normal[parts.entity[rows]])
    verified = np.zeros(len(parts.entity_ids), bool)
    verified[parts.entity[rows[yes]]] = True
    return ~verified[entity]
