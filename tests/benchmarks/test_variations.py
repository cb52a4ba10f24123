"""Variations change what they say, and nothing of them stays."""

import sys
from pathlib import Path

import pytest

import omniid
from omniid import linking, pipeline
from omniid.comparison import Nickname, SharedPart, SwappedParts, library

sys.path.insert(0, str(Path(omniid.__file__).parents[2] / "benchmarks"))  # scripts, not a package

from variations import (
    CONSTANTS,
    SHIPPED,
    TECHNIQUES,
    Variation,
    counted_twice,
    flatter,
    moved_cuts,
    without_level,
    without_nicknames,
)

ALL = [*TECHNIQUES, *(variation for grid in CONSTANTS.values() for variation in grid)]
PEOPLE = [
    {"id": str(n), "first name": name, "last name": "Lee", "e-mail": f"{name.lower()}@example.com", "city": "Leeds"}
    for n, name in enumerate(("Robert", "Bob", "Robert", "Ann"))
]


def test_names_are_unique() -> None:
    assert len({variation.key for variation in [SHIPPED, *ALL]}) == len(ALL) + 1


@pytest.mark.parametrize("variation", ALL, ids=lambda variation: variation.key)
def test_every_variation_runs_and_is_undone(variation: Variation) -> None:
    before, held = seams(), {name: held_by_modules(name) for name in variation.constants}
    with variation.applied():
        omniid.resolve(PEOPLE)
        assert seams() != before or variation.constants
        assert all(set(held_by_modules(name)) == {value} for name, value in variation.constants.items())
    assert seams() == before
    assert {name: held_by_modules(name) for name in variation.constants} == held


def seams() -> tuple[object, ...]:
    """What variations replace."""
    return pipeline.compile_plan, pipeline.gather, linking.choose_rules, linking.cluster


def held_by_modules(name: str) -> list[object]:
    """The constant in all modules that hold it."""
    modules = [module for key, module in sorted(sys.modules.items()) if key.startswith("omniid")]
    return [vars(module)[name] for module in modules if name in vars(module)]


def test_variations_can_be_combined() -> None:
    techniques = {variation.name: variation for variation in TECHNIQUES}
    with techniques["nicknames"].applied(), techniques["repeats counted once"].applied():
        plan = omniid.resolve(PEOPLE).parts.plan
    assert plan.repeats == ()
    assert not [level for one in plan.comparisons for _, level, _ in one.parts() if isinstance(level, Nickname)]


def test_an_unknown_constant_is_refused() -> None:
    with pytest.raises(LookupError, match="NO_SUCH"), Variation("x", constants={"NO_SUCH": 1}).applied():
        pass


def test_levels_are_left_out_with_their_guesses() -> None:
    first = without_level(library.person_first_name("first", last="last"), SwappedParts)
    assert "swapped" not in first.traits.levels
    assert sum(first.prior_m) == pytest.approx(1)
    assert without_level(library.person_last_name("last", first="first"), SwappedParts).silent_when == {}


def test_without_nicknames_shared_parts_stay() -> None:
    before, after = library.person_first_name("first"), without_nicknames(library.person_first_name("first"))
    assert after.traits.levels == before.traits.levels
    inner = [level for _, level, _ in after.parts()]
    assert any(isinstance(level, SharedPart) for level in inner)
    assert not any(isinstance(level, Nickname) for level in inner)


def test_repeats_speak_again() -> None:
    assert counted_twice(library.postcode("postcode", street="street")).silent_when == {}
    email = counted_twice(library.email("email", names=("first", "last")))
    assert not [*email.conditions()]


def test_cuts_move_within_other_levels() -> None:
    shipped, moved = library.person_last_name("last"), moved_cuts(0.02)(library.person_last_name("last"))
    assert shipped.means(2) != moved.means(2)
    assert flatter(1.0)(shipped).prior_m == pytest.approx(shipped.prior_m)
    assert flatter(0.5)(shipped).prior_m[-1] < shipped.prior_m[-1]
