"""What a run decided from all records together, frozen so that later runs decide the same, whatever records they see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["FrozenChoices"]


@dataclass(frozen=True)
class FrozenChoices:
    """Choices of the run that fitted a model with ``incremental=True``; see `Spec`.

    Parameters
    ----------
    blocks
        The crowded keys of the blocking rules, as plain data.
    dates
        Column → source → how its dates are read: "day-first" or "month-first", the same for dates with dots, and whether
        1970-01-01 is a default there, that is, no date.
    names
        First name → the formal name that it counts as when people are counted, where several are possible.
    numbers
        "field, part, least number" → hashes of the words that go with so many numbers there, see `UnlessNumbered`.

    Examples
    --------
    >>> FrozenChoices(names={"alex": "alexander"}).dates
    {}
    """

    blocks: Mapping[str, Any] = field(default_factory=dict)
    dates: Mapping[str, Mapping[str, tuple[str, str, bool]]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        dates = {name: {source: tuple(read) for source, read in by.items()} for name, by in self.dates.items()}
        object.__setattr__(self, "dates", dates)  # lists of a file become tuples again
        object.__setattr__(self, "numbers", {name: tuple(words) for name, words in self.numbers.items()})
