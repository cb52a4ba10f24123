"""What clustering promises, whatever the data."""

from itertools import product
from unittest.mock import patch

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components as scipy_components

import oracle.cluster as oracle
from omniid.clustering import cluster, conflicting, spoken_pairs
from omniid.clustering.apartness import Apartness
from omniid.clustering.best_first import merge_best_first
from omniid.clustering.held_values import follow_limit
from omniid.clustering.limited_sets import LimitedSets
from omniid.clustering.limits import sets_over_limit
from oracle.scenes import (
    clusters_of,
    conflict_of,
    conflicting_scenes,
    limit_of,
    plain,
    priorities_of,
    rows_of,
    scenes,
    scored,
    shared_of,
)


def run(scene, link_at=0, evidence=None):
    options = {}
    if evidence is not None:
        options = {"conflict": conflict_of(evidence), "inner_max": evidence.inner_max}
        options["shared"] = shared_of(scene.links, evidence)
        options["originals"] = None if evidence.originals is None else np.array(evidence.originals, np.int32)
    limits, more = [limit_of(limit) for limit in scene.limits], {"priorities": priorities_of(scene.links)}
    must, cannot = rows_of(scene.must), rows_of(scene.cannot)
    return cluster(scene.n, scored(scene.links), link_at=link_at, limits=limits, must=must, cannot=cannot, **options, **more)


@given(scenes())
def test_the_package_finds_what_the_slow_obvious_way_finds(scene):
    assert oracle.cluster(scene.n, scene.links, 0, scene.limits, scene.must, scene.cannot) == plain(run(scene))


@given(conflicting_scenes())
def test_conflicts_copies_and_large_components_agree_with_the_slow_obvious_way(case):
    scene, evidence = case
    wanted = oracle.cluster(scene.n, scene.links, 0, scene.limits, scene.must, scene.cannot, evidence)
    with patch.object(spoken_pairs, "SPEAKERS", evidence.sample):
        assert wanted == plain(run(scene, evidence=evidence))


@given(scenes(max_limits=0), st.integers(1, 2))
def test_overridden_sets_agree_with_the_slow_obvious_way(scene, n):
    """Many records hold several values, so that most scenes have overridden sets and unions that are tried again."""
    values = {row: {row % 3, (row * row) % 4} for row in range(scene.n)}
    scene = scene._replace(limits=[oracle.AtMost("at most", n, values)])
    assert oracle.cluster(scene.n, scene.links, 0, scene.limits, scene.must, scene.cannot) == plain(run(scene))


@given(scenes(), st.randoms(use_true_random=False))
def test_no_order_of_evidence_or_decisions_matters(scene, random):
    def shuffled(items):
        return random.sample(items, len(items))

    other = scene._replace(
        links=shuffled(scene.links),
        limits=[limit._replace(values=dict(shuffled(list(limit.values.items())))) for limit in scene.limits],
        must=[pair[:: random.choice([1, -1])] for pair in scene.must],
        cannot=shuffled([pair[:: random.choice([1, -1])] for pair in scene.cannot]),
    )
    found, again = plain(run(scene)), plain(run(other))
    assert found._replace(conflicts=[]) == again._replace(conflicts=[])
    # A conflict is written in the direction of its MUST_LINK; the rows that show it are the same.
    assert [sorted(path) for *_, path in found.conflicts] == [sorted(path) for *_, path in again.conflicts]


@given(conflicting_scenes(), st.randoms(use_true_random=False))
def test_no_order_of_evidence_matters_to_conflicts(case, random):
    scene, evidence = case
    links = random.sample(scene.links, len(scene.links))
    cannot = random.sample(scene.cannot, len(scene.cannot))
    again = run(scene._replace(links=links, cannot=cannot), evidence=evidence)
    assert plain(run(scene, evidence=evidence)) == plain(again)


@given(conflicting_scenes())
def test_batches_of_components_change_nothing(case):
    scene, evidence = case
    with patch.object(conflicting, "BATCH", 1):
        one_by_one = run(scene, evidence=evidence)
    assert plain(one_by_one) == plain(run(scene, evidence=evidence))


@given(conflicting_scenes())
def test_what_is_settled_on_arrays_a_walk_leaves_whole_too(case):
    """Walking every component gives the same partition and the same refusals."""
    scene, evidence = case
    with patch.object(conflicting, "left_whole", lambda tree, weight, worst, rule: np.zeros(len(worst), bool)):
        walked = run(scene, evidence=evidence)
    assert plain(walked) == plain(run(scene, evidence=evidence))


@given(conflicting_scenes())
def test_without_conflicts_the_partition_is_that_of_the_links(case):
    """With β = 0 only links that scoring finds inside walked components can change a tie: there are none here."""
    scene, evidence = case
    harmless = evidence._replace(pairs=dict.fromkeys(evidence.pairs, (-6, ((0, False),))), originals=None, inner_max=120)
    assert plain(run(scene, evidence=harmless)) == plain(run(scene))


@given(conflicting_scenes())
def test_conflicts_refuse_only_what_they_outweigh(case):
    """In a walked component every union that is still allowed was made: the best link of each refused one is outweighed."""
    scene, evidence = case
    found = run(scene, evidence=evidence._replace(inner_max=120))
    tiers = {(link.left, link.right): link.tier for link in scene.links}
    between = {}
    for refusal in found.refusals:
        if refusal.limit == "conflict":
            ends = frozenset(found.labels[[refusal.left, refusal.right]].tolist())
            evidence_of = (tiers.get((refusal.left, refusal.right), 0), refusal.weight, refusal.conflict)
            between[ends] = max(between.get(ends, evidence_of), evidence_of)
    assert all(2 * weight + 3 * conflict < 0 for _, weight, conflict in between.values())


@given(st.one_of(scenes().map(lambda scene: (scene, None)), conflicting_scenes()))
def test_no_cluster_breaks_a_limit_or_a_cannot_link(case):
    scene, evidence = case
    found = run(scene, evidence=evidence)
    clusters = clusters_of(found.labels)
    together = {pair for rows in clusters for pair in product(rows, rows)}
    assert together.isdisjoint(scene.cannot)
    sets, _, _ = oracle.contract(scene.n, scene.must, scene.cannot)
    for limit in scene.limits:
        for rows in clusters:
            overridden = [limit.of(part) for part in sets if part <= rows and limit.exceeds(part)]
            assert not limit.exceeds(rows) or (overridden and all(held == limit.of(rows) for held in overridden))


@given(scenes(), st.data())
def test_limits_are_hereditary(scene, data):
    """Whatever a limit allows for a set of records it allows for each subset."""
    rows = data.draw(st.sets(st.integers(0, scene.n - 1), min_size=1))
    fewer = data.draw(st.sets(st.sampled_from(sorted(rows)), min_size=1))

    def allows(limit, members):
        values = {row: codes for row, codes in limit.values.items() if row in members}
        return not len(sets_over_limit(limit_of(limit._replace(values=values)), np.zeros(scene.n, np.int32)))

    assert all(allows(limit, fewer) or not allows(limit, rows) for limit in scene.limits)


@given(scenes())
def test_the_array_path_gives_what_a_walk_over_everything_gives(scene):
    sets, _, _ = oracle.contract(scene.n, scene.must, scene.cannot)
    start = {row: min(rows) for rows in sets for row in rows}
    limits = [limit_of(limit) for limit in scene.limits]
    nodes = [np.array([start[row] for row in limit.rows.tolist()], np.int32) for limit in limits]
    everything = [np.arange(len(limit.rows)) for limit in limits]
    held = [follow_limit(*parts, Apartness.of(parts[0])) for parts in zip(limits, nodes, everything, strict=True)]
    parted = [(start[left], start[right]) for left, right in scene.cannot]
    walked = LimitedSets(scene.n, held, parted)
    links = [link for link in scene.links if link.weight >= 0 and start[link.left] != start[link.right]]
    ranks = sorted({oracle.strength(link) for link in links}, reverse=True)
    ranked = [(start[link.left], start[link.right], ranks.index(oracle.strength(link))) for link in links]
    merge_best_first(walked, scene.n, *np.array(ranked, np.int32).reshape(-1, 3).T)
    assert [walked.find(start[row]) for row in range(scene.n)] == run(scene).labels.tolist()


@given(scenes(max_limits=0, decisions=False))
def test_links_alone_give_connected_components(scene):
    links = [(link.left, link.right) for link in scene.links if link.weight >= 0]
    graph = nx.Graph(links)
    graph.add_nodes_from(range(scene.n))
    assert clusters_of(run(scene).labels) == {frozenset(rows) for rows in nx.connected_components(graph)}
    ends = rows_of(links)
    matrix = coo_array((np.ones(len(links)), (ends[:, 0], ends[:, 1])), shape=(scene.n, scene.n))
    n_components, labels = scipy_components(matrix, directed=False)
    assert n_components == len(run(scene).sizes())
    assert all(
        (labels[a] == labels[b]) == (x == y) for a, x in enumerate(run(scene).labels) for b, y in enumerate(run(scene).labels)
    )


@given(conflicting_scenes())
def test_conflicts_that_do_not_count_part_nobody(case):
    scene, evidence = case
    free = scene._replace(limits=[], must=[], cannot=[])
    conflict, pairs = conflict_of(evidence), scored(free.links)
    options = {"conflict": conflict, "shared": shared_of(free.links, evidence), "inner_max": evidence.inner_max}
    found = cluster(free.n, pairs, link_at=0, beta=(0, 1), **options)
    assert found.labels.tolist() == run(free).labels.tolist()
    assert found.refusals == ()


@given(scenes(max_limits=0, decisions=False), st.integers(-1, 3))
def test_a_higher_threshold_only_refines(scene, link_at):
    coarse, fine = clusters_of(run(scene, link_at).labels), clusters_of(run(scene, link_at + 1).labels)
    assert all(any(rows <= whole for whole in coarse) for rows in fine)


@given(scenes())
def test_the_partition_refines_the_components_of_links_and_must_links(scene):
    free = scene._replace(limits=[], cannot=[])
    assert all(any(rows <= whole for whole in clusters_of(run(free).labels)) for rows in clusters_of(run(scene).labels))


@given(scenes())
def test_every_link_is_followed_or_refused(scene):
    found = run(scene)
    refused = {(refusal.left, refusal.right) for refusal in found.refusals}
    for link in scene.links:
        apart = found.labels[link.left] != found.labels[link.right]
        assert ((link.left, link.right) in refused) == (apart and link.weight >= 0)
