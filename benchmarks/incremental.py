"""Records that arrive in parts end as one batch run says: `python benchmarks/incremental.py [--records N] [--one-by-one N]`.

Generated channel records are split at random, 90/10 and 50/50, and handed to a store in two calls, in random order; then a part
of them one by one. After each the store's entities are compared with those of a batch run over everything under the store's own
model: the Jaccard index of the pairs of records that are one entity must be exactly 1. Of the entities whose records are the
same before and after the second call, the share that kept its id must be 1, too. Ends with an error where it is not.
"""

import argparse
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import omniid
from common import machine, measure, peak_memory
from omniid.datasets import generate

Key = tuple[str, str]
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Outcome:
    """How a store compares with a batch run."""

    records: int
    entities: int
    jaccard: float
    same: int  # entities whose records are the same before and after the last call
    kept: int  # of those, how many kept their id
    seconds: float  # that the store's calls took

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        return self.jaccard == 1.0 and self.kept == self.same


def made(records: int, seed: int) -> Rows:
    """Generated records by channel."""
    return {name: table.to_pylist() for name, table in generate(records, seed=seed).channels.items()}


def split(rows: Rows, shares: Sequence[float], draw: random.Random) -> list[Rows]:
    """The records in random order, in parts of about these shares."""
    parts: list[Rows] = [{} for _ in shares]
    for name, some in rows.items():
        mixed, start = draw.sample(some, len(some)), 0.0
        for part, share in zip(parts, shares, strict=True):
            part[name] = mixed[round(start * len(mixed)) : round((start + share) * len(mixed))]
            start += share
    return [{name: some for name, some in part.items() if some} for part in parts]


def one_by_one(rows: Rows, draw: random.Random) -> list[Rows]:
    """The records in random order, each a part of its own."""
    all_rows = [{name: [row]} for name, some in rows.items() for row in some]
    return draw.sample(all_rows, len(all_rows))


def entities(crosswalk: Any) -> dict[Key, str]:
    """Record → id of its entity."""
    return {(row["source"], row["record_id"]): row["entity_id"] for row in crosswalk}


def groups(named: Mapping[Key, str]) -> dict[str, frozenset[Key]]:
    """Id of an entity → its records."""
    out: dict[str, set[Key]] = {}
    for key, name in named.items():
        out.setdefault(name, set()).add(key)
    return {name: frozenset(keys) for name, keys in out.items()}


def pair_jaccard(one: Mapping[Key, str], other: Mapping[Key, str]) -> float:
    """Of the pairs of records that are one entity in either, the share that is in both; 0 where the records differ."""
    if one.keys() != other.keys():
        return 0.0
    both: dict[tuple[str, str], int] = {}
    for key, name in one.items():
        both[name, other[key]] = both.get((name, other[key]), 0) + 1
    in_both, in_one, in_other = (
        sum(n * (n - 1) // 2 for n in sizes)
        for sizes in (both.values(), map(len, groups(one).values()), map(len, groups(other).values()))
    )
    either = in_one + in_other - in_both
    return in_both / either if either else 1.0


def learned(rows: Rows) -> tuple[omniid.Spec, omniid.Model]:
    """What a store learns from all of the records."""
    with omniid.open(":memory:") as resolver:
        resolver.upsert(rows)
        resolver.fit()
        return resolver.spec, resolver.model


def batch(rows: Rows, spec: omniid.Spec, model: omniid.Model) -> dict[Key, str]:
    """What a batch run says under a store's own spec and model."""
    return entities(omniid.resolve(rows, spec, model=model).table("crosswalk").to_pylist())


def compare(parts: Sequence[Rows], spec: omniid.Spec, model: omniid.Model, expected: Mapping[Key, str]) -> Outcome:
    """Hand the parts to a store and compare it with the batch run."""
    with omniid.open(":memory:", spec, model=model, backend="rows") as resolver:
        started = time.perf_counter()
        for part in parts[:-1]:
            resolver.upsert(part)
        seconds = time.perf_counter() - started
        before = entities(resolver.crosswalk())
        started = time.perf_counter()
        resolver.upsert(parts[-1])
        seconds += time.perf_counter() - started
        after = entities(resolver.crosswalk())
    now = {members: name for name, members in groups(after).items()}
    same = [(name, now[members]) for name, members in groups(before).items() if members in now]
    kept = sum(old == new for old, new in same)
    return Outcome(len(after), len(now), pair_jaccard(after, expected), len(same), kept, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--one-by-one", type=int, default=5_000, metavar="N", help="records that are handed in one by one")
    parser.add_argument("--orders", type=int, default=2, metavar="N", help="random orders of each split")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    print(machine(), end="\n\n", flush=True)
    print(f"{'records':>8}  {'arriving':<12}{'entities':>9}{'Jaccard':>9}{'same':>8}{'kept':>8}{'seconds':>9}{'peak GiB':>10}")
    wrong = 0
    for records, ways in (
        (options.records, {"90 / 10": [0.9, 0.1], "50 / 50": [0.5, 0.5]}),
        (options.one_by_one, {"one by one": None}),
    ):
        rows = made(records, options.seed)
        with measure() as cost:
            spec, model = learned(rows)
            expected = batch(rows, spec, model)
        for way, shares in ways.items():
            for order in range(options.orders):
                draw = random.Random(options.seed * 1000 + order)
                parts = one_by_one(rows, draw) if shares is None else split(rows, shares, draw)
                out = compare(parts, spec, model, expected)
                wrong += not out.is_equal
                print(
                    f"{out.records:>8,}  {way:<12}{out.entities:>9,}{out.jaccard:>9.6f}{out.same:>8,}{out.kept:>8,}"
                    f"{out.seconds:>9.1f}{peak_memory():>10.2f}",
                    flush=True,
                )
        print(f"          (fit and batch run: {cost})", flush=True)
    if wrong:
        raise SystemExit(f"{wrong} stores differ from the batch run")
    print("every store says what the batch run says, and no id changed where the records of an entity did not")


if __name__ == "__main__":
    main()
