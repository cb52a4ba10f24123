"""What to mend and to decide, counted as the result counts it."""

import math

import omniid
from omniid.report.masking import Mask
from omniid.report.quality_tables import refused_pairs, rejects_table, review_list, shared_table, sweep_points, thresholds_table


def test_counts_are_those_of_the_result(found: omniid.Resolution) -> None:
    parts, summary = found.parts, found.summary
    assert sum(int(row[2].replace(",", "")) for row in rejects_table(parts).rows) == sum(summary.rejects.values())
    review, refused = review_list(parts), refused_pairs(parts)
    assert (review.total, refused.total) == (summary.to_review, summary.refusals)
    assert list(review.bits) == sorted(found.table("review")["match_weight"].to_pylist(), reverse=True)[: len(review.bits)]
    assert list(refused.bits) == sorted(found.table("refusals")["match_weight"].to_pylist(), reverse=True)[: len(refused.bits)]
    assert all(left < right for left, right in (*review.pairs, *refused.pairs))


def test_shared_values_stand_by_people(found: omniid.Resolution) -> None:
    rows = found.table("value_classes").to_pylist()
    rows.sort(key=lambda row: (-(row["people"] or 0), -(row["records"] or 0), row["field"], row["value"]))
    told = shared_table(found.parts, Mask(values=True))
    assert [row[:3] for row in told.rows] == [(row["field"], row["value"], row["class"]) for row in rows[: len(told.rows)]]
    assert told.total == len(rows)
    hidden = shared_table(found.parts, Mask(values=False))
    assert all(row[1].startswith("value ") and not row[5] for row in hidden.rows)


def test_the_sweep_has_the_threshold_of_the_result(found: omniid.Resolution) -> None:
    points = sweep_points(found.parts, found.summary.expected)
    chosen = [one for one in points if one.chosen]
    assert len(chosen) == 1
    assert math.isclose(chosen[0].precision, found.summary.expected.precision)
    assert all(one.recall <= 1 for one in points)
    assert len(thresholds_table(points).rows) == len(points)


def test_a_result_without_links_has_no_sweep(tiny) -> None:
    alone = tiny({"email": "a@x.com"}, {"email": "b@x.com"})
    assert sweep_points(alone.parts, alone.summary.expected) == []
