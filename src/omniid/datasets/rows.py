"""The cells of one channel: what its records say of their people, with the channel's mistakes."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.datasets.addresses import Addresses, city_names, places
from omniid.datasets.contacts import NONE, Contacts
from omniid.datasets.corruption import Corruption
from omniid.datasets.formats import date_cells, phone_cells
from omniid.datasets.people import COUNTRIES, People
from omniid.datasets.strings import Codes, Flags, choose, digits_of, hex_of, join, slips
from omniid.datasets.vocabulary import (
    CULTURES,
    HEARD,
    INITIAL,
    NATIVE,
    NICKNAME,
    PLAIN,
    PLAIN_NICKNAME,
    VARIANT,
    first_names,
    surnames,
)
from omniid.hashing import mix

__all__ = ["Rows"]

# Fillings that mean nothing, by what the column holds.
PLACEHOLDERS: Final = {
    "email": ("test@test.com", "n/a", "brak@brak.pl", "noemail@example.com", "-", "null"),
    "phone": ("000000000", "999999999", "123456789", "n/a", "0", "+48000000000"),
    "name": ("n/a", "Test Test", "-", "Klient", "unknown", "null"),
    "date": ("1900-01-01", "1970-01-01", "0000-00-00", "n/a"),
    "text": ("n/a", "-", "null", "?"),
}
_LATIN_CULTURES: Final = tuple(CULTURES.index(culture) for culture in ("en", "pl", "de", "es"))
_MISSPELT_DOMAINS: Final = (
    ("gmail.com", "gmial.com"),
    ("gmail.com", "gmail.con"),
    ("hotmail.com", "hotmial.com"),
    ("wp.pl", "wp.p"),
    ("mail.ru", "mail.r"),
)
_EMOJI: Final = ("🌸", "😎", "✨", "🐱", "❤️", "⚽", "🎸", "🌻")


@dataclass(frozen=True)
class Rows:
    """Records of one channel before they are written: who, when, and with which mistakes.

    Parameters
    ----------
    people, contacts, addresses
        The world that the records are of.
    person
        Person of each record.
    seconds
        Time of each record, seconds since 1970.
    rates
        The channel's own rates of mistakes.
    home
        Position of the business's country in COUNTRIES.
    rng
        The channel's own source of chance.
    """

    people: People
    contacts: Contacts
    addresses: Addresses
    person: Codes
    seconds: Codes
    rates: Corruption
    home: int
    rng: np.random.Generator

    def __len__(self) -> int:
        return len(self.person)

    def happens(self, rate: float) -> Flags:
        """Flag each record with one chance."""
        return self.rng.random(len(self)) < rate

    def blank(self, cells: pa.Array, share: float) -> pa.Array:
        """Empty a share of the cells (times the factor `missing`)."""
        return choose(self.happens(share * self.rates.missing), pa.scalar(None, pa.string()), cells)

    def filled(self, cells: pa.Array, kind: str) -> pa.Array:
        """Fill a few cells with something that means nothing."""
        fillings = PLACEHOLDERS[kind]
        picked = pa.array(fillings).take(pa.array(self.rng.integers(0, len(fillings), len(self))))
        return choose(self.happens(self.rates.placeholder), picked, cells)

    def careless(self, cells: pa.Array, *, typo: float = 1.0) -> pa.Array:
        """Add slips of the fingers, capitals, small letters and stray blanks."""
        cells = slips(cells, self.happens(self.rates.typo * typo), self.rng)
        case = self.happens(self.rates.case)
        cells = choose(case, choose(self.happens(0.5), pc.utf8_upper(cells), pc.utf8_lower(cells)), cells)
        blank = self.happens(self.rates.whitespace)
        return choose(blank, choose(self.happens(0.5), join(cells, " "), join(" ", cells)), cells)

    def names(
        self, *, romanized: float | None = None, nickname: float | None = None, misheard: float | None = None
    ) -> tuple[pa.Array, pa.Array]:
        """Spell first and last names as this channel does; None takes the rate of the corruption model."""
        people, rates, n = self.people, self.rates, len(self)
        who = self.person
        latin = np.isin(people.culture[who], _LATIN_CULTURES)
        share = np.where(latin, rates.diacritics_dropped, rates.romanized if romanized is None else romanized)
        plain = self.rng.random(n) < share
        base = np.where(plain, np.where(self.happens(0.3), VARIANT, PLAIN), NATIVE)
        first_form, last_form = base.copy(), base.copy()
        nicknamed = self.happens(rates.nickname if nickname is None else nickname)
        first_form[nicknamed] = np.where(plain, PLAIN_NICKNAME, NICKNAME)[nicknamed]
        short = self.happens(0.3 * (rates.chaos > 0))  # one of two Spanish surnames
        last_form[short] = np.where(plain, PLAIN_NICKNAME, NICKNAME)[short]
        rate = rates.misheard if misheard is None else misheard
        first_form[self.happens(rate)] = HEARD
        last_form[self.happens(rate)] = HEARD
        first_form[self.happens(rates.initial)] = INITIAL
        day = self.seconds // 86_400
        before = (day < people.married[who]) | self.happens(rates.maiden)
        first = first_names().spell(people.first[who], first_form)
        last = surnames().spell(np.where(before, people.maiden[who], people.last[who]), last_form)
        suffixed = (people.suffix[who] > 0) & (people.culture[who] == CULTURES.index("en")) & self.happens(0.4)
        last = choose(suffixed, join(last, choose(people.suffix[who] == 1, " Sr.", " Jr.")), last)
        swapped = self.happens(rates.swapped)
        return choose(swapped, last, first), choose(swapped, first, last)

    def full_names(self, first: pa.Array, last: pa.Array, *, last_first: float = 0.0) -> pa.Array:
        """Write both names in one cell; a share as "LAST First" or "Last, First"."""
        turned = self.happens(last_first)
        capital = choose(self.happens(0.5), join(pc.utf8_upper(last), " "), join(last, ", "))
        return self.filled(self.careless(choose(turned, join(capital, first), join(first, " ", last))), "name")

    def emails(self) -> pa.Array:
        """Write mailboxes: the second one now and then, dots that Gmail ignores, plus tags, capitals, misspelt providers."""
        contacts, who = self.contacts, self.person
        second = (contacts.second_email[who] != NONE) & self.happens(self.rates.second_email)
        codes = pa.array(np.where(second, contacts.second_email[who], contacts.email[who]))
        local, domain = contacts.local.take(codes), contacts.domain.take(codes)
        gmail = np.asarray(pc.equal(domain, "gmail.com"))
        habit = self.happens(0.05 * (self.rates.chaos > 0)) & gmail
        tagged = pa.array(("+shop", "+news", "+app")).take(pa.array(self.rng.integers(0, 3, len(self))))
        local = choose(habit, choose(self.happens(0.5), join(local, tagged), pc.replace_substring(local, ".", "")), local)
        local = slips(local, self.happens(self.rates.typo / 3), self.rng)
        for right, wrong in _MISSPELT_DOMAINS:
            domain = pc.if_else(pc.and_(pc.equal(domain, right), pa.array(self.happens(self.rates.typo / 10))), wrong, domain)
        cells = join(local, "@", domain)
        cells = choose(
            self.happens(self.rates.case), choose(self.happens(0.5), pc.utf8_upper(cells), pc.utf8_capitalize(cells)), cells
        )
        cells = choose(self.happens(self.rates.whitespace), join(cells, " "), cells)
        return self.filled(cells, "email")

    def phones(self, *, landline: float | None = None) -> pa.Array:
        """Write phones: the second one or the household's landline now and then, in all the ways people write them."""
        contacts, who = self.contacts, self.person
        codes = contacts.phone[who].copy()
        for other, rate in (
            (contacts.second_phone[who], self.rates.second_phone),
            (contacts.landline[who], self.rates.shared_phone if landline is None else landline),
        ):
            taken = (other != NONE) & self.happens(rate)
            codes[taken] = other[taken]
        national = slips(
            contacts.phones.national.take(pa.array(codes)), self.happens(self.rates.digit_slip), self.rng, insertions=False
        )
        cells = phone_cells(contacts.phones.country[codes], national, self.happens(self.rates.chaos), self.home, self.rng)
        return self.filled(cells, "phone")

    def birth_dates(self, style: int) -> pa.Array:
        """Write birth dates in the channel's style."""
        slip, chaos = self.happens(self.rates.date_slip), self.happens(self.rates.chaos / 10)
        cells = date_cells(self.people.birth[self.person], style, slip=slip, chaos=chaos, rng=self.rng)
        return self.filled(cells, "date")

    def residences(self) -> Codes:
        """Give the address of each record: the old one before the move, and now and then after it."""
        people, who = self.people, self.person
        stale = (self.seconds // 86_400 < people.moved[who]) | self.happens(self.rates.stale_address)
        return np.where(stale, people.old_address[who], people.address[who])

    def streets(self, address: Codes) -> pa.Array:
        """Write street lines, four in ten with the word for street shortened."""
        index = pa.array(address)
        short = self.happens(0.4 * (self.rates.chaos > 0))
        cells = choose(short, self.addresses.short_street.take(index), self.addresses.street.take(index))
        return self.filled(self.careless(cells), "text")

    def cities(self, address: Codes, *, romanized: float | None = None) -> pa.Array:
        """Write cities, some in Latin letters."""
        latin = self.happens(self.rates.romanized if romanized is None else romanized)
        names = city_names().take(pa.array(self.addresses.city[address] + np.where(latin, len(places()), 0)))
        return self.filled(self.careless(names, typo=0.5), "text")

    def postcodes(self, address: Codes) -> pa.Array:
        """Write postcodes, a few with a slip."""
        return slips(
            self.addresses.postcode.take(pa.array(address)), self.happens(self.rates.digit_slip), self.rng, insertions=False
        )

    def countries(self, address: Codes) -> pa.Array:
        """Write country codes."""
        return pa.array([code for code, _, _ in COUNTRIES]).take(pa.array(self.addresses.country[address]))

    def tokens(self, kind: int, of: Codes) -> pa.Array:
        """Give each number in `of` its own 16-digit token (cookies, devices, buyers); another kind, another token."""
        return hex_of(mix(of.astype(np.uint64) * np.uint64(64) + np.uint64(kind)))

    def cards(self) -> pa.Array:
        """Write loyalty card numbers: 29 and ten digits, one card a person."""
        number = (self.person * 6_180_339_887 + 1_234_567_891) % 10**10  # odd and no multiple of 5: one to one
        return slips(join("29", digits_of(number, 10)), self.happens(self.rates.digit_slip), self.rng, insertions=False)

    def logins(self) -> pa.Array:
        """Write login ids: u and eight digits, one login a person."""
        return join("u", digits_of((self.person * 61_803_399 + 12_345_679) % 10**8, 8))

    def display_names(self) -> pa.Array:
        """Invent what people call themselves in a messenger: a nickname, with a surname, an initial or an emoji."""
        first, last = self.names(nickname=0.5)
        habit = self.rng.choice(4, len(self), p=(0.35, 0.3, 0.2, 0.15))
        emoji = pa.array(_EMOJI).take(pa.array(self.rng.integers(0, len(_EMOJI), len(self))))
        cells = choose(habit == 0, join(first, " ", last), first)
        cells = choose(habit == 1, join(first, " ", pc.utf8_slice_codeunits(last, 0, 1), "."), cells)
        return self.careless(choose(habit == 3, join(cells, " ", emoji), cells))
