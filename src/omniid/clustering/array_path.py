"""The array path: which components can be left whole because no conflict inside could refuse a union."""

import numpy as np
import numpy.typing as npt

from omniid.clustering.components import connected_components
from omniid.clustering.merge_values import MergeRule
from omniid.key_order import order_of
from omniid.tables import Rows, Weights
from omniid.tables.arrays import distinct

__all__ = ["left_whole", "spanning_forest"]

Places = npt.NDArray[np.signedinteger]


def spanning_forest(n: int, left: Places, right: Places, rank: Rows) -> npt.NDArray[np.intp]:
    """Pick the links of a maximum spanning forest.

    In each round every tree takes its best link to another tree; ties go by position, so that all trees agree on one order.

    Parameters
    ----------
    n
        Number of nodes.
    left, right
        The two nodes of each link.
    rank
        The place of each link's evidence among all, 0 for the best.

    Returns
    -------
    numpy.ndarray
        Positions of the links, ascending.

    References
    ----------
    Nešetřil, Milková and Nešetřilová, "Otakar Borůvka on minimum spanning tree problem", Discrete Mathematics 233, 2001.

    Examples
    --------
    >>> spanning_forest(3, np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([2, 0, 1])).tolist()
    [1, 2]
    """
    order = order_of(rank)
    place = np.arange(len(order))
    left, right = left[order], right[order]
    root: Rows = np.arange(n, dtype=np.int32)
    taken = np.zeros(len(order), bool)
    while True:
        one, other = root.take(left[place]), root.take(right[place])
        apart = one != other
        place, one, other = place[apart], one[apart], other[apart]
        if not len(place):
            return np.sort(order[taken])
        best = np.full(n, len(order))
        np.minimum.at(best, one, place)
        np.minimum.at(best, other, place)
        chosen = distinct(best)[:-1] if best.max() == len(order) else distinct(best)
        taken[chosen] = True
        ends = (root.take(side[chosen]) for side in (left, right))
        root = connected_components(n, *ends).take(root)


def left_whole(tree: Places, weight: Weights, worst: Weights, rule: MergeRule) -> npt.NDArray[np.bool_]:
    """Say which components no conflict can part: their weakest link still makes up for their worst conflict.

    As long as a component is in parts, the best link from one part to all others is as good as a link of its maximum
    spanning tree, and it is the best link between the two parts that it joins. The mean conflict between these is no worse
    than the worst one inside the component.

    Parameters
    ----------
    tree, weight
        The component and the match weight of each link of a maximum spanning forest.
    worst
        The worst inner conflict of each component, 0 or below.
    rule
        When a union is good enough.

    Returns
    -------
    numpy.ndarray
        bool per component.

    Examples
    --------
    >>> rule = MergeRule(link_at=0, beta=(3, 2))
    >>> left_whole(np.array([0, 0, 1]), np.array([7, 3, 3]), np.array([-2, -3]), rule).tolist()
    [True, False]
    """
    weakest = np.full(len(worst), np.iinfo(np.int64).max)
    np.minimum.at(weakest, tree, weight)
    times, parts = rule.beta
    one_set = weakest == np.iinfo(np.int64).max
    enough = np.where(one_set, 0, weakest - rule.link_at) * parts + times * worst >= 0
    return np.asarray(one_set | enough, np.bool_)
