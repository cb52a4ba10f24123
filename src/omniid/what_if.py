"""What if: the difference that a changed limit, threshold, value class or decision makes, before anything is written."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.blocking import rule_from_dict
from omniid.changes import KINDS, changes_table, redirects_table
from omniid.compilation import compile_plan
from omniid.conclusion import conclude
from omniid.copies import find_originals
from omniid.crowding import frozen_keys, frozen_numbers
from omniid.decisions import read_decisions
from omniid.duplicate_free import settle_sources
from omniid.errors import InputError, SpecError
from omniid.evidence import classify_values, thresholds_for, weak_values, without_generic_values
from omniid.frames import to_native
from omniid.limit_rules import LimitRule
from omniid.linking import ReadyRecords, partition
from omniid.matching import compile_weights
from omniid.meeting import hash_meanings, meet_columns, without_lost_values
from omniid.merging import merge_profiles
from omniid.plain import text_table
from omniid.rescoring import rescore
from omniid.results import Parts, pair_keys
from omniid.sharing import checked_value_classes
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.tables import Decision, Model, RecordTable, Rows, coded_column
from omniid.tables.arrays import text_array
from omniid.threads import threads_for

__all__ = ["Difference", "changed_parts", "describe_difference", "with_classes", "with_threshold"]

R = TypeVar("R")
SHOWN = 12  # lines of a printed difference


@dataclass(frozen=True, eq=False)
class Difference(Generic[R]):
    """What a change would make of a result; nothing is changed until `apply` is called, and nothing written until you save it.

    Parameters
    ----------
    before, after
        What the result rests on, and what the changed one does; `after` carries the ids over.
    result
        The changed result.
    backend
        The kind of frames to hand out.

    Examples
    --------
    >>> import omniid
    >>> rows = [{"id": "1", "email": "ann@x.com", "phone": "+48501000001"}, {"id": "2", "email": "ann@x.com"}]
    >>> found = omniid.resolve(rows)
    >>> (entity,) = {row["entity_id"] for row in found.crosswalk}
    >>> apart = found.split(entity, [[("records", "1")], [("records", "2")]])
    >>> print(found.what_if(decisions=apart))
    1 split; 1 link lost
    kind   entity_id         was               became                              cause
    split  ce5c6e1c1e32b808  ce5c6e1c1e32b808  ce5c6e1c1e32b808, 15c0681bfc20a423  decision
    >>> found.what_if(decisions=apart).apply()
    Resolution(2 records, 2 people)
    """

    before: Parts
    after: Parts
    result: R
    backend: str

    def table(self, name: str) -> pa.Table:
        """Return "changes", "pairs" or "redirects" as an Arrow table.

        Raises
        ------
        InputError
            If there is no table of that name.
        """
        makers = {"changes": self._changes, "pairs": self._pairs, "redirects": self._redirects}
        if name not in makers:
            raise InputError(f"a difference has no table {name!r}; choose from {', '.join(makers)}")
        return makers[name]()

    @property
    def changes(self) -> Any:
        """What becomes of every entity: kind, entity_id, was, became, cause; see `Resolution.changes`."""
        return to_native(self._changes(), self.backend)

    @property
    def pairs(self) -> Any:
        """Links gained and lost: pairs at or above the threshold whose records are one entity only after, or only before."""
        return to_native(self._pairs(), self.backend)

    @property
    def redirects(self) -> Any:
        """Ids that would lose their entity, and the id that takes their place."""
        return to_native(self._redirects(), self.backend)

    def apply(self) -> R:
        """Return the changed result, with its ids, its ledger and its changes."""
        return self.result

    def __bool__(self) -> bool:
        return bool(self._changes().num_rows)

    def __str__(self) -> str:
        return describe_difference(self._changes(), self._pairs())

    def _changes(self) -> pa.Table:
        return changes_table(self.after)

    def _redirects(self) -> pa.Table:
        known = set(redirects_table(self.before.ledger)["entity_id"].to_pylist())
        now = redirects_table(self.after.ledger)
        return now.filter(pa.array([name not in known for name in now["entity_id"].to_pylist()], pa.bool_()))

    def _pairs(self) -> pa.Table:
        lost, gained = _links(self.before, self.after.entity), _links(self.after, self.before.entity)
        both = np.concatenate([lost, gained])
        change = np.repeat(np.array([0, 1], np.int32), [len(lost), len(gained)])
        keys = pair_keys(self.before.records, (both >> 32).astype(np.int32), (both & 0xFFFFFFFF).astype(np.int32))
        return pa.table({"change": coded_column(change, text_array(["lost", "gained"])).dictionary_decode(), **keys})


def describe_difference(changes: pa.Table, pairs: pa.Table) -> str:
    """Say in a few lines what changes and which links come and go.

    Examples
    --------
    >>> describe_difference(pa.table({"kind": pa.array([], "string")}), pa.table({"change": pa.array([], "string")}))
    'no difference'
    """
    told_changes = changes.to_pylist()
    counts, links = Counter(row["kind"] for row in told_changes), Counter(pairs["change"].to_pylist())
    told = [f"{counts[kind]:,} {kind}" for kind in KINDS if counts[kind]]
    told += [f"{n:,} link{'s' * (n > 1)} {change}" for change, n in sorted(links.items())]
    if not told:
        return "no difference"
    rows = [
        (row["kind"], row["entity_id"], ", ".join(row["was"]), ", ".join(row["became"]), row["cause"] or "")
        for row in told_changes[:SHOWN]
    ]
    lines = ["; ".join(told)]
    if rows:
        lines.append(text_table(("kind", "entity_id", "was", "became", "cause"), rows))
    if len(told_changes) > SHOWN:
        lines.append(f"and {len(told_changes) - SHOWN:,} more in .changes")
    return "\n".join(lines)


def _links(parts: Parts, other: Rows) -> npt.NDArray[np.int64]:
    """Links within an entity, whose records are apart in another partition, as one number each, ascending."""
    scores = parts.scores
    holds = (scores.weight >= parts.link_at) & (parts.entity[scores.left] == parts.entity[scores.right])
    holds &= other[scores.left] != other[scores.right]
    return np.asarray((scores.left[holds].astype(np.int64) << 32) | scores.right[holds], np.int64)


def changed_parts(
    parts: Parts,
    stages: Stages,
    *,
    limits: Sequence[LimitRule] | None = None,
    decisions: Decision | Iterable[Decision] | str | Path | None = None,
    link_at: float | None = None,
    value_classes: Mapping[str, Mapping[str, str]] | None = None,
) -> Parts:
    """Derive a result under a changed declaration from the pairs that were scored, see `Resolution.what_if`."""
    spec, model, decided = parts.spec, parts.model, [*parts.decisions]
    if limits is not None:
        spec = spec.replace(limits=tuple(limits))
    if decisions is not None:
        decided += [one for one in read_decisions(decisions) if one not in parts.decisions]
    if link_at is not None:
        spec, model = with_threshold(spec, model, link_at)
    table, classes, changed = parts.evidence, parts.classes, np.zeros(len(parts.records), bool)
    if value_classes:
        spec = with_classes(spec, value_classes)
        hashes = hash_meanings(parts.records, spec.fields, spec.purpose)
        met = meet_columns(parts.records, spec.fields, spec.purpose, hashes)
        classes = classify_values(met, spec, thresholds_for(spec, model))
        table = without_lost_values(without_generic_values(met, classes), met, spec.fields, spec.purpose, hashes)
        changed = _holding(met, value_classes)
    rules = tuple(rule_from_dict(rule) for rule in model.rules)
    crowded, numbers = frozen_keys(spec, model), frozen_numbers(spec, model)
    plan = compile_plan(spec, table, parts.plan.kinds, decided, rules, crowded=crowded, numbers=numbers)
    ready = ReadyRecords(table, plan, classes, threads_for(len(table)))
    weights = compile_weights(table, model, plan.traits, weak=weak_values(classes))
    originals = find_originals(parts.evidence, parts.plan.columns, parts.plan.apart)
    same = not changed.any() and link_at is None and np.array_equal(originals, ready.originals)
    scores = (
        parts.scored_alone
        if same
        else stages.run(
            "match", rescore, parts.scored_alone, originals, changed, ready, model, weights, reweigh=link_at is not None
        )
    )
    ready, scores, model, alone = stages.run("settle sources", settle_sources, ready, scores, model, spec)
    clustering = stages.run("cluster", partition, ready, scores, model, weights)
    clustering = stages.run("merge", merge_profiles, ready, scores, clustering, model, weights)
    before = parts.as_previous()
    plan = ready.plan
    concluded = conclude(parts.records, table, spec, plan, clustering, before, stages)
    return Parts(
        parts.sent,
        parts.records,
        table,
        spec,
        model,
        plan,
        tuple(decided),
        classes,
        scores,
        *concluded,
        previous=before,
        alone=alone,
        events=parts.events,
        cells=parts.cells,
    )


def with_threshold(spec: Spec, model: Model, link_at: float) -> tuple[Spec, Model]:
    """Return a spec and model with another threshold to link; pairs are reviewed from where they were kept.

    Raises
    ------
    InputError
        If it is no number, or lies below the threshold to review.
    """
    if not isinstance(link_at, int | float):
        raise InputError(f"link_at is {link_at!r}; give a match weight in bits, such as 4.0")
    if link_at < model.review_at:
        raise InputError(
            f"link_at {link_at:g} lies below review_at {model.review_at:g}, and weaker pairs were not kept; "
            "resolve again with spec.replace(link_at=…)"
        )
    spec = spec.replace(link_at=float(link_at), review_at=model.review_at, precision=None)
    return spec, model.replace(link_at=float(link_at))


def with_classes(spec: Spec, value_classes: Mapping[str, Mapping[str, str]]) -> Spec:
    """Return the spec with some values declared shared or personal, beside those so far."""
    declared = dict(spec.value_classes)
    for field, values in checked_value_classes(value_classes).items():
        declared[field] = {**declared.get(field, {}), **values}
    return spec.replace(value_classes=declared)


def _holding(table: RecordTable, value_classes: Mapping[str, Mapping[str, str]]) -> npt.NDArray[np.bool_]:
    """Which records hold one of the values."""
    holds = np.zeros(len(table), bool)
    for field, value in ((field, value) for field, values in value_classes.items() for value in values):
        if field not in table.columns:
            raise SpecError(f"value_classes names {field!r}; the fields are {', '.join(sorted(table.columns))}")
        column = table.columns[field]
        code = column.vocabulary.index(value).as_py()
        if code < 0:
            raise InputError(f"value_classes names {value!r}, which no record holds in {field!r}; write the normal form")
        rows, codes = column.present()
        holds[rows[codes == code]] = True
    return holds
