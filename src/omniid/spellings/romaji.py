"""Japanese names in Latin letters: long vowels and syllables that people write in several ways."""

import re

__all__ = ["is_romaji", "romaji_code"]

_SYLLABLES = re.compile(
    "(?:(?:kk|ss|tt|pp|tch|cch|ssh)?(?:[kgnhbpmrszjtc]y|sh|ch|ts|dz|[kgszjtdnhbpmryfw])?(?:oh(?![aiueo])|ou|oo|uu|[aiueo])"
    "|n(?![aiueoy])|m(?=[bpm]))+"
)
_STEPS = (
    ("oh(?![aiueo])|ou(?![aiueo])|oo", "o"), ("uu", "u"), ("jy", "j"), ("sy", "sh"), ("[tc]y", "ch"), ("zy", "j"),
    ("si", "shi"),
    ("ti", "chi"), ("tu", "tsu"), ("hu", "fu"), ("zi|di", "ji"), ("du|dzu", "zu"), ("m(?=[bpm])", "n"), ("tch|cch", "ch"),
    ("(?<=[aiueo])ssh", "sh"),
)  # fmt: skip
_COMPILED = tuple((re.compile(old), new) for old, new in _STEPS)


def is_romaji(word: str) -> bool:
    """Whether a word of three letters or more reads as syllables of Japanese.

    Examples
    --------
    >>> is_romaji("satoh"), is_romaji("smith")
    (True, False)
    """
    return len(word) > 2 and _SYLLABLES.fullmatch(word) is not None


def romaji_code(word: str) -> str:
    """One code for all usual spellings of a Japanese name.

    Examples
    --------
    >>> romaji_code("ohno") == romaji_code("oono") == romaji_code("ono"), romaji_code("shinji") == romaji_code("sinzi")
    (True, True)
    """
    for old, new in _COMPILED:
        word = old.sub(new, word)
    return word
