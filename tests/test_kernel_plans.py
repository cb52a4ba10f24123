"""The kernel's plan says what link rules need, and bad rules are told before any pair is made."""

import numpy as np
import pytest

from omniid.blocking import block_on, plan_blocks
from omniid.comparison import PairComparer, city, email
from omniid.errors import SpecError
from omniid.kernel import score_records
from omniid.kernel_plans import kernel_plan
from omniid.matching import LinkRule, compile_weights
from omniid.tables import ComparisonWeights, Model, RecordTable

TABLE = RecordTable.of(
    [
        {"record_id": "1", "email": "anna@a.com", "city": "rome"},
        {"record_id": "2", "email": "anna@a.com", "city": "oslo"},
        {"record_id": "3", "email": "boris@a.com", "city": "rome"},
    ]
)
COMPARISONS = [email("email"), city("city")]
TRAITS = [comparison.traits for comparison in COMPARISONS]
MODEL = Model(
    tuple(ComparisonWeights(trait.name, trait.levels, trait.prior_m, trait.prior_m) for trait in TRAITS),
    prior=0.001,
    link_at=2.0,
    review_at=1.0,
)


def plan_of(rules, personal=None):
    weights = compile_weights(TABLE, MODEL, TRAITS)
    blocks = plan_blocks(TABLE, [block_on("email"), block_on("city")])
    return kernel_plan(blocks, PairComparer(TABLE, COMPARISONS), weights, TRAITS, MODEL, rules, personal)


def test_a_link_rule_saves_a_pair_that_weighs_too_little():
    rule = LinkRule("same e-mail", {"email": "same local part"}, tier="unique")
    assert plan_of([rule]).needed == ({0: 0b110000},)  # the two closest of five levels, after the bit for missing
    found = score_records(plan_of([rule]))
    assert (found.left.tolist(), found.right.tolist(), found.weight.tolist(), found.tier.tolist()) == (
        [0],
        [1],
        [2_000_000],
        [2],
    )
    assert len(score_records(plan_of([]))) == 0


def test_a_shared_value_saves_no_pair():
    rule = LinkRule("same e-mail", {"email": "exact"})
    assert len(score_records(plan_of([rule], {"email": np.array([True, False, True])}))) == 0


@pytest.mark.parametrize("agree", [{"phone": "exact"}, {"email": "close"}])
def test_a_rule_that_names_what_does_not_exist_is_told_at_once(agree):
    with pytest.raises(SpecError, match="link rule 'odd' names the"):
        plan_of([LinkRule("odd", agree)])
