"""What clustering heard against pairs of records, told anew from their levels."""

import numpy as np
import numpy.typing as npt

from omniid.clustering.field_conflicts import Columns, only_shared
from omniid.matching import conflicts_by_field
from omniid.results import Parts
from omniid.tables import Levels

__all__ = ["conflicts_heard"]


def conflicts_heard(parts: Parts, levels: Levels, linked: npt.NDArray[np.bool_], strong: npt.NDArray[np.bool_]) -> Columns:
    """What speaks against pairs field by field, as `clustering.field_conflicts` has it.

    Parameters
    ----------
    parts
        The result.
    levels
        int8 of shape (pairs, comparisons).
    linked, strong
        bool per pair: whether it is a link, against which nothing speaks, and whether a strong agreement makes it one, which
        settles what the two records differ in.
    """
    against = conflicts_by_field(levels, parts.model, parts.plan.traits, parts.plan.several)
    against[strong, 1:] |= against[strong, 1:] < 0
    against[linked] = only_shared(against[linked])
    return against
