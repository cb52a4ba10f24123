"""`DataQuality`: how good the records are that came, and what to fix first."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from omniid.data_quality import (
    Issue,
    Measures,
    Members,
    agreement_table,
    classes_table,
    fields_table,
    find_issues,
    measure,
    rejects_table,
    sources_table,
    values_table,
)
from omniid.data_quality.wording import counted
from omniid.errors import InputError
from omniid.frames import plain_table, to_native, write_table
from omniid.frames.naming import did_you_mean
from omniid.measured_fields import classes_of, fields_to_measure
from omniid.normalization import normalize_time
from omniid.normalization.event_time import microseconds
from omniid.plain import text_table
from omniid.results import Parts
from omniid.sharing import VALUE_CLASSES
from omniid.spec import Spec
from omniid.tables import NO_TIME
from omniid.tables.arrays import arrow_array, text_array

__all__ = ["DataQuality", "data_quality_of"]

TABLES = ("issues", "sources", "fields", "agreement", "classes", "values", "rejects")
OVERALL = (("valid", "filled"), ("confirmed", "compared"), ("stale", "dated"))
SHOWN = 8  # problems that are printed
OF_A_KIND = 2  # of one kind, so that the first page shows different ones
TOP = 10  # marked values of each source, field and class that are listed
WIDTH = 12  # sources that are printed beside each other


@dataclass(frozen=True, eq=False, repr=False)
class DataQuality:
    """What the records that came are worth, per source and field; `print` it.

    Tables come as the kind of frame that went into the run, made when they are asked for.

    ============= =============================================================================================================
    `issues`      rank, source, field, problem, people, affected, records, what, example, advice: what to fix first
    `sources`     source, records, people, anonymous, several, extra, unread, first_time, last_time
    `fields`      source, field, kind, records, filled, completeness, valid, validity, values, different, uniqueness, several,
                  several_people, people, compared, confirmed, agreement, dated, stale, staleness,
                  behind_days, age_days, age_90_days, undefined
    `agreement`   source, other_source, field, people, agree, disagree, only_source, only_other, agreement
    `classes`     source, field, class, values, records, people, without_other
    `values`      source, field, class, value, records, people: those of most records of each class
    `rejects`     source, field, reason, rejects, records, people, without_other, value, times, detail
    ============= =============================================================================================================

    Parameters
    ----------
    measures
        The figures.
    spec
        The declaration, which says what a source sends.
    backend
        The kind of frames to hand out.
    examples
        Whether tables and sentences show values, which may be personal.

    Examples
    --------
    >>> import omniid
    >>> rows = [{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "ann@x"}, {"id": "3", "email": None}]
    >>> quality = omniid.resolve(rows).data_quality()
    >>> quality.fields[0]["completeness"].__round__(2), quality.fields[0]["validity"]
    (0.67, 0.5)
    """

    measures: Measures
    spec: Spec
    backend: str
    examples: bool = True

    def table(self, name: str) -> pa.Table:
        """Return one of the tables as an Arrow table.

        Parameters
        ----------
        name
            issues, sources, fields, agreement, classes, values or rejects.

        Raises
        ------
        InputError
            If there is no such table.
        """
        if name not in TABLES:
            raise InputError(f"data quality has no table {name!r}; choose from {', '.join(TABLES)}{did_you_mean(name, TABLES)}")
        if name not in self._made:
            self._made[name] = plain_table(self._makers[name]())
        return self._made[name]

    @property
    def issues(self) -> Any:
        """What to fix first: the problems by how many people would gain, each with an example and advice."""
        return to_native(self.table("issues"), self.backend)

    @property
    def sources(self) -> Any:
        """Records, people, people with several records, and rows that could not be read, per source."""
        return to_native(self.table("sources"), self.backend)

    @property
    def fields(self) -> Any:
        """Completeness, validity, uniqueness, agreement and staleness per source and field."""
        return to_native(self.table("fields"), self.backend)

    @property
    def agreement(self) -> Any:
        """How often two sources say the same of a person whom both know, per pair of sources and field."""
        return to_native(self.table("agreement"), self.backend)

    @property
    def classes(self) -> Any:
        """Values that are shared, placeholders, unreadable and the like, counted per source, field and class."""
        return to_native(self.table("classes"), self.backend)

    @property
    def values(self) -> Any:
        """Those of such values that most records hold."""
        return to_native(self.table("values"), self.backend)

    @property
    def rejects(self) -> Any:
        """Values and rows that could not be used, by source, field and reason."""
        return to_native(self.table("rejects"), self.backend)

    @cached_property
    def ranked(self) -> list[Issue]:
        """The problems as plain objects, what to fix first at the head."""
        return find_issues(self.measures, examples=self.examples)

    def to_dict(self) -> dict[str, Any]:
        """Give plain data that JSON can hold: each table as a list of rows, None where a number is undefined."""
        return {name: [_plain(row) for row in self.table(name).to_pylist()] for name in TABLES}

    def save(self, folder: str | Path, *, format: Literal["parquet", "csv"] = "parquet") -> None:  # noqa: A002  # as Resolution.save has it
        """Write all tables to a folder, one file each.

        Parameters
        ----------
        folder
            Made if it does not exist.
        format
            "parquet" or "csv".

        Raises
        ------
        InputError
            If a file can't be written.
        """
        for name in TABLES:
            write_table(self.table(name), Path(folder) / f"{name}.{format}", format=format)

    def text(self, name: str) -> str:
        """Return one of the tables as text, whole."""
        table = self.table(name)
        rows = [[_cell(value) for value in row.values()] for row in table.to_pylist()]
        return f"{name}\n{text_table(table.column_names, rows)}"

    def __repr__(self) -> str:
        return f"DataQuality({len(self.measures.members.table):,} records, {len(self.ranked):,} problems)"

    def __str__(self) -> str:
        members = self.measures.members
        now = "no event times" if self.measures.now == NO_TIME else f"ages count from {_moment(self.measures.now):%Y-%m-%d}"
        people = int(members.is_person.sum())
        head = f"data quality of {counted(len(members.table), 'record')} of {counted(people, 'person')}; {now}"
        return f"{head}\n\n{self._issues_text()}\n\n{self._sources_text()}\n\n{self._fields_text()}"

    @cached_property
    def _made(self) -> dict[str, pa.Table]:
        return {}

    @cached_property
    def _makers(self) -> Mapping[str, Callable[[], pa.Table]]:
        measures, shown = self.measures, self.examples
        return {
            "issues": lambda: _issues_table(self.ranked),
            "sources": lambda: sources_table(measures),
            "fields": lambda: fields_table(measures, self._is_sent),
            "agreement": lambda: agreement_table(measures),
            "classes": lambda: classes_table(measures),
            "values": lambda: values_table(measures, most=TOP, examples=shown),
            "rejects": lambda: rejects_table(measures, examples=shown),
        }

    def _is_sent(self, source: str, field: str) -> bool:
        declared = self.spec.sources.get(source)
        return declared is not None and field in declared.columns.values()

    def _issues_text(self) -> str:
        ranked = self.ranked
        if not ranked:
            return "nothing to fix"
        lines, kinds = ["fix first    people who would gain"], Counter[str]()
        for place, issue in enumerate(ranked, 1):
            kinds[issue.problem] += 1
            if kinds[issue.problem] <= OF_A_KIND and len(lines) < 2 * SHOWN:
                lines += [f"{place:>2}  {issue.people:>8,}  {issue}", f"{'':14}{issue.advice}"]
        if (more := len(ranked) - len(lines) // 2) > 0:
            lines.append(f"and {more:,} more in .issues")
        return "\n".join(lines)

    def _sources_text(self) -> str:
        names = ("source", "records", "people", "several", "unread")
        rows = [row for row in self.table("sources").to_pylist() if row["source"] in self._printed]
        told = text_table(
            ("source", "records", "people", "of several records", "rows unread"),
            [[_cell(row[name]) for name in names] for row in rows],
        )
        more = self.table("sources").num_rows - len(rows)
        return f"{told}\nand {more:,} more in .sources" if more else told

    @cached_property
    def _printed(self) -> set[str]:
        """The sources that are printed: those of most records."""
        rows = sorted(self.table("sources").to_pylist(), key=lambda row: (-row["records"], row["source"]))
        return {row["source"] for row in rows[:WIDTH]}

    def _fields_text(self) -> str:
        """Each field in hundredths: three shares over all sources, then how many records of each source fill it."""
        rows = self.table("fields").to_pylist()
        sources = [source for source in dict.fromkeys(row["source"] for row in rows) if source in self._printed]
        share = {(row["source"], row["field"]): row["completeness"] for row in rows}
        cells = []
        for field in (one.field.name for one in self.measures.fields):
            if here := [row for row in rows if row["field"] == field]:
                overall = [_percent(_over(here, *parts)) for parts in OVERALL]
                cells.append([field, *overall, "", *(_percent(share.get((source, field))) for source in sources)])
        return text_table(("in hundredths", "valid", "agree", "stale", " filled:", *sources), cells)


def data_quality_of(
    parts: Parts, backend: str, *, as_of: str | dt.datetime | None = None, examples: bool = True
) -> DataQuality:
    """Measure the records of a result.

    Parameters
    ----------
    parts
        The result.
    backend
        The kind of frames to hand out.
    as_of
        The moment that ages count from, as ISO 8601 text or a datetime, UTC without a zone; None: the latest event time.
    examples
        Whether to show values.

    Raises
    ------
    InputError
        If `as_of` is no moment.
    """
    is_person = np.zeros(len(parts.entity_ids), bool)
    is_person[parts.entity[parts.placement.is_person]] = True
    visited = frozenset(parts.events.sightings.sources) if parts.events is not None else frozenset[str]()
    members = Members(parts.records, parts.entity, is_person, visited)
    now = None if as_of is None else _micros(as_of)
    figures = measure(members, fields_to_measure(parts.spec, parts.records), classes_of(parts), VALUE_CLASSES, now=now)
    return DataQuality(figures, parts.spec, backend, examples)


def _micros(as_of: str | dt.datetime) -> int:
    text = as_of.isoformat() if isinstance(as_of, dt.date) else as_of
    found = normalize_time(text) if isinstance(text, str) else None
    if found is None or found.value is None:
        raise InputError(f"as_of is {as_of!r}, which is no moment; give a datetime or text such as '2024-05-06T07:08:09'")
    return int(microseconds(text_array([found.value]))[0])


def _moment(micros: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=micros)


def _issues_table(ranked: list[Issue]) -> pa.Table:
    columns: dict[str, pa.Array] = {"rank": arrow_array(np.arange(1, len(ranked) + 1))}
    for name in ("source", "field", "problem", "people", "affected", "records", "what", "example", "advice"):
        values = [getattr(one, name) for one in ranked]
        numbers = name in ("people", "affected", "records")
        columns[name] = arrow_array(np.array(values, np.int64)) if numbers else text_array(values)
    return pa.table(columns)


def _cell(value: Any) -> str:
    """A value for people."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _over(rows: list[dict[str, Any]], part: str, whole: str) -> float | None:
    """A share over several sources, None where there is nothing to share."""
    total = sum(row[whole] for row in rows)
    return sum(row[part] for row in rows) / total if total else None


def _percent(share: float | None) -> str:
    return "·" if share is None else f"{100 * share:.0f}"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    out = {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in out.items()}
