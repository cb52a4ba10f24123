"""Parts of a large component: sets that the best links bring together, up to a number of sets."""

import numpy as np
import numpy.typing as npt

from omniid.clustering.components import connected_components
from omniid.clustering.union_find import UnionFind
from omniid.tables import Rows

__all__ = ["parts_of"]

STEP = 1 << 14  # links followed before those that can bring nothing together any more are dropped


def parts_of(n: int, left: Rows, right: Rows, order: npt.NDArray[np.intp], most: int) -> Rows:
    """Bring sets together along links, unless a part would hold more than `most` sets.

    Parameters
    ----------
    n
        Number of nodes; sets are named by one of them.
    left, right
        The two different sets of each link.
    order
        Positions of the links, the best first.
    most
        Sets in one part.

    Returns
    -------
    numpy.ndarray
        int32 per node: the smallest set in its part; for nodes that no link names, the node itself.

    Examples
    --------
    >>> rows = np.array([0, 1, 2], np.int32)
    >>> parts_of(4, rows, rows + 1, np.array([1, 0, 2]), most=2).tolist()
    [0, 1, 1, 3]
    >>> parts_of(4, rows, rows + 1, np.array([1, 0, 2]), most=4).tolist()
    [0, 0, 0, 0]
    """
    parts = connected_components(n, left, right)
    crowded = np.bincount(parts, minlength=n) > most
    at = order[crowded.take(parts.take(left[order]))]
    if not len(at):
        return parts
    nodes = np.flatnonzero(crowded.take(parts))
    number = np.zeros(n, np.int32)
    number[nodes] = np.arange(len(nodes), dtype=np.int32)
    sets, sizes = UnionFind(len(nodes)), [1] * len(nodes)
    one: Rows = number[left[at]]
    other: Rows = number[right[at]]
    step = max(len(nodes), STEP)
    while len(one):
        for here, there in zip(one[:step].tolist(), other[:step].tolist(), strict=True):
            mine, theirs = sets.find(here), sets.find(there)
            if mine != theirs and (together := sizes[mine] + sizes[theirs]) <= most:
                sets.union(mine, theirs)
                sizes[min(mine, theirs)] = together
        one, other = _still_open(sets, one[step:], other[step:], most)
    parts[nodes] = nodes[sets.labels()]
    return parts


def _still_open(sets: UnionFind, one: Rows, other: Rows, most: int) -> tuple[Rows, Rows]:
    """Links that may still bring two parts together: parts only grow, so what is too much now stays so."""
    if not len(one):
        return one, other
    part = np.array(sets.labels(), np.int32)
    size = np.bincount(part, minlength=len(part))
    one, other = part.take(one), part.take(other)
    may = np.flatnonzero((one != other) & (size.take(one) + size.take(other) <= most))
    return one[may], other[may]
