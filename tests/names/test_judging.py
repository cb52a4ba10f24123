"""Whole names judged."""

import pytest

from omniid.names import same_name


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Bob Smith", "Smith, Robert", True),
        ("Robert Smith", "Smith Robert", True),
        ("Maria Rossi", "Mario Rossi", False),
        ("John Smith", "John Jones", False),
        ("J. Smith", "John Smith", True),
        ("N/A", "John Smith", False),
        ("N/A", "N/A", False),
        # alike: a slip of the pen in a long name, another name where much differs or the name is short
        ("Anna Kowalczyk", "Anna Kowalczik", True),
        ("Yulia Bondar", "Yulia Bondarenko", False),
        ("Ravi Patel", "Ravi Patil", False),
        ("Ivan Petrov", "Ivan Petkov", False),  # the ending tells nothing: one letter of petr
        ("Anna Kowalska", "Anna Kowalski", True),
        # crosswise, in spellings of their own; and both with the last name first
        ("徐静", "Hsu Ching", True),
        ("김민수", "Kim Minsu", True),
        ("Kim Minsu", "Kim Minji", False),
        ("Szabó József", "Szabó Jóska", True),
        ("Szabó József", "Nagy Jóska", False),
        # Chinese names that are read like words for "unknown"
        ("李娜", "Lee Na", True),
        ("李娜", "Li Nan", False),
        ("Li Na", "Li NA", True),  # nothing is known of the other
        # Arabic names in pieces, on either keyboard
        ("عبد الرحمن السيد", "Abdul Rahman El-Sayed", True),
        ("نور الدین حداد", "نورالدين حداد", True),
        ("عبد الرحمن السيد", "Abdul Rahim El-Sayed", False),
        # the word before the last name joined to it
        ("Patrick Mc Donald", "Patrick McDonald", True),
        ("Patrick Ian Donald", "Patrick Donald", True),
        ("Patrick Ian Donaldson", "Patrick McDonald", False),
    ],
)
def test_judged_names(left: str, right: str, same: bool) -> None:
    assert same_name(left, right) is same
    assert same_name(right, left) is same
