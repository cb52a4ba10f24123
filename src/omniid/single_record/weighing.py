"""What levels weigh: the integer tables of a model, and the frequency of the values at hand, for one pair at a time."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from omniid.matching import WeightTables, compile_weights
from omniid.matching.frequencies import field_salt
from omniid.matching.homes import MILLION
from omniid.matching.name_tie import LEAST, STEPS
from omniid.matching.populations import MILLE
from omniid.matching.relatives import REACH, STEP, cost_grid
from omniid.matching.value_shifts import least_share
from omniid.matching.weights import alone_room
from omniid.single_record.grading import Values
from omniid.single_record.hashes import hash_text
from omniid.single_record.readings import MEMO
from omniid.tables import BITS, Column, ComparisonTraits, ComparisonWeights, Model, RecordTable
from omniid.tables.arrays import text_array

__all__ = ["ValueWeights", "Weighing", "cost_of_relatives"]

Weak = Mapping[str, frozenset[str]]  # field → values of a record that are never enough alone
Pair = tuple[int, int]  # what is added to A and to B
NONE: Pair = (0, 0)
NOBODY: Weak = {}


def compiled(model: Model, traits: Sequence[ComparisonTraits]) -> WeightTables:
    """The tables of a model, with room for values that are never enough alone."""
    fields = {trait.frequency for trait in traits if trait.frequency is not None}
    fields |= {model.populations.place} - {""} if model.populations is not None else set()
    column = Column(np.zeros(1, np.int32), text_array(["?"]))
    nobody = RecordTable.of([{"record_id": "?"}])
    table = RecordTable(
        nobody.sources, nobody.source, nobody.record_id, {}, dict.fromkeys(fields, column), {}, nobody.time, nobody.rejects
    )
    return compile_weights(table, model, traits, weak={field: np.ones(1, bool) for field in fields})


class ValueWeights:
    """How value frequency moves the weight of one comparison.

    Parameters
    ----------
    tables
        The compiled model.
    model, traits
        What they were compiled of.
    number
        Position of the comparison.
    """

    def __init__(self, tables: WeightTables, model: Model, traits: Sequence[ComparisonTraits], number: int) -> None:
        shift, trait, weights = tables.shifts[number], traits[number], model.comparisons[number]
        self.moves = shift is not None
        self.field = trait.frequency or ""
        self.exact = trait.exact
        self._a = [] if shift is None else shift.a.tolist()
        self._b = [] if shift is None else shift.b.tolist()
        self._shares = [] if shift is None else shift.shares.tolist()
        self._known = {int(key, 16): share for key, share in weights.frequency.items()}
        self._rare = 0.0 if weights.rare is None else weights.rare
        self._salt = field_salt(self.field)
        self._least = 0 if shift is None else self._rank_of(self._least_share(weights, trait, model, tables.start_a, number))
        self._rank = lru_cache(MEMO)(self._look)
        # The most that frequency can add at each level below the exact one, and at it.
        self.fuzzy = [max(row) if 1 <= level < self.exact else 0 for level, row in enumerate(self._a)]
        self.most_at_exact = max(self._a[self.exact]) if self._a else 0

    def of(self, level: int, one: Values, two: Values, weak: tuple[Weak, Weak]) -> Pair:
        """What the values at hand add to A and B at a level."""
        if level < 1 or level > self.exact:
            return NONE
        left, right = one.get(self.field, ()), two.get(self.field, ())
        if len(left) < 2 and len(right) < 2:  # two values that differ count as the more frequent one
            rank = max(self._of_side(left, weak[0]), self._of_side(right, weak[1]))
        else:  # of several shared values the rarest counts
            rank = min((self._of_side((value,), weak[0]) for value in left if value in right), default=0)
        return self._a[level][rank], self._b[level][rank]

    def _of_side(self, values: tuple[str, ...], weak: Weak) -> int:
        if not values:
            return 0
        rank = self._rank(values[0])
        return max(rank, self._least) if weak and values[0] in weak.get(self.field, ()) else rank

    def _look(self, value: str) -> int:
        return self._rank_of(self._known.get(hash_text(value, self._salt), self._rare))

    def _rank_of(self, share: float) -> int:
        return 1 + bisect_left(self._shares, share)

    def _least_share(
        self, weights: ComparisonWeights, trait: ComparisonTraits, model: Model, start_a: int, number: int
    ) -> float:
        return least_share(weights, trait, alone_room(model, start_a, number, trait.exact))


class NameTies:
    """What agreement on both names of a population costs; see `NameTie`."""

    def __init__(self, tables: WeightTables, model: Model) -> None:
        populations, tie = model.populations, tables.tie
        self.active = populations is not None and tie is not None
        if populations is None or tie is None:
            return
        self.first, self.last, self.exact = tie.first, tie.last, tie.exact
        self.names, self._shares = populations.fields, populations.shares
        self.fields: tuple[str, ...] = self.names
        shares = np.maximum(np.asarray(populations.shares, np.float64), 1e-9)
        self._known: list[dict[int, list[float]]] = []
        for field in self.names:
            profiles = {int(key, 16): row for key, row in populations.profiles[field].items()}
            self._known.append({key: (np.array(row, np.float64) / MILLE / shares).tolist() for key, row in profiles.items()})
        self._anywhere = [1.0] * len(shares)  # a name that the model does not know, and one of several of a record
        self._salts = [field_salt(field) for field in self.names]
        self._nowhere = [0.0] * len(shares)
        self.home, self.place = tie.home, populations.place
        self._homes: dict[int, list[float]] = {}
        if tie.home is not None:
            u = max(model.comparisons[tie.home.number].u[tie.home.level], LEAST)
            found = {int(key, 16): np.array(row, np.float64) / MILLION / u for key, row in populations.homes.items()}
            self._homes = {key: row.tolist() for key, row in found.items()}
            self._place_salt = field_salt(self.place)
            self.fields = (*self.fields, self.place)
        self.cost = lru_cache(MEMO)(self._cost)
        self._ratios = lru_cache(MEMO)(self._look)

    def _look(self, number: int, name: str) -> list[float]:
        return self._known[number].get(hash_text(name, self._salts[number]), self._anywhere)

    def _cost(self, first: str | None, last: str | None, both: bool, city: str | None, there: bool) -> int:
        """What a pair loses that agrees on these names and in this city; None: not, or on one of several."""
        times = homes = 0.0
        sides = [self._anywhere if name is None else self._ratios(at, name) for at, name in enumerate((first, last))]
        lived = self._nowhere if city is None else self._homes.get(hash_text(city, self._place_salt), self._nowhere)
        for one, two, share, likelier in zip(*sides, self._shares, lived, strict=True):
            part = one * two * share
            times, homes = times + part, homes + part * likelier
        cost = _steps(times) if both else 0
        return cost + (_steps(homes / max(times, LEAST)) if there else 0)


def _steps(times: float) -> int:
    """What being so many times likelier costs, in millionths of a bit."""
    return int(np.rint(STEPS * np.log2(max(times, 1.0)))) * (BITS // STEPS)


class Weighing:
    """A model, ready to weigh the levels of pairs.

    Parameters
    ----------
    model
        The model.
    traits
        The comparisons.
    """

    def __init__(self, model: Model, traits: Sequence[ComparisonTraits]) -> None:
        tables = compiled(model, traits)
        self.start_a, self.start_b = tables.start_a, tables.start_b
        self.a = [table.tolist() for table in tables.a]  # the last entry, 0, is that of the level -1
        self.b = [table.tolist() for table in tables.b]
        self.differing = [(a[0], b[0]) for a, b in zip(self.a, self.b, strict=True)]  # what the lowest level adds to A and to B
        self.values = [ValueWeights(tables, model, traits, number) for number in range(len(traits))]
        self.ties = NameTies(tables, model)
        self.start = tables.start
        self._slip, self._exact = tables.slip, tables.exact
        self._judged = tables.judged
        moved = {one.field for one in self.values if one.moves}
        self.fields = tuple(sorted(moved | {*(self.ties.fields if self.ties.active else ())}))  # whose values move weights

    def added(self, number: int, level: int, one: Values, two: Values, weak: tuple[Weak, Weak]) -> Pair:
        """What a comparison's level adds to A and to B."""
        a, b = self.a[number][level], self.b[number][level]
        shift = self.values[number]
        if not shift.moves or level < 1:
            return a, b
        more_a, more_b = shift.of(level, one, two, weak)
        return a + more_a, b + more_b

    def tie(self, levels: Sequence[int], one: Values, two: Values) -> int:
        """What the pair loses as names go together, and with a city."""
        ties = self.ties
        if not ties.active:
            return 0
        agree = levels[ties.first] == ties.exact[0], levels[ties.last] == ties.exact[1]
        both, home = agree[0] and agree[1], ties.home
        there = home is not None and (agree[0] or agree[1]) and levels[home.number] == home.level
        if not both and not there:
            return 0
        first, last = (_shared(one, two, field) if same else None for field, same in zip(ties.names, agree, strict=True))
        return ties.cost(first, last, both, _shared(one, two, ties.place) if there else None, there)

    def slip(self, levels: Sequence[int]) -> int:
        """What the pair gains if it differs in one comparison only."""
        if not self._slip:
            return 0
        differing = sum(level >= 0 and level != top for level, top in zip(levels, self._exact, strict=True))
        return self._slip if differing == 1 else 0

    def weight(self, a: int, b: int, levels: Sequence[int]) -> int:
        """The match weight of a pair, given both sums."""
        return self.where_judged(a if self.start_b is None else a - cost_of_relatives(b), levels)

    def where_judged(self, weight: int, levels: Sequence[int]) -> int:
        """The weight without what judged pairs added, where nobody judged pairs as weak as this one."""
        if self._judged is not None:
            tables = self._judged.levels
            added = self._judged.start + sum(int(table[level]) for table, level in zip(tables, levels, strict=True))
            if added > 0 and weight - added < self._judged.least:
                return weight - added
        return weight


def _shared(one: Values, two: Values, field: str) -> str | None:
    """The value of two records that agree on a field, None where one holds several."""
    mine, yours = one.get(field, ()), two.get(field, ())
    return mine[0] if len(mine) == 1 and len(yours) == 1 else None


def cost_of_relatives(b: int) -> int:
    """What a pair loses because relatives would explain its levels too, as `relatives_cost` has it.

    Examples
    --------
    >>> cost_of_relatives(0), cost_of_relatives(-30_000_000), cost_of_relatives(40_000_000)
    (1000000, 0, 40000000)
    """
    if b >= REACH:
        return b
    if b < -REACH:
        return 0
    grid = cost_grid()
    cell, rest = divmod(b + REACH, STEP)
    low = int(grid[cell])
    return low + ((int(grid[cell + 1]) - low) * rest + STEP // 2) // STEP
