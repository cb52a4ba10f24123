"""One record, ready to be scored against many others."""

from collections.abc import Mapping, Sequence

from omniid.single_record.evidence import Evidence
from omniid.single_record.grading import Cell, Values

__all__ = ["NOBODY", "Lineup", "ReadyRecord", "Weak"]

Weak = Mapping[str, frozenset[str]]  # field → values that are never enough alone
NOBODY: Weak = {}
PERSONAL: frozenset[str] = frozenset()


class ReadyRecord:
    """One record, ready to be scored; what most pairs never look at is worked out when first asked for.

    Parameters
    ----------
    texts
        Field → its value, or all its values as often as they were sent; None where there is none.
    cells
        Per comparison, its one value, or all of them, where equal values are at its closest level; None elsewhere.
    mask
        Bit n: comparison n has something to compare.
    shared, weak
        As in `Evidence`.
    """

    __slots__ = ("_said", "_texts", "_values", "cells", "mask", "shared", "weak")

    def __init__(
        self,
        texts: Mapping[str, Cell],
        cells: Sequence[Cell],
        mask: int,
        shared: frozenset[str] = PERSONAL,
        weak: Weak = NOBODY,
    ) -> None:
        self._texts, self.cells, self.mask, self.shared, self.weak = texts, cells, mask, shared, weak
        self._values: Values | None = None
        self._said: Values | None = None

    @property
    def values(self) -> Values:
        """Field → distinct values; fields without any are left out."""
        if self._values is None:
            self._values = {name: tuple(dict.fromkeys(said)) if len(said) > 1 else said for name, said in self.said.items()}
        return self._values

    @property
    def said(self) -> Values:
        """The values as often as they were sent."""
        if self._said is None:
            self._said = {
                name: (text,) if type(text) is str else tuple(text) for name, text in self._texts.items() if text is not None
            }
        return self._said


class Lineup:
    """The comparisons, as what they read of a record.

    Parameters
    ----------
    exact
        Per comparison, the field of which equal values are at its closest level, where there is one.
    reads
        Per comparison, all fields that it reads.
    """

    def __init__(self, exact: Sequence[str | None], reads: Sequence[Sequence[str]]) -> None:
        self.exact = exact
        self._reads = [(*some, *([] if field is None else [field])) for field, some in zip(exact, reads, strict=True)]
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
        found = (None if field is None else values.get(field) for field in self.exact)
        cells = [texts[0] if texts is not None and len(texts) == 1 else texts for texts in found]
        said = values if not evidence.repeated else {**values, **evidence.repeated}
        return ReadyRecord(said, cells, mask, evidence.shared, evidence.weak or NOBODY)
