"""Ties: pairs of entities that share an address or a contact value, and the fields that agree."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.households.observed import Held, number_tuples, pairs_within, share_any
from omniid.households.places import AT_HOME, Places
from omniid.key_order import order_of

__all__ = ["ADDRESS", "SURNAME", "Ties", "find_ties"]

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ADDRESS, SURNAME = 1, 2  # bits of `Ties.fields`; contact columns follow
FAMILY_AT_PLACE = 10  # more people of one surname at one house number, and it is a village or a wall of letter boxes


class Ties(NamedTuple):
    """Tied pairs of entities, by (left, right), left < right.

    Parameters
    ----------
    left, right
        The two entities.
    fields
        Bits of the fields that agree: `ADDRESS`, `SURNAME`, then one per contact column.
    lives_apart
        Whether the two are known to live at different postcodes, so that what they share is a relation and no household.
    """

    left: Numbers
    right: Numbers
    fields: Numbers
    lives_apart: Flags

    def take(self, at: npt.NDArray[np.intp]) -> "Ties":
        """A selection, in the order of `at`."""
        return Ties(self.left[at], self.right[at], self.fields[at], self.lives_apart[at])

    @property
    def strength(self) -> Numbers:
        """Number of fields that agree."""
        return np.bitwise_count(self.fields).astype(np.int64)

    @property
    def at_home(self) -> Flags:
        """Whether an address ties the two."""
        return np.asarray((self.fields & ADDRESS) > 0)


def find_ties(places: Places, families: Held, contacts: Mapping[str, Held], n: int) -> Ties:
    """Find the pairs of entities that share an address or a contact value.

    An address ties alone in a flat, or in a house in which nobody names a flat, of few people; any other address (a block of
    flats without the flat, a former address, city in place of postcode) ties with a shared surname or contact value. A contact
    value ties alone, unless its holders live at different postcodes.

    Parameters
    ----------
    places
        Where entities live.
    families
        Which entity bears which family name.
    contacts
        Column → which entity holds which contact value of few people.
    n
        Number of entities.

    Returns
    -------
    Ties
    """
    found = [(*pairs_within(places.dwellings, AT_HOME), ADDRESS), (*_families_at_places(places, families, n), ADDRESS)]
    for number, held in enumerate(contacts.values()):
        found.append((*pairs_within(held, AT_HOME), SURNAME << number + 1))
    left, right = (np.concatenate([one[side] for one in found]).astype(np.int64) for side in (0, 1))
    bit = np.concatenate([np.full(len(one), bit) for one, _, bit in found]).astype(np.int64)
    keys = left * n + right
    order = order_of(keys)
    keys = keys[order]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    fields: Numbers = np.bitwise_or.reduceat(bit[order], first) if len(first) else bit
    left, right = keys[first] // n, keys[first] % n
    fields = fields | np.where(share_any(left, right, families, n), SURNAME, 0)
    near = share_any(left, right, places.postcodes, n)
    neighbors = share_any(left, right, places.held(), n) | near
    fields = fields | np.where(neighbors & (fields >= 2 * SURNAME), ADDRESS, 0)  # a contact value and the neighborhood
    placed = np.bincount(places.postcodes.entity, minlength=n) > 0
    apart: Flags = placed[left] & placed[right] & ~near & ((fields & ADDRESS) == 0)
    return Ties(left, right, fields, apart)


def _families_at_places(places: Places, families: Held, n: int) -> tuple[Numbers, Numbers]:
    """Pairs that share a house and a surname; where the surname stands at several flats, the flat too."""
    order = order_of(families.entity)
    name, borne = families.value[order], np.bincount(families.entity, minlength=n)
    start, count = (np.cumsum(borne) - borne)[places.entity], borne[places.entity]
    entry = np.repeat(np.arange(len(count)), count)
    at = np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count) + start[entry]
    entity, unit = places.entity[entry], places.unit[entry]
    family = number_tuples(places.place[entry], name[at])
    flats = Held.of(unit[unit >= 0], family[unit >= 0])  # which flats each family stands at
    several = np.zeros(int(family.max(initial=-1)) + 1, bool)
    counted = flats.per_value()
    several[: len(counted)] = counted > 1
    tells = np.flatnonzero(~several[family] | (unit >= 0))
    group = number_tuples(family[tells], np.where(several[family[tells]], unit[tells], -1))
    return pairs_within(Held.of(entity[tells], group), FAMILY_AT_PLACE)
