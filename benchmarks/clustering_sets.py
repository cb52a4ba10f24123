"""Links to cluster, made up by number: people of a few records, one crowd, and a crowd in which all links are equal."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import BITS, CountLimit, ScoredPairs

Ints = npt.NDArray[np.int64]


class LinkSet(NamedTuple):
    """Records, their links, a limit that some components break, and what `cluster` asks about all other pairs."""

    records: int
    pairs: ScoredPairs
    limits: tuple[CountLimit, ...]
    conflict_bits: int

    def conflict(self, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]) -> tuple[Ints, Ints]:
        """Weight and conflict of pairs that are no links: from 0 down to `conflict_bits`, drawn by the two rows."""
        mixed = (left.astype(np.uint64) << np.uint64(32) | right.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        against = -((mixed >> np.uint64(40)) % np.uint64(self.conflict_bits * BITS + 1)).astype(np.int64)
        return against - BITS, against


def people(records: int, walked: int, *, seed: int = 7) -> LinkSet:
    """Records of people, 4 each on average, with two links a record; `walked` components hold two passports."""
    random = np.random.default_rng(seed)
    sizes = 1 + random.geometric(0.3, records)
    person = np.repeat(np.arange(len(sizes)), sizes)[:records]
    first = np.flatnonzero(np.diff(person, prepend=-1))
    sizes = np.diff(first, append=records)
    chain = np.flatnonzero(person[1:] == person[:-1])
    row = random.integers(0, records, 6 * records)
    mate = first[person[row]] + random.integers(0, 1 << 30, len(row)) % sizes[person[row]]
    left, right = np.append(chain, row), np.append(chain + 1, mate)
    pairs = scored_links(left, right, random, most=2 * records)
    passport = person.copy()
    large = random.permutation(np.flatnonzero(sizes >= 4))[:walked]
    passport[first[large]] += records  # another passport than the other records of the component
    holders = np.union1d(np.flatnonzero(random.random(records) < 0.5), np.append(first[large], first[large] + 3)).astype(
        np.int32
    )
    limit = CountLimit("at_most(passport, 1)", ("passport",), holders, passport[holders].astype(np.int32), n=1)
    return LinkSet(records, pairs, (limit,), conflict_bits=1)


def crowd(records: int, links: int, *, equal: bool = False, conflict_bits: int = 8, seed: int = 7) -> LinkSet:
    """One component: a chain through all records, and links between any two of them."""
    random = np.random.default_rng(seed)
    chain = np.arange(records - 1)
    left, right = (np.append(part, random.integers(0, records, 2 * links)) for part in (chain, chain + 1))
    pairs = scored_links(left, right, random, most=links)
    if equal:
        pairs.weight[:] = 5 * BITS
    return LinkSet(records, pairs, (), conflict_bits)


def scored_links(left: Ints, right: Ints, random: np.random.Generator, most: int) -> ScoredPairs:
    """The first links, each pair once and sorted, with weights of 2 to 20 bits that often are equal."""
    keys = np.minimum(left, right) << 32 | np.maximum(left, right)
    keys = keys[left != right]
    kept = np.sort(keys[np.sort(np.unique(keys, return_index=True)[1])[:most]])
    n = len(kept)
    weight = random.integers(4, 40, n) * (BITS // 2)
    none = np.zeros(n, np.int16)
    rows = (kept >> 32).astype(np.int32), (kept & 0xFFFFFFFF).astype(np.int32)
    return ScoredPairs(*rows, weight, none.astype(np.int8), none, np.zeros((n, 0), np.int8), (), ("made up",))
