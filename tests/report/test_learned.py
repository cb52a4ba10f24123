"""What the model learned, as it says itself."""

import omniid
from omniid.report.learned import levels_of, levels_table


def test_every_level_is_there(found: omniid.Resolution) -> None:
    told = levels_of(found.model)
    rows = {(row["comparison"], row["level"]): row["weight"] for row in found.model.weights()}
    assert {(one.comparison, one.level): one.bits for many in told.values() for one in many} == rows
    tops = [max(one.bits for one in many) for many in told.values()]
    assert tops == sorted(tops, reverse=True)
    name, many = next(iter(told.items()))
    assert [row[0] for row in levels_table(name, many).rows] == [one.level for one in many]
