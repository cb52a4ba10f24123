"""What hashes stand for, beside a twin that hashes every spelling of every record."""

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.compilation import field_plans
from omniid.fields import Email, Field, Identifier, Phone
from omniid.hash_meanings import hash_texts, meanings_of, spellings_in
from omniid.meeting import hash_meanings
from omniid.normalization import normalize
from omniid.spec import Spec
from omniid.tables import RecordTable

FIELDS: list[Field] = [Email(), Identifier("em", kind="email_hash"), Phone(), Identifier("ph", kind="phone_hash")]
PLANS = field_plans(Spec(fields=FIELDS[:2]))
ADDRESSES = [
    "annak@gmail.com",
    "Anna.K+shop@gmail.com",
    "x7k2p@privaterelay.appleid.com",
    "bob@example.com",
    " BOB@example.com",
]


def twin(texts: list[str], normal: dict[str, str | None], hashes: list[str]) -> dict[str, str | None]:
    """The normal form beats what was written, and a masked address is nobody's."""
    out: dict[str, str | None] = {}
    for hashed in hashes:
        algorithm = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}[len(hashed)]
        for text in texts:
            for spelling in (text.strip().lower(), normal[text] or text):
                if hashlib.new(algorithm, spelling.encode()).hexdigest() == hashed:
                    out[hashed] = normal[text]
    return out


@given(st.lists(st.sampled_from(ADDRESSES), max_size=5), st.sampled_from(["md5", "sha1", "sha256", "sha512"]))
def test_a_hash_stands_for_what_the_twin_says(texts: list[str], algorithm: str) -> None:
    spelled = sorted({one.strip().lower() for one in ADDRESSES} | {"annak@gmail.com", "carl@example.com"})
    hashes = [hashlib.new(algorithm, one.encode()).hexdigest() for one in spelled]
    rows: list[dict[str, object]] = [{"record_id": str(n), "email": text} for n, text in enumerate(texts)]
    rows += [{"record_id": f"h{n}", "em": one} for n, one in enumerate(hashes)]
    table = normalize(RecordTable.of(rows), PLANS)
    normal = {text: table.columns["email"].entries_of(n)[0] for n, text in enumerate(texts)}
    assert hash_meanings(table, FIELDS)["email"] == twin(texts, normal, hashes)


def test_a_number_is_known_with_and_without_its_plus() -> None:
    table = RecordTable.of([{"record_id": "1", "phone": "+48501234567"}])
    hashes = [*hash_texts("+48501234567", [64]), *hash_texts("48501234567", [32]), "7f3a" * 16]
    assert list(meanings_of(spellings_in(Phone(), table), hashes).values()) == ["+48501234567"] * 2


def test_a_value_that_no_record_holds_any_more_is_not_known() -> None:
    table = RecordTable.of([{"record_id": "1", "email": "ann@x.com"}, {"record_id": "2", "email": "bo@x.com"}])
    left = table.take(np.array([1], np.int32))
    assert meanings_of(spellings_in(Email(), left), hash_texts("ann@x.com", [64])) == {}
