"""Identifiers: customer numbers, loyalty cards, passports, cookies."""

import re
import unicodedata

from omniid.normalization.text import ascii_digits, prepare, tidy
from omniid.tables import NormalForm

__all__ = ["normalize_identifier"]

IDENTIFIER_LIMIT = 512
SEPARATORS = re.compile(r"[\s\-‐‑‒–—−./_:·]+")
# A whole number that went through a spreadsheet or a column with gaps: 12345.0 is 12345.
FLOATED = re.compile(r"(\d+)\.0")
UUID = re.compile(r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?")
COUNTED = frozenset({"123456789", "1234567890", "0123456789", "12345678", "9876543210", "987654321"})
SAME_LENGTH = 4  # "7" and "11" may be real numbers, "1111" hardly


def normalize_identifier(value: str | None) -> NormalForm:
    """Return an identifier in lower case; a code written mostly in digits also loses its separators.

    Leading zeros are kept: they tell numbers of different length apart.

    Parameters
    ----------
    value
        A raw value.

    Returns
    -------
    NormalForm
        Rejected as a placeholder if it is -1, zeros, one character repeated or counted up; rejected if it holds no letter
        or digit, or more than 512 characters.

    Examples
    --------
    >>> normalize_identifier("PL 0012-345").value, normalize_identifier("anna_k").value
    ('pl0012345', 'anna_k')
    >>> normalize_identifier("0000000").reason
    'placeholder: only zeros'
    """
    text = prepare(value, IDENTIFIER_LIMIT)
    if isinstance(text, NormalForm):
        return text
    code = ascii_digits(tidy(unicodedata.normalize("NFKC", text.casefold())))
    if floated := FLOATED.fullmatch(code):
        code = floated.group(1)
    if code == "-1":
        return NormalForm(None, None, "placeholder: -1")
    bare = SEPARATORS.sub("", code)
    if not any(letter.isalnum() for letter in bare):
        return NormalForm(None, None, "no letter or digit")
    if not bare.strip("0"):
        return NormalForm(None, None, "placeholder: only zeros")
    if len(bare) >= SAME_LENGTH and len(set(bare)) == 1:
        return NormalForm(None, None, "placeholder: one character repeated")
    if bare in COUNTED:
        return NormalForm(None, None, "placeholder: digits counted up or down")
    if UUID.fullmatch(code):
        return NormalForm(bare.strip("{}"), text)
    digits = sum(letter.isdecimal() for letter in bare)
    return NormalForm(bare if bare.isalnum() and 2 * digits >= len(bare) else code, text)
