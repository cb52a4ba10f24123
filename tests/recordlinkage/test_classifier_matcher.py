"""Classifiers as matchers: what each offers becomes weights; the real ones run where recordlinkage is installed."""

import sys
from collections.abc import Sequence
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import omniid
from omniid.errors import InputError, MissingExtraError, NotFittedError, SpecError
from omniid.recordlinkage import ClassifierMatcher, LabeledRecords, read_frames
from omniid.tables import BITS, ComparisonVectors, VectorChunk

PEOPLE = pd.DataFrame(
    {
        "first_name": ["anna", "anna", "ivan", "ivan", "olga", "olga", "mark", "ann"],
        "last_name": ["lee", "lee", "petrov", "petrov", "novak", "novac", "stone", "stone"],
        "city": ["york", "york", "omsk", None, "brno", "brno", "york", "omsk"],
    },
    index=[f"r{i}" for i in range(8)],
)
TRUE = pd.MultiIndex.from_tuples([("r1", "r0"), ("r3", "r2"), ("r5", "r4")])


def compared() -> tuple[LabeledRecords, ComparisonVectors]:
    records = read_frames(PEOPLE)
    pairs = omniid.block(records.table, [omniid.all_pairs()])
    return records, omniid.compare(records.table, pairs, records.comparisons)


def vectors_of(
    levels: Sequence[Sequence[int]], sizes: tuple[int, ...], order: Sequence[int] | None = None
) -> ComparisonVectors:
    """Pairs (0, i + 1), one per row of levels, in one chunk each."""
    order = range(len(levels)) if order is None else order
    chunks = [
        VectorChunk(np.array([0], np.int32), np.array([i + 1], np.int32), np.zeros(1, np.int16), np.array([levels[i]], np.int8))
        for i in order
    ]
    return ComparisonVectors(tuple(f"c{i}" for i in range(len(sizes))), sizes, ("all",), lambda: iter(chunks))


class Verdict:
    """Knows yes and no only."""

    cut = 0.5

    def fit(self, features: np.ndarray, labels: np.ndarray) -> None:
        self.cut = features[labels == 1].sum(axis=1).min()

    def predict(self, features: np.ndarray) -> np.ndarray:
        return (features.sum(axis=1) >= self.cut).astype(int)


class Margin(Verdict):
    def decision_function(self, features: np.ndarray) -> np.ndarray:
        return features.sum(axis=1) - self.cut + 0.25


class Probability(Verdict):
    classes_ = (1, 0)  # the match stands first

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        agree = np.clip(features.mean(axis=1), 0.0, 1.0)
        return np.stack([agree, 1 - agree], axis=1)


def test_without_recordlinkage_the_default_classifier_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "recordlinkage", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'omniid\[recordlinkage\]'"):
        ClassifierMatcher()
    assert ClassifierMatcher(Verdict()).encoding == "indicators"


def test_probabilities_become_log_odds_and_certainty_stays_finite() -> None:
    vectors = vectors_of([[4], [3], [2], [0]], (5,))
    found = ClassifierMatcher(Probability(), encoding="shares").match(vectors)
    assert found.weight.tolist() == [100 * BITS, round(np.log2(3) * BITS), 0, -100 * BITS]


def test_a_margin_orders_and_a_verdict_is_one_bit() -> None:
    records, vectors = compared()
    margin = ClassifierMatcher(Margin(), encoding="shares").fit(records, vectors, TRUE).match(vectors)
    verdict = ClassifierMatcher(Verdict(), encoding="shares").fit(records, vectors, TRUE).match(vectors)
    assert ((margin.weight > 0) == (verdict.weight > 0)).all()
    assert set(verdict.weight.tolist()) == {-BITS, BITS}
    assert len(set(margin.weight.tolist())) > 2
    linked = records.links(verdict.take(np.flatnonzero(verdict.weight > 0)))
    assert set(TRUE) <= set(linked)


def test_weights_depend_on_neither_order_nor_chunks() -> None:
    rng = np.random.default_rng(7)
    levels = rng.integers(-1, 4, (60, 3)).tolist()
    matcher = ClassifierMatcher(Probability(), encoding="shares")
    straight = matcher.match(vectors_of(levels, (4, 4, 4)))
    shuffled = matcher.match(vectors_of(levels, (4, 4, 4), rng.permutation(60)))
    assert straight.right.tolist() == list(range(1, 61))
    for part in ("left", "right", "weight", "levels"):
        np.testing.assert_array_equal(getattr(straight, part), getattr(shuffled, part))


def test_forty_comparisons_are_told_apart() -> None:
    """More vectors are possible than an integer has values."""
    levels = np.random.default_rng(3).integers(-1, 6, (200, 40)).astype(np.int8)
    levels[100:] = levels[:100]
    levels[100:, -1] = 5
    matcher = ClassifierMatcher(Probability(), encoding="shares")
    found = matcher.match(vectors_of(levels.tolist(), (6,) * 40))
    agree = np.where(levels < 0, 0.5, levels / 5).mean(axis=1)
    np.testing.assert_allclose(found.weight / BITS, np.log2(agree / (1 - agree)), atol=1e-6)


def test_pairs_below_the_cut_are_dropped() -> None:
    vectors = vectors_of([[4], [3], [2], [0]], (5,))
    assert len(ClassifierMatcher(Probability(), encoding="shares").match(vectors, keep_at=1.0)) == 2


def test_no_pairs_are_no_scores() -> None:
    assert len(ClassifierMatcher(Probability()).match(vectors_of([], (5,)))) == 0


def test_what_cannot_learn_is_refused() -> None:
    records, vectors = compared()
    with pytest.raises(InputError, match="Verdict learns from labels: pass links"):
        ClassifierMatcher(Verdict()).fit(records, vectors)
    with pytest.raises(InputError, match="none of the 28 pairs is a link"):
        ClassifierMatcher(Verdict()).fit(records, vectors, TRUE[:0])
    with pytest.raises(InputError, match="'r9', in pair 0"):
        ClassifierMatcher(Verdict()).fit(records, vectors, pd.MultiIndex.from_tuples([("r9", "r0")]))
    with pytest.raises(SpecError, match="a str has no fit"):
        ClassifierMatcher("ecm")
    with pytest.raises(SpecError, match="encoding 'onehot' is unknown"):
        ClassifierMatcher(Verdict(), encoding="onehot")


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("ECMClassifier", "agreements"),
        ("KMeansClassifier", "shares"),
        ("NaiveBayesClassifier", "levels"),
        ("LogisticRegressionClassifier", "indicators"),
        ("SVMClassifier", "indicators"),
    ],
)
def test_every_classifier_of_recordlinkage_links_as_it_says_itself(recordlinkage: ModuleType, name: str, encoding: str) -> None:
    """A weight of 0 bits is where the classifier itself changes its mind."""
    records, vectors = compared()
    matcher = ClassifierMatcher(getattr(recordlinkage, name)())
    assert matcher.encoding == encoding
    with pytest.raises(NotFittedError, match=f"{name} has learned nothing yet"):
        matcher.match(vectors)
    unsupervised = name in ("ECMClassifier", "KMeansClassifier")
    found = matcher.fit(records, vectors, None if unsupervised else TRUE).match(vectors)
    said = matcher.classifier.predict(records.features(vectors, encoding=encoding))
    assert set(records.links(found.take(np.flatnonzero(found.weight > 0)))) == set(said)
    assert set(said) >= set(TRUE)
    labels = omniid.cluster(len(records.table), found, link_at=0).labels
    assert labels[0] == labels[1]


@pytest.mark.parametrize("name", ["ECMClassifier", "NaiveBayesClassifier", "LogisticRegressionClassifier"])
def test_weights_are_the_log_odds_of_recordlinkages_own_probabilities(recordlinkage: ModuleType, name: str) -> None:
    records, vectors = compared()
    matcher = ClassifierMatcher(getattr(recordlinkage, name)())
    found = matcher.fit(records, vectors, None if name == "ECMClassifier" else TRUE).match(vectors)
    features = records.features(vectors, encoding=matcher.encoding)
    own = matcher.classifier.prob(features)[records.links(found)].to_numpy()
    np.testing.assert_allclose(1 / (1 + np.exp2(-found.weight / BITS)), own, atol=1e-6)


def test_given_coefficients_need_no_training(recordlinkage: ModuleType) -> None:
    """recordlinkage's deterministic linkage: a logistic regression whose coefficients are written down."""
    vectors = vectors_of([[1, 1], [1, 0], [-1, 1], [0, 0]], (2, 2))
    classifier = recordlinkage.LogisticRegressionClassifier(coefficients=[4.0, 2.0], intercept=-3.0)
    found = ClassifierMatcher(classifier, encoding="agreements").match(vectors)
    np.testing.assert_allclose(found.weight / BITS, np.array([3.0, 1.0, -1.0, -3.0]) / np.log(2), atol=1e-6)


def test_an_estimator_of_scikit_learn_is_taken_as_it_is() -> None:
    ensemble = pytest.importorskip("sklearn.ensemble")
    records, vectors = compared()
    forest = ensemble.RandomForestClassifier(20, random_state=0)
    found = ClassifierMatcher(forest).fit(records, vectors, TRUE).match(vectors)
    assert set(records.links(found.take(np.flatnonzero(found.weight > 0)))) == set(TRUE)
