"""Waterfalls say what explanations say."""

import pytest

import omniid
from omniid.explanation.pairs import pair_evidence
from omniid.report.masking import Mask
from omniid.report.numbers import bits
from omniid.report.waterfalls import PairGroup, explain_groups


def test_lines_are_those_of_the_explanation(found: omniid.Resolution) -> None:
    parts = found.parts
    scored = list(zip(parts.scores.left[::40].tolist(), parts.scores.right[::40].tolist(), strict=True))
    told = explain_groups(
        parts, [PairGroup("some", "", tuple(scored)), PairGroup("again", "", tuple(scored[:2]))], Mask(values=True)
    )
    assert [len(group["pairs"]) for group in told["groups"]] == [len(scored), 2]
    for pair, one in zip(scored, told["pairs"], strict=True):
        slow = pair_evidence(parts, *pair)
        assert (one["left"], one["right"]) == (":".join(slow.left), ":".join(slow.right))
        assert one["weight"] == pytest.approx(slow.match_weight, abs=1e-3)
        assert one["notes"] == list(slow.notes)
        shown = [line for line in slow.lines if line.field in {row[0] for row in one["lines"]}]
        assert [row[:3] for row in one["lines"]] == [[line.field, line.left, line.right] for line in shown]
        assert bits(one["lines"][-1][8]) == bits(one["weight"])


def test_hidden_values_stay_out(found: omniid.Resolution) -> None:
    pair = (int(found.parts.scores.left[0]), int(found.parts.scores.right[0]))
    told = explain_groups(found.parts, [PairGroup("one", "", (pair,))], Mask(values=False))["pairs"][0]
    assert told["notes"] == []
    assert {text for row in told["lines"] for text in row[1:3]} <= {"", "value A", "value B"}


def test_no_pairs_are_no_trouble(found: omniid.Resolution) -> None:
    assert explain_groups(found.parts, [], Mask(values=True))["pairs"] == []
