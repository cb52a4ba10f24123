"""The result of a batch run: who is who, golden profiles, and the evidence behind both."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from omniid.answers import EntityExplanation, PairExplanation, ValueExplanation
from omniid.blocking import Audit, audit
from omniid.crowding import frozen_keys
from omniid.decisions import write_decisions
from omniid.entity_decisions import merge_decisions, split_decisions
from omniid.errors import InputError
from omniid.explanation import explain_cluster, explain_records, explain_value
from omniid.frames import write_table
from omniid.limit_rules import LimitRule
from omniid.missed_pairs import MissedPairs, find_missed, rules_of
from omniid.result_uses import ResultUses
from omniid.results import Parts, kept_tables, members_of
from omniid.review import write_review_sheet
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.summary import Summary, summarize
from omniid.tables import Decision, Model
from omniid.what_if import Difference, changed_parts

if TYPE_CHECKING:
    from omniid.quality.assessment import Assessment

__all__ = ["Resolution"]

Key = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Resolution(ResultUses):
    """What `resolve` found.

    Frames come out as the kind that went in (pandas for files), made when they are asked for.

    Parameters
    ----------
    parts
        What the stages made; the properties below show it.
    summary
        Counts and times; `print(found)` shows it.
    backend
        The kind of frame that went in.

    Examples
    --------
    >>> import omniid
    >>> found = omniid.resolve([{"id": "1", "email": "ann@example.com"}, {"id": "2", "email": "ANN@example.com"}])
    >>> found
    Resolution(2 records, 1 people)
    >>> found.explain(("records", "1"), ("records", "2")).is_linked
    True
    """

    parts: Parts
    summary: Summary
    backend: str

    @property
    def spec(self) -> Spec:
        """The declaration: print it, edit it, save it, run it again."""
        return self.parts.spec

    @property
    def model(self) -> Model:
        """The learned numbers: weights, prior, thresholds, block plan."""
        return self.parts.model

    def __str__(self) -> str:
        return str(self.summary)

    def __repr__(self) -> str:
        return f"Resolution({len(self.parts.records):,} records, {self.summary.people:,} people)"

    def explain(self, a: Key, b: Key) -> PairExplanation:
        """Explain why two records are one person, or why they are not.

        Parameters
        ----------
        a, b
            Record keys (source, record_id).

        Returns
        -------
        PairExplanation
            The path of links between them with the evidence of each step; for records that are not linked, their own
            evidence and what stands between them. `print` it.

        Raises
        ------
        InputError
            If a record is not in the result.
        """
        return explain_records(self.parts, a, b)

    def explain_entity(self, entity_id: str, field: str | None = None) -> EntityExplanation | ValueExplanation:
        """Explain how an entity came to be, or why a field of its profile has its value.

        Raises
        ------
        InputError
            If there is no such entity, or it has no value of that field.
        """
        return explain_cluster(self.parts, entity_id) if field is None else explain_value(self.parts, entity_id, field)

    def split(
        self, entity_id: str, parts: Iterable[Iterable[Key]], *, author: str = "", reason: str = "", time: str = ""
    ) -> tuple[Decision, ...]:
        """Return the decisions that split an entity; pass them to `what_if`, or to `resolve` with those before.

        Parameters
        ----------
        entity_id
            The entity.
        parts
            Two parts or more, each of record keys of the entity. Records that no part names follow the evidence.
        author, reason, time
            Who decided, why, and when as ISO 8601 text: the newest decision on a pair counts.

        Returns
        -------
        tuple of Decision
            CANNOT_LINK across the parts and MUST_LINK within each; they outlive every later run, and deleted records.

        Raises
        ------
        InputError
            If there is no such entity, or a part names a record that is not of it or stands in another part too.
        """
        members = members_of(self.parts, entity_id)
        return split_decisions(members, parts, author=author, reason=reason, time=time)

    def merge(self, entity_id: str, other: str, *, author: str = "", reason: str = "", time: str = "") -> tuple[Decision, ...]:
        """Return the decision that makes two entities one: a MUST_LINK between all their records.

        Raises
        ------
        InputError
            If there is no such entity, or both are the same.
        """
        if entity_id == other:
            raise InputError(f"merge names entity {entity_id!r} twice; name two different ones")
        sides = [members_of(self.parts, one) for one in (entity_id, other)]
        return merge_decisions(*sides, author=author, reason=reason, time=time)

    def write_review(self, path: str | Path, *, limit: int | None = None) -> int:
        """Write the review queue as a CSV file for people, the most likely pairs first, and return their number.

        Both records stand side by side. Fill the column `decision` with same, different or unsure, and pass the file as
        ``decisions=`` to `resolve`, or to `read_decisions`.

        Parameters
        ----------
        path
            The file.
        limit
            At most so many pairs.

        Raises
        ------
        InputError
            If the file can't be written.
        """
        return write_review_sheet(self.parts, path, limit=limit)

    def what_if(
        self,
        *,
        limits: Sequence[LimitRule] | None = None,
        decisions: Decision | Iterable[Decision] | str | Path | None = None,
        link_at: float | None = None,
        value_classes: Mapping[str, Mapping[str, str]] | None = None,
    ) -> "Difference[Resolution]":
        """Return the difference that a change would make, without matching again.

        Records are clustered again from the pairs that were scored. Pairs are compared again only where a value's class
        changes, or where a decision or a limit tells records apart that were copies of each other. The answer is that of a
        full run with this model and the change.

        Parameters
        ----------
        limits
            What no cluster may exceed, in place of the limits so far.
        decisions
            What people decided, beside the decisions so far; an UNDO withdraws one of those.
        link_at
            Another threshold in bits; at least the model's `review_at`, as weaker pairs were not kept.
        value_classes
            Field → value in its normal form → "shared" (evidence for nobody) or "personal", beside those so far.

        Returns
        -------
        Difference
            What would be created, merged and split, with the ids before and after; `print` it. Its ``apply()`` returns the
            changed result.

        Raises
        ------
        InputError
            If no record of one side of a decision is there, no record holds the value, or the threshold is too low.
        SpecError
            If a limit or a class does not fit the data.
        """
        stages = Stages()
        changes: dict[str, Any] = {"limits": limits, "decisions": decisions, "link_at": link_at, "value_classes": value_classes}
        parts = changed_parts(self.parts, stages, **changes)
        summary = replace(summarize(parts, stages), pairs=self.summary.pairs)
        return Difference(self.parts, parts, Resolution(parts, summary, self.backend), self.backend)

    def audit(self, truth: Any = None) -> Audit:
        """Count what the blocking rules of this run made: pairs per rule, largest blocks, what was left out.

        Parameters
        ----------
        truth
            A crosswalk, as `evaluate` takes it; with it pairs completeness, pairs quality and reduction ratio are given.
            Without it, the pairs completeness to expect, from records that a third one ties together.

        Returns
        -------
        Audit
            Plain numbers; `print` it. `missed_pairs` looks for what the rules miss.

        Raises
        ------
        InputError
            If the truth can't be read.
        """
        from omniid.evaluation import true_labels  # here: resolving needs no evaluation, and it loads a frame library

        rules = rules_of(self.parts)
        labels = None if truth is None else true_labels(self.table("crosswalk"), truth)
        found = audit(self.parts.evidence, rules, labels, crowded=frozen_keys(self.parts.spec, self.parts.model))
        return replace(found, expected_completeness=self.summary.expected.seen)

    def missed_pairs(self, records: int = 100) -> MissedPairs:
        """Compare some records with all others, whatever the blocking rules say, and tell what the rules miss.

        Parameters
        ----------
        records
            Records to draw, by a hash; fewer where they would make more than two million pairs.

        Returns
        -------
        MissedPairs
            Plain numbers and the surest examples; `print` it.

        Raises
        ------
        SpecError
            If no record is to be drawn.

        Examples
        --------
        >>> import omniid
        >>> rows = [{"id": str(i), "email": "ann@x.com", "birth_date": f"198{i}-05-06"} for i in range(3)]
        >>> omniid.resolve(rows).missed_pairs().compared
        3
        """
        return find_missed(self.parts, records=records)

    def evaluate(self, truth: Any = None, *, examples: int = 3, by_size: bool = False) -> "Assessment":
        """Say how good the result is: measured against a truth, and expected without one.

        Parameters
        ----------
        truth
            A crosswalk, as `omniid.evaluate` takes it. One that knows only some people, with all of their records, or only some
            clusters, gives estimates with intervals, too. None: only what is expected.
        examples
            How many over-merges and under-merges to explain.
        by_size
            Whether the people or clusters of such a part came by drawing records, so that larger ones came more often.

        Returns
        -------
        Assessment
            Measures, expectations, the worst mistakes explained, where they come from, the threshold sweep; `print` it.

        Raises
        ------
        InputError
            If the truth can't be read, or knows none of the records.
        """
        from omniid.quality.assess import assess_result  # here: resolving needs no truth, and reading one loads a frame library

        return assess_result(self.parts, truth, examples=examples, backend=self.backend, by_size=by_size)

    def save(self, folder: str | Path, *, format: Literal["parquet", "csv"] = "parquet") -> None:  # noqa: A002  # the word that users and the CLI say
        """Write all results to a folder, with the records, decisions, spec and model that made them, for `omniid.load`.

        The id ledger is written too, so that a later run keeps the ids: ``resolve(data, previous=folder)``.

        Parameters
        ----------
        folder
            Made if it does not exist. Tables that an earlier result left there in the other format are removed.
        format
            "parquet" or "csv".

        Raises
        ------
        InputError
            If a classifier weighed the pairs, which could not be opened again.
        """
        if self.parts.weighed_by:
            raise InputError(
                f"a result weighed by a {self.parts.weighed_by} can't be saved, as it could not be opened again; write its "
                "tables, such as found.crosswalk and found.profiles, or save the result before it"
            )
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        _ = self.told_changes  # before what is compared with is overwritten
        tables: dict[str, Callable[[], pa.Table]] = {f"{name}.{format}": partial(self.coded, name) for name in self.saved}
        tables |= {f"{name}.parquet": make for name, make in kept_tables(self.parts).items()}
        tables |= self.event_files(folder, format)

        def write(names: Sequence[str]) -> None:
            for name in names:
                write_table(tables[name](), folder / name, format="parquet" if name.endswith(".parquet") else "csv")

        book = [f"contacts.{format}", f"consent.{format}"]  # both from one contact book, which is made once
        jobs = [book if name == book[0] else [name] for name in tables if name != book[1]]
        with ThreadPoolExecutor(2) as pool:  # Arrow writes without holding Python up
            list(pool.map(write, jobs))
        for name in self.saved:  # an earlier result in the other format would be taken for this one's
            (folder / f"{name}.{'csv' if format == 'parquet' else 'parquet'}").unlink(missing_ok=True)
        write_decisions(self.parts.decisions, folder / "decisions.jsonl")
        self.spec.save(folder / "spec.toml")
        self.model.save(folder / "model.json")
