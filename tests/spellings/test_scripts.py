"""Whether a column mixes scripts."""

from omniid.spellings import mixes_scripts
from omniid.tables import Column


def test_one_in_a_thousand_of_the_rarer_kind_is_enough():
    assert mixes_scripts(Column.of(["Anna"] * 999 + ["Анна"]))
    assert not mixes_scripts(Column.of(["Anna"] * 2000 + ["Анна"]))
    assert not mixes_scripts(Column.of(["Анна"] * 5))
    assert not mixes_scripts(Column.of([None, None]))
    assert not mixes_scripts(Column.of(["Müller", "Mueller", None]))
