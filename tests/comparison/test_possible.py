"""What numbers alone say is never wrong: the true outcome lies in every set of outcomes, for every kind of level."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omniid import SpecError
from omniid import comparison as c
from omniid.comparison import level_memo
from omniid.comparison.levels import is_by_codes, may_hold
from omniid.comparison.outcomes import closest_of, least_level, outcome, undecided
from omniid.comparison.values import ValuePairs, Values
from omniid.tables import RecordTable
from oracle.compare import compare_pair, level_on_values, pair_level

LATIN = ["anna", "ana", "hanna", "anya", "a", "anna maria", "jim", "james", "smith", "smyth", "van dyke", "dyke", "de la cruz"]
OTHERS = [
    "delacruz",
    "анна",
    "анюта",
    "кузнецов",
    "кузнецова",
    "محمد",
    "محمود",
    "王",
    "王小明",
    "小明",
    "x" * 70,
    "x" * 69 + "y",
]
LINES = ["12 main st", "12 mian st", "14 main st", "5th ave", "6th ave", "a.smith@x.com", "a.smith@y.com", "asmith@x.com"]
DIGITS = ["79162000001", "89162000001", "79162000010", "112", "100", "101"]
DATES = ["1980", "1980-05", "1980-05-03", "1980-03-05", "1981-05-03", "1980-05-13"]
WORDS = st.sampled_from([*LATIN, *OTHERS, *LINES, *DIGITS, *DATES])
TEXT = st.one_of(WORDS, WORDS, st.text("abя1 ", min_size=1, max_size=6).map(str.strip).filter(bool))
ONE = st.one_of(st.none(), TEXT)
SEVERAL = st.one_of(ONE, st.lists(TEXT, max_size=3))
LEVELS = [
    c.Exact(),
    c.JaroWinkler(0.8),
    c.JaroWinkler(0.6),
    c.JaroWinkler(0.9, of="local_part"),
    c.JaroWinkler(0.9, of="compact"),
    c.TokenSet(0.8),
    c.QGrams(0.5),
    c.Levenshtein(1),
    c.DamerauLevenshtein(2, shortest=5),
    c.Numeric(5),
    c.SameDate(),
    c.Partial(),
    c.SameYear(),
    c.DateParts(),
    c.DayMonthExchanged(),
    c.DateDifference(days=20),
    c.Nickname(),
    c.OtherSpelling(),
    c.Initial(),
    c.SharedPart(),
    c.SameLocalPart(),
    c.EmailEdits(),
    c.SameEnd(),
    c.AlikeWithoutDifferingNumber(),
    c.SameStreet(),
    c.Custom(lambda a, b: a[-1] == b[-1], "same last letter"),
]
NAMES = ("first", "last")


@st.composite
def level_lists(draw, fields):
    """Levels of a comparison that reads some fields: on values, on records, explained away, several in one."""
    levels = []
    for position in range(draw(st.integers(1, 4))):
        level = draw(st.sampled_from(LEVELS))
        kind = draw(st.sampled_from(["one", "one", "on", "any", "any", "unless", "swapped", "overlap"]))
        if kind == "on":
            level = c.On(draw(st.sampled_from(fields)), level)
        elif kind == "any":
            level = c.AnyOf((c.On(draw(st.sampled_from(fields)), level), draw(st.sampled_from(LEVELS))))
        elif kind == "unless":
            level = c.Unless(level, c.SpelledFromNames(NAMES))
        elif kind == "swapped":
            level = c.SwappedParts(draw(st.sampled_from(["last", "tags"])))
        elif kind == "overlap":
            level = c.Overlap(draw(st.integers(1, 2)))
        levels.append(Named(level, f"level {position}"))
    return levels


class Named:
    """A level under another name, as a user may write it: whatever it lacks is asked of the level inside."""

    def __new__(cls, level, name):
        if isinstance(level, c.Unless):
            return c.Unless(cls(level.level, name), level.condition)
        if isinstance(level, c.On):
            return c.On(level.field, cls(level.level, name))
        made = object.__new__(type(level))
        made.__dict__.update(level.__dict__, name=name)
        return made


@st.composite
def comparison_lists(draw):
    comparisons = []
    for name in ("a", "b", "d")[: draw(st.integers(1, 3))]:
        fields = draw(st.lists(st.sampled_from(["first", "last", "tags"]), min_size=1, max_size=2, unique=True))
        silent = {
            other.name: draw(st.sampled_from([other.traits.levels[:1], other.traits.levels[-2:]])) for other in comparisons
        }
        silent = silent if draw(st.booleans()) else {}
        comparisons.append(c.Comparison(name, fields, draw(level_lists(fields)), silent_when=silent))
    return comparisons


RECORDS = st.lists(st.fixed_dictionaries({"first": ONE, "last": ONE, "tags": SEVERAL}), min_size=1, max_size=5)


def all_pairs(n):
    return (grid.ravel().astype(np.int32) for grid in np.meshgrid(range(n), range(n)))


@pytest.fixture(params=[level_memo.LEAST_RECORDS, 0], ids=["few records", "memo"])
def _memo_from(request, monkeypatch):
    """The memo of frequent values serves large tables; here it serves small ones too."""
    monkeypatch.setattr(level_memo, "LEAST_RECORDS", request.param)


@pytest.mark.usefixtures("_memo_from")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDS, comparison_lists(), st.booleans())
def test_the_true_outcome_is_possible(records, comparisons, prepared):
    table = RecordTable.of([{"record_id": str(i), **record} for i, record in enumerate(records)])
    comparer = c.PairComparer(table, comparisons)
    if prepared:
        comparer.prepare()
    left, right = all_pairs(len(table))
    levels = comparer.levels(left, right)
    assert [compare_pair(comparisons, table, i, j) for i, j in zip(left, right, strict=True)] == levels.tolist()
    graded = np.empty_like(levels)
    for number, screen in enumerate(comparer.screens()):
        found = comparer.possible(number, left, right)
        assert found.dtype == np.uint16
        for silencer, told in comparer.silencers(number):
            found |= (np.uint16(1) << (levels[:, silencer] + 1).astype(np.uint16) & np.uint16(told)) > 0
        true = np.uint16(1) << (levels[:, number] + 1).astype(np.uint16)
        assert ((found & true) > 0).all()
        one, two = screen.codes[left], screen.codes[right]
        by_codes = np.where((one < 0) | (two < 0), screen.if_absent, np.where(one == two, screen.if_equal, screen.if_different))
        if screen.ends is not None:
            near = (screen.ends.codes[left] == screen.ends.codes[right]).any(axis=1)
            far = ~(near | screen.ends.loose[left] | screen.ends.loose[right] | (one < 0) | (two < 0) | (one == two))
            by_codes[far] = screen.ends.if_far | screen.if_different & 1
        other = left != right  # a row that has another field only has a code of its own, and equals none but itself
        assert ((by_codes.astype(np.uint16) & true) > 0)[other].all()
        graded[:, number] = comparer.grade(number, left, right)
        assert [pair_level(comparisons[number], table, i, j) for i, j in zip(left, right, strict=True)] == graded[
            :, number
        ].tolist()
    comparer.silence(graded)
    assert levels.tolist() == graded.tolist()


@pytest.mark.parametrize("level", LEVELS, ids=repr)
@given(st.lists(TEXT, min_size=1, max_size=6, unique=True))
def test_a_level_that_holds_may_hold(level, vocabulary):
    n = len(vocabulary)
    left, right = all_pairs(n)
    may = may_hold(level, ValuePairs(Values(vocabulary), left, right)).reshape(n, n)
    holds = np.array([[level_on_values(level, a, b) for a in vocabulary] for b in vocabulary])
    assert (may == holds).all() if is_by_codes(level) else may[holds].all()
    assert may.dtype == bool


def screen_of(comparison, *records):
    table = RecordTable.of([{"record_id": str(i), **record} for i, record in enumerate(records)])
    return c.PairComparer(table, [comparison]).screens()[0]


def test_screens_are_as_tight_as_codes_allow():
    values = [{"x": "1980-05-03", "y": "a"}, {"x": "1980-05-03", "y": "b"}, {"x": None, "y": "b"}]
    assert screen_of(c.device("x"), *values)[1:4] == (0b100, 0b010, 0b001)
    assert screen_of(c.phone("x"), *values)[1:4] == (0b10000, 0b01110, 0b00001)
    assert screen_of(c.birth_date("x"), *values)[1:4] == (0b1000000, 0b0111110, 0b0000001)
    assert screen_of(c.birth_date("x"), *values, {"x": "1980", "y": None})[1:4] == (0b1001000, 0b0111110, 0b0000001)
    place = screen_of(c.place("x", "y"), *values)
    assert place[1:4] == (0b10000, 0b01111, 0b00001)
    assert place.codes[0] == place.codes[1] != place.codes[2] >= 0
    assert screen_of(c.person_first_name("x", last="y"), *values)[1:4] == (0b100000000, 0b011111110, 0b000010001)
    explained = screen_of(c.Comparison("x", ("x",), (c.Unless(c.Exact(), c.SpelledFromNames(("y",))),)), *values)
    assert explained[1:4] == (0b101, 0b010, 0b001)
    assert explained.codes.tolist() == [0, 0, -1]
    several = screen_of(c.phone("x"), {"x": ["1", "2"]}, {"x": ["2", "1"]}, {"x": ["3"]})
    assert several[1:4] == (0b10000, 0b11110, 0b00001)
    assert several.codes[0] == several.codes[1] != several.codes[2]


def test_a_silenced_comparison_may_be_missing():
    table = RecordTable.of(
        [
            {"record_id": str(i), "first": f, "last": g}
            for i, (f, g) in enumerate([("anna", "lee"), ("lee", "anna"), ("kim", "ross")])
        ]
    )
    comparer = c.PairComparer(table, [c.person_last_name("last", first="first"), c.person_first_name("first", last="last")])
    assert comparer.screens()[0][1:4] == (0b1000001, 0b0111111, 0b0000001)
    assert comparer.silencers(0) == [(1, outcome(3))]
    assert comparer.silencers(1) == []


@given(st.integers(1, 2**15 - 1), st.integers(1, 2**15 - 1))
def test_the_closest_of_two_sets(one, other):
    first, second = ([bit for bit in range(15) if mask >> bit & 1] for mask in (one, other))
    expected = {max(x, y) for x in first for y in second}
    found = closest_of(np.array([one], np.uint16), np.array([other], np.uint16))
    assert sum(1 << bit for bit in expected) == found[0]
    assert least_level(found)[0] == min(expected) - 1
    assert len(undecided(found)) == (len(expected) > 1)
    assert outcome(min(expected) - 1) & int(found[0])


def test_a_comparison_has_so_many_levels_that_their_outcomes_fit():
    levels = [c.Levenshtein(n, name=f"{n} edits") for n in range(15)]
    assert len(c.Comparison("x", ("x",), levels[:14]).traits.levels) == 15
    with pytest.raises(SpecError, match="15 levels; merge some: 14 are the most"):
        c.Comparison("x", ("x",), levels)
