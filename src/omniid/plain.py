"""Plain data in TOML and JSON files, and plain tables of text for people."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli_w

from omniid.errors import SpecError

__all__ = ["read_plain", "text_table", "write_plain"]


def read_plain(path: Path) -> dict[str, Any]:
    """Read a TOML file, or a JSON file where the name ends in .json.

    Raises
    ------
    SpecError
        If the file is missing or can't be parsed; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise SpecError(f"{path} can't be read: {error.strerror}; write a spec with spec.save(path)") from error
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{path} is not {'JSON' if path.suffix == '.json' else 'TOML'}: {error}") from error
    if not isinstance(data, dict):
        raise SpecError(f"{path} holds a {type(data).__name__}; a spec is a table of parts")
    return data


def write_plain(data: Mapping[str, Any], path: Path) -> None:
    """Write plain data as TOML, or as JSON where the name ends in .json."""
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n" if path.suffix == ".json" else tomli_w.dumps(data)
    path.write_text(text, encoding="utf-8")


def text_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lay out rows as a table of text, columns as wide as their widest cell.

    Examples
    --------
    >>> print(text_table(("stage", "s"), [("block", 0.5)]))
    stage  s
    block  0.5
    """
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    width = [max(len(row[i]) for row in cells) for i in range(len(header))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, width, strict=True)).rstrip() for row in cells)
