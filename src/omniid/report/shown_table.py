"""A table of the page: short enough to read, with a caption that says what it answers."""

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["ShownTable"]


class ShownTable(NamedTuple):
    """A table of text, its first column naming the rows.

    Parameters
    ----------
    name
        What it is called on the page and in links.
    caption
        What it answers, in a sentence.
    columns
        The headings; those of columns of numbers end in "#", of shares in percent in "%", which is not shown.
    rows
        Text, cell by cell.
    total
        Rows that there are in all, of which these are the first.
    """

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    total: int

    @property
    def headings(self) -> list[tuple[str, str]]:
        """The headings, each with what its column holds: "" for text, "n" for numbers, "n tint" for shares.

        Examples
        --------
        >>> ShownTable("rejects", "Values that could not be used.", ("reason", "values#"), [("no date", "3")], 1).headings
        [('reason', ''), ('values', 'n')]
        """
        kinds = {"#": "n", "%": "n tint"}
        return [(name.rstrip("#%"), kinds.get(name[-1:], "")) for name in self.columns]

    @property
    def rest(self) -> int:
        """Rows that are not shown."""
        return self.total - len(self.rows)
