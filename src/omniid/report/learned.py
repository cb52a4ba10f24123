"""What the model learned of each comparison, level by level."""

from typing import NamedTuple

from omniid.report.numbers import bits, chance
from omniid.report.shown_table import ShownTable
from omniid.tables import Model

__all__ = ["LearnedLevel", "levels_of", "levels_table"]


class LearnedLevel(NamedTuple):
    """A level: how often two records of one person, and two of strangers, agree like this, and its weight in bits."""

    comparison: str
    level: str
    m: float
    u: float
    bits: float


def levels_of(model: Model) -> dict[str, list[LearnedLevel]]:
    """Comparison → its levels, the closest first; comparisons by what they can say for a match, most first."""
    found = {
        one.name: [LearnedLevel(one.name, level, one.m[at], one.u[at], one.bits(at)) for at, level in enumerate(one.levels)][
            ::-1
        ]
        for one in model.comparisons
    }
    return dict(sorted(found.items(), key=lambda one: (-max(level.bits for level in one[1]), one[0])))


def levels_table(name: str, levels: list[LearnedLevel]) -> ShownTable:
    """The levels of one comparison as a table."""
    rows = [(one.level, chance(one.m), chance(one.u), bits(one.bits)) for one in levels]
    columns = ("agreement", "same person (m)#", "strangers (u)#", "weight in bits#")
    caption = f"How often {name} agrees like this among pairs of one person and of strangers."
    return ShownTable(name, caption, columns, rows, len(rows))
