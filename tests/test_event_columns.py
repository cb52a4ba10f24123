"""Declarations of events: refused where they contradict themselves, and the same after a spec file."""

from pathlib import Path
from typing import Any

import pytest

from omniid import SpecError
from omniid.event_columns import EventColumns, Events, RollUp
from omniid.spec import Spec


@pytest.mark.parametrize("name", ["spec.toml", "spec.json"])
def test_events_survive_a_spec_file(tmp_path: Path, name: str) -> None:
    columns = {"web": EventColumns(time="at", type="event", identifiers={"mail": "email"})}
    roll_ups = {"spent": RollUp("sum", "amount", type="order"), "calls": RollUp("count", channel=["desk"], per="channel")}
    types = {"order": ["zakup"], "add": ["do koszyka"]}
    spec = Spec(events=Events(columns, types, session_gap="45m", half_life="30d", same_order="largest", roll_ups=roll_ups))
    spec.save(tmp_path / name)
    assert Spec.load(tmp_path / name) == spec
    assert Spec(events=Events()) == Spec.from_dict(Spec(events=Events()).to_dict())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Events(types={"ordr": ["x"]}), "did you mean 'order'"),
        (lambda: Events(types={"order": ["x"], "add": ["x"]}), "stands for 'order' and for 'add'"),
        (lambda: Events(session_gap="soon"), "write a length"),
        (lambda: Events(same_order="best"), "choose last"),
        (lambda: RollUp("median", "amount"), "'median' is unknown"),
        (lambda: RollUp("sum", "type"), "it takes one of amount"),
        (lambda: RollUp("count", "amount"), "it takes no column"),
        (lambda: RollUp("sum", "amount", per="day"), "per='channel'"),
        (lambda: Spec.from_dict({"events": {"gap": "1h"}}), "unknown part 'gap'"),
    ],
)
def test_what_contradicts_itself_is_refused(make: Any, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        make()


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"events": {"columns": {"web": {"tme": "at"}}}}, r"events: columns of events 'web': unknown part 'tme'.*'time'\?$"),
        ({"events": {"roll_ups": {"spent": {"operation": "sum", "off": "amount"}}}}, r"roll-up 'spent': unknown part 'off'"),
        ({"events": {"session_gp": "1h"}}, r"unknown part 'session_gp'.*did you mean 'session_gap'\?$"),
        (
            {"views": {"support": {"columns": ["email"]}}},
            r"views: view 'support': unknown part 'columns'; the parts are fields",
        ),
    ],
)
def test_a_spec_file_with_an_unknown_part_is_told_which(part: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        Spec.from_dict(part)
