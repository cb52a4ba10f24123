"""Cluster measures: the exactly right ones, and those that hold or lose too much."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from omniid.evaluation.contingency import Contingency

__all__ = ["Mixture", "cluster_precision", "count_exact", "find_mixtures"]

PARTS_SHOWN = 5


class Mixture(NamedTuple):
    """A group whose records belong to several groups of the other side.

    `entity_id` and `records` describe the group, `n_parts` counts the groups of the other side, `parts` names the largest.

    Examples
    --------
    >>> Mixture("x", 3, 2, ("kim", "anna")).n_parts
    2
    """

    entity_id: str
    records: int
    n_parts: int
    parts: tuple[str, ...]


def count_exact(cells: Contingency) -> int:
    """Count clusters that hold all records of one entity and no others.

    Parameters
    ----------
    cells
        Records per predicted cluster and true entity.

    Returns
    -------
    int
        Groups that both sides have.

    Examples
    --------
    >>> count_exact(Contingency.of(np.array([0, 0, 1, 2]), np.array([0, 0, 1, 1])))
    1
    """
    whole_cluster = cells.shared == cells.predicted_sizes[cells.predicted]
    return int(np.sum(whole_cluster & (cells.shared == cells.true_sizes[cells.true])))


def cluster_precision(cells: Contingency) -> float:
    """Give the share of the predicted clusters that are exactly a true entity.

    Parameters
    ----------
    cells
        Records per predicted cluster and true entity; at least one record.

    Returns
    -------
    float
        Exact clusters / predicted clusters, single records included.

    References
    ----------
    Menestrina, Whang and Garcia-Molina, "Evaluating entity resolution results", VLDB 2010.

    Examples
    --------
    >>> cluster_precision(Contingency.of(np.array([0, 0, 1, 2]), np.array([0, 0, 1, 1])))
    0.3333333333333333
    """
    return count_exact(cells) / len(cells.predicted_sizes)


def find_mixtures(
    cells: Contingency, ids: pa.LargeStringArray, part_ids: pa.LargeStringArray, *, top: int = 5
) -> tuple[int, tuple[Mixture, ...]]:
    """Count the predicted clusters that hold several true entities, and name the largest.

    Parameters
    ----------
    cells
        Records per predicted cluster and true entity; swapped, it finds true entities that were split.
    ids, part_ids
        What the positions of predicted and true groups stand for.
    top
        How many to name.

    Returns
    -------
    tuple of int and tuple of Mixture
        The number of mixtures, and the largest by records, then by id.

    Examples
    --------
    >>> cells = Contingency.of(np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1]))
    >>> find_mixtures(cells, pa.array(["x", "y"]), pa.array(["anna", "kim"]))
    (1, (Mixture(entity_id='x', records=3, n_parts=2, parts=('kim', 'anna')),))
    """
    parts = np.bincount(cells.predicted, minlength=len(cells.predicted_sizes))
    mixed = np.flatnonzero(parts > 1)
    sizes = cells.predicted_sizes[mixed]
    # Only groups at least as large as the top-th can be named, so only their ids are compared.
    large = mixed[sizes >= (np.sort(sizes)[-top] if len(sizes) >= top else 0)]
    named = sorted((-int(cells.predicted_sizes[group]), str(ids[int(group)].as_py()), int(group)) for group in large)[:top]
    found = []
    for records, entity_id, group in named:
        inside = np.flatnonzero(cells.predicted == group)
        shares = sorted((-int(cells.shared[cell]), str(part_ids[int(cells.true[cell])].as_py())) for cell in inside)
        found.append(Mixture(entity_id, -records, len(inside), tuple(part for _, part in shares[:PARTS_SHOWN])))
    return len(mixed), tuple(found)
