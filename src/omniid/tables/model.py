"""The model: all that is learned and then frozen, as plain numbers."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from omniid.errors import InputError

__all__ = ["ComparisonWeights", "Model"]


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
    """

    name: str
    levels: tuple[str, ...]
    m: tuple[float, ...]
    u: tuple[float, ...]
    h: tuple[float, ...] = ()
    frequency: Mapping[str, float] = field(default_factory=dict)
    rare: float | None = None


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
    converged_
        Whether fitting settled before its last allowed round.
    n_iter_
        Rounds used.
    versions
        Versions of omniid and of the libraries whose data shape normal forms.

    Examples
    --------
    >>> weights = ComparisonWeights("email", ("else", "exact"), (0.1, 0.9), (0.999, 0.001))
    >>> Model((weights,), prior=0.001).replace(link_at=2.0).link_at
    2.0
    """

    comparisons: tuple[ComparisonWeights, ...]
    prior: float
    prior_relatives: float = 0.0
    link_at: float = 0.0
    review_at: float = 0.0
    rules: tuple[Mapping[str, Any], ...] = ()
    converged_: bool = True
    n_iter_: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)

    def replace(self, **changes: Any) -> "Model":
        """A copy with some parts changed.

        Examples
        --------
        >>> Model((), prior=0.5).replace(prior=0.25).prior
        0.25
        """
        return replace(self, **changes)

    def save(self, path: str | Path) -> None:
        """Write the model as JSON, plain data that can be read, plotted and edited."""
        Path(path).write_text(json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> "Model":
        """Read a model that `save` wrote.

        Raises
        ------
        InputError
            If the file is no model; the message says which part is missing.
        """
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8"))
            learned = tuple(ComparisonWeights(**_tuples(part)) for part in data.pop("comparisons"))
            return cls(comparisons=learned, **_tuples(data))
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path} is not a saved omniid model ({error}); save one with model.save(path)") from error


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    """JSON lists back to tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
