"""Where people live: streets, postcodes and cities written as in each country."""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from omniid.datasets.people import COUNTRIES, People
from omniid.datasets.strings import Codes, choose, digits_of, join, restore
from omniid.datasets.vocabulary import read_rows

__all__ = ["Addresses", "city_names", "draw_addresses", "places"]

_LETTERS = tuple("ABDEFGHJLNPQRSTUWXYZ")


@dataclass(frozen=True)
class Addresses:
    """Addresses as parallel arrays; row i is address i.

    Parameters
    ----------
    country, city
        Positions in COUNTRIES and `places`.
    street, short_street
        Street with house number and flat as the country writes them; with the word for street in full and shortened.
    postcode
        Of the city's range.
    """

    country: Codes
    city: Codes
    street: pa.Array
    short_street: pa.Array
    postcode: pa.Array


@cache
def places() -> list[list[str]]:
    """Return the cities: country, name with romanization, postcode pattern, area code and digits of landlines."""
    return list(read_rows("places"))


@cache
def city_names() -> pa.Array:
    """Return the cities' names: all in their own script, then all in Latin letters."""
    pairs = [(name.partition("/")[0], name.partition("/")[2] or name) for _, name, _, _ in places()]
    return pa.array([pair[0] for pair in pairs] + [pair[1] for pair in pairs])


def _cities(country: Codes, rng: np.random.Generator) -> Codes:
    """Draw a city of the country, large ones more often."""
    city = np.zeros(len(country), np.int64)
    for position, (code, _, _) in enumerate(COUNTRIES):
        rows = np.flatnonzero(country == position)
        here = [at for at, place in enumerate(places()) if place[0] == code]
        weights = 1 / np.arange(2, len(here) + 2)
        city[rows] = np.array(here)[rng.choice(len(here), len(rows), p=weights / weights.sum())]
    return city


def _postcodes(city: Codes, rng: np.random.Generator) -> pa.Array:
    """Fill the pattern of each city: # is a digit, @ a letter."""
    pieces, rows = [], []
    for position, (_, _, pattern, _) in enumerate(places()):
        members = np.flatnonzero(city == position)
        parts: list[pa.Array | str] = [""]
        for piece in re.findall(r"#+|@|[^#@]+", pattern):
            if piece[0] == "#":
                parts.append(digits_of(rng.integers(0, 10 ** len(piece), len(members)), len(piece)))
            elif piece == "@":
                parts.append(pa.array(_LETTERS).take(pa.array(rng.integers(0, len(_LETTERS), len(members)))))
            else:
                parts.append(piece)
        pieces.append(join(*parts))
        rows.append(members)
    return restore(pieces, rows)


def _streets(country: Codes, rng: np.random.Generator) -> tuple[pa.Array, pa.Array]:
    """Write street lines, the long and the short way."""
    pieces: tuple[list[pa.Array], list[pa.Array]] = ([], [])
    rows = []
    layout = {code: rest for code, *rest in read_rows("streets")}
    for position, (code, _, _) in enumerate(COUNTRIES):
        members = np.flatnonzero(country == position)
        template, kinds, names = layout[code]
        full = [name.replace("_", " ") for name in names.split()]
        short = full
        for kind in kinds.split(","):
            word, abbreviated = kind.split("=")
            short = [name.replace(word, abbreviated) for name in short]
        street = pa.array(rng.integers(0, len(full), len(members)))
        number = digits_of((181 * rng.random(len(members)) ** 1.7).astype(np.int64) + 1)
        number = choose(rng.random(len(members)) < 0.08, join(number, "A"), number)
        flat = digits_of(rng.integers(1, 90, len(members)))
        no_flat = rng.random(len(members)) < 0.35
        for spelled, target in ((full, pieces[0]), (short, pieces[1])):
            cells = {"s": pa.array(spelled).take(street), "n": number, "f": flat}
            line = [cells[part] if at % 2 else part for at, part in enumerate(re.split(r"\{(\w)\}", template))]
            at_flat = next((at for at in range(1, len(line), 2) if line[at] is flat), None)
            target.append(join(*line) if at_flat is None else choose(no_flat, join(*line[: at_flat - 1]), join(*line)))
        rows.append(members)
    return restore(pieces[0], rows), restore(pieces[1], rows)


def draw_addresses(people: People, rng: np.random.Generator) -> Addresses:
    """Draw every address that the people live or lived at.

    Examples
    --------
    >>> from omniid.datasets.people import draw_people
    >>> rng = np.random.default_rng(0)
    >>> people = draw_people(300, home="PL", rng=rng)
    >>> len(draw_addresses(people, rng).street) == people.n_addresses
    True
    """
    n = people.n_addresses
    country, origin = np.zeros(n, np.int64), np.arange(n)
    country[people.old_address] = people.country
    country[people.address] = people.country
    origin[people.old_address] = people.household  # address i is the home of household i
    origin[people.address] = people.household
    city = _cities(country, rng)
    stays = (rng.random(n) < 0.65) & (country == country[origin])
    city = np.where(stays, city[origin], city)
    street, short = _streets(country, rng)
    return Addresses(country, city, street, short, _postcodes(city, rng))
