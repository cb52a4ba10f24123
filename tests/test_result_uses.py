"""The uses of a result: a door, and no more."""

import ast
import inspect

from omniid import result_uses
from omniid.resolution import Resolution


def test_each_use_is_one_call_into_its_room() -> None:
    (door,) = [one for one in ast.parse(inspect.getsource(result_uses)).body if isinstance(one, ast.ClassDef)]
    assert issubclass(Resolution, getattr(result_uses, door.name))
    for use in door.body:
        if isinstance(use, ast.FunctionDef):
            steps = [one for one in use.body if not isinstance(one, ast.Import | ast.ImportFrom)]
            assert ast.get_docstring(use), f"{use.name} says nothing"
            assert len(steps) <= 4, f"{use.name} does more than open a door"
