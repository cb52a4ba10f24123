"""The catalogue of identifier kinds: what each means, how it behaves, how it is read, and which counts first.

========= ===================================================================================================
behavior  meaning
========= ===================================================================================================
unique    a person has at most one: a different value forbids a merge, one mistyped character excepted; opt-in
strong    agreement links on its own, unless names or birth dates contradict or the value is shared
weak      weighed with other fields, never a link on its own
device    ties records to a device, not to a person
proxy     issued by a third party, rotates or is shared: kept on the profile, never evidence
========= ===================================================================================================
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from omniid.errors import SpecError
from omniid.frames.naming import did_you_mean

__all__ = ["BEHAVIORS", "KINDS", "Kind", "kind_named", "kind_ranks"]

BEHAVIORS = ("unique", "strong", "weak", "device", "proxy")
# Kinds of one's own take their place behind the catalogue's kinds of the same behavior.
OWN_PLACE: Mapping[str, str] = {
    "unique": "identifier",
    "strong": "identifier",
    "weak": "landline",
    "device": "device",
    "proxy": "call_center_line",
}


@dataclass(frozen=True)
class Kind:
    """A kind of identifier.

    Parameters
    ----------
    name
        "passport", "whatsapp", "cookie" …
    behavior
        One of `BEHAVIORS`.
    normalizer
        Which normaliser reads its values.
    priority
        Place in the default order, the smaller the sooner: for ties in clustering and for the lines of explanations.
    meets
        The kind whose values its own are compared with: a WhatsApp number is a phone number, the hash of an e-mail address
        stands for that address. None: only with values of the same field.
    shared_by_relatives
        Whether a household often has one together.

    Examples
    --------
    >>> KINDS["whatsapp"].meets, KINDS["cookie"].behavior
    ('phone', 'device')
    """

    name: str
    behavior: str
    normalizer: str = "identifier"
    priority: int = 0
    meets: str | None = None
    shared_by_relatives: bool = False

    @property
    def is_person(self) -> bool:
        """Whether its values are evidence about a person: unique, strong or weak."""
        return self.behavior in ("unique", "strong", "weak")

    @property
    def links(self) -> bool:
        """Whether agreement links on its own: unique or strong."""
        return self.behavior in ("unique", "strong")


def _catalogue(*kinds: Kind) -> Mapping[str, Kind]:
    return MappingProxyType({kind.name: replace(kind, priority=10 * place) for place, kind in enumerate(kinds, 1)})


# In the order of their default priority.
KINDS: Mapping[str, Kind] = _catalogue(
    Kind("crm_id", "strong"),
    Kind("customer_id", "strong"),
    Kind("login", "strong"),
    Kind("national_id", "strong"),
    Kind("passport", "strong"),
    Kind("drivers_license", "strong"),
    Kind("document_number", "strong"),
    Kind("tax_id", "strong"),
    Kind("loyalty", "strong", shared_by_relatives=True),
    Kind("card", "strong", shared_by_relatives=True),
    Kind("email", "strong", "email", meets="email", shared_by_relatives=True),
    Kind("email_hash", "strong", "hash", meets="email", shared_by_relatives=True),
    Kind("phone", "strong", "phone", meets="phone", shared_by_relatives=True),
    Kind("whatsapp", "strong", "phone", meets="phone", shared_by_relatives=True),
    Kind("viber", "strong", "phone", meets="phone", shared_by_relatives=True),
    Kind("phone_hash", "strong", "hash", meets="phone", shared_by_relatives=True),
    Kind("telegram", "strong", "telegram"),
    Kind("messenger", "strong", "handle"),
    Kind("facebook", "strong", "facebook"),
    Kind("instagram", "strong", "handle"),
    Kind("vk", "strong", "vk"),
    Kind("social", "strong", "handle"),
    Kind("marketplace_buyer", "strong"),
    Kind("identifier", "strong"),
    Kind("landline", "weak", "phone", shared_by_relatives=True),
    Kind("website", "weak", "website", shared_by_relatives=True),
    Kind("masked_email", "proxy", "attribute"),
    Kind("proxy_phone", "proxy", "phone"),
    Kind("call_center_line", "proxy", "phone"),
    Kind("cookie", "device"),
    Kind("analytics_client", "device"),
    Kind("advertising_id", "device"),
    Kind("push_token", "device"),
    Kind("wearable", "device"),
    Kind("kiosk", "device"),
    Kind("device", "device"),
)


def kind_named(name: str, behavior: str | None = None) -> Kind:
    """Return a kind of the catalogue, or one's own, with the behavior that is declared for it.

    Parameters
    ----------
    name
        A kind of the catalogue; any other name needs a `behavior`.
    behavior
        One of `BEHAVIORS`; None takes the catalogue's.

    Raises
    ------
    SpecError
        If the behavior is unknown, or the kind is and no behavior is given.

    Examples
    --------
    >>> kind_named("passport").behavior, kind_named("passport", "unique").behavior, kind_named("badge", "weak").normalizer
    ('strong', 'unique', 'identifier')
    """
    if behavior is not None and behavior not in BEHAVIORS:
        near = did_you_mean(str(behavior), BEHAVIORS)
        raise SpecError(f"kind {name!r} has the behavior {behavior!r}; use {', '.join(BEHAVIORS)}{near}")
    if name in KINDS:
        kind = KINDS[name]
        return kind if behavior is None else replace(kind, behavior=behavior)
    if behavior is None:
        near = did_you_mean(str(name), tuple(KINDS))
        raise SpecError(
            f"identifier kind {name!r} is unknown{near or '.'} Known kinds: {', '.join(KINDS)}. "
            f'For a kind of your own say how it behaves, for example behavior="strong".'
        )
    return Kind(name, behavior, priority=KINDS[OWN_PLACE[behavior]].priority + 1)


def kind_ranks(kinds: Iterable[Kind], declared: Sequence[str] = ()) -> dict[str, int]:
    """Name → place in the order of priority, 0 first: declared kinds in their order, then the others in the default order.

    Parameters
    ----------
    kinds
        The kinds that occur.
    declared
        Names of kinds that come first, each once.

    Examples
    --------
    >>> kind_ranks([KINDS["email"], KINDS["passport"], KINDS["phone"]], ["phone"])
    {'phone': 0, 'passport': 1, 'email': 2}
    """
    place = {name: number for number, name in enumerate(declared)}
    unique = {kind.name: kind for kind in kinds}
    order = sorted(unique.values(), key=lambda kind: (place.get(kind.name, len(place)), kind.priority, kind.name))
    return {kind.name: number for number, kind in enumerate(order)}
