"""Which channels of events may be used to contact somebody: what the preferred channel of a person is filtered by."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.consent import GRANTED
from omniid.contacting.contact_book import CHANNELS, ContactBook

__all__ = ["channel_filter", "channel_named"]

Flags = npt.NDArray[np.bool_]
# Contact channel → words in the names of channels of events.
WORDS = {
    "email": "email e-mail mail newsletter mailing почта",
    "phone": "phone call calls callcenter callcentre call_center call_centre telephone sms text telefon телефон звонок смс",
    "messenger": "messenger whatsapp viber telegram",
    "social": "social facebook instagram vk",
}
NAMES = {word: channel for channel, words in WORDS.items() for word in words.split()}


class ChannelLines(Protocol):
    """One line per entity and channel: their numbers."""

    @property
    def entity(self) -> npt.NDArray[np.integer]:
        """The entity of each line."""
        ...

    @property
    def channel(self) -> npt.NDArray[np.integer]:
        """The channel of each line."""
        ...


def channel_named(name: str) -> str | None:
    """Return the contact channel that a channel of events stands for; None where nobody is contacted, such as in a shop.

    Examples
    --------
    >>> channel_named("E-Mail"), channel_named("call center"), channel_named("shop")
    ('email', 'phone', None)
    """
    word = name.strip().lower()
    return NAMES.get(word) or NAMES.get(word.replace(" ", "_")) or (word if word in CHANNELS else None)


def channel_filter(book: ContactBook, n_entities: int) -> Callable[[ChannelLines, pa.LargeStringArray], Flags] | None:
    """Return what tells, per line of entity and channel, whether the entity may be contacted there; None without any consent.

    A channel of contact counts where a value of it is granted for at least one purpose. Channels to which people come on their
    own, such as a shop, need no consent.

    Parameters
    ----------
    book
        The contact points, with their consent.
    n_entities
        Number of entities.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import omniid
    >>> spec = omniid.Spec(fields=[omniid.Email(), omniid.Consent("ok", of="email", purpose="newsletter")])
    >>> found = omniid.resolve([{"id": "1", "email": "ann@example.com", "ok": "no"}], spec)
    >>> may_contact = channel_filter(found.contact_book, 1)
    >>> lines = SimpleNamespace(entity=np.array([0, 0]), channel=np.array([0, 1]))
    >>> may_contact(lines, pa.array(["email", "shop"], pa.large_string())).tolist()
    [False, True]
    """
    if not book.purposes:
        return None
    granted = np.append((book.states.state == GRANTED).any(axis=1), False)[book.spot]
    usable = granted & book.valid & ~book.generic

    def may_contact(lines: ChannelLines, names: pa.LargeStringArray) -> Flags:
        out = np.ones((len(names) + 1, n_entities), bool)
        for number, name in enumerate(names.to_pylist()):
            channel = channel_named(name)
            if channel is not None:
                out[number] = False
                out[number, book.points.entity[usable & book.of_channel(channel)]] = True
        found: Flags = out[lines.channel, lines.entity]
        return found

    return may_contact
