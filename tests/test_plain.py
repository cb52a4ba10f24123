"""Plain data in files, and tables of text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import SpecError
from omniid.plain import read_plain, text_table, write_plain

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)


@given(st.dictionaries(texts, values, max_size=4), st.sampled_from(["x.toml", "x.json"]))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, data: dict[str, object], name: str) -> None:
    path = tmp_path_factory.mktemp("plain") / name
    write_plain(data, path)
    assert read_plain(path) == data


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.toml", b"x = ", "is not TOML"),
        ("a.json", b"{", "is not JSON"),
        ("b.json", b"[1]", "holds a list"),
        ("c.toml", b"x = '\xff'", "is not TOML"),
    ],
)
def test_a_file_that_can_not_be_read_is_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SpecError, match=says) as error:
        read_plain(tmp_path / name)
    assert name in str(error.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "no.toml", tmp_path):
        with pytest.raises(SpecError, match="can't be read"):
            read_plain(path)


def test_columns_of_text_line_up() -> None:
    assert text_table(("a", "b"), [("xyz", 1), ("", 22)]) == "a    b\nxyz  1\n     22"
    assert text_table(("a", "b"), []) == "a  b"
