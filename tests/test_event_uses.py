"""Asking a result for journeys."""

import pytest

from omniid import InputError
from omniid.activity import EVENT_TABLES
from omniid.event_uses import EVENT_TABLE_NAMES
from oracle.shopper import found


def test_who_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="there is no record crm:9"):
        found().journey(("crm", "9"))
    with pytest.raises(InputError, match="there is no entity 'x'"):
        found().journey("x")


def test_every_table_has_its_name() -> None:
    assert tuple(EVENT_TABLES) == EVENT_TABLE_NAMES
    assert all(len(getattr(found(), name)) == found().table(name).num_rows for name in EVENT_TABLE_NAMES)
