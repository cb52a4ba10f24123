"""Clocks on the kernel's parts: `python -m pytest tests/*/test_speed.py --benchmark-enable --benchmark-only`.

Without those options each part runs once, and only what it gives is checked.
"""

import random

import numpy as np
import pytest

from omniid.blocking import block_on, initial, one_edit, plan_blocks, soundex
from omniid.comparison import PairComparer, compare, library
from omniid.kernel import score_records
from omniid.kernel.bounds import Bounds
from omniid.kernel.reach import Reach
from omniid.kernel.record_matrix import Workspace
from omniid.kernel.scores import weigh
from omniid.kernel.screening import Screening
from omniid.kernel.strings import exact_levels
from omniid.kernel.survivors import Survivors
from omniid.kernel_plans import kernel_plan
from omniid.matching import FellegiSunter, compile_weights, match
from omniid.tables import RecordTable

PEOPLE = 1_500
FIRST, LAST = 60, 150  # names, so that many strangers share one
SYLLABLES = [consonant + vowel for consonant in "bdfghklmnprst" for vowel in "aeiou"]
RULES = [
    block_on("email"),
    block_on("phone"),
    block_on("birth_date"),
    block_on(soundex("last_name"), initial("first_name")),
    block_on(soundex("first_name")),
    one_edit("phone"),
]
COMPARISONS = [
    library.person_first_name("first_name", last="last_name"),
    library.person_last_name("last_name", first="first_name"),
    library.birth_date("birth_date"),
    library.email("email", names=("first_name", "last_name")),
    library.phone("phone"),
    library.street("street"),
]
TRAITS = [comparison.traits for comparison in COMPARISONS]


def name(number, syllables):
    return "".join(random.Random(100 * number + syllables).choices(SYLLABLES, k=syllables))


def person(draw):
    first, last = name(draw.randrange(FIRST), 2), name(draw.randrange(LAST), 3)
    return {
        "first_name": first,
        "last_name": last,
        "birth_date": f"{draw.randrange(1950, 2005)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
        "email": f"{first}.{last}{draw.randrange(100)}@{draw.choice(SYLLABLES)}.com",
        "phone": f"+48{draw.randrange(500_000_000, 520_000_000)}",
        "street": f"{draw.randrange(1, 200)} {draw.choice(SYLLABLES)}{draw.choice(SYLLABLES)} st",
    }


def sent(value, draw):
    """A value as a record holds it: as it is, missing, or with two letters exchanged."""
    luck, at = draw.random(), draw.randrange(len(value) - 1)
    if luck < 0.2:
        return None
    return value if luck < 0.9 else value[:at] + value[at + 1] + value[at] + value[at + 2 :]


def people_table():
    draw = random.Random(11)
    people = [person(draw) for _ in range(PEOPLE)]
    rows = [people[number % PEOPLE] for number in range(2 * PEOPLE)]
    return RecordTable.of(
        {"record_id": f"{number:05}", **{name: sent(value, draw) for name, value in row.items()}}
        for number, row in enumerate(rows)
    )


class Made:
    """A plan, and what the kernel derives from it."""

    def __init__(self):
        self.table = people_table()
        blocks, comparer = plan_blocks(self.table, RULES), PairComparer(self.table, COMPARISONS)
        vectors = compare(self.table, blocks.candidates(), COMPARISONS)
        self.model = FellegiSunter().fit(self.table, vectors, TRAITS, comparer.levels).model_
        self.plain = match(self.table, vectors, self.model, TRAITS)
        self.plan = kernel_plan(blocks, comparer, compile_weights(self.table, self.model, TRAITS), TRAITS, self.model)
        comparer.prepare()
        self.bounds = Bounds(self.plan)
        self.screening = Screening(self.plan, self.bounds, 65_536)
        finders = self.plan.finders
        self.largest = max(range(len(finders)), key=lambda number: finders[number].n_made)
        self.pairs = next(iter(finders[self.largest].pieces(65_536)))()

    def near(self):
        return self.screening._matrix.load(self.pairs.rows, Workspace(), self.screening._earlier[self.largest].columns)

    def survivors(self):
        return self.screening.screen(list(self.screening.pieces())).survivors


@pytest.fixture(scope="module")
def made():
    return Made()


def duplicate(pairs):
    """A copy, for work that changes what it is given."""
    copies = (column.copy() for column in (pairs.left, pairs.right, pairs.rule, pairs.bound, pairs.spared, pairs.masks))
    return Survivors(*copies, pairs.narrowed)


def test_states_of_the_record_matrix(benchmark, made):
    rows, left, right = made.pairs
    states = benchmark(lambda: made.near().states(left, right))
    phones = made.table.columns["phone"].codes[rows]
    one, other = phones[left], phones[right]
    assert np.array_equal((states[0] & 0x1010) == 0x10, (one == other) & (one >= 0))


def test_bounds_from_states(benchmark, made):
    states = made.near().states(*made.pairs[1:])
    bound = benchmark(made.bounds.from_states, states)
    left, right = (made.pairs.rows[side] for side in (made.pairs.left, made.pairs.right))
    _, weight = made.plan.weights.score(left, right, made.plan.grader.levels(left, right))
    assert (bound + made.bounds.highest[left] >= weight).all()
    assert len(np.unique(bound)) > 2


def test_narrowing(benchmark, made):
    def reach():
        return Reach.of(made.pairs, made.near(), made.bounds, made.plan.cut)

    def narrow(pairs):
        for comparison in made.bounds.telling:
            made.screening._narrow(pairs, comparison)
        return pairs

    before, after = len(reach()), benchmark.pedantic(narrow, setup=lambda: ((reach(),), {}), rounds=20)
    kept = set(zip(after.left.tolist(), after.right.tolist(), strict=True))
    made_here = zip(*(made.pairs.rows[side].tolist() for side in made.pairs[1:]), strict=True)
    assert set(listed(made.plain)) & set(made_here) <= kept
    assert len(after) < before


def test_exact_levels_of_the_survivors(benchmark, made):
    before = made.survivors()

    def grade(pairs):
        return pairs, exact_levels(pairs, made.plan, made.bounds)

    pairs, levels = benchmark.pedantic(grade, setup=lambda: ((duplicate(before),), {}), rounds=20)
    scores = weigh(pairs.left, pairs.right, pairs.rule, levels, made.plan)
    assert sorted(zip(scores.left.tolist(), scores.right.tolist(), strict=True)) == listed(made.plain)


def test_score_records(benchmark, made):
    scores = benchmark(score_records, made.plan)
    assert listed(scores) == listed(made.plain)
    assert np.array_equal(scores.weight, made.plain.weight)


def listed(scores):
    return list(zip(scores.left.tolist(), scores.right.tolist(), strict=True))
