"""One result for all tests of the report: the demo, and a channel of people whose values are hostile to a page."""

from collections.abc import Callable
from pathlib import Path

import pytest

import omniid
from omniid import datasets

HOSTILE = "<script>alert(1)</script>"
EVIL = [
    {"id": "<b>1</b>", "first_name": HOSTILE, "last_name": "</script><!-- Lee", "city": "A & B \"C' D"},
    {"id": "2", "first_name": HOSTILE, "last_name": "</script><!-- Lee", "city": "{{ 7 * 7 }}"},
    {"id": "3", "first_name": HOSTILE, "last_name": "</style>\u2028Lee", "city": "Łódź"},
]


def wide_evil() -> list[dict[str, str]]:
    """The hostile people, with so many records that they are one of the largest clusters."""
    mailbox = {"email": "eve@evil.example"}
    return [{**EVIL[at % 3], **mailbox, "id": EVIL[at]["id"] if at < 3 else str(at + 1)} for at in range(24)]


@pytest.fixture(scope="session")
def found() -> omniid.Resolution:
    return omniid.resolve({**datasets.demo().channels, "evil": wide_evil()})


@pytest.fixture(scope="session")
def page_file(found: omniid.Resolution, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "out.html"
    assert found.report(path) == path
    return path


@pytest.fixture(scope="session")
def tiny() -> Callable[..., omniid.Resolution]:
    """Resolve a few rows."""

    def make(*rows: dict[str, str]) -> omniid.Resolution:
        return omniid.resolve([{"id": str(at), **row} for at, row in enumerate(rows)])

    return make
