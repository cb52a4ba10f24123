"""One record, ready to be scored against many others."""

from collections.abc import Mapping, Sequence

from omniid.single_record.evidence import Evidence
from omniid.single_record.grading import Cell, Values

__all__ = ["NOBODY", "PERSONAL", "Lineup", "ReadyRecord", "Weak"]

Weak = Mapping[str, frozenset[str]]  # field → values that are never enough alone
NOBODY: Weak = {}
PERSONAL: frozenset[str] = frozenset()


class ReadyRecord:
    """One record, ready to be scored; what most pairs never look at is worked out when first asked for.

    Parameters
    ----------
    fields
        Names of the fields.
    texts
        Per field, its value, or all its values as often as they were sent; "" or None where there is none.
    cells
        Per comparison, the value of its only field, or all of them; None where there is none, or it has several fields.
    mask
        Bit n: comparison n has something to compare.
    filled
        Bit n: it has a cell; of plain records only.
    shared, weak
        As in `Evidence`.
    is_plain
        Whether it holds one value of each field at most, as nearly all do.
    """

    __slots__ = ("_fields", "_said", "_texts", "_values", "cells", "filled", "is_plain", "mask", "shared", "weak")

    def __init__(
        self,
        fields: Sequence[str],
        texts: Sequence[Cell],
        cells: Sequence[Cell],
        mask: int,
        shared: frozenset[str] = PERSONAL,
        weak: Weak = NOBODY,
        *,
        filled: int = 0,
        is_plain: bool = False,
    ) -> None:
        self._fields, self._texts, self.cells, self.mask, self.shared, self.weak = fields, texts, cells, mask, shared, weak
        self.filled, self.is_plain = filled, is_plain
        self._values: Values | None = None
        self._said: Values | None = None

    @property
    def values(self) -> Values:
        """Field → distinct values; fields without any are left out."""
        if self._values is None:
            said = self.said
            if not self.is_plain:
                said = {name: tuple(dict.fromkeys(texts)) if len(texts) > 1 else texts for name, texts in said.items()}
            self._values = said
        return self._values

    @property
    def said(self) -> Values:
        """The values as often as they were sent."""
        if self._said is None:
            self._said = {
                name: (text,) if type(text) is str else tuple(text)
                for name, text in zip(self._fields, self._texts, strict=False)
                if text
            }
        return self._said


class Lineup:
    """The comparisons, as what they read of a record.

    Parameters
    ----------
    lone
        Per comparison, the only field whose values it compares; None where there are several.
    reads
        Per comparison, all fields that it reads.
    """

    def __init__(self, lone: Sequence[str | None], reads: Sequence[Sequence[str]]) -> None:
        self.lone = lone
        self._reads = [(*some, *([] if field is None else [field])) for field, some in zip(lone, reads, strict=True)]
        self.fields = tuple(sorted({name for some in self._reads for name in some}))

    def bits(self, field: str) -> int:
        """The comparisons that read a field, as a mask."""
        return sum(1 << number for number, some in enumerate(self._reads) if field in some)

    def of_evidence(self, evidence: Evidence) -> ReadyRecord:
        """A record made ready."""
        values, mask = evidence.values, 0
        for number, reads in enumerate(self._reads):
            if any(field in values for field in reads):
                mask |= 1 << number
        found = (None if field is None else values.get(field) for field in self.lone)
        cells = [texts[0] if texts is not None and len(texts) == 1 else texts for texts in found]
        said = values if not evidence.repeated else {**values, **evidence.repeated}
        return ReadyRecord(tuple(said), tuple(said.values()), cells, mask, evidence.shared, evidence.weak or NOBODY)
