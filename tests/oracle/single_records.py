"""Records to read and score one by one, and when two tables of records are the same."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from omniid.compilation import field_plans, regions_of
from omniid.datasets import generate
from omniid.frames import read_inputs
from omniid.inference import spec_from_inputs
from omniid.matching import WeightTables
from omniid.matching.populations import MILLE, SHRINK, stored_profiles
from omniid.normalization import DateOrder, date_order, normalize
from omniid.pipeline import bring_together
from omniid.single_record.grading import NumberedField
from omniid.spec import Spec
from omniid.stop_values import with_stop_values
from omniid.tables import Column, Model, RecordTable
from omniid.tables.arrays import arrow_array


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


def orders_of(spec: Spec, sent: RecordTable) -> dict[tuple[str, str], DateOrder]:
    """The order of day and month in every column of every source."""
    found = {}
    for name, column in sent.raw.items():
        rows, codes = column.present()
        for place, source in enumerate(sent.sources):
            used = np.unique(codes[sent.source[rows] == place])
            values = column.vocabulary.take(arrow_array(used)).to_pylist()
            found[source, name] = date_order(values, region=spec.sources[source].region)
    return found


def with_ties_of_one_name(weights: WeightTables, table: RecordTable, model: Model) -> WeightTables:
    """The weights where a name that the model does not know is at home everywhere, whatever names it goes with here."""
    populations, tie = model.populations, weights.tie
    if populations is None or tie is None or tie.codes is None:
        return weights
    shares = np.maximum(np.asarray(populations.shares, np.float64), 1e-9)
    ratios = []
    for field in populations.fields:
        mine = stored_profiles(populations, field, table.columns[field])
        known = mine.sum(axis=1, keepdims=True) > 0
        ratios.append(np.where(known, mine / MILLE, SHRINK * MILLE * shares / (SHRINK * MILLE)) / shares)
    return replace(weights, tie=replace(tie, ratios=(ratios[0], ratios[1])))


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
