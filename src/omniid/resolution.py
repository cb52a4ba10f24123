"""The result of a batch run: who is who, golden profiles, and the evidence behind both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from omniid.answers import EntityExplanation, PairExplanation, ValueExplanation
from omniid.blocking import Audit, audit, rule_from_dict
from omniid.changes import changes_table, redirects_table
from omniid.decisions import write_decisions
from omniid.entity_ids import ledger_tables
from omniid.errors import InputError
from omniid.evaluation import true_labels
from omniid.explanation import explain_cluster, explain_records, explain_value
from omniid.frames import plain_table, to_native, write_table
from omniid.results import Parts, crosswalk_table, pairs_table, records_table, refusals_table, review_table
from omniid.sharing import value_classes_table
from omniid.spec import Spec
from omniid.summary import Summary
from omniid.tables import Model

__all__ = ["Resolution"]

Key = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Resolution:
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
    >>> print(found.explain(("records", "1"), ("records", "2")).reason)
    Linked directly.
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

    def table(self, name: str) -> pa.Table:
        """Return one of the results as an Arrow table, its text as plain text.

        Parameters
        ----------
        name
            crosswalk, profiles, provenance, scored_pairs, refusals, review, value_classes, rejects, changes or redirects.

        Raises
        ------
        InputError
            If there is no result of that name.
        """
        return plain_table(self._coded(name))

    def _coded(self, name: str) -> pa.Table:
        """One of the results with its text as codes into what the run holds already."""
        makers = {
            "crosswalk": lambda: crosswalk_table(self.parts),
            "profiles": lambda: self.parts.golden.entities,
            "provenance": lambda: self.parts.golden.provenance,
            "scored_pairs": lambda: pairs_table(self.parts),
            "refusals": lambda: refusals_table(self.parts, self.parts.clustering.refusals),
            "review": lambda: review_table(self.parts),
            "value_classes": lambda: value_classes_table(self.parts.evidence, self.parts.classes),
            "rejects": lambda: self.parts.records.rejects,
            "changes": lambda: self._changes,
            "redirects": lambda: redirects_table(self.parts.ledger),
        }
        if name not in makers:
            raise InputError(f"there is no result {name!r}; choose from {', '.join(makers)}")
        return makers[name]()

    @cached_property
    def crosswalk(self) -> Any:
        """Record → entity: source, record_id, entity_id, entity_kind."""
        return to_native(self.table("crosswalk"), self.backend)

    @cached_property
    def profiles(self) -> Any:
        """One golden row per entity."""
        return to_native(self.table("profiles"), self.backend)

    @cached_property
    def provenance(self) -> Any:
        """Where every value comes from, surviving and losing ones."""
        return to_native(self.table("provenance"), self.backend)

    @cached_property
    def scored_pairs(self) -> Any:
        """Pairs with their match weight and agreement levels, those to review included."""
        return to_native(self.table("scored_pairs"), self.backend)

    @cached_property
    def refusals(self) -> Any:
        """Links that a limit or a decision forbade."""
        return to_native(self.table("refusals"), self.backend)

    @cached_property
    def review(self) -> Any:
        """Pairs that a person should decide."""
        return to_native(self.table("review"), self.backend)

    @cached_property
    def value_classes(self) -> Any:
        """Values that are not one person's own: field, value, class, people, records, reason."""
        return to_native(self.table("value_classes"), self.backend)

    @cached_property
    def rejects(self) -> Any:
        """Values and rows that could not be used, each with its reason."""
        return to_native(self.table("rejects"), self.backend)

    @cached_property
    def changes(self) -> Any:
        """What became of every entity since `previous`: kind, entity_id, the ids before and after, and the cause.

        An entity is "created", "extended" (records came), "merged", "split", "updated" (its profile changed, or records went)
        or "erased" (its records are gone). Without `previous` there is nothing to tell.
        """
        return to_native(self.table("changes"), self.backend)

    @cached_property
    def redirects(self) -> Any:
        """Ids that name nobody now, and the id that took their place; null where the records are gone."""
        return to_native(self.table("redirects"), self.backend)

    @cached_property
    def _changes(self) -> pa.Table:
        return changes_table(self.parts)

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

    def audit(self, truth: Any = None) -> Audit:
        """Count what the blocking rules of this run made: pairs per rule, largest blocks, what was left out.

        Parameters
        ----------
        truth
            A crosswalk, as `evaluate` takes it; with it pairs completeness, pairs quality and reduction ratio are given.

        Returns
        -------
        Audit
            Plain numbers; `print` it.

        Raises
        ------
        InputError
            If the truth can't be read.
        """
        rules = [rule_from_dict(rule) for rule in self.parts.model.rules]
        labels = None if truth is None else true_labels(self.table("crosswalk"), truth)
        return audit(self.parts.evidence, rules, labels)

    def save(self, folder: str | Path, *, format: Literal["parquet", "csv"] = "parquet") -> None:  # noqa: A002  # the word that users and the CLI say
        """Write all results to a folder, with the records, decisions, spec and model that made them, for `omniid.load`.

        The id ledger is written too, so that a later run keeps the ids: ``resolve(data, previous=folder)``.

        Parameters
        ----------
        folder
            Made if it does not exist.
        format
            "parquet" or "csv".
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        _ = self._changes  # before what they compare with may be overwritten
        longest = ("provenance", "scored_pairs", "profiles", "crosswalk")
        names = (*longest, "value_classes", "refusals", "review", "rejects", "changes")
        tables: dict[str, Callable[[], pa.Table]] = {f"{name}.{format}": partial(self._coded, name) for name in names}
        tables["records.parquet"] = partial(records_table, self.parts.sent)
        for name, table in ledger_tables(self.parts.ledger).items():
            tables[f"{name}.parquet"] = partial(_itself, table)
        tables["unread.parquet"] = lambda: self.parts.sent.rejects

        def write(name: str) -> None:
            write_table(tables[name](), folder / name, format="parquet" if name.endswith(".parquet") else "csv")

        with ThreadPoolExecutor(2) as pool:  # Arrow writes without holding Python up
            list(pool.map(write, tables))
        write_decisions(self.parts.decisions, folder / "decisions.jsonl")
        self.spec.save(folder / "spec.toml")
        self.model.save(folder / "model.json")


def _itself(table: pa.Table) -> pa.Table:
    return table
