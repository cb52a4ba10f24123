"""What to fix first: problems in the order of how many people would gain."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from omniid.data_quality.faults import Faults
from omniid.data_quality.mark_counts import top_values
from omniid.data_quality.measures import FieldMeasures, Measures
from omniid.data_quality.members import Bools, Members
from omniid.data_quality.wording import advice_on, counted, listed, told_of_values
from omniid.tables import Codes

__all__ = ["PROBLEMS", "Issue", "find_issues"]

PROBLEMS = (
    "unread rows",
    "unreachable",
    "unreadable",
    "placeholder",
    "shared",
    "too frequent",
    "incomplete",
    "several people",
    "contradicted",
    "stale",
    "duplicates",
)
REGISTER = 0.5  # of a source's people with several records, from which it is taken to list visits or orders, not people


class Issue(NamedTuple):
    """One thing to fix, in one source.

    Parameters
    ----------
    source, field
        Where; `field` is None where it is the source as a whole.
    problem
        One of `PROBLEMS`.
    records
        Records that it touches.
    affected
        People whom it touches.
    people
        People who would gain if it were mended.
    what
        In a sentence.
    example
        A value, or None.
    advice
        What to do.

    Examples
    --------
    >>> str(Issue("crm", "email", "shared", 412, 412, 200, "3 values stand for 412 people", "box@x.com", ""))
    'crm.email: 3 values stand for 412 people'
    """

    source: str
    field: str | None
    problem: str
    records: int
    affected: int
    people: int
    what: str
    example: str | None
    advice: str

    def __str__(self) -> str:
        return f"{self.source}{'.' if self.field else ''}{self.field or ''}: {self.what}"


def find_issues(measures: Measures, *, examples: bool = True) -> list[Issue]:
    """Rank what is wrong by the people who would gain, then by the people and the records that it touches.

    Who gains: of values that can't be read, stand for nothing, or for many, the people who have no other value of that field in
    any record, of any source; of people who can't be reached, those; of contradictions and old values, the people whom the
    source has otherwise than all others, or than the newest; of duplicates, the people who have several records. A row that
    could not be read counts as one person, as nobody knows whose it is.

    Parameters
    ----------
    measures
        The figures.
    examples
        Whether sentences may show values.
    """
    found = [*_of_sources(measures, examples)]
    for field in measures.fields:
        found += _of_field(measures, field, examples)

    def place(one: Issue) -> tuple[object, ...]:
        return (-one.people, -one.affected, -one.records, PROBLEMS.index(one.problem), one.source, one.field or "")

    return sorted(found, key=place)


def _of_sources(measures: Measures, examples: bool) -> Iterator[Issue]:
    """Rows that could not be read, people who can't be reached, people with several records."""
    members = measures.members
    yield from _unread_rows(measures.faults, examples)
    reached, contacts = np.zeros(len(members.is_person), bool), []
    for one in measures.fields:
        if one.field.is_contact and one.field.gap == one.field.name:
            reached |= measures.own[one.field.name]
            contacts.append(one.field.word)
    sizes = np.bincount(members.presence_of, minlength=len(members.entity_at))
    for code, source in enumerate(members.table.sources):
        theirs = np.flatnonzero((members.source_at == code) & members.person_at)
        silent = theirs[~reached.take(members.entity_at.take(theirs))]
        if contacts and (n := len(silent)):
            told = f"{counted(n, 'person')} {_have(n)} no {listed(contacts)} of their own"
            told += " in any source"
            yield Issue(source, None, "unreachable", int(sizes[silent].sum()), n, n, told, None, advice_on("unreachable"))
        several = theirs[sizes.take(theirs) > 1]
        if source not in members.visited and 0 < (n := len(several)) < REGISTER * len(theirs):
            records = int(sizes[several].sum())
            told = f"{_some(n, len(theirs))} several records in this source, {records - n:,} too many"
            example = _key_of(members, several[0]) if examples else None
            yield Issue(source, None, "duplicates", records, n, n, told, example, advice_on("duplicates"))


def _some(n: int, people: int | np.integer) -> str:
    """Begin a sentence with so many of so many people."""
    return f"{n:,} of {counted(int(people), 'person')} {_have(n)}"


def _have(n: int) -> str:
    return "has" if n == 1 else "have"


def _unread_rows(faults: Faults, examples: bool) -> Iterator[Issue]:
    for code, source in enumerate(faults.sources):
        at = np.flatnonzero(faults.are_rows & (faults.source == code))
        if n := len(at):
            reason = _commonest(faults.reasons, faults.reason[at])
            told = f"{counted(n, 'row')} could not be read, most often {reason!r}"
            detail = _commonest(faults.wholes, faults.details[at]) if examples else None
            yield Issue(source, None, "unread rows", n, n, n, told, detail, advice_on("unread rows"))


def _commonest(texts: Sequence[str], codes: Codes) -> str:
    """The most frequent text, of equally frequent ones the first."""
    return texts[int(np.bincount(codes).argmax())]


def _key_of(members: Members, presence: int) -> str:
    """The record ids of an entity in a source, the first three."""
    rows = np.flatnonzero(members.presence_of == presence)[:3]
    return ", ".join(record_id for _, record_id in members.table.keys(rows))


def _of_field(measures: Measures, one: FieldMeasures, examples: bool) -> Iterator[Issue]:
    """What is wrong with the values of one field, source by source."""
    field, faults = one.field, measures.faults
    sources = measures.members.table.sources
    for marked, counts in zip(one.marked, one.counted, strict=True):
        if marked.mark not in PROBLEMS or (marked.mark == "shared" and not field.names_one):
            continue  # many live in one house and visit from one device: that is as it should be
        of_field = faults.of_field(field.name) & ~faults.is_stop.take(faults.reason)
        for top in top_values(measures.members, marked, 1):
            code, reason = top.source, ""
            if marked.mark == "unreadable":
                here = of_field & (faults.source == faults.sources.index(sources[code]))
                reason = _commonest(faults.reasons, faults.reason[here])
            told = told_of_values(
                marked.mark, field.word, counts.of(code), int(one.completeness.filled[code]), top, reason, examples=examples
            )
            found = counts.of(code)
            people = found.people if marked.mark == "several people" else found.without
            advice = advice_on(marked.mark, field)
            example = top.value if examples else None
            yield Issue(sources[code], field.name, marked.mark, found.records, found.people, people, told, example, advice)
    if field.is_one and one.agreement is not None:
        for code, bad, records in _sources_of(measures, one.agreement.contradicted):
            told = f"{_some(bad, one.agreement.compared[code])} another {field.word} in every other source that has one"
            yield Issue(sources[code], field.name, "contradicted", records, bad, bad, told, None, advice_on("contradicted"))
    if field.is_current and one.staleness is not None:
        for code, old, records in _sources_of(measures, one.staleness.is_stale):
            told = f"{_some(old, one.staleness.dated[code])} a newer {field.word} in another source, "
            told += f"by {one.staleness.behind[code]:,.0f} days in the median"
            yield Issue(sources[code], field.name, "stale", records, old, old, told, None, advice_on("stale"))


def _sources_of(measures: Measures, presences: Bools) -> Iterator[tuple[int, int, int]]:
    """Sources that some people are of: source, people, and their records there."""
    members = measures.members
    chosen = np.flatnonzero(presences & members.person_at)
    people = np.bincount(members.source_at[chosen], minlength=members.n_sources)
    records = np.bincount(members.table.source[presences.take(members.presence_of)], minlength=members.n_sources)
    for code in np.flatnonzero(people).tolist():
        yield code, int(people[code]), int(records[code])
