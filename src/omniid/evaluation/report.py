"""`evaluate`: a crosswalk measured against the truth, as plain numbers with their definitions."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from omniid.evaluation.bcubed import b_cubed_precision
from omniid.evaluation.clusters import Mixture, cluster_precision, count_exact, find_mixtures
from omniid.evaluation.contingency import Contingency, join_records
from omniid.evaluation.memberships import read_memberships
from omniid.evaluation.pairwise import count_pairs, pairwise_precision
from omniid.evaluation.score import Score

__all__ = ["Report", "evaluate"]


@dataclass(frozen=True)
class Report:
    """How well a crosswalk agrees with the truth, on the records that stand in both.

    Parameters
    ----------
    pairwise
        Over pairs of records: how many joined pairs are right, how many right pairs are joined.
    b_cubed
        Over records: which share of a record's cluster is right, and of its entity is found.
    cluster
        Over clusters: which share is exactly right.
    records
        Records that stand in both frames; only these are measured.
    predicted_clusters, true_clusters, exact_clusters
        Groups of the crosswalk, of the truth, and those that both have.
    predicted_pairs, true_pairs, common_pairs
        Pairs of records inside these groups.
    over_merges, under_merges
        Predicted clusters that hold several true entities; true entities that stand in several predicted clusters.
    largest_over_merges, largest_under_merges
        The largest of each, with ids.
    only_in_crosswalk, only_in_truth
        Records that stand in one frame only; they are not measured.
    incomplete
        Rows of both frames without a source, record or entity; they are not measured.
    undefined
        Name of each measure that is nan → why.

    Examples
    --------
    >>> import pyarrow as pa
    >>> alone = pa.table({"record_id": ["1", "2"], "entity_id": ["x", "y"]})
    >>> evaluate(alone, alone).undefined["pairwise.recall"]
    'the truth joins no two of the records measured'
    """

    pairwise: Score
    b_cubed: Score
    cluster: Score
    records: int
    predicted_clusters: int
    true_clusters: int
    exact_clusters: int
    predicted_pairs: int
    true_pairs: int
    common_pairs: int
    over_merges: int
    under_merges: int
    largest_over_merges: tuple[Mixture, ...]
    largest_under_merges: tuple[Mixture, ...]
    only_in_crosswalk: int
    only_in_truth: int
    incomplete: int
    undefined: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Give plain data that JSON can hold: an undefined measure is None, its reason stands in `undefined`.

        Returns
        -------
        dict
            Field name → number, dict or list.

        Examples
        --------
        >>> import pyarrow as pa
        >>> pairs = pa.table({"record_id": ["1", "2"], "entity_id": ["x", "x"]})
        >>> evaluate(pairs, pairs).to_dict()["pairwise"]
        {'precision': 1.0, 'recall': 1.0, 'f1': 1.0}
        """
        plain: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, Score):
                measures = {measure: getattr(value, measure) for measure in ("precision", "recall", "f1")}
                plain[name] = {measure: None if math.isnan(number) else number for measure, number in measures.items()}
            elif isinstance(value, tuple):
                plain[name] = [{**mixture._asdict(), "parts": list(mixture.parts)} for mixture in value]
            else:
                plain[name] = dict(value) if isinstance(value, Mapping) else value
        return plain

    def __str__(self) -> str:
        def line(name: str, score: Score) -> str:
            return f"{name:<10} {score.precision:>9.4f} {score.recall:>9.4f} {score.f1:>9.4f}"

        unmeasured = (
            f"{self.only_in_crosswalk:,} only in the crosswalk, {self.only_in_truth:,} only in the truth, "
            f"{self.incomplete:,} rows incomplete"
        )
        lines = [
            f"{'':<10} {'precision':>9} {'recall':>9} {'f1':>9}",
            line("pairwise", self.pairwise),
            line("b-cubed", self.b_cubed),
            line("cluster", self.cluster),
            f"records    {self.records:,} measured; {unmeasured}",
            f"clusters   {self.predicted_clusters:,} predicted, {self.true_clusters:,} true, {self.exact_clusters:,} exact",
            f"pairs      {self.predicted_pairs:,} predicted, {self.true_pairs:,} true, {self.common_pairs:,} common",
            f"over-merges  {self.over_merges:,} (clusters that hold several entities){_largest(self.largest_over_merges)}",
            f"under-merges {self.under_merges:,} (entities in several clusters){_largest(self.largest_under_merges)}",
        ]
        return "\n".join([*lines, *(f"{name} is undefined: {reason}" for name, reason in self.undefined.items())])


def evaluate(crosswalk: Any, truth: Any) -> Report:
    """Measure a crosswalk against the truth.

    Only records that stand in both are measured; the others are counted. Records meet by (source, record_id), or by record_id
    alone where one of the two has no source and the id is unique. All ids are compared as text. No pairs are made: every
    measure follows from the number of records that each predicted cluster shares with each true entity.

    Parameters
    ----------
    crosswalk, truth
        Frames (anything that narwhals reads), lists of dicts or files, with a row per record: `source` (optional), a record
        column (`record_id`, `unique_id`, `rec_id` or `id`) and an entity column (`entity_id`, `cluster`, `cluster_id` or
        `true_id`); of several the first in this order counts, and other columns are ignored.

    Returns
    -------
    Report
        Pairwise, B-cubed and cluster precision, recall and F1, counts, and the largest mistakes.

    Raises
    ------
    InputError
        If a column is missing, a record stands twice, or no record is common.

    References
    ----------
    Menestrina, Whang and Garcia-Molina, "Evaluating entity resolution results", VLDB 2010.

    Examples
    --------
    >>> import pyarrow as pa
    >>> crosswalk = pa.table({"record_id": ["1", "2", "3", "4"], "entity_id": ["x", "x", "x", "y"]})
    >>> truth = pa.table({"record_id": [1, 2, 3, 4], "cluster": ["anna", "anna", "kim", "kim"]})
    >>> report = evaluate(crosswalk, truth)
    >>> report.pairwise.precision, report.pairwise.recall, report.over_merges
    (0.3333333333333333, 0.5, 1)
    """
    mine, theirs = read_memberships(crosswalk, "crosswalk"), read_memberships(truth, "truth")
    joined = join_records(mine, theirs)
    cells = Contingency.of(joined.predicted, joined.true)
    over_merges, largest_over = find_mixtures(cells, joined.predicted_ids, joined.true_ids)
    under_merges, largest_under = find_mixtures(cells.swapped(), joined.true_ids, joined.predicted_ids)
    pairwise = Score.of(pairwise_precision, cells)
    return Report(
        pairwise=pairwise,
        b_cubed=Score.of(b_cubed_precision, cells),
        cluster=Score.of(cluster_precision, cells),
        records=len(joined.predicted),
        predicted_clusters=len(cells.predicted_sizes),
        true_clusters=len(cells.true_sizes),
        exact_clusters=count_exact(cells),
        predicted_pairs=count_pairs(cells.predicted_sizes),
        true_pairs=count_pairs(cells.true_sizes),
        common_pairs=count_pairs(cells.shared),
        over_merges=over_merges,
        under_merges=under_merges,
        largest_over_merges=largest_over,
        largest_under_merges=largest_under,
        only_in_crosswalk=joined.only_in_crosswalk,
        only_in_truth=joined.only_in_truth,
        incomplete=mine.incomplete + theirs.incomplete,
        undefined=_reasons(pairwise),
    )


def _reasons(pairwise: Score) -> dict[str, str]:
    """Why a pairwise measure is nan; the others are always defined, as at least one record is common."""
    reasons = {
        "pairwise.precision": "the crosswalk joins no two of the records measured",
        "pairwise.recall": "the truth joins no two of the records measured",
        "pairwise.f1": "neither side joins any two of the records measured",
    }
    values = {"pairwise.precision": pairwise.precision, "pairwise.recall": pairwise.recall, "pairwise.f1": pairwise.f1}
    return {name: reasons[name] for name, value in values.items() if math.isnan(value)}


def _largest(mixtures: tuple[Mixture, ...]) -> str:
    """The largest mixture in words."""
    if not mixtures:
        return ""
    entity_id, records, n_parts, parts = mixtures[0]
    more = f" and {n_parts - len(parts):,} more" if n_parts > len(parts) else ""
    return f"; largest: {entity_id}, {records:,} records of {', '.join(parts)}{more}"
