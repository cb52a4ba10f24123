"""Websites: the host that stands for an organization or a person, without what differs from link to link."""

import re
from urllib.parse import urlsplit

from omniid.normalization.handle import WEB
from omniid.normalization.text import prepare
from omniid.tables import NormalForm

__all__ = ["normalize_website"]

WEBSITE_LIMIT = 2_048
SCHEME = re.compile(r"^(?:https?:|ftp:)?/{0,2}")
WWW = re.compile(r"^www\d?\.")
LABEL = r"[^\W_](?:[^\W_]|-)*"
HOST = re.compile(rf"(?:{LABEL}\.)+(?:[^\W\d_]{{2,}}|xn--[a-z0-9-]+)")


def normalize_website(value: str | None) -> NormalForm:
    """Return the host of a web address; of a network's page, the host with its path, as that is whose it is.

    Parameters
    ----------
    value
        A raw value: "https://www.Acme.com/de/?utm=1", "acme.com".

    Returns
    -------
    NormalForm
        Rejected if it holds no host name, or more than 2,048 characters.

    Examples
    --------
    >>> [normalize_website(value).value for value in ("https://www.Acme.com/de/?utm=1", "acme.com", "http://Müller.de:80/")]
    ['acme.com', 'acme.com', 'müller.de']
    >>> normalize_website("facebook.com/AcmeShop/").value, normalize_website("info@acme.com").reason
    ('facebook.com/acmeshop', 'no address of a website')
    """
    text = prepare(value, WEBSITE_LIMIT)
    if isinstance(text, NormalForm):
        return text
    bare = SCHEME.sub("", text.casefold())
    try:
        parts = urlsplit(f"//{bare}")
        host = "" if parts.username else WWW.sub("", _decoded((parts.hostname or "").rstrip(".")))
    except ValueError:
        host = ""
    if not HOST.fullmatch(host):
        return NormalForm(None, None, "no address of a website")
    return NormalForm(host + parts.path.rstrip("/") if WEB.match(host) else host, text)


def _decoded(host: str) -> str:
    """A host as people read it; one that can't be read stays."""
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host
