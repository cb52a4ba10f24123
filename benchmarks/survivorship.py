"""Survivorship beside pandas: golden profiles and provenance of a million records, by ten fields with mixed rules.

Run ``python benchmarks/survivorship.py`` from the root of the repository. Both get the same records, already normalized, whose
values are codes into sorted distinct values (to pandas as ordered categoricals, which it sorts and compares fastest), and both
must give the same profiles, the same surviving values and the same deciding rules: the run checks that. Each side runs in a
process of its own, so that the peak of memory is its own; ``--rounds`` repeats the pair.

The pandas side is what one writes by hand: per field one long frame, one column of ranks per rule, one sort, `drop_duplicates`
for the winner, and rule after rule `groupby.transform` to say which of them decided. It is spared the lists of all values that
`union` keeps, which pandas can only make person by person.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

import numpy as np
import pyarrow as pa

from common import machine, measure
from omniid.survivorship import rule_from_text, survive
from omniid.tables import NO_TIME, Column, RecordTable, no_rejects

Rules = dict[str, list[str]]

SOURCES = ("app", "crm", "shop", "web")
TRUST = {"app": 40, "crm": 90, "shop": 60, "web": 30}
RULES: Rules = {
    "email": ["union", "most_recent", "most_frequent"],
    "phone": ["union", "most_recent", "most_frequent"],
    "first_name": ["most_frequent", "longest", "most_recent"],
    "last_name": ["most_frequent", "most_recent"],
    "birth_date": ["source_priority(crm, app)", "most_frequent"],
    "street": ["source_priority(crm, shop)", "most_recent"],
    "city": ["same_record_as(street)", "most_recent"],
    "postcode": ["same_record_as(street)", "most_recent"],
    "occupation": ["trusted(half_life=180d)", "longest"],
    "newsletter": ["most_recent", "min"],
}
# How many distinct values a field has: of all records, or each person has some of their own.
DISTINCT = {"first_name": 20_000, "last_name": 60_000, "birth_date": 25_000, "city": 5_000, "occupation": 800, "newsletter": 2}
FILLED, DIFFERS = 0.8, 0.15  # share of cells that hold something; of those, what says otherwise than most of the person's
HALF_LIFE = 180 * 86_400_000_000


def made(n_records: int, n_people: int, seed: int = 7) -> tuple[RecordTable, np.ndarray, pa.Array]:
    """Records of people: table, entity per row, entity ids."""
    random = np.random.default_rng(seed)
    entity = np.sort(np.r_[np.arange(n_people), random.integers(0, n_people, n_records - n_people) ** 2 // n_people])
    entity = entity[random.permutation(n_records)].astype(np.int32)  # the square gives some people many records
    source = np.sort(random.integers(0, len(SOURCES), n_records)).astype(np.int32)
    time = random.integers(1_600_000_000, 1_760_000_000, n_records) // 86_400 * 86_400_000_000
    time[random.random(n_records) < 0.1] = NO_TIME
    columns = {field: _column(field, entity, n_people, random) for field in RULES}
    keys = pa.array([f"r{i:08}" for i in range(n_records)], pa.large_string())
    table = RecordTable(SOURCES, source, keys, columns, columns, columns, time, no_rejects())
    return table, entity, pa.array([f"e{i:07}" for i in range(n_people)], pa.large_string())


def _column(field: str, entity: np.ndarray, n_people: int, random: np.random.Generator) -> Column:
    n = len(entity)
    other = random.random(n) < DIFFERS
    if field in DISTINCT:
        codes = random.integers(0, DISTINCT[field], n_people)[entity]
        codes[other] = random.integers(0, DISTINCT[field], int(other.sum()))
    else:  # of one's own: up to three
        codes = entity.astype(np.int64) * 3 + np.where(other, random.integers(1, 3, n), 0)
    codes = np.where(random.random(n) < FILLED, codes, -1)
    distinct, codes = np.unique(codes, return_inverse=True)
    held = distinct[distinct >= 0]
    values = pa.array([f"{field} {'x' * (value % 7)}{value:08}" for value in held.tolist()], pa.large_string())
    order = np.argsort(np.array(values.to_pylist(), object))  # codes in code-point order, as the tables of the package are
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    codes = codes - (len(distinct) - len(held))
    return Column(np.where(codes >= 0, place[codes], -1).astype(np.int32), values.take(pa.array(order)))


def by_omniid(table: RecordTable, entity: np.ndarray, ids: pa.Array) -> tuple[Any, dict[str, Any]]:
    """Profiles and provenance as the package makes them, and what is compared."""
    chains = {field: [rule_from_text(rule) for rule in chain] for field, chain in RULES.items()}
    with measure() as cost:
        profiles = survive(table, entity, ids, chains, trust=TRUST)
    rules = profiles.provenance["rule"].combine_chunks()
    names, said = rules.dictionary.to_pylist(), np.bincount(np.asarray(rules.indices))
    told = {
        "provenance": profiles.provenance.num_rows,
        "survived": int(np.asarray(profiles.provenance["survived"]).sum()),
        "rules": {name: int(n) for name, n in sorted(zip(names, said.tolist(), strict=False)) if n},
        "profiles": {field: _digest(profiles.entities[field].to_pylist()) for field in RULES},
    }
    return cost, told


def by_pandas(table: RecordTable, entity: np.ndarray, ids: pa.Array) -> tuple[Any, dict[str, Any]]:
    """The same by hand, in pandas."""
    import pandas as pd

    frame = pd.DataFrame(
        {
            "entity": entity,
            "source": pd.Categorical.from_codes(table.source, SOURCES),
            "record_id": table.record_id.to_pandas(),
            "time": np.where(table.time == NO_TIME, np.iinfo(np.int64).min, table.time),
        }
    )
    for field in RULES:
        column = table.columns[field]
        frame[field] = pd.Categorical.from_codes(column.codes, column.vocabulary.to_pandas(), ordered=True)
    with measure() as cost:
        profiles, provenance = survive_in_pandas(frame, len(ids))
    told = {
        "provenance": len(provenance),
        "survived": int(provenance["survived"].sum()),
        "rules": {name: int(n) for name, n in sorted(provenance["rule"].value_counts().items()) if n},
        "profiles": {field: _digest(profiles[field].astype(object).where(profiles[field].notna(), None)) for field in RULES},
    }
    return cost, told


def survive_in_pandas(frame: Any, n_people: int) -> tuple[Any, Any]:
    """Profiles and provenance of a frame of records, field by field."""
    import pandas as pd

    profiles = pd.DataFrame(index=pd.RangeIndex(n_people))
    won: dict[str, Any] = {}
    traces = []
    latest = frame.groupby("entity")["time"].transform("max")
    trust = frame["source"].map(TRUST).astype(np.int64)
    for field, chain in RULES.items():
        held = frame.loc[frame[field].notna(), ["entity", "source", "record_id", "time", field]].rename(
            columns={field: "value"}
        )
        held["row"] = held.index
        held["code"] = held["value"].cat.codes
        ranks = []
        for number, rule in enumerate(chain):
            held[f"rank{number}"] = _rank(rule, held, trust, latest, won)
            ranks.append(f"rank{number}")
        held = held.sort_values(["entity", *ranks, "code", "row"], ascending=[True, *[False] * len(ranks), True, True])
        winner = held.drop_duplicates("entity").set_index("entity")
        profiles[field] = winner["value"].reindex(profiles.index)
        won[field] = winner["row"]
        held["survived"] = ~held.duplicated(["entity", "code"] if chain[0] == "union" else ["entity"])
        held["rule"] = _decided(held, chain, ranks, winner)
        held["field"] = field
        traces.append(held[["entity", "field", "value", "source", "record_id", "time", "rule", "survived"]])
    for trace in traces:
        trace["value"] = trace["value"].astype(object)
    return profiles, pd.concat(traces, ignore_index=True)


def _rank(rule: str, held: Any, trust: Any, latest: Any, won: dict[str, Any]) -> Any:
    name, _, told = rule.rstrip(")").partition("(")
    trust = trust.reindex(held.index)
    if name == "most_recent":
        return held["time"]
    if name == "most_frequent":
        return trust.groupby([held["entity"], held["code"]]).transform("sum")
    if name == "longest":
        return held["value"].cat.categories.str.len().to_numpy()[held["code"]]
    if name == "source_priority":
        order = told.split(", ")
        return held["source"].map({one: len(order) - order.index(one) if one in order else 0 for one in SOURCES}).astype(int)
    if name == "same_record_as":
        return (held["entity"].map(won[told]) == held["row"]).astype(int)
    if name == "trusted":
        now = latest.reindex(held.index)
        time = held["time"].where(held["time"] != NO_TIME, now.where(now != NO_TIME, 0) - HALF_LIFE)
        return time + (np.log2(trust) * HALF_LIFE).round().astype(np.int64)
    return -held["code"].astype(np.int64) if name == "min" else np.zeros(len(held), np.int64)  # union prefers none


def _decided(held: Any, chain: list[str], ranks: list[str], winner: Any) -> Any:
    """The first rule of the chain after which only the winner's value was left."""
    import pandas as pd

    best = held["entity"].map(winner["code"])
    loses, alive = held["code"] != best, pd.Series(data=True, index=held.index)
    contested = loses.groupby(held["entity"]).transform("any")
    out = pd.Series("only value", index=held.index).where(~contested, "code-point order")
    waiting = contested.copy()
    for rule, rank in zip(chain, ranks, strict=True):
        alive &= held[rank] == held["entity"].map(winner[rank])
        still = (alive & loses).groupby(held["entity"]).transform("any")
        out = out.mask(waiting & ~still, rule)
        waiting &= still
    return out


def _digest(values: Any) -> str:
    """One short text for a column of values."""
    import hashlib

    return hashlib.blake2b(
        "\x1f".join("" if value is None else str(value) for value in values).encode(), digest_size=8
    ).hexdigest()


def main() -> None:
    """Run both sides, each in its own process, and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--side", choices=["omniid", "pandas"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        cost, told = {"omniid": by_omniid, "pandas": by_pandas}[options.side](*made(options.records, options.people))
        print(json.dumps({"wall": cost.wall, "cpu": cost.cpu, "peak": cost.peak_gib, "told": told}))
        return
    print(machine())
    print(f"{options.records:,} records, {options.people:,} people, {len(RULES)} fields")
    for _ in range(options.rounds):
        costs = {side: _run(side, options.records, options.people) for side in ("omniid", "pandas")}
        if costs["omniid"]["told"] != costs["pandas"]["told"]:
            sys.exit(f"the two sides differ: {costs['omniid']['told']} and {costs['pandas']['told']}")
        for side, cost in costs.items():
            speed = options.records / cost["wall"]
            spent = f"{cost['wall']:6.2f} s wall, {cost['cpu']:6.2f} s CPU, peak {cost['peak']:.2f} GiB"
            print(f"{side:7s} {spent}, {speed:9,.0f} rows/s")
        ratio = {what: costs["pandas"][what] / costs["omniid"][what] for what in ("wall", "cpu")}
        print(f"pandas takes {ratio['wall']:.1f} times as long ({ratio['cpu']:.1f} in CPU)")
    told = costs["omniid"]["told"]
    print(f"the same profiles on both sides; {told['provenance']:,} rows of provenance, {told['survived']:,} survived")


def _run(side: str, records: int, people: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--side", side, "--records", str(records), "--people", str(people)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    out: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return out


if __name__ == "__main__":
    main()
