"""Which records the peers that need blocking rules compare, by kind of column: one list for every set and every such peer.

The combinations are those of Splink's example on 50,000 historical persons; each contact value and identifier blocks too, as in
its example on fake_1000; on up to 25,000 records so does each name, birth date and postcode alone, as in its febrl examples.
Standard library only.
"""

from collections.abc import Mapping
from typing import NamedTuple

from peer_files import of_kind

SMALL = 25_000  # records; on more, single names would make a hundred million pairs


class Part(NamedTuple):
    """A column, or its first letters."""

    column: str
    letters: int = 0  # 0: all


def blocks(kinds: Mapping[str, str], records: int | None = None) -> list[tuple[Part, ...]]:
    """The rules whose columns are there; without a number of records those that single names need not join."""
    first, last = of_kind(kinds, "first_name")[:1], of_kind(kinds, "last_name")[:1]
    born, postcode, city = (of_kind(kinds, kind)[:1] for kind in ("birth_date", "postcode", "city"))
    combined = [
        ((first, 3), (last, 4)),
        ((last, 0), (born, 0)),
        ((first, 0), (born, 0)),
        ((postcode, 0), (first, 0)),
        ((postcode, 0), (last, 0)),
        ((born, 0), (city, 0)),
        ((postcode, 3), (born, 0)),
        ((postcode, 3), (first, 0)),
        ((postcode, 3), (last, 0)),
        ((first, 2), (last, 2), (born, 4)),
    ]
    rules = [tuple(Part(columns[0], letters) for columns, letters in rule) for rule in combined if all(c for c, _ in rule)]
    rules += [(Part(column),) for column in of_kind(kinds, "email", "phone", "identifier")]
    if records is not None and records <= SMALL:
        rules += [(Part(column),) for column in (*first, *last, *born, *postcode)]
    return rules
