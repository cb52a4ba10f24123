"""Codes for how a name sounds, so that different spellings of one sound meet."""

import re

__all__ = ["soundex", "soundex_words"]

# One digit per group of like-sounding consonants; vowels end a run of equal digits, h and w do not.
_DIGITS = str.maketrans("bfpvcgjkqsxzdtlmnraeiouy", "111122222222334556000000", "hw")
_NOT_LETTERS = re.compile(r"[^a-z]+")
_RUN = re.compile(r"(\d)\1+")


def soundex(name: str) -> str | None:
    """Code a name by its first letter and the sound of its next consonants, in lower case.

    Spaces, hyphens and digits are passed over, so "mac donald" sounds like "macdonald". Only ASCII letters have a sound;
    normal forms of names are ASCII.

    Parameters
    ----------
    name
        A name, any case.

    Returns
    -------
    str or None
        One letter and three digits; None where the name holds no letter.

    References
    ----------
    Russell, US patents 1,261,167 and 1,435,663; rules as published by the US National Archives ("American Soundex").

    Examples
    --------
    >>> soundex("Robert"), soundex("rupert"), soundex("Ashcraft")
    ('r163', 'r163', 'a261')
    >>> soundex("17") is None
    True
    """
    letters = _NOT_LETTERS.sub("", name.lower())
    if not letters:
        return None
    first = letters[0].translate(_DIGITS) or "0"
    digits = _RUN.sub(r"\1", first + letters[1:].translate(_DIGITS))
    return (letters[0] + digits[1:].replace("0", "") + "000")[:4]


def soundex_words(text: str, words: int = 2) -> str | None:
    """Code the first words of a text that begin with a letter, each by its `soundex`.

    Street names so meet whatever their house number and the spelling of their words.

    Parameters
    ----------
    text
        Words separated by spaces.
    words
        How many words to code.

    Returns
    -------
    str or None
        Codes separated by spaces; None where no word begins with a letter.

    Examples
    --------
    >>> soundex_words("12 main street apt 4"), soundex_words("12 maine stret")
    ('m500 s363', 'm500 s363')
    """
    codes = [soundex(word) for word in text.split() if word[0].isascii() and word[0].isalpha()][:words]
    return " ".join(code for code in codes if code) or None
