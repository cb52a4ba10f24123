"""What changes leave in a cell: who follows whom, where each chain of changes began, and which one stands."""

import numpy as np
import numpy.typing as npt

__all__ = ["are_followed", "chain_starts", "standing"]

Numbers = npt.NDArray[np.int64]


def chain_starts(cell: Numbers, old: Numbers, new: Numbers) -> Numbers:
    """Return for each change the position of the one that began its chain: where old values follow new ones, it goes on.

    Parameters
    ----------
    cell
        The cell per change, in the order in which the changes were made.
    old, new
        What the change replaced, and by what; equal numbers for equal texts.

    Examples
    --------
    >>> a, b, c, x = range(4)
    >>> chain_starts(np.array([0, 1, 0, 0]), np.array([a, a, b, x]), np.array([b, b, c, a])).tolist()
    [0, 1, 0, 3]
    """
    order, follows = _in_order(cell, old, new)
    begins = np.ones(len(cell), bool)
    begins[1:] = ~follows
    first = np.maximum.accumulate(np.where(begins, np.arange(len(cell)), 0)) if len(cell) else np.zeros(0, np.int64)
    out = np.empty(len(cell), np.int64)
    out[order] = order[first]
    return out


def are_followed(cell: Numbers, old: Numbers, new: Numbers) -> npt.NDArray[np.bool_]:
    """Tell which changes were surely made: the next one of the same cell replaced what they had written.

    Parameters
    ----------
    cell, old, new
        As for `chain_starts`.

    Examples
    --------
    >>> are_followed(np.array([0, 1, 0]), np.array([0, 0, 1]), np.array([1, 1, 0])).tolist()
    [True, False, False]
    """
    order, follows = _in_order(cell, old, new)
    out = np.zeros(len(cell), bool)
    out[order[:-1][follows]] = True
    return out


def _in_order(cell: Numbers, old: Numbers, new: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Changes by cell, and whether each but the first replaces what the one before it wrote."""
    order = np.argsort(cell, kind="stable")
    return order, (cell[order][1:] == cell[order][:-1]) & (old[order][1:] == new[order][:-1])


def standing(cell: Numbers, old: Numbers, new: Numbers, now: Numbers) -> tuple[Numbers, Numbers]:
    """Return the last change of each cell whose new value stands in it now, and the change that began its chain.

    A cell that holds again what it held before its chain is as its source left it, and is not among them.

    Parameters
    ----------
    cell, old, new
        As for `chain_starts`.
    now
        What the cell of each change holds now.

    Examples
    --------
    >>> a, b, c = range(3)
    >>> last, first = standing(np.array([0, 0, 1]), np.array([a, b, a]), np.array([b, c, b]), np.array([c, c, a]))
    >>> last.tolist(), first.tolist()
    ([1], [0])
    """
    starts = chain_starts(cell, old, new)
    there = np.flatnonzero(new == now)
    last = np.full(int(cell.max(initial=-1)) + 1, -1, np.int64)
    np.maximum.at(last, cell[there], there)
    last = last[last >= 0]
    first = starts[last]
    changed = old[first] != new[last]
    return last[changed], first[changed]
