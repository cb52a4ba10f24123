"""The model: all that is learned and then frozen, as plain numbers."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from omniid.errors import InputError
from omniid.tables.choices import FrozenChoices
from omniid.tables.populations import Populations
from omniid.tables.units import SILENT, pairs_among

__all__ = ["ComparisonWeights", "Model"]

SMALLEST = 1e-12  # a probability written as 0 counts as this, so that no weight is infinite


@dataclass(frozen=True)
class ComparisonWeights:
    """What one comparison has learned.

    Parameters
    ----------
    name
        The comparison's name.
    levels
        Names of its levels, "else" first, the closest last; the missing level has no weight and is not listed.
    m
        m[i]: among pairs of the same person, what share has level i? Sums to 1.
    u
        u[i]: among pairs of strangers, what share has level i? Sums to 1.
    h
        h[i]: among pairs of relatives or housemates, what share has level i? Sums to 1; empty without that class.
    frequency
        Value → its share of all values, for frequent values only; by keyed hash, so that the model holds no value.
    rare
        Share that counts for values not in `frequency`; None without term-frequency adjustment.
    typical
        Share of the value that a random record meets, against which the levels between "else" and "exact" are adjusted;
        None where only "exact" is.

    Raises
    ------
    InputError
        If a list has not one probability per level, or does not sum to 1 (within 0.01, so that edits by hand may round).

    Examples
    --------
    >>> email = ComparisonWeights("email", ("else", "exact"), (0.1, 0.9), (0.999, 0.001))
    >>> [round(email.bits(level), 2) for level in (0, 1)]
    [-3.32, 9.81]
    """

    name: str
    levels: tuple[str, ...]
    m: tuple[float, ...]
    u: tuple[float, ...]
    h: tuple[float, ...] = ()
    frequency: Mapping[str, float] = field(default_factory=dict)
    rare: float | None = None
    typical: float | None = None
    shift: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        for part, numbers in (("m", self.m), ("u", self.u), ("h", self.h or self.u)):
            place = f"comparison {self.name!r} of the model: {part}"
            if len(numbers) != len(self.levels):
                raise InputError(f"{place} has {len(numbers)} numbers for {len(self.levels)} levels; give one per level")
            if not all(0 <= number <= 1 for number in numbers) or abs(math.fsum(numbers) - 1) > 0.01:
                raise InputError(f"{place} is {list(numbers)}; give probabilities that sum to 1")
        if self.shift and len(self.shift) != len(self.levels):
            raise InputError(f"comparison {self.name!r} of the model: shift has {len(self.shift)} numbers; give one per level")

    def bits(self, level: int) -> float:
        """The match weight of a level in bits, log2(m/u) and its shift, before any term-frequency adjustment."""
        weight = math.log2(max(self.m[level], SMALLEST)) - math.log2(max(self.u[level], SMALLEST))
        return weight + self.shift[level] if self.shift else weight


@dataclass(frozen=True)
class Model:
    """All that is frozen between fits: weights, prior, term frequencies, thresholds, block plan.

    Parameters
    ----------
    comparisons
        What each comparison has learned.
    prior
        Probability that two records drawn at random from all records are the same person.
    prior_relatives
        The same for relatives or housemates; 0 without that class.
    link_at, review_at
        Thresholds in bits.
    rules
        The block plan as plain data, one mapping per blocking rule.
    columns
        The columns that held evidence when the model was fitted, so that it fits data where one of them is empty.
    repeats
        (column, another that repeats it): the second says nothing new where the first agrees; None: found from counts again.
    duplicate_free
        Sources that were found to hold no duplicates; None: nobody looked.
    partner_shares
        Source → another, both without duplicates → the share of the smaller one's records that have a partner in the other;
        None: not learned yet.
    people_at_most
        Kind → most people on one of its values that is still evidence.
    rows_above
        Most records on one value, none of which says whose it is, that still count as one person's.
    shift, shift_from
        Bits that judged pairs add to every pair's weight, and the weight without these and the levels' shifts from which on
        pairs are shifted at all: below it nobody judged any.
    judged
        What the model learned from judged pairs, as numbers: how many were the same person, and what they changed.
    slip
        Bits that pairs gain which differ in one comparison only; 0 where matches differ as if their differences were
        independent.
    records
        Number of records that the model was fitted on.
    converged_
        Whether fitting settled before its last allowed round.
    n_iter_
        Rounds used.
    versions
        Versions of omniid and of the libraries whose data shape normal forms.
    populations
        Which first and last names go together; None where they are independent.
    frozen
        What the run that fitted the model with ``incremental=True`` decided from all records; None: another run.

    Raises
    ------
    InputError
        If the priors are no probabilities of two separate classes.

    Examples
    --------
    >>> weights = ComparisonWeights("email", ("else", "exact"), (0.1, 0.9), (0.999, 0.001))
    >>> model = Model((weights,), prior=0.001, records=1000)
    >>> print(model)
    prior 1 : 1,000 · 550.7 matching pairs expected among 1,000 records · link at 0.00 bits · converged after 0 rounds
    comparison  level       m          u      h    weight
    email       else   0.1000     0.9990            -3.32
                exact  0.9000    0.00100            +9.81
    """

    comparisons: tuple[ComparisonWeights, ...]
    prior: float
    prior_relatives: float = 0.0
    link_at: float = 0.0
    review_at: float = 0.0
    rules: tuple[Mapping[str, Any], ...] = ()
    columns: tuple[str, ...] = ()
    repeats: tuple[tuple[str, str], ...] | None = None
    duplicate_free: tuple[str, ...] | None = None
    partner_shares: Mapping[str, Mapping[str, float]] | None = None
    people_at_most: Mapping[str, float] = field(default_factory=dict)
    rows_above: int = 50
    shift: float = 0.0
    shift_from: float = 0.0
    judged: Mapping[str, float] = field(default_factory=dict)
    slip: float = 0.0
    records: int = 0
    converged_: bool = True
    n_iter_: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    populations: Populations | None = None
    frozen: FrozenChoices | None = None

    def __post_init__(self) -> None:
        if not self.slip >= 0:
            raise InputError(f"the model's slip is {self.slip}; give 0 bits or more, as weights are bounded by the rest")
        if not (self.prior >= 0 and self.prior_relatives >= 0 and self.prior + self.prior_relatives <= 1):
            raise InputError(
                f"the model's prior is {self.prior} and prior_relatives {self.prior_relatives}; "
                "give probabilities that together are at most 1"
            )

    @property
    def expected_matches(self) -> float:
        """Number of record pairs that the prior holds to be the same person.

        Examples
        --------
        >>> round(Model((), prior=0.001, records=1000).expected_matches, 2)
        550.73
        """
        return self.prior * pairs_among(self.records + SILENT)

    def replace(self, **changes: Any) -> "Model":
        """A copy with some parts changed.

        Examples
        --------
        >>> Model((), prior=0.5).replace(prior=0.25).prior
        0.25
        """
        return replace(self, **changes)

    def weights(self) -> list[dict[str, Any]]:
        """Every level as a plain row, to be plotted or put in a frame.

        Returns
        -------
        list of dict
            comparison, level, m, u, h (None without that class), weight (log2 m/u, in bits).

        Examples
        --------
        >>> Model((ComparisonWeights("sex", ("else", "exact"), (0.5, 0.5), (0.5, 0.5)),), prior=0.1).weights()[1]
        {'comparison': 'sex', 'level': 'exact', 'm': 0.5, 'u': 0.5, 'h': None, 'weight': 0.0}
        """
        return [
            {
                "comparison": part.name,
                "level": level,
                "m": part.m[i],
                "u": part.u[i],
                "h": part.h[i] if part.h else None,
                "weight": part.bits(i),
            }
            for part in self.comparisons
            for i, level in enumerate(part.levels)
        ]

    def __str__(self) -> str:
        odds = f"prior 1 : {1 / self.prior:,.0f}" if self.prior > 0 else "prior 0"
        state = f"converged after {self.n_iter_} rounds" if self.converged_ else f"NOT converged after {self.n_iter_} rounds"
        clean = f" · no duplicates in {', '.join(self.duplicate_free)}" if self.duplicate_free else ""
        head = (
            f"{odds} · {self.expected_matches:,.1f} matching pairs expected among {self.records:,} records"
            f" · link at {self.link_at:.2f} bits · {state}{clean}"
        )
        rows = self.weights()
        wide = max([len("comparison"), *(len(row["comparison"]) for row in rows)])
        deep = max([len("level"), *(len(row["level"]) for row in rows)])
        lines = [head, f"{'comparison':<{wide}}  {'level':<{deep}}  {'m':>6}  {'u':>9}  {'h':>5}  {'weight':>8}"]
        before = None
        for row in rows:
            name = row["comparison"] if row["comparison"] != before else ""
            h = "" if row["h"] is None else f"{row['h']:.3f}"
            u = f"{row['u']:.4f}" if row["u"] >= 0.01 else f"{row['u']:#.3g}"
            lines.append(f"{name:<{wide}}  {row['level']:<{deep}}  {row['m']:>6.4f}  {u:>9}  {h:>5}  {row['weight']:>+8.2f}")
            before = row["comparison"]
        return "\n".join(lines)

    def save(self, path: str | Path) -> None:
        """Write the model as JSON, plain data that can be read, plotted and edited."""
        Path(path).write_text(self.to_text(), encoding="utf-8")

    def to_text(self) -> str:
        """The model as JSON text.

        Examples
        --------
        >>> Model.from_text(Model((), prior=0.5).to_text()).prior
        0.5
        """
        one_line = {name: part for name in ("populations", "frozen") if (part := getattr(self, name)) is not None}
        data = {**_parts(self), "comparisons": [_parts(one) for one in self.comparisons], "populations": None, "frozen": None}
        plain = {key: _indented(part) for key, part in data.items()}
        for name, part in one_line.items():  # thousands of names or keys: on one line they take a tenth of the time
            plain[name] = json.dumps(_parts(part), sort_keys=True, separators=(",", ":"))
        lines = ",\n".join(f" {json.dumps(key)}: {plain[key]}" for key in sorted(plain))
        return f"{{\n{lines}\n}}\n"

    @classmethod
    def load(cls, path: str | Path) -> "Model":
        """Read a model that `save` wrote, as it is or edited by hand.

        Raises
        ------
        InputError
            If the file is no model; the message says which part is missing or wrong.
        """
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} is not a saved omniid model ({error}); save one with model.save(path)") from error
        return cls.from_text(text, place=str(path))

    @classmethod
    def from_text(cls, text: str, *, place: str = "the text") -> "Model":
        """Make a model of what `to_text` gave.

        Raises
        ------
        InputError
            If the text is no model; the message says which part is missing or wrong, and where.
        """
        try:
            data = json.loads(text)
            learned = tuple(ComparisonWeights(**_tuples(part)) for part in data.pop("comparisons"))
            tied, frozen = data.pop("populations", None), data.pop("frozen", None)  # models of earlier versions have none
            return cls(
                comparisons=learned,
                **_tuples(data),
                populations=None if tied is None else Populations(**_tuples(tied)),
                frozen=None if frozen is None else FrozenChoices(**frozen),
            )
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{place} is not a saved omniid model ({error}); save one with model.save(path)") from error


def _indented(part: Any, depth: int = 0) -> str:
    """JSON with every item on a line of its own, as ``json.dumps(part, indent=1, sort_keys=True, ensure_ascii=False)`` has it.

    That is pure Python, item by item; flat lists and dicts, in which nearly all items stand, go through the quick encoder here.
    """
    items = part.values() if isinstance(part, Mapping) else part if isinstance(part, list | tuple) else ()
    line = "\n" + " " * depth
    if not items:
        return json.dumps(part, ensure_ascii=False)
    if not any(isinstance(item, Mapping | list | tuple) for item in items):
        text = json.dumps(part, sort_keys=True, ensure_ascii=False, separators=(f",{line} ", ": "))
        return f"{text[0]}{line} {text[1:-1]}{line}{text[-1]}"
    if isinstance(part, Mapping):
        told = [f"{json.dumps(key, ensure_ascii=False)}: {_indented(part[key], depth + 1)}" for key in sorted(part)]
        return f"{{{line} {f',{line} '.join(told)}{line}}}"
    return f"[{line} {f',{line} '.join(_indented(item, depth + 1) for item in part)}{line}]"


def _parts(one: "Model | ComparisonWeights | Populations | FrozenChoices") -> dict[str, Any]:
    """Name → value, not copied as `dataclasses.asdict` does: a model may hold 100,000 frequencies."""
    return {part.name: getattr(one, part.name) for part in fields(one)}


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    """JSON lists back to tuples."""
    return {name: _tuple(value) if isinstance(value, list) else value for name, value in data.items()}


def _tuple(values: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuple(value) if isinstance(value, list) else value for value in values)
