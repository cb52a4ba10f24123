"""Views of a result: profiles and provenance as one consumer sees them."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from omniid.errors import InputError
from omniid.frames.naming import did_you_mean
from omniid.results import Parts, entity_kinds
from omniid.spec import Spec
from omniid.survivorship import profile_columns
from omniid.survivorship_plans import SurvivorshipPlan, make_profiles, plan_of_view
from omniid.tables import Profiles, RecordTable
from omniid.tables.arrays import arrow_array, numpy_array, text_array
from omniid.views import View

__all__ = ["as_view", "view_named", "view_profiles"]


def view_named(spec: Spec, name: str) -> View:
    """Return a view by its name.

    Raises
    ------
    InputError
        If there is none of that name.

    Examples
    --------
    >>> view_named(Spec(views={"support": View(fields=["email"])}), "support").fields
    ('email',)
    """
    if name not in spec.views:
        declared = f"views are {', '.join(spec.views)}{did_you_mean(name, list(spec.views))}"
        none = 'there are none; declare them with Spec(views={"support": View(fields=[…])})'
        raise InputError(f"there is no view {name!r}; {declared if spec.views else none}")
    return spec.views[name]


def view_profiles(parts: Parts, name: str) -> Profiles:
    """Make the profiles of a result as a view shows them.

    Raises
    ------
    InputError
        If there is no view of that name.
    """
    view, entity = view_named(parts.spec, name), parts.entity.astype(np.int32, copy=False)
    plan = plan_of_view(parts.spec, view, parts.evidence, parts.decisions)
    kind = entity_kinds(parts.placement, entity)
    golden = make_profiles(parts.records, entity, parts.entity_ids, plan, entity_kind=kind)
    return as_view(view, plan, parts.records, golden)


def as_view(view: View, plan: SurvivorshipPlan, records: RecordTable, golden: Profiles) -> Profiles:
    """Return the columns and the provenance that a view shows; a field that nobody fills is an empty column.

    Parameters
    ----------
    view
        What to show.
    plan
        What `golden` was made by.
    records
        The records that it was made of.
    golden
        All profiles and provenance.
    """
    if not view.fields:
        return golden
    filled = [name for name, column in records.display.items() if len(column.vocabulary)]
    fields = [*filled, *(one for one in view.fields if one not in filled)]
    names = profile_columns({name: plan.chain_of(name) for name in fields})
    made, n = golden.entities, golden.entities.num_rows
    columns = {name: made[name] for name in ("entity_id", "entity_kind", "records", "sources")}
    for field in view.fields:
        one, many = names[field]
        columns[one] = made[one] if field in filled else pa.nulls(n, pa.large_string())
        if many:
            columns[many] = made[many] if field in filled else _empty_lists(n)
    provenance = golden.provenance
    shown = [np.isin(numpy_array(chunk.indices), _codes(chunk.dictionary, view.fields)) for chunk in provenance["field"].chunks]
    told = provenance.filter(pa.chunked_array([arrow_array(one) for one in shown], pa.bool_()))
    return Profiles(pa.table(columns), told)


def _codes(names: pa.Array, fields: Sequence[str]) -> list[int]:
    return [place for place, name in enumerate(names.to_pylist()) if name in fields]


def _empty_lists(n: int) -> pa.LargeListArray:
    return pa.LargeListArray.from_arrays(arrow_array(np.zeros(n + 1, np.int64)), text_array([]))
