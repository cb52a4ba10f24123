"""Incremental equals batch, on a small cut of what the benchmark runs at 50,000 records; and what it measures is right."""

import random
import sys
from pathlib import Path

import omniid

sys.path.insert(0, str(Path(omniid.__file__).parents[2] / "benchmarks"))  # scripts, not a package

from incremental import batch, compare, learned, made, one_by_one, pair_jaccard, split

A, B, C, D = (("crm", name) for name in "abcd")


def test_the_jaccard_index_counts_pairs() -> None:
    one = {A: "1", B: "1", C: "1", D: "2"}
    assert pair_jaccard(one, {A: "x", B: "x", C: "x", D: "y"}) == 1.0
    assert pair_jaccard(one, {A: "x", B: "x", C: "y", D: "y"}) == 1 / 4
    assert pair_jaccard(one, {A: "x", B: "x", C: "x"}) == 0.0


def test_a_split_keeps_every_record_once() -> None:
    rows = {"crm": [{"id": str(n)} for n in range(7)], "web": [{"id": "1"}]}
    for parts in (split(rows, [0.5, 0.5], random.Random(1)), one_by_one(rows, random.Random(1))):
        told = sorted((name, row["id"]) for part in parts for name, some in part.items() for row in some)
        assert told == sorted((name, row["id"]) for name, some in rows.items() for row in some)


def test_records_that_arrive_in_parts_end_as_one_batch_run_says() -> None:
    rows = made(200, seed=7)
    spec, model = learned(rows)
    expected = batch(rows, spec, model)
    out = compare(split(rows, [0.5, 0.4, 0.1], random.Random(3)), spec, model, expected)
    assert out.records == 200
    assert (out.jaccard, out.kept) == (1.0, out.same)
    assert out.same > 20
