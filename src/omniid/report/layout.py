"""Where the records of a cluster stand in its drawing: near each other where few links lie between them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["lay_out"]

Floats = npt.NDArray[np.float64]

ROUNDS = 80  # the drawing hardly moves after some 50


def lay_out(n: int, edges: Sequence[tuple[int, int]], width: float, height: float) -> Floats:
    """Place nodes so that distances come near the numbers of links between them, by stress majorization.

    It starts from a circle in the order of the nodes, so the same graph is always drawn alike, without any random number.

    Parameters
    ----------
    n
        Number of nodes.
    edges
        Pairs of nodes. Nodes that no path joins stand a little farther apart than any others.
    width, height
        The drawing's size.

    Returns
    -------
    float64 of shape (n, 2)
        x and y of each node, the longer side of the drawing across.

    Examples
    --------
    >>> lay_out(2, [(0, 1)], 100, 50).round().tolist()
    [[0.0, 25.0], [100.0, 25.0]]

    References
    ----------
    Gansner, Koren, North: Graph drawing by stress majorization (2004).
    """
    if n < 2:
        return np.tile([width / 2, height / 2], (n, 1))
    far = _distances(n, edges)
    angle = 2 * np.pi * np.arange(n) / n
    at = np.column_stack([np.cos(angle), np.sin(angle)]) * far.max() / 2
    weight = 1 / np.square(far + np.eye(n))
    np.fill_diagonal(weight, 0)
    inverse = np.linalg.pinv(np.diag(weight.sum(axis=1)) - weight)
    for _ in range(ROUNDS):
        apart = np.linalg.norm(at[:, None] - at[None], axis=2)
        pull = -weight * far / np.maximum(apart, 1e-9)
        np.fill_diagonal(pull, 0)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        at = inverse @ (pull @ at)
    return _fitted(at, width, height)


def _distances(n: int, edges: Sequence[tuple[int, int]]) -> Floats:
    """Links on the shortest way between any two nodes (Floyd and Warshall)."""
    far = np.full((n, n), np.inf)
    np.fill_diagonal(far, 0)
    for one, other in edges:
        far[one, other] = far[other, one] = 1
    for via in range(n):
        far = np.minimum(far, far[:, via, None] + far[None, via])
    reached = np.isfinite(far)
    return np.where(reached, far, far[reached].max() + 1)


def _fitted(at: Floats, width: float, height: float) -> Floats:
    """Turn the longer side across, the first node to the left and up, and fill the drawing."""
    at = at - at.mean(axis=0)
    (xx, xy), (_, yy) = at.T @ at
    turn = np.arctan2(2 * xy, xx - yy) / 2
    at = at @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    at = np.where(at[0] > 1e-9, -at, at)
    low, high = at.min(axis=0), at.max(axis=0)
    scale = min(width / max(high[0] - low[0], 1e-9), height / max(high[1] - low[1], 1e-9))
    middle = np.array([width / 2, height / 2])
    return np.asarray((at - (low + high) / 2) * scale + middle)
