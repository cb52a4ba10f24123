"""How people can be reached: mailboxes and phones, each as a table of distinct values and codes into it."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.datasets.addresses import Addresses, places
from omniid.datasets.people import CHILD, COUNTRIES, PARTNER, People
from omniid.datasets.strings import Codes, choose, digits_of, join, restore
from omniid.datasets.vocabulary import CULTURES, INITIAL, PLAIN, PLAIN_NICKNAME, first_names, read_rows, surnames

__all__ = ["NONE", "Contacts", "Phones", "draw_contacts"]

NONE: Final = -1
_SHARED_MAILBOX: Final = 0.07  # of partners and children: their first mailbox is the head's
_SECOND_MAILBOX: Final = 0.35
_SECOND_PHONE: Final = 0.25
_LANDLINE: Final = 0.35
_WORDS: Final = (
    "sunny",
    "tiger",
    "coffee",
    "storm",
    "pixel",
    "lucky",
    "river",
    "shadow",
    "happy",
    "smile",
    "ninja",
    "moon",
    "luna",
    "panda",
    "zebra",
)


@dataclass(frozen=True)
class Phones:
    """Distinct phone numbers.

    Parameters
    ----------
    country
        Position in COUNTRIES.
    national
        The number without calling code and trunk prefix.
    """

    country: Codes
    national: pa.Array


@dataclass(frozen=True)
class Contacts:
    """Mailboxes and phones of people; −1 where a person has none.

    Parameters
    ----------
    local, domain
        The two halves of each distinct mailbox.
    email, second_email
        Codes into them, one per person.
    phones
        Distinct numbers.
    phone, second_phone, landline
        Codes into them, one per person; a household shares its landline.
    """

    local: pa.Array
    domain: pa.Array
    email: Codes
    second_email: Codes
    phones: Phones
    phone: Codes
    second_phone: Codes
    landline: Codes


@cache
def _plan() -> dict[str, tuple[int, tuple[str, ...]]]:
    """Country → digits after the mobile prefix, prefixes."""
    return {country: (int(digits), tuple(prefixes.split())) for country, _, _, digits, prefixes, _ in read_rows("mobiles")}


def _mobiles(country: Codes, rng: np.random.Generator) -> pa.Array:
    """Give each row its own mobile number; numbers are unique within a country."""
    pieces, rows = [], []
    for position, (name, _, _) in enumerate(COUNTRIES):
        members = np.flatnonzero(country == position)
        digits, prefixes = _plan()[name]
        number = rng.choice(len(prefixes) * 10**digits, len(members), replace=False)
        prefix = pa.array(prefixes).take(pa.array(number // 10**digits))
        pieces.append(join(prefix, digits_of(number % 10**digits, digits)))
        rows.append(members)
    return restore(pieces, rows)


def _landlines(city: Codes, rng: np.random.Generator) -> pa.Array:
    """Give each row a landline of its city; unique within an area code."""
    lines = [line for _, _, _, line in places()]
    areas = sorted(set(lines))
    area_of = np.array([areas.index(line) for line in lines])[city]
    pieces, rows = [], []
    for position, line in enumerate(areas):
        area, length = line.split()
        members = np.flatnonzero(area_of == position)
        digits = int(length) - 1  # after the 2 that numbers in all these places may start with
        number = rng.choice(10**digits, len(members), replace=False)
        pieces.append(join(f"{area}2", digits_of(number, digits)))
        rows.append(members)
    return restore(pieces, rows)


def _mailboxes(people: People, person: Codes, rng: np.random.Generator) -> tuple[pa.Array, pa.Array]:
    """Invent a mailbox for each entry of `person`: spelled from the name in ten habits; no two are alike, even without dots."""
    n = len(person)
    names, last_names = first_names(), surnames()
    first, last = people.first[person], people.last[person]
    year = people.birth[person] // 365 + 1970
    habit = rng.choice(10, n, p=(0.24, 0.12, 0.07, 0.1, 0.1, 0.08, 0.06, 0.08, 0.08, 0.07))
    domains: dict[str, list[str]] = {culture: row.split() for culture, row in read_rows("mailboxes")}
    domain_names = sorted({domain for row in domains.values() for domain in row})
    domain = np.zeros(n, np.int64)
    for position, culture in enumerate(CULTURES):
        rows = np.flatnonzero(people.culture[person] == position)
        share = 1 / np.arange(1.5, len(domains[culture]) + 1)
        order = np.array([domain_names.index(name) for name in domains[culture]])
        domain[rows] = order[rng.choice(len(order), len(rows), p=share / share.sum())]

    number = rng.integers(1, 100, n)
    front_form = np.array([PLAIN, PLAIN, PLAIN, INITIAL, INITIAL, PLAIN, PLAIN, PLAIN_NICKNAME, PLAIN, PLAIN_NICKNAME])[habit]
    front = names.spell(first, np.where(front_form == INITIAL, PLAIN, front_form))
    front = choose(front_form == INITIAL, pc.utf8_slice_codeunits(front, 0, 1), front)
    word = pa.array(_WORDS).take(pa.array(rng.integers(0, len(_WORDS), n)))
    back = choose(np.isin(habit, (5, 9)), "", last_names.spell(last, PLAIN))
    back = choose(habit == 9, word, back)
    front, back = choose(habit == 6, back, front), choose(habit == 6, front, back)
    separator = pa.array([".", "", "_", ".", "", "", ".", "_", ".", "."]).take(pa.array(habit))
    tail = choose(habit == 5, digits_of(year), digits_of(np.where(habit == 9, number, year % 100)))
    tail = choose(np.isin(habit, (4, 5, 8, 9)), tail, "")
    front, back = (pc.replace_substring_regex(pc.utf8_lower(part), "[^a-z0-9]", "") for part in (front, back))
    return _told_apart(join(front, separator, back), tail, domain), pa.array(domain_names).take(pa.array(domain))


def _told_apart(stem: pa.Array, tail: pa.Array, domain: Codes) -> pa.Array:
    """Add a running number to mailboxes that somebody has already, dots not counted."""
    for _ in range(8):
        bare = pc.replace_substring(join(stem, tail), ".", "")
        codes = join(bare, "@", digits_of(domain)).dictionary_encode().indices.to_numpy()
        order = np.argsort(codes, kind="stable")
        starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
        rank = np.empty(len(codes), np.int64)
        rank[order] = np.arange(len(codes)) - np.repeat(starts, np.diff(starts, append=len(codes)))
        if not rank.any():
            break
        tail = choose(rank > 0, join(tail, digits_of(rank)), tail)
    return join(stem, tail)


def draw_contacts(people: People, addresses: Addresses, rng: np.random.Generator) -> Contacts:
    """Give people mailboxes and phones, some of them shared within a household.

    Examples
    --------
    >>> from omniid.datasets.addresses import draw_addresses
    >>> from omniid.datasets.people import draw_people
    >>> rng = np.random.default_rng(0)
    >>> people = draw_people(500, home="PL", rng=rng)
    >>> contacts = draw_contacts(people, draw_addresses(people, rng), rng)
    >>> len(contacts.local) >= 500, len(contacts.phones.national) >= 500
    (True, True)
    """
    n = len(people)
    everyone = np.arange(n)
    with_second = np.flatnonzero(rng.random(n) < _SECOND_MAILBOX)
    local, domain = _mailboxes(people, np.concatenate([everyone, with_second]), rng)
    head = np.flatnonzero(np.diff(people.household, prepend=-1))[people.household]
    shares = np.isin(people.role, (PARTNER, CHILD)) & (rng.random(n) < _SHARED_MAILBOX)
    second_email = np.full(n, NONE)
    second_email[with_second] = n + np.arange(len(with_second))

    with_second = np.flatnonzero(rng.random(n) < _SECOND_PHONE)
    country = np.concatenate([people.country, people.country[with_second]])
    second_phone = np.full(n, NONE)
    second_phone[with_second] = n + np.arange(len(with_second))
    n_households = int(people.household[-1]) + 1
    lines = np.flatnonzero(rng.random(n_households) < _LANDLINE)  # address i is the home of household i
    landline = np.full(n_households, NONE)
    landline[lines] = len(country) + np.arange(len(lines))
    return Contacts(
        local=local,
        domain=domain,
        email=np.where(shares, head, everyone),
        second_email=second_email,
        phones=Phones(
            np.concatenate([country, addresses.country[lines]]),
            pa.concat_arrays([_mobiles(country, rng), _landlines(addresses.city[lines], rng)]),
        ),
        phone=everyone,
        second_phone=second_phone,
        landline=landline[people.household],
    )
