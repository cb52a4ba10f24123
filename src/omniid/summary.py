"""The summary of a run: the answers to the first questions, as numbers and as text."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc

from omniid.changes import changes_table
from omniid.clustering import ClusterSizes, summarize_sizes
from omniid.devices import Placement
from omniid.event_following import EventCounts, count_events
from omniid.evidence import class_counts, generic_values
from omniid.expectation import Expected
from omniid.frames import Inputs, choose_record_id
from omniid.frames.record_ids import ID_NAMES
from omniid.label_words import what_labels_changed
from omniid.memory import MemoryUse, peak_memory
from omniid.plain import text_table
from omniid.quality import FirstLook, estimate_quality, find_bonds, first_look
from omniid.results import Parts
from omniid.review import reviewed_pairs
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.tables import Rows
from omniid.tables.arrays import text_scalar

__all__ = ["Anonymous", "Summary", "summarize", "told_changes", "unused_ids"]


@dataclass(frozen=True)
class Anonymous:
    """Records that name nobody, and what became of them.

    Parameters
    ----------
    records
        Records that name nobody.
    placed
        Those of them that belong to a person, as a device tells.
    entities
        Anonymous entities that the others make.
    """

    records: int
    placed: int
    entities: int

    @classmethod
    def of(cls, placement: Placement, labels: Rows) -> "Anonymous":
        """Count them."""
        theirs = placement.is_anonymous & placement.is_person
        alone = np.flatnonzero(~placement.is_person)
        return cls(
            records=int(placement.is_anonymous.sum()), placed=int(theirs.sum()), entities=int((labels[alone] == alone).sum())
        )

    def __str__(self) -> str:
        named = "1 record names" if self.records == 1 else f"{self.records:,} records name"
        belong = "1 belongs" if self.placed == 1 else f"{self.placed:,} belong"
        return f"{named} nobody: {belong} to a person by device, the others to nobody"


@dataclass(frozen=True)
class Summary:
    """What went in, what came out, and how long it took.

    Parameters
    ----------
    records
        Records per source.
    sizes
        Cluster sizes: number of people, largest cluster, distribution.
    pairs
        Candidate pairs; one that several rules make counts for each of them.
    links
        Pairs at or above the threshold.
    to_review
        Pairs that a person should look at.
    households, largest_household
        Households, those of one person included, and the people in the largest.
    refusals
        Links that a limit or decision forbade.
    rejects
        Reason → values rejected for it, most frequent first.
    generic
        Column → values that too many people share to be evidence.
    classes
        Value class → values of it, for classes other than personal.
    anonymous
        Records that name nobody.
    link_at
        The threshold in bits.
    expected
        Precision and recall to expect of the clusters, over pairs of records.
    look_first
        The cluster to doubt most, and its weakest link; None where there is none to doubt.
    changes
        Kind → entities that changed since `previous`; empty without it, or where nothing changed.
    has_previous
        Whether there was an earlier result.
    converged
        Whether the weights settled.
    labels
        What the model learned from labels, in words; "" without any.
    notes
        What else the reader should know.
    seconds
        Stage → wall-clock seconds.
    memory
        What was held in memory, and what went to disk.
    events
        What became of the events; None where there are none.
    profile_unions
        Unions of clusters whose profiles agree, although no link could join them.
    """

    records: Mapping[str, int]
    sizes: ClusterSizes
    pairs: int
    links: int
    to_review: int
    refusals: int
    households: int
    largest_household: int
    rejects: Mapping[str, int]
    generic: Mapping[str, int]
    classes: Mapping[str, int]
    anonymous: Anonymous
    link_at: float
    expected: Expected
    look_first: FirstLook | None
    changes: Mapping[str, int]
    has_previous: bool
    converged: bool
    labels: str
    notes: Sequence[str]
    seconds: Mapping[str, float]
    memory: MemoryUse
    profile_unions: int = 0
    events: EventCounts | None = None

    @property
    def people(self) -> int:
        """Number of entities that are persons."""
        return self.sizes.clusters - self.anonymous.entities

    def __str__(self) -> str:
        per_source = ", ".join(f"{name} {count:,}" for name, count in self.records.items())
        rows = [
            ("records", f"{sum(self.records.values()):,}  ({per_source})"),
            ("people", f"{self.people:,}  (largest cluster: {_count(self.sizes.largest[0][1], 'record')})"),
            ("cluster sizes", str(self.sizes)),
            *([("events", str(self.events))] if self.events else []),
            *([("anonymous", str(self.anonymous))] if self.anonymous.records else []),
            ("households", f"{self.households:,}  (largest: {_count(self.largest_household, 'person', 'people')})"),
            ("candidate pairs", f"{self.pairs:,}"),
            ("links", f"{self.links:,} at or above {self.link_at:+.1f} bits"),
            *zip(("expected", ""), _expected(self.expected), strict=True),
            *([("look first at", str(self.look_first))] if self.look_first else []),
            ("weights", "converged" if self.converged else "NOT CONVERGED: raise max_iter or look at the data"),
            *([("labels", self.labels)] if self.labels else []),
            ("to review", f"{self.to_review:,}"),
            *([("changed", self._changed())] if self.has_previous else []),
        ]
        if self.profile_unions:
            rows.append(("by profile", f"{_count(self.profile_unions, 'union')} of clusters whose profiles agree"))
        if self.refusals:
            rows.append(("refused", f"{_count(self.refusals, 'link')} that a limit, a decision or a conflict forbids"))
        if self.generic:
            rows.append(
                ("shared by many", ", ".join(f"{_count(count, 'value')} of {name}" for name, count in self.generic.items()))
            )
        if weak := self.classes.get("weak"):
            rows.append(("weak", f"{_count(weak, 'value')} of many records, none of which says whose they are"))
        rows.append(("rejected", _count(sum(self.rejects.values()), "value")))
        rows += [("", f"{count:,} × {reason}") for reason, count in list(self.rejects.items())[:6]]
        if len(self.rejects) > 6:
            rows.append(("", f"and {len(self.rejects) - 6} more reasons in .rejects"))
        rows += [("note", note) for note in self.notes]
        rows.append(("seconds", "  ".join(f"{name} {value:.2f}" for name, value in self.seconds.items())))
        rows.append(("", f"total {sum(self.seconds.values()):.2f}"))
        rows.append(("memory", str(self.memory)))
        return text_table(("omniid", ""), rows)

    def _changed(self) -> str:
        told = ", ".join(f"{count:,} {kind}" for kind, count in self.changes.items())
        return f"{told or 'nothing'} since the earlier result"


def _expected(expected: Expected) -> tuple[str, str]:
    """Precision and recall with what they mean."""
    if math.isnan(expected.precision) or math.isnan(expected.recall):
        return "nothing, as no two records are linked", "precision and recall need links"
    wrong = _count(round(expected.pairs - expected.right), "pair")
    missed = _count(round(expected.missed), "pair")
    return (
        f"precision {expected.precision:.3f}: {wrong} of {expected.pairs:,} in one cluster are different people",
        f"recall {expected.recall:.3f}: {missed} of one person are apart; more where records have nothing in common",
    )


def summarize(parts: Parts, stages: Stages, notes: Sequence[str] = ()) -> Summary:
    """Count what a run made."""
    records, scores = parts.records, parts.scores
    per_source = np.bincount(records.source, minlength=len(records.sources)).tolist()
    reasons = Counter(reason.partition(":")[0] for reason in records.rejects["reason"].to_pylist())
    bonds = find_bonds(parts)
    expected = estimate_quality(parts, bonds)
    return Summary(
        records=dict(zip(records.sources, per_source, strict=True)),
        sizes=summarize_sizes(parts.clustering.labels),
        pairs=stages.done.get("match", 0),
        links=int((scores.weight >= parts.link_at).sum()),
        to_review=len(reviewed_pairs(parts).left),
        refusals=len(parts.clustering.refusals),
        households=len(parts.households.sizes()),
        largest_household=int(parts.households.sizes().max(initial=0)),
        rejects=dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
        generic=generic_values(parts.classes),
        classes=class_counts(parts.classes),
        anonymous=Anonymous.of(parts.placement, parts.clustering.labels),
        link_at=parts.model.link_at,
        expected=expected,
        look_first=first_look(parts, bonds),
        **told_changes(parts),
        converged=parts.model.converged_,
        labels=what_labels_changed(parts.model),
        notes=[*notes, *_notes(parts, expected)],
        seconds=dict(stages.seconds),
        memory=MemoryUse(peak_memory(), stages.memory.limit, stages.spilled),
        profile_unions=len(parts.clustering.profile_unions),
        events=count_events(parts),
    )


def told_changes(parts: Parts) -> dict[str, Any]:
    """Count the changes since an earlier result, for a summary."""
    changes = Counter(changes_table(parts)["kind"].to_pylist())
    return {"changes": dict(changes), "has_previous": parts.previous is not None or bool(changes)}


def _count(n: int, one: str, more: str = "") -> str:
    """A number with its noun."""
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def unused_ids(inputs: Inputs, spec: Spec) -> list[str]:
    """Say which sources have an id column that can't name their records, so that a hash of the content does."""
    notes = []
    for frame in inputs.frames:
        declared = frame.name in spec.sources and spec.sources[frame.name].record_id is not None
        column = next((name for name in frame.table.column_names if name.casefold() in ID_NAMES), None)
        if column is not None and not declared and choose_record_id(frame.table) is None:
            notes.append(
                f"column {column!r} of {frame.name!r} is not unique or not always filled, so a hash of the content is the "
                "record id; declare another with Source(record_id=...)"
            )
    return notes


def _notes(parts: Parts, estimate: Expected) -> list[str]:
    """What went otherwise than people decided or declared, in words."""

    def named(rows: Sequence[int]) -> str:
        return " – ".join(f"{source}:{record_id}" for source, record_id in parts.records.keys(np.array(rows, np.int32)))

    found = parts.clustering
    notes = [
        f"MUST_LINK {named((one.left, one.right))} was not followed: {named(one.path)} must be one person by decisions, "
        f"and a CANNOT_LINK parts {named((one.path[0], one.path[-1]))}"
        for one in found.conflicts
    ]
    asked, expected = parts.spec.precision, estimate.precision
    missed = (
        [f"no threshold is expected to reach precision {asked:g}; the one taken comes nearest"]
        if asked is not None and expected < asked
        else []
    )
    over = [
        f"{named([row])} exceeds a limit with what decisions joined to it, or alone; left as decided"
        for row in found.overridden
    ]
    absent = [
        f"value_classes names {value!r}, which no record holds in {field!r}; write the normal form"
        for field, values in parts.spec.value_classes.items()
        for value in values
        if pc.index(parts.evidence.columns[field].vocabulary, text_scalar(value)).as_py() < 0
    ]
    listed = sorted(parts.model.duplicate_free or ())
    clean = (
        [f"no duplicates in {', '.join(listed)}, as counts say: no person has two records of one of these"] if listed else []
    )
    idle = (
        []
        if parts.plan.kinds
        else ["no column holds evidence, so nobody is linked; print(found.spec) says what was taken for what"]
    )
    return notes + missed + over + absent + clean + idle
