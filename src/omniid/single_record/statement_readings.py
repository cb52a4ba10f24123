"""What one record says of its own contact values, and when it was said: the twin of `write_statement`."""

from functools import lru_cache

from omniid.normalization.statements import STATEMENTS
from omniid.single_record.readings import MEMO, OneRecord, Reading, Triple, dates_of, read_moment
from omniid.tables import FieldPlan

__all__ = ["read_statement"]


def read_statement(plan: FieldPlan, place: int) -> Reading:
    """The reading of a statement; it is no value of a profile, so that nothing is shown.

    Parameters
    ----------
    plan
        The field's plan.
    place
        Its place among the plans.

    Examples
    --------
    >>> record = OneRecord("web", {"ok": ["yes"]})
    >>> read_statement(FieldPlan("consent", {"consent": "ok"}), 0)(record)
    >>> record.found
    {'ok': [('yes', 'granted', None)]}
    """
    name, when = plan.roles[plan.kind], plan.roles.get("time")
    scalar, of_source = lru_cache(MEMO)(STATEMENTS[plan.kind]), dates_of(plan)

    def read(record: OneRecord) -> None:
        entries: list[Triple | None] = []
        for value in record.raw.get(name, ()):
            form = scalar(value)
            record.reject(place, name, value, form)
            entries.append((value, form.value, None))
        record.write(name, entries)
        if when is None or when in record.found:  # several statements may be dated by one column
            return
        moments: list[Triple | None] = []
        order = of_source(record.source).order
        for value in record.raw.get(when, ()):
            form, _ = read_moment(value, order)
            record.reject(place, when, value, form)
            moments.append((value, form.value, None))
        record.write(when, moments)

    return read
