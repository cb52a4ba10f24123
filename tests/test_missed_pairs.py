"""What blocking misses is found by comparing records with all others, and agrees with the truth."""

import math
import random

import numpy as np
import pytest

import omniid
from omniid.blocking import Audit, block_on
from omniid.errors import SpecError
from omniid.missed_pairs import find_missed


def people(n=300, *, seed=3):
    """Two records of each person: half of them share the e-mail address, all of them names and birth date."""
    draw = random.Random(seed)
    rows = []
    for number in range(n):
        first, last = (draw.choice("bdfgklmnprst") + draw.choice(["ar", "el", "on", "im", "us"]) * 2 for _ in range(2))
        born = f"{draw.randrange(1940, 2000)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        person = {"first_name": first, "last_name": last, "birth_date": born}
        rows.append(person | {"id": f"{number:03}a", "email": f"{first}.{number}@x.com", "city": f"town{number % 7}"})
        rows.append(person | {"id": f"{number:03}b", "email": f"{first}.{number}@x.com" if number % 2 else None})
    truth = [{"record_id": row["id"], "entity_id": row["id"][:3]} for row in rows]
    return rows, truth


@pytest.fixture(scope="module")
def found():
    rows, truth = people()
    model = omniid.resolve(rows).model
    spec = omniid.infer_spec(rows).replace(blocking=[block_on("email")])
    return omniid.resolve(rows, spec, model=model.replace(rules=())), truth


@pytest.fixture(scope="module")
def every(found):
    return found[0].missed_pairs(records=600)


def test_a_sample_tells_what_share_of_the_pairs_the_rules_make(found, every):
    result, truth = found
    real = result.audit(truth).pairs_completeness
    assert real == pytest.approx(0.5, abs=0.01)
    assert every.records == 600
    assert every.compared == 600 * 599 // 2
    assert every.expected == pytest.approx(300, rel=0.05)
    assert every.pairs_completeness == pytest.approx(real, abs=0.03)
    some = result.missed_pairs(records=150)
    assert some.pairs_completeness == pytest.approx(real, abs=0.12)


def test_missed_pairs_are_listed_and_can_be_explained(found, every):
    result, missed = found[0], every
    assert len(missed.examples) == 20
    for one in missed.examples:
        assert one.left[1][:3] == one.right[1][:3]
        assert one.weight >= result.model.link_at
        assert not one.together
    weights = [one.weight for one in missed.examples]
    assert weights == sorted(weights, reverse=True)
    first = missed.examples[0]
    assert result.explain(first.left, first.right)
    assert f"{first.weight:+.1f} bits" in str(missed)


def test_the_rules_chosen_from_counts_miss_nothing_here():
    rows, truth = people(150)
    result = omniid.resolve(rows)
    assert result.audit(truth).pairs_completeness == 1.0
    missed = result.missed_pairs(records=300)
    assert missed.pairs_completeness == 1.0
    assert missed.examples == ()


def test_the_sample_does_not_depend_on_the_order_of_rows(found):
    result, _ = found
    rows, _ = people()
    random.Random(1).shuffle(rows)
    again = omniid.resolve(rows, result.spec, model=result.model)
    assert again.missed_pairs(records=50) == result.missed_pairs(records=50)


def test_nothing_drawn_is_refused_and_an_audit_without_expectation_says_nothing(found):
    with pytest.raises(SpecError, match="records=0"):
        find_missed(found[0].parts, records=0)
    assert math.isnan(Audit(4, (), candidates=2).expected_completeness)
    assert "expected pairs completeness" not in str(Audit(4, (), candidates=2))
    expected = found[0].audit().expected_completeness
    assert 0 < expected <= 1
    assert np.isfinite(expected)
