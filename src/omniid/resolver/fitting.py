"""Learning a model from the records of a store."""

import json
from collections.abc import Sequence
from typing import Any

from omniid.errors import InputError
from omniid.gathering import Gathered, with_fields
from omniid.inference import spec_from_inputs
from omniid.pipeline import resolve_records, trained_by
from omniid.resolution import Resolution
from omniid.resolver.assembling import inputs_of, sent_table
from omniid.spec import Spec
from omniid.stages import Stages

__all__ = ["learn_model"]


def learn_model(records: Sequence[tuple[str, str]], spec: Spec, labels: Any, stages: Stages) -> Resolution:
    """Learn weights from records, and what their columns mean where the spec does not say it, and resolve them by that.

    Parameters
    ----------
    records
        Key and content of each.
    spec
        The declaration.
    labels
        What people know, as `read_labels` takes it.
    stages
        Runs the stages.

    Raises
    ------
    InputError
        If there are no records.
    """
    if not records:
        raise InputError("the store holds no records to learn from; upsert some first, or pass data to fit()")
    contents = [(key, json.loads(content)) for key, content in records]
    if not spec.fields:
        spec = with_fields(spec, stages.run("infer", spec_from_inputs, inputs_of(contents)))
    sent = stages.run("read", sent_table, contents, spec)
    return resolve_records(Gathered(sent, spec, (), "rows"), None, (), None, 1, stages, trained_by(labels, None))
