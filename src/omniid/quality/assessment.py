"""`Assessment`: how good a result is, measured where the truth is known and expected where it is not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import InputError
from omniid.evaluation import KnownLabels, Report, SampleEstimate
from omniid.expectation import Expected
from omniid.explanation import explain_records
from omniid.frames import plain_table, to_native
from omniid.plain import text_table
from omniid.quality.bonds import Bonds, find_bonds
from omniid.quality.breakdown import field_table, source_table
from omniid.quality.doubts import doubts_table
from omniid.quality.estimate import estimate_quality
from omniid.quality.mistakes import REASONS, over_merges_table, under_merges_table
from omniid.quality.sweep import sweep_table
from omniid.results import Parts

__all__ = ["Assessment", "Example"]

SHOWN = 5  # lines of a printed table
TABLES = ("over_merges", "under_merges", "by_source", "by_field", "sweep", "doubts")
WITHOUT_TRUTH = ("sweep", "doubts")


@dataclass(frozen=True)
class Example:
    """A mistake with the explanation of the pair that shows it.

    Parameters
    ----------
    kind
        "over-merge" or "under-merge".
    about
        What is wrong, in words.
    explanation
        Why the two records of the pair are linked, or why they are not.

    Examples
    --------
    >>> print(Example("over-merge", "entity 8abf holds 2 people", "Linked directly."))
    over-merge: entity 8abf holds 2 people
    Linked directly.
    """

    kind: str
    about: str
    explanation: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.about}\n{self.explanation}"


@dataclass(frozen=True, eq=False)
class Assessment:
    """How good a result is; `print` it.

    Tables come as the kind of frame that went into the run, made when they are asked for.

    Parameters
    ----------
    parts
        The result.
    truth
        The true entity of each record, None where nobody knows.
    report
        The measures against the truth; None without it.
    sample
        Estimates of the measures of all clusters, where the truth knows only a part of the records; else None.
    shown
        How many examples of each kind to explain.
    backend
        The kind of frames to hand out.

    Examples
    --------
    >>> import omniid
    >>> rows = [{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "ann@x.com"}, {"id": "3", "email": "bob@x.com"}]
    >>> found = omniid.resolve(rows).evaluate([{"id": str(number), "cluster": "a"} for number in (1, 2, 3)])
    >>> found.report.pairwise.recall.__round__(2), found.under_merges[0]["reason"]
    (0.33, 'never compared, or far below it')
    """

    parts: Parts
    truth: KnownLabels | None
    report: Report | None
    sample: SampleEstimate | None
    shown: int
    backend: str

    def table(self, name: str) -> pa.Table:
        """Return one of the tables as an Arrow table, its text as plain text.

        Parameters
        ----------
        name
            over_merges, under_merges, by_source, by_field (these need a truth), sweep or doubts.

        Raises
        ------
        InputError
            If there is no such table, or it needs a truth.
        """
        if name not in TABLES:
            raise InputError(f"an assessment has no table {name!r}; choose from {', '.join(TABLES)}")
        if self.truth is None and name not in WITHOUT_TRUTH:
            raise InputError(f"{name} needs a truth; pass one: found.evaluate(truth)")
        return plain_table(self._made(name))

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that there are."""
        return WITHOUT_TRUTH if self.truth is None else TABLES

    @cached_property
    def expected(self) -> Expected:
        """Precision and recall to expect of the clusters, without looking at the truth."""
        return estimate_quality(self.parts, self._bonds)

    @property
    def over_merges(self) -> Any:
        """Clusters that hold several people, the worst first, each with the link that joined them."""
        return to_native(self.table("over_merges"), self.backend)

    @property
    def under_merges(self) -> Any:
        """People in several clusters, the worst first, each with what kept them apart."""
        return to_native(self.table("under_merges"), self.backend)

    @property
    def by_source(self) -> Any:
        """Precision and recall of pairs by their two sources."""
        return to_native(self.table("by_source"), self.backend)

    @property
    def by_field(self) -> Any:
        """How often each comparison agrees in right links, wrong links and missed pairs."""
        return to_native(self.table("by_field"), self.backend)

    @property
    def sweep(self) -> Any:
        """Precision, recall and F1 over the threshold."""
        return to_native(self.table("sweep"), self.backend)

    @property
    def doubts(self) -> Any:
        """Clusters by the number of pairs that are expected to be wrong, each with the link to look at first."""
        return to_native(self.table("doubts"), self.backend)

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The worst mistakes of both kinds, explained."""
        if self.truth is None:
            return ()
        told = []
        for row in self.table("over_merges").slice(0, self.shown).to_pylist():
            about = f"entity {row['entity_id']} holds {row['people']:,} people, {row['wrong_pairs']:,} wrong pairs"
            told.append(Example("over-merge", about, self._explained(row)))
        for row in self.table("under_merges").slice(0, self.shown).to_pylist():
            about = f"{row['true_id']} stands in {row['clusters']:,} clusters, {row['missed_pairs']:,} pairs missed"
            about += f" ({row['reason']})"
            told.append(Example("under-merge", about, self._explained(row)))
        return tuple(told)

    def to_dict(self) -> dict[str, Any]:
        """Give plain data that JSON can hold: measures, expectations, tables (of mistakes `shown` rows), examples."""
        plain: dict[str, Any] = {"expected": _plain(self.expected._asdict())}
        if self.report is not None:
            plain["measured"] = self.report.to_dict()
        if self.sample is not None:
            told = self.sample
            intervals = {name: _plain(getattr(told, name)._asdict()) for name in ("precision", "recall")}
            plain["sample"] = {"of": told.of, "drawn": told.drawn, **intervals}
        for name in self.tables:
            table = self.table(name)
            plain[name] = (table if name in ("by_source", "by_field", "sweep") else table.slice(0, self.shown)).to_pylist()
        plain["examples"] = [vars(one) for one in self.examples]
        return plain

    def text(self, name: str) -> str:
        """Return one of the tables as text, whole."""
        table = self.table(name)
        rows = [[_cell(value) for value in row.values()] for row in table.to_pylist()]
        return f"{name}\n{text_table(table.column_names, rows)}"

    def __str__(self) -> str:
        told = [str(self.report)] if self.report is not None else []
        if self.sample is not None:
            drawn = f"{self.sample.drawn:,} {self.sample.of}"
            told.append(
                f"of all      precision {self.sample.precision}, recall {self.sample.recall}: 95 in 100, if the {drawn} of the "
                "truth were drawn at random and are listed whole"
            )
        told.append(self._expected_text())
        if self.truth is not None:
            told += [self._missed_text(), *(f"\n{part}" for part in (self._sources_text(), self._fields_text()) if part)]
        told.append(f"\n{self._sweep_text()}")
        told += [f"\n{one}" for one in self.examples]
        return "\n".join(told)

    @cached_property
    def _bonds(self) -> Bonds:
        return find_bonds(self.parts)

    @cached_property
    def _cache(self) -> dict[str, pa.Table]:
        return {}

    def _made(self, name: str) -> pa.Table:
        if name not in self._cache:
            self._cache[name] = self._make(name)
        return self._cache[name]

    def _make(self, name: str) -> pa.Table:
        parts, truth = self.parts, self.truth
        if name == "doubts":
            return doubts_table(parts, self._bonds)
        if name == "sweep" or truth is None:
            return sweep_table(parts, self.expected, None if truth is None else truth.labels)
        makers = {
            "over_merges": lambda: over_merges_table(parts, truth, self._bonds),
            "under_merges": lambda: under_merges_table(parts, truth),
            "by_source": lambda: source_table(parts, truth.labels),
            "by_field": lambda: field_table(parts, truth.labels),
        }
        return makers[name]()

    def _explained(self, row: dict[str, Any]) -> str:
        left, right = ((row[f"{side}_source"], row[f"{side}_record_id"]) for side in ("left", "right"))
        return str(explain_records(self.parts, left, right))

    def _expected_text(self) -> str:
        expected = self.expected
        if math.isnan(expected.precision) or math.isnan(expected.recall):
            return "expected    nothing, as no two records are linked"
        return (
            f"expected    precision {expected.precision:.4f}, recall {expected.recall:.4f}, f1 {expected.f1:.4f}, "
            f"{expected.wrong_merges:,.0f} wrong merges, without looking at a truth"
        )

    def _missed_text(self) -> str:
        table = self._made("under_merges")
        counts = [pc.sum(table[f"{name}_pairs"]).as_py() or 0 for name in ("refused", "below", "far")]
        told = ", ".join(f"{count:,} {reason}" for count, reason in zip(counts, REASONS, strict=True))
        return f"missed      {sum(counts):,} pairs: {told}"

    def _sources_text(self) -> str:
        table = self._made("by_source")
        rows = [row for row in table.slice(0, SHOWN).to_pylist() if row["wrong_pairs"] + row["missed_pairs"]]
        names = ("source", "other_source", "wrong_pairs", "missed_pairs", "precision", "recall")
        return text_table(names, [[_cell(row[name]) for name in names] for row in rows]) if rows else ""

    def _fields_text(self) -> str:
        names = ("comparison", "right_agrees", "wrong_agrees", "missed_agrees", "missed_differs", "missed_missing")
        rows = self._made("by_field").to_pylist()
        return text_table(names, [[_cell(row[name]) for name in names] for row in rows]) if rows else ""

    def _sweep_text(self) -> str:
        rows = self._made("sweep").to_pylist()
        measure = "f1" if self.truth is not None else "expected_f1"
        best = max(rows, key=lambda row: (row[measure] or 0.0, row["chosen"]))
        chosen = next(row for row in rows if row["chosen"])
        names: Sequence[str] = ("link_at", "clusters", "expected_precision", "expected_recall", "expected_f1")
        names = (*names, *(("precision", "recall", "f1", "pair_precision", "pair_recall") if self.truth is not None else ()))
        near = [row for row in rows if row in (best, chosen) or row["link_at"] % 5 == 0]
        told = text_table(names, [[_cell(row[name]) for name in names] for row in near])
        where = f"at {best['link_at']:+.1f} bits; chosen {chosen['link_at']:+.1f} bits"
        return f"{told}\nbest {measure} {_cell(best[measure])} {where}"


def _cell(value: Any) -> str:
    """A number for people."""
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _plain(numbers: dict[str, Any]) -> dict[str, Any]:
    """Numbers for JSON: None where undefined."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in numbers.items()}
