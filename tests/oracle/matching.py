"""Slow, obvious twins of the matching room, and a made-up world in which m, u and the prior are known."""

import math
from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np

from omniid.matching.u_probabilities import random_pairs
from omniid.tables import ComparisonTraits, ComparisonVectors, RecordTable, VectorChunk

LEVELS = ("else", "alike", "exact")


@dataclass(eq=False)
class World:
    """Records whose values are "base" or "base~n"; equal is exact, equal bases are alike, "" is missing."""

    table: RecordTable
    person: np.ndarray
    household: np.ndarray
    traits: tuple[ComparisonTraits, ...]
    chunk: int = 50_000
    codes: dict = field(default_factory=dict)

    def __post_init__(self):
        for trait in self.traits:
            column = self.table.columns[trait.name]
            bases = {value: value.split("~")[0] for value in column.vocabulary.to_pylist()}
            number = {base: i for i, base in enumerate(sorted(set(bases.values())))}
            base = np.array([number[bases[value]] for value in column.vocabulary.to_pylist()] + [-1])
            self.codes[trait.name] = (column.codes, base[column.codes])

    def compare_rows(self, left, right):
        levels = np.zeros((len(left), len(self.traits)), np.int8)
        for k, trait in enumerate(self.traits):
            code, base = self.codes[trait.name]
            levels[:, k] = (base[left] == base[right]).astype(np.int8) + (code[left] == code[right])
            levels[(code[left] < 0) | (code[right] < 0), k] = -1
        return levels

    def vectors(self, pairs=None):
        """Vectors of the given pairs, else of all pairs that agree on the base of some field."""
        left, right = self.candidates() if pairs is None else pairs
        names = tuple(trait.name for trait in self.traits)

        def make():
            for start in range(0, len(left), self.chunk):
                one, two = left[start : start + self.chunk], right[start : start + self.chunk]
                yield VectorChunk(one, two, np.zeros(len(one), np.int16), self.compare_rows(one, two))

        return ComparisonVectors(names, tuple(len(trait.levels) for trait in self.traits), ("any",), make)

    def candidates(self):
        n = len(self.table)
        found = set()
        for trait in self.traits:
            base = self.codes[trait.name][1]
            order = np.argsort(base, kind="stable")
            order = order[base[order] >= 0]
            groups = np.split(order, np.flatnonzero(np.diff(base[order])) + 1)
            for group in groups:
                if 1 < len(group) <= 60:
                    one, two = np.triu_indices(len(group), 1)
                    a, b = group[one], group[two]
                    found.update((np.minimum(a, b) * n + np.maximum(a, b)).tolist())
        keys = np.array(sorted(found), np.int64)
        return (keys // n).astype(np.int32), (keys % n).astype(np.int32)


def make_world(
    n_people=800,
    seed=0,
    exact=(0.8, 0.85, 0.9, 0.7),
    alike=(0.1, 0.1, 0.05, 0.1),
    missing=0.1,
    relatives=0.0,
    copies=2,
    frequency=True,
    sizes=(120, 400, 900, 3000),
):
    """Draw people with up to `copies` records each; field k of a later record is kept, made alike or replaced."""
    rng = np.random.default_rng(seed)
    names = ("first_name", "last_name", "birth_date", "email")
    shared = (False, True, False, True)
    people = [[zipf(rng, size, k) for k, size in enumerate(sizes)] for _ in range(n_people)]
    home = list(range(n_people))
    for i in range(1, n_people):
        if rng.random() < relatives:
            people[i][1], people[i][3], home[i] = people[i - 1][1], people[i - 1][3], home[i - 1]
    rows, owner = [], []
    for i, person in enumerate(people):
        for copy in range(1 + rng.integers(copies)):
            row = {"record_id": f"{len(rows):06d}"}
            for k, name in enumerate(names):
                value, dice = f"{name}{person[k]}", rng.random()
                if copy and dice > exact[k]:
                    value = f"{value}~{rng.integers(1000)}" if dice < exact[k] + alike[k] else f"{name}{zipf(rng, sizes[k], k)}"
                row[name] = None if rng.random() < missing else value
            rows.append(row)
            owner.append(i)
    traits = tuple(
        ComparisonTraits(name, LEVELS, (0.1, 0.1, 0.8), shared_by_relatives=s, frequency=name if frequency else None)
        for name, s in zip(names, shared, strict=True)
    )
    person = np.array(owner)
    return World(RecordTable.of(rows), person, np.array(home)[person], traits)


def zipf(rng, size, k):
    """A value number; the first field is skewed, later ones less."""
    return int(size * rng.random() ** (2.0 if k < 2 else 1.0))


def truth_of(world, left, right):
    return world.person[left] == world.person[right]


def shares_of(world, left, right):
    """Observed share of each level per comparison among the given pairs."""
    levels = world.compare_rows(left, right)
    shares = []
    for column in levels.T:
        present = np.bincount(column[column >= 0], minlength=3)
        shares.append(present / max(present.sum(), 1))
    return shares


def draw(world, size=200_000):
    return random_pairs(world.table, size)[:2]


def without_frequency(world):
    return World(world.table, world.person, world.household, tuple(replace(t, frequency=None) for t in world.traits))


def two_class_em(vectors, m, u, prior, all_pairs, alpha_m, rounds):
    """Textbook EM over pairs (not patterns), u fixed: pure Python, one pair at a time.

    `alpha_m[k][l]` are pseudo-pairs; the prior has half a matching and one stranger pair as pseudo-counts.
    """
    m = [list(part) for part in m]
    for _ in range(rounds):
        sums = [list(part) for part in alpha_m]
        total = 0.0
        for vector in vectors:
            yes, no = prior, 1 - prior
            for k, level in enumerate(vector):
                if level >= 0:
                    yes, no = yes * m[k][level], no * u[k][level]
            p = yes / (yes + no)
            total += p
            for k, level in enumerate(vector):
                if level >= 0:
                    sums[k][level] += p
        m = [[x / sum(part) for x in part] for part in sums]
        prior = (total + 0.5) / (all_pairs + 1.5)
    return m, prior


def naive_weight(world, model, left, right, epsilon=0.02):
    """The match weight in bits, in floating point, from the values themselves and plain dictionaries."""
    levels = world.compare_rows(np.array([left]), np.array([right]))[0]
    stranger = 1 - model.prior - model.prior_relatives
    s_m, s_u = math.log2(model.prior), math.log2(stranger)
    s_h = math.log2(model.prior_relatives) if model.prior_relatives else -math.inf
    for k, (trait, part) in enumerate(zip(world.traits, model.comparisons, strict=True)):
        level = int(levels[k])
        if level < 0:
            continue
        m, u, h = part.m[level], part.u[level], part.h[level] if part.h else None
        new = value_u(world, trait, part, level, left, right)
        if new is not None:
            if h is not None and not trait.shared_by_relatives:
                h = h + (1 - epsilon) * (new - u)
            u = new
        s_m, s_u = s_m + math.log2(m), s_u + math.log2(u)
        s_h = s_h + math.log2(h) if h is not None else s_h
    top = max(s_u, s_h)
    return s_m - top - math.log2(2 ** (s_u - top) + 2 ** (s_h - top))


def value_u(world, trait, part, level, left, right):
    """u of a level for the values at hand, or None where value frequency does not enter."""
    if part.rare is None or not 0 < level <= trait.exact or trait.levels[level] == "swapped":
        return None
    column = world.table.columns[trait.frequency]
    share = max(stored_share(trait.frequency, value, part) for row in (left, right) for value in column.entries_of(row))
    if level == trait.exact:
        return share
    if part.typical is None:
        return None
    return min(part.u[level] * 2 ** (0.5 * min(max(math.log2(share / part.typical), -6), 4)), 1.0)


def stored_share(name, value, part):
    """What a model holds of one value, found by hashing that value alone."""
    import pyarrow as pa

    from omniid.hashing import hash_strings

    salt = int(hash_strings(pa.array([name], pa.large_string()))[0])
    return part.frequency.get(f"{int(hash_strings(pa.array([value], pa.large_string()), salt)[0]):016x}", part.rare)


def count_slowly(vectors):
    """Agreement patterns, one pair at a time."""
    return Counter(tuple(row) for chunk in vectors for row in chunk.levels.tolist())
