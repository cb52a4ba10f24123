"""A cluster as a drawing: its records, the links that hold it together, the other links, and the one to look at first."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.report.choice import Choice
from omniid.report.layout import lay_out
from omniid.results import Parts
from omniid.tables import BITS, Rows

__all__ = ["Edge", "Network", "Node", "draw_network", "short_names"]

RECORDS = 40  # drawn of one cluster; more can't be told apart on a phone
LINKS = 60  # drawn of one cluster
EVERY_PAIR = 6  # records up to which every pair of a cluster is explained, linked or not
EXPLAINED = 24  # pairs explained of one cluster
WIDTH, HEIGHT, MARGIN = 640, 380, 34


class Node(NamedTuple):
    """A record in the drawing."""

    row: int
    key: str
    source: int
    x: float
    y: float


class Edge(NamedTuple):
    """A link: the positions of its two records, its weight in bits (None where no pair was scored), and what it is.

    `role` is "weakest" (of those that hold the cluster together, the one whose failure would cost most), "holds" or "other".
    """

    one: int
    other: int
    bits: float | None
    probability: float
    role: str

    @property
    def thickness(self) -> float:
        """The width of its line: thicker the more it weighs."""
        return round(1.2 + min(max(self.bits or 0.0, 0.0), 30.0) / 10, 1)


class Network(NamedTuple):
    """The drawing of a cluster of `records`, and the pairs of it to explain, by rows."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    records: int
    pairs: tuple[tuple[int, int], ...]

    @property
    def hidden(self) -> int:
        """Records that are not drawn."""
        return self.records - len(self.nodes)


def draw_network(parts: Parts, choice: Choice, entity: int) -> Network:
    """Draw a cluster.

    A cluster of more records than can be told apart is drawn around its weakest link: the records nearest to it.

    Parameters
    ----------
    parts
        The result.
    choice
        What the report shows, which says what holds the cluster together.
    entity
        Its number.
    """
    rows = np.flatnonzero(parts.entity == entity).astype(np.int32)
    bonds, weakest = choice.bonds, choice.weakest.get(entity, -1)
    holding = bonds.forest.link[rows]
    tree = holding[holding >= 0]
    near = _nearest(
        rows, [(int(bonds.left[link]), int(bonds.right[link])) for link in tree.tolist()], bonds.left, bonds.right, weakest
    )
    at = {row: place for place, row in enumerate(near)}
    weights = np.append(parts.scores.weight, 0)
    edges = []
    for link in tree.tolist():
        ends = sorted((int(bonds.left[link]), int(bonds.right[link])))
        if ends[0] in at and ends[1] in at:
            weight = weights[bonds.pair[link]] / BITS if bonds.pair[link] >= 0 else None
            role = "weakest" if link == weakest else "holds"
            edges.append(Edge(at[ends[0]], at[ends[1]], weight, float(bonds.probability[link]), role))
    edges = sorted(edges, key=lambda edge: (edge.role != "weakest", edge.probability, edge.one, edge.other))
    edges += _others(parts, near, at, {(edge.one, edge.other) for edge in edges})[: LINKS - len(edges)]
    places = lay_out(len(near), [(edge.one, edge.other) for edge in edges], WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN) + MARGIN
    keys = parts.records.keys(np.array(near, np.int32))
    nodes = [
        Node(row, ":".join(key), int(parts.records.source[row]), round(float(x)), round(float(y)))
        for row, key, (x, y) in zip(near, keys, places.tolist(), strict=True)
    ]
    return Network(tuple(nodes), tuple(edges), len(rows), _explained(near, edges))


def _nearest(rows: Rows, tree: Sequence[tuple[int, int]], left: Rows, right: Rows, weakest: int) -> list[int]:
    """The rows to draw: all, or those nearest to the weakest link along the links that hold the cluster together."""
    if len(rows) <= RECORDS:
        return [int(row) for row in rows]
    beside: dict[int, list[int]] = {}
    for one, other in tree:
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    found = dict.fromkeys([int(left[weakest]), int(right[weakest])] if weakest >= 0 else [int(rows[0])])
    wave = list(found)
    while wave and len(found) < RECORDS:
        wave = sorted({row for here in wave for row in beside.get(here, ()) if row not in found})
        found |= dict.fromkeys(wave)
    return sorted(list(found)[:RECORDS])


def _others(parts: Parts, near: Sequence[int], at: dict[int, int], known: set[tuple[int, int]]) -> list[Edge]:
    """The links among the drawn records that the cluster would hold without, strongest first."""
    scores = parts.scores
    among: npt.NDArray[np.bool_] = np.zeros(len(parts.records), bool)
    among[near] = True
    found = np.flatnonzero(among[scores.left] & among[scores.right] & (scores.weight >= parts.link_at))
    found = found[np.lexsort((scores.right[found], scores.left[found], -scores.weight[found]))]
    edges = []
    for pair in found.tolist():
        one, other = sorted((at[int(scores.left[pair])], at[int(scores.right[pair])]))
        if (one, other) not in known:
            weight = int(scores.weight[pair]) / BITS
            edges.append(Edge(one, other, weight, float(1 / (1 + np.exp2(-weight))), "other"))
    return edges


def _explained(near: Sequence[int], edges: Sequence[Edge]) -> tuple[tuple[int, int], ...]:
    """The pairs to explain, by rows: links that hold the cluster, weakest first, then others; of a few records every pair."""
    pairs = [(near[edge.one], near[edge.other]) for edge in edges]
    if len(near) <= EVERY_PAIR:
        pairs += [(one, other) for at, one in enumerate(near) for other in near[at + 1 :]]
    return tuple(dict.fromkeys((min(pair), max(pair)) for pair in pairs))[:EXPLAINED]


def short_names(names: Sequence[str]) -> list[str]:
    """Two letters for each source, each its own where letters allow.

    Examples
    --------
    >>> short_names(["shop", "shipping", "web", "w"])
    ['sh', 'si', 'we', 'w']
    """
    taken: list[str] = []
    for name in names:
        letters = [letter for letter in name if letter.isalnum()] or ["?"]
        ways = [letters[0] + other for other in letters[1:]] + [letters[0]]
        taken.append(next((way for way in ways if way not in taken), str(len(taken) + 1)))
    return taken
