"""Delimited text (CSV, TSV and their like): every cell as text, rows of a wrong width as rejects."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

import pyarrow as pa
import pyarrow.csv as arrow_csv

from omniid.errors import InputError
from omniid.frames.encoding import line_of
from omniid.frames.naming import name_columns
from omniid.frames.text import column_text
from omniid.frames.values import Notes
from omniid.tables.arrays import text_array

__all__ = ["read_delimited", "sniff_delimiter"]

DELIMITERS = ",;\t|"
SAMPLE = 1 << 20  # bytes looked at for the header and the delimiter
SAMPLE_ROWS = 50
BLOCK = 1 << 22  # bytes that Arrow parses at a time; a longer row makes the whole file one block
SOMETHING = re.compile(rb"\S")
LARGEST_BLOCK = (1 << 31) - 1


def read_delimited(data: bytes, place: str, notes: Notes) -> pa.Table:
    r"""Read delimited text with a header row; all cells stay text.

    Parameters
    ----------
    data
        UTF-8 without a byte order mark.
    place
        The file, for messages.
    notes
        Takes one line per row that has too few or too many cells, with its line number; all other rows are read.

    Returns
    -------
    pyarrow.Table
        large_string columns, null where a cell is empty or white space.

    Raises
    ------
    InputError
        If there is no header, two columns have one name, no row is as wide as the header, or a quote is never closed.

    Examples
    --------
    >>> notes: Notes = []
    >>> read_delimited(b"id;mail\n1;a@x.com\n2\n", "web.csv", notes).to_pylist()
    [{'id': '1', 'mail': 'a@x.com'}]
    >>> notes
    [(None, '2', 'line 3 of web.csv has 1 cell where the header has 2')]
    """
    # Latin-1 maps each byte to one character, so that positions in the sample are positions in the data.
    sample = data[:SAMPLE].decode("latin-1")
    delimiter = sniff_delimiter(sample, is_whole=len(data) <= SAMPLE)
    header, start = _header(sample, delimiter)
    names = name_columns([cell.encode("latin-1").decode("utf-8") for cell in header], place)
    body = _Body(data, start, delimiter, len(names), place)
    table, ragged = body.parse()
    body.note_ragged(ragged, notes)
    if ragged and table.num_rows == 0:
        raise InputError(
            f"no row of {place} has as many cells as its header ({len(names)}: {', '.join(names[:8])}); "
            f"the delimiter was taken to be {delimiter!r}: check the header row, or read the file yourself and pass the frame"
        )
    body.check_closed(table)
    return pa.table([column_text(column) for column in table.columns], names)


def sniff_delimiter(sample: str, *, is_whole: bool = True) -> str:
    r"""Tell the delimiter from the first rows: the one that splits most rows into as many cells as the header has.

    Parameters
    ----------
    sample
        The beginning of the text.
    is_whole
        Whether the sample is all of it; otherwise its last row may be cut off and does not count.

    Returns
    -------
    str
        One of ``,``, ``;``, tab and ``|``; a comma where nothing is split.

    Examples
    --------
    >>> sniff_delimiter("name;note\nAnna;one, two, three\n")
    ';'
    """
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in _sample_rows(sample, delimiter) if row]
        if not is_whole and 1 < len(widths) <= SAMPLE_ROWS:
            widths.pop()
        if not widths or widths[0] < 2:
            continue
        score = (widths.count(widths[0]) / len(widths), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _sample_rows(sample: str, delimiter: str) -> Iterator[list[str]]:
    """The first rows of the sample, as far as they can be read."""
    try:
        yield from islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), SAMPLE_ROWS + 1)
    except csv.Error:  # a cell longer than the csv module takes: the rows before it tell enough
        return


def _header(sample: str, delimiter: str) -> tuple[list[str], int]:
    """The cells of the first row that is not empty, and where it ends."""
    consumed = 0

    def lines() -> Iterator[str]:
        nonlocal consumed
        for line in io.StringIO(sample, newline=""):
            consumed += len(line)
            yield line

    for row in csv.reader(lines(), delimiter=delimiter):
        if row:
            return row, consumed
    return [], consumed


class _Body:
    """The rows below the header, and where they stand in the file."""

    def __init__(self, data: bytes, start: int, delimiter: str, width: int, place: str) -> None:
        self.data, self.start, self.delimiter, self.width, self.place = data, start, delimiter, width, place
        self.newline = b"\n" if b"\n" in data else b"\r"

    def parse(self) -> tuple[pa.Table, list[arrow_csv.InvalidRow]]:
        """All rows of the header's width, and the others in file order."""
        if SOMETHING.search(self.data, self.start) is None:
            return pa.table({str(i): text_array([]) for i in range(self.width)}), []
        try:
            table, ragged = self._parse(BLOCK, threads=True)
        except pa.ArrowInvalid:  # a row longer than a block
            table, ragged = self._parse(min(len(self.data), LARGEST_BLOCK), threads=False)
        if ragged:  # threads meet rows in any order
            table, ragged = self._parse(min(max(BLOCK, len(self.data)), LARGEST_BLOCK), threads=False)
        return table, ragged

    def _parse(self, block: int, *, threads: bool) -> tuple[pa.Table, list[arrow_csv.InvalidRow]]:
        ragged: list[arrow_csv.InvalidRow] = []

        def skip(row: arrow_csv.InvalidRow) -> str:
            ragged.append(row)
            return "skip"

        names = [str(i) for i in range(self.width)]
        table = arrow_csv.read_csv(
            pa.py_buffer(memoryview(self.data)[self.start :]),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=max(block, 1024), use_threads=threads),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=b'"' in self.data, invalid_row_handler=skip
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=True,
                null_values=[""],
                check_utf8=False,
            ),
        )
        return table, ragged

    def note_ragged(self, ragged: list[arrow_csv.InvalidRow], notes: Notes) -> None:
        """One note per row of a wrong width; a quote that swallows whole lines is an error, as those rows would be lost."""
        position, line, counted = self.start, line_of(self.data, self.start), self.start
        quote = re.escape(self.delimiter)
        cell = rf'(?:"[^"]*(?:""[^"]*)*"|[^"{quote}\r\n][^{quote}\r\n]*|)'
        well_formed = re.compile(rf"{cell}(?:{quote}{cell})*")
        for row in ragged:
            text = row.text.encode()
            position = self._find(text, position)
            line += self.data.count(self.newline, counted, position)
            counted = position
            if ("\n" in row.text or "\r" in row.text) and not well_formed.fullmatch(row.text):
                raise InputError(_open_quote(line, self.place))
            cells = "1 cell" if row.actual_columns == 1 else f"{row.actual_columns} cells"
            notes.append((None, row.text, f"line {line} of {self.place} has {cells} where the header has {self.width}"))
            position += len(text)

    def _find(self, text: bytes, position: int) -> int:
        """Where a row stands as whole lines, from `position` on."""
        while (found := self.data.find(text, position)) >= 0:
            end = found + len(text)
            starts = found == self.start or self.data[found - 1 : found] in (b"\n", b"\r")
            if starts and (end == len(self.data) or self.data[end : end + 1] in (b"\n", b"\r")):
                return found
            position = found + 1
        return position

    def check_closed(self, table: pa.Table) -> None:
        """Refuse a last cell that begins with a quote and runs over several lines to the end of the file."""
        if table.num_rows == 0:
            return
        last = table.column(self.width - 1)[-1].as_py() or ""
        if ("\n" in last or "\r" in last) and not self.data.rstrip(b"\r\n").endswith(b'"'):
            start = self.data.rfind(b'"' + last.split("\n")[0].split("\r")[0].replace('"', '""').encode())
            raise InputError(_open_quote(line_of(self.data, max(start, 0)), self.place))


def _open_quote(line: int, place: str) -> str:
    return (
        f"line {line} of {place} opens a quote that is not closed before the next cell, so that whole rows would be lost; "
        'close it, or write a quote that belongs to the text as "" within quotes'
    )
