"""Small random scenes for clustering, in the oracle's plain form and as the package's arrays."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from omniid.clustering.links import Priorities
from omniid.tables import NO_TIME, CountLimit, Limit, PairLimit, ScoredPairs
from oracle.cluster import Apart, AtMost, Evidence, Found, Link

LAST = 2  # place of what agrees on no identifier


class Scene(NamedTuple):
    n: int
    links: list[Link]
    limits: list[AtMost | Apart]
    must: list[tuple[int, int]]
    cannot: list[tuple[int, int]]


@st.composite
def limits_on(draw, n, name):
    """A limit on n rows: at most one or two values, the same within a window, or pairs of values that may not meet."""
    values = draw(st.dictionaries(st.integers(0, n - 1), st.sets(st.integers(0, 3), min_size=1, max_size=3), max_size=n))
    kind = draw(st.sampled_from(["count", "window", "pairs"]))
    if kind == "pairs":
        return Apart(name, draw(st.sets(st.sampled_from([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]))), values)
    if kind == "count":
        return AtMost(name, draw(st.integers(1, 2)), values)
    times = draw(st.dictionaries(st.integers(0, n - 1), st.integers(0, 6), max_size=n))
    return AtMost(name, draw(st.integers(1, 2)), values, times, draw(st.integers(1, 4)))


@st.composite
def scenes(draw, max_rows=9, max_limits=2, decisions=True):
    """Few rows, few weights and few values, so that ties, limits and contradictions are common."""
    n = draw(st.integers(1, max_rows))
    pairs = [(left, right) for left in range(n) for right in range(left + 1, n)]
    some = st.lists(st.sampled_from(pairs), unique=True, max_size=14) if pairs else st.just([])
    graded = st.tuples(st.integers(-1, 3), st.sampled_from([0, 0, 0, 1, 2]), st.integers(0, LAST))
    links = [Link(left, right, *draw(graded)) for left, right in draw(some)]
    limits = [draw(limits_on(n, f"limit {i}")) for i in range(draw(st.integers(0, max_limits)))]
    decided = draw(some)[:7] if decisions else []
    is_must = [draw(st.booleans()) for _ in decided]
    must = [pair for pair, yes in zip(decided, is_must, strict=True) if yes]
    return Scene(n, links, limits, must, [pair for pair, yes in zip(decided, is_must, strict=True) if not yes])


@st.composite
def conflicting_scenes(draw, max_rows=9, max_limits=1, decisions=True):
    """A scene, the weight and conflicts of every pair of its rows, and some rows that are equal to others."""
    scene = draw(scenes(max_rows=max_rows, max_limits=max_limits, decisions=decisions))
    listed = {(link.left, link.right): link.weight for link in scene.links}
    n = scene.n
    pairs, fields = {}, draw(st.integers(0, 2))
    against = st.sampled_from([0, -1, -2, -3, -5])
    several = st.tuples(against, st.sampled_from([False, False, True]))
    conflicts = st.tuples(
        st.tuples(st.sampled_from([0] * 5 * fields + [0, -1, -2, -3, -5]), st.just(False)), *[several] * fields
    )
    for pair in [(left, right) for left in range(n) for right in range(left + 1, n)]:
        weight = listed.get(pair, draw(st.sampled_from([-6, -6, -6, -1, 0, 2])))
        pairs[pair] = (weight, draw(conflicts))
    originals = list(range(n))
    links, limits = list(scene.links), [own_rows(limit) for limit in scene.limits]
    for original in draw(st.lists(st.integers(0, n - 1), max_size=3)):
        copy = len(originals)
        for row in range(copy):
            same = originals[row] == original
            pair = (min(originals[row], original), max(originals[row], original))
            pairs[row, copy] = (3, ((0, False),) * (fields + 1)) if same else pairs[pair]
        originals.append(original)
        links += [Link(original, copy, 3, 0, LAST)] if draw(st.integers(0, 3)) else []
        for limit in limits:
            if original in limit.values:
                limit.values[copy] = limit.values[original]
            if isinstance(limit, AtMost) and limit.times and original in limit.times:
                limit.times[copy] = limit.times[original]
    inner_max = draw(st.sampled_from([3, 4, 6, 120]))
    evidence = Evidence(pairs, inner_max=inner_max, sample=draw(st.sampled_from([1, 2, 6])), originals=originals, last=LAST)
    return Scene(len(originals), links, limits, scene.must, scene.cannot), evidence


def own_rows(limit):
    """A limit whose rows can be added to."""
    limit = limit._replace(values=dict(limit.values))
    return limit._replace(times=dict(limit.times)) if isinstance(limit, AtMost) and limit.times is not None else limit


def conflict_of(evidence):
    """The evidence as the callable that the package takes."""

    def conflict(left, right):
        assert (left < right).all()
        found = [evidence.pairs[pair] for pair in zip(left.tolist(), right.tolist(), strict=True)]
        weight = np.array([weight for weight, _ in found], np.int64)
        told = np.array([against for _, against in found], np.int64).reshape(len(found), fields_of(evidence) + 1, 2)
        return weight, 2 * told[:, :, 0] | told[:, :, 1]

    return conflict


def fields_of(evidence):
    """Of how many fields a person may have several values."""
    return len(next(iter(evidence.pairs.values()), (0, ((0, False),)))[1]) - 1


def shared_of(links, evidence):
    """In which of these fields each link shares a value."""
    told = [
        [shared or (against < 0 < link.tier) for against, shared in evidence.pairs[link.left, link.right][1][1:]]
        for link in links
    ]
    return np.array(told, bool).reshape(len(links), fields_of(evidence))


def scored(links: list[Link]) -> ScoredPairs:
    left, right, weight, tier, _ = (np.array(column) for column in zip(*links, strict=True)) if links else (np.zeros(0),) * 5
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


def priorities_of(links: list[Link]) -> Priorities:
    return Priorities(np.array([link.place for link in links], np.int16), LAST)


def limit_of(limit: AtMost | Apart) -> Limit:
    entries = [(row, code) for row, codes in limit.values.items() for code in sorted(codes)]
    rows, codes = np.array(entries, np.int32).reshape(-1, 2).T
    if isinstance(limit, Apart):
        return PairLimit(limit.name, ("field",), rows, codes, apart=apart_in(limit.pairs))
    if limit.window is None:
        return CountLimit(limit.name, ("field",), rows, codes, n=limit.n)
    times = np.array([limit.times.get(row, NO_TIME) for row, _ in entries], np.int64)
    return CountLimit(limit.name, ("field",), rows, codes, n=limit.n, times=times, window=limit.window)


def apart_in(pairs):
    """The relation as the callable that the package takes."""

    def apart(left, right):
        assert (left < right).all()
        return np.array([pair in pairs for pair in zip(left.tolist(), right.tolist(), strict=True)], bool)

    return apart


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
    refusals = [
        (r.left, r.right, r.weight, r.limit, r.left_codes, r.right_codes, r.ambiguous, r.conflict) for r in clustering.refusals
    ]
    conflicts = [(c.left, c.right, c.path) for c in clustering.conflicts]
    return Found(clusters_of(clustering.labels), refusals, conflicts, list(clustering.overridden))
