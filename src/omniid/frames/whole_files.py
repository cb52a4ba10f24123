"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from omniid.errors import InputError

__all__ = ["written_whole"]


@contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """Give a file beside `path` to write to, which takes its place once it is written.

    Parameters
    ----------
    path
        The file to be; its folder is made if it does not exist.

    Yields
    ------
    pathlib.Path
        Where to write.

    Raises
    ------
    InputError
        If it can't be written; what stood at `path` stands there still.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with written_whole(Path(folder, "told.txt")) as partial:
    ...         _ = partial.write_text("all of it")
    ...     [(one.name, one.read_text()) for one in Path(folder).iterdir()]
    [('told.txt', 'all of it')]
    """
    path = Path(path).expanduser()
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        partial.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error}); check the folder and its permissions") from error
    finally:
        with suppress(OSError):  # there is none after a success
            partial.unlink()
