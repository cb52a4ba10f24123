"""Small random scenes for clustering, in the oracle's plain form and as the package's arrays."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from omniid.tables import Limit, ScoredPairs
from oracle.cluster import AtMost, Found, Link


class Scene(NamedTuple):
    n: int
    links: list[Link]
    limits: list[AtMost]
    must: list[tuple[int, int]]
    cannot: list[tuple[int, int]]


@st.composite
def scenes(draw, max_rows=9, max_limits=2, decisions=True):
    """Few rows, few weights and few values, so that ties, limits and contradictions are common."""
    n = draw(st.integers(1, max_rows))
    pairs = [(left, right) for left in range(n) for right in range(left + 1, n)]
    some = st.lists(st.sampled_from(pairs), unique=True, max_size=14) if pairs else st.just([])
    links = [Link(left, right, draw(st.integers(-1, 3)), draw(st.sampled_from([0, 0, 0, 1, 2]))) for left, right in draw(some)]
    values = st.dictionaries(st.integers(0, n - 1), st.sets(st.integers(0, 3), min_size=1, max_size=3), max_size=n)
    limits = [AtMost(f"limit {i}", draw(st.integers(1, 2)), draw(values)) for i in range(draw(st.integers(0, max_limits)))]
    decided = draw(some)[:7] if decisions else []
    is_must = [draw(st.booleans()) for _ in decided]
    must = [pair for pair, yes in zip(decided, is_must, strict=True) if yes]
    return Scene(n, links, limits, must, [pair for pair, yes in zip(decided, is_must, strict=True) if not yes])


def scored(links: list[Link]) -> ScoredPairs:
    left, right, weight, tier = (np.array(column) for column in zip(*links, strict=True)) if links else (np.zeros(0),) * 4
    return ScoredPairs(
        left.astype(np.int32),
        right.astype(np.int32),
        weight.astype(np.int64),
        tier.astype(np.int8),
        np.zeros(len(links), np.int16),
        np.zeros((len(links), 0), np.int8),
        (),
        ("rule",),
    )


def limit_of(limit: AtMost) -> Limit:
    entries = [(row, code) for row, codes in limit.values.items() for code in sorted(codes)]
    rows, codes = np.array(entries, np.int32).reshape(-1, 2).T
    return Limit(limit.name, "field", limit.n, rows, codes)


def rows_of(pairs) -> np.ndarray:
    return np.array(pairs, np.int32).reshape(-1, 2)


def clusters_of(labels) -> set[frozenset[int]]:
    clusters = {}
    for row, label in enumerate(np.asarray(labels).tolist()):
        clusters.setdefault(label, set()).add(row)
    assert all(label == min(rows) for label, rows in clusters.items())
    return {frozenset(rows) for rows in clusters.values()}


def plain(clustering) -> Found:
    """A Clustering in the oracle's form."""
    refusals = [(r.left, r.right, r.weight, r.limit, r.left_codes, r.right_codes, r.ambiguous) for r in clustering.refusals]
    conflicts = [(c.left, c.right, c.path) for c in clustering.conflicts]
    return Found(clusters_of(clustering.labels), refusals, conflicts, list(clustering.overridden))
