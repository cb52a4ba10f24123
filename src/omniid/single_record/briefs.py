"""A record in brief: what comparison reads of it, in one short text that is quickly made ready to be scored."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache

from omniid.single_record.evidence import Evidence
from omniid.single_record.grading import Cell
from omniid.single_record.ready_records import NOBODY, Lineup, ReadyRecord, Weak

__all__ = ["APART", "BESIDE", "ESCAPE", "Briefs", "brief_of", "spelled", "unescaped", "values_of_brief"]

APART, BESIDE = "\x1f", "\x1e"  # between fields, and between the values of one: a fifth of the time that JSON takes
ESCAPE = "\x1d"
NONE = ""


class Briefs:
    r"""The fields that are kept of each record, ready to be written and read.

    A brief is a text of parts with U+001F between them. The first is empty, or says as JSON which fields hold values that
    others use too, and which values are never enough alone; then comes field after field: nothing, its value, or its values as
    often as they were sent, with U+001E between them. Empty parts at the end are left out.

    Parameters
    ----------
    lineup
        What the comparisons read.
    columns
        Further fields to keep, as weights or the equality of records depend on them.

    Examples
    --------
    >>> briefs = Briefs(Lineup(["email", None], [("email",), ("first_name",)]), ["city"])
    >>> briefs.fields
    ('city', 'email', 'first_name')
    >>> briefs.text(Evidence({"email": ("ann@x.com", "a@x.com"), "city": ("york",)}, shared=frozenset({"city"})))
    '[["city"],{}]\x1fyork\x1fann@x.com\x1ea@x.com'
    >>> briefs.ready("\x1fyork\x1fann@x.com").cells
    ['ann@x.com', None]
    """

    def __init__(self, lineup: Lineup, columns: Iterable[str] = ()) -> None:
        self.fields = tuple(sorted({*lineup.fields, *columns}))
        self._bits = [lineup.bits(field) for field in self.fields]
        places = {field: place for place, field in enumerate(self.fields)}
        self._cells = [len(self.fields) if field is None else places[field] for field in lineup.lone]
        self._none = [NONE] * (len(self.fields) + 1)  # one more, which the comparisons without a cell name
        self._masks: dict[bytes, tuple[int, int]] = {}

    def text(self, evidence: Evidence) -> str:
        """The brief of a record.

        Parameters
        ----------
        evidence
            As `EvidenceReader` gives it.
        """
        return brief_of(_sharing_of(evidence), *map(evidence.said, self.fields))

    def flags(self, evidence: Evidence) -> str:
        """The first part of a record's brief: what is known of the sharing of its values."""
        return _spelled_flags(_sharing_of(evidence))

    def ready(self, text: str) -> ReadyRecord:
        """The record of a brief, ready to be scored."""
        said = text.split(APART)
        flags = said.pop(0)
        said += self._none[len(said) :]
        if BESIDE in text or ESCAPE in text:
            return self._in_full(flags, said)
        mask, filled = self._masks.get(present := bytes(map(bool, said))) or self._mask(present)
        cells = [said[place] or None for place in self._cells]
        if not flags:
            return ReadyRecord(self.fields, said, cells, mask, filled=filled, is_plain=True)
        return ReadyRecord(self.fields, said, cells, mask, *_sharing(flags), filled=filled, is_plain=True)

    def _in_full(self, flags: str, said: Sequence[str]) -> ReadyRecord:
        """A record that has several values of a field, or such as hold marks."""
        texts = [_values(one) for one in said]
        cells = [_distinct(texts[place]) for place in self._cells]
        mask, _ = self._mask(bytes(map(bool, said)))
        return ReadyRecord(self.fields, texts, cells, mask, *(_sharing(unescaped(flags)) if flags else ()))

    def _mask(self, present: bytes) -> tuple[int, int]:
        """The comparisons that have something to compare in a record, and those that have a cell, by which fields are there."""
        mask = filled = 0
        for there, bits in zip(present, self._bits, strict=False):
            mask |= bits if there else 0
        for number, place in enumerate(self._cells):
            filled |= present[place] << number
        found = self._masks[present] = mask, filled
        return found


def brief_of(sharing: Sequence[object] | None, *values: Sequence[str] | str | None) -> str:
    r"""A brief of its parts: what is known of the sharing of values, then the value or values of each field.

    Examples
    --------
    >>> brief_of(None, "york", None, ("ann@x.com", "a@x.com"), ())
    '\x1fyork\x1f\x1fann@x.com\x1ea@x.com'
    """
    said = (spelled(one) if isinstance(one, str) else BESIDE.join(map(spelled, one or ())) for one in values)
    return APART.join([_spelled_flags(sharing), *said]).rstrip(APART)


def values_of_brief(text: str) -> tuple[str | None, ...]:
    r"""The values that the part of a brief for one field says; one missing value where it says nothing.

    Examples
    --------
    >>> values_of_brief("york"), values_of_brief("ann@x.com\x1ea@x.com"), values_of_brief("")
    (('york',), ('ann@x.com', 'a@x.com'), (None,))
    """
    values = _values(text)
    return values if isinstance(values, tuple) else (values,)


def _sharing_of(evidence: Evidence) -> Sequence[object] | None:
    """Fields with values that others use too, and values that are never enough alone; None where all are one person's own."""
    if not evidence.shared and not evidence.weak:
        return None
    return [sorted(evidence.shared), {name: sorted(values) for name, values in sorted((evidence.weak or NOBODY).items())}]


def _spelled_flags(sharing: Sequence[object] | None) -> str:
    return NONE if sharing is None else spelled(json.dumps(sharing, ensure_ascii=False, separators=(",", ":")))


@lru_cache(1 << 12)
def _sharing(flags: str) -> tuple[frozenset[str], Weak]:
    """Which fields hold values that others use too, and which values are never enough alone."""
    shared, weak = json.loads(flags)
    return frozenset(shared), {name: frozenset(values) for name, values in weak.items()} or NOBODY


def spelled(value: str) -> str:
    r"""A value as a brief holds it.

    Examples
    --------
    >>> spelled("ann"), spelled("a\x1fb")
    ('ann', 'a\x1dcb')
    """
    if value.isprintable():
        return value
    for at, mark in enumerate((ESCAPE, BESIDE, APART)):
        value = value.replace(mark, f"{ESCAPE}{'abc'[at]}")
    return value


def unescaped(text: str) -> str:
    r"""The value that `spelled` wrote.

    Examples
    --------
    >>> unescaped("a\x1dcb")
    'a\x1fb'
    """
    if ESCAPE not in text:
        return text
    for at, mark in ((2, APART), (1, BESIDE), (0, ESCAPE)):
        text = text.replace(f"{ESCAPE}{'abc'[at]}", mark)
    return text


def _values(said: str) -> Cell:
    if not said:
        return None
    return tuple([unescaped(one) for one in said.split(BESIDE)]) if BESIDE in said else unescaped(said)


def _distinct(values: Cell) -> Cell:
    if values is None or type(values) is str:
        return values
    once = tuple(dict.fromkeys(values))
    return once[0] if len(once) == 1 else once
