"""Hashes of e-mail addresses and phone numbers, as advertising platforms exchange them."""

import base64
import binascii
import hashlib
import re
from functools import cache

from omniid.normalization.stops import STOP, stop_words
from omniid.normalization.text import prepare
from omniid.normalization.words import word_table
from omniid.tables import NormalForm

__all__ = ["ALGORITHMS", "hash_text", "normalize_hash"]

HASH_LIMIT = 512
# Hexadecimal digits → algorithm. SHA-256 is what platforms ask for; older lists hold the others.
ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
PREFIX = re.compile(r"^\{?(?:md5|sha-?1|sha-?256|sha-?512)\}?\s*[:$=]\s*|^(?:0x|\\x)", re.IGNORECASE)
HEX = re.compile(r"[0-9a-f]+")
BASE64 = re.compile(r"[0-9A-Za-z+/_-]{43}=?")


def normalize_hash(value: str | None) -> NormalForm:
    """Return a hash as lower-case hexadecimal digits.

    Parameters
    ----------
    value
        A raw value: hexadecimal digits in upper or lower case, of SHA-256 also base64 (plain or for URLs, padded or not).

    Returns
    -------
    NormalForm
        Rejected with the reason if it is no hash, or the hash of nothing or of a stop value.

    References
    ----------
    NIST FIPS 180-4, "Secure Hash Standard"; RFC 4648, base64.

    Examples
    --------
    >>> normalize_hash("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855").reason
    'stop value: the hash of nothing'
    >>> normalize_hash("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=").value[:8], normalize_hash("7f3a").reason
    ('ba7816bf', 'no hash: SHA-256 has 64 hexadecimal digits or 44 characters of base64, this has 4 digits')
    """
    text = prepare(value, HASH_LIMIT)
    if isinstance(text, NormalForm):
        return text
    said = text.strip("\"'")
    bare = PREFIX.sub("", said)  # base64 may begin with "0x" by chance: the whole is tried first
    digits = _digits(said) or _digits(bare)
    if digits is None:
        return NormalForm(None, None, _what_is_wrong(bare))
    if len(set(digits)) == 1:
        return NormalForm(None, None, f"{STOP}: one digit repeated")
    if digits in _hashes_of_nothing():
        return NormalForm(None, None, f"{STOP}: the hash of nothing")
    return NormalForm(digits, text)


def hash_text(text: str, algorithm: str = "sha256") -> str:
    """Return the hash of a text in UTF-8 as lower-case hexadecimal digits.

    Parameters
    ----------
    algorithm
        One of `ALGORITHMS`.

    Examples
    --------
    >>> hash_text("abc")[:16]
    'ba7816bf8f01cfea'
    """
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()


def _digits(text: str) -> str | None:
    """Hexadecimal digits of a hash, None if it is none."""
    lower = text.lower()
    return lower if HEX.fullmatch(lower) and len(lower) in ALGORITHMS else _from_base64(text)


def _from_base64(text: str) -> str | None:
    if not BASE64.fullmatch(text):
        return None
    try:
        raw = base64.b64decode(text.rstrip("=").replace("-", "+").replace("_", "/") + "=")
    except (binascii.Error, ValueError):
        return None
    return raw.hex()


def _what_is_wrong(text: str) -> str:
    if "@" in text:
        return "no hash: this is an e-mail address; give it to an e-mail field"
    needed = "SHA-256 has 64 hexadecimal digits or 44 characters of base64"
    is_hex = HEX.fullmatch(text.lower()) is not None
    return f"no hash: {needed}, this has {len(text)} {'digits' if is_hex else 'characters, not all of them hexadecimal'}"


@cache
def _hashes_of_nothing() -> frozenset[str]:
    """Hashes of the empty text, of words that say nothing and of stop values: systems hash what they hold."""
    said = {"", " ", "0", "-1", *word_table("general.tsv")["missing"], *stop_words("email"), *stop_words("identifier")}
    return frozenset(hash_text(text, algorithm) for text in said for algorithm in ALGORITHMS.values())
