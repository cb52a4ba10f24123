"""A comparison: one dimension of evidence, as an ordered list of levels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from omniid.comparison.levels import AnyOf, Exact, Level, On
from omniid.comparison.outcomes import MOST_LEVELS
from omniid.comparison.plain import level_from_plain, level_to_plain
from omniid.comparison.record_levels import RecordLevel, SwappedParts, Unless, is_record_level
from omniid.errors import SpecError
from omniid.tables import ComparisonTraits

__all__ = ["Comparison"]

AnyLevel = Level | RecordLevel


@dataclass(frozen=True)
class Comparison:
    """One dimension of evidence: what is read, and which outcomes are told apart.

    A pair's level is the first declared level that holds of it. Where records hold several values it is the closest that
    some pair of values reaches, and where several fields are read (`On`), the closest that some field reaches. A pair with
    nothing to compare on either side is missing, -1; a pair of which no level holds has level 0, "else".

    Parameters
    ----------
    name
        The comparison's name, usually its field's.
    fields
        Fields that it reads; levels read the first unless they say otherwise.
    levels
        Levels, the closest first.
    prior_m
        First guess of m, "else" first and the closest level last: one number more than `levels`, summing to 1. Empty: 0.8
        for the closest, 0.1 for "else", the rest shared.
    shared_by_relatives
        Whether relatives and housemates often agree on it.
    frequency
        The field whose value frequency adjusts the closest level, or None.
    silent_when
        Other comparison → names of its levels at which this one says nothing new and becomes missing.

    Raises
    ------
    SpecError
        If two levels share a name, `prior_m` does not fit, or a level reads a field that `fields` lacks.

    Examples
    --------
    >>> from omniid.comparison import Exact, JaroWinkler
    >>> city = Comparison("city", ("city",), (Exact(), JaroWinkler(0.88)), (0.15, 0.10, 0.75))
    >>> city.traits.levels
    ('else', 'alike', 'exact')
    >>> city.means(1)
    'Jaro–Winkler similarity at least 0.88'
    """

    name: str
    fields: Sequence[str]
    levels: Sequence[AnyLevel]
    prior_m: Sequence[float] = ()
    shared_by_relatives: bool = field(default=False, kw_only=True)
    frequency: str | None = field(default=None, kw_only=True)
    silent_when: Mapping[str, Sequence[str]] = field(default_factory=dict, kw_only=True)

    def __post_init__(self) -> None:
        for part in ("fields", "levels", "prior_m"):
            object.__setattr__(self, part, tuple(getattr(self, part)))
        object.__setattr__(self, "silent_when", {other: tuple(names) for other, names in self.silent_when.items()})
        if not self.prior_m:
            object.__setattr__(self, "prior_m", _default_prior(len(self.levels)))
        self._check()

    def _check(self) -> None:
        where = f"comparison {self.name!r}"
        names = [level.name for level in self.levels]
        if not self.fields or not names:
            raise SpecError(f"{where} needs at least one field and one level")
        if twice := sorted({name for name in names if names.count(name) > 1 or name in ("else", "missing")}):
            raise SpecError(f"{where}: level names must be unique, and neither else nor missing; rename {', '.join(twice)}")
        if len(names) > MOST_LEVELS:
            raise SpecError(f"{where} has {len(names)} levels; merge some: {MOST_LEVELS} are the most")
        if len(self.prior_m) != len(names) + 1 or min(self.prior_m) <= 0 or abs(sum(self.prior_m) - 1) > 1e-6:
            raise SpecError(
                f"{where}: prior_m={self.prior_m} must be {len(names) + 1} positive numbers with sum 1, for "
                f"{', '.join(self.traits.levels)}"
            )
        for part, _, own in self.parts():
            if own not in self.fields:
                raise SpecError(f"{where}: level {part!r} reads the field {own!r}; add it to fields={self.fields}")
        if self.frequency is not None and self.frequency not in self.fields:
            raise SpecError(f"{where}: frequency={self.frequency!r} is none of its fields {self.fields}")
        if self.name in self.silent_when:
            raise SpecError(f"{where} cannot be silent because of itself; name another comparison in silent_when")

    @property
    def traits(self) -> ComparisonTraits:
        """What a matcher must know: levels with "else" first, first guesses of m, how they behave."""
        names = ("else", *(level.name for level in reversed(self.levels)))
        partner = next((level.other for _, level, _ in self.parts() if isinstance(level, SwappedParts)), None)
        equals = self.fields[0] if isinstance(self.levels[0], Exact) and len(self.fields) == 1 else None
        others = [(number, field) for number, level, field in self.parts() if isinstance(level, Exact)]
        within = next(((number, field) for number, field in others if 0 < number < len(self.levels) != 1), None)
        kept = (self.shared_by_relatives, self.frequency, partner, equals, within if len(self.fields) > 1 else None)
        return ComparisonTraits(self.name, names, tuple(self.prior_m), *kept)

    @property
    def reads(self) -> tuple[str, ...]:
        """Every field that it needs, sorted: its own, and those of levels and conditions on whole records."""
        on_records = [level for _, level, _ in self.parts() if is_record_level(level)]
        on_records += [condition for _, condition in self.conditions()]
        return tuple(sorted({*self.fields, *(name for level in on_records for name in level.reads)}))

    def means(self, level: int) -> str:
        """What a level number means, in words.

        Parameters
        ----------
        level
            -1 … number of levels.
        """
        if level < 0:
            return "missing on one side or both, or already told by another comparison"
        return "none of the levels" if level == 0 else self.levels[len(self.levels) - level].means

    def parts(self) -> Iterator[tuple[int, AnyLevel, str]]:
        """(level number, plain level, field) of every level, with `AnyOf`, `On` and `Unless` taken apart."""
        for position, level in enumerate(self.levels):
            for inner, own in _flat(level.level if isinstance(level, Unless) else level, self.fields[0]):
                yield len(self.levels) - position, inner, own

    def conditions(self) -> Iterator[tuple[int, RecordLevel]]:
        """(level number, condition) of every level that a condition explains away."""
        for position, level in enumerate(self.levels):
            if isinstance(level, Unless):
                yield len(self.levels) - position, level.condition

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data: strings, numbers, lists and mappings.

        Raises
        ------
        SpecError
            If a level is a function of your own, which has no plain form.
        """
        plain: dict[str, Any] = {"name": self.name, "fields": list(self.fields)}
        plain["levels"] = [level_to_plain(level) for level in self.levels]
        plain["prior_m"] = list(self.prior_m)
        plain["shared_by_relatives"] = self.shared_by_relatives
        if self.frequency is not None:
            plain["frequency"] = self.frequency
        if self.silent_when:
            plain["silent_when"] = {other: list(names) for other, names in self.silent_when.items()}
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Comparison":
        """A comparison from what `to_dict` gave.

        Raises
        ------
        SpecError
            If a part is unknown or lacking.
        """
        rest = dict(plain)
        try:
            return cls(levels=[level_from_plain(level) for level in rest.pop("levels")], **rest)
        except (KeyError, TypeError) as error:
            raise SpecError(f"comparison {plain.get('name', '?')!r} is not written as expected: {error}") from error


def _flat(level: AnyLevel, own: str) -> Iterator[tuple[AnyLevel, str]]:
    if isinstance(level, AnyOf):
        for inner in level.levels:
            yield from _flat(inner, own)
    elif isinstance(level, On):
        yield from _flat(level.level, level.field)
    elif isinstance(level, Unless):
        raise SpecError(f"level {level.name!r}: Unless cannot stand inside another level; put it around the whole")
    else:
        yield level, own


def _default_prior(n_levels: int) -> tuple[float, ...]:
    if n_levels <= 1:
        return (0.2, 0.8)[: n_levels + 1]
    return (0.1, *([0.1 / (n_levels - 1)] * (n_levels - 1)), 0.8)
