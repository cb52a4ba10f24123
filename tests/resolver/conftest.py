"""One made-up town in a store, that the scenes of this folder go on from."""

import shutil
from pathlib import Path
from typing import Any

import pytest

import omniid
from omniid import datasets

PHONES = {"h": "+48 501 000 111", "w": "+48 602 000 222"}


@pytest.fixture(scope="session")
def town() -> dict[str, Any]:
    """Channel → rows of 150 generated records, and two that spouses left: no first names, one mailbox."""
    channels = {name: table.to_pylist() for name, table in datasets.generate(150, seed=5, headers={}).channels.items()}
    empty = {**dict.fromkeys(channels["loyalty"][0]), "email": "nowakowie@example.com", "last_name": "Nowak"}
    spouses = [{**empty, "record_id": f"{side}1", "phone": phone} for side, phone in PHONES.items()]
    return {**channels, "loyalty": channels["loyalty"] + spouses}


@pytest.fixture(scope="session")
def settled(town: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store of the town, with the model that it learned from it."""
    path = tmp_path_factory.mktemp("town") / "people.omniid"
    with omniid.open(path) as resolver:
        resolver.upsert(town)
        resolver.fit()
    return path


@pytest.fixture
def store(settled: Path, tmp_path: Path) -> Path:
    """A copy of the town's store."""
    return Path(shutil.copy(settled, tmp_path / "people.omniid"))
