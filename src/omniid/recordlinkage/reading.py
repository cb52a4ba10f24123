"""Frames as recordlinkage takes them, read and normalized."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from omniid.compilation import compile_plan, evidence_kinds, field_plans
from omniid.declarations import Source
from omniid.evidence import classify_values, thresholds_for, without_generic_values
from omniid.frames import read_inputs
from omniid.gathering import bring_together, with_fields
from omniid.inference import spec_from_inputs
from omniid.normalization import normalize
from omniid.recordlinkage.frame_labels import checked_index
from omniid.recordlinkage.labeled_records import LabeledRecords
from omniid.spec import Spec

__all__ = ["read_frames"]

SOURCE = "records"  # the source of a lone frame, as `resolve` names it


def read_frames(data: Any, spec: Spec | None = None) -> LabeledRecords:
    """Read and normalize one or two pandas frames whose index names the records, as recordlinkage takes them.

    Parameters
    ----------
    data
        A frame to deduplicate, or a mapping source → frame of two frames to link, left one first. The index is the record id,
        whatever its name.
    spec
        The declaration; None infers one from names and values, and a spec without fields has them inferred.

    Returns
    -------
    LabeledRecords
        With the record table as `resolve` would match it: values that too many people share are missing.

    Raises
    ------
    InputError
        If the labels can't be record ids, or the data can't be read.
    SpecError
        If the spec does not fit the data.

    Examples
    --------
    >>> import pandas
    >>> left = pandas.DataFrame({"email": ["a@x.com"]}, index=["l1"])
    >>> right = pandas.DataFrame({"mail": ["A@x.com"]}, index=["r1"])
    >>> records = read_frames({"crm": left, "web": right})
    >>> len(records.table), [comparison.name for comparison in records.comparisons]
    (2, ['email'])
    """
    frames = data if isinstance(data, Mapping) else {SOURCE: data}
    labels = {name: checked_index(name, frame) for name, frame in frames.items()}
    id_of = {name: "record_id" if index.name is None else str(index.name) for name, index in labels.items()}
    inputs = read_inputs({name: frame.rename_axis(index=id_of[name]) for name, frame in frames.items()})
    if spec is None or not spec.fields:
        spec = with_fields(spec or Spec(), spec_from_inputs(inputs))
    sources = {name: replace(spec.sources.get(name, Source()), record_id=column) for name, column in id_of.items()}
    spec = spec.replace(sources={**spec.sources, **sources})
    records = normalize(bring_together(inputs, spec), field_plans(spec))
    kinds = evidence_kinds(spec, records)
    table = without_generic_values(records, classify_values(records, spec, thresholds_for(spec)))
    return LabeledRecords(table, compile_plan(spec, table, kinds).comparisons, labels)
