"""E-mail: the fast path against the library and the scalar twin, masked addresses, reasons."""

import pyarrow as pa
import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from omniid.normalization import email, email_arrays
from omniid.normalization.email import PLAIN_ADDRESS, PLAIN_LENGTH, masked_reason, normalize_email
from omniid.normalization.email_arrays import email_forms, is_masked
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


named = st.builds(
    "{}<{}>{}".format,
    st.sampled_from(["", " ", "Anna K. ", "Łukasz <", '"K, A" ', "Анна\u200b ", "a@b.pl ", "ﬁ ", "mailto:", "> "]),
    addresses,
    st.sampled_from(["", " ", ".", ">", "x"]),
)


@given(
    st.lists(
        st.one_of(
            addresses, named, st.text(max_size=12), st.sampled_from(["noreply@x.com", "no.reply@gmail.com", "test@test.com"])
        )
    )
)
def test_the_vector_path_equals_the_scalar_one_value_by_value(values):
    check({value.encode("utf-8", "ignore").decode() for value in values})


def check(values):
    clean = sorted(values)
    forms = email_forms(pa.array(clean, pa.large_string()))
    for at, value in enumerate(clean):
        form = normalize_email(value)
        assert (forms.value[at].as_py(), forms.display[at].as_py(), forms.reason[at].as_py()) == form


AWKWARD = """
anna@gmail.com|ANNA@GMAIL.COM| anna@gmail.com |anna@gmail.com.|anna@gmail.com..|a.n.n.a+x+y@googlemail.com|+x@gmail.com
.anna@gmail.com|anna.@gmail.com|an..na@gmail.com|Anna.K+Shop@Yandex.com
anna-k@ya.ru|anna.k@narod.ru|anna+x@wp.pl|anna.k+x@wp.pl|...@gmail.com|-@gmail.com
noreply@x.com|no.reply@gmail.com|no-reply@yandex.ru|no.reply@ya.ru|n.oreply@gmail.com|noreply+x@gmail.com|NoReply@X.com|test+1@gmail.com|A<c@wp>
t.e.s.t@gmail.com|test@test.com|Test@Test.COM|a@b.onion|a@B.ARPA|a@arpa.com|mailto:anna@wp.pl|MAILTO: Anna@WP.pl
Anna K <Anna.K+x@Gmail.com>|<anna@wp.pl> |<a@wp.pl> <b@wp.pl>|A <b> <c@wp.pl>|A <c@wp.pl.>|A < c@wp.pl>|A <mailto:c@wp.pl>
A <noreply@x.com>|A <c@münchen.de>|B <d@münchen.de>|Ａ <c@b.onion>|A <c@wp.pl>, B|A@b.pl <c@wp.pl>|A\t<c@wp.pl>
e-mail: anna@wp.pl|Anna K <anna@wp.pl>|"anna k"@wp.pl|'anna@wp.pl'|anna @ wp.pl|anna@wp.pl, jan@wp.pl|anna@jan@wp.pl
@wp.pl|anna@|anna
anna@wp|anna@.pl|anna@münchen.de|Anna@xn--mnchen-3ya.de|żółw@wp.pl|анна@почта.рф|anna@пример.рф|ａｎｎａ＠ｗｐ．ｐｌ|anna@wp。pl|İnna@wp.pl|ſ@wp.pl|K@wp.pl
anna@example.com|anna@x.test|anna@x.localhost|anna@[127.0.0.1]|anna@127.0.0.1|anna@1.pl|1@1.com|_@x.com|__a__@x.com|a-@x.com|-a@x.com
anna@-x.com|anna@x-.com|anna@a--b.com|anna@x.c|anna@x.c0m|anna@x.museum|o'brien@x.com|a/b@x.com|a=b@x.com|a&b@x.com|a!#$%@x.com
anna\twp@wp.pl|anna@wp.pl\t|\nanna@wp.pl|anna​@wp.pl|﻿anna@wp.pl|anna@wp.pl |n/a|-|@|a@b|x7k@privaterelay.appleid.com|N/A@n/a
"""


def test_awkward_addresses_give_what_they_give_one_by_one():
    check({value for line in AWKWARD.strip("\n").split("\n") for value in line.split("|") if value})
    check({f"{'a' * size}@wp.pl" for size in range(54, 70)} | {" " * size + "a@wp.pl" for size in (900, 993, 994)})


def test_ordinary_addresses_never_go_one_by_one(monkeypatch):
    monkeypatch.setattr(email_arrays, "normalize_email", lambda value: pytest.fail(value))
    forms = email_forms(pa.array([" A.B+c@Gmail.com", "anna@wp.pl", "Jan.K@yandex.com", "x+1@hotmail.com"], pa.large_string()))
    assert forms.value.to_pylist() == ["ab@gmail.com", "anna@wp.pl", "jan-k@yandex.ru", "x@hotmail.com"]
    assert forms.display.to_pylist() == ["A.B+c@gmail.com", "anna@wp.pl", "Jan.K@yandex.com", "x+1@hotmail.com"]


def test_masked_domains_of_a_whole_array_are_those_of_single_ones():
    masked = word_table("emails.tsv")["masked"]
    domains = [
        *masked,
        *(f"mx.{domain}" for domain in masked),
        *(f"x{domain}" for domain in masked),
        "gmail.com",
        "com",
        "amazon.com",
    ]
    values = [f"x@{domain}" for domain in domains]
    assert is_masked(pa.array(values, pa.large_string())).tolist() == [masked_reason(value) is not None for value in values]


@given(
    plain_addresses.map(lambda address: address.partition("@")[0]),
    st.one_of(st.sampled_from([*PLACES, "почта.рф", f"{'ü' * 60}.de"]), st.text("abü9.-_<>[]\"' ٠", min_size=1, max_size=12)),
)
def test_a_plain_local_part_changes_nothing_in_how_the_domain_is_judged(local, domain):
    one, other = email._validated(local, domain), email._validated("x", domain)
    assert (one[:2] if isinstance(one, tuple) else one) == (other[:2] if isinstance(other, tuple) else other)


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
        ("test@test.com", "stop value: an address that belongs to nobody"),
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
