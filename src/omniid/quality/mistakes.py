"""Mistakes against a truth: clusters that hold several people, people in several clusters, each with the pair to look at."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.evaluation import KnownLabels
from omniid.expectation import pairs_in_groups
from omniid.quality.bonds import Bonds
from omniid.results import Parts, pair_keys
from omniid.tables import BITS, Rows, coded_column
from omniid.tables.arrays import arrow_array, text_array

__all__ = ["REASONS", "over_merges_table", "under_merges_table"]

Codes = npt.NDArray[np.int64]

REASONS = ("refused", "below the threshold", "never compared, or far below it")
LARGEST = 1000  # parts of one group whose pairs are listed


def over_merges_table(parts: Parts, truth: KnownLabels, bonds: Bonds) -> pa.Table:
    """Return the clusters that hold several people, those with the most wrong pairs first, and the link that joined them.

    Parameters
    ----------
    parts
        The result.
    truth
        The true entity of each row.
    bonds
        What holds the clusters together.

    Returns
    -------
    pyarrow.Table
        entity_id, records and people (those that the truth knows), wrong_pairs, the keys of the link, its match_weight in bits
        (null where a decision, a device or whole profiles tie the two), tier and rule.
    """
    cells = _Cells.of(parts.clustering.labels, truth.labels)
    groups, wrong = cells.groups_of_several()
    known, forest = truth.labels, bonds.forest
    rows = np.flatnonzero(forest.link >= 0)
    one, other = known[rows], known[forest.parent[rows]]
    rows = rows[(one >= 0) & (other >= 0) & (one != other)]
    label = parts.clustering.labels[rows]
    order = np.lexsort((forest.link[rows], bonds.probability[forest.link[rows]], label))
    first = order[np.diff(label[order], prepend=-1) != 0]
    link = np.full(len(known), -1, np.int64)
    link[label[first]] = forest.link[rows[first]]
    most = np.lexsort((groups, -wrong))
    groups, wrong = groups[most], wrong[most]
    at = link[groups]
    left, right = _ends(cells, groups, at, bonds)
    scored = np.where(at >= 0, np.append(bonds.pair, -1)[at], -1)
    scores = parts.scores
    return pa.table(
        {
            "entity_id": coded_column(parts.entity[groups], parts.entity_ids),
            "records": arrow_array(cells.sizes[groups]),
            "people": arrow_array(np.bincount(cells.group, minlength=len(known))[groups]),
            "wrong_pairs": arrow_array(wrong),
            **pair_keys(parts.records, left, right),
            "match_weight": pa.array(np.append(scores.weight, 0)[scored] / BITS, mask=scored < 0),
            "rule": coded_column(np.where(scored >= 0, np.append(scores.rule, 0)[scored], -1), text_array(scores.rules)),
        }
    )


def under_merges_table(parts: Parts, truth: KnownLabels) -> pa.Table:
    """Return the people who stand in several clusters, those with the most missed pairs first, and what kept them apart.

    Parameters
    ----------
    parts
        The result.
    truth
        The true entity of each row.

    Returns
    -------
    pyarrow.Table
        true_id, records (of it), clusters (that hold them), missed_pairs, of these refused_pairs, below_pairs and far_pairs by
        what stands between the two clusters, the limit of a refusal (null without one), and the keys of the best pair across
        two of the clusters with its match_weight in bits (null where none was kept) and the reason: what stands between these
        two.
    """
    labels, known = parts.clustering.labels, truth.labels
    cells = _Cells.of(np.where(known >= 0, known, -1), labels)
    groups, missed = cells.groups_of_several()
    n = len(cells.sizes)
    scores = parts.scores
    kind, pairs, group = _between_parts(parts, cells)
    counts = [np.bincount(group[kind == number], weights=pairs[kind == number], minlength=n) for number in range(3)]
    at = np.flatnonzero((known[scores.left] == known[scores.right]) & (labels[scores.left] != labels[scores.right]))
    at = at[known[scores.left[at]] >= 0]
    order = at[np.lexsort((at, -scores.weight[at], known[scores.left[at]]))]
    first = order[np.diff(known[scores.left[order]], prepend=-1) != 0]
    best = np.full(n, -1, np.int64)
    best[known[scores.left[first]]] = first
    most = np.lexsort((groups, -missed))
    groups, missed = groups[most], missed[most]
    scored = best[groups]
    left, right = cells.two_rows(groups)
    left = np.where(scored >= 0, np.append(scores.left, 0)[scored], left).astype(np.int32)
    right = np.where(scored >= 0, np.append(scores.right, 0)[scored], right).astype(np.int32)
    limits, limit = _limits(parts, known, groups)
    return pa.table(
        {
            "true_id": coded_column(groups, truth.ids),
            "records": arrow_array(cells.sizes[groups]),
            "clusters": arrow_array(np.bincount(cells.group, minlength=n)[groups]),
            "missed_pairs": arrow_array(missed),
            **{
                f"{name}_pairs": arrow_array(counts[i][groups].astype(np.int64))
                for i, name in enumerate(("refused", "below", "far"))
            },
            "reason": coded_column(_what_stands_between(parts, left, right), text_array(REASONS)),
            "limit": coded_column(limit, text_array(limits)),
            **pair_keys(parts.records, np.minimum(left, right), np.maximum(left, right)),
            "match_weight": pa.array(np.append(scores.weight, 0)[scored] / BITS, mask=scored < 0),
        }
    )


class _Cells(NamedTuple):
    """Records per (group, part), where there are any: group and part ascending, with the first row of each."""

    group: Codes
    part: Codes
    shared: Codes
    row: Codes
    sizes: Codes

    @classmethod
    def of(cls, groups: npt.NDArray[np.integer], parts: npt.NDArray[np.integer]) -> "_Cells":
        """Count the rows of each cell; -1 on either side leaves a row out."""
        rows = np.flatnonzero((groups >= 0) & (parts >= 0))
        width = int(parts.max(initial=0)) + 1
        keys = groups[rows].astype(np.int64) * width + parts[rows]
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
        cells = keys[order[starts]]
        shared = np.diff(starts, append=len(order)).astype(np.int64)
        sizes = np.bincount(groups[rows].astype(np.int64), minlength=int(groups.max(initial=0)) + 1).astype(np.int64)
        return cls(cells // width, cells % width, shared, rows[order[starts]].astype(np.int64), sizes)

    def groups_of_several(self) -> tuple[Codes, Codes]:
        """Groups of several parts, ascending, and the pairs of their rows that stand in two of them."""
        within = np.bincount(self.group, weights=self.shared * (self.shared - 1) // 2, minlength=len(self.sizes))
        apart = self.sizes * (self.sizes - 1) // 2 - within.astype(np.int64)
        groups = np.flatnonzero(apart > 0)
        return groups, apart[groups]

    def two_rows(self, groups: Codes) -> tuple[Rows, Rows]:
        """A row of each of the two largest parts of groups that have several."""
        order = np.lexsort((self.part, -self.shared, self.group))
        first = np.searchsorted(self.group[order], groups)
        return self.row[order[first]].astype(np.int32), self.row[order[first + 1]].astype(np.int32)


def _ends(cells: _Cells, groups: Codes, link: Codes, bonds: Bonds) -> tuple[Rows, Rows]:
    """The link that joined different people; where only records that the truth does not know stand between, any two."""
    left, right = cells.two_rows(groups)
    return (
        np.where(link >= 0, np.append(bonds.left, 0)[link], np.minimum(left, right)).astype(np.int32),
        np.where(link >= 0, np.append(bonds.right, 0)[link], np.maximum(left, right)).astype(np.int32),
    )


def _between_parts(parts: Parts, cells: _Cells) -> tuple[Codes, Codes, Codes]:
    """For each two clusters that share a person: the position in `REASONS`, the missed pairs, and the person."""
    listed = np.arange(len(cells.group)) - np.searchsorted(cells.group, cells.group) < LARGEST
    group, part, shared = (column[listed] for column in (cells.group, cells.part, cells.shared))
    one, other = pairs_in_groups(group)
    kind = _kinds(parts, part[one], part[other])
    return kind, shared[one] * shared[other], group[one]


def _what_stands_between(parts: Parts, left: Rows, right: Rows) -> Codes:
    """Per pair of rows the position in `REASONS` of what stands between their clusters."""
    labels = parts.clustering.labels
    return _kinds(parts, labels[left], labels[right])


def _kinds(parts: Parts, one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> Codes:
    """Per two clusters the position in `REASONS`."""
    labels, scores = parts.clustering.labels, parts.scores
    wanted = _key(one, other)
    apart = np.flatnonzero(labels[scores.left] != labels[scores.right])
    met = np.sort(_key(labels[scores.left[apart]], labels[scores.right[apart]]))
    refused = np.array([(labels[found.left], labels[found.right]) for found in parts.clustering.refusals], np.int64).reshape(
        -1, 2
    )
    barred = np.sort(_key(refused[:, 0], refused[:, 1]))
    return np.where(_holds(barred, wanted), 0, np.where(_holds(met, wanted), 1, 2)).astype(np.int64)


def _limits(parts: Parts, known: Codes, groups: Codes) -> tuple[list[str], Codes]:
    """The names of limits that refused links, and per group the position of the one that refused its best link, else -1."""
    mine = [one for one in parts.clustering.refusals if known[one.left] == known[one.right] and known[one.left] >= 0]
    names = sorted({one.limit for one in mine})
    number = {name: place for place, name in enumerate(names)}
    found: dict[int, tuple[int, int]] = {}
    for one in mine:
        group = int(known[one.left])
        found[group] = max(found.get(group, (one.weight, number[one.limit])), (one.weight, number[one.limit]))
    return names, np.array([found[group][1] if group in found else -1 for group in groups.tolist()], np.int64)


def _key(one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> Codes:
    return np.asarray(np.minimum(one, other).astype(np.int64) << 32 | np.maximum(one, other), np.int64)


def _holds(keys: Codes, wanted: Codes) -> npt.NDArray[np.bool_]:
    """Whether each wanted key is among ascending ones."""
    if not len(keys):
        return np.zeros(len(wanted), bool)
    return np.asarray(keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] == wanted, np.bool_)
