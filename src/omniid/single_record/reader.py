"""Reading records one by one: what a spec makes of the cells of one record, without a table."""

from collections.abc import Sequence

from omniid.compilation import field_plans, regions_of
from omniid.normalization import normalize
from omniid.single_record.forms import FormColumns, Forms, forms_of, table_of
from omniid.spec import Spec
from omniid.stop_values import with_stop_values
from omniid.tables import RecordTable

__all__ = ["RecordReader"]


class RecordReader:
    """The fields of a spec, ready to read records.

    Parameters
    ----------
    spec
        The declaration, with fields.

    Examples
    --------
    >>> from omniid.fields import Email
    >>> reader = RecordReader(Spec(fields=[Email()]))
    >>> reader.read_table(RecordTable.of([{"record_id": "1", "email": "Ann@x.com"}]))
    [Forms(time=None, fields={'email': [['Ann@x.com', 'ann@x.com']]}, rejects=[])]
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.plans = field_plans(spec)
        named = sorted({name for plan in self.plans for name in plan.roles.values()})
        nothing: list[dict[str, object]] = [{"record_id": "", **dict.fromkeys(named)}]
        self.columns = FormColumns.of(normalize(RecordTable.of(nothing), self.plans))

    def read_table(self, sent: RecordTable) -> list[Forms]:
        """The forms of many records at once, in the order of the table.

        Parameters
        ----------
        sent
            Records as the sources sent them.
        """
        records = normalize(sent, self.plans)
        return forms_of(with_stop_values(records, self.spec.stop_values, self.spec.fields, regions_of(self.spec)))

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
