"""Accounts of social networks and messengers: handles, numeric ids, and the addresses of profiles that hold them."""

import re
import unicodedata
from urllib.parse import parse_qsl, unquote, urlsplit

from omniid.normalization.stops import stop_reason
from omniid.normalization.text import ascii_digits, prepare, tidy
from omniid.tables import NormalForm

__all__ = ["HOSTS", "NETWORKS", "normalize_handle"]

HANDLE_LIMIT = 512
NETWORKS = ("handle", "telegram", "facebook", "vk")
HOSTS = (
    r"instagram\.com|instagr\.am|facebook\.com|fb\.com|fb\.me|m\.me|messenger\.com|vk\.com|vk\.ru|vkontakte\.ru|t\.me|telegram\.me"
    r"|telegram\.dog|twitter\.com|x\.com|tiktok\.com|linkedin\.com|ok\.ru|odnoklassniki\.ru|threads\.net|threads\.com|pinterest\.com"
    r"|youtube\.com|snapchat\.com|line\.me"
)
WEB = re.compile(rf"^(?:[a-z][a-z0-9+.-]*:/{{0,2}})?(?:[a-z0-9-]+\.)*(?:{HOSTS})(?=[/?]|$)")
APP = re.compile(r"^(?:tg|vk|fb|instagram|facebook|skype|line):/{0,2}", re.IGNORECASE)
PREFIX = re.compile(r"^(?:telegram|tg|instagram|insta|ig|facebook|fb|messenger|vk|vkontakte)\s*:(?!//)\s*", re.IGNORECASE)
# Parts of a profile's address that stand in front of its name, and queries that hold it.
FOLDERS = frozenset(
    {"in", "pub", "profile", "people", "user", "users", "add", "t", "_u", "s", "c", "channel", "public"}
    | {"company", "school", "showcase", "pages", "pg", "pin"}
)
QUERIES = ("id", "domain", "username", "phone")
NUMERIC = re.compile(r"\d{5,20}")
FLOATED = re.compile(r"(\d+)\.0")


def normalize_handle(value: str | None, network: str = "handle", *, stops: bool = True) -> NormalForm:
    """Return the one spelling of an account: lower case, without "@" and without the address around it.

    Parameters
    ----------
    value
        A raw value: "@Anna_K", "anna_k", "https://t.me/anna_k", a numeric id.
    network
        One of `NETWORKS`, whose own rules hold: Facebook ignores dots, VK numbers its users (id1 is 1).
    stops
        Whether stop values are rejected.

    Returns
    -------
    NormalForm
        Rejected if it holds no letter or digit, names no account, or is a stop value such as "anonymous".

    Examples
    --------
    >>> normalize_handle("https://t.me/Anna_K?start=1", "telegram").value, normalize_handle("@anna_k", "telegram").value
    ('anna_k', 'anna_k')
    >>> normalize_handle("vk.com/id4711", "vk").value, normalize_handle("4711", "vk").value
    ('id4711', 'id4711')
    >>> normalize_handle("facebook.com/profile.php?id=100012345", "facebook").value
    '100012345'
    """
    text = prepare(value, HANDLE_LIMIT)
    if isinstance(text, NormalForm):
        return text
    said = ascii_digits(tidy(unicodedata.normalize("NFKC", text.casefold())))
    handle, wrapped = said, ""
    while handle != wrapped:  # an address within an address comes off, too, so that the normal form is its own
        wrapped, handle = handle, _bare(handle)
    if floated := FLOATED.fullmatch(handle):
        handle = floated.group(1)
    if network == "facebook" and not NUMERIC.fullmatch(handle):
        handle = handle.replace(".", "")
    if network == "vk" and handle.isdecimal():
        handle = f"id{handle}"
    if not any(letter.isalnum() for letter in handle):
        return NormalForm(None, None, "names no account" if any(letter.isalnum() for letter in said) else "no letter or digit")
    number = handle.removeprefix("id") if network == "vk" else handle
    if stops and (reason := stop_reason(number)):
        return NormalForm(None, None, reason)
    return NormalForm(handle, text)


def _bare(text: str) -> str:
    """Text without a network's name, an address around it, "@" and slashes at its ends."""
    return tidy(_account(PREFIX.sub("", text)).casefold()).lstrip("@").rstrip("/").strip()


def _account(text: str) -> str:
    """The account that the address of a profile names; other text as it is."""
    web = WEB.match(text)
    if web is None and not APP.match(text):
        return text
    parts = urlsplit(f"web://site{text[web.end() :]}" if web else APP.sub("web://site/", text))
    asked = dict(parse_qsl(parts.query))
    path = [unquote(part) for part in parts.path.split("/") if part]
    named = [part for part in path if part not in FOLDERS and not part.endswith(".php")]
    for query in QUERIES if not named or not web else ():
        if query in asked:
            return asked[query]
    if path and path[0] == "people" and len(named) > 1:  # facebook.com/people/Anna-K/100012345
        return named[-1]
    return named[0] if named else ""
