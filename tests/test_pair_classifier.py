"""Classifiers as second judges: calibrated, bounded, and silent where they add nothing."""

import sys

import numpy as np
import pytest

import omniid
from omniid import InputError, Labels, MissingExtraError, NotFittedError, PairClassifier, SpecError, datasets
from omniid.tables import BITS


class Fixed:
    """Says what it is told to say, whatever it is shown; remembers how often it was trained."""

    classes_ = (0, 1)

    def __init__(self, say=lambda features: np.full(len(features), 0.5)):
        self.say = say

    def fit(self, features, labels):
        assert set(labels.tolist()) == {0, 1}

    def predict_proba(self, features):
        share = self.say(features)
        return np.stack([1 - share, share], axis=1)


@pytest.fixture(scope="module")
def sample():
    return datasets.generate(700, seed=5)


@pytest.fixture(scope="module")
def found(sample):
    return omniid.resolve(dict(sample.channels))


@pytest.fixture(scope="module")
def truth(sample):
    return Labels(persons={(row["source"], row["record_id"]): row["entity_id"] for row in sample.truth.to_pylist()})


def test_a_classifier_that_adds_nothing_changes_nothing(found, truth):
    """Labels drawn by the model's own odds, and a classifier that knows nothing."""
    scores = found.parts.scores
    keys = found.parts.records.keys(np.arange(len(found.parts.records)))
    at = np.flatnonzero((np.abs(scores.weight) < 6 * BITS) & (scores.tier == 0))
    drawn = np.random.default_rng(0).random(len(at)) < 1 / (1 + np.exp2(-scores.weight[at] / BITS))
    sides = [(keys[left], keys[right]) for left, right in zip(scores.left[at].tolist(), scores.right[at].tolist(), strict=True)]
    pairs = dict(zip(sides, drawn.tolist(), strict=True))
    try:
        labels = Labels(pairs)
    except InputError:  # drawn verdicts may contradict each other in a chain: keep those that no other pair touches
        seen, kept = set(), {}
        for pair, said in pairs.items():
            if not seen & set(pair):
                kept[pair] = said
                seen |= set(pair)
        labels = Labels(kept)
    judge = PairClassifier(Fixed()).fit(found, labels)
    assert judge.bits_ == 0
    assert (judge.apply(found).parts.scores.weight == scores.weight).all()


def test_a_classifier_never_raises_what_was_kept_below_all_judged_pairs(found, truth):
    judge = PairClassifier(Fixed(lambda features: 1 / (1 + np.exp2(-2 * features[:, -1] - 4)))).fit(found, truth)
    levels = found.parts.scores.levels[:1]
    assert judge.moved(np.array([-100 * BITS]), levels, found.parts)[0] <= -100 * BITS


def test_what_it_says_is_told_and_not_saved(found, truth, tmp_path):
    judge = PairClassifier(Fixed(lambda features: 1 / (1 + np.exp2(-features[:, -1])))).fit(found, truth)
    better = judge.apply(found)
    assert "weighed by Fixed" in str(better)
    with pytest.raises(InputError, match="weighed by a Fixed can't be saved"):
        better.save(tmp_path)
    pair = better.table("scored_pairs").to_pylist()[0]
    told = better.explain((pair["left_source"], pair["left_record_id"]), (pair["right_source"], pair["right_record_id"]))
    assert "Weighed by Fixed in the end" in str(told.steps[-1])


def test_too_few_judged_pairs_are_refused(found):
    with pytest.raises(InputError, match="at least two that are and two that are not"):
        PairClassifier(Fixed()).fit(found, [])


def test_what_is_no_classifier_is_refused():
    with pytest.raises(SpecError, match="object has no fit"):
        PairClassifier(object())


def test_an_untrained_one_is_refused(found):
    with pytest.raises(NotFittedError):
        PairClassifier(Fixed()).apply(found)


def test_the_default_asks_for_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(MissingExtraError, match=r"omniid\[sklearn\]"):
        PairClassifier()


def test_omniid_does_not_load_scikit_learn():
    import subprocess

    code = "import sys, omniid; omniid.PairClassifier; print('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


@pytest.mark.parametrize("kind", ["default", "boosting", "svm"])
def test_classifiers_of_scikit_learn_do_no_harm_and_give_odds(found, truth, kind):
    pytest.importorskip("sklearn.linear_model")
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.svm import SVC

    made = {"default": None, "boosting": GradientBoostingClassifier(random_state=0)}
    if kind == "svm":
        from sklearn.calibration import CalibratedClassifierCV

        made["svm"] = CalibratedClassifierCV(SVC(), ensemble=False)
    better = PairClassifier(made[kind]).fit(found, truth).apply(found)
    scores, before = better.parts.scores, found.parts.scores
    assert scores.weight.dtype == np.int64
    assert (scores.left == before.left).all()

    def wrong(one):
        keys = one.parts.records.keys(np.arange(len(one.parts.records)))
        person = np.unique([truth.persons[key] for key in keys], return_inverse=True)[1]
        together = one.parts.entity[scores.left] == one.parts.entity[scores.right]
        return int((together != (person[scores.left] == person[scores.right])).sum())

    assert wrong(better) <= wrong(found)
    again = PairClassifier(made[kind]).fit(found, truth).apply(found)
    assert (again.parts.scores.weight == scores.weight).all()
