"""Match weights: integer tables made from a model, and the scoring of comparison vectors with them.

A pair's weight is ``S_M - log2(2**S_U + 2**S_H)``: how much better "the same person" explains its levels than "strangers" and
"relatives or housemates" together, each S being log2 of the class rate plus the level probabilities. In integers, all in
millionths of a bit (`BITS`):

1. ``A = prior + Σ (log2 m - log2 u)`` and ``B = prior_h + Σ (log2 h - log2 u)``, each term rounded once, when tables are made;
2. ``weight = A - log2(1 + 2**B)``, read from a table of integers by integer interpolation (within two millionths).

So a weight never depends on the order of addition, the chunk, the machine or the number of workers. ``A`` alone is the classic
two-class weight and an upper bound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from omniid.errors import SpecError
from omniid.matching.field_shift import FieldShift, best_by_mask
from omniid.matching.judged_bits import JudgedBits
from omniid.matching.name_tie import NameTie, tie_names
from omniid.matching.relatives import relatives_cost
from omniid.matching.slips import differs_once
from omniid.matching.value_shifts import ALIKE, SMALLEST, Alone, shift_by_value
from omniid.tables import BITS, ComparisonTraits, Levels, Model, RecordTable, Rows, Weights

__all__ = ["ALIKE", "WeightTables", "alone_room", "compile_weights", "conflict_tables"]

GROUP = 4096  # level combinations of several comparisons that one look-up table holds: 32 KiB stay in the fastest cache

Shift = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class WeightTables:
    """A model as integer tables, ready to score pairs of one record table.

    Parameters
    ----------
    start_a, start_b
        The prior odds of same person, and of relatives, against strangers. `start_b` is None without relatives.
    a, b
        Per comparison, the weight of each level; the last entry (level -1) is 0.
    shifts
        Per comparison, how value frequencies move it; None where they don't.
    judged
        What judged pairs added to the tables, None without any; see `JudgedBits`.
    tie
        What agreeing on both names costs, as names of one population go together; None where they don't.
    slip, exact
        What pairs gain that differ in one comparison only, 0 or more, and the exact level of each comparison.
    """

    start_a: int
    start_b: int | None
    a: tuple[Shift, ...]
    b: tuple[Shift, ...]
    shifts: tuple[FieldShift | None, ...]
    judged: JudgedBits | None = None
    tie: NameTie | None = None
    slip: int = 0
    exact: tuple[int, ...] = ()

    @property
    def start(self) -> int:
        """The most that a pair has before its levels count."""
        return self.start_a + self.slip

    @cached_property
    def joint(self) -> tuple[tuple[tuple[int, ...], Shift, Shift], ...]:
        """Groups of neighbouring comparisons, with the sums of A and B over all their level combinations."""
        groups = _groups(tuple(len(table) for table in self.a))
        return tuple((group, _sums([self.a[k] for k in group]), _sums([self.b[k] for k in group])) for group in groups)

    def best(self, number: int) -> Shift:
        """The most that a comparison can add to A, value frequency of its exact level apart.

        A of any pair is at most `start`, plus `best` of every comparison at a mask that holds the pair's outcome, plus
        `boost` of either row where the mask holds the exact level only, or 0 if that is more where it holds others too.

        Parameters
        ----------
        number
            Position of the comparison.

        Returns
        -------
        numpy.ndarray
            int64 per outcome mask, of length 2 ** (levels + 1): bit 0 stands for missing, bit 1 + l for level l.
        """
        return self._best[number]

    def boost(self, number: int, rows: Rows) -> Shift:
        """The most that value frequency can add to A where a comparison is exact: of one value per record, its very shift.

        Parameters
        ----------
        number
            Position of the comparison.
        rows
            int32.

        Returns
        -------
        numpy.ndarray
            int64 per row, for pairs of that row with any other; below 0 where the value is common.
        """
        shift = self.shifts[number]
        return np.zeros(len(rows), np.int64) if shift is None else shift.boost(rows)

    @cached_property
    def _best(self) -> tuple[Shift, ...]:
        """`best` of all comparisons."""
        return tuple(best_by_mask(a, shift) for a, shift in zip(self.a, self.shifts, strict=True))

    def score(
        self, left: Rows, right: Rows, levels: Levels, *, at_least: int | None = None
    ) -> tuple[npt.NDArray[np.intp], Weights]:
        """Weigh pairs, optionally only those that reach a weight.

        Parameters
        ----------
        left, right
            Rows of each pair.
        levels
            int8 of shape (pairs, comparisons).
        at_least
            Millionths of a bit; pairs below are left out. As A bounds the weight from above, B is computed for few.

        Returns
        -------
        positions, weights
            Which pairs, ascending, and their match weights.
        """
        codes = [_codes(levels, group, [len(self.a[k]) for k in group]) for group, _, _ in self.joint]
        found = [None if shift is None else shift.of(levels[:, k], left, right) for k, shift in enumerate(self.shifts)]
        total = np.full(len(levels), self.start_a, np.int64)
        for code, (_, table, _) in zip(codes, self.joint, strict=True):
            total += table.take(code)
        for shift, moved in zip(self.shifts, found, strict=True):
            if shift is not None and moved is not None:
                total[moved[0]] += shift.a.ravel().take(moved[1])
        if self.slip:
            total[differs_once(levels, np.array(self.exact, np.int8))] += self.slip
        tied: tuple[npt.NDArray[np.intp], Shift] | None = None
        if self.tie is not None:
            tied = self.tie.of(levels, left, right, None if at_least is None else total >= at_least)
            total[tied[0]] -= tied[1]
        keep = np.arange(len(total)) if at_least is None else np.flatnonzero(total >= at_least)
        if self.start_b is None:
            return self._reaching(keep, total[keep], levels, at_least)
        other = np.zeros(len(levels), np.int64)
        other[keep] = self.start_b
        for code, (_, _, table) in zip(codes, self.joint, strict=True):
            other[keep] += table.take(code[keep])
        for shift, moved in zip(self.shifts, found, strict=True):
            if shift is not None and moved is not None:
                other[moved[0]] += shift.b.ravel().take(moved[1])
        if tied is not None:
            other[tied[0]] -= tied[1]
        return self._reaching(keep, total[keep] - relatives_cost(other[keep]), levels, at_least)

    def _reaching(
        self, keep: npt.NDArray[np.intp], weight: Weights, levels: Levels, at_least: int | None
    ) -> tuple[npt.NDArray[np.intp], Weights]:
        """Positions and weights of the pairs that reach a weight."""
        if self.judged is not None:
            weight = self.judged.where_judged(weight, levels[keep])
        reach = slice(None) if at_least is None else weight >= at_least
        return keep[reach], weight[reach]


def compile_weights(
    table: RecordTable,
    model: Model,
    traits: Sequence[ComparisonTraits],
    *,
    weak: Mapping[str, npt.NDArray[np.bool_]] | None = None,
) -> WeightTables:
    """Turn a model into integer tables for the records of one table.

    Parameters
    ----------
    table
        The records, for the values whose frequency counts.
    model
        A fitted, loaded or edited model.
    traits
        The comparisons, as they were at the fit.
    weak
        Field → bool per distinct value: values that are never enough alone, however rare the model holds them to be. Where a
        field's weight depends on its values, agreement on one of these alone stays below the model's `link_at`.

    Returns
    -------
    WeightTables

    Raises
    ------
    SpecError
        If the model's comparisons or levels are not those of `traits`.

    Examples
    --------
    >>> from omniid.tables import ComparisonWeights
    >>> model = Model((ComparisonWeights("sex", ("else", "exact"), (0.2, 0.8), (0.8, 0.2)),), prior=0.5)
    >>> sex = ComparisonTraits("sex", ("else", "exact"), (0.1, 0.9))
    >>> tables = compile_weights(RecordTable.of([]), model, [sex])
    >>> tables.start_a, tables.a[0].tolist()
    (0, [-2000000, 2000000, 0])
    """
    _check(model, traits)
    strangers = max(1.0 - model.prior - model.prior_relatives, SMALLEST)
    three = model.prior_relatives > 0
    judged = JudgedBits.of(model)
    start_a = _micro(np.log2(max(model.prior, SMALLEST)) - np.log2(strangers)) + (judged.start if judged else 0)
    a, b, shifts = [], [], []
    for number, (weights, trait) in enumerate(zip(model.comparisons, traits, strict=True)):
        h = weights.h if three and weights.h else weights.u
        a.append(_with_missing(_bits(weights.m) - _bits(weights.u)) + (judged.levels[number] if judged else 0))
        b.append(_with_missing(_bits(h) - _bits(weights.u)))
        held = (weak or {}).get(trait.frequency or "")
        alone = Alone(held, alone_room(model, start_a, number, trait.exact))
        shifts.append(shift_by_value(table, weights, trait, h, a[-1], b[-1], alone))
    return WeightTables(
        start_a=start_a,
        start_b=_micro(np.log2(model.prior_relatives) - np.log2(strangers)) if three else None,
        a=tuple(a),
        b=tuple(b),
        shifts=tuple(shifts),
        judged=judged,
        tie=tie_names(table, model, traits),
        slip=_micro(model.slip),
        exact=tuple(trait.exact for trait in traits),
    )


def alone_room(model: Model, start_a: int, number: int, exact: int) -> float:
    """Bits below which agreement on a value that is never enough alone must stay.

    Parameters
    ----------
    model
        The model.
    start_a
        As in `WeightTables`.
    number, exact
        Position of the comparison, and its exact level.
    """
    shift = model.comparisons[number].shift
    room = model.link_at - (start_a + 2) / BITS  # a millionth below the threshold, whichever way the tables are rounded
    return room - (shift[exact] if shift else 0.0)


def conflict_tables(model: Model) -> list[Shift]:
    """Per comparison and level the negative two-class weight, 0 or below; the last entry is for a missing level."""
    return [np.minimum(_with_missing(_bits(weights.m) - _bits(weights.u)), 0) for weights in model.comparisons]


def _bits(probabilities: Sequence[float]) -> npt.NDArray[np.float64]:
    """log2 of probabilities, none of them infinite."""
    return np.log2(np.maximum(np.asarray(probabilities, np.float64), SMALLEST))


def _micro(bits: float) -> int:
    """Bits to millionths of a bit."""
    return int(np.rint(BITS * bits))


def _with_missing(bits: npt.NDArray[np.float64]) -> Shift:
    """Weights of all levels as integers, and 0 at the end, where level -1 reads."""
    return np.append(np.rint(BITS * bits).astype(np.int64), 0)


def _check(model: Model, traits: Sequence[ComparisonTraits]) -> None:
    """The model must have been learned from these comparisons."""
    learned = [(weights.name, weights.levels) for weights in model.comparisons]
    given = [(trait.name, trait.levels) for trait in traits]
    for number in range(max(len(learned), len(given))):
        if learned[number : number + 1] != given[number : number + 1]:
            has = learned[number] if number < len(learned) else "nothing"
            wants = given[number] if number < len(given) else "nothing"
            raise SpecError(
                f"the model does not fit the comparisons: number {number + 1} is {has} in the model and {wants} in the spec; "
                "fit again, or use the spec that the model was fitted with"
            )


@cache
def _groups(sizes: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Neighbouring comparisons whose level combinations fit one look-up table."""
    groups: list[list[int]] = []
    space = GROUP + 1
    for number, size in enumerate(sizes):
        if space * size > GROUP:
            groups.append([])
            space = 1
        groups[-1].append(number)
        space *= size
    return tuple(tuple(group) for group in groups)


def _codes(levels: Levels, group: Sequence[int], sizes: Sequence[int]) -> npt.NDArray[np.intp]:
    """One integer per pair for its levels in a group of comparisons; missing counts as the last level."""
    code = np.zeros(len(levels), np.intp)
    for number, size in zip(group, sizes, strict=True):
        code *= size
        code += levels[:, number]
        code += np.where(levels[:, number] < 0, size, 0)
    return code


def _sums(tables: Sequence[Shift]) -> Shift:
    """Sums of all level combinations of several comparisons, in the order of `_codes`."""
    total = np.zeros(1, np.int64)
    for table in tables:
        total = (total[:, None] + table[None, :]).ravel()
    return total
