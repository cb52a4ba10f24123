"""How good a clustering of the people set is, counted in pairs, by the same code for every engine."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from omniid.clustering import connected_components
from omniid.evaluation.contingency import Contingency
from omniid.evaluation.pairwise import pairwise_precision


class PairScores(NamedTuple):
    """Pairwise measures: of the pairs in one cluster, and of those of one person."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean; 0 where no pair of one person was found."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.recall > 0 else 0.0

    def __str__(self) -> str:
        return f"precision {self.precision:.4f}  recall {self.recall:.4f}  F1 {self.f1:.4f}"


def score_clusters(people: Path, clusters: Path) -> PairScores:
    """Compare an engine's clusters (unique_id, cluster_id, in any order) with the truth of a file of `people_set`."""
    truth, found = pq.read_table(people, columns=["unique_id", "person"]), pq.read_table(clusters)
    at = pc.index_in(truth["unique_id"], found["unique_id"].combine_chunks())
    if at.null_count or len(found) != len(truth):
        raise SystemExit(f"{clusters} has {len(found):,} rows and lacks {at.null_count:,} of {len(truth):,} records")
    cells = Contingency.of(codes_of(found["cluster_id"].take(at)), codes_of(truth["person"]))
    return PairScores(pairwise_precision(cells), pairwise_precision(cells.swapped()))


def best_cut(people: Path, pairs: Path, cuts: Sequence[float]) -> tuple[float, PairScores]:
    """The cut on the weights of an engine's pairs whose clusters score best: picked on the truth, as no user can.

    `pairs` has two columns of unique ids and one of weights; clusters are the connected components of the pairs above a cut.
    """
    truth, table = pq.read_table(people, columns=["unique_id", "person"]), pq.read_table(pairs)
    ids = truth["unique_id"].combine_chunks()
    ends = [pc.index_in(table[name], ids).to_numpy() for name in table.column_names[:2]]
    weight, real = table.column(2).to_numpy(), codes_of(truth["person"])
    scores = {}
    for cut in cuts:
        left, right = (end[weight >= cut].astype(np.int32) for end in ends)
        cells = Contingency.of(connected_components(len(truth), left, right), real)
        scores[cut] = PairScores(pairwise_precision(cells), pairwise_precision(cells.swapped()))
    best = max(cuts, key=lambda cut: (scores[cut].f1, cut))
    return best, scores[best]


def codes_of(labels: pa.ChunkedArray) -> np.ndarray:
    """Labels as dense codes from 0."""
    return labels.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
