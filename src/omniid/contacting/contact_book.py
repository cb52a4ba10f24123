"""By what each entity of a result can be reached, and whether it may be: everything as arrays, worked out once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.consent import GRANTED, UNKNOWN, Points, States, decide
from omniid.contacting.statements import consent_statements, unique_values, verified_points
from omniid.contacting.values import ContactValues, contact_values
from omniid.contacts import ContactPoints, Ranking, gather_points, rank_points
from omniid.errors import InputError
from omniid.frames.naming import did_you_mean
from omniid.results import Parts
from omniid.sharing import VALUE_CLASSES
from omniid.statement_fields import CHANNEL_OF, purposes_of

__all__ = ["CHANNELS", "ContactBook", "make_contact_book", "may_contact"]

CHANNELS = tuple(dict.fromkeys(CHANNEL_OF.values()))
SHARED, PLACEHOLDER = VALUE_CLASSES.index("shared"), VALUE_CLASSES.index("placeholder")
# Kinds that hide the person or change: they reach somebody for as long as a third party lets them.
HIDDEN = ("masked_email", "proxy_phone")


@dataclass(frozen=True, eq=False)
class ContactBook:
    """The contact points of a result with all that is known of them.

    Parameters
    ----------
    values
        The contact values.
    points
        The contact points: one per entity, kind and value.
    verified
        int8 per point: `YES`, `NO` or `MAYBE`.
    ranking
        The order of the points of one entity and kind.
    purposes
        The purposes that the spec knows.
    spot
        int64 per point: its place in `states`; -1 of rejected values.
    states
        Per value of an entity and purpose: granted, denied or unknown, and why.
    """

    values: ContactValues
    points: ContactPoints
    verified: npt.NDArray[np.int8]
    ranking: Ranking
    purposes: tuple[str, ...]
    spot: npt.NDArray[np.int64]
    states: States

    @property
    def valid(self) -> npt.NDArray[np.bool_]:
        """Whether each point holds a value that can be used at all."""
        return self.values.valid[self.points.value]

    @property
    def generic(self) -> npt.NDArray[np.bool_]:
        """Whether so many people use the point's value that it reaches nobody in particular."""
        return np.asarray(self.values.value_class[self.points.value] == SHARED)

    @property
    def is_best(self) -> npt.NDArray[np.bool_]:
        """Whether a point is the best of its kind to reach the person by."""
        return np.asarray((self.ranking.rank == 1) & self.valid & ~self.generic)

    def of_channel(self, channel: str) -> npt.NDArray[np.bool_]:
        """Whether each point is of a channel.

        Raises
        ------
        InputError
            If there is no such channel.
        """
        if channel not in CHANNELS:
            raise InputError(
                f"there is no channel {channel!r}; choose from {', '.join(CHANNELS)}{did_you_mean(channel, CHANNELS)}"
            )
        kinds = np.array([CHANNEL_OF[kind] == channel for kind in self.values.kinds], bool)
        return np.asarray(kinds[self.points.kind] if len(kinds) else np.zeros(0, bool))

    def state_of(self, purpose: str) -> npt.NDArray[np.int8]:
        """int8 per point: may it be used for a purpose? Position in `omniid.consent.STATES`; of rejected values unknown.

        Raises
        ------
        InputError
            If no consent is declared for the purpose.
        """
        return np.append(self.states.state[:, self.number_of(purpose)], np.int8(UNKNOWN))[self.spot]

    def number_of(self, purpose: str) -> int:
        """Position of a purpose.

        Raises
        ------
        InputError
            If no consent is declared for it.
        """
        if purpose in self.purposes:
            return self.purposes.index(purpose)
        if not self.purposes:
            example = 'Consent("newsletter_ok", of="email", purpose="newsletter")'
            raise InputError(f"no consent is declared, so that nobody may be contacted for {purpose!r}; declare it: {example}")
        near = did_you_mean(purpose, self.purposes)
        raise InputError(f"no consent is declared for {purpose!r}; the purposes are {', '.join(self.purposes)}{near}")


def make_contact_book(parts: Parts) -> ContactBook:
    """Work out by what each entity of a result can be reached, and whether it may be.

    Parameters
    ----------
    parts
        What the stages made.
    """
    values, records, entity = contact_values(parts), parts.records, parts.entity.astype(np.int32, copy=False)
    points = gather_points(values.entries, entity, records.time, records.source)
    verified = verified_points(parts, values, points)
    sharing = np.maximum(values.value_class[points.value], 0).astype(np.int8)
    ranking = rank_points(points, values.valid[points.value], verified, sharing, sharing == SHARED)
    spots, spot = _spots(values, points)
    purposes = purposes_of(parts.spec.fields)
    said, uniques = consent_statements(parts, values), unique_values(parts)
    states = decide(spots, said, uniques, entity, n_values=len(values.text), n_purposes=len(purposes))
    return ContactBook(values, points, verified, ranking, purposes, spot, states)


def _spots(values: ContactValues, points: ContactPoints) -> tuple[Points, npt.NDArray[np.int64]]:
    """The valid values of every entity, and which of them each point holds: two kinds may hold one, and have one answer."""
    valid = np.flatnonzero(values.valid[points.value])
    width = max(len(values.text), 1)
    keys, place = np.unique(points.entity[valid].astype(np.int64) * width + points.value[valid], return_inverse=True)
    value = (keys % width).astype(np.int32)
    spot = np.full(len(points.entity), -1, np.int64)
    spot[valid] = place.reshape(-1)
    return Points((keys // width).astype(np.int32), value, values.family[value]), spot


def may_contact(parts: Parts, purpose: str, book: ContactBook | None = None) -> dict[str, npt.NDArray[np.bool_]]:
    """Channel → bool per entity: whether there is a value of that channel at which the entity may be contacted for a purpose.

    What the preferred channel of a person is filtered by.

    Parameters
    ----------
    parts
        What the stages made.
    purpose
        The purpose, as a `Consent` of the spec names it.
    book
        What `make_contact_book` gave; None: worked out here.

    Raises
    ------
    InputError
        If no consent is declared for the purpose.

    Examples
    --------
    >>> import omniid
    >>> from omniid import Consent, Email, Phone, Spec
    >>> ann = {"id": "1", "email": "ann@example.com", "phone": "+48501234567", "ok": "yes"}
    >>> fields = [Email(), Phone(), Consent("ok", of="email", purpose="newsletter")]
    >>> result = omniid.resolve([ann, {"id": "2", "email": "bob@example.com"}], Spec(fields=fields))
    >>> found = may_contact(result.parts, "newsletter")
    >>> {channel: flags.tolist() for channel, flags in found.items()}
    {'email': [True, False], 'phone': [False, False], 'messenger': [False, False], 'social': [False, False]}
    """
    book = make_contact_book(parts) if book is None else book
    usable = book.valid & ~book.generic & (book.state_of(purpose) == GRANTED)
    out = {}
    for channel in CHANNELS:
        out[channel] = np.zeros(len(parts.entity_ids), bool)
        out[channel][book.points.entity[usable & book.of_channel(channel)]] = True
    return out
