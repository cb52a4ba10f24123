"""Comparisons as declarations: what they refuse, and their plain form."""

import json

import pytest

from omniid import SpecError
from omniid import comparison as c

LIBRARY = [
    c.person_first_name("first_name", last="last_name"),
    c.person_first_name("first_name"),
    c.person_last_name("last_name", first="first_name"),
    c.middle_name("middle_name"),
    c.birth_date("birth_date"),
    c.email("email"),
    c.email("email", names=("first_name", "last_name")),
    c.phone("phone"),
    c.identifier("loyalty", shared_by_relatives=True),
    c.street("street"),
    c.place("postcode", "city", street="street"),
    c.postcode("postcode", street="street"),
    c.city("city", street="street"),
    c.category("gender"),
    c.device("cookie"),
    c.text("note"),
    c.number("height"),
    c.Comparison("tags", ("tags",), (c.Overlap(2), c.Overlap(1, name="one in common"))),
]


@pytest.mark.parametrize("comparison", LIBRARY, ids=lambda comparison: comparison.name)
def test_plain_form_survives_json(comparison):
    assert comparison == c.Comparison.from_dict(json.loads(json.dumps(comparison.to_dict())))


@pytest.mark.parametrize("comparison", LIBRARY, ids=lambda comparison: comparison.name)
def test_traits_fit_together(comparison):
    traits = comparison.traits
    assert traits.levels[0] == "else"
    assert len(set(traits.levels)) == len(traits.levels) == len(traits.prior_m)
    assert sum(traits.prior_m) == pytest.approx(1)
    assert all(comparison.means(number) for number in range(-1, len(traits.levels)))
    assert set(comparison.fields) <= set(comparison.reads)


def test_the_closest_level_is_the_last_trait():
    comparison = c.Comparison("x", ("x",), (c.Exact(), c.JaroWinkler(0.9)))
    assert comparison.traits.levels == ("else", "alike", "exact")
    assert comparison.means(2) == "equal"
    assert comparison.means(0) == "none of the levels"
    assert comparison.traits.prior_m == (0.1, 0.1, 0.8)
    assert c.Comparison("x", ("x",), (c.Exact(),)).traits.prior_m == (0.2, 0.8)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: c.Comparison("x", ("x",), ()), "at least one field and one level"),
        (lambda: c.Comparison("x", (), (c.Exact(),)), "at least one field"),
        (lambda: c.Comparison("x", ("x",), (c.JaroWinkler(0.9), c.JaroWinkler(0.8))), "rename alike"),
        (lambda: c.Comparison("x", ("x",), (c.Exact(name="else"),)), "rename else"),
        (lambda: c.Comparison("x", ("x",), (c.Exact(),), (0.5, 0.6)), "2 positive numbers with sum 1"),
        (lambda: c.Comparison("x", ("x",), (c.Exact(),), (0.2, 0.3, 0.5)), "2 positive numbers"),
        (lambda: c.Comparison("x", ("x",), (c.Exact(),), (0.0, 1.0)), "positive"),
        (lambda: c.Comparison("x", ("x",), (c.On("city", c.Exact()),)), "reads the field 'city'"),
        (lambda: c.Comparison("x", ("x",), (c.Exact(),), frequency="y"), "frequency='y'"),
        (lambda: c.Comparison("x", ("x",), (c.Exact(),), silent_when={"x": ("exact",)}), "because of itself"),
        (lambda: c.Comparison("x", ("x",), (c.AnyOf((c.Unless(c.Exact(), c.SpelledFromNames(("n",))),)),)), "around the whole"),
        (lambda: c.level_to_plain(c.Custom(lambda a, b: True, "always")), "cannot be saved"),
        (lambda: c.level_from_plain({"kind": "Soundslike"}), "there is no level 'Soundslike'"),
        (lambda: c.level_from_plain({"kind": "JaroWinkler", "atleast": 0.9}), "takes at_least, of, name"),
        (lambda: c.Comparison.from_dict({"name": "x", "fields": ["x"]}), "'x' is not written as expected"),
        (lambda: c.Comparison.from_dict({"name": "x", "fields": ["x"], "levels": [], "colour": 1}), "not written as expected"),
    ],
)
def test_wrong_declarations_say_what_to_change(wrong, words):
    with pytest.raises(SpecError, match=words):
        wrong()


def test_the_callers_lists_are_not_kept():
    silent = {"y": ["exact"]}
    comparison = c.Comparison("x", ["x"], [c.Exact()], silent_when=silent)
    silent["y"].append("alike")
    assert comparison.silent_when == {"y": ("exact",)}
    assert comparison.fields == ("x",)
