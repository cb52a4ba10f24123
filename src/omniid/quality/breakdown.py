"""Where mistakes come from: which two sources, and which fields go with them."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.comparison import compare_rows
from omniid.expectation import pairs_in_groups
from omniid.hashing import mix
from omniid.results import Parts
from omniid.tables import Levels
from omniid.tables.arrays import arrow_array, text_array

__all__ = ["field_table", "source_table"]

Codes = npt.NDArray[np.int64]

MISSED = 100_000  # missed pairs that are compared to see what they agree on
LARGEST = 300  # records of one person whose missed pairs are listed


def source_table(parts: Parts, truth: Codes) -> pa.Table:
    """Return precision and recall of pairs of records by their two sources.

    Parameters
    ----------
    parts
        The result.
    truth
        int64 per row: the true entity, -1 where it is unknown.

    Returns
    -------
    pyarrow.Table
        source, other_source, pairs (joined), true_pairs, right_pairs, wrong_pairs, missed_pairs, precision and recall (null
        where undefined); the sources with the most mistakes first.
    """
    known = np.flatnonzero(truth >= 0)
    labels, people = parts.clustering.labels[known].astype(np.int64), truth[known]
    source, k = parts.records.source[known].astype(np.int64), len(parts.records.sources)
    both = labels * (int(people.max(initial=0)) + 1) + people
    made, true, right = (_pairs_by_source(groups, source, k) for groups in (labels, people, both))
    at = np.flatnonzero((made + true).ravel() > 0)
    made, true, right = (counts.ravel()[at] for counts in (made, true, right))
    order = np.lexsort((at, -(made + true - 2 * right)))
    at, made, true, right = at[order], made[order], true[order], right[order]
    names = text_array(parts.records.sources)
    return pa.table(
        {
            "source": names.take(arrow_array(at // k)),
            "other_source": names.take(arrow_array(at % k)),
            "pairs": arrow_array(made),
            "true_pairs": arrow_array(true),
            "right_pairs": arrow_array(right),
            "wrong_pairs": arrow_array(made - right),
            "missed_pairs": arrow_array(true - right),
            "precision": pa.array(right / np.maximum(made, 1), mask=made == 0),
            "recall": pa.array(right / np.maximum(true, 1), mask=true == 0),
        }
    )


def field_table(parts: Parts, truth: Codes) -> pa.Table:
    """Return for each comparison how often it agrees, differs or is missing, in right and wrong links and in missed pairs.

    Parameters
    ----------
    parts
        The result.
    truth
        int64 per row: the true entity, -1 where it is unknown.

    Returns
    -------
    pyarrow.Table
        comparison, then for right links, wrong links and missed pairs the shares that agree (a level that speaks for one
        person), differ and are missing; null where there are no such pairs. Comparisons whose agreement sets wrong links
        apart most stand first.
    """
    scores, labels = parts.scores, parts.clustering.labels
    links = np.flatnonzero((scores.weight >= parts.link_at) & (labels[scores.left] == labels[scores.right]))
    one, other = truth[scores.left[links]], truth[scores.right[links]]
    measured = (one >= 0) & (other >= 0)
    right, wrong = (links[measured & side] for side in (one == other, one != other))
    groups = {"right": scores.levels[right], "wrong": scores.levels[wrong], "missed": _missed_levels(parts, truth)}
    columns: dict[str, list[float | None]] = {}
    for name, levels in groups.items():
        shares = [_shares(parts, number, levels[:, number]) for number in range(len(scores.comparisons))]
        for place, outcome in enumerate(("agrees", "differs", "missing")):
            columns[f"{name}_{outcome}"] = [share[place] for share in shares]
    table = pa.table(
        {"comparison": text_array(scores.comparisons), **{name: pa.array(c, pa.float64()) for name, c in columns.items()}}
    )
    apart = [(w or 0.0) - (r or 0.0) for w, r in zip(columns["wrong_agrees"], columns["right_agrees"], strict=True)]
    return table.take(pa.array(sorted(range(len(apart)), key=lambda at: (-apart[at], at)), pa.int64()))


def _pairs_by_source(groups: Codes, source: Codes, k: int) -> Codes:
    """Pairs of rows of one group, by their two sources, the smaller first: int64 of shape (k, k)."""
    cells = np.sort(np.unique(groups, return_inverse=True)[1].astype(np.int64) * k + source)
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    count = np.diff(starts, append=len(cells)).astype(np.int64)
    group, of = cells[starts] // k, cells[starts] % k
    one, other = pairs_in_groups(group)
    counts = np.zeros((k, k), np.int64)
    np.add.at(counts, (of[one], of[other]), count[one] * count[other])
    np.add.at(counts, (of, of), count * (count - 1) // 2)
    return counts


def _missed_levels(parts: Parts, truth: Codes) -> Levels:
    """The levels of missed pairs, of a part of them where there are many, drawn by a hash of the rows."""
    rows = np.flatnonzero(truth >= 0)
    rows = rows[np.argsort(truth[rows], kind="stable")]
    people = truth[rows]
    listed = np.arange(len(rows)) - np.searchsorted(people, people) < LARGEST
    rows, people = rows[listed], people[listed]
    one, other = pairs_in_groups(people)
    left, right = rows[one], rows[other]
    apart = np.flatnonzero(parts.clustering.labels[left] != parts.clustering.labels[right])
    if len(apart) > MISSED:
        keys = mix((left[apart].astype(np.uint64) << np.uint64(32)) | right[apart].astype(np.uint64))
        apart = apart[np.sort(np.argsort(keys, kind="stable")[:MISSED])]
    ends = np.sort(np.stack([left[apart], right[apart]]), axis=0).astype(np.int32)
    return compare_rows(parts.evidence, ends[0], ends[1], parts.plan.comparisons)


def _shares(parts: Parts, number: int, levels: npt.NDArray[np.int8]) -> tuple[float | None, float | None, float | None]:
    """The shares of pairs that agree, differ and are missing in one comparison."""
    if not len(levels):
        return None, None, None
    part = parts.model.comparisons[number]
    speaks_for = np.array([part.bits(level) > 0 for level in range(len(part.levels))])
    missing = levels < 0
    agrees = speaks_for[np.maximum(levels, 0)] & ~missing
    return float(agrees.mean()), float((~agrees & ~missing).mean()), float(missing.mean())
