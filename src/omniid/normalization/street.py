"""Street lines taken apart: house number, name, kind of street, flat."""

import re
from functools import cache
from typing import NamedTuple

from omniid.normalization.text import ascii_digits, fold
from omniid.normalization.words import word_table

__all__ = ["Street", "read_street"]

NUMBER = re.compile(r"\d+[a-z]?(?:[/-]\d+[a-z]?)*")
BUILDING = re.compile(r"(?:k|bld)\d\w*")
AROUND_SLASH = re.compile(r"(?<=\d)\s*([/-])\s*(?=\d)")
LETTER_AFTER = re.compile(r"(\d)\s*-\s*([a-zA-Z])(?![^\W\d_])")  # "12 - A" is 12a, "12 - Dąbrowskiego" is not 12d…
# German and Dutch write the kind into the name: Hauptstraße, Hauptstr., Kerkstraat.
GLUED = re.compile(r"([a-z]{3,})(?:strasse|strase|straat|str)")
CUT = re.compile(r"[\s,;:()]+|(?<=[^\W\d_]\.)(?=[^\W_])")
HASH_UNIT = re.compile(r"#\s*(?=\w)")
TAKES_LETTER = frozenset({"apt", "apartment", "flat", "unit", "suite", "ste"})
DIRECTIONS = frozenset("nsew")
ROUNDS = 8  # taking a word out may bring two others together; real addresses settle in one round


class Street(NamedTuple):
    """A street line, folded: house number, name with the kind of street behind it, flat; "" where unsaid."""

    number: str
    name: str
    unit: str


def read_street(text: str) -> Street:
    """Take a tidied street line apart.

    Examples
    --------
    >>> read_street("Hauptstr. 12 A"), read_street("100 5th Ave Apt 3").unit
    (Street(number='12a', name='haupt st', unit=''), '3')
    """
    plain = HASH_UNIT.sub(" unit ", ascii_digits(text))
    plain = LETTER_AFTER.sub(r"\1\2", AROUND_SLASH.sub(r"\1", plain))
    words = [word for token in CUT.split(plain) for word in _token_words(token)]
    units: list[str] = []
    number = ""
    for _ in range(ROUNDS):
        number, rest = _number_apart(_unit_apart(_boxes_joined(words), units))
        kinds = _kinds()
        settled = [
            *([number] if number else []),
            *[w for w in rest if w not in kinds],
            *sorted({w for w in rest if w in kinds}),
        ]
        if settled == words:
            break
        words = settled
    return Street(number, " ".join(words[1:] if number else words), " ".join(units))


@cache
def _kinds() -> frozenset[str]:
    """The words that kinds of streets come out as."""
    return frozenset(word_table("addresses.tsv")["street"].values())


def _token_words(token: str) -> list[str]:
    """The folded words of a token, kinds of street and compass points as their short word."""
    lower = token.lower().strip(".")
    if NUMBER.fullmatch(lower):
        return [lower]
    table = word_table("addresses.tsv")
    if not token.isascii():  # "д", "стр" mean other things once they are Latin letters
        for group in ("street", "word", "house", "building", "unit", "box"):
            if lower in table[group]:
                return [table[group][lower]]
    words = []
    for word in fold(token).split():
        if word in table["street"] or word in table["word"]:
            words.append(table["street"].get(word) or table["word"][word])
        elif glued := GLUED.fullmatch(word):
            words += [*_token_words(glued.group(1)), "st"]
        else:
            words.append(word)
    return words


def _boxes_joined(words: list[str]) -> list[str]:
    """Write every spelling of "PO box" as one word."""
    text = f" {' '.join(words)} "
    for phrase in word_table("addresses.tsv")["box"]:
        text = text.replace(f" {phrase} ", " pobox ")
    return text.split()


def _unit_apart(words: list[str], units: list[str]) -> list[str]:
    """Move flats out ("apt 5", "kv 12"); tie a building to its number ("korp 2" is k2)."""
    table = word_table("addresses.tsv")
    kept: list[str] = []
    for word in words:
        before = kept[-1] if kept else ""
        numbered = word[0].isdigit()
        lettered = len(word) == 1 and before in TAKES_LETTER and word not in DIRECTIONS
        if before in table["unit"] and len(words) > 2 and (numbered or lettered):
            kept.pop()
            units.append(word)
        elif before in table["building"] and numbered and len(kept) > 1:
            kept[-1] = table["building"][before] + word.replace("/", "").replace("-", "")
        else:
            kept.append(word)
    return kept


def _number_apart(words: list[str]) -> tuple[str, list[str]]:
    """The house number and the other words: marked ("no 5"), else at the end, else in front."""
    house = word_table("addresses.tsv")["house"]
    for place in range(len(words) - 1):
        if words[place] in house and NUMBER.fullmatch(words[place + 1]):
            return words[place + 1], words[:place] + words[place + 2 :]
    if len(words) > 1 and len(words[-1]) == 1 and words[-2].isdigit() and words[-1] not in DIRECTIONS and words[-1].isalpha():
        words = [*words[:-2], words[-2] + words[-1]]
    start = len(words)
    while start and BUILDING.fullmatch(words[start - 1]):
        start -= 1
    words, buildings = words[:start], words[start:]
    while start and NUMBER.fullmatch(words[start - 1]):
        start -= 1
    if start < len(words):
        return "/".join(words[start:]), words[:start] + buildings
    if words and NUMBER.fullmatch(words[0]):
        return words[0], words[1:] + buildings
    return "", words + buildings
