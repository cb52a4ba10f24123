"""Hashes: all spellings of one hash are one, and what is none is told apart."""

import base64
import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.normalization.hashed import ALGORITHMS, hash_text, normalize_hash

HEX = hashlib.sha256(b"anna@example.com").hexdigest()
PLAIN = base64.b64encode(bytes.fromhex(HEX)).decode()
URL = base64.urlsafe_b64encode(bytes.fromhex(HEX)).decode()


@pytest.mark.parametrize("spelling", [HEX, HEX.upper(), f" {HEX} ", f"sha256:{HEX}", f"0x{HEX}", PLAIN, PLAIN.rstrip("="), URL])
def test_one_hash_however_it_is_written(spelling: str) -> None:
    assert normalize_hash(spelling).value == HEX
    assert normalize_hash(spelling).display == spelling.strip()


@given(st.binary(max_size=20))
@example(b"\xb6\x95\xb9 ")  # its base64 begins with "0x"
def test_base64_and_hexadecimal_are_one(content: bytes) -> None:
    digest = hashlib.sha256(content).digest()
    coded = base64.b64encode(digest).decode()
    assert normalize_hash(coded)[0] == normalize_hash(digest.hex().upper())[0]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("anna@example.com", "this is an e-mail address"),
        ("7f3a", "SHA-256 has 64 hexadecimal digits or 44 characters of base64, this has 4 digits"),
        ("z" * 64, "not all of them hexadecimal"),
        (HEX[:-1], "this has 63 digits"),
        ("0" * 64, "stop value: one digit repeated"),
        (hashlib.sha256(b"").hexdigest(), "stop value: the hash of nothing"),
        (hashlib.sha256(b"test@test.com").hexdigest(), "stop value: the hash of nothing"),
        (hashlib.md5(b"null", usedforsecurity=False).hexdigest(), "stop value: the hash of nothing"),
    ],
)
def test_what_is_no_hash_of_anybody(value: str, says: str) -> None:
    form = normalize_hash(value)
    assert form.value is None
    assert says in str(form.reason)


@pytest.mark.parametrize(("digits", "name"), ALGORITHMS.items())
def test_older_hashes_are_taken_too(digits: int, name: str) -> None:
    value = hash_text("anna@example.com", name)
    assert len(value) == digits
    assert normalize_hash(value).value == value
