"""Sources without duplicates, found from counts: next to no sure match inside, though there are many across."""

import numpy as np
import numpy.typing as npt

from omniid.tables import BITS, Codes, ScoredPairs

__all__ = ["find_free_sources"]

# A pair whose match probability is at least 0.9 counts as a match: as far from certain as the pairs that are up for review.
SURE = round(float(np.log2(0.9 / 0.1)) * BITS)
# A source is free of duplicates if it holds fewer than one in ten of those that chance would put there, with 95 % confidence.
AT_MOST = 0.1
Z95 = 0.73  # (√(k + 1) + 0.73)² is the 95 % upper bound of a count of which k were seen: 3.0 of none, 6.1 of two
LOT = 1 << 20  # pairs counted together, which bounds the memory that it takes

Counts = npt.NDArray[np.int64]


def find_free_sources(pairs: ScoredPairs, source: Codes, sources: int) -> npt.NDArray[np.bool_]:
    """Say which sources hold no duplicates.

    If matches fell on pairs of records by chance, a source with n of all N records whose records have x matches in other
    sources would hold x (n - 1) / 2 (N - n) inside. Sources that collect duplicates hold more, as one person's records come
    together there; a list that somebody cleaned holds next to none. Where too few matches are expected, nothing is said.

    Parameters
    ----------
    pairs
        Scored pairs.
    source
        Per row, the position of its source.
    sources
        Number of sources.

    Returns
    -------
    numpy.ndarray
        bool per source.

    References
    ----------
    The bound on a count is close to Garwood's, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936).

    Examples
    --------
    >>> left = np.arange(100, dtype=np.int32)
    >>> none = np.zeros(100, np.int16)
    >>> pairs = ScoredPairs(
    ...     left, left + 100, np.full(100, 9 * BITS), none.astype(np.int8), none, np.zeros((100, 0), np.int8), (), ("email",))
    >>> find_free_sources(pairs, np.repeat([0, 1], 100), 2).tolist()
    [True, True]
    """
    size = np.bincount(source, minlength=sources).astype(np.float64)
    inside, across = np.zeros((2, sources), np.int64)
    for start in range(0, len(pairs), LOT):
        part = slice(start, start + LOT)
        sure = np.flatnonzero(pairs.weight[part] >= SURE)
        one, other = (source.take(side[part].take(sure)) for side in (pairs.left, pairs.right))
        same = one == other
        inside += np.bincount(one[same], minlength=sources)
        across += sum((np.bincount(side[~same], minlength=sources) for side in (one, other)), np.zeros(sources, np.int64))
    expected = across * np.maximum(size - 1, 0) / (2 * np.maximum(size.sum() - size, 1))
    return np.asarray((np.sqrt(inside + 1) + Z95) ** 2 < AT_MOST * expected, np.bool_)
