"""E-mail: the fast path against the library and the scalar twin, masked addresses, reasons."""

import pyarrow as pa
import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from omniid.normalization.email import PLAIN_ADDRESS, PLAIN_LENGTH, email_forms, masked_reason, normalize_email
from omniid.normalization.words import word_table

PLACES = [
    "gmail.com",
    "ya.ru",
    "example.com",
    "EXAMPLE.com",
    "a-b.co.uk",
    "x.test",
    "a.onion",
    "münchen.de",
    "a--b.com",
    "test.com",
    "duck.com",
]
addresses = st.builds(
    "{}@{}".format,
    st.text("abcZ019._+-'é ", min_size=0, max_size=8),
    st.one_of(st.sampled_from(PLACES), st.text("abz09.-", max_size=10)),
)


labels = st.builds("-".join, st.lists(st.text("abz09", min_size=1, max_size=4), min_size=1, max_size=2))
plain_addresses = st.builds(
    "{}{}@{}.{}".format,
    st.sampled_from("az09_"),
    st.builds(".".join, st.lists(st.text("abz09_+-", min_size=1, max_size=5), min_size=1, max_size=3)),
    st.builds(".".join, st.lists(labels, min_size=1, max_size=3)),
    st.text("abcdez", min_size=2, max_size=5),
)


@given(
    st.lists(
        st.one_of(addresses, st.text(max_size=12), st.sampled_from(["noreply@x.com", "no.reply@gmail.com", "test@test.com"]))
    )
)
def test_the_vector_path_equals_the_scalar_one_value_by_value(values):
    clean = sorted({value.encode("utf-8", "ignore").decode() for value in values})
    forms = email_forms(pa.array(clean, pa.large_string()))
    for at, value in enumerate(clean):
        form = normalize_email(value)
        assert (forms.value[at].as_py(), forms.display[at].as_py(), forms.reason[at].as_py()) == form


@given(plain_addresses)
def test_the_library_accepts_what_the_fast_path_does_and_leaves_it_as_it_is(address):
    assert PLAIN_ADDRESS.fullmatch(address)
    assert len(address) <= PLAIN_LENGTH
    found = validate_email(address, check_deliverability=False)
    assert found.normalized == found.ascii_email == address


def test_every_masked_domain_is_known_and_ordinary_ones_are_not():
    for domain, issuer in word_table("emails.tsv")["masked"].items():
        if "." in domain:
            assert masked_reason(f"x@{domain}") == issuer
            assert masked_reason(f"x@mx1.{domain}") == issuer
    for domain in ("gmail.com", "amazon.com", "ebay.com", "booking.com", "facebook.com", "apple.com", "notduck.com"):
        assert masked_reason(f"x@{domain}") is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("anna", "no @ sign"),
        ("anna@", "no domain after the @ sign"),
        ("anna@home", "the domain 'home' has no dot"),
        ("test@test.com", "placeholder: an address that belongs to nobody"),
        ("+x@gmail.com", "nothing stands before the +tag"),
        ("a@b.onion", "the domain b.onion is reserved and takes no mail"),
    ],
)
def test_reasons_name_what_is_wrong(value, reason):
    assert normalize_email(value).reason == reason


def test_display_can_be_written_to():
    form = normalize_email("Anna.Kowalska+Shop@GoogleMail.com")
    assert form.display == "Anna.Kowalska+Shop@googlemail.com"
    assert normalize_email("anna@xn--mnchen-3ya.de").display == "anna@münchen.de"
