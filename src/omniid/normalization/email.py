"""E-mail addresses: one spelling per mailbox, masked addresses told apart."""

import re
from functools import lru_cache

from omniid.normalization.stops import STOP, stop_words
from omniid.normalization.text import prepare, shorten
from omniid.normalization.words import word_table
from omniid.tables import NormalForm

__all__ = ["masked_reason", "normalize_email"]

NOBODY = f"{STOP}: an address that belongs to nobody"
EMAIL_LIMIT = 1000  # RFC 5321 allows 254 for the address; the rest is room for a name in front of it
ADDRESS_LIMIT = 200  # a domain that this leaves room for lets no local part make the address too long
# Plain addresses, which email-validator accepts as they are (a test compares). Up to 64 characters, so no part is too long.
PLAIN = r"[a-z0-9_][a-z0-9_+-]*(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,24}"
PLAIN_LENGTH = 64
PLAIN_ADDRESS = re.compile(PLAIN)
PLAIN_LOCAL = re.compile(PLAIN.partition("@")[0])
RESERVED = (".arpa", ".onion")
# Reserved for tests and inner networks. Generated and demo data use them, and equal ones are equal: they are kept.
INNER = re.compile(r"\.(?:test|invalid|localhost|local|localdomain)$")
PREFIX = re.compile(r"^(?:mailto|e-?mail)\s*:\s*", re.IGNORECASE)
ANGLE = re.compile(r"<\s*([^<>]*@[^<>]*)>")
AROUND_AT = re.compile(r"\s*@\s*")
EDGES = "\"'`‘’“”«»„<>()[]{},;:| "


def normalize_email(value: str | None, *, stops: bool = True) -> NormalForm:
    """Return the one spelling of the mailbox: lower case, IDNA domain, provider rules applied.

    Gmail ignores dots and every big provider ignores "+tag"; Yandex, Proton and iCloud lead several domains to one mailbox.
    Display keeps what can be written to, tag included. A masked address is normalised like any other: ask `masked_reason`.

    Parameters
    ----------
    value
        A raw value: an address, perhaps with "mailto:", a name and angle brackets, quotes or full-width characters.
    stops
        Whether stop values are rejected.

    Returns
    -------
    NormalForm
        Rejected with the reason if it is no address, or a stop value that belongs to nobody ("test@test.com", "noreply@…").
        Reserved domains such as example.com and .test are kept.

    References
    ----------
    RFC 5321, RFC 6531, RFC 5891 (by way of the email-validator library).

    Examples
    --------
    >>> normalize_email("Anna Kowalska <Anna.Kowalska+shop@Gmail.com>")
    NormalForm(value='annakowalska@gmail.com', display='Anna.Kowalska+shop@gmail.com', reason=None)
    >>> normalize_email("anna.example.com").reason
    'no @ sign'
    """
    text = prepare(value, EMAIL_LIMIT)
    if isinstance(text, NormalForm):
        return text
    lower = text.lower()
    if not (len(lower) <= PLAIN_LENGTH and text.isascii() and PLAIN_ADDRESS.fullmatch(lower)):
        return _checked(text, stops)
    local, _, domain = text.rpartition("@")
    return _mailbox(local, domain.lower(), domain.lower(), stops)


def masked_reason(address: str) -> str | None:
    """Tell who issued a masked or relay address, None for an ordinary one.

    Parameters
    ----------
    address
        The normal form of an address.

    Returns
    -------
    str or None
        The issuer. Such an address rotates or hides its owner: it is kept, and never evidence.

    Examples
    --------
    >>> masked_reason("x7k2p@privaterelay.appleid.com"), masked_reason("anna@gmail.com")
    ('Apple Hide My Email', None)
    """
    return _masked_domain(address.rpartition("@")[2])


def _masked_domain(domain: str) -> str | None:
    """The issuer of a masked domain or of one above it."""
    masked = word_table("emails.tsv")["masked"]
    parts = domain.split(".")
    for start in range(len(parts) - 1):
        if issuer := masked.get(".".join(parts[start:])):
            return issuer
    return None


def _mailbox(local: str, domain: str, shown_domain: str, stops: bool) -> NormalForm:
    """Apply provider rules to a valid address."""
    table = word_table("emails.tsv")
    owner = local.lower()
    shown = f"{local}@{shown_domain}"
    if domain.endswith(RESERVED):
        return NormalForm(None, None, f"the domain {shorten(domain)} is reserved and takes no mail")
    if stops and _is_nobody(owner, domain):
        return NormalForm(None, None, NOBODY)
    domain = table["alias"].get(domain, domain)
    if domain in table["plus"]:
        owner = owner.split("+", 1)[0]
    if domain in table["dotless"]:
        owner = owner.replace(".", "")
    if domain in table["hyphen"]:
        owner = owner.replace(".", "-")
    if not owner:
        return NormalForm(None, None, "nothing stands before the +tag")
    if stops and _is_nobody(owner, domain):
        return NormalForm(None, None, NOBODY)
    return NormalForm(f"{owner}@{domain}", shown)


def _is_nobody(owner: str, domain: str) -> bool:
    return f"{owner}@{domain}" in stop_words("email") or owner in stop_words("email_local")


def _checked(text: str, stops: bool) -> NormalForm:
    """Clean an unusual spelling and let email-validator judge it."""
    if inside := ANGLE.search(text):
        text = inside.group(1)
    address = AROUND_AT.sub("@", PREFIX.sub("", text.strip(EDGES)).strip(EDGES)).rstrip(".")
    if "@" not in address:
        return NormalForm(None, None, "no @ sign")
    local, _, domain = address.rpartition("@")
    if "." not in domain:
        return NormalForm(None, None, f"the domain {shorten(domain)!r} has no dot" if domain else "no domain after the @ sign")
    if len(address) <= PLAIN_LENGTH and address.isascii() and PLAIN_ADDRESS.fullmatch(address.lower()):
        return _mailbox(local, domain.lower(), domain.lower(), stops)  # what the library would say, in a hundredth of the time
    inner = INNER.search(domain.lower())
    probe = domain[: inner.start()] + ".com" if inner else domain
    local_is_plain = len(address) <= PLAIN_LENGTH and PLAIN_LOCAL.fullmatch(local.lower()) is not None
    found = _judged("x", probe) if local_is_plain else None
    if found is None or (isinstance(found, tuple) and len(local) + len(found[0]) > ADDRESS_LIMIT):
        found = _validated(local.lower(), probe)
    if isinstance(found, str):
        return NormalForm(None, None, found)
    ascii_domain, shown_domain, read_local = found
    if inner:
        ascii_domain, shown_domain = ascii_domain[:-4] + inner.group(), shown_domain[:-4] + inner.group()
    shown_local = local if local.isascii() else read_local
    form = _mailbox(shown_local, ascii_domain, shown_domain, stops)
    return form if form.value is None or len(form.value) <= EMAIL_LIMIT else NormalForm(None, None, "too long")


def _validated(local: str, domain: str) -> tuple[str, str, str] | str:
    """What email-validator makes of an address: (domain in ASCII, domain, local part), or why it is none."""
    from email_validator import EmailNotValidError, validate_email  # here: few addresses need it, and it loads for 30 ms

    try:
        found = validate_email(f"{local}@{domain}", check_deliverability=False)
    except EmailNotValidError as error:
        return shorten(f"not an e-mail address: {error}", 200)
    return str(found.ascii_domain).lower(), str(found.domain), str(found.local_part)


# Where the local part is plain and short, the domain alone decides; many addresses have one domain.
_judged = lru_cache(maxsize=10_000)(_validated)
