"""Precision, recall and F1 as one value."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from omniid.evaluation.contingency import Contingency

__all__ = ["Score"]


@dataclass(frozen=True)
class Score:
    """Precision, recall and their harmonic mean; nan where undefined.

    Examples
    --------
    >>> Score(0.5, 1.0).f1
    0.6666666666666666
    """

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both: nan if both are undefined, 0 if one is 0."""
        if math.isnan(self.precision) and math.isnan(self.recall):
            return math.nan
        if 0.0 in (self.precision, self.recall):
            return 0.0
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    @classmethod
    def of(cls, precision: Callable[[Contingency], float], cells: Contingency) -> "Score":
        """Both sides of one measure: recall is precision with the crosswalk and the truth exchanged."""
        return cls(precision(cells), precision(cells.swapped()))
