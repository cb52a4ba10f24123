"""Who lives where with whom: households, and in them people with names, birth dates, marriages and moves."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from omniid.datasets.strings import Codes
from omniid.datasets.vocabulary import CULTURES, first_names, surnames

__all__ = ["COUNTRIES", "FIRST_DAY", "LAST_DAY", "People", "draw_people"]

# Country, culture of its people, share of the people when the business is at home in Poland.
COUNTRIES: Final = (
    *(("PL", "pl", 0.40), ("RU", "ru", 0.15), ("GB", "en", 0.12), ("DE", "de", 0.09), ("US", "en", 0.07)),
    *(("ES", "es", 0.05), ("IR", "fa", 0.05), ("GE", "ka", 0.03), ("GR", "el", 0.02), ("CN", "zh", 0.02)),
)
# Days since 1970: the channels' records lie between 2018-01-01 and 2025-06-30.
FIRST_DAY: Final = 17532
LAST_DAY: Final = 20269

SINGLE, COUPLE, FAMILY, ONE_PARENT, FLATMATES, NAMESAKES = range(6)
_HOUSEHOLD_SHARES: Final = (0.42, 0.22, 0.20, 0.06, 0.07, 0.03)
HEAD, PARTNER, CHILD, FLATMATE = range(4)
_TWIN_SHARE: Final = 0.08  # of second and later children: born on the day of the child before
_HOME_SHARE: Final = 0.06  # of households whose culture is a foreign one, but who live where the business is
_YEAR: Final = 365.25
# Cultures in which a wife mostly takes her husband's surname.
_SHARED_SURNAME: Final = tuple(CULTURES.index(culture) for culture in ("en", "pl", "ru", "de", "el"))


@dataclass(frozen=True)
class People:
    """People as parallel arrays; row i is person i, and members of one household are neighbours.

    Parameters
    ----------
    household, role
        Number of the household; 0 head, 1 partner, 2 child, 3 flatmate.
    country, culture, gender
        Positions in COUNTRIES and CULTURES; 0 man, 1 woman.
    first, last, maiden
        Name codes; maiden equals last where nothing changed.
    married
        Day of the wedding; records before it bear the maiden name.
    birth
        Birth day (days since 1970, mostly negative).
    suffix
        1 for the elder, 2 for the younger of a father and a son of one name, else 0.
    address, old_address, moved
        Address numbers (members of a household share one) and the day of the move, LAST_DAY + 1 for none.
    n_addresses
        How many addresses there are.
    """

    household: Codes
    role: Codes
    country: Codes
    culture: Codes
    gender: Codes
    first: Codes
    last: Codes
    maiden: Codes
    married: Codes
    birth: Codes
    suffix: Codes
    address: Codes
    old_address: Codes
    moved: Codes
    n_addresses: int

    def __len__(self) -> int:
        return len(self.first)


def _households(n_people: int, rng: np.random.Generator) -> tuple[Codes, Codes]:
    """Draw kinds and sizes until they hold at least n people."""
    count = n_people  # a household has at least one member
    kind = rng.choice(len(_HOUSEHOLD_SHARES), count, p=_HOUSEHOLD_SHARES)
    size = np.ones(count, np.int64)
    size[kind == COUPLE] = 2
    extra = rng.random(count)
    size[kind == FAMILY] = 3 + np.searchsorted([0.45, 0.85], extra[kind == FAMILY])
    size[kind == ONE_PARENT] = 2 + (extra[kind == ONE_PARENT] < 0.3)
    size[kind == FLATMATES] = 2 + np.searchsorted([0.55, 0.85], extra[kind == FLATMATES])
    size[kind == NAMESAKES] = 3
    enough = int(np.searchsorted(np.cumsum(size), n_people)) + 1
    return kind[:enough], size[:enough]


def _roles(kind: Codes, position: Codes) -> Codes:
    paired = np.isin(kind, (COUPLE, FAMILY, NAMESAKES))
    role = np.where(position == 0, HEAD, CHILD)
    role[paired & (position == 1)] = PARTNER
    role[(kind == FLATMATES) & (position > 0)] = FLATMATE
    return role


def _births(kind: Codes, role: Codes, head: Codes, rng: np.random.Generator) -> Codes:
    """Draw birth days: heads by the age pyramid, partners near the head, children 20 to 38 years later, some of them twins."""
    n = len(kind)
    with_children = np.isin(kind, (FAMILY, ONE_PARENT, NAMESAKES))
    youngest = np.where(with_children, 1983.0, 2006.0)
    birth = (1944 + (youngest - 1944) * rng.beta(2.2, 1.8, n) - 1970) * _YEAR
    partner, child = role == PARTNER, role == CHILD
    birth[partner] = birth[head[partner]] + rng.normal(1.5, 3.5, int(partner.sum())) * _YEAR
    birth[child] = birth[head[child]] + rng.uniform(20, 31, int(child.sum())) * _YEAR
    days = np.floor(birth).astype(np.int64)
    twin = np.flatnonzero(child[1:] & child[:-1] & (rng.random(n - 1) < _TWIN_SHARE)) + 1
    days[twin] = days[twin - 1]  # of triplets the third copies the second's first draw; too rare to matter
    return days


def _first_names(kind: Codes, role: Codes, position: Codes, group: Codes, rng: np.random.Generator) -> Codes:
    names = first_names()
    first = names.draw(group, rng)
    son = np.flatnonzero((kind == NAMESAKES) & (position == 2))
    first[son] = first[son - 2]
    same = np.flatnonzero((role[1:] == CHILD) & (role[:-1] == CHILD) & (first[1:] == first[:-1])) + 1
    first[same] = names.next_in_group(first[same], group[same])  # brothers and sisters never share a first name
    return first


def _surnames(people: dict[str, Codes], head: Codes, rng: np.random.Generator) -> dict[str, Codes]:
    names = surnames()
    n = len(head)
    own = names.draw(people["culture"], rng)
    role, culture = people["role"], people["culture"]
    takes = (role == PARTNER) & np.isin(culture, _SHARED_SURNAME) & (culture == culture[head]) & (rng.random(n) < 0.85)
    last = np.where(takes | (role == CHILD), own[head], own)
    form = people["gender"] * (names.size // 2)
    changed = takes & (people["gender"] == 1)
    maiden = np.where(changed, own, last)
    married = np.where(changed, rng.integers(FIRST_DAY - 9000, LAST_DAY, n), FIRST_DAY - 9001)
    return {"last": last + form, "maiden": maiden + form, "married": married}


def _homes(household: Codes, role: Codes, birth: Codes, rng: np.random.Generator) -> dict[str, Codes]:
    """Number the addresses: a household's, its former one, and those of grown children who left."""
    n, n_households = len(household), int(household[-1]) + 1
    left = (role == CHILD) & (birth < FIRST_DAY - 19 * _YEAR) & (rng.random(n) < 0.35)
    moves = rng.random(n_households) < 0.12
    day = rng.integers(FIRST_DAY + 200, LAST_DAY - 200, n_households)
    own = 2 * n_households + np.cumsum(left) - 1
    return {
        "address": np.where(left, own, household),
        "old_address": np.where(left | ~moves[household], np.where(left, own, household), n_households + household),
        "moved": np.where(left | ~moves[household], LAST_DAY + 1, day[household]),
    }


def draw_people(n_people: int, *, home: str, rng: np.random.Generator) -> People:
    """Draw people in households.

    Parameters
    ----------
    n_people
        How many; the last household may lose members to that.
    home
        Country of the business; its share and Poland's are exchanged.
    rng
        Source of chance.

    Returns
    -------
    People

    Examples
    --------
    >>> people = draw_people(1000, home="PL", rng=np.random.default_rng(0))
    >>> len(people), int((people.role == CHILD).sum()) > 100
    (1000, True)
    """
    kind, size = _households(n_people, rng)
    codes = [country for country, _, _ in COUNTRIES]
    shares = np.array([share for _, _, share in COUNTRIES])
    at_home = codes.index(home)
    shares[[0, at_home]] = shares[[at_home, 0]]
    origin = rng.choice(len(COUNTRIES), len(kind), p=shares)
    lives = np.where(rng.random(len(kind)) < _HOME_SHARE, at_home, origin)

    household = np.repeat(np.arange(len(kind)), size)[:n_people]
    starts = np.concatenate([[0], np.cumsum(size)[:-1]])
    head = starts[household]
    position, kind = np.arange(n_people) - head, kind[household]
    role = _roles(kind, position)
    culture_of = np.array([CULTURES.index(culture) for _, culture, _ in COUNTRIES])
    culture = culture_of[origin[household]]
    mixed = np.flatnonzero(
        (role == FLATMATE) & (rng.random(n_people) < 0.25) | (role == PARTNER) & (rng.random(n_people) < 0.05)
    )
    culture[mixed] = culture_of[rng.choice(len(COUNTRIES), len(mixed), p=shares)]
    gender = rng.integers(0, 2, n_people)
    gender[(role == HEAD) & np.isin(kind, (COUPLE, FAMILY, NAMESAKES))] = 0
    gender[role == PARTNER] = rng.random(int((role == PARTNER).sum())) < 0.97
    son = (kind == NAMESAKES) & (position == 2)
    gender[son] = 0
    drawn = {"culture": culture, "gender": gender, "role": role}
    birth = _births(kind, role, head, rng)
    suffix = np.where(son, 2, 0)
    suffix[head[son]] = 1
    homes = _homes(household, role, birth, rng)
    return People(
        household=household,
        country=lives[household],
        first=_first_names(kind, role, position, 2 * culture + gender, rng),
        birth=birth,
        suffix=suffix,
        n_addresses=int(max(homes["address"].max(), homes["old_address"].max())) + 1,
        **drawn,
        **_surnames(drawn, head, rng),
        **homes,
    )
