"""Law 8: the fused kernel gives the pairs, levels, rules and weights of the plain stages, whatever the chunks and workers."""

import itertools
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omniid.blocking import block_on, finders, initial, one_edit, plan_blocks, sorted_neighbourhood, soundex, year
from omniid.comparison import Comparison, Exact, Levenshtein, PairComparer, compare, level_memo, library
from omniid.errors import CancelledError, SpecError
from omniid.hashing import hash_strings
from omniid.kernel import score_records, screening
from omniid.kernel_plans import kernel_plan
from omniid.matching import LinkRule, compile_weights, match
from omniid.matching.frequencies import field_salt
from omniid.tables import Column, ComparisonWeights, Model, Populations, RecordTable
from omniid.tables.arrays import text_array

VALUES = {
    "first_name": ["anna", "ana", "anna maria", "jon", "john", "smith", "а", "юлия", "j"],
    "last_name": ["smith", "smyth", "kovacs", "anna", "maria kovacs", "кузнецов", "кузнецова"],
    "birth_date": ["1980-02-03", "1980-03-02", "1981-02-03", "1980", "1980-02", "1975-11-30"],
    "email": ["anna.smith@a.com", "anna.smith@b.com", "ana.smith@a.com", "jon@a.com", "jsmith@b.com"],
    "phone": ["+48601200300", "+48601200301", "601200300", "+79162000001"],
    "city": ["rome", "roma", "oslo", "東京", "東京都"],
    "postcode": ["00-950", "00-951", "0150"],
    "street": ["12 main st", "12 mian st", "14 main st", "via roma 1"],
}
MANY = ("email", "phone")
RULES = [
    block_on("email"),
    one_edit("phone"),
    block_on("birth_date", soundex("last_name")),
    sorted_neighbourhood("last_name", window=4),
    block_on(initial("first_name"), year("birth_date")),
    block_on("city"),
]
COMPARISONS = [
    library.person_first_name("first_name", last="last_name"),
    library.person_last_name("last_name", first="first_name"),
    library.birth_date("birth_date"),
    library.email("email", names=("first_name", "last_name")),
    library.phone("phone"),
    library.street("street"),
    library.place("postcode", "city", street="street"),
    Comparison("code", ("postcode",), (Exact(), Levenshtein(1))),
]
TRAITS = [comparison.traits for comparison in COMPARISONS]
LINK_RULES = [
    LinkRule("same e-mail", {"email": "exact", "first_name": "alike"}, unless={"birth_date": ("else",)}),
    LinkRule("same phone", {"phone": "exact"}, tier="unique"),
]


def cells(name):
    one = st.one_of(st.none(), st.sampled_from(VALUES[name]))
    return st.one_of(one, st.lists(st.sampled_from(VALUES[name]), max_size=3)) if name in MANY else one


RECORDS = st.lists(st.fixed_dictionaries({name: cells(name) for name in VALUES}), min_size=2, max_size=30)


def any_model(seed):
    """A model with any weights, so that bounds have to hold for all of them."""
    random = np.random.default_rng(seed)
    judged = random.random() < 0.5  # whether judged pairs moved its weights
    parts = []
    for trait in TRAITS:
        m, u, h = (tuple(random.dirichlet(np.full(len(trait.levels), 0.7)).tolist()) for _ in range(3))
        rare, typical = (10.0 ** random.uniform(-6, 0, 2)).tolist()
        frequent = random.random() < 0.6
        parts.append(
            ComparisonWeights(
                trait.name,
                trait.levels,
                m,
                u,
                h,
                rare=rare if frequent else None,
                typical=typical if frequent else None,
                shift=tuple(random.normal(0, 3, len(m)).tolist()) if judged and random.random() < 0.7 else (),
            )
        )
    prior, relatives = 10.0 ** random.uniform(-6, -0.5), float(random.choice([0.0, 0.01]))
    start, least = random.normal(0, 3, 2).tolist() if judged else (0.0, 0.0)
    return Model(
        tuple(parts),
        prior=prior,
        prior_relatives=relatives,
        link_at=3.0,
        populations=any_populations(random),
        slip=float(random.choice([0.0, 1.5, 6.0])),
        shift=start,
        shift_from=least,
    )


def any_populations(random):
    """None, or two populations, of which every name, and every city, is at home in a random one more than in the other."""
    fields = ("first_name", "last_name")
    if random.random() < 0.4:
        return None
    hashes = {field: hash_strings(text_array(VALUES[field]), field_salt(field)).tolist() for field in fields}
    profiles = {
        field: {
            f"{key:016x}": (share, 1000 - share)
            for key, share in zip(keys, random.integers(0, 1001, len(keys)).tolist(), strict=True)
        }
        for field, keys in hashes.items()
    }
    cities = hash_strings(text_array([city for city in VALUES["city"] if city]), field_salt("city")).tolist()
    homes = {f"{key:016x}": tuple(random.integers(0, 10**6, 2).tolist()) for key in cities}
    return Populations(fields, (0.7, 0.3), profiles, tie=2.0, place="city" if random.random() < 0.8 else "", homes=homes)


MODELS = st.integers(0, 10_000).map(any_model)


def table_of(records):
    rows = [{"record_id": f"{i:03}", **record} for i, record in enumerate(records)]
    return RecordTable.of([{**row, **{name: row[name] or None for name in MANY}} for row in rows])


def plain(table, model, keep_at, rules):
    """The stages one by one, nothing pruned."""
    pairs = plan_blocks(table, RULES).candidates()
    return match(table, compare(table, pairs, COMPARISONS), model, TRAITS, keep_at=keep_at, rules=rules)


def listed(scores):
    columns = (scores.left, scores.right, scores.weight, scores.tier, scores.rule, scores.levels)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def fused(table, model, keep_at, rules):
    plan = kernel_plan(
        plan_blocks(table, RULES), PairComparer(table, COMPARISONS), compile_weights(table, model, TRAITS), TRAITS, model, rules
    )
    return replace(plan, cut=None if keep_at == -np.inf else round(keep_at * 1e6))


@pytest.fixture(
    params=[(level_memo.LEAST_RECORDS, screening.TRIED, finders.DENSE), (0, 2, 0)], ids=["few records", "many records"]
)
def _as_large(request, monkeypatch):
    """A memo, a sieve, and narrowing as a rule's first pairs tell are for large tables; here small ones get all."""
    least, tried, dense = request.param
    monkeypatch.setattr(level_memo, "LEAST_RECORDS", least)
    monkeypatch.setattr(screening, "TRIED", tried)
    monkeypatch.setattr(finders, "DENSE", dense)


@pytest.mark.usefixtures("_as_large")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    RECORDS, MODELS, st.sampled_from([-np.inf, -20.0, 0.0, 4.0, 15.0]), st.booleans(), st.integers(1, 200), st.integers(1, 3)
)
def test_the_kernel_is_the_plain_stages(records, model, keep_at, with_rules, chunk, workers):
    table, rules = table_of(records), LINK_RULES if with_rules else []
    expected = plain(table, model, keep_at, rules)
    found = score_records(fused(table, model, keep_at, rules), chunk=chunk, batch=3, workers=workers)
    assert listed(found) == listed(expected)
    assert (found.comparisons, found.rules) == (expected.comparisons, expected.rules)


@given(RECORDS, MODELS, st.randoms(use_true_random=False))
def test_the_numbering_of_values_does_not_matter(records, model, shuffle):
    table = table_of(records)

    def renumbered(column):
        order = list(range(len(column.vocabulary)))
        shuffle.shuffle(order)
        place = np.append(np.argsort(order), -1).astype(np.int32)
        return Column(place[column.codes], column.vocabulary.take(pa.array(order, pa.int64())), column.offsets)

    other = replace(table, columns={name: renumbered(column) for name, column in table.columns.items()})
    assert listed(score_records(fused(other, model, 0.0, LINK_RULES))) == listed(
        score_records(fused(table, model, 0.0, LINK_RULES))
    )


def some_plan():
    table = table_of([dict.fromkeys(VALUES, None) | {"city": "rome", "email": "jon@a.com"} for _ in range(6)])
    parts = tuple(ComparisonWeights(trait.name, trait.levels, trait.prior_m, trait.prior_m[::-1]) for trait in TRAITS)
    return fused(table, Model(parts, prior=0.1), -np.inf, [])


def test_progress_goes_up_to_the_pairs_planned_and_may_cancel():
    told = []
    plan = some_plan()
    score_records(plan, chunk=2, progress=lambda *state: told.append(state))
    total = sum(finder.n_made for finder in plan.finders)
    assert told[-1] == ("match", total, total)
    assert all(one[1] <= two[1] for one, two in itertools.pairwise(told))
    with pytest.raises(CancelledError, match="cancelled by the progress callback after"):
        score_records(plan, progress=lambda *state: False)


def test_no_chunk_is_no_chunk():
    with pytest.raises(SpecError, match="at least 1, not 0, 8 and 1"):
        score_records(some_plan(), chunk=0)


def test_a_table_without_pairs_has_no_scores():
    plan = some_plan()
    assert len(score_records(replace(plan, finders=(), rules=()))) == 0
