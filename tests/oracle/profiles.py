"""The profile pass the slow, obvious way: sets of rows, every rule read off the text."""

from fractions import Fraction
from itertools import combinations, product
from math import log2

from oracle.cluster import barrier


def join_profiles(clusters, near, worth, link_at, limits=(), cannot=(), originals=None, beta=Fraction(3, 2), most=60):
    """Clusters after two rounds, the unions made, and the unions refused.

    `near` maps (left, right) to the weight of a scored pair; `worth` maps two groups of distinct records to the weight of their
    profiles and the sum of their conflicts.
    """
    made, refused = [], []
    for _ in range(2):
        good = []
        for here, there in combinations(sorted(clusters, key=min), 2):
            pairs = [(-weight, *pair) for pair, weight in near.items() if pair in both_ways(here, there)]
            one, other = distinct(here, originals), distinct(there, originals)
            if not pairs or not 1 < len(one) * len(other) <= most:
                continue
            weight, total = worth(one, other)
            mean = Fraction(total, len(one) * len(other))
            if weight + beta * mean >= link_at:
                union = (
                    -(weight + beta * mean),
                    min(here),
                    min(there),
                    min(pairs)[1:],
                    weight,
                    mean.numerator // mean.denominator,
                )
                (refused if barrier(here, there, limits, cannot) else good).append(union)
        good.sort()
        joined = [one for one in good if all(one == best_of(good, name) for name in one[1:3])]
        made += [one[1:] for one in joined]
        for _, left, right, *_ in joined:
            here, there = (next(rows for rows in clusters if min(rows) == name) for name in (left, right))
            clusters = (clusters - {here, there}) | {here | there}
        if not joined:
            break
    return clusters, made, [one[3:] for one in refused]


def best_of(unions, name):
    return next(union for union in unions if name in union[1:3])


def both_ways(here, there):
    return set(product(here, there)) | set(product(there, here))


def distinct(rows, originals):
    """Of equal records the first."""
    first = {}
    for row in sorted(rows):
        first.setdefault(originals[row] if originals else row, row)
    return sorted(first.values())


def weigh_profiles(start_a, start_b, a, b, graded, swapped):
    """Weight of one union in bits: `graded` holds the levels of each record pair, `a` and `b` the bits of each level."""
    total, other = start_a, start_b
    for number, levels in enumerate(zip(*graded, strict=True)):
        there = [level for level in levels if level >= 0]
        if not there:
            continue
        better = [level for level in there if level not in (0, swapped[number])]
        best = max(better, key=lambda level: a[number][level]) if better else max(there)
        looks = min(log2(len(there)), max(a[number][best], 0))
        total, other = total + a[number][best] - looks, other + b[number][best] - looks
    return total - log2(1 + 2**other)
