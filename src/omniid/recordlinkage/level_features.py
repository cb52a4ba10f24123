"""Comparison levels as numbers that classifiers take: they know neither ordered levels nor missing ones."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from omniid.errors import SpecError
from omniid.tables import Levels

__all__ = ["ENCODINGS", "encode_levels"]

ENCODINGS = ("indicators", "levels", "shares", "agreements")


def encode_levels(
    levels: Levels, names: Sequence[str], n_levels: Sequence[int], encoding: str
) -> tuple[npt.NDArray[np.float64], list[str]]:
    """Write comparison levels as columns of numbers, none of them NaN.

    ===========  ==========================================  ========================================================
    encoding     columns                                     missing is
    ===========  ==========================================  ========================================================
    indicators   0/1 per level, "else" included              0 in all of them, so a weighted sum gets nothing from it
    levels       the level, per comparison                   -1, a category of its own
    shares       level / highest level, per comparison       0.5, half way between agreement and disagreement
    agreements   1 from half of the highest level on, else   0, so it **counts as disagreement**: this is what
                 0, per comparison                           recordlinkage's own comparisons do
    ===========  ==========================================  ========================================================

    Parameters
    ----------
    levels
        int8 of shape (pairs, comparisons).
    names
        Names of the comparisons.
    n_levels
        Levels per comparison, "else" included.
    encoding
        One of `ENCODINGS`.

    Returns
    -------
    features, columns
        float64 of shape (pairs, columns), and the columns' names; an indicator is named ``comparison=level``.

    Raises
    ------
    SpecError
        If the encoding is unknown.

    Examples
    --------
    >>> levels = np.array([[2, -1], [1, 0]], np.int8)
    >>> for encoding in ENCODINGS:
    ...     print(encoding, encode_levels(levels, ["name", "city"], [3, 2], encoding)[0].tolist())
    indicators [[0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0, 0.0]]
    levels [[2.0, -1.0], [1.0, 0.0]]
    shares [[1.0, 0.5], [0.5, 0.0]]
    agreements [[1.0, 0.0], [1.0, 0.0]]
    """
    if encoding not in ENCODINGS:
        raise SpecError(f"encoding {encoding!r} is unknown; choose from {', '.join(ENCODINGS)}")
    if encoding == "indicators":
        columns = [(number, level) for number, size in enumerate(n_levels) for level in range(size)]
        where, which = np.array(columns, np.intp).reshape(-1, 2).T
        return (levels[:, where] == which).astype(np.float64), [f"{names[number]}={level}" for number, level in columns]
    top = np.maximum(np.asarray(n_levels, np.int64) - 1, 1)
    if encoding == "levels":
        return levels.astype(np.float64), list(names)
    if encoding == "shares":
        return np.where(levels < 0, 0.5, levels / top), list(names)
    return (2 * levels >= top).astype(np.float64), list(names)
