"""Relations: hints in words about two entities that live together or share something."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.households.births import Births
from omniid.households.observed import Held, share_any
from omniid.households.ties import SURNAME, Ties

__all__ = ["RELATIONS", "People", "Relations", "relate"]

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RELATIONS = (
    "twin",
    "parent and child",
    "grandparent and grandchild",
    "spouse",
    "sibling",
    "spouse or sibling",
    "relative",
    "housemate",
    "shared contact",
    "possibly the same person",
)
TWIN, PARENT, GRANDPARENT, SPOUSE, SIBLING, NEAR, RELATIVE, HOUSEMATE, CONTACT, SAME = range(len(RELATIONS))
# Years between parent and child: mothers under 15 and fathers over 50 are below 1 % of births.
YOUNGEST_PARENT, OLDEST_PARENT = 15.0, 50.0


class People(NamedTuple):
    """What is known of entities.

    Parameters
    ----------
    births
        Birth dates.
    families
        Which entity bears which family name.
    first_names
        Which entity is called by which first name; nicknames count as the names behind them.
    gender
        int8 per entity: 1 woman, 0 man, -1 unknown.
    """

    births: Births
    families: Held
    first_names: Held
    gender: npt.NDArray[np.int8]


class Relations(NamedTuple):
    """Pairs of entities with a hint, by (left, right), left < right.

    Parameters
    ----------
    left, right
        The two entities.
    relation
        int8, positions in `RELATIONS`.
    elder
        For parents and grandparents the entity that is the elder, else -1.
    years_apart
        Years between their birth dates, NaN where one is unknown.
    fields
        Bits of the fields that agree, as in `Ties`.
    """

    left: Numbers
    right: Numbers
    relation: npt.NDArray[np.int8]
    elder: Numbers
    years_apart: npt.NDArray[np.float64]
    fields: Numbers


def relate(ties: Ties, people: People, household: Numbers) -> Relations:
    """Say how tied people may be related.

    Equal birth dates, one surname, other first names: twins. One surname and 15 to 50 years between: parent and child, of one
    first name too. Two adults of like age with one child, one of them by name: spouses, and the child is both's. Two children
    of one parent: siblings, and so are two of one gender, surname and like age. What is left is said as openly as it is known.

    Parameters
    ----------
    ties
        Pairs: all that live together, and those that share a contact value and live apart.
    people
        What is known of them.
    household
        Smallest entity of each entity's household.

    Returns
    -------
    Relations
    """
    left, right, n = ties.left, ties.right, len(household)
    apart = people.births.years_apart(left, right)
    gap = np.abs(apart)
    family = share_any(left, right, people.families, n)
    named = np.bincount(people.first_names.entity, minlength=n) > 0
    same_first = share_any(left, right, people.first_names, n)
    differ = named[left] & named[right] & ~same_first
    exact = people.births.is_exact[left] & people.births.is_exact[right]
    bears = np.bincount(people.families.entity, minlength=n) > 0
    alike = (people.gender[left] >= 0) & (people.gender[left] == people.gender[right])
    strangers = bears[left] & bears[right] & ~family
    relation = np.select(
        [
            family & exact & (gap == 0) & differ,
            family & (gap >= YOUNGEST_PARENT) & (gap <= OLDEST_PARENT),
            family & (gap > OLDEST_PARENT),
            ~differ & ~(strangers & ~(exact & (gap == 0))) & (np.isnan(gap) | (exact & (gap == 0)) | (same_first & (gap < 2))),
            family & (gap < YOUNGEST_PARENT) & alike,
            family & (gap < YOUNGEST_PARENT),
            family,
            ties.at_home | ((household[left] == household[right]) & (ties.fields < 2 * SURNAME)),
        ],
        [TWIN, PARENT, GRANDPARENT, SAME, SIBLING, NEAR, RELATIVE, HOUSEMATE],
        CONTACT,
    )
    elder = np.where(apart >= 0, left, right)
    relation = _by_third_people(ties, relation, elder, gap, household)
    vertical = (relation == PARENT) | (relation == GRANDPARENT)
    fields = ties.fields | np.where(family, SURNAME, 0)
    return Relations(left, right, relation.astype(np.int8), np.where(vertical, elder, -1), gap, fields)


def _by_third_people(ties: Ties, relation: Numbers, elder: Numbers, gap: npt.NDArray[np.float64], home: Numbers) -> Numbers:
    """Tell spouses, siblings and grandparents by whom else they live with."""
    n, relation = len(home), relation.copy()
    one_home = home[ties.left] == home[ties.right]
    keys = ties.left * n + ties.right
    younger = ties.left + ties.right - elder
    of = np.flatnonzero((relation == PARENT) & one_home)  # parents by name
    like_age = one_home & np.isin(relation, (NEAR, SIBLING, HOUSEMATE, CONTACT)) & (gap < YOUNGEST_PARENT)

    def position(one: Numbers, other: Numbers) -> Numbers:
        """Where the pair of two people stands, as many as there are; -1 for none."""
        wanted = np.minimum(one, other) * n + np.maximum(one, other)
        at = np.minimum(keys.searchsorted(wanted), max(len(keys) - 1, 0))
        return np.where(keys[at] == wanted, at, -1) if len(keys) else np.full(len(wanted), -1)

    # A parent of my parent is a grandparent, even if 50 years or less apart.
    first, second = _joined(younger[of], elder[of])
    far = position(elder[of][first], younger[of][second])
    far = far[far >= 0]
    relation[far[relation[far] == PARENT]] = GRANDPARENT
    of = of[relation[of] == PARENT]
    # Who else lives there and is old enough to be a parent of the child: of like age as the parent by name, so its spouse.
    old = np.flatnonzero(
        one_home & (gap >= YOUNGEST_PARENT) & (gap <= OLDEST_PARENT) & np.isin(relation, (PARENT, HOUSEMATE, CONTACT))
    )
    first, second = _joined(younger[of], younger[old])
    pair = position(elder[of][first], elder[old][second])
    spouses = (pair >= 0) & like_age[pair]
    # Two children of one parent.
    one, other = _joined(elder[of], elder[of])
    children = position(younger[of][one], younger[of][other])
    children = children[children >= 0]
    relation[children[like_age[children]]] = SIBLING
    relation[pair[spouses]] = SPOUSE
    relation[old[second[spouses]]] = PARENT
    return relation


def _joined(one: Numbers, other: Numbers) -> tuple[Numbers, Numbers]:
    """All pairs of positions whose keys are equal."""
    order = np.argsort(other, kind="stable")
    start, stop = other[order].searchsorted(one), other[order].searchsorted(one, side="right")
    count = stop - start
    left = np.repeat(np.arange(len(one)), count)
    at = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count) + start[left]
    return left, order[at]
