"""A saved result tells the same journey, whatever stood in the folder before."""

from pathlib import Path
from typing import Any

import pytest

import omniid
from omniid import InputError
from omniid.activity import EVENT_TABLES
from oracle.shopper import CRM, EVENTS, found


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_saved_result_tells_the_same_journey(tmp_path: Path, ending: Any) -> None:
    found().save(tmp_path, format=ending)
    again = omniid.load(tmp_path)
    for name in EVENT_TABLES:
        assert again.table(name).equals(found().table(name)), name
    assert str(again.journey(("crm", "1"))) == str(found().journey(("crm", "1")))
    assert again.summary.events == found().summary.events
    later = omniid.resolve({"crm": CRM}, events=EVENTS[:3], previous=tmp_path)
    assert later.entity_of(("crm", "1")) == found().entity_of(("crm", "1"))
    omniid.resolve({"crm": CRM}).save(tmp_path)
    with pytest.raises(InputError, match="has no events; pass them"):
        _ = omniid.load(tmp_path).events
