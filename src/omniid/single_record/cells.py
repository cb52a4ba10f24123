"""The cells of one record as the entries of its fields, as `to_record_table` brings a whole frame's together."""

from collections.abc import Mapping
from typing import Any

from omniid.frames.values import Notes, objects_to_text, whole_text

__all__ = ["Cells", "cell_texts", "entries_of_cells"]

Cells = Mapping[str, Any]


def entries_of_cells(cells: Cells, fields: Mapping[str, str], separators: Mapping[str, str]) -> dict[str, list[str]]:
    """Field → what the cells of one record say of it, each value once, in the order of the cells.

    Parameters
    ----------
    cells
        Column of the source → text, number, date, a list of those, or None.
    fields
        Column of the source → field; other columns are left out.
    separators
        Field → characters that part several values in one cell.

    Examples
    --------
    >>> cells = {"mail": "a@x.com; b@x.com", "alt": ["b@x.com", None, "c@x.com"], "age": 30}
    >>> entries_of_cells(cells, {"mail": "email", "alt": "email"}, {"email": ";"})
    {'email': ['a@x.com', 'b@x.com', 'c@x.com']}
    """
    found: dict[str, list[str]] = {}
    for column, cell in cells.items():
        field = fields.get(column)
        if field is None or cell is None:
            continue
        texts = cell_texts(cell)
        if (marks := separators.get(field)) and any(mark in text for text in texts for mark in marks):
            texts = [piece for text in texts for piece in _pieces(text, marks)]
        if field not in found and len(texts) < 2:
            if texts:
                found[field] = texts
            continue
        have = found.setdefault(field, [])
        for text in texts:
            if text not in have:
                have.append(text)
    return found


def cell_texts(cell: Any) -> list[str]:
    """The values of one cell as the text that a person would write for them; what says nothing is left out.

    Examples
    --------
    >>> cell_texts(" a "), cell_texts(17.0), cell_texts([True, None, ""]), cell_texts("  ")
    ([' a '], ['17'], ['true'], [])
    """
    if type(cell) is str and (cell[:1] > " " if cell.isascii() else cell[:1].isalnum()):  # no white space alone
        return [cell if cell.isascii() else whole_text(cell)[0]]
    notes: Notes = []
    found = objects_to_text([cell], "", notes).to_pylist()[0]
    return [] if found is None else found if isinstance(found, list) else [found]


def _pieces(text: str, marks: str) -> list[str]:
    """The values in one text."""
    if not any(mark in text for mark in marks):
        return [text]
    table = str.maketrans(marks, marks[0] * len(marks))
    return [piece for part in text.translate(table).split(marks[0]) if (piece := part.strip())]
