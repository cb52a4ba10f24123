"""The threshold sweep: what the clusters would be worth at other thresholds, without matching again."""

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.expectation import Expected, spanning_forest
from omniid.quality.bonds import find_bonds
from omniid.quality.estimate import parted_pairs
from omniid.results import Parts
from omniid.tables import BITS, Rows

__all__ = ["sweep_table"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

ABOVE = (12.0, 15.0, 20.0)  # bits above the tenth


def sweep_table(parts: Parts, expected: Expected, truth: Codes | None = None) -> pa.Table:
    """Return precision, recall and F1 of pairs and of clusters over the threshold.

    Above the threshold of the result its clusters fall apart where links are weaker. Below, weaker pairs join them, at most one
    pair for each two clusters; where a conflict parted two, it still counts. Limits and decisions stay.

    Parameters
    ----------
    parts
        The result.
    expected
        What is expected of it as it is.
    truth
        int64 per row: the true entity, -1 where it is unknown; None: nobody knows.

    Returns
    -------
    pyarrow.Table
        link_at (bits, from where pairs are reviewed), chosen (the threshold of the result), clusters, pairs (joined),
        expected_precision, expected_recall, expected_f1; with truth also precision, recall, f1 of the clusters, and
        pair_precision, pair_recall of the links alone, on records that the truth knows.
    """
    left, right, strength, chance, lasts = _graph(parts)
    n = len(parts.records)
    forest = spanning_forest(n, left, right, strength)
    total = expected.right + expected.missed
    known = None if truth is None else np.flatnonzero(truth >= 0)
    rows = []
    for cut in _cuts(parts):
        kept = (strength >= cut - 0.5 / BITS) | lasts
        if lasts.any():  # which hold where stronger links are gone, so that each threshold has a forest of its own
            forest = spanning_forest(n, left, right, np.where(kept, strength, -np.inf))
        sure = np.where(lasts, np.maximum(chance, 1 / (1 + 2.0**-cut)), chance)  # they are raised to any threshold
        labels = forest.labels(kept)
        pairs = _pairs(np.bincount(labels))
        right_pairs = math.fsum(forest.sums(np.where(kept, sure, 0.0)).pairs.tolist())
        row: dict[str, float | None] = {
            "link_at": cut,
            "chosen": cut == parts.link_at / BITS,
            "clusters": int((labels == np.arange(len(labels))).sum()),
        }
        row |= {"pairs": pairs, **_measures("expected_", right_pairs, pairs, total)}
        if truth is not None and known is not None:
            row |= _against(labels[known], truth[known]) | _links(parts, truth, cut)
        rows.append(row)
    return pa.Table.from_pylist(rows)


def _graph(parts: Parts) -> tuple[Rows, Rows, Floats, Floats, npt.NDArray[np.bool_]]:
    """What could hold records together: the bonds of the clusters, and the pairs between them, weaker than the threshold."""
    bonds = find_bonds(parts)
    n, lasts = len(parts.records), bonds.lasts
    own = spanning_forest(n, bonds.left[lasts], bonds.right[lasts], bonds.strength[lasts]).link
    needed = np.zeros(len(lasts), bool)  # of links, only the strongest that hold something together
    needed[bonds.forest.link[bonds.forest.link >= 0]] = True
    needed[np.flatnonzero(lasts)[own[own >= 0]]] = True
    at, chance = parted_pairs(parts)
    at, chance = at[chance > 0], chance[chance > 0]
    sides = [column[at] for column in (parts.scores.left, parts.scores.right)]
    labels = parts.clustering.labels
    refused = parts.scores.weight[at] >= parts.link_at
    sizes = np.bincount(labels)
    share = chance / np.where(refused, sizes[labels[sides[0]]] * sizes[labels[sides[1]]], 1)
    bits = np.where(refused, np.log2(share / np.maximum(1 - share, 1e-12)), parts.scores.weight[at] / BITS)
    strength = np.minimum(bits, (parts.link_at - 1) / BITS)
    return (
        np.append(bonds.left[needed], sides[0]).astype(np.int32),
        np.append(bonds.right[needed], sides[1]).astype(np.int32),
        np.append(bonds.strength[needed], strength),
        np.append(bonds.probability[needed], share),
        np.append(lasts[needed], np.zeros(len(at), bool)),
    )


def _cuts(parts: Parts) -> list[float]:
    """Whole bits from where pairs are reviewed, and the threshold itself."""
    lowest = parts.model.review_at
    cuts = {float(bits) for bits in range(math.ceil(lowest), 11)} | {bits for bits in ABOVE if bits > lowest}
    return sorted(cuts | {lowest, parts.link_at / BITS})


def _pairs(sizes: npt.NDArray[np.integer]) -> int:
    return int((sizes.astype(np.int64) * (sizes - 1) // 2).sum())


def _measures(prefix: str, found: float, made: float, total: float) -> dict[str, float | None]:
    """Precision, recall and F1; None where undefined."""
    return {
        f"{prefix}precision": found / made if made else None,
        f"{prefix}recall": found / total if total else None,
        f"{prefix}f1": 2 * found / (made + total) if made + total else None,
    }


def _against(labels: Rows, truth: Codes) -> dict[str, float | None]:
    """The measures of clusters against the truth."""
    cells = np.sort(labels.astype(np.int64) * (int(truth.max(initial=0)) + 1) + truth)
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    common = _pairs(np.diff(starts, append=len(cells)))
    return _measures("", common, _pairs(np.bincount(labels)), _pairs(np.bincount(truth)))


def _links(parts: Parts, truth: Codes, cut: float) -> dict[str, float | None]:
    """The measures of the links alone, as if nothing followed from them."""
    scores = parts.scores
    one, other = truth[scores.left], truth[scores.right]
    links = (scores.weight >= round(cut * BITS)) & (one >= 0) & (other >= 0)
    right, made = int((links & (one == other)).sum()), int(links.sum())
    measured = _measures("pair_", right, made, _pairs(np.bincount(truth[truth >= 0])))
    return {name: measured[name] for name in ("pair_precision", "pair_recall")}
