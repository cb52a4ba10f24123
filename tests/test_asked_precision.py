"""A precision that is asked for raises the threshold as far as the model says, and no further."""

import pytest

import omniid
from omniid import Spec, datasets
from omniid.errors import SpecError


@pytest.fixture(scope="module")
def sample() -> datasets.Sample:
    return datasets.generate(1200, seed=3)


@pytest.fixture(scope="module")
def plain(sample) -> omniid.Resolution:
    return omniid.resolve(dict(sample.channels))


def test_it_is_expected_after_and_true_enough(sample, plain, tmp_path) -> None:
    asked = omniid.resolve(dict(sample.channels), Spec(precision=0.99))
    assert asked.model.link_at > plain.model.link_at
    assert asked.summary.link_at == asked.model.link_at
    before, after = (found.evaluate(sample.truth, examples=0).report.pairwise for found in (plain, asked))
    assert after.precision >= before.precision
    assert asked.summary.expected.precision >= 0.99 > plain.summary.expected.precision
    assert after.precision > 0.95
    assert asked.summary.expected.recall < plain.summary.expected.recall
    declared = plain.what_if(link_at=asked.model.link_at).apply()
    assert (
        declared.table("crosswalk")["entity_id"]
        .combine_chunks()
        .dictionary_encode()
        .indices.equals(asked.table("crosswalk")["entity_id"].combine_chunks().dictionary_encode().indices)
    )
    asked.save(tmp_path)
    again = omniid.load(tmp_path)
    assert again.model.link_at == asked.model.link_at
    assert again.spec.precision == 0.99
    assert again.table("crosswalk").equals(asked.table("crosswalk"))


def test_what_is_precise_already_stays(sample, plain) -> None:
    asked = omniid.resolve(dict(sample.channels), Spec(precision=0.5))
    assert asked.model == plain.model
    assert asked.table("crosswalk").equals(plain.table("crosswalk"))


def test_what_no_threshold_reaches_is_answered_all_the_same() -> None:
    rows = [{"id": str(i), "email": "ann@x.com", "name": "Ann Lee"} for i in range(2)]
    summary = omniid.resolve(rows, Spec(precision=0.999999999)).summary
    assert summary.people == 1  # an equal e-mail address links at any threshold
    assert any("no threshold is expected to reach precision 1" in note for note in summary.notes)


@pytest.mark.parametrize("wrong", [0.0, 1.0, 98, "high"])
def test_what_is_no_share_is_refused(wrong) -> None:
    with pytest.raises(SpecError, match="precision is"):
        Spec(precision=wrong)


def test_a_threshold_and_a_precision_contradict() -> None:
    with pytest.raises(SpecError, match="give one of them"):
        Spec(precision=0.9, link_at=1.0)
    assert Spec.from_dict(Spec(precision=0.9).to_dict()).precision == 0.9
    assert "precision 0.9 or more" in str(Spec(precision=0.9))
