"""How many people may use a value of each kind before it stands for nobody."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from omniid.errors import SpecError

__all__ = ["PEOPLE_AT_MOST", "ROWS_ABOVE", "Thresholds", "checked_people_at_most", "checked_value_classes"]

# More people than this on one value, and it names nobody: a household rarely has seven adults, a block of flats has many.
# A kiosk is there to be used by everybody.
PEOPLE_AT_MOST: Mapping[str, float] = MappingProxyType(
    {"email": 6, "phone": 6, "identifier": 6, "device": 6, "street": 18, "kiosk": math.inf}
)
ROWS_ABOVE = 50  # so many records of one value and no name in any: more likely a line, a shop or a default than a person


@dataclass(frozen=True)
class Thresholds:
    """The thresholds of one run.

    Parameters
    ----------
    people_at_most
        Kind → most people on one value that is still evidence; `math.inf`: any number.
    rows_above
        Most records on one value, none of which says whose it is, that still count as one person's.
    names
        First name → the formal name that it counts as, where several are possible; others count as the first in alphabetical
        order. None: what is commonest in the records.

    Examples
    --------
    >>> found = Thresholds({"email": 6, "identifier": 6, "loyalty": 2})
    >>> found.at_most("loyalty", "identifier"), found.at_most("passport", "identifier")
    (2, 6)
    """

    people_at_most: Mapping[str, float]
    rows_above: int = ROWS_ABOVE
    names: Mapping[str, str] | None = None

    def at_most(self, kind: str, wider: str) -> float:
        """Return the threshold of a kind, else that of the wider kind that its column is of."""
        return self.people_at_most.get(kind, self.people_at_most.get(wider, PEOPLE_AT_MOST.get(kind, PEOPLE_AT_MOST[wider])))


def checked_value_classes(given: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """Return declared classes of single values as they are kept: field → value → "personal" or "shared".

    Raises
    ------
    SpecError
        If a class is neither.

    Examples
    --------
    >>> dict(checked_value_classes({"email": {"box@x.com": "shared"}}))
    {'email': {'box@x.com': 'shared'}}
    """
    example = "{'email': {'box@x.com': 'shared'}}"
    if not isinstance(given, Mapping) or not all(isinstance(values, Mapping) for values in given.values()):
        raise SpecError(f"value_classes is {given!r}; map fields to values and their classes, such as {example}")
    for field, values in given.items():
        for value, name in values.items():
            if name not in ("personal", "shared"):
                raise SpecError(f"value_classes[{field!r}][{value!r}] is {name!r}; write personal or shared, as in {example}")
    return MappingProxyType({field: dict(values) for field, values in given.items()})


def checked_people_at_most(given: Mapping[str, float]) -> Mapping[str, float]:
    """Return declared thresholds as they are kept.

    Raises
    ------
    SpecError
        If one is no whole number of at least 1 and not `math.inf`.

    Examples
    --------
    >>> dict(checked_people_at_most({"email": 10, "kiosk": math.inf}))
    {'email': 10, 'kiosk': inf}
    """
    if not isinstance(given, Mapping):
        raise SpecError(f"people_at_most is {given!r}; map kinds to numbers of people, such as {{'email': 10}}")
    for kind, most in given.items():
        whole = isinstance(most, int) and not isinstance(most, bool) and most >= 1
        if not whole and most != math.inf:
            raise SpecError(
                f"people_at_most[{kind!r}] is {most!r}; give a whole number of at least 1, or math.inf for any number of people"
            )
    return MappingProxyType(dict(given))
