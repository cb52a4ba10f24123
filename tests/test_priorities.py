"""The order of identifier kinds, as declared and by default."""

import numpy as np
import pytest

import omniid
from omniid import Email, Identifier, Phone, Spec, SpecError
from omniid.priorities import column_ranks, pair_ranks
from omniid.tables import ComparisonTraits

FIELDS = [
    Phone(),
    Email(),
    Identifier("no", kind="passport"),
    Identifier("old_no", kind="passport"),
    Identifier("visitor", kind="cookie"),
]


def test_columns_of_one_kind_share_a_place() -> None:
    assert column_ranks(FIELDS) == {"no": 0, "old_no": 0, "email": 1, "phone": 2, "visitor": 3}
    assert column_ranks(FIELDS, ["phone"]) == {"phone": 0, "no": 1, "old_no": 1, "email": 2, "visitor": 3}


@pytest.mark.parametrize(
    ("priority", "says"),
    [
        (["email", "phone", "email"], "names the kind 'email' twice"),
        (["emial"], "did you mean 'email'"),
        (["no"], "priority names the kind 'no'; the kinds are "),
    ],
)
def test_a_kind_given_twice_or_unknown_is_refused(priority: list[str], says: str) -> None:
    with pytest.raises(SpecError, match=says):
        Spec(fields=FIELDS, priority=priority)


def test_own_kinds_may_stand_in_it_and_files_keep_it() -> None:
    spec = Spec(fields=[*FIELDS, Identifier("badge", kind="badge", behavior="strong")], priority=["badge", "email"])
    assert Spec.from_dict(spec.to_dict()) == spec
    assert spec.to_dict()["priority"] == ["badge", "email"]


def test_the_first_kind_that_agrees_exactly_counts() -> None:
    traits = [ComparisonTraits(name, ("else", "alike", "exact"), (0.3, 0.3, 0.4)) for name in ("city", "email", "passport")]
    levels = np.array([[2, 2, 2], [2, 2, 1], [2, 1, 2], [2, 1, -1]], np.int8)
    assert pair_ranks(levels, traits, {"email": 1, "passport": 0}).tolist() == [0, 1, 0, 2]
    assert pair_ranks(levels, traits, {}).tolist() == [0] * 4


def test_explanations_name_the_kinds_with_priority_first() -> None:
    rows = [
        {"id": f"{source}{n}", "email": f"mail{n}@example.com", "phone": f"+48501234{n:03d}", "no": f"P-{n}0{n}7"}
        for n in range(20)
        for source in "ab"
    ]
    for priority in (["phone", "passport"], ["passport", "email"]):
        found = omniid.resolve(rows, Spec(fields=FIELDS[:3], priority=priority))
        (step,) = found.explain(("records", "a7"), ("records", "b7")).steps
        names = {"phone": "phone", "email": "email", "passport": "no"}
        assert [line.field for line in step.lines][1:3] == [names[kind] for kind in priority]
        assert step.lines[-1].total == pytest.approx(sum(line.bits + line.frequency for line in step.lines), abs=1e-5)
        assert step.strong == f"same {names[priority[0]]}"
