"""Records to read and score one by one, and when two tables of records are the same."""

import re
from functools import cache
from typing import Any

import numpy as np

from omniid.compilation import field_plans, regions_of
from omniid.datasets import generate
from omniid.frames import read_inputs
from omniid.gathering import bring_together
from omniid.inference import spec_from_inputs
from omniid.normalization import normalize
from omniid.single_record.grading import NumberedField
from omniid.spec import Spec
from omniid.stop_values import with_stop_values
from omniid.tables import Column, RecordTable


@cache
def channels(n_records: int, seed: int = 0) -> dict[str, Any]:
    """Omnichannel records as frames."""
    return dict(generate(n_records, seed=seed).channels)


@cache
def generated(n_records: int, seed: int = 0) -> tuple[Spec, RecordTable]:
    """Omnichannel records as they were sent, and the spec inferred from them."""
    inputs = read_inputs(channels(n_records, seed))
    spec = spec_from_inputs(inputs)
    return spec, bring_together(inputs, spec)


def normalized(sent: RecordTable, spec: Spec) -> RecordTable:
    """What a batch makes of them."""
    records = normalize(sent, field_plans(spec))
    return with_stop_values(records, spec.stop_values, spec.fields, regions_of(spec))


def entries(column: Column) -> list[list[str | None]]:
    """The entries of each row, without missing ones at the end."""
    found = []
    for row in range(column.n_rows):
        values = column.entries_of(row)
        while values and values[-1] is None:
            values.pop()
        found.append(values)
    return found


def assert_same_records(one: RecordTable, other: RecordTable) -> None:
    """Both tables hold the same entries; a column without any may be there or not."""
    assert one.keys(np.arange(len(one))) == other.keys(np.arange(len(other)))
    assert one.time.tolist() == other.time.tolist()
    assert sorted(map(str, one.rejects.to_pylist())) == sorted(map(str, other.rejects.to_pylist()))
    for part in ("raw", "columns", "display"):
        mine, theirs = getattr(one, part), getattr(other, part)
        for name in {*mine, *theirs}:
            nothing: list[list[str | None]] = [[]] * len(one)
            left, right = (entries(columns[name]) if name in columns else nothing for columns in (mine, theirs))
            assert left == right, (part, name)


def known_numbers(table: RecordTable) -> NumberedField:
    """Which words go with many numbers in a table: field, part of the value, word, least number."""

    @cache
    def numbers(field: str, part: str) -> dict[str, int]:
        texts = table.columns[field].vocabulary.to_pylist()
        found: dict[str, set[str]] = {}
        for text in texts:
            seen = text.split("@", 1)[0] if part == "local_part" else text
            found.setdefault(re.sub("[0-9]+", "", seen), set()).add(seen)
        return {word: len(spelled) for word, spelled in found.items()}

    return lambda field, part, word, least: numbers(field, part).get(word, 0) >= least
