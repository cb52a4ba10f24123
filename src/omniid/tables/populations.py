"""What was learned of populations: which first and last names go together, and where those live who bear them."""

from collections.abc import Mapping, Sequence
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
    place
        The field of the city, "" where it is not known where populations live.
    homes
        Hash of a city → the share of each population that lives there, in millionths.
    home_tie
        How much likelier strangers who agree on both names agree on the city than all do; at least 1.

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
    place: str = ""
    homes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    home_tie: float = 1.0

    def __post_init__(self) -> None:
        if len(self.fields) != 2 or set(self.profiles) != set(self.fields) or not min(self.tie, self.home_tie) >= 1.0:
            raise InputError(
                f"the model's populations tie {list(self.fields)} by {self.tie}, with profiles of {sorted(self.profiles)}; "
                "give two fields, a profile for each, and a tie of 1 or more"
            )
        object.__setattr__(self, "homes", _rows(self.homes))  # lists where a model was read from a file
        object.__setattr__(self, "profiles", {name: _rows(profiles) for name, profiles in self.profiles.items()})
        for name, profiles in {**self.profiles, self.place: self.homes}.items():
            wrong = next((key for key, row in profiles.items() if len(row) != len(self.shares) or min(row) < 0), None)
            if wrong is not None:
                raise InputError(
                    f"the model's populations: {name} {wrong} has not one share per population ({len(self.shares)})"
                )


def _rows(profiles: Mapping[str, Sequence[int]]) -> dict[str, tuple[int, ...]]:
    return {key: tuple(row) for key, row in profiles.items()}
