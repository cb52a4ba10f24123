import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.hashing import hash_strings
from omniid.matching.populations import (
    SHRINK,
    UNIT,
    _maximized,
    _with_some_last_names,
    average_tie,
    find_populations,
    learn_populations,
    log_tie,
    name_fields,
    values_to_populations,
    whole_names,
)
from omniid.tables import Column, ComparisonTraits, Model, Populations, RecordTable

FIELDS = ("first_name", "last_name")
FIRST = ComparisonTraits("first_name", ("else", "exact"), (0.2, 0.8), frequency="first_name", swaps_with="last_name")
LAST = ComparisonTraits("last_name", ("else", "exact"), (0.2, 0.8), frequency="last_name")


def names_of_languages(n, shares, seed=0, tied=True):
    """First and last names of n strangers; each language has 30 and 60 of its own, drawn by rank, if they are tied."""
    rng = np.random.default_rng(seed)
    language = rng.choice(len(shares), n, p=shares)
    weight = {size: 1 / (np.arange(size) + 3) / (1 / (np.arange(size) + 3)).sum() for size in (30, 60)}
    first, last = (rng.choice(size, n, p=weight[size]) for size in (30, 60))
    other = language if tied else rng.permutation(language)
    return [f"f{a}-{x}" for a, x in zip(language, first, strict=True)], [f"l{b}-{y}" for b, y in zip(other, last, strict=True)]


def columns_of(first, last):
    return Column.of(first), Column.of(last)


def true_tie(first, last):
    """How much likelier two strangers agree on both than the product, counted over all pairs."""
    pairs = math.comb(len(first), 2)
    agree = [
        sum(math.comb(c, 2) for c in Counter(values).values()) / pairs
        for values in (first, last, zip(first, last, strict=True))
    ]
    return agree[2] / agree[0] / agree[1]


@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (0.25, 0.25, 0.25, 0.25), (0.9, 0.1)])
def test_the_tie_of_strangers_names_is_learned_from_names_alone(shares):
    first, last = names_of_languages(20_000, shares)
    found = learn_populations(FIELDS, columns_of(first, last))
    assert found is not None
    learned = average_tie(found, columns_of(first, last))
    assert abs(math.log2(learned / true_tie(first, last))) < 0.35


def test_names_of_a_small_language_are_tied_more_than_those_of_a_large_one():
    first, last = names_of_languages(20_000, (0.8, 0.2))
    columns = columns_of(first, last)
    found = learn_populations(FIELDS, columns)
    ratios = values_to_populations(found, columns)
    times = dict.fromkeys((0, 1), 0.0)
    for language in times:
        one, two = (
            column.vocabulary.to_pylist().index(f"{kind}{language}-0") for kind, column in zip("fl", columns, strict=True)
        )
        times[language] = float((ratios[0][one] * ratios[1][two] * np.array(found.shares)).sum())
    assert times[0] == pytest.approx(1 / 0.8, rel=0.15)
    assert times[1] == pytest.approx(1 / 0.2, rel=0.25)


def test_independent_names_have_no_populations():
    first, last = names_of_languages(20_000, (0.5, 0.3, 0.2), tied=False)
    assert learn_populations(FIELDS, columns_of(first, last)) is None


@pytest.mark.parametrize(
    "names", [([], []), (["anna"], ["smith"]), ([None, "anna"] * 40, ["smith", None] * 40), (["a"] * 60, ["b"] * 60)]
)
def test_too_few_names_tell_nothing(names):
    assert learn_populations(FIELDS, columns_of(*names)) is None


def test_where_all_whole_names_are_kept_apart_nothing_is_learned():
    for number in range(30):  # one whole name, which in one of five cases is kept apart
        assert learn_populations(FIELDS, columns_of([f"anna{number}"], ["smith"]), min_records=1) is None


def test_order_of_rows_and_numbering_of_values_do_not_matter():
    first, last = names_of_languages(6_000, (0.5, 0.3, 0.2))
    order = np.random.default_rng(1).permutation(len(first))
    shuffled = columns_of([first[i] for i in order], [last[i] for i in order])
    columns = columns_of(first, last)
    assert columns[0].vocabulary.to_pylist() != shuffled[0].vocabulary.to_pylist()
    one, two = learn_populations(FIELDS, columns), learn_populations(FIELDS, shuffled)
    assert one == two
    assert average_tie(one, columns) == average_tie(two, shuffled)


def test_a_name_is_stored_only_if_it_goes_with_several_others():
    first, last = names_of_languages(6_000, (0.6, 0.4))
    columns = columns_of([*first, *["f0-rare"] * 9], [*last, *["l0-0"] * 9])
    found = learn_populations(FIELDS, columns)
    partners = Counter(first for first, _ in set(zip(first, last, strict=True)))
    assert 0 < len(found.profiles["first_name"]) <= sum(count >= 3 for count in partners.values())


def test_a_name_that_the_model_does_not_know_is_at_home_where_its_partners_are():
    first, last = names_of_languages(20_000, (0.5, 0.5))
    found = learn_populations(FIELDS, columns_of(first, last))
    columns = columns_of([*first, *["newcomer"] * 3, "nobody"], [*last, "l1-0", "l1-1", "l1-2", None])
    ratios, texts = values_to_populations(found, columns), [column.vocabulary.to_pylist() for column in columns]

    def times(first, last):
        return float((ratios[0][texts[0].index(first)] * ratios[1][texts[1].index(last)] * np.array(found.shares)).sum())

    assert times("newcomer", "l1-9") > 1.3 > 0.8 > times("newcomer", "l0-9")
    assert times("nobody", "l1-9") == pytest.approx(1.0, abs=0.01)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["x", "y", None])), max_size=12))
def test_whole_names_are_the_distinct_pairs(rows):
    columns = columns_of([a for a, _ in rows], [b for _, b in rows])
    found = whole_names(*columns)
    texts = [column.vocabulary.to_pylist() for column in columns]
    assert sorted((texts[0][a], texts[1][b]) for a, b in zip(found.first, found.last, strict=True)) == sorted(
        {row for row in rows if None not in row}
    )


def test_a_table_is_asked_for_its_two_names():
    table = RecordTable.of([{"record_id": "1", "first_name": "anna", "last_name": "smith"}])
    assert name_fields([LAST, FIRST], table) == (1, 0)
    assert name_fields([LAST], table) is None
    assert name_fields([LAST, FIRST], RecordTable.of([{"record_id": "1", "first_name": "anna"}])) is None
    assert find_populations(table, [LAST, FIRST]) is None


def test_patterns_that_agree_on_both_names_are_likelier_among_strangers():
    found = Populations(FIELDS, (1.0,), {"first_name": {}, "last_name": {}}, tie=4.0)
    levels = np.array([[1, 1], [1, 0], [1, -1]], np.int8)
    assert np.exp(log_tie(found, [FIRST, LAST], levels)).round(9).tolist() == [4.0, 1.0, 1.0]
    assert log_tie(None, [FIRST, LAST], levels) is None


def test_a_model_keeps_its_populations_and_older_models_load(tmp_path):
    first, last = names_of_languages(6_000, (0.5, 0.5))
    found = learn_populations(FIELDS, columns_of(first, last))
    model = Model((), prior=0.1, populations=found)
    model.save(tmp_path / "model.json")
    assert Model.load(tmp_path / "model.json") == model
    text = (tmp_path / "model.json").read_text()
    assert not any(f'"{name}"' in text for name in set(first) | set(last))  # hashes only
    Model((), prior=0.1).save(tmp_path / "old.json")
    old = (tmp_path / "old.json").read_text().replace(' "populations": null,\n', "")
    (tmp_path / "old.json").write_text(old)
    assert "populations" not in old
    assert Model.load(tmp_path / "old.json").populations is None


def test_of_many_whole_names_all_of_some_last_names_are_looked_at():
    first, last = names_of_languages(6_000, (0.5, 0.5))
    columns = columns_of(first, last)
    names, hashes = whole_names(*columns), hash_strings(columns[1].vocabulary)
    some = _with_some_last_names(names, hashes, 1_000)
    assert 500 < len(some) < 1_500
    assert len(some) == np.isin(names.last, some.last).sum()
    assert _with_some_last_names(names, hashes, len(names)) is names


@given(st.integers(0, 2**32 - 1))
def test_neighbours_added_up_are_shares_counted_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = [np.sort(rng.integers(0, 5, 30)), rng.integers(0, 7, 30)]
    codes = [np.unique(side, return_inverse=True)[1] for side in codes]
    joint = np.rint(rng.random((3, 30)) * UNIT)
    shares, parts = _maximized(joint, np.flatnonzero(np.diff(codes[0], prepend=-1)), codes[1])
    assert shares.tolist() == (joint.sum(axis=1) / joint.sum()).tolist()
    for part, code in zip(parts, codes, strict=True):
        for population, name in np.ndindex(*part.shape):
            borne = joint[:, code == name].sum(axis=1) / UNIT
            expected = (borne[population] + SHRINK * shares[population]) / (borne.sum() + SHRINK)
            assert part[population, name] == pytest.approx(expected, rel=1e-12)
