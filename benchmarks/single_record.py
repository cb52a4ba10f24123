"""Microseconds that one record takes in plain Python: `python benchmarks/single_record.py [--records N] [--profile]`.

Omnichannel records are generated and resolved for a spec and a model. Half of them warm what is remembered of names and towns;
then the other half come one by one, each against the candidates that batch blocking gives it. CPU time, beside a fixed
calibration loop (two million additions), so that runs on other machines can be compared; the least of three rounds of new
records, as other programs can only make it slower.
"""

import argparse
import cProfile
import json
import pstats
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

import omniid
from omniid.blocking import plan_blocks, rule_from_dict
from omniid.datasets import generate
from omniid.frames import read_inputs
from omniid.gathering import bring_together
from omniid.pipeline import find_evidence
from omniid.single_record import EvidenceReader, Forms, KeyMaker, PairScorer, RecordReader, forms_of
from omniid.stages import Stages

ROUNDS = 3


class Timed(NamedTuple):
    """CPU microseconds of a call."""

    mean: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.mean:8.1f} {self.p50:8.1f} {self.p99:8.1f}"


def calibration() -> float:
    """CPU milliseconds of a loop that never changes."""
    start, total = time.process_time(), 0
    for number in range(2_000_000):
        total += number
    return (time.process_time() - start) * 1e3


def timed(call: Callable[[Any], object], jobs: Sequence[Any]) -> Timed:
    """How long a call takes on each of some jobs, each asked for the first time."""
    best: list[Timed] = []
    for part in np.array_split(np.arange(len(jobs)), ROUNDS):
        each, start = [], time.process_time()
        for at in part.tolist():
            before = time.perf_counter_ns()
            call(jobs[at])
            each.append((time.perf_counter_ns() - before) / 1e3)
        mean = (time.process_time() - start) / max(len(part), 1) * 1e6
        best.append(Timed(mean, *np.percentile(each, [50, 99]).tolist()))
    return min(best)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--profile", action="store_true", help="show where the time of each step goes")
    asked = parser.parse_args()
    frames = dict(generate(asked.records).channels)
    found = omniid.resolve(frames)
    spec, model = found.spec, found.model
    sent = bring_together(read_inputs(frames), spec)
    records = found.parts.records
    evidence = find_evidence(records, spec, model, Stages())
    rules = [rule_from_dict(rule) for rule in model.rules]
    candidates: dict[int, list[int]] = {}
    for chunk in plan_blocks(evidence.table, rules).candidates():
        for left, right in zip(chunk.left.tolist(), chunk.right.tolist(), strict=True):
            candidates.setdefault(left, []).append(right)
            candidates.setdefault(right, []).append(left)
    order = np.random.default_rng(0).permutation(len(sent)).tolist()
    warm, fresh = order[: len(order) // 2], order[len(order) // 2 :]

    reader, of_forms = RecordReader(spec, model), EvidenceReader(spec)
    maker, scorer = KeyMaker([rule for rule in rules if rule.strategy not in ELSEWHERE]), PairScorer(spec, model)
    names = list(sent.raw)
    cells = list(zip(*([column.entries_of(row) for row in range(len(sent))] for column in sent.raw.values()), strict=True))
    sources = [sent.sources[code] for code in sent.source.tolist()]

    def said(row: int) -> tuple[str, dict[str, list[str]]]:
        found = ((name, [text for text in texts if text is not None]) for name, texts in zip(names, cells[row], strict=True))
        return sources[row], {name: texts for name, texts in found if texts}

    forms = forms_of(records)
    ready = [scorer.ready(of_forms.read(one)) for one in forms]
    pairs = [(row, other) for row in fresh for other in candidates.get(row, ())]
    steps: dict[str, tuple[Callable[[Any], object], Sequence[Any], Sequence[Any]]] = {
        "forms": (lambda job: reader.read_entries(*job), [said(row) for row in warm], [said(row) for row in fresh]),
        "to and from JSON": (lambda one: Forms(*json.loads(json.dumps(one))), forms[:100], forms),
        "evidence": (lambda one: scorer.ready(of_forms.read(one)), forms[:100], forms),
        "keys": (
            lambda row: maker.keys_of(of_forms.read(forms[row])),
            warm,
            fresh,
        ),
        "one pair": (
            lambda pair: scorer.score(ready[pair[0]], ready[pair[1]]),
            [(row, other) for row in warm for other in candidates.get(row, ())],
            pairs,
        ),
    }
    per_record = len(pairs) / len(fresh)
    print(f"{len(sent):,} records, {len(rules)} rules, {len(model.comparisons)} comparisons, {per_record:.1f} candidates")
    print(f"calibration loop: {min(calibration() for _ in range(3)):.0f} ms\n\nCPU microseconds      mean      p50      p99")
    for name, (call, before, jobs) in steps.items():
        for job in before:
            call(job)
        print(f"{name:18}", timed(call, jobs))
        if asked.profile:
            profile = cProfile.Profile()
            profile.enable()
            for job in jobs[:5000]:
                call(job)
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(14)


ELSEWHERE = ("sorted_neighbourhood", "shared_qgrams")  # rules that no single record has keys of

if __name__ == "__main__":
    main()
