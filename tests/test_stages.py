"""Stages are timed, reported and stopped."""

import pytest

from omniid import CancelledError
from omniid.stages import Stages


def test_progress_never_falls_and_ends_at_its_total() -> None:
    seen: list[tuple[str, int, int]] = []
    stages = Stages(lambda *told: seen.append(told))

    def work(amounts: list[tuple[int, int]]) -> str:
        for done, total in amounts:
            stages.report("work", done, total)
        return "done"

    assert stages.run("work", work, [(5, 0), (9, 0)]) == "done"
    assert seen == [("work", 0, 1), ("work", 5, 0), ("work", 9, 0), ("work", 9, 9)]
    assert stages.done["work"] == 9
    assert stages.run("other", sorted, [2, 1]) == [1, 2]
    assert seen[-2:] == [("other", 0, 1), ("other", 1, 1)]
    assert set(stages.seconds) == {"work", "other"}


def test_false_stops_the_work_before_it_starts() -> None:
    ran = []
    with pytest.raises(CancelledError, match="during 'work'"):
        Stages(lambda *_: False).run("work", lambda: ran.append(1))
    assert ran == []


def test_nothing_returned_means_go_on() -> None:
    assert Stages(lambda *_: None).run("work", lambda: 7) == 7  # type: ignore[arg-type,return-value]
