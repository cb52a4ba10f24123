from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from omniid.spellings import spelling_keys, spellings_meet
from omniid.spellings.spelling_tables import rows_of
from omniid.surnames import SPELLINGS, are_one_family, root_of_surname

PARTS = [
    "sch",
    "tsch",
    "sh",
    "sz",
    "zh",
    "kh",
    "th",
    "ph",
    "mp",
    "nt",
    "hu",
    "fu",
    "syu",
    "tyu",
    "ou",
    "oo",
    "ee",
    "ah",
    "ie",
    "off",
    "ev",
    "ov",
    "ski",
    "sky",
    "enko",
    "os",
    "dj",
    "gk",
    "q",
    "w",
    "x",
    "ll",
    "rr",
    "m",
    "n",
    "p",
    "b",
    "h",
    "yo",
]
LATIN = sorted({word for row in rows_of("latin.tsv") for word in row[0].split()})[::40]
names = st.one_of(
    st.lists(st.sampled_from(PARTS) | st.sampled_from("aeioulrnmpfvwkst"), min_size=1, max_size=6).map("".join),
    st.sampled_from(LATIN),
    st.text("aeiou hrlmnptsj'", max_size=7),
)
RESPELLED = [("sch", "sh"), ("w", "v"), ("ph", "f"), ("mp", "b"), ("nt", "d"), ("hu", "fu"), ("syu", "shu"), ("tyu", "chu")]


def by_all_keys(one, two):
    left, right = spelling_keys(one), spelling_keys(two)
    return bool(left.written & right.read or left.read & right.written)


@given(one=names, two=names, how=st.lists(st.sampled_from(RESPELLED), max_size=3))
def test_names_meet_as_their_keys_say(one, two, how):
    respelled = one
    for old, new in how:
        respelled = respelled.replace(old, new)
    for other in (two, respelled):
        assert spellings_meet(one, other) == by_all_keys(one, other), (one, other)


def test_all_spellings_of_some_names_meet_as_their_keys_say():
    rows = [row[0].split() for row in rows_of("latin.tsv")][::10]
    rows += [latin.split() for _, _, latin in rows_of("korean.tsv")][::9]
    met = 0
    for words in rows:
        for one, two in combinations(words, 2):
            met += spellings_meet(one, two)
            assert spellings_meet(one, two) == by_all_keys(one, two), (one, two)
    assert met > 50


@given(
    one=st.sampled_from([word for group in SPELLINGS for word in group.split()]) | names,
    two=st.sampled_from(["qasemi", "ghasemi", "kowalska", "kowalski", "quinn", "lee"]) | names,
)
def test_surnames_are_one_family_where_their_roots_are_equal(one, two):
    assert are_one_family(one, two) == (root_of_surname(one) == root_of_surname(two))
    assert are_one_family(one, one)
