"""Matching in batch against one record at a time: `python benchmarks/batch_vs_rows.py --records 100000`.

With one model and one table, the same candidate pairs are weighed three ways: all records by the fused kernel; all by the plain
stages; and some records one by one, each with its own candidates, by the functions that answer single questions. Candidates of
single records are looked up beforehand. Prints what a record and a pair cost, and checks that all weights are the same.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from common import Cost, machine, measure
from matching_core import COMPARISONS, LINK_BITS, RULES, TRAITS, blocking_rule, fit, read_people
from omniid.blocking import BlockPlan, plan_blocks
from omniid.comparison import PairComparer, compare
from omniid.kernel import score_records
from omniid.kernel_plans import kernel_plan
from omniid.matching import WeightTables, compile_weights, match, score_rows
from omniid.tables import BITS, Rows, ScoredPairs, Weights
from people_set import people_file

LINK_AT = round(LINK_BITS * BITS)


def candidates_of(plan: BlockPlan, rows: Rows) -> list[tuple[Rows, Rows]]:
    """Each row's candidate pairs, from either side."""
    chunks = list(plan.candidates())
    left, right = (np.concatenate([getattr(chunk, side) for chunk in chunks]) for side in ("left", "right"))
    ends, order = np.concatenate([left, right]), np.argsort(np.concatenate([left, right]), kind="stable")
    starts, stops = (np.searchsorted(ends[order], rows, side=side) for side in ("left", "right"))
    pairs = [order[start:stop] % len(left) for start, stop in zip(starts, stops, strict=True)]
    return [(left[at], right[at]) for at in pairs]


def one_by_one(wanted: list[tuple[Rows, Rows]], comparer: PairComparer, weights: WeightTables) -> list[Weights]:
    """The weights of each record's candidates, record by record."""
    return [score_rows(weights, left, right, comparer.levels(left, right), TRAITS, link_at=LINK_AT) for left, right in wanted]


def timed(label: str, work: Callable[[], ScoredPairs | list[Weights]], records: int, pairs: int):
    """Do the work and print what it cost."""
    with measure() as cost:
        done = work()
    print_row(label, cost, records, pairs)
    return done


def print_row(label: str, cost: Cost, records: int, pairs: int) -> None:
    """One line of the table."""
    each = f"{1e6 * cost.cpu / records:>14.1f}{1e6 * cost.cpu / max(pairs, 1):>12.2f}"
    print(f"{label:<26}{records:>10,}{pairs:>12,}{cost.wall:>9.2f}{cost.cpu:>9.2f}{each}{cost.peak_gib:>10.2f}", flush=True)


def check(wanted: list[tuple[Rows, Rows]], weights: list[Weights], links: ScoredPairs) -> None:
    """Every weight from the link threshold on must be the one that the kernel gave."""
    known = dict(zip(zip(links.left.tolist(), links.right.tolist(), strict=True), links.weight.tolist(), strict=True))
    for (left, right), found in zip(wanted, weights, strict=True):
        for a, b, weight in zip(left.tolist(), right.tolist(), found.tolist(), strict=True):
            if known.get((a, b)) != (weight if weight >= LINK_AT else None):
                raise SystemExit(f"rows {a} and {b} weigh {weight} alone and {known.get((a, b))} in batch")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=2_000, help="records that are matched one at a time")
    parser.add_argument("--rules", choices=("light", "heavy"), default="light")
    parser.add_argument("--folder", type=Path, default=Path("people"), help="where the sets are kept (default: people)")
    arguments = parser.parse_args()
    print(machine(), end="\n\n", flush=True)
    table = read_people(str(people_file(arguments.folder, arguments.records)))
    plan = plan_blocks(table, [blocking_rule(keys) for keys in RULES[arguments.rules]], max_block=max(len(table), 2))
    comparer = PairComparer(table, COMPARISONS)
    model = fit(table, plan, comparer, workers=1).replace(link_at=LINK_BITS, review_at=LINK_BITS)
    weights = compile_weights(table, model, TRAITS)
    rows = np.sort(np.random.default_rng(0).choice(len(table), min(arguments.rows, len(table)), replace=False))
    wanted = candidates_of(plan, rows.astype(np.int32))
    compared, asked = sum(len(chunk.left) for chunk in plan.candidates()), sum(len(left) for left, _ in wanted)
    head = f"{'records':>10}{'pairs':>12}{'wall s':>9}{'CPU s':>9}{'us a record':>14}{'us a pair':>12}{'peak GiB':>10}"
    print(f"{'one thread':<26}{head}")
    kernel = kernel_plan(plan, comparer, weights, TRAITS, model)
    links = timed("batch, fused kernel", lambda: score_records(kernel), len(table), compared)
    vectors = compare(table, plan.candidates(), COMPARISONS)
    plain = timed("batch, plain stages", lambda: match(table, vectors, model, TRAITS), len(table), compared)
    if not np.array_equal(plain.weight, links.weight):
        raise SystemExit("the fused kernel and the plain stages disagree")
    alone = timed("one record at a time", lambda: one_by_one(wanted, comparer, weights), len(wanted), asked)
    check(wanted, alone, links)
    print("\nall weights are the same")


if __name__ == "__main__":
    main()
