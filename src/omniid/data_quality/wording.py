"""Sentences of the report: numbers with their nouns, and what to do about each problem."""

from collections.abc import Mapping, Sequence

from omniid.data_quality.fields import MeasuredField
from omniid.data_quality.mark_counts import MarkCount, TopValue

__all__ = ["advice_on", "counted", "listed", "told_of_values"]

PLURALS = {"person": "people", "day": "days"}
ADVICE: Mapping[str, str] = {
    "unread rows": "Mend the file: .rejects lists every row with its reason.",
    "unreachable": "Ask for one at the next contact, and mend those that can't be read.",
    "unreadable": "Check the value where it is typed in; .rejects lists every record.",
    "placeholder": "Let the form take an empty field, so that nobody has to invent a value.",
    "shared": "Find out who types it in for others, and leave the field empty there.",
    "too frequent": "Look for a form that offers this day first; if it is no birth date, name it in Spec(stop_values=...).",
    "incomplete": "Ask for the whole value: a part of it counts for little.",
    "several people": "Look whether it was given out twice, or two people are one: .review and .refusals of the result.",
    "contradicted": "Ask whom it is about; until then Source(trust=...) says which source to believe.",
    "stale": "Write the newer value back: write_back() of the result plans it, for what Source(accepts=...) allows.",
    "duplicates": "Merge them in the source, if it is to list each person once: the crosswalk says who they are.",
}


def advice_on(problem: str, field: MeasuredField | None = None) -> str:
    """What to do about a problem.

    Examples
    --------
    >>> advice_on("duplicates")
    'Merge them in the source, if it is to list each person once: the crosswalk says who they are.'
    """
    if problem == "incomplete" and field is not None and field.is_contact:
        return "Declare the region that its national numbers are of: Source(region=...)."
    return ADVICE[problem]


def counted(n: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "person"), counted(1204, "value")
    ('1 person', '1,204 values')
    """
    return f"{n:,} {noun if n == 1 else PLURALS.get(noun, noun + 's')}"


def listed(words: Sequence[str], last: str = "or") -> str:
    """Words in a row.

    Examples
    --------
    >>> listed(["one", "two", "three"])
    'one, two or three'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def told_of_values(
    problem: str, word: str, counts: MarkCount, filled: int, top: TopValue, reason: str, *, examples: bool
) -> str:
    """Say in a sentence what is wrong with values of a field.

    Parameters
    ----------
    problem
        The mark that the values bear.
    word
        What to call one of them.
    counts
        How many there are.
    filled
        Records of the source that send a value.
    top
        The value of most records.
    reason
        Why most of them can't be read.
    examples
        Whether to show the value.
    """
    values, records, people, without = counts
    shown, times = f"{top.value!r}" if examples else "", counted(top.records, "record")
    share = f"{records:,} of {counted(filled, 'value')}"
    lost = f"{counted(without, 'person')} {'has' if without == 1 else 'have'} no other {word}"
    if problem == "unreadable":
        return f"{share} can't be read, most often {reason!r}{shown and f' (e.g. {shown})'}: {lost}"
    if problem == "placeholder":
        are = "is a placeholder" if records == 1 else "are placeholders"
        return f"{share} {are}{shown and f' (e.g. {shown} in {times})'}: {lost}"
    if problem == "incomplete":
        lost = lost.replace("no other", "no whole")
        return f"{share} {'is' if records == 1 else 'are'} incomplete{shown and f' (e.g. {shown})'}: {lost}"
    if problem == "several people":
        if values == 1:
            return f"{shown or '1 value'} is held by {counted(people, 'person')}"
        return f"{counted(values, 'value')} are held by several people each, {people:,} in all{shown and f' (e.g. {shown})'}"
    if problem == "too frequent":
        stands = f"{shown or counted(values, 'day')} in {times if values == 1 else counted(records, 'record')}"
        stands = f"{counted(values, 'day')} (e.g. {shown} in {times})" if shown and values > 1 else stands
        return f"{stands}, more than chance allows: {lost}"
    stand = f"{counted(values, 'value')} {'stands' if values == 1 else 'stand'} for {counted(people, 'person')}"
    return f"{stand}{shown and f' (e.g. {shown} for {top.people:,})'}: {lost}"
