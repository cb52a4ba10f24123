"""The nine channels: which columns each exports, what it leaves empty and how careless it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from omniid.datasets.formats import DOTTED, ISO, time_cells
from omniid.datasets.rows import Rows
from omniid.datasets.strings import choose, digits_of, join

__all__ = ["CHANNELS", "Channel"]

Cells = dict[str, pa.Array]

_COOKIE, _DEVICE, _BUYER, _RELAY, _KIOSK, _TABLET = range(6)
_RELAYS: Final = ("marketplace.amazon.com", "members.ebay.com", "user.allegrogroup.pl")
_PROXY_PHONES: Final = ("+48222190100", "+48222190101", "+48800700123", "+442071830102")


@dataclass(frozen=True)
class Channel:
    """One channel.

    Parameters
    ----------
    name
        Source name, also the file's stem.
    share
        Share of all records.
    care
        Factor on the rates of slips: below 1 careful, above 1 careless.
    id_column, id_prefix
        Name of the record id's column; what its numbers start with.
    cells
        Makes the columns.
    """

    name: str
    share: float
    care: float
    id_column: str
    id_prefix: str
    cells: Callable[[Rows], Cells]


def _web(rows: Rows) -> Cells:
    first, last = rows.names()
    address = rows.residences()
    cookie = rows.tokens(_COOKIE, rows.person * 3 + rows.rng.integers(0, 3, len(rows)))
    machine = rows.tokens(_KIOSK, rows.rng.integers(0, 1 + len(rows) // 4000, len(rows)))
    cookie = choose(rows.happens(rows.rates.kiosk), machine, cookie)
    return {
        "email": rows.blank(rows.emails(), 0.12),
        "name": rows.blank(rows.full_names(first, last), 0.15),
        "cookie": rows.blank(cookie, 0.1),
        "phone": rows.blank(rows.phones(), 0.45),
        "country": rows.blank(rows.countries(address), 0.1),
        "updated_at": time_cells(rows.seconds, "iso"),
    }


def _app(rows: Rows) -> Cells:
    first, last = rows.names()
    device = rows.tokens(_DEVICE, rows.person * 2 + (rows.rng.random(len(rows)) < 0.25))
    tablet = rows.tokens(_TABLET, rows.people.household[rows.person])
    return {
        "login_id": rows.logins(),
        "device_id": rows.blank(choose(rows.happens(rows.rates.shared_device), tablet, device), 0.03),
        "email": rows.blank(rows.emails(), 0.08),
        "first_name": rows.blank(rows.filled(rows.careless(first), "name"), 0.05),
        "last_name": rows.blank(rows.filled(rows.careless(last), "name"), 0.08),
        "birth_date": rows.blank(rows.birth_dates(ISO), 0.35),
        "updated_at": time_cells(rows.seconds, "iso"),
    }


def _shop(rows: Rows) -> Cells:
    first, last = rows.names(romanized=0.5)
    address = rows.residences()
    return {
        "card_no": rows.blank(rows.cards(), 0.3),
        "phone": rows.blank(rows.phones(landline=0.2), 0.2),
        "customer_name": rows.blank(rows.full_names(first, last, last_first=0.35), 0.12),
        "city": rows.blank(rows.cities(address), 0.25),
        "sold_at": time_cells(rows.seconds, "dotted"),
    }


def _call_centre(rows: Rows) -> Cells:
    first, last = rows.names(romanized=0.6, misheard=0.12)
    return {
        "caller_phone": rows.blank(rows.phones(landline=0.3), 0.03),
        "caller_name": rows.blank(rows.full_names(first, last), 0.05),
        "dob": rows.blank(rows.birth_dates(DOTTED), 0.3),
        "called_at": time_cells(rows.seconds, "dotted"),
    }


def _messenger(rows: Rows) -> Cells:
    return {
        "whatsapp": rows.phones(landline=0.0),
        "display_name": rows.blank(rows.display_names(), 0.03),
        "last_message_at": time_cells(rows.seconds, "iso"),
    }


def _social(rows: Rows) -> Cells:
    first, last = rows.names(romanized=0.4, nickname=0.2)
    handle = pc.replace_substring(rows.contacts.local.take(pa.array(rows.contacts.email[rows.person])), ".", "_")
    handle = join("@", handle, digits_of(rows.person % 97))
    return {
        "handle": handle,
        "full_name": rows.blank(rows.full_names(first, last), 0.03),
        "city": rows.blank(rows.cities(rows.residences(), romanized=0.5), 0.3),
        "email": rows.blank(rows.emails(), 0.35),
        "profile_updated": time_cells(rows.seconds, "day"),
    }


def _newsletter(rows: Rows) -> Cells:
    first, _ = rows.names(nickname=0.2)
    return {
        "e-mail": rows.emails(),
        "first name": rows.blank(rows.careless(first), 0.5),
        "subscribed_on": time_cells(rows.seconds, "day"),
    }


def _loyalty(rows: Rows) -> Cells:
    first, last = rows.names(romanized=0.15)
    address = rows.residences()
    return {
        "card_no": rows.cards(),
        "first_name": rows.careless(first),
        "last_name": rows.careless(last),
        "birth_date": rows.blank(rows.birth_dates(ISO), 0.06),
        "street": rows.blank(rows.streets(address), 0.08),
        "postcode": rows.blank(rows.postcodes(address), 0.08),
        "city": rows.blank(rows.cities(address), 0.05),
        "country": rows.countries(address),
        "phone": rows.blank(rows.phones(), 0.12),
        "email": rows.blank(rows.emails(), 0.2),
        "updated_at": time_cells(rows.seconds, "iso"),
    }


def _marketplace(rows: Rows) -> Cells:
    first, last = rows.names(romanized=0.7)
    address = rows.residences()
    relay = pa.array(_RELAYS).take(pa.array(rows.person % len(_RELAYS)))
    masked = join(pc.utf8_slice_codeunits(rows.tokens(_RELAY, rows.person), 0, 14), "@", relay)
    proxy = pa.array(_PROXY_PHONES).take(pa.array(rows.rng.integers(0, len(_PROXY_PHONES), len(rows))))
    return {
        "buyer_id": join("B", pc.utf8_slice_codeunits(pc.utf8_upper(rows.tokens(_BUYER, rows.person)), 0, 12)),
        "buyer_email": rows.blank(masked, 0.05),
        "buyer_phone": rows.blank(choose(rows.happens(0.7), proxy, rows.phones()), 0.2),
        "ship_name": rows.full_names(first, last),
        "ship_street": rows.streets(address),
        "ship_postcode": rows.postcodes(address),
        "ship_city": rows.cities(address, romanized=0.6),
        "ship_country": rows.countries(address),
        "ordered_at": time_cells(rows.seconds, "iso"),
    }


CHANNELS: Final = (
    Channel("web", 0.20, 1.0, "id", "W", _web),
    Channel("app", 0.12, 0.8, "record_id", "A", _app),
    Channel("shop", 0.15, 1.2, "id", "S", _shop),
    Channel("call_centre", 0.08, 1.5, "id", "C", _call_centre),
    Channel("messenger", 0.08, 1.0, "id", "M", _messenger),
    Channel("social", 0.07, 1.0, "id", "F", _social),
    Channel("newsletter", 0.08, 1.0, "id", "N", _newsletter),
    Channel("loyalty", 0.14, 0.5, "record_id", "L", _loyalty),
    Channel("marketplace", 0.08, 0.7, "id", "O", _marketplace),
)
