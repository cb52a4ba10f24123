"""The first numbers on the page are those of the summary."""

import omniid
from omniid.report.masking import Mask
from omniid.report.opening import facts_of, headlines_of, sources_of


def test_headlines_are_the_summary(found: omniid.Resolution) -> None:
    told, summary = {one.name: one.number for one in headlines_of(found.summary)}, found.summary
    assert told["Records"] == f"{sum(summary.records.values()):,}"
    assert told["People"] == f"{summary.people:,}"
    assert told["Largest cluster"] == str(summary.sizes.largest[0][1])
    assert told["Expected precision"] == f"{100 * summary.expected.precision:.1f}%"
    assert told["To review"] == f"{summary.to_review:,}"
    assert {row[0] for row in sources_of(summary).rows} == set(summary.records)


def test_the_cluster_to_doubt_is_linked(found: omniid.Resolution) -> None:
    facts = {one.question: one for one in facts_of(found.summary, Mask(values=True))}
    assert found.summary.look_first is not None
    assert facts["Where to look first?"].entity_id == found.summary.look_first.entity_id


def test_nothing_linked_says_so(tiny) -> None:
    told = {one.name: one for one in headlines_of(tiny({"email": "a@x.com"}, {"email": "b@x.com"}).summary)}
    assert told["Expected recall"].number == "–"
    assert told["Expected recall"].meaning == "no two records are linked"
