"""A record in brief: what comparison reads of it, in one short text that is quickly made ready to be scored."""

import json
from collections.abc import Iterable, Sequence

from omniid.single_record.evidence import Evidence
from omniid.single_record.grading import Cell
from omniid.single_record.ready_records import NOBODY, Lineup, ReadyRecord

__all__ = ["Briefs"]


class Briefs:
    """The fields that are kept of each record, ready to be written and read.

    A brief is a JSON list: first null, or which fields hold values that others use too and which values are never enough alone;
    then field after field null, its value, or a list of its values as often as they were sent; nulls at the end are left out.

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
    '[[["city"],{}],"york",["ann@x.com","a@x.com"]]'
    >>> briefs.ready('[null,"york","ann@x.com"]').cells
    ['ann@x.com', None]
    """

    def __init__(self, lineup: Lineup, columns: Iterable[str] = ()) -> None:
        self.fields = tuple(sorted({*lineup.fields, *columns}))
        self._bits = [lineup.bits(field) for field in self.fields]
        places = {field: place for place, field in enumerate(self.fields)}
        self._cells = [len(self.fields) if field is None else places[field] for field in lineup.exact]
        self._none = [None] * (len(self.fields) + 1)
        self._write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        self._read = json.JSONDecoder().decode

    def text(self, evidence: Evidence) -> str:
        """The brief of a record.

        Parameters
        ----------
        evidence
            As `EvidenceReader` gives it.
        """
        told: list[object] = [_flags(evidence)]
        for field in self.fields:
            said = evidence.said(field)
            told.append(None if not said else said[0] if len(said) == 1 else said)
        while len(told) > 1 and told[-1] is None:
            told.pop()
        return self._write(told)

    def flags(self, evidence: Evidence) -> str:
        """The first part of a record's brief: what is known of the sharing of its values."""
        return self._write(_flags(evidence))

    def ready(self, text: str) -> ReadyRecord:
        """The record of a brief, ready to be scored."""
        flags, *told = self._read(text)
        mask, many = 0, False
        for value, bits in zip(told, self._bits, strict=False):
            if value is not None:
                mask |= bits
                many = many or type(value) is not str
        told += self._none[len(told) :]
        texts: list[Cell] = told
        cells = [texts[place] for place in self._cells]
        if many:
            cells = [cell if cell is None or type(cell) is str else _distinct(cell) for cell in cells]
        named = dict(zip(self.fields, texts, strict=False))
        if flags is None:
            return ReadyRecord(named, cells, mask)
        weak = {name: frozenset(values) for name, values in flags[1].items()}
        return ReadyRecord(named, cells, mask, frozenset(flags[0]), weak or NOBODY)


def _flags(evidence: Evidence) -> list[object] | None:
    """What is known of the sharing of values, None where they are all one person's own."""
    if not evidence.shared and not evidence.weak:
        return None
    return [sorted(evidence.shared), {name: sorted(values) for name, values in sorted((evidence.weak or NOBODY).items())}]


def _distinct(values: Sequence[str]) -> Cell:
    once = tuple(dict.fromkeys(values))
    return once[0] if len(once) == 1 else once
