"""Identifiers: customer numbers, loyalty cards, passports, cookies."""

import re
import unicodedata

from omniid.normalization.stops import STOP, stop_reason
from omniid.normalization.text import ascii_digits, prepare, tidy
from omniid.tables import NormalForm

__all__ = ["normalize_identifier"]

IDENTIFIER_LIMIT = 512
SEPARATORS = re.compile(r"[\s\-‐‑‒–—−./_:·]+")
# A whole number that went through a spreadsheet or a column with gaps: 12345.0 is 12345.
FLOATED = re.compile(r"(\d+)\.0")
UUID = re.compile(r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?")


def normalize_identifier(value: str | None, *, stops: bool = True) -> NormalForm:
    """Return an identifier in lower case; a code written mostly in digits also loses its separators.

    Leading zeros are kept: they tell numbers of different length apart.

    Parameters
    ----------
    value
        A raw value.
    stops
        Whether stop values are rejected.

    Returns
    -------
    NormalForm
        Rejected as a stop value if it is -1, zeros, one character repeated, counted up or a word such as "anonymous";
        rejected if it holds no letter or digit, or more than 512 characters.

    Examples
    --------
    >>> normalize_identifier("PL 0012-345").value, normalize_identifier("anna_k").value
    ('pl0012345', 'anna_k')
    >>> normalize_identifier("0000000").reason
    'stop value: only zeros'
    """
    text = prepare(value, IDENTIFIER_LIMIT)
    if isinstance(text, NormalForm):
        return text
    code = ascii_digits(tidy(unicodedata.normalize("NFKC", text.casefold())))
    if floated := FLOATED.fullmatch(code):
        code = floated.group(1)
    if stops and code == "-1":
        return NormalForm(None, None, f"{STOP}: -1")
    bare = SEPARATORS.sub("", code)
    if not any(letter.isalnum() for letter in bare):
        return NormalForm(None, None, "no letter or digit")
    if stops and (reason := stop_reason(bare)):
        return NormalForm(None, None, reason)
    if UUID.fullmatch(code):
        return NormalForm(bare.strip("{}"), text)
    digits = sum(letter.isdecimal() for letter in bare)
    return NormalForm(bare if bare.isalnum() and 2 * digits >= len(bare) else code, text)
