"""Shapes are checked when they are declared."""

import pytest

from omniid.errors import SpecError
from omniid.store import TableShape


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ({"name": 'x" (y)'}, "the name 'x\" \\(y\\)'"),
        ({"columns": {"Row": "int"}, "primary": ("Row",)}, "the name 'Row'"),
        ({"columns": {"row": "integer"}}, "has kind 'integer'; choose one of int, real, text, bytes"),
        ({"primary": ()}, r"\(\) is not some of its columns"),
        ({"primary": ("row", "row")}, "each once"),
        ({"indexes": (("missing",),)}, r"\('missing',\) is not some of its columns, each once; it has row"),
    ],
)
def test_wrong_shapes_are_named(shape, says):
    with pytest.raises(SpecError, match=says):
        TableShape(**{"name": "t", "columns": {"row": "int"}, "primary": ("row",), **shape})


def test_look_ups_are_first_columns():
    columns = {"left": "int", "right": "int", "weight": "int"}
    shape = TableShape("t", columns, ("left", "right"), indexes=(("right", "left"),), unique=(("weight",), ("left", "weight")))
    assert shape.looked_up_by() == ("left", "right", "weight")
