"""The first questions to a result, answered in numbers: what went in, what came out, how good it is, where to look."""

import math
from typing import NamedTuple

from omniid.report.masking import Mask
from omniid.report.numbers import bits, count, counted, decimal, percent
from omniid.report.shown_table import ShownTable
from omniid.summary import Summary

__all__ = ["Fact", "Headline", "facts_of", "headlines_of", "sources_of"]


class Headline(NamedTuple):
    """One of the large numbers at the top: what it is, the number, and what it means."""

    name: str
    number: str
    meaning: str


class Fact(NamedTuple):
    """A question, its answer, and the entity that it leads to ("" for none)."""

    question: str
    answer: str
    entity_id: str = ""


def headlines_of(summary: Summary) -> list[Headline]:
    """The large numbers: records, people, largest cluster, expected precision and recall, pairs to review."""
    expected, records = summary.expected, sum(summary.records.values())
    largest = summary.sizes.largest[0][1] if summary.sizes.largest else 0
    wrong, missed = expected.pairs - expected.right, expected.missed
    linked = not math.isnan(expected.precision) and not math.isnan(expected.recall)
    return [
        Headline("Records", count(records), f"from {counted(len(summary.records), 'source')}"),
        Headline("People", count(summary.people), f"{decimal(records / max(summary.people, 1))} records each"),
        Headline("Largest cluster", count(largest), "record" if largest == 1 else "records of one person"),
        Headline(
            "Expected precision",
            percent(expected.precision),
            f"{count(round(wrong))} of {count(expected.pairs)} joined pairs may be wrong"
            if linked
            else "no two records are linked",
        ),
        Headline(
            "Expected recall",
            percent(expected.recall),
            f"{counted(round(missed), 'pair')} of one person may stand apart" if linked else "no two records are linked",
        ),
        Headline("To review", count(summary.to_review), "pairs that a person should decide"),
    ]


def facts_of(summary: Summary, mask: Mask) -> list[Fact]:
    """What else the summary of a result says, question by question."""
    facts = [Fact("How large are clusters?", str(summary.sizes))]
    if summary.anonymous.records:
        facts.append(Fact("Who is anonymous?", str(summary.anonymous)))
    alone = counted(summary.largest_household, "person", "people")
    facts.append(Fact("Who lives together?", f"{counted(summary.households, 'household')}, the largest of {alone}"))
    links = (
        f"{counted(summary.links, 'link')} at or above {bits(summary.link_at)} bits, of {count(summary.pairs)} candidate pairs"
    )
    facts.append(Fact("What was compared?", links))
    look = summary.look_first
    if look is not None:
        ends = " ~ ".join(":".join(key) for key in (look.left, look.right))
        wrong = f"{counted(look.records, 'record')}, {decimal(look.wrong_pairs)} pairs expected to be wrong"
        facts.append(Fact("Where to look first?", f"{wrong}; its weakest link is {ends}", look.entity_id))
    settled = "Yes" if summary.converged else "No: raise max_iter or look at the data"
    facts.append(Fact("Did the weights settle?", settled))
    if summary.labels:
        facts.append(Fact("What did judged pairs change?", summary.labels))
    if summary.profile_unions:
        facts.append(
            Fact("What did whole profiles join?", f"{counted(summary.profile_unions, 'union')} that no link could make")
        )
    if summary.refusals:
        facts.append(
            Fact("What was refused?", f"{counted(summary.refusals, 'link')} that a limit, a decision or a conflict forbids")
        )
    if summary.generic:
        shared = ", ".join(f"{counted(number, 'value')} of {name}" for name, number in summary.generic.items())
        facts.append(Fact("What is shared by too many?", shared))
    facts.append(Fact("What was rejected?", counted(sum(summary.rejects.values()), "value")))
    if summary.has_previous:
        told = ", ".join(f"{number:,} {kind}" for kind, number in summary.changes.items())
        facts.append(Fact("What changed?", f"{told or 'nothing'} since the earlier result"))
    facts += [Fact("What else?", note) for note in map(mask.remark, summary.notes) if note]
    return facts


def sources_of(summary: Summary) -> ShownTable:
    """Records per source."""
    total = max(sum(summary.records.values()), 1)
    rows = [(name, count(number), percent(number / total)) for name, number in summary.records.items()]
    return ShownTable("Sources", "How many records each source sent.", ("source", "records#", "share#"), rows, len(rows))
