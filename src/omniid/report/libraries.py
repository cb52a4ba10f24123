"""The libraries that draw, an extra: loaded when a report is written, and the scripts that they bring for the page."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from omniid.errors import MissingExtraError

__all__ = ["check_libraries", "load_altair", "load_jinja", "page_scripts"]

SNIPPET = "window.vegaEmbed = vegaEmbed;"


def _missing(name: str | None) -> MissingExtraError:
    return MissingExtraError(f"a report needs altair and vl-convert, and {name} is not installed: pip install 'omniid[report]'")


def _loaded(name: str) -> Any:
    """One of the libraries: an extra, so that it is imported only where it draws."""
    try:
        return import_module(name)
    except ImportError as error:
        raise _missing(error.name) from error


def check_libraries() -> None:
    """Check that all of them are installed, without loading one.

    Raises
    ------
    MissingExtraError
        If one is not.
    """
    for name in ("altair", "jinja2", "vl_convert"):
        if find_spec(name) is None:
            raise _missing(name)


def load_altair() -> Any:
    """Return the module `altair`, which declares charts.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    return _loaded("altair")


def load_jinja() -> Any:
    """Return the module `jinja2`, which fills in the page; it comes with altair.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    return _loaded("jinja2")


@cache
def page_scripts() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that needs no network; made once a process, in some three seconds.

    Raises
    ------
    MissingExtraError
        If vl-convert is not installed.
    """
    return str(_loaded("vl_convert").javascript_bundle(SNIPPET))
