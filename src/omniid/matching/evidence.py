"""Evidence: a pair's match weight, line by line."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from omniid.matching.relatives import relatives_cost
from omniid.matching.slips import differs_once
from omniid.matching.weights import WeightTables, compile_weights
from omniid.tables import BITS, MISSING, ComparisonTraits, Levels, Model, RecordTable

__all__ = ["EvidenceLine", "explain_pair"]


class EvidenceLine(NamedTuple):
    """One line of the account of a pair's weight.

    Parameters
    ----------
    comparison
        The comparison's name; "prior" on the first line, "one slip" and "names" for what levels mean together, "relatives" on
        the last.
    level
        The level's name, "missing", or for the last line what it says; "" on the first.
    m, u
        Probabilities of the level; for the prior, those of the two classes; None where there are none.
    weight
        Bits that the line adds, term frequency apart.
    frequency
        Bits that the frequency of the value at hand adds to that.
    total
        Running total in bits; on the last line the match weight.
    """

    comparison: str
    level: str
    m: float | None
    u: float | None
    weight: float
    frequency: float
    total: float


def explain_pair(
    table: RecordTable,
    model: Model,
    traits: Sequence[ComparisonTraits],
    levels: Levels,
    left: int,
    right: int,
    *,
    tables: WeightTables | None = None,
) -> list[EvidenceLine]:
    """Account for a pair's match weight, comparison by comparison, from the very integers that scored it.

    Parameters
    ----------
    table
        The records.
    model
        The model.
    traits
        The comparisons.
    levels
        int8, the pair's level per comparison.
    left, right
        Rows of the pair.
    tables
        What `compile_weights` made of table, model and traits, to explain many pairs without making it anew.

    Returns
    -------
    list of EvidenceLine
        The prior, one line per comparison, and with a relatives class "relatives explain this too".

    Raises
    ------
    SpecError
        If model and traits differ.

    Examples
    --------
    >>> from omniid.tables import ComparisonWeights
    >>> model = Model((ComparisonWeights("sex", ("else", "exact"), (0.2, 0.8), (0.8, 0.2)),), prior=0.5)
    >>> table = RecordTable.of([{"record_id": 1, "sex": "f"}, {"record_id": 2, "sex": "f"}])
    >>> for line in explain_pair(table, model, [ComparisonTraits("sex", ("else", "exact"), (0.1, 0.9))], np.array([1]), 0, 1):
    ...     print(line.comparison, line.level, line.weight, line.total)
    prior  0.0 0.0
    sex exact 2.0 2.0
    """
    tables = compile_weights(table, model, traits) if tables is None else tables
    one, two = np.array([left], np.int32), np.array([right], np.int32)
    total, other = tables.start_a, 0 if tables.start_b is None else tables.start_b
    strangers = 1.0 - model.prior - model.prior_relatives
    lines = [EvidenceLine("prior", "", model.prior, strangers, total / BITS, 0.0, total / BITS)]
    for number, part in enumerate(model.comparisons):
        level, shift = int(levels[number]), tables.shifts[number]
        weight, moved = int(tables.a[number][level]), 0
        other += int(tables.b[number][level])
        if shift is not None:
            at, where = shift.of(np.array([level], np.int8), one, two)
            if len(at):
                moved = int(shift.a.ravel()[where[0]])
                other += int(shift.b.ravel()[where[0]])
        total += weight + moved
        missing = level == MISSING
        name, m, u = ("missing", None, None) if missing else (part.levels[level], part.m[level], part.u[level])
        lines.append(EvidenceLine(part.name, name, m, u, weight / BITS, moved / BITS, total / BITS))
    if tables.slip and differs_once(np.asarray(levels, np.int8)[None, :], np.array(tables.exact, np.int8))[0]:
        total += tables.slip
        text = f"they differ in one thing only, as one person's records do here: +{tables.slip / BITS:.1f} bits"
        lines.append(EvidenceLine("one slip", text, None, None, tables.slip / BITS, 0.0, total / BITS))
    if tables.tie is not None:
        at, lost = tables.tie.of(np.asarray(levels, np.int8)[None, :], one, two)
        cost = int(lost[0]) if len(at) else 0
        if cost:
            total, other = total - cost, other - cost
            home = tables.tie.home
            places = ", and with places" if home is not None and levels[home.number] == home.level else ""
            text = f"names of one language go together{places}: \N{MINUS SIGN}{cost / BITS:.1f} bits"
            lines.append(EvidenceLine("names", text, None, None, -cost / BITS, 0.0, total / BITS))
    if tables.start_b is not None:
        cost = int(relatives_cost(np.array([other]))[0])
        text = f"relatives explain this too: \N{MINUS SIGN}{cost / BITS:.1f} bits"
        total -= cost
        lines.append(EvidenceLine("relatives", text, None, None, -cost / BITS, 0.0, total / BITS))
    if tables.judged is not None:
        back = total - int(tables.judged.where_judged(np.array([total]), levels[None, :])[0])
        if back:
            text = "nobody judged pairs as weak as this one, so judged pairs don't raise it"
            lines.append(EvidenceLine("judged pairs", text, None, None, -back / BITS, 0.0, (total - back) / BITS))
    return lines
