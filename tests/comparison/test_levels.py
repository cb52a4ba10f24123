"""Every level against its slow scalar twin, on random and on telling values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import SpecError
from omniid import comparison as c
from omniid.comparison.values import ValuePairs, Values
from oracle.compare import level_on_values

SPELLINGS = st.sampled_from(
    ["yuliya", "iuliia", "rhmny", "rahmani", "hsiao ming", "xiaoming", "wong", "wang", "huang", "maria", "mario", "al masri"]
)
NAMES = st.sampled_from(
    [
        "anna",
        "ana",
        "anna maria",
        "annamaria",
        "hanna",
        "anya",
        "nyura",
        "bill",
        "will",
        "william",
        "wiliam",
        "w",
        "a",
        "rob",
        "robert",
        "robin",
        "van dyke",
        "van gogh",
        "gogh",
        "de la cruz",
        "delacruz",
        "smith jones",
        "jones smith",
        "jones",
        "li",
        "li wei",
        "wei",
    ]
)
DATES = st.one_of(
    st.dates().map(str),
    st.builds("{:04d}-{:02d}-{:02d}".format, st.integers(1980, 1982), st.integers(1, 3), st.integers(1, 3)),
    st.sampled_from(["1980", "1981", "1980-01", "1980-02", "1981-02", "1980-02-30", "x", "198"]),
)
EMAILS = st.builds(
    "{}@{}".format, st.text("ab1.", min_size=1, max_size=7), st.sampled_from(["x.com", "y.org", "gmail.com", "gmial.com"])
)
DIGITS = st.builds("{}{}".format, st.sampled_from(["+7", "8", "", "+"]), st.text("12", min_size=1, max_size=11))
STREETS = st.lists(
    st.sampled_from(["12", "14", "5th", "6th", "main", "mian", "st", "ave", "oak", "apt", "4", "12b"]), min_size=1, max_size=5
).map(" ".join)
NUMBERS = st.one_of(st.floats(allow_nan=True).map(str), st.integers(-20, 20).map(str), st.just("tall"))
LOOSE = st.one_of(
    st.text("abc 1", min_size=1, max_size=8).map(str.strip).filter(bool), st.text(min_size=1).map(str.strip).filter(bool)
)
LEVELS = [
    (c.Exact(), NAMES),
    (c.JaroWinkler(0.8), NAMES),
    (c.JaroWinkler(0.9), LOOSE),
    (c.JaroWinkler(0.9, of="local_part"), EMAILS),
    (c.JaroWinkler(0.9, of="compact"), NAMES),
    (c.TokenSet(0.8), LOOSE),
    (c.TokenSet(0.9), STREETS),
    (c.QGrams(0.5), LOOSE),
    (c.Levenshtein(2), LOOSE),
    (c.Levenshtein(1, shortest=4), DIGITS),
    (c.DamerauLevenshtein(1), LOOSE),
    (c.DamerauLevenshtein(2, shortest=5), DIGITS),
    (c.Numeric(5), NUMBERS),
    (c.Numeric(0.1, relative=True), NUMBERS),
    (c.DateDifference(days=31), DATES),
    (c.SameDate(), DATES),
    (c.DateParts(2), DATES),
    (c.DateParts(1), DATES),
    (c.DayMonthExchanged(), DATES),
    (c.Partial(), DATES),
    (c.SameYear(), DATES),
    (c.Nickname(), NAMES),
    (c.OtherSpelling(), SPELLINGS),
    (c.Initial(), NAMES),
    (c.SharedPart(), NAMES),
    (c.SharedPart(shortest=2), NAMES),
    (c.SameLocalPart(shortest=3), EMAILS),
    (c.EmailEdits(2), EMAILS),
    (c.SameEnd(5), DIGITS),
    (c.AlikeWithoutDifferingNumber(), STREETS),
    (c.SameStreet(), STREETS),
    (c.Overlap(1), NAMES),
    (c.Overlap(2), NAMES),
    (c.Custom(lambda a, b: a[:2] == b[:2], "same first two letters"), LOOSE),
    (c.AnyOf((c.Nickname(), c.SharedPart())), NAMES),
]


@pytest.mark.parametrize(("level", "strategy"), LEVELS, ids=[repr(level)[:50] for level, _ in LEVELS])
@given(st.data())
def test_level_equals_its_slow_twin_and_is_symmetric(level, strategy, data):
    vocabulary = data.draw(st.lists(strategy, min_size=1, max_size=5, unique=True))
    n = len(vocabulary)
    left, right = (grid.ravel().astype(np.int32) for grid in np.meshgrid(range(n), range(n)))
    found = level.holds(ValuePairs(Values(vocabulary), left, right)).reshape(n, n)
    expected = [[level_on_values(level, a, b) for a in vocabulary] for b in vocabulary]
    assert expected == found.tolist()
    assert (found == found.T).all()


@pytest.mark.parametrize("level", [level for level, _ in LEVELS], ids=repr)
def test_level_says_what_it_means(level):
    assert isinstance(level, c.Level)
    assert level.name == level.name.strip() != ""
    assert level.means != ""


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: c.JaroWinkler(0),
        lambda: c.JaroWinkler(92),
        lambda: c.TokenSet(1.5),
        lambda: c.QGrams(-1),
        lambda: c.Levenshtein(-1),
        lambda: c.DamerauLevenshtein(-1),
        lambda: c.Numeric(float("nan")),
        lambda: c.DateDifference(days=-1),
        lambda: c.DateParts(4),
        lambda: c.Overlap(0),
        lambda: c.SameEnd(0),
        lambda: c.SameStreet(85),
        lambda: c.EmailEdits(-2),
        lambda: c.UnlessNumbered(c.EmailEdits(), at_least=1),
        lambda: c.AnyOf(()),
        lambda: c.SwappedParts("last_name", at_least=85),
        lambda: c.Unless(c.SwappedParts("last_name"), c.SpelledFromNames(("first_name",))),
        lambda: c.JaroWinkler(0.9, of="domain"),
    ],
)
def test_impossible_declarations_are_refused(wrong):
    with pytest.raises(SpecError):
        wrong()


def test_a_cut_forgives_the_last_bits_of_a_float():
    score = c.level_holds(c.JaroWinkler(0.8222222222222223), "aab", "abb"), c.level_holds(c.JaroWinkler(1), "aab", "aab")
    assert score == (level_on_values(c.JaroWinkler(0.8222222222222223), "aab", "abb"), True)


@given(st.lists(EMAILS, min_size=1, max_size=8, unique=True))
def test_numbered_words_are_not_alike_where_many_numbers_go_with_them(emails):
    inner, n = c.JaroWinkler(0.7, of="local_part"), len(emails)
    left, right = (grid.ravel().astype(np.int32) for grid in np.meshgrid(range(n), range(n)))
    pairs = ValuePairs(Values(emails), left, right)
    locals_ = [email.partition("@")[0] for email in emails]
    words = ["".join(letter for letter in local if not letter.isdigit()) for local in locals_]
    numbers = {word: {local for local, other in zip(locals_, words, strict=True) if other == word} for word in words}
    expected = [
        bool(holds) and not (locals_[a] != locals_[b] and words[a] == words[b] and len(numbers[words[a]]) >= 3)
        for a, b, holds in zip(left, right, inner.holds(pairs), strict=True)
    ]
    level = c.UnlessNumbered(inner, of="local_part")
    assert level.holds(pairs).tolist() == expected
    assert (level.may_hold(pairs) >= level.holds(pairs)).all()
