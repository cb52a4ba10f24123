"""Reading records one by one: what a spec makes of the cells of one record, without a table."""

from collections.abc import Mapping, Sequence
from operator import itemgetter

from omniid.compilation import field_plans, regions_of, separators_for
from omniid.normalization import normalize
from omniid.normalization.statements import STATEMENTS
from omniid.single_record.address_readings import PARTS, read_address
from omniid.single_record.cells import Cells, entries_of_cells
from omniid.single_record.forms import Entry, FormColumns, Forms, forms_of, packed, table_of
from omniid.single_record.person_readings import read_person
from omniid.single_record.readings import OneRecord, Reading, read_date, read_time, simple_reading
from omniid.single_record.statement_readings import read_statement
from omniid.single_record.stopping import stops_of
from omniid.spec import Spec
from omniid.stop_values import with_stop_values
from omniid.tables import FieldPlan, FrozenChoices, Model, RecordTable

__all__ = ["RecordReader"]

LATER = ("person_name", "date", "time", "address")  # kinds that are written before all others, in a table
NAME_PARTS = {"first": "first_name", "last": "last_name", "middle": "middle_name", "suffix": "name_suffix"}


class RecordReader:
    """The fields of a spec, ready to read records.

    Parameters
    ----------
    spec
        The declaration, with fields.
    model
        The model, which says how the dates of each source are read; None: day first but where the region says otherwise.

    Examples
    --------
    >>> from omniid.fields import Email
    >>> reader = RecordReader(Spec(fields=[Email()]))
    >>> reader.read("records", {"email": "Ann@x.com"})
    Forms(time=None, fields={'email': [['Ann@x.com', 'ann@x.com']]}, rejects=[])
    """

    def __init__(self, spec: Spec, model: Model | None = None) -> None:
        self.spec = spec
        self.plans = field_plans(spec, (model.frozen if model is not None else None) or FrozenChoices())
        self._regions = regions_of(spec)
        self._separators = separators_for(spec)
        named = sorted({name for plan in self.plans for name in plan.roles.values()})
        self._fields = {source: _fed(spec, source, named) for source in spec.sources}
        self._same = {name: name for name in named}
        self._readings = _readings(self.plans)
        self._stopping = stops_of(spec, self._regions)
        nothing: list[dict[str, object]] = [{"record_id": "", **dict.fromkeys(named)}]
        self.columns = FormColumns.of(normalize(RecordTable.of(nothing), self.plans))

    def read(self, source: str, cells: Cells) -> Forms:
        """The forms of one record.

        Parameters
        ----------
        source
            Where it comes from.
        cells
            Column of the source → text, number, date, a list of those, or None.

        Returns
        -------
        Forms
            As `read_table` gives them for a table of this record.
        """
        return self.read_entries(source, entries_of_cells(cells, self._fields.get(source, self._same), self._separators))

    def read_entries(self, source: str, entries: Mapping[str, Sequence[str]]) -> Forms:
        """The forms of one record whose cells have been brought to fields.

        Parameters
        ----------
        source
            Where it comes from.
        entries
            Field → its values as they were sent.
        """
        record = OneRecord(source, entries)
        for reading in self._readings:
            reading(record)
        for stop in self._stopping:
            stop(record)
        record.rejects.sort(key=_place)
        fields: dict[str, list[Entry]] = {}
        for name, triples in record.found.items():
            kept: list[Entry] = [None if triple is None else packed(*triple) for triple in triples]
            while kept[-1] is None:
                kept.pop()
            fields[name] = kept
        for name, texts in entries.items():
            if name not in fields:
                fields[name] = [[text] for text in texts]
        return Forms(record.time, fields, [[field, value, reason] for _, field, value, reason in record.rejects])

    def read_table(self, sent: RecordTable) -> list[Forms]:
        """The forms of many records at once, in the order of the table.

        Parameters
        ----------
        sent
            Records as the sources sent them.
        """
        records = normalize(sent, self.plans)
        return forms_of(with_stop_values(records, self.spec.stop_values, self.spec.fields, self._regions))

    def table_of(self, forms: Sequence[Forms], keys: Sequence[tuple[str, str]]) -> RecordTable:
        """The normalised table of records whose forms are known, with all columns of the spec; sorted by key.

        Parameters
        ----------
        forms
            One per record.
        keys
            (source, record_id) of each, in any order.
        """
        return table_of(forms, keys, self.columns, sources=self.spec.sources)


def _fed(spec: Spec, source: str, named: Sequence[str]) -> dict[str, str]:
    """Column of a source → field, as `source_columns` maps them."""
    declared = spec.sources[source].columns
    return {**{name: name for name in named if name not in declared}, **declared}


def _readings(plans: Sequence[FieldPlan]) -> list[Reading]:
    """One reading per plan, in the order in which a table is written, so that derived fields get the same names."""
    declared = {name for plan in plans for name in plan.roles.values()}
    written: set[str] = set()

    def field(said: str | None, derived: str, anchor: str) -> str:
        name = said or (f"{anchor}_{derived}" if derived in declared or derived in written else derived)
        written.add(name)
        return name

    found = []
    for place, plan in sorted(enumerate(plans), key=lambda one: (one[1].kind not in LATER, one[0])):
        said = plan.roles
        anchor = next(iter(said.values()))
        if plan.kind == "person_name":
            parts = [part for part in NAME_PARTS if part in ("middle", "suffix") or part in said or "full" in said]
            found.append(read_person(said, place, {part: field(said.get(part), NAME_PARTS[part], anchor) for part in parts}))
        elif plan.kind == "date":
            found.append(read_date(plan, place, field(said.get("date"), "birth_date", anchor)))
        elif plan.kind == "time":
            found.append(read_time(plan, place))
        elif plan.kind == "address":
            found.append(read_address(said, place, {part: field(said.get(part), part, anchor) for part in PARTS}))
        elif plan.kind in STATEMENTS:
            found.append(read_statement(plan, place))
        else:
            name = said[plan.kind]
            masked = field(None, f"masked_{name}", name) if plan.kind == "email" else ""
            found.append(simple_reading(plan.kind, name, place, plan.regions, masked))
    return found


_place = itemgetter(0)
