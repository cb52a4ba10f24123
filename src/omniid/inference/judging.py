"""What one column is, from its header's meaning, its values and the kinds of the columns beside it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from omniid.identifier_kinds import KINDS
from omniid.inference.contents import Contents
from omniid.inference.headers import HeaderReading, split_header
from omniid.inference.patterns import NETWORKS
from omniid.inference.statements import judge_statement

__all__ = ["TIME_WORDS", "Verdict", "judge_column"]

_MOST, _HALF, _SOME = 0.8, 0.5, 0.2
_DIGITS_IN_NAMES = 0.3  # above it a column called "name" holds product names, order numbers …
_GENDERS = 30  # more distinct values than this are no genders
_BIRTH_SPAN = 20  # years between the 5th and 95th percentile of birth dates
_BIRTH_YEARS = (1900, 2020)
_SURE = 0.95  # share asked of a column whose header says nothing
_ADDRESS_PARTS = frozenset({"city", "postcode", "street", "house_number"})
_NAMES = frozenset({"first_name", "last_name", "middle_name", "full_name"})
_WITH_DIGITS = frozenset(
    {
        "national_id",
        "passport",
        "tax_id",
        "drivers_license",
        "document_number",
        "loyalty",
        "card",
        "crm_id",
        "customer_id",
        *(name for name, kind in KINDS.items() if kind.behavior == "device"),
    }
)
TIME_WORDS = frozenset({"at", "on", "date", "time", "data", "czas", "дата", "время", "datum", "zeit", "fecha", "تاریخ"})
_NOUNS = {"email": "e-mail addresses", "phone": "phone numbers", "date": "dates"}


class Verdict(NamedTuple):
    """What a column is taken for: kind, field (None for an attribute: its name is made later) and the reason.

    Examples
    --------
    >>> Verdict("email", "email", "header 'mail'").kind
    'email'
    """

    kind: str
    field: str | None
    reason: str


def judge_column(reading: HeaderReading, contents: Contents, peers: frozenset[str]) -> Verdict:
    """Judge one column that holds values.

    Parameters
    ----------
    reading
        What its header says.
    contents
        What its values look like.
    peers
        Kinds that the headers of the source's other columns promise.

    Returns
    -------
    Verdict
        kind "time" is a candidate for the event time, with its header's rank ("updated", "created" …) as field.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from omniid.inference.headers import read_header
    >>> values = Contents.of(pa.array(["a@x.com", "b@x.com"], pa.large_string()))
    >>> judge_column(read_header("c7"), values, frozenset()).kind
    'email'
    """
    said = f"header '{_shown(reading.header)}'"
    if reading.kind == "ignored":
        return Verdict("ignored", None, f"{said} names a truth label or an earlier result, which must not be evidence")
    if (statement := judge_statement(reading.header, contents)) is not None:
        return Verdict(*statement)
    if reading.meaning is None or reading.denied is not None:
        stamps = _timestamps(reading, said, contents)
        if stamps is not None:
            return stamps
    if reading.denied is not None:
        return Verdict("attribute", None, f"{said}: '{reading.denied}' says that this is not the person's own value")
    if reading.meaning is None:
        return _from_values(said, contents, split_header(reading.header))
    kind, field = reading.meaning.kind, reading.meaning.field
    if kind == "attribute":
        return Verdict("attribute", None, f"{said} is kept on the profile and is no evidence")
    if kind not in ("email", "email_hash", "phone_hash", "masked_email") and contents.share("email") >= _MOST:
        return Verdict("email", "email", f"{said}, but {contents.says('email', 'are e-mail addresses')}")
    if kind in ("email", "phone") and contents.share("hash") >= _MOST:
        return Verdict(f"{kind}_hash", f"{kind}_hash", f"{said}; {contents.says('hash', 'are hashes')}")
    settle = _SETTLED.get(kind, _checked)
    return settle(kind, field, said, contents, peers)


def _shown(header: str) -> str:
    return header if len(header) <= 40 else header[:39] + "…"


# ---------------------------------------------------------------- headers without a meaning


def _timestamps(reading: HeaderReading, said: str, contents: Contents) -> Verdict | None:
    """A time under any name: "called_at" with dates, or whatever column holds dates with a time of day."""
    dated = contents.share("date") >= _MOST
    if contents.share("clock") - contents.share("midnight") >= _HALF and dated:
        return Verdict("time", "date", f"{said}; {contents.says('clock', 'are dates with a time of day')}")
    named = split_header(reading.header)[-1:]
    if dated and named and named[0] in TIME_WORDS and not _like_births(contents):
        return Verdict("time", "date", f"{said} reads like a time; {contents.says('date', 'are dates')}")
    return None


def _from_values(said: str, contents: Contents, words: Sequence[str]) -> Verdict:
    """A column whose header says nothing: e-mail addresses, clear phone numbers and clear birth dates speak for themselves."""
    unknown = f"{said} has no known meaning"
    if contents.share("email") >= _MOST:
        return Verdict("email", "email", f"{unknown}, but {contents.says('email', 'are e-mail addresses')}")
    if contents.share("phone") >= _MOST and contents.share("dialled") >= _MOST:
        return Verdict("phone", "phone", f"{unknown}, but {contents.says('phone', 'are written as phone numbers are')}")
    if network := _network(contents):
        return Verdict(network, network, f"{unknown}, but {contents.says(network, f'are addresses of {network} profiles')}")
    if contents.share("analytics cookie") >= _MOST:
        return Verdict(
            "analytics_client",
            "analytics_client",
            f"{unknown}, but {contents.says('analytics cookie', 'are ids of Google Analytics')}",
        )
    of_something = len(words) > 1 and words[-1] in TIME_WORDS  # "connection_date" names what it dates, and that is no birth
    if len(contents) >= _BIRTH_SPAN and not of_something and contents.share("date") >= _SURE and _like_births(contents):
        return Verdict(
            "birth_date", "birth_date", f"{unknown}, but {contents.says('date', 'are dates')} and spread like birth dates"
        )
    return Verdict("attribute", None, f"{unknown}, and the values do not give it one")


def _network(contents: Contents) -> str | None:
    """The network to whose profiles most values lead."""
    return next((name for name in NETWORKS if contents.share(name) >= _MOST), None)


def _like_births(contents: Contents) -> bool:
    years = contents.years()
    if years is None:
        return False
    first, last = _BIRTH_YEARS
    timed = contents.share("clock") - contents.share("midnight")
    return years.low >= first and years.high <= last and years.span >= _BIRTH_SPAN and timed < _SOME


# ---------------------------------------------------------------- headers with a meaning: what the values veto


def _checked(kind: str, field: str, said: str, contents: Contents, _peers: frozenset[str]) -> Verdict:
    """The header's meaning, unless the values speak against it."""
    objection = _objection(kind, contents)
    if objection:
        return Verdict("attribute", None, f"{said}, but {objection}")
    claim = {"email": "email", "phone": "phone", "birth_date": "date"}.get(kind)
    return Verdict(kind, field, f"{said}; {contents.says(claim, f'are {_NOUNS[claim]}')}" if claim else said)


def _objection(kind: str, contents: Contents) -> str | None:
    """Why the values cannot be of a kind, None if they can."""
    if kind in _NAMES and contents.share("digit") > _DIGITS_IN_NAMES:
        return contents.says("digit", "hold digits")
    if kind in _NAMES and contents.share("letter") < _HALF:
        return contents.says("letter", "hold a letter")
    if kind in _WITH_DIGITS and contents.share("false or true") >= _MOST:
        return "its values only say yes or no"
    if kind in _WITH_DIGITS and contents.share("date") >= _MOST and contents.share("clock") + contents.share("letter") == 0.0:
        return _unless_numbers(contents)
    if kind in _WITH_DIGITS and contents.share("digit") < _SOME:
        return f"only {contents.says('digit', 'hold a digit')}"
    test = _NEEDED.get(kind)
    if test is None:
        return None
    name, least, words = test
    return contents.says(name, words) if contents.share(name) < least else None


def _unless_numbers(contents: Contents) -> str | None:
    """Eight digits are a date as well as a number: only dates with separators are an objection."""
    punctuated = contents.share("date") - contents.share("eight digits")
    return contents.says("date", "are dates") if punctuated >= _HALF else None


# Kind → pattern, the least share of values that must match it, and how to say it.
_NEEDED = {
    **dict.fromkeys(("email", "masked_email"), ("at", _SOME, "have an @")),
    **dict.fromkeys(("phone", "landline", "proxy_phone", "call_center_line"), ("phone", _SOME, "look like phone numbers")),
    "birth_date": ("date", _SOME, "are dates"),
    "birth_year": ("year", _HALF, "are years"),
    "birth_month": ("month number", _HALF, "are months"),
    "birth_day": ("day number", _HALF, "are days of a month"),
    "postcode": ("postcode", _HALF, "look like postcodes"),
    "house_number": ("house number", _HALF, "look like house numbers"),
    "street": ("letter", _SOME, "hold a letter"),
    "address": ("letter", _SOME, "hold a letter"),
    "city": ("letter", _HALF, "hold a letter"),
    "region": ("letter", _HALF, "hold a letter"),
    "country": ("letter", _HALF, "hold a letter"),
    "company": ("letter", _SOME, "hold a letter"),
    "name_suffix": ("short", _HALF, "are short"),
    "email_hash": ("digit", _HALF, "hold a digit"),
    "phone_hash": ("digit", _HALF, "hold a digit"),
}

# ---------------------------------------------------------------- kinds that the values or the other columns settle


def _name(_kind: str, _field: str, said: str, contents: Contents, peers: frozenset[str]) -> Verdict:
    """A column that is just called "name": whole names, or the part that the other columns lack."""
    objection = _objection("full_name", contents)
    if objection:
        return Verdict("attribute", None, f"{said}, but {objection}")
    several = contents.says("words", "have two or more words")
    first, last = "first_name" in peers, "last_name" in peers
    if contents.share("words") >= _HALF:
        return Verdict("full_name", "full_name", f"{said}; {several}")
    if first and last:
        return Verdict("attribute", None, f"{said}, but first and last name have columns of their own and only {several}")
    if last:
        return Verdict("first_name", "first_name", f"{said}; the last name has a column of its own and only {several}")
    if first:
        return Verdict("last_name", "last_name", f"{said}; the first name has a column of its own and only {several}")
    return Verdict("full_name", "full_name", f"{said}; no other column holds a part of the name")


def _title(_kind: str, _field: str, said: str, contents: Contents, _peers: frozenset[str]) -> Verdict:
    if contents.share("honorific") >= _HALF:
        return Verdict("title", "title", f"{said}; {contents.says('honorific', 'are forms of address')}")
    return Verdict("attribute", None, f"{said}, but only {contents.says('honorific', 'are forms of address')}")


def _address(_kind: str, _field: str, said: str, contents: Contents, peers: frozenset[str]) -> Verdict:
    """A column that is just called "address": the street line where the city or postcode stands beside it."""
    objection = _objection("address", contents)
    if objection:
        return Verdict("attribute", None, f"{said}, but {objection}")
    beside = sorted(peers & {"city", "postcode"})
    if beside and contents.share("commas") < _HALF and "street" not in peers:
        return Verdict("street", "street", f"{said}; {' and '.join(beside)} stand in columns of their own")
    return Verdict("address", "address", f"{said}; the whole address in one column")


def _state(_kind: str, _field: str, said: str, contents: Contents, peers: frozenset[str]) -> Verdict:
    if not peers & _ADDRESS_PARTS:
        return Verdict("attribute", None, f"{said}, but no other column is a part of an address, so it may be a status")
    return _checked("region", "region", said, contents, peers)


def _card(_kind: str, _field: str, said: str, contents: Contents, peers: frozenset[str]) -> Verdict:
    if contents.payment_card_share() >= _MOST:
        return Verdict("card", "card", f"{said}; the values have the length and check digit of payment cards")
    return _checked("loyalty", "loyalty", said, contents, peers)


def _client_id(_kind: str, _field: str, said: str, contents: Contents, peers: frozenset[str]) -> Verdict:
    if contents.share("analytics id") >= _MOST:
        return Verdict(
            "analytics_client", "analytics_client", f"{said}; {contents.says('analytics id', 'look like web analytics ids')}"
        )
    if contents.share("uuid") >= _MOST:
        return Verdict("device", "device", f"{said}; {contents.says('uuid', 'are random ids as devices have')}")
    return _checked("customer_id", "customer_id", said, contents, peers)


def _handle(kind: str, field: str, said: str, contents: Contents, _peers: frozenset[str]) -> Verdict:
    """Login, social network, messenger: handles, but some systems keep phone numbers or whole names there."""
    if contents.share("phone") >= _MOST and contents.share("dialled") >= _MOST:
        return Verdict("phone", "phone", f"{said}; {contents.says('phone', 'are phone numbers')}")
    if contents.share("false or true") >= _MOST:
        return Verdict("attribute", None, f"{said}, but its values only say yes or no")
    if network := _network(contents):
        return Verdict(network, network, f"{said}; {contents.says(network, f'are addresses of {network} profiles')}")
    if kind == "login" and min(contents.share("words"), contents.share("letters only")) >= _HALF:
        return Verdict("full_name", "full_name", f"{said}; {contents.says('words', 'have two or more words')}")
    return Verdict(kind, field, said)


def _birth_date(kind: str, field: str, said: str, contents: Contents, peers: frozenset[str]) -> Verdict:
    if contents.share("year") >= _MOST:
        return Verdict("birth_year", "birth_year", f"{said}; {contents.says('year', 'are years')}")
    return _checked(kind, field, said, contents, peers)


def _birth_day(kind: str, field: str, said: str, contents: Contents, peers: frozenset[str]) -> Verdict:
    if contents.share("date") >= _HALF:
        return _checked("birth_date", "birth_date", said, contents, peers)
    return _checked(kind, field, said, contents, peers)


def _gender(kind: str, field: str, said: str, contents: Contents, _peers: frozenset[str]) -> Verdict:
    if len(contents) > _GENDERS:
        return Verdict("attribute", None, f"{said}, but {contents.counted()} are too many for genders")
    return Verdict(kind, field, said)


def _time(kind: str, field: str, said: str, contents: Contents, _peers: frozenset[str]) -> Verdict:
    if field == "date" and len(contents) >= _BIRTH_SPAN and contents.share("date") >= _SURE and _like_births(contents):
        return Verdict("birth_date", "birth_date", f"{said}; {contents.says('date', 'are dates')} and spread like birth dates")
    if max(contents.share("date"), contents.share("epoch")) >= _HALF:
        return Verdict(kind, field, said)
    return Verdict("attribute", None, f"{said}, but only {contents.says('date', 'are dates')}")


_Judge = Callable[[str, str, str, Contents, frozenset[str]], Verdict]
_SETTLED: dict[str, _Judge] = {
    "?name": _name,
    "?title": _title,
    "?address": _address,
    "?state": _state,
    "?card": _card,
    "?client_id": _client_id,
    "login": _handle,
    **dict.fromkeys(("social", "messenger", "telegram", "facebook", "instagram", "vk"), _handle),
    "birth_date": _birth_date,
    "birth_day": _birth_day,
    "gender": _gender,
    "time": _time,
}
