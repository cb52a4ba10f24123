"""Whether two whole names may be one person's: read, compared and judged as matching does it, all other fields apart."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from omniid.comparison import Comparison, PairComparer
from omniid.fields import PersonName
from omniid.normalization import normalize
from omniid.tables import FieldPlan, RecordTable

__all__ = ["AGREEING", "name_levels", "same_name", "same_names"]

# Levels at which a part of two names may be one person's; where a part is missing on one side it says nothing.
AGREEING = frozenset({"exact", "other spelling", "nickname or shared part", "shared part", "alike", "swapped", "initial"})


def same_name(left: str, right: str) -> bool:
    """Tell whether two whole names may be one person's: the same name, however it is written.

    Each part that both have must agree: given name, middle name, family name and suffix, as they stand or crosswise.

    Parameters
    ----------
    left, right
        Whole names in any script, in any order of their parts.

    Returns
    -------
    bool
        True if they may be one person's. False where one of them is no name.

    Examples
    --------
    >>> same_name("Bob Smith", "Smith, Robert"), same_name("Maria Rossi", "Mario Rossi")
    (True, False)
    """
    return bool(same_names([left], [right])[0])


def same_names(left: Sequence[str], right: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell of many pairs of whole names whether they may be one person's, as `same_name` does of one.

    Parameters
    ----------
    left, right
        Whole names of pair i at position i; the same length.

    Returns
    -------
    numpy.ndarray
        bool, one per pair.

    Examples
    --------
    >>> same_names(["Ann Lee", "Ann Lee"], ["Anne Lee", "Bob Lee"]).tolist()
    [True, False]
    """
    comparisons, levels = _compared(left, right)
    agrees = [np.array([name in AGREEING for name in comparison.traits.levels]) for comparison in comparisons]
    verdict = np.ones(len(levels), bool)
    for column, agreeing in enumerate(agrees):
        verdict &= np.append(agreeing, True)[levels[:, column]]
    return verdict & (levels >= 0).any(axis=1)


def name_levels(left: str, right: str) -> dict[str, str]:
    """Return at which level each part of two whole names is compared; "missing" where a side lacks it.

    Parameters
    ----------
    left, right
        Whole names.

    Examples
    --------
    >>> name_levels("Bob Smith", "Smith, Robert")
    {'first_name': 'nickname or shared part', 'last_name': 'exact'}
    """
    comparisons, levels = _compared([left], [right])
    names = [(*comparison.traits.levels, "missing") for comparison in comparisons]
    return {comparison.name: names[at][levels[0, at]] for at, comparison in enumerate(comparisons)}


def _compared(left: Sequence[str], right: Sequence[str]) -> tuple[tuple[Comparison, ...], npt.NDArray[np.int8]]:
    """The comparisons that matching makes of a whole name, and their levels."""
    field = PersonName(full="name")  # ids of one width: a table stands in their order
    rows: list[dict[str, object]] = [{"record_id": f"{row:09}", "name": name} for row, name in enumerate([*left, *right])]
    table = normalize(RecordTable.of(rows), [FieldPlan("person_name", {"full": "name"})])
    comparisons = field.comparisons({name: name for name in table.columns})
    pairs = np.arange(len(left))
    return comparisons, PairComparer(table, comparisons).levels(pairs, pairs + len(left))
