"""Homes: which entities live at one address, and when an address says too little to say so."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.households.observed import Held, first_codes, number_tuples
from omniid.tables import Codes, Column
from omniid.tables.arrays import numpy_array

__all__ = ["AT_HOME", "AddressColumns", "Places", "read_places"]

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# More people than this at one house number without a flat, or in one flat, and the address alone joins nobody: as for
# contact values, a household rarely has seven adults.
AT_HOME = 6


class AddressColumns(NamedTuple):
    """The parts of postal addresses, None where no column holds them. Streets hold the house number."""

    street: Column | None = None
    unit: Column | None = None
    city: Column | None = None
    postcode: Column | None = None


class Places(NamedTuple):
    """Where entities live.

    Parameters
    ----------
    dwellings
        Entity → dwelling that tells people apart: a flat, or a house in which nobody names a flat; with postcode, and current.
    entity, place, unit
        One entry per address of an entity that needs a second field: the house (street and postcode, or street and city,
        former addresses too), and the flat, below 0 where unknown.
    postcodes
        Which entity lives at which postcode now.
    """

    dwellings: Held
    entity: Numbers
    place: Numbers
    unit: Numbers
    postcodes: Held

    def held(self) -> Held:
        """Which entity has an address in which house."""
        return Held.of(self.entity, self.place)


def read_places(columns: AddressColumns, entity: Codes, time: Numbers, n: int) -> Places:
    """Read where entities live from the addresses of their records.

    An address needs a street with a digit in it, and a postcode or a city. Of several addresses of one entity the ones of its
    latest record with an address are current.

    Parameters
    ----------
    columns
        The parts of addresses.
    entity
        Entity per record.
    time
        int64 per record.
    n
        Number of entities.

    Examples
    --------
    >>> columns = AddressColumns(street=Column.of(["1 oak st"] * 3), postcode=Column.of(["AB1", "AB1", None]))
    >>> places = read_places(columns, np.array([0, 1, 2], np.int32), np.zeros(3, np.int64), 3)
    >>> places.dwellings.entity.tolist()
    [0, 1]
    """
    nobody = np.zeros(0, np.int64)
    if columns.street is None:
        return Places(Held.of(nobody, nobody), nobody, nobody, nobody, Held.of(nobody, nobody))
    said, codes = columns.street.present()
    numbered = numpy_array(pc.match_substring_regex(columns.street.vocabulary, r"\d"))
    has_number = np.zeros(len(entity), bool)
    has_number[said[numbered.take(codes)]] = True
    rows = np.flatnonzero(has_number)
    who = entity.take(rows).astype(np.int64)
    street, unit, city, postcode = (first_codes(column, rows) for column in columns)
    current = _is_latest(who, time.take(rows), n)
    here = current & (postcode >= 0)
    exact, near = np.flatnonzero(postcode >= 0), np.flatnonzero(city >= 0)
    house = number_tuples(street[exact], postcode[exact])
    road = number_tuples(street[near], city[near]) + int(house.max(initial=-1)) + 1
    return Places(
        dwellings=_dwellings(who[exact], house, unit[exact].astype(np.int64), current[exact]),
        entity=np.concatenate([who[exact], who[near]]),
        place=np.concatenate([house, road]),
        unit=np.concatenate([unit[exact], unit[near]]).astype(np.int64),
        postcodes=Held.of(who[here], postcode[here]),
    )


def _is_latest(who: Numbers, time: Numbers, n: int) -> Flags:
    latest = np.full(n, np.iinfo(np.int64).min)
    np.maximum.at(latest, who, time)
    return np.asarray(time == latest[who], np.bool_)


def _dwellings(who: Numbers, house: Numbers, unit: Numbers, current: Flags) -> Held:
    """Entities by dwelling: a flat, or a house in which nobody names a flat, of few people."""
    has_flats = np.zeros(int(house.max(initial=-1)) + 1, bool)
    has_flats[house[unit >= 0]] = True
    tells = np.flatnonzero(current & ((unit >= 0) | ~has_flats[house]))
    held = Held.of(who[tells], number_tuples(house[tells], unit[tells]))
    return held.where(held.per_value()[held.value] <= AT_HOME)
