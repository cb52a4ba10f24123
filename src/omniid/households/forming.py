"""From ties to households: the largest sets that are still believable, from the strongest ties on."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from omniid.tables import Rows
from omniid.tables.arrays import distinct

__all__ = ["MOST_PEOPLE", "Components", "form_households"]

Numbers = npt.NDArray[np.int64]
Components = Callable[[int, Rows, Rows], Rows]

# More people than this in one set, and it is a building or a company: of private households in the European Union 6 % have
# five people or more, and ten hold three generations with four children. Some records that belong to one person may also
# stand apart, and count twice.
MOST_PEOPLE = 10


def form_households(
    n: int,
    left: Numbers,
    right: Numbers,
    strength: Numbers,
    home: Numbers,
    components: Components,
    *,
    most_people: int = MOST_PEOPLE,
) -> Numbers:
    """Join tied entities, the strongest ties first, as long as the sets stay believable.

    All ties of one strength are taken at once. A set that they make stays as it was before if it holds more than `most_people`
    entities or more than one home; a weaker tie can't repair it, so it is final then. This is the cut of a single-linkage
    tree at the last believable height of each branch, which no order of ties or entities can change.

    Parameters
    ----------
    n
        Number of entities.
    left, right
        The two entities of each tie.
    strength
        How strong each tie is, above 0.
    home
        Number of each entity's home, below 0 where it has none.
    components
        (n, left, right) → one label per node of the graph with those edges: its smallest node.
    most_people
        The cap.

    Returns
    -------
    numpy.ndarray
        int64 per entity: the smallest entity of its household.

    Examples
    --------
    >>> def components(n, left, right):
    ...     label = list(range(n))
    ...     for _ in label:
    ...         for one, other in zip(left, right):
    ...             label[one] = label[other] = min(label[one], label[other])
    ...     return np.array(label)
    >>> left, right, none = np.array([0, 1, 2]), np.array([1, 2, 3]), np.full(4, -1)
    >>> form_households(4, left, right, np.array([2, 1, 2]), none, components, most_people=4).tolist()
    [0, 0, 0, 0]
    >>> form_households(4, left, right, np.array([2, 1, 2]), none, components, most_people=3).tolist()
    [0, 0, 2, 2]

    References
    ----------
    Gower and Ross, "Minimum spanning trees and single linkage cluster analysis", Applied Statistics 18(1), 1969.
    """
    label = np.arange(n, dtype=np.int64)
    for level in distinct(strength)[::-1].tolist():
        chosen = np.flatnonzero(strength >= level)
        wider = np.asarray(components(n, left[chosen].astype(np.int32), right[chosen].astype(np.int32)), np.int64)
        too_wide = np.bincount(wider, minlength=n) > most_people
        too_wide[_with_several_homes(wider, home)] = True
        label = np.where(too_wide[wider], label, wider)
    return label


def _with_several_homes(label: Numbers, home: Numbers) -> Numbers:
    """The sets that hold more than one home."""
    at = np.flatnonzero(home >= 0)
    lowest = np.full(len(label), np.iinfo(np.int64).max)
    np.minimum.at(lowest, label[at], home[at])
    several: Numbers = label[at[home[at] != lowest[label[at]]]]
    return several
