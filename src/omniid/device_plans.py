"""Devices and declarations: which columns name devices, who a record names, and whose the anonymous records are."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from omniid.clustering import Admission, connected_components
from omniid.declarations import Field
from omniid.devices import Placement, device_values, place_anonymous, policy_from_plain
from omniid.errors import SpecError
from omniid.fields import kind_of, tells_time
from omniid.meeting import is_evidence
from omniid.spec import Spec
from omniid.tables import NO_TIME, Limit, RecordTable, Rows

__all__ = ["check_devices", "device_kinds", "names_somebody", "naming_columns", "place_records"]

NAMES = ("first_name", "middle_name", "last_name")
COMPANIES = ("company",)  # where no column names persons, the records are of organizations


def device_kinds(spec: Spec) -> dict[str, str]:
    """Map the columns that hold devices, and may say so in this run, to the kind of device.

    Examples
    --------
    >>> from omniid.fields import Identifier
    >>> device_kinds(Spec(fields=[Identifier("visitor", kind="cookie"), Identifier("card", kind="loyalty")]))
    {'visitor': 'cookie'}
    """
    out: dict[str, str] = {}
    for field in spec.fields:
        kind = kind_of(field) if is_evidence(field, spec.purpose) else None
        if kind is not None:
            out |= {column: kind.name for column, wider in field.columns().items() if wider == "device"}
    return out


def check_devices(spec: Spec, table: RecordTable) -> None:
    """Refuse a device policy that can't work, before the long work starts.

    Raises
    ------
    SpecError
        If there is a policy without devices or without event times, or a comparison reads a device.
    """
    devices = device_kinds(spec)
    for comparison in spec.comparisons or ():
        if read := sorted(set(comparison.fields) & set(devices)):
            raise SpecError(
                f"comparison {comparison.name!r} reads {read[0]!r}, a {devices[read[0]]}: no evidence between persons; "
                "leave the comparison out, or declare the column as another kind if it names a person"
            )
    policy = policy_from_plain(spec.devices)
    if not policy.needs_times:
        return
    if not devices:
        raise SpecError(
            f"devices={str(policy)!r}, but no field holds devices; declare one, such as Identifier('cookie', kind='cookie'), "
            "or leave devices out"
        )
    if len(table) and (table.time == NO_TIME).all() and not tells_time(spec.fields):
        raise SpecError(
            f"devices={str(policy)!r} needs event times, and no record has one; declare Timestamp(column), "
            "or leave devices='unassigned'"
        )


def names_somebody(table: RecordTable, spec: Spec, evidence: Collection[str]) -> npt.NDArray[np.bool_]:
    """Tell which records hold a name (a company, where no column names persons), or a value that is meant to name one.

    Parameters
    ----------
    table
        Records as matching sees them: values that too many people share are missing.
    spec
        The declaration: strong and unique identifiers, and names, say who somebody is.
    evidence
        The columns that are evidence in this run.

    Returns
    -------
    numpy.ndarray
        bool per row. Where no column could name anybody, the data is of another sort, and every record stands for something.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "email": "a@x.com"}, {"record_id": "2", "city": "Omsk"}])
    >>> from omniid.fields import Address, Email
    >>> names_somebody(table, Spec(fields=[Email(), Address(city="city")]), ["email", "city"]).tolist()
    [True, False]
    """
    naming = naming_columns(spec, evidence)
    out = np.full(len(table), not naming)
    for column in naming:
        out[table.columns[column].present()[0]] = True
    return out


def naming_columns(spec: Spec, evidence: Collection[str]) -> list[str]:
    """The columns of which a value says who somebody is.

    Examples
    --------
    >>> from omniid.fields import Address, Email
    >>> naming_columns(Spec(fields=[Email(), Address(city="city")]), ["email", "city"])
    ['email']
    """
    kinds = [(column, kind, field) for field in spec.fields for column, kind in field.columns().items() if column in evidence]
    names = NAMES if any(kind in NAMES for _, kind, _ in kinds) else COMPANIES
    return [column for column, kind, field in kinds if kind in names or _links(field)]


def _links(field: Field) -> bool:
    kind = kind_of(field)
    return kind is not None and kind.links


def place_records(
    table: RecordTable, spec: Spec, evidence: Collection[str], limits: Sequence[Limit], cannot: Rows, labels: Rows
) -> Placement:
    """Give anonymous records to the persons whom their devices name.

    Parameters
    ----------
    table
        Records as matching sees them.
    spec
        The declaration, for the devices and their policy.
    evidence
        The columns that are evidence in this run.
    limits, cannot
        What no cluster may exceed, and pairs of rows that decisions part.
    labels
        int32 per row: the smallest row of its cluster.

    Returns
    -------
    Placement
    """
    return place_anonymous(
        labels,
        names_somebody(table, spec, evidence),
        device_values(table, device_kinds(spec)),
        table.time,
        connected_components,
        policy=policy_from_plain(spec.devices),
        gate=Admission(limits, cannot),
    )
