"""Whether names of several scripts meet in one column, decided from counts."""

import numpy as np
import pyarrow.compute as pc

from omniid.tables import Column
from omniid.tables.arrays import numpy_array

__all__ = ["mixes_scripts"]

ONE_IN = 1_000  # records; where fewer are written otherwise, few pairs are lost without rules of their own


def mixes_scripts(column: Column) -> bool:
    """Whether some records write names in Latin letters, and some in those of another script.

    Parameters
    ----------
    column
        Names as written for showing.

    Returns
    -------
    bool
        True if one in a thousand entries at least is of either kind.

    Examples
    --------
    >>> mixes_scripts(Column.of(["Anna", "Анна"])), mixes_scripts(Column.of(["Anna", "Eva"]))
    (True, False)
    """
    plain = ~numpy_array(pc.match_substring_regex(column.vocabulary, "[\u0370-\U0010ffff]"))
    counts = column.counts()
    latin_entries, all_entries = int(counts[plain].sum()), int(counts.sum())
    return bool(np.minimum(latin_entries, all_entries - latin_entries) * ONE_IN >= max(all_entries, 1))
