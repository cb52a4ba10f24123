"""Households of generated people against the homes they were given: `python benchmarks/households.py --records 100000`.

Pairs of different people in one household are judged by who most records of each entity belong to.
"""

import argparse
from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np

import omniid
from common import machine, measure
from omniid.datasets import generate
from omniid.household_results import live_together
from omniid.households import RELATIONS


def people_of_entities(found: omniid.Resolution, truth: Any) -> list[str]:
    """The person whom most records of each entity belong to."""
    person = {(row["source"], row["record_id"]): row["entity_id"] for row in truth.to_pylist()}
    records, entity = found.parts.records, found.parts.entity
    votes: list[Counter[str]] = [Counter() for _ in range(int(entity.max()) + 1)]
    for number, key in zip(entity.tolist(), records.keys(np.arange(len(records))), strict=True):
        votes[number][person[key]] += 1
    return [min(count, key=lambda one: (-count[one], one)) for count in votes]


def judge(found: omniid.Resolution, sample: Any) -> None:
    """Print precision and recall of pairs in one household, and what the relations are of."""
    whose = people_of_entities(found, sample.truth)
    homes = {row["entity_id"]: row for row in sample.people.to_pylist()}
    addressed = set(found.parts.entity[found.parts.records.columns["street"].present()[0]].tolist())
    pairs, kinds = set(), Counter()
    labels, relations = found.parts.households.labels, found.parts.households.relations
    for left, right, relation in zip(
        relations.left.tolist(), relations.right.tolist(), relations.relation.tolist(), strict=True
    ):
        one, other = sorted((whose[left], whose[right]))
        roles = " and ".join(sorted((homes[one]["role"], homes[other]["role"])))
        related = homes[one]["family_id"] == homes[other]["family_id"]
        kinds[RELATIONS[relation], "one person" if one == other else roles if related else "strangers"] += 1
        if one != other and labels[left] == labels[right]:
            pairs.add((one, other))
    share = [
        sum(homes[a][key] == homes[b][key] for a, b in pairs) / max(len(pairs), 1) for key in ("household_id", "family_id")
    ]
    print(f"pairs in one household  {len(pairs):,}; live together {share[0]:.3f}, of one family {share[1]:.3f}")
    for what, people in (("all people", set(whose)), ("both with an address", {whose[number] for number in addressed})):
        together: dict[str, list[str]] = {}
        for person in sorted(people):
            together.setdefault(homes[person]["household_id"], []).append(person)
        true = {pair for members in together.values() for pair in combinations(members, 2)}
        print(f"recall, {what:<20} {len(true & pairs) / max(len(true), 1):.3f} of {len(true):,} pairs")
    for (relation, truth), count in sorted(kinds.items(), key=lambda one: (one[0][0], -one[1])):
        print(f"  {relation:<28}{truth:<24}{count:>7,}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(machine(), end="\n\n", flush=True)
    sample = generate(arguments.records, seed=arguments.seed)
    found = omniid.resolve(dict(sample.channels))
    parts = found.parts
    with measure() as cost:
        live_together(parts.spec, parts.records, parts.evidence, parts.entity, parts.placement.is_person)
    print(found, end="\n\n")
    print(f"households and relations: {cost}\n")
    judge(found, sample)


if __name__ == "__main__":
    main()
