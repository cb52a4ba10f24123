"""Given Splink's m, u, prior and value counts, pairs get Splink's levels and Splink's weights.

The golden files hold 500 pairs of generated records (20,000 of `benchmarks/people_set.py`, seed 3), half of them links, as
Splink 5.0.0 compared and weighed them, and the model that it had learned. omniid keeps weights as whole millionths of a bit and
rounds each of a pair's terms once (prior, one per field compared, one per value frequency), so that sums are exact in any
order: a pair of n terms may be n half millionths off, and no more.
"""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from omniid.comparison import Comparison, Exact, JaroWinkler, Levenshtein, compare_rows
from omniid.hashing import hash_strings
from omniid.matching import compile_weights, score_rows
from omniid.similarity import EPSILON, jaro_winkler
from omniid.tables import BITS, ComparisonWeights, Model, RecordTable

GOLDEN = Path(__file__).parents[1] / "golden"
ALIKE = (Exact(), JaroWinkler(0.92, name="close"), JaroWinkler(0.8))
ONE_EDIT = (Exact(), Levenshtein(1))
LEVELS = {
    "first_name": ALIKE,
    "last_name": ALIKE,
    "birth_date": ONE_EDIT,
    "email": ALIKE,
    "phone": ONE_EDIT,
    "postcode": ONE_EDIT,
    "city": ALIKE,
}
FREQUENCY = ("first_name", "last_name", "city")
COMPARISONS = [
    Comparison(name, (name,), levels, frequency=name if name in FREQUENCY else None) for name, levels in LEVELS.items()
]
TRAITS = [comparison.traits for comparison in COMPARISONS]
HALF = 0.5 / BITS
FLOATS = 1e-9  # what Splink's own sum in binary fractions may be off


def rows_of(name):
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Golden:
    """The golden files, and the model made of them."""

    def __init__(self):
        self.records, self.pairs = rows_of("splink_records.csv"), rows_of("splink_pairs.csv")
        self.splink = json.loads((GOLDEN / "splink_model.json").read_text(encoding="utf-8"))
        fields = [{"record_id": row["record_id"]} | {name: row[name] or None for name in LEVELS} for row in self.records]
        self.table = RecordTable.of(fields)
        at = {record_id: row for row, record_id in enumerate(self.table.record_id.to_pylist())}
        self.left, self.right = (np.array([at[pair[side]] for pair in self.pairs], np.int32) for side in ("left", "right"))
        self.levels = np.array([[int(pair[name]) for name in LEVELS] for pair in self.pairs], np.int8)
        self.weight = np.array([float(pair["match_weight"]) for pair in self.pairs])
        self.share = {
            name: {
                row[name]: int(row[f"records_with_{name}"]) / self.splink["records_with_value"][name]
                for row in self.records
                if row[name]
            }
            for name in FREQUENCY
        }
        parts = [self.part(comparison) for comparison in COMPARISONS]
        self.model = Model(tuple(parts), self.splink["probability_two_random_records_match"])

    def part(self, comparison):
        name, learned = comparison.name, self.splink["comparisons"][comparison.name]
        shares = self.share.get(name, {})
        seed = int(hash_strings(pa.array([name], pa.large_string()))[0])
        hashes = hash_strings(pa.array(list(shares), pa.large_string()), seed)
        frequency = {f"{hashed:016x}": share for hashed, share in zip(hashes.tolist(), shares.values(), strict=True)}
        m, u = tuple(learned["m"]), tuple(learned["u"])
        return ComparisonWeights(name, comparison.traits.levels, m, u, (), frequency, 0.5 if name in FREQUENCY else None)

    def terms(self, number):
        """What adds up to one pair's weight, in bits."""
        prior = self.splink["probability_two_random_records_match"]
        terms = [math.log2(prior) - math.log2(1 - prior)]
        for name, level in zip(LEVELS, self.levels[number].tolist(), strict=True):
            m, u = (self.splink["comparisons"][name][part] for part in "mu")
            if level >= 0:
                terms.append(math.log2(m[level]) - math.log2(u[level]))
            if name in FREQUENCY and level == len(m) - 1:
                value = self.table.columns[name].entries_of(int(self.left[number]))[0]
                terms.append(math.log2(u[level]) - math.log2(self.share[name][value]))
        return terms


@pytest.fixture(scope="module")
def golden():
    return Golden()


@pytest.fixture(scope="module")
def weight(golden):
    tables = compile_weights(golden.table, golden.model, TRAITS)
    return score_rows(tables, golden.left, golden.right, golden.levels, TRAITS, link_at=0)


def test_levels_are_splinks(golden):
    levels = compare_rows(golden.table, golden.left, golden.right, COMPARISONS)
    differ = np.argwhere(levels != golden.levels)
    assert len(differ) < 5
    for number, column in differ:  # where rounding decides whether a similarity reaches the cut, it does so here
        values = golden.table.columns[list(LEVELS)[column]]
        similarity = jaro_winkler(*(values.entries_of(int(side[number]))[0] for side in (golden.left, golden.right)))
        assert min(abs(similarity - 0.92), abs(similarity - 0.8)) < EPSILON
        assert levels[number, column] == golden.levels[number, column] + 1


def test_every_level_occurs(golden):
    for trait, column in zip(TRAITS, golden.levels.T, strict=True):
        assert set(column.tolist()) == set(range(-1, len(trait.levels)))


def test_the_terms_add_up_to_splinks_weight(golden):
    sums = [math.fsum(golden.terms(number)) for number in range(len(golden.pairs))]
    assert np.abs(np.array(sums) - golden.weight).max() < FLOATS


def test_weights_are_splinks_but_for_the_unit(golden, weight):
    allowed = np.array([len(golden.terms(number)) for number in range(len(golden.pairs))]) * HALF + FLOATS
    off = np.abs(weight / BITS - golden.weight)
    assert (off <= allowed).all()
    assert np.median(off) < 1e-6


def test_weights_are_the_sum_of_rounded_terms(golden, weight):
    rounded = [sum(round(term * BITS) for term in golden.terms(number)) for number in range(len(golden.pairs))]
    assert weight.tolist() == rounded
