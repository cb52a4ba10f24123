"""Values that are never enough alone, whatever a frozen model holds of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.matching import compile_weights
from omniid.tables import BITS, ComparisonTraits, ComparisonWeights, Model, RecordTable

EMAIL = ComparisonTraits("email", ("else", "exact"), (0.1, 0.9), frequency="email")
CITY = ComparisonTraits("city", ("else", "exact"), (0.4, 0.6))
probability = st.floats(1e-6, 0.999999)


def model(m: float, u: float, rare: float, prior: float, relatives: float, link_at: float) -> Model:
    email = ComparisonWeights("email", EMAIL.levels, (1 - m, m), (1 - u, u), rare=rare)
    city = ComparisonWeights("city", CITY.levels, (0.2, 0.8), (0.9, 0.1))
    return Model((email, city), prior, relatives, link_at=link_at, review_at=link_at)


TABLE = RecordTable.of([{"record_id": str(i), "email": mail, "city": "x"} for i, mail in enumerate(["a", "a", "b", "b"])])
LEFT, RIGHT = np.array([0, 2], np.int32), np.array([1, 3], np.int32)


def weights(of: Model, levels: list[list[int]], weak: bool) -> list[int]:
    values = {"email": np.array([value == "a" for value in TABLE.columns["email"].vocabulary.to_pylist()])}
    tables = compile_weights(TABLE, of, [EMAIL, CITY], weak=values if weak else None)
    return [int(weight) for weight in tables.score(LEFT, RIGHT, np.array(levels, np.int8))[1]]


@given(probability, probability, st.floats(1e-9, 0.5), st.floats(1e-6, 0.4), st.sampled_from([0.0, 0.1]), st.floats(-9, 20))
def test_a_weak_value_alone_stays_below_the_threshold(m, u, rare, prior, relatives, link_at) -> None:
    of = model(m, u, rare, prior, relatives, link_at)
    alone = [[1, -1], [1, -1]]
    weak, plain = weights(of, alone, True), weights(of, alone, False)
    assert weak[0] < round(link_at * BITS)
    assert weak[0] <= plain[0]
    assert weak[1] == plain[1]


def test_other_fields_may_carry_a_weak_value_over_the_threshold() -> None:
    of = model(0.9, 1e-5, 1e-6, 1e-3, 0.0, 2.0)
    assert weights(of, [[1, -1], [1, -1]], True)[0] < 2 * BITS <= weights(of, [[1, 1], [1, 1]], True)[0]


def test_the_bound_of_a_row_holds_for_weak_values_too() -> None:
    of = model(0.9, 1e-5, 1e-6, 1e-3, 0.0, 2.0)
    tables = compile_weights(TABLE, of, [EMAIL, CITY], weak={"email": np.array([True, True])})
    levels = np.array([[1, -1], [1, -1]], np.int8)
    bound = tables.start_a + tables.a[0][1] + np.minimum(tables.boost(0, LEFT), tables.boost(0, RIGHT))
    assert (tables.score(LEFT, RIGHT, levels)[1] <= bound).all()
