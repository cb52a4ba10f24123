"""What was learned of populations: which first and last names go together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from omniid.errors import InputError

__all__ = ["Populations"]


@dataclass(frozen=True)
class Populations:
    """Populations, such as speakers of one language, each with names of its own.

    Parameters
    ----------
    fields
        The two fields that they tie: first and last name.
    shares
        Share of each population among all who bear a name; sums to 1.
    profiles
        Field → hash of a frequent value → the populations of those who bear it, in thousandths.
    tie
        How much likelier strangers agree on both fields than the product of both chances says; at least 1.

    Raises
    ------
    InputError
        If the parts do not fit together.

    Examples
    --------
    >>> Populations(("first_name", "last_name"), (0.5, 0.5), {"first_name": {}, "last_name": {}}, tie=1.8).tie
    1.8
    """

    fields: tuple[str, str]
    shares: tuple[float, ...]
    profiles: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    tie: float = 1.0

    def __post_init__(self) -> None:
        if len(self.fields) != 2 or set(self.profiles) != set(self.fields) or not self.tie >= 1.0:
            raise InputError(
                f"the model's populations tie {list(self.fields)} by {self.tie}, with profiles of {sorted(self.profiles)}; "
                "give two fields, a profile for each, and a tie of 1 or more"
            )
        for name, profiles in self.profiles.items():  # lists where a model was read from a file
            object.__setattr__(self, "profiles", {**self.profiles, name: {key: tuple(row) for key, row in profiles.items()}})
            wrong = next((key for key, row in profiles.items() if len(row) != len(self.shares) or min(row) < 0), None)
            if wrong is not None:
                raise InputError(
                    f"the model's populations: {name} {wrong} has not one share per population ({len(self.shares)})"
                )
